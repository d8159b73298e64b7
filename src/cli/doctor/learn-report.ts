/**
 * The report of `lockstep doctor --learn`, as data and as text, fit to be given away.
 *
 * R1  A word, or a key, that holds something known of this tenant or of its people is left out, even
 *     though no measurement should give one.
 */
import type { Finding, FindingValue } from '../../connectors/connector.ts';

export interface LearnReport {
  readonly report: 'lockstep doctor --learn';
  readonly version: 1;
  /** Of Lockstep. */
  readonly release: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly cloud: string;
  readonly quota: { readonly requests: number; readonly windowMs: number };
  readonly findings: readonly Finding[];
}

const LEFT_OUT = '(left out)';
/** Shorter ones occur inside ordinary words. */
const KNOWN_MIN = 4;

/** `known`: names, ids and secrets of this tenant. */
export function cleaned(
  findings: readonly Finding[],
  known: Iterable<string | undefined>,
): readonly Finding[] {
  const texts = [...known].flatMap((text) => {
    const small = text?.trim().toLowerCase() ?? '';
    return small.length < KNOWN_MIN ? [] : [small];
  });
  const isKnown = (word: string): boolean => {
    const small = word.toLowerCase();
    return texts.some((text) => small.includes(text));
  };
  const word = (text: string): string => (isKnown(text) ? LEFT_OUT : text);
  return findings.map((finding) => ({
    ...finding,
    ...(finding.value === undefined ? {} : { value: cleanValue(finding.value, word) }),
    ...(finding.samples === undefined
      ? {}
      : { samples: finding.samples.map((each) => (typeof each === 'string' ? word(each) : each)) }),
  }));
}

function cleanValue(value: FindingValue, word: (text: string) => string): FindingValue {
  if (typeof value === 'string') return word(value);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      word(key),
      typeof each === 'string' ? word(each) : each,
    ]),
  );
}

export function reportText(report: LearnReport): string {
  const { release, madeAt, cloud, quota, findings } = report;
  const measured = findings.filter(({ status }) => status === 'measured').length;
  return [
    `What this tenant does (Lockstep ${release}, ${madeAt})`,
    `Microsoft cloud ${cloud}; configured quota ${quota.requests} requests in ${quota.windowMs} ms`,
    `${measured} of ${findings.length} questions measured`,
    ...findings.map((finding) => `\n${findingText(finding)}`),
  ].join('\n');
}

function findingText({ id, question, value, unit, how, needed, samples }: Finding): string {
  const lines = [`${question} (${id})`];
  if (value === undefined) {
    lines.push(`  Not measured: ${how}.`, `  Needed: ${needed ?? ''}`);
    return lines.join('\n');
  }
  lines.push(`  ${valueText(value)}${unit === undefined ? '' : ` [${unit}]`}`, `  How: ${how}.`);
  if (samples !== undefined && samples.length > 0) lines.push(`  Samples: ${samples.join(', ')}`);
  return lines.join('\n');
}

function valueText(value: FindingValue): string {
  if (typeof value !== 'object') return String(value);
  const parts = Object.entries(value).map(([key, each]) => `${key} ${String(each)}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
