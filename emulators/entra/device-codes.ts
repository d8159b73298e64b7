/**
 * Device codes between their request and their redemption.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import type { Account } from './accounts.ts';
import type { AskedScope } from './delegated-scope.ts';
import { guid } from './guid.ts';

interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  readonly scope: AskedScope;
  readonly expiresAt: number;
  answer: Account | 'pending' | 'declined';
}

type Redemption =
  | 'unknown'
  | 'pending'
  | 'declined'
  | 'expired'
  | { readonly account: Account; readonly scope: AskedScope };

export interface DeviceCodes {
  start(clientId: string, scope: AskedScope): DeviceCode;
  /** A person enters the user code and agrees, or does not; throws for a code that is not open. */
  settle(userCode: string, answer: Account | 'declined'): void;
  /** A code that was agreed to can be redeemed once. */
  redeem(deviceCode: string, clientId: string): Redemption;
  /** User codes that nobody has entered yet. */
  waiting(): readonly { readonly userCode: string; readonly clientId: string }[];
  reset(): void;
}

/** The default of `expires_in` and of `interval`, seconds. */
export const DEVICE_CODE_LIFE_S = 900;
export const DEVICE_CODE_INTERVAL_S = 5;

const MAX_CODES = 1_000;
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ23456789';

export function createDeviceCodes(clock: Clock, random: Random): DeviceCodes {
  const codes = new Map<string, DeviceCode>();
  const isOpen = (code: DeviceCode): boolean =>
    code.answer === 'pending' && clock.now() < code.expiresAt;
  return {
    start(clientId, scope): DeviceCode {
      const letter = (): string => LETTERS[Math.floor(random.next() * LETTERS.length)] ?? 'B';
      const code: DeviceCode = {
        deviceCode: `device-${guid(random)}${guid(random)}`,
        userCode: Array.from({ length: 9 }, letter).join(''),
        clientId,
        scope,
        expiresAt: clock.now() + DEVICE_CODE_LIFE_S * 1000,
        answer: 'pending',
      };
      codes.set(code.deviceCode, code);
      const [oldest] = codes.keys();
      if (codes.size > MAX_CODES && oldest !== undefined) codes.delete(oldest);
      return code;
    },
    settle(userCode, answer): void {
      const wanted = userCode.toUpperCase();
      const code = [...codes.values()].find((each) => each.userCode === wanted && isOpen(each));
      if (code === undefined)
        throw new Error(`userCode: "${userCode}" is not open; ask for a new one`);
      code.answer = answer;
    },
    redeem(deviceCode, clientId): Redemption {
      const code = codes.get(deviceCode);
      if (code === undefined || code.clientId.toLowerCase() !== clientId.toLowerCase()) {
        return 'unknown';
      }
      if (clock.now() >= code.expiresAt) return 'expired';
      if (typeof code.answer === 'string') return code.answer;
      codes.delete(deviceCode);
      return { account: code.answer, scope: code.scope };
    },
    waiting: () =>
      [...codes.values()].filter(isOpen).map(({ userCode, clientId }) => ({ userCode, clientId })),
    reset: () => codes.clear(),
  };
}
