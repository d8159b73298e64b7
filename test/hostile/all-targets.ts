/** Every reader of outside input, by group. A new one is added to its group's file. */
import { API_TARGETS } from './api-targets.ts';
import { CLI_TARGETS } from './cli-targets.ts';
import { CONFIG_TARGETS } from './config-targets.ts';
import { CONNECTOR_TARGETS } from './connector-targets.ts';
import { DIRECTORY_TARGETS } from './directory-targets.ts';
import { FIVE9_CLOUD_TARGETS } from './five9-cloud-targets.ts';
import { FIVE9_TARGETS } from './five9-targets.ts';
import { JOURNAL_FILE_TARGETS } from './journal-file-targets.ts';
import { JOURNAL_TARGETS } from './journal-targets.ts';
import { KIT_TARGETS } from './kit-targets.ts';
import { LEARN_TARGETS } from './learn-targets.ts';
import { NETWORK_TARGETS } from './network-targets.ts';
import { PUSH_TARGETS } from './push-targets.ts';
import { TEAMS_TARGETS } from './teams-targets.ts';
import { SETTINGS_TARGETS } from './settings-targets.ts';
import type { Target } from './trial.ts';

export const ALL_TARGETS: readonly Target[] = [
  ...FIVE9_TARGETS,
  ...FIVE9_CLOUD_TARGETS,
  ...TEAMS_TARGETS,
  ...PUSH_TARGETS,
  ...SETTINGS_TARGETS,
  ...KIT_TARGETS,
  ...CONFIG_TARGETS,
  ...DIRECTORY_TARGETS,
  ...JOURNAL_TARGETS,
  ...JOURNAL_FILE_TARGETS,
  ...CLI_TARGETS,
  ...NETWORK_TARGETS,
  ...CONNECTOR_TARGETS,
  ...LEARN_TARGETS,
  ...API_TARGETS,
];
