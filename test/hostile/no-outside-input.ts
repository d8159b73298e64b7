/**
 * Files that take no outside input, each with the reason. A line that ends with a slash stands for
 * a whole folder; the folders at the boundary have none.
 */
export const NO_OUTSIDE_INPUT: Readonly<Record<string, string>> = {
  'src/app.ts': 'puts parts together; the server that it makes is asked in api/routes',
  'src/main.ts': 'hands the arguments to verbs.ts, which is tried as cli/verbs',
  'src/core/': 'pure; its inputs are typed observations, which the readers above are held to',
  'src/delivery/': 'schedules by our own clock and counters',
  'src/model/': 'types and tables; presetOf is held to every observation that is let through',
  'src/views/': 'pure folds over our own state; what they give is judged in api/routes',

  'src/cli/sandbox/cast.ts': 'made-up people for the sandbox',
  'src/cli/sandbox/settings.ts': 'writes the configuration of the sandbox itself',
  'src/cli/sandbox/world.ts': 'brings up emulators, which are no part of a running service',
  'src/cli/service/economy.ts': 'decides by our own counters',
  'src/cli/service/instruments.ts': 'names of metrics for our own events',
  'src/cli/service/own-checks.ts': 'looks at the machine: its clock, its disk, its folders',
  'src/cli/service/platforms.ts': 'puts connectors together from a checked configuration',
  'src/cli/service/policy.ts': 'hands a checked configuration to policy/codes.ts',
  'src/cli/service/release.ts': 'our own version and files',
  'src/cli/service/service.ts':
    'puts parts together; the mapping that it reads is directory/import',
  'src/cli/service/sign-in.ts': 'asks connectors and passes their typed answers on',

  'src/config/config.ts': 'types',
  'src/config/example.ts': 'writes the sample from our own schema',
  'src/config/memory-io.ts': 'files that a test or the sandbox made up',
  'src/config/system-io.ts': 'reads bytes and interprets nothing',

  'src/connectors/connector.ts': 'the contract: types and one error',
  'src/connectors/registry.ts': 'a list of our own manifests',
  'src/connectors/five9/backoff.ts': 'counts attempts',
  'src/connectors/five9/crowding.ts': 'judges close codes, which are numbers, by our own clock',
  'src/connectors/five9/login-guard.ts': 'counts sign-ins by our own clock',
  'src/connectors/five9/manifest.ts': 'our own table',
  'src/connectors/five9/pacing.ts': 'counts writes by our own clock',
  'src/connectors/five9/pulse.ts': 'judges silence by our own clock',
  'src/connectors/five9/setup-plan.ts': 'words from a checked configuration',
  'src/connectors/kit/conformance.ts': 'tests of connectors',
  'src/connectors/kit/thread.ts': 'starts our own files',
  'src/connectors/teams/allowed.ts': 'judges our own requests',
  'src/connectors/teams/assertion.ts': 'signs our own statement; the certificate is teams/options',
  'src/connectors/teams/clouds.ts': 'our own table',
  'src/connectors/teams/expiry.ts': 'reads the end of a certificate that teams/options has taken',
  'src/connectors/teams/manifest.ts': 'our own table',
  'src/connectors/teams/permissions.ts': 'our own table',
  'src/connectors/teams/doctor-sign-in.ts':
    'words about a token that teams/tokens has taken, and about typed errors',
  'src/connectors/teams/registrations.ts': 'sorts our own requests by our own table',
  'src/connectors/teams/setup-plan.ts': 'words from a checked configuration',

  'src/engine/clock.ts': 'the clock of the machine',
  'src/engine/delays.ts': 'measures by our own clock',
  'src/engine/dispatch.ts': 'passes typed outcomes of connectors on',
  'src/engine/engine.ts': 'passes typed observations of connectors on',
  'src/engine/feeds.ts': 'judges ages by our own clock',
  'src/engine/freshness.ts': 'judges ages by our own clock',
  'src/engine/healths.ts': 'keeps what a connector says of itself',
  'src/engine/interests.ts': 'decides from our own state',
  'src/engine/options.ts': 'types, and a world from a checked configuration',
  'src/engine/pipeline.ts':
    'passes typed observations on; accounts that are not mapped are counted',
  'src/engine/platform-lane.ts': 'numbers from a checked configuration',
  'src/engine/sinks.ts': 'passes typed observations on',
  'src/engine/situation.ts': 'pure folds over our own state',
  'src/engine/wakes.ts': 'timers',

  'src/journal/backlog.ts': 'keeps what we append ourselves',
  'src/journal/journal.ts': 'types and one error',
  'src/journal/sqlite-protocol.ts': 'types',
  'src/journal/store.ts': 'types and two numbers',

  'src/lib/clock.ts': 'types',
  'src/lib/exchange.ts': 'types and one error',
  'src/lib/heap.ts': 'a container',
  'src/lib/random.ts': 'a generator',
  'src/lib/socket.ts': 'types',

  'src/policy/policy.ts': 'looks up in our own tables',
  'src/policy/seed.ts': 'our own tables',
  'src/telemetry/delays.ts': 'measures by our own clock',
  'src/telemetry/metrics.ts': 'counts events that we name ourselves',
};
