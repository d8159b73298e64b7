/** Numbers and times as people read them. Pure; words come from `texts.ts`. */
import { texts } from './texts.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WHOLE = new Intl.NumberFormat(texts.locale, { maximumFractionDigits: 0 });
const ONE_DIGIT = new Intl.NumberFormat(texts.locale, { maximumFractionDigits: 1 });
const SHARE = new Intl.NumberFormat(texts.locale, { style: 'percent', maximumFractionDigits: 0 });
const SHARE_FINE = new Intl.NumberFormat(texts.locale, {
  style: 'percent',
  maximumFractionDigits: 1,
});

export function formatCount(count: number): string {
  return WHOLE.format(count);
}

/** How long something has lasted: two units at most, nothing negative. */
export function formatSpan(ms: number): string {
  const span = Math.max(0, ms);
  const { units } = texts;
  if (span < MINUTE) return units.seconds(WHOLE.format(Math.floor(span / SECOND)));
  if (span < HOUR) return units.minutes(WHOLE.format(Math.floor(span / MINUTE)));
  const [big, small] = span < DAY ? [HOUR, MINUTE] : [DAY, HOUR];
  const whole = Math.floor(span / big);
  const rest = Math.floor((span % big) / small);
  const first = span < DAY ? units.hours(WHOLE.format(whole)) : units.days(WHOLE.format(whole));
  if (rest === 0) return first;
  const second = span < DAY ? units.minutes(String(rest)) : units.hours(String(rest));
  return `${first} ${second}`;
}

/** A delay, where tenths of a second matter. */
export function formatDelay(ms: number): string {
  const { units } = texts;
  if (ms < SECOND) return units.milliseconds(WHOLE.format(ms));
  if (ms < MINUTE) return units.seconds(ONE_DIGIT.format(ms / SECOND));
  return formatSpan(ms);
}

/** Never rounds a part up to the whole: 999 of 1,000 is not 100%. */
export function formatShare(share: number): string {
  if (share > 0.99 && share < 1) return SHARE_FINE.format(Math.floor(share * 1000) / 1000);
  return SHARE.format(share);
}

export function formatBytesPerSecond(bytes: number): string {
  const { units } = texts;
  if (bytes < 10) return units.bytesPerSecond(ONE_DIGIT.format(bytes));
  if (bytes < 1000) return units.bytesPerSecond(WHOLE.format(bytes));
  return units.kilobytesPerSecond(ONE_DIGIT.format(bytes / 1000));
}

/** The time of day in the viewer's zone, with the date when it is another day than `now`. */
export function formatMoment(time: number, now: number): string {
  const moment = new Date(time);
  const clock = new Intl.DateTimeFormat(texts.locale, { timeStyle: 'medium' }).format(moment);
  const day = new Intl.DateTimeFormat(texts.locale, { dateStyle: 'medium' });
  if (day.format(moment) === day.format(new Date(now))) return clock;
  return `${day.format(moment)}, ${clock}`;
}
