/** People of the emulated domain and how the users list shows them. */
import type { SeedUser } from './options.ts';

export interface User {
  readonly id: string;
  readonly userName: string;
  readonly fullName: string;
  readonly extension: string;
  readonly email: string;
  readonly channels: readonly string[];
  /** Ids of skills that are active at first. */
  readonly skills: readonly string[];
}

export const SUPERVISOR_ID = '300000000500001';
const FIRST_AGENT = 300_000_000_500_101;

export const SKILLS = [
  { id: '300000000600020', name: 'Support' },
  { id: '300000000600027', name: 'Sales' },
] as const;

/** No contact ever asks for it. */
export const PARKING_SKILL = '300000000600099';

export const AGENT_GROUPS = [{ id: '300000000800001', name: 'All agents' }] as const;

const AGENT_PERMISSIONS = [
  'CAN_RUN_WEB_AGENT',
  'CAN_RUN_WEB_CLIENT',
  'CAN_CONFIGURE_AUTO_ANSWER',
  'CAN_CREATE_CONFERENCE_WITH_AGENT',
  'CAN_CREATE_CONFERENCE_WITH_EXTERNAL',
  'CAN_MAKE_CALLS_TO_AGENT',
  'CAN_MAKE_CALLS_TO_EXTERNAL',
  'CAN_PLACE_CALL_ON_HOLD',
  'CAN_RECEIVE_TRANSFERS',
  'CAN_REJECT_CALLS',
  'CAN_TRANSFER_TO_AGENT',
  'CAN_TRANSFER_TO_EXTERNAL',
  'CAN_WRAPUP_CALL',
  'FREEDOM_ENABLED',
  'IS_ACTIVE_FLAG',
  'IS_VOICE_MEDIA_ENABLED',
  'UNIFIED_COMMUNICATION',
] as const;

const SUPERVISOR_PERMISSIONS = [
  ...AGENT_PERMISSIONS,
  'CAN_RUN_SUPERVISOR',
  'CAN_EDIT_AGENT_SKILLS',
  'CAN_VIEW_AGENTS_DATA',
  'CAN_VIEW_AGENT_GROUPS_DATA',
  'CAN_VIEW_SKILLS_DATA',
  'CAN_VIEW_USERS_DATA',
] as const;

/** `index` counts from 0 over the life of the domain, so that ids are never used twice. */
export function userFrom(seed: SeedUser, index: number): User {
  return {
    id: seed.id ?? String(FIRST_AGENT + index),
    userName: seed.userName,
    fullName: seed.fullName ?? seed.userName,
    extension: seed.extension ?? String(401 + index).padStart(4, '0'),
    email: seed.email ?? seed.userName,
    channels: seed.channels ?? ['CALL', 'VOICE_MAIL'],
    skills: seed.skills ?? SKILLS.map(({ id }) => id),
  };
}

/** One item of the users list. */
export function userItem(user: User): object {
  return {
    id: user.id,
    userName: user.userName,
    fullName: user.fullName,
    extension: user.extension,
    email: user.email,
    roles: ['Agent'],
    permissions: AGENT_PERMISSIONS,
    skillLevels: SKILLS.map((skill, index) => ({ skillId: skill.id, level: index + 1 })),
    userProfileSet: false,
  };
}

export function supervisorItem(userName: string): object {
  return {
    id: SUPERVISOR_ID,
    userName,
    fullName: 'Presence bridge',
    extension: '0400',
    email: userName,
    roles: ['DomainSupervisor'],
    permissions: SUPERVISOR_PERMISSIONS,
    skillLevels: [],
    userProfileSet: false,
  };
}
