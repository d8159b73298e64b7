/**
 * What no single field can tell: settings that contradict each other, and settings that work but
 * that an administrator should know the price of. A check looks at the fields it needs and stays
 * silent while one of them is wrong by itself, so that other mistakes do not hide it.
 */
import type { z } from 'zod';
import { formatDuration } from '../lib/duration.ts';
import { readWith } from '../lib/read-with.ts';
import { valueAt } from './explain.ts';
import { LOOPBACK } from './fields.ts';
import { cloudSchema, five9Schema, FIVE9_CLOUD_HOSTS } from './five9-schema.ts';
import type { Path } from './read-yaml.ts';
import { serverSchema } from './schema.ts';
import { notReadySchema, reasonCodesSchema, syncSchema } from './sync-schema.ts';
import { MICROSOFT_HOSTS, readSchema, sweepSchema, teamsSchema } from './teams-schema.ts';

export interface Finding {
  readonly severity: 'mistake' | 'warning';
  readonly path: Path;
  readonly message: string;
  readonly fix: string;
}

/** What the file says at a path, defaults included; undefined when it is missing or wrong. */
type Read = <T>(field: z.ZodType<T>, ...path: Path) => T | undefined;

export function findContradictions(raw: unknown): Finding[] {
  const read: Read = (field, ...path) => readWith(field, valueAt(raw, path));
  return CHECKS.flatMap((check) => check(read, raw));
}

const CHECKS: readonly ((read: Read, raw: unknown) => Finding[])[] = [
  loginHostIsAllowed,
  sweepGetsSlower,
  staleIsLaterThanFresh,
  reasonsAreListedOnce,
  somethingStopsRouting,
  sessionsAreShared,
  sourceIsThere,
  keyGoesToFive9,
  credentialGoesToMicrosoft,
  registrationsDiffer,
  serverIsPrivate,
];

function mistake(path: Path, message: string, fix: string): Finding {
  return { severity: 'mistake', path, message, fix };
}

function warning(path: Path, message: string, fix: string): Finding {
  return { severity: 'warning', path, message, fix };
}

function loginHostIsAllowed(read: Read): Finding[] {
  const loginUrl = read(five9Schema.shape.loginUrl, 'five9', 'loginUrl');
  const patterns = read(five9Schema.shape.allowedHosts, 'five9', 'allowedHosts');
  if (loginUrl === undefined || patterns === undefined) return [];
  const { hostname, host } = new URL(loginUrl);
  const allowed = patterns.some((pattern) =>
    pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : [host, hostname].includes(pattern),
  );
  if (allowed || LOOPBACK.test(hostname)) return [];
  const message = 'is not among five9.allowedHosts, and the password is sent there';
  return [warning(['five9', 'loginUrl'], message, `check it, or add ${host} to the list`)];
}

function sweepGetsSlower(read: Read): Finding[] {
  const findings: Finding[] = [];
  const steps = [
    ['hot', 'warm'],
    ['warm', 'cold'],
  ] as const;
  for (const [fast, slow] of steps) {
    const least = read(sweepSchema.shape[fast], 'teams', 'sweep', fast);
    const given = read(sweepSchema.shape[slow], 'teams', 'sweep', slow);
    if (least === undefined || given === undefined || given >= least) continue;
    const path = ['teams', 'sweep', slow];
    const fix = `write ${formatDuration(least)} or more`;
    findings.push(mistake(path, `is shorter than teams.sweep.${fast}`, fix));
  }
  return findings;
}

/** Data must be renewed twice before it counts as stale, or one lost answer freezes an agent. */
function staleIsLaterThanFresh(read: Read): Finding[] {
  const limits = syncSchema.shape.staleAfter.unwrap().shape;
  const renewals = {
    teams: ['teams.sweep.cold', read(sweepSchema.shape.cold, 'teams', 'sweep', 'cold')],
    five9: five9Renewal(read),
  } as const;
  const findings: Finding[] = [];
  for (const side of ['teams', 'five9'] as const) {
    const limit = read(limits[side], 'sync', 'staleAfter', side);
    const [name, renewal] = renewals[side];
    if (limit === undefined || renewal === undefined || limit >= 2 * renewal) continue;
    const message = `is less than twice ${name}, so one lost answer would freeze agents`;
    const fix = `write ${formatDuration(2 * renewal)} or more, or shorten ${name}`;
    findings.push(mistake(['sync', 'staleAfter', side], message, fix));
  }
  return findings;
}

/** How often Five9's states are renewed, and by which setting. */
function five9Renewal(read: Read): readonly [string, number | undefined] {
  if (read(five9Schema.shape.source, 'five9', 'source') !== 'cloud') {
    return ['five9.quietAfter', read(five9Schema.shape.quietAfter, 'five9', 'quietAfter')];
  }
  const { sweepEvery } = cloudSchema.shape;
  return ['five9.cloud.sweepEvery', read(sweepEvery, 'five9', 'cloud', 'sweepEvery')];
}

