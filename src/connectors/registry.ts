/**
 * The one list of connectors. A further platform adds its folder and one line here; everything
 * else (settings form, docs page, metric labels, the API's lists) follows from its manifest.
 */
import type { Manifest } from './connector.ts';
import { manifest as FIVE9_MANIFEST } from './five9/manifest.ts';
import { TEAMS_MANIFEST } from './teams/manifest.ts';

export const MANIFESTS: readonly Manifest[] = [FIVE9_MANIFEST, TEAMS_MANIFEST];
