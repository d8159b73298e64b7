/**
 * `lockstep doctor --learn` against emulated tenants that do as vendors may: the report must find what
 * is true of each, leave no trace on any account, and hold nothing of anybody.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { EXIT } from '../../src/cli/cli.ts';
import { main } from '../../src/cli/verbs.ts';
import type { Behaviour } from '../../emulators/graph/behaviour.ts';
import { REASON_IDS } from '../../emulators/five9/reasons.ts';
import type { Ended, Platforms, PlatformsOptions, Wishes } from './kit.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  SUPERVISOR,
  TENANT_ID,
  newFolder,
  openPlatforms,
  writeConfig,
} from './kit.ts';

const reportSchema = z.object({
  findings: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['measured', 'not_measured']),
      value: z
        .union([z.number(), z.string(), z.boolean(), z.record(z.string(), z.unknown())])
        .optional(),
      how: z.string(),
      needed: z.string().optional(),
      samples: z.array(z.union([z.number(), z.string()])).optional(),
    }),
  ),
});

interface Scene {
  readonly platforms: Platforms;
  /** The first of the people: the test user and the probe agent. */
  readonly probe: Platforms['people'][number];
  readonly learn: (words: readonly string[], until?: (line: string) => boolean) => Promise<Learned>;
}

interface Learned extends Ended {
  readonly json: string;
  readonly text: string;
  readonly finding: (id: string) => z.infer<typeof reportSchema>['findings'][number];
  /** The value, which must be a record. */
  readonly value: (id: string) => Readonly<Record<string, unknown>>;
}

const probed = ({ agent, user }: Platforms['people'][number]): readonly string[] => [
  '--probe-teams',
  user,
  '--probe-five9',
  agent,
];

const SHORT = ['--listen', '2', '--idle', '1', '--rounds', '3'];

async function inScene(
  options: Omit<PlatformsOptions, 'agents' | 'seed'> & { readonly wishes?: Wishes },
  test: (scene: Scene) => Promise<void>,
): Promise<void> {
  const platforms = await openPlatforms({ agents: 4, seed: 9, ...options });
  const folder = newFolder();
  const [probe] = platforms.people;
  assert.ok(probe);
  for (const { user } of platforms.people) platforms.graph.graph.acts.signIn(user);
  for (const { agent } of platforms.people) {
    platforms.five9.emulator.acts.logIn(agent);
    platforms.five9.emulator.acts.notReady(agent, REASON_IDS.lunch);
  }
  const report = join(folder.path, 'learned.json');
  const config = writeConfig(folder.path, platforms, options.wishes);
  try {
    await test({
      platforms,
      probe,
      learn: async (words, until) => {
        const args = ['doctor', '-c', config, '--learn', '--report', report, ...words];
        const ended = await ran(args, until);
        return learned(ended, report);
      },
    });
  } finally {
    await platforms.close();
    folder.remove();
  }
}

/** Ends it, as a signal would, at the first line of progress that `until` picks. */
async function ran(args: readonly string[], until?: (line: string) => boolean): Promise<Ended> {
  const text = { out: '', err: '' };
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const code = await main(args, {
    out: (line) => (text.out += `${line}\n`),
    err: (line) => {
      text.err += `${line}\n`;
      if (until?.(line) === true) stop();
    },
    stopped: () => stopped,
  });
  return { code, signal: null, ...text };
}

function learned(ended: Ended, report: string): Learned {
  assert.ok(existsSync(report), `no report: ${ended.err}${ended.out}`);
  const json = readFileSync(report, 'utf8');
  const { findings } = reportSchema.parse(JSON.parse(json));
  const finding: Learned['finding'] = (id) => {
    const found = findings.find((each) => each.id === id);
    assert.ok(found, `no finding ${id}`);
    return found;
  };
  return {
    ...ended,
    json,
    text: readFileSync(report.replace('.json', '.txt'), 'utf8'),
    finding,
    value: (id) => {
      const { value } = finding(id);
      assert.ok(typeof value === 'object', `${id}: ${JSON.stringify(finding(id))}`);
      return value;
    },
  };
}

const quota = (requests: number, window: string): Wishes => ({
  credential: `credential: { secret: { file: teams-secret } }
  quota: { requests: ${requests}, window: ${window} }`,
});

/** The others go on changing their reason, so that every batch has something to say. */
function busyFloor({ clock, five9, people }: Platforms): () => void {
  const codes = [REASON_IDS.break, REASON_IDS.lunch];
  let turn = 0;
  let isOver = false;
  const step = (): void => {
    if (isOver) return;
    turn += 1;
    const agent = people[1 + (turn % (people.length - 1))]?.agent ?? '';
    five9.emulator.acts.notReady(agent, codes[turn % 2] ?? '');
    clock.after(30, step);
  };
  step();
  return () => {
    isOver = true;
  };
}

