/**
 * Teams' own themes, with the colours of presence added. Every pair of fill and sign, and every
 * outline on the page's background, is 4.5:1 or better.
 */
import { teamsDarkTheme, teamsLightTheme } from '@fluentui/react-components';
import type { Theme } from '@fluentui/react-components';

/** Custom properties on the provider's element; components name them as `var(--freeFill)`. */
export interface PresenceTokens {
  readonly freeFill: string;
  readonly busyFill: string;
  /** The sign on both fills. */
  readonly onFill: string;
  readonly pauseFill: string;
  readonly pauseLine: string;
  readonly outLine: string;
  /** Out of step: never red, because red means busy here as it does in Teams. */
  readonly blockedText: string;
  readonly blockedFill: string;
  readonly blockedLine: string;
  readonly meterTrack: string;
}

/** Arial before the last resort: hosts without Segoe UI then get a face of the same width. */
const FONT =
  "'Segoe UI', 'Segoe UI Web (West European)', -apple-system, BlinkMacSystemFont, Roboto, 'Helvetica Neue', Arial, sans-serif";

export const lightTheme: Theme & PresenceTokens = {
  ...teamsLightTheme,
  fontFamilyBase: FONT,
  freeFill: '#0e700e',
  busyFill: '#c4314b',
  onFill: '#ffffff',
  pauseFill: '#fff4ce',
  pauseLine: '#835b00',
  outLine: '#616161',
  blockedText: '#8f3600',
  blockedFill: '#fff0e4',
  blockedLine: '#c75610',
  meterTrack: '#e0e0e0',
};

export const darkTheme: Theme & PresenceTokens = {
  ...teamsDarkTheme,
  fontFamilyBase: FONT,
  freeFill: '#92c353',
  busyFill: '#f1707b',
  onFill: '#1b1b1b',
  pauseFill: '#40320c',
  pauseLine: '#f2c661',
  outLine: '#adadad',
  blockedText: '#ffb98a',
  blockedFill: '#43220b',
  blockedLine: '#d9742e',
  meterTrack: '#4d4d4d',
};
