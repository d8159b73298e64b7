/**
 * The log: one JSON object a line, behind the `Log` of the connector contract.
 *
 * T1  Whatever is written went through the redactor first, keys and messages included.
 * T2  It never throws: a log that cannot be written must not stop the work it tells about.
 * T3  One message cannot flood it (`repeats.ts`), one line cannot be endless.
 */
import { pino } from 'pino';
import type { Log } from '../connectors/connector.ts';
import type { Clock } from '../lib/clock.ts';
import type { Json } from '../lib/json.ts';
import type { RepeatLimits } from './repeats.ts';
import { REPEAT_LIMITS, createRepeats } from './repeats.ts';

export type LogLevel = 'info' | 'warn' | 'error' | 'silent';

/** Takes secrets out; `config/redact.ts` has the real one. */
interface Redactor {
  readonly text: (text: string) => string;
  readonly data: (value: unknown) => Json;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly redactor: Redactor;
  /** Gets whole lines. */
  readonly destination: { write(line: string): void };
  readonly repeats?: RepeatLimits;
}

const MESSAGE_MAX = 500;
/** Keys of the line itself; a field of the same name must not pass for one of them. */
const OWN_KEYS: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'leftOut']);

export function createLog(options: LogOptions): Log {
  const { clock, redactor } = options;
  const repeats = createRepeats(options.repeats ?? REPEAT_LIMITS);
  const out = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    options.destination,
  );
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (!out.isLevelEnabled(level)) return;
      const admission = repeats.admit(
        `${level} ${message.slice(0, MESSAGE_MAX)}`,
        clock.monotonic(),
      );
      if (admission.kind === 'leave_out') return;
      try {
        const plain = renamed(redactor.data(fields));
        const leftOut = admission.leftOut === 0 ? {} : { leftOut: admission.leftOut };
        out[level]({ ...plain, ...leftOut }, redactor.text(message).slice(0, MESSAGE_MAX));
      } catch {
        // Nowhere is left to say so: the log itself is what failed.
      }
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

function renamed(fields: Json): Readonly<Record<string, Json>> {
  if (typeof fields !== 'object' || fields === null) return { fields };
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([key, value]) => [OWN_KEYS.has(key) ? `_${key}` : key, value]),
  );
}
