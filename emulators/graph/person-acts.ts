/** What people do: on their devices, in their calendar, and by choosing a status by hand. */
import type { TeamsActs, TeamsChoice } from '../acts.ts';
import { devicePair, type Device } from './account.ts';
import { CHOICE_PAIRS, preferredLifeMs, samePair } from './pairs.ts';
import { change, nextOrder, type Stage } from './stage.ts';

export interface PersonActs extends Omit<TeamsActs, 'users' | 'truth'> {
  /** On this device only, when one is named. */
  goIdle(user: string, device?: string): void;
  comeBack(user: string, device?: string): void;
}

type ChoiceActs = Pick<PersonActs, 'choose' | 'resetStatus' | 'outOfOffice'>;

const DEFAULT_DEVICE = 'desktop';
const MAX_DEVICES = 16;
const MAX_MEETINGS = 16;

export function personActs(stage: Stage): PersonActs {
  return { ...deviceActs(stage), ...choiceActs(stage) };
}

function deviceActs(stage: Stage): Omit<PersonActs, keyof ChoiceActs> {
  const onDevices = (user: string, make: (device: Device) => void, only?: string): void => {
    change(stage, user, (account) => {
      for (const device of account.devices.values()) {
        if (only === undefined || only === device.id) touch(stage, device, make);
      }
    });
  };
  const onNewest = (user: string, make: (device: Device) => void): void => {
    change(stage, user, (account) => {
      const device = [...account.devices.values()].at(-1);
      if (device === undefined) throw new Error(`user "${user}" is on no device; sign in first`);
      touch(stage, device, make);
    });
  };
  return {
    signIn: (user, device = DEFAULT_DEVICE) =>
      change(stage, user, (account) => {
        if (account.devices.size >= MAX_DEVICES)
          throw new Error(`user "${user}": too many devices`);
        const order = nextOrder(stage);
        const fresh = { id: device, idle: false, inCall: false, presenting: false, order };
        account.devices.delete(device);
        account.devices.set(device, fresh);
      }),
    signOut: (user, device = DEFAULT_DEVICE) =>
      change(stage, user, (account) => void account.devices.delete(device)),
    joinCall: (user) => onNewest(user, (device) => void (device.inCall = true)),
    leaveCall: (user) => onDevices(user, (device) => void (device.inCall = false)),
    startPresenting: (user) => onNewest(user, (device) => void (device.presenting = true)),
    stopPresenting: (user) => onDevices(user, (device) => void (device.presenting = false)),
    goIdle: (user, only) => onDevices(user, (device) => void (device.idle = true), only),
    comeBack: (user, only) => onDevices(user, (device) => void (device.idle = false), only),
    meetingStarts: (user, teamsMeeting) =>
      change(stage, user, (account) => {
        if (account.meetings.length >= MAX_MEETINGS)
          throw new Error(`user "${user}": too many meetings`);
        account.meetings.push({ teamsMeeting, order: nextOrder(stage) });
      }),
    meetingEnds: (user) => change(stage, user, (account) => void account.meetings.shift()),
  };
}

/** A device counts as set anew only when what it says has changed. */
function touch(stage: Stage, device: Device, make: (device: Device) => void): void {
  const before = devicePair(device);
  make(device);
  if (!samePair(before, devicePair(device))) device.order = nextOrder(stage);
}

function choiceActs(stage: Stage): ChoiceActs {
  return {
    choose(user: string, choice: TeamsChoice): void {
      change(stage, user, (account, now) => {
        const pair = CHOICE_PAIRS[choice];
        const expiresAt = now + preferredLifeMs(pair.availability);
        account.slot = { pair, setAt: now, expiresAt, by: 'person' };
        account.choice = { pair, setAt: now, expiresAt };
      });
    },
    resetStatus: (user) =>
      change(stage, user, (account) => {
        account.slot = undefined;
        account.choice = undefined;
      }),
    outOfOffice: (user, on) => change(stage, user, (account) => void (account.outOfOffice = on)),
  };
}
