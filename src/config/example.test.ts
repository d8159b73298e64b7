import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleYaml } from './example.ts';
import { formatProblems } from './format-problems.ts';
import type { SchemaNode } from './json-schema.ts';
import { configJsonSchema, configSchema, propertyOf } from './json-schema.ts';
import { loadConfig } from './load.ts';
import { memoryIo } from './memory-io.ts';

function load(text: string): ReturnType<typeof loadConfig> {
  const files = {
    'lockstep.yaml': text,
    'secrets/five9-password': 'x',
    'secrets/five9-cloud': 'x',
    'secrets/five9-events': 'x',
    'secrets/teams-certificate.pem': '-----BEGIN CERTIFICATE-----',
    'secrets/teams-private-key.pem': '-----BEGIN PRIVATE KEY-----',
    'secrets/teams-read-certificate.pem': '-----BEGIN CERTIFICATE-----',
    'secrets/teams-read-private-key.pem': '-----BEGIN PRIVATE KEY-----',
    'secrets/push-certificate.pem': '-----BEGIN CERTIFICATE-----',
    'secrets/push-private-key.pem': '-----BEGIN PRIVATE KEY-----',
    'agents.csv': 'x',
  };
  return loadConfig('lockstep.yaml', memoryIo(files));
}

void describe('the sample file', () => {
  void it('loads as it is', () => {
    const result = load(exampleYaml());
    assert.ok(result.ok, result.ok ? '' : formatProblems(result.problems));
  });

  void it('loads with every dormant setting made active, and says the same then', () => {
    const text = exampleYaml()
      .split('\n')
      // The second way to write a credential would be a second key.
      .filter((line) => !line.includes('#credential'))
      .map((line) => line.replace(/^(\s*)#(?=[a-z])/, '$1'))
      .join('\n');
    const active = load(text);
    assert.ok(active.ok, active.ok ? '' : formatProblems(active.problems));
    const asIs = load(exampleYaml());
    const { sync: wantedSync, agents: _, ...wanted } = asIs.ok ? asIs.config : assert.fail();
    const { sync, agents, five9, ...others } = active.config;
    // Settings without a default have an example there.
    const { parkingSkill, cloud, ...rest } = five9;
    assert.equal(cloud?.events?.username, 'lockstep');
    assert.equal(parkingSkill, '300000000600099');
    const { read, push, ...teams } = others.teams;
    assert.deepEqual(plain({ ...others, teams, five9: rest }), plain(wanted));
    assert.equal(read?.credential.kind, 'certificate');
    assert.equal(push?.subscribers[0]?.tokenFile, 'secrets/presence-1.token');
    assert.deepEqual({ ...sync, reasonCodes: {} }, wantedSync);
    assert.equal(agents.file, 'agents.csv');
    assert.equal(sync.reasonCodes.in_call, 'Teams call');
  });

  void it('names every setting of the schema', () => {
    const text = exampleYaml();
    for (const [path, key] of settings(configSchema(), '')) {
      assert.match(text, new RegExp(`(?:^|[\\s#{])${key}:`, 'm'), path);
    }
  });
});

/** Secrets are closures, which are equal only to themselves. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

void describe('the published schema', () => {
  void it('is the same text every time, and JSON', () => {
    assert.equal(configJsonSchema(), configJsonSchema());
    assert.match(JSON.stringify(JSON.parse(configJsonSchema())), /^\{"\$schema"/);
  });

  void it('describes every setting and refuses unknown ones', () => {
    const all = [...settings(configSchema(), '')];
    assert.ok(all.length > 50, `only ${all.length} settings seen`);
    for (const [path, , node] of all) {
      assert.ok((node.description ?? '').endsWith('.'), `${path} has no description`);
      if (node.properties !== undefined) assert.equal(node.additionalProperties, false, path);
    }
  });

  void it('marks every secret', () => {
    const secret = [...settings(configSchema(), '')].filter(
      ([, , node]) => node.writeOnly === true,
    );
    assert.deepEqual(
      secret.map(([path]) => path),
      [
        '.five9.password',
        '.five9.cloud.clientSecret',
        '.five9.cloud.events.password',
        '.teams.credential.secret',
        '.teams.credential.privateKey',
        '.teams.credential.assertion',
        '.teams.read.credential.secret',
        '.teams.read.credential.privateKey',
        '.teams.read.credential.assertion',
        '.teams.push.privateKey',
      ],
    );
  });
});

/** Every setting but what lies inside a secret's reference and inside lists of groups. */
function* settings(node: SchemaNode, path: string): Generator<[string, string, SchemaNode]> {
  for (const key of Object.keys(node.properties ?? {})) {
    const inner = propertyOf(node, key) ?? assert.fail(`${path}.${key}`);
    yield [`${path}.${key}`, key, inner];
    if (inner.writeOnly !== true) yield* settings(inner, `${path}.${key}`);
  }
}
