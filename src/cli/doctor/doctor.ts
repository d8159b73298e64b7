/** `lockstep doctor`: every prerequisite as a check with its evidence and the fix in words. */
import { systemClock } from '../../engine/clock.ts';
import type { Check, Connector } from '../../connectors/connector.ts';
import { seededRandom } from '../../lib/random.ts';
import type { Verb } from '../cli.ts';
import { EXIT, readArgs } from '../cli.ts';
import { ownChecks } from '../service/own-checks.ts';
import { connectPlatforms } from '../service/platforms.ts';
import { LEARN_OPTIONS, learn, learnPlan } from './learn.ts';
import { tellPlan } from './plan.ts';
import { DEFAULT_FILE, readConfig } from '../start.ts';

const USAGE =
  'doctor [-c FILE] [--plan] [--probe-five9 USER_ID] [--probe-teams USER_ID] [--json] [--learn [--report FILE.json] [--listen SECONDS] [--idle SECONDS] [--rounds N] [--learn-expiry] [--learn-quota [--beyond N]]]';

export const doctor: Verb = {
  name: 'doctor',
  usage: USAGE,
  about: 'check everything that must be in place on both platforms',
  run: async (args, io) => {
    const { values } = readArgs(
      args,
      {
        config: { type: 'string', short: 'c' },
        'probe-five9': { type: 'string' },
        'probe-teams': { type: 'string' },
        plan: { type: 'boolean' },
        json: { type: 'boolean' },
        ...LEARN_OPTIONS,
      },
      USAGE,
    );
    if (values.plan === true)
      return tellPlan(values.config ?? DEFAULT_FILE, io, values.json === true);
    const plan = learnPlan(values);
    const settings = readConfig(values.config ?? DEFAULT_FILE, io);
    const silent = { info: ignore, warn: ignore, error: ignore };
    const clock = systemClock();
    const random = seededRandom(clock.now());
    const platforms = connectPlatforms(settings, { clock, random, log: silent });
    const probes = { five9: values['probe-five9'], teams: values['probe-teams'] };
    try {
      if (plan !== undefined) {
        const asJson = values.json === true;
        return await learn(settings, platforms, io, { plan, probes, asJson });
      }
      const own = await ownChecks(settings, platforms);
      platforms.teams.watch(new Map(own.mapped.map((id) => [id, 'cold'])));
      const checks = [
        ...(await examined(platforms.five9, probes.five9)),
        ...(await examined(platforms.teams, probes.teams)),
        ...own.checks,
      ];
      io.out(
        values.json === true ? JSON.stringify(checks, null, 2) : checks.map(checkText).join('\n'),
      );
      return checks.some(({ status }) => status === 'fail') ? EXIT.failed : EXIT.ok;
    } finally {
      await Promise.all(platforms.all.map((connector) => connector.stop()));
      await platforms.close();
    }
  },
};

function ignore(): void {
  // A check says itself what it found; log lines would only repeat it.
}

function examined(connector: Connector, probe: string | undefined): Promise<readonly Check[]> {
  return connector.doctor(probe);
}

function checkText({ id, title, status, evidence, fix, link }: Check): string {
  const lines = [`${status.toUpperCase().padEnd(8)}${title} (${id}): ${evidence}`];
  if (fix !== undefined) lines.push(`        Fix: ${fix}`);
  if (link !== undefined) lines.push(`        See: ${link}`);
  return lines.join('\n');
}