function reasonsAreListedOnce(read: Read, raw: unknown): Finding[] {
  const reserved = new Set(reservedCodes(read).map(fold));
  const seen = new Set<string>();
  const findings: Finding[] = [];
  const listed = valueAt(raw, ['sync', 'notReady']);
  for (const index of Array.isArray(listed) ? listed.keys() : []) {
    const path = ['sync', 'notReady', index, 'reason'];
    const reason = read(notReadySchema.shape.reason, ...path);
    if (reason === undefined) continue;
    if (reserved.has(fold(reason))) {
      const message = 'is reserved by sync.reasonCodes, so Lockstep would answer itself';
      findings.push(mistake(path, message, 'take it out of one of the two lists'));
    } else if (seen.has(fold(reason))) {
      findings.push(mistake(path, 'is listed twice', 'keep one of the two'));
    }
    seen.add(fold(reason));
  }
  return findings;
}

function reservedCodes(read: Read): string[] {
  return Object.entries(reasonCodesSchema.shape).flatMap(
    ([state, field]) => read(field, 'sync', 'reasonCodes', state) ?? [],
  );
}

function fold(codeOrLabel: string): string {
  return codeOrLabel.trim().toLowerCase();
}

function somethingStopsRouting(read: Read): Finding[] {
  const strategy = read(syncSchema.shape.strategy, 'sync', 'strategy');
  if (strategy === 'contact_centre_wins' || reservedCodes(read).length > 0) return [];
  const message = 'names no reason code, so no Teams state stops routing in Five9';
  const fix = 'make a Not Ready reason code in Five9 and write it here, such as dnd: Teams';
  return [warning(['sync', 'reasonCodes'], message, fix)];
}

function sessionsAreShared(read: Read): Finding[] {
  if (read(five9Schema.shape.policy, 'five9', 'policy') !== 'ForceIn') return [];
  const message = 'ends every other session of this Five9 user at each sign-in';
  return [warning(['five9', 'policy'], message, 'prefer AttachExisting')];
}

function sourceIsThere(read: Read, raw: unknown): Finding[] {
  const source = read(five9Schema.shape.source, 'five9', 'source');
  const isThere = valueAt(raw, ['five9', 'cloud']) !== undefined;
  const path = ['five9', 'source'];
  if (source === 'socket' && isThere) {
    return [warning(path, 'is socket, so five9.cloud is not used', 'write both, or take it out')];
  }
  if (source === undefined || source === 'socket') return [];
  if (!isThere) return [mistake(path, 'needs five9.cloud', 'add that group, or write socket')];
  if (source === 'both') return [];
  const message = 'is cloud, so no state is ever written to Five9';
  return [warning(path, message, 'write both where there is a supervisor seat')];
}

function keyGoesToFive9(read: Read): Finding[] {
  const path = ['five9', 'cloud', 'url'];
  const url = read(cloudSchema.shape.url, ...path);
  if (url === undefined || LOOPBACK.test(new URL(url).hostname)) return [];
  if (Object.values<string>(FIVE9_CLOUD_HOSTS).includes(url)) return [];
  const message = 'is no host of Five9 that is known, and the key is sent there';
  return [warning(path, message, 'leave it out unless Five9 has named this host')];
}

function credentialGoesToMicrosoft(read: Read): Finding[] {
  const findings: Finding[] = [];
  for (const key of ['loginUrl', 'graphUrl'] as const) {
    const url = read(teamsSchema.shape[key], 'teams', key);
    if (url === undefined || MICROSOFT_HOSTS.has(url)) continue;
    if (LOOPBACK.test(new URL(url).hostname)) continue;
    const message = 'is not a Microsoft host, and the credential or its tokens are sent there';
    findings.push(warning(['teams', key], message, 'leave it out unless this is a test'));
  }
  return findings;
}

function registrationsDiffer(read: Read): Finding[] {
  const writer = read(teamsSchema.shape.clientId, 'teams', 'clientId');
  const reader = read(readSchema.shape.clientId, 'teams', 'read', 'clientId');
  if (reader === undefined || reader !== writer) return [];
  const fix = 'write the id of another registration, or leave teams.read out';
  return [mistake(['teams', 'read', 'clientId'], 'is the one that writes too', fix)];
}

function serverIsPrivate(read: Read): Finding[] {
  const host = read(serverSchema.shape.host, 'server', 'host');
  if (host === undefined || host === 'localhost' || host === '::1') return [];
  if (host.startsWith('127.')) return [];
  const message = 'makes the console and the API reachable from other machines';
  const fix = 'write 127.0.0.1, or put a proxy with sign-in and TLS in front';
  return [warning(['server', 'host'], message, fix)];
}
