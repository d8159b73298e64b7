/**
 * Who may import whom, as data. A folder not listed here may not exist. `packages` are the npm
 * packages and node modules a folder may use; `*` is any.
 */

export interface Room {
  /** Path prefix of the files it governs; the longest matching prefix wins. */
  readonly folder: string;
  /** Prefixes of files that may be imported. A room may always import itself. */
  readonly may: readonly string[];
  readonly packages: readonly string[];
}

export const ROOMS: readonly Room[] = [
  { folder: 'src/main.ts', may: ['src/cli'], packages: ['node:process'] },
  { folder: 'src/app.ts', may: ['src'], packages: ['*'] },
  { folder: 'src/cli', may: ['src'], packages: ['*'] },
  // By dynamic import only, see DYNAMIC.
  { folder: 'src/cli/sandbox', may: ['src', 'emulators'], packages: ['*'] },
  { folder: 'src/lib', may: [], packages: [] },
  { folder: 'src/model', may: [], packages: [] },
  { folder: 'src/core', may: ['src/model', 'src/lib', 'src/policy'], packages: [] },
  { folder: 'src/policy', may: ['src/model', 'src/lib'], packages: [] },
  { folder: 'src/views', may: ['src/model', 'src/lib'], packages: [] },
  {
    folder: 'src/connectors/connector.ts',
    may: ['src/model', 'src/lib'],
    packages: [],
  },
  {
    folder: 'src/connectors/registry.ts',
    may: ['src/connectors', 'src/model', 'src/lib'],
    packages: [],
  },
  {
    folder: 'src/connectors/kit',
    may: ['src/model', 'src/lib', 'src/telemetry', 'src/connectors/connector.ts'],
    packages: ['undici', 'ws', 'zod', 'jose', 'node:*'],
  },
  {
    folder: 'src/connectors/five9',
    may: ['src/connectors/kit', 'src/connectors/connector.ts', 'src/model', 'src/lib'],
    packages: ['zod', 'node:crypto', 'node:worker_threads'],
  },
  {
    folder: 'src/connectors/teams',
    may: ['src/connectors/kit', 'src/connectors/connector.ts', 'src/model', 'src/lib'],
    packages: ['zod', 'jose', 'node:crypto'],
  },
  { folder: 'src/journal', may: ['src/model', 'src/lib'], packages: ['libsql', 'node:*'] },
  { folder: 'src/delivery', may: ['src/model', 'src/lib'], packages: [] },
  {
    folder: 'src/directory',
    may: ['src/model', 'src/lib', 'src/connectors/connector.ts'],
    packages: ['node:crypto'],
  },
  {
    folder: 'src/telemetry',
    may: ['src/model', 'src/lib', 'src/connectors/connector.ts'],
    packages: ['pino', 'prom-client', 'node:*'],
  },
  { folder: 'src/config', may: ['src/lib', 'src/model'], packages: ['zod', 'yaml', 'node:*'] },
  {
    folder: 'src/engine',
    may: [
      'src/core',
      'src/policy',
      'src/journal/journal.ts',
      'src/delivery',
      'src/directory',
      'src/connectors/connector.ts',
      'src/model',
      'src/lib',
      'src/telemetry',
    ],
    packages: [],
  },
  {
    folder: 'src/api',
    may: [
      'src/api/contract',
      'src/views',
      'src/policy',
      'src/directory',
      'src/engine',
      'src/model',
      'src/lib',
      'src/telemetry',
    ],
    packages: [
      'fastify',
      '@fastify/static',
      'zod',
      'node:crypto',
      'node:fs/promises',
      'node:http',
      'node:path',
    ],
  },
  { folder: 'src/api/inbound.ts', may: ['src/connectors/connector.ts'], packages: ['node:http'] },
  { folder: 'src/api/contract', may: [], packages: ['zod'] },
  {
    folder: 'web',
    may: ['src/api/contract', 'src/model'],
    packages: [
      'react',
      'react-dom',
      'react-dom/*',
      '@fluentui/*',
      '@griffel/*',
      '@tanstack/*',
      'vite/*',
      'node:*',
    ],
  },
  { folder: 'emulators', may: ['src/lib'], packages: ['jose', 'ws', 'zod', 'node:*'] },
];

/** Folders whose code has no clock, randomness, timers, I/O, process or async. */
export const PURE: readonly string[] = [
  'src/model',
  'src/core',
  'src/policy',
  'src/views',
  'src/connectors/five9/read.ts',
  'src/connectors/five9/write.ts',
  'src/connectors/five9/wire.ts',
  'src/connectors/five9/manifest.ts',
  'src/connectors/teams/read.ts',
  'src/connectors/teams/write.ts',
  'src/connectors/teams/wire.ts',
  'src/connectors/teams/manifest.ts',
];

/** The only dynamic import of the emulators: the sandbox and the verb that serves them. */
export const EMULATOR_DOORS: readonly string[] = ['src/cli/sandbox', 'src/cli/emulate.ts'];

/** What pure code may not mention. */
export const IMPURE: readonly RegExp[] = [
  /\bDate\.now\(/,
  /\bnew Date\(\)/,
  /\bMath\.random\(/,
  /\bperformance\b/,
  /\bsetTimeout\b/,
  /\bsetInterval\b/,
  /\bprocess\./,
  /\basync\b/,
  /\bawait\b/,
  /\bPromise\b/,
];