function within(value: unknown, least: number, most: number, what: string): void {
  assert.ok(
    typeof value === 'number' && value >= least && value <= most,
    `${what}: ${String(value)}`,
  );
}

const GRAPH_QUIRKS: Partial<Behaviour> = {
  latencyMs: 20,
  latencyJitterMs: 20,
  readLagMs: 700,
  echoLagMs: 1_500,
  sequence: 'regressing',
  bulkBadIds: 'presence-unknown',
  bulkOrder: 'reversed',
  quotaLimit: 45,
  quotaWindowMs: 2_000,
  retryAfter: 'fractional',
};

describe('what the doctor learns', { concurrency: 3 }, () => {
  it('finds what is true of a tenant with quirks, and tells nothing of anybody', () =>
    inScene(
      {
        graph: GRAPH_QUIRKS,
        five9: {
          batchMs: 400,
          auth: 'cookies_no_header',
          extrapolated: { presenceReply: 'long_names', customer: 'Canary Customer' },
        },
        wishes: quota(70, '2s'),
      },
      async ({ platforms, probe, learn }) => {
        const { five9, graph, people } = platforms;
        graph.graph.control.changeUser(people[3]?.user ?? '', { licensed: false });
        const truth = { teams: graph.graph.acts.truth(probe.user) };
        // The rows of somebody on a call hold what must not be told.
        five9.emulator.acts.dial(people[2]?.agent ?? '');
        const quiet = busyFloor(platforms);

        const seen = await learn([...SHORT, ...probed(probe), '--learn-quota']);
        quiet();

        assert.equal(seen.code, EXIT.ok, seen.err);
        const auth = seen.value('five9.auth');
        assert.deepEqual(
          [auth['inUse'], auth['cookies_no_header'], auth['bearer_hyphen'], auth['bearer_space']],
          ['cookies_no_header', 200, 401, 401],
        );
        within(seen.value('five9.batching')['median'], 300, 500, 'batching');
        const full = seen.value('five9.full_frame');
        assert.equal(full['rows'], 4);
        within(full['bytesPerRow'], 700, 2_500, 'bytes a row');
        const reply = seen.value('five9.write_reply');
        assert.equal(reply['body'], 'currentStateLong');
        within(seen.finding('five9.write_echo').value, 30, 1_000, 'echo of readiness');
        assert.equal(seen.finding('five9.write_pending').status, 'not_measured');
        assert.equal(seen.value('five9.idle')['survived'], true);

        const freshness = seen.value('teams.freshness');
        within(freshness['median'], 500, 1_400, 'freshness');
        assert.equal(freshness['notShown'], 0);
        assert.deepEqual(seen.value('teams.call_echo'), { busy_first: 3 });
        assert.equal(seen.value('teams.sequence')['sortable'], false);
        const unknown = seen.value('teams.unknown_users');
        assert.deepEqual([unknown['asked'], unknown['presenceUnknown']], [4, 1]);
        assert.equal(seen.finding('teams.bulk_order').value, 'another');
        assert.equal(seen.value('teams.bad_ids')['nobody'], 'PresenceUnknown');
        assert.equal(seen.value('teams.pair_rejection')['httpStatus'], 400);
        const burst = seen.value('teams.quota');
        assert.deepEqual([burst['refused'], burst['answered']], [true, 45]);
        assert.equal(seen.value('teams.retry_after')['form'], 'fractional seconds');

        assert.ok(seen.value('five9.values')['callType=MANUAL'] !== undefined);
        assert.equal(seen.finding('teams.clean_up').value, true);
        assert.equal(seen.finding('five9.clean_up').value, true);
        assert.deepEqual(graph.graph.acts.truth(probe.user), truth.teams);
        const after = five9.emulator.acts.truth(probe.agent);
        assert.deepEqual([after.state, after.reasonCode], ['NOT_READY', REASON_IDS.lunch]);
        assert.equal(five9.emulator.control.sockets(), 0);
        holdsNothing(seen, platforms);
      },
    ));

  it('finds another tenant to be otherwise, and stays below the quota', () =>
    inScene(
      {
        graph: {
          latencyMs: 20,
          latencyJitterMs: 10,
          sequence: 'every-write',
          quotaWindowMs: 2_000,
        },
        five9: { batchMs: 250, auth: 'bearer_space' },
        wishes: quota(60, '2s'),
      },
      async ({ platforms, probe, learn }) => {
        const { five9, graph } = platforms;
        const { acts } = five9.emulator;
        acts.ready(probe.agent);
        acts.ring(probe.agent);
        acts.answer(probe.agent);
        const before = acts.truth(probe.agent);

        const seen = await learn([...SHORT, ...probed(probe), '--learn-quota']);

        assert.equal(seen.value('five9.auth')['inUse'], 'bearer_space');
        assert.deepEqual(seen.value('five9.write_pending'), { feed: 'pending', reply: 'pending' });
        const now = acts.truth(probe.agent);
        assert.deepEqual(
          [now.state, now.readyChannels, now.pendingReadyChannels, now.pendingReasonCode],
          [
            before.state,
            before.readyChannels,
            before.pendingReadyChannels,
            before.pendingReasonCode,
          ],
        );
        assert.equal(seen.value('five9.values')['callType=INBOUND'] !== undefined, true);
        assert.deepEqual(seen.value('teams.call_echo'), { exact: 3 });
        within(seen.value('teams.freshness')['median'], 0, 300, 'freshness');
        const sequence = seen.value('teams.sequence');
        assert.deepEqual([sequence['sortable'], sequence['writtenAgain']], [true, 'moves']);
        assert.equal(seen.finding('teams.bulk_order').value, 'as asked');
        assert.equal(seen.value('teams.bad_ids')['nobody'], 'left out');
        assert.deepEqual(
          [seen.value('teams.quota')['refused'], seen.value('teams.quota')['sent']],
          [false, 60],
        );
        // The emulator counts over the same window.
        within(graph.graph.control.counts().quota[0]?.peak, 60, 60, 'most in a window');
        assert.equal(seen.finding('teams.retry_after').status, 'not_measured');
      },
    ));

  it('writes to nobody without a test account, and says what would be needed', () =>
    inScene({ graph: { sequence: 'absent' } }, async ({ platforms, learn }) => {
      const seen = await learn(SHORT);

      assert.equal(platforms.five9.emulator.writes().length, 0);
      assert.equal(platforms.graph.graph.control.counts().writes, 0);
      assert.equal(seen.value('teams.sequence_present')['present'], false);
      for (const id of ['teams.freshness', 'teams.quota', 'five9.write_echo']) {
        assert.equal(seen.finding(id).status, 'not_measured');
        assert.match(seen.finding(id).needed ?? '', /--(probe|learn)/);
      }
      assert.equal(seen.finding('five9.batching').status, 'not_measured');
    }));

  it('takes everything back when it is stopped in between', () =>
    inScene({}, async ({ platforms, probe, learn }) => {
      const { graph } = platforms;
      const truth = graph.graph.acts.truth(probe.user);
      const words = [...SHORT, '--probe-teams', probe.user, '--learn-expiry'];

      const seen = await learn(words, (line) => line.includes('for a session to end'));

      assert.deepEqual(graph.graph.acts.truth(probe.user), truth);
      assert.equal(seen.finding('teams.clean_up').value, true);
      assert.match(seen.finding('teams.session_expiry').how, /stopped/);
    }));

  it('leaves a test user alone whose own status would hide ours', () =>
    inScene({}, async ({ platforms, probe, learn }) => {
      platforms.graph.graph.acts.choose(probe.user, 'DoNotDisturb');

      const seen = await learn([...SHORT, '--probe-teams', probe.user]);

      assert.equal(platforms.graph.graph.control.counts().writes, 0);
      assert.match(seen.finding('teams.freshness').how, /hides ours/);
    }));

  for (const [words, told] of [
    [['--learn', '--beyond', '5'], /--learn-quota/],
    [['--learn-quota'], /--learn\b/],
    [['--learn', '--rounds', '0'], /--rounds is "0"/],
    [['--learn', '--report', 'report.txt'], /--report is "report\.txt"/],
  ] as const) {
    it(`refuses ${words.join(' ')}`, async () => {
      const { code, err } = await ran(['doctor', '-c', 'none.yaml', ...words]);

      assert.equal(code, EXIT.usage);
      assert.match(err, told);
    });
  }
});

/** Neither the file nor what was printed holds a name, an id, a number or a secret of this tenant. */
function holdsNothing({ json, text, out, err }: Learned, { people, five9 }: Platforms): void {
  const canaries = [
    ...people.flatMap(({ id, agent, user }) => [agent, user, `Agent ${id}`, `${id}@example.com`]),
    TENANT_ID,
    CLIENT_ID,
    CLIENT_SECRET,
    SUPERVISOR.userName,
    SUPERVISOR.password,
    'Canary Customer',
    '130045',
    '300000000700001',
    REASON_IDS.lunch,
    REASON_IDS.break,
    'Bearer-',
    'eyJ',
    new URL(five9.url).host,
    'End to end',
  ];
  const all = `${json}${text}${out}${err.replace(/The report is in .*/, '')}`.toLowerCase();
  const found = canaries.filter((canary) => all.includes(canary.toLowerCase()));
  assert.deepEqual(found, []);
}
