/** Valid payloads of Five9, as the seeds of damaged ones. */
import {
  ANN,
  BOB,
  BREAK,
  frameText,
  metadata,
  OURS,
  READY,
  RESTING,
  row,
  T0,
  vendorFault,
} from '../../src/connectors/five9/scripted-five9.test.ts';
import type { JsonSeed } from './hostile-text.ts';
import { jsonSeed } from './hostile-text.ts';

export const ROWS = [
  row({ id: ANN, state: 'READY', now: READY }),
  row({ id: BOB, state: 'NOT_READY', now: RESTING, next: OURS, changedAt: T0 + 7 }),
  row({ id: ANN, state: 'ON_CALL', now: READY, next: RESTING }),
  { ...row({ id: BOB, state: 'ACW', now: OURS }), presence: undefined, readyChannels: '[CALL]' },
];

const [first, second] = ROWS;

export const ROW_SEEDS: readonly JsonSeed[] = ROWS.map(jsonSeed);

const agents = (block: object): unknown => [
  { dataSource: 'ACD_STATUS', data: [{ id: '1' }] },
  { dataSource: 'AGENT_STATE', ...block },
];

export const FRAME_SEEDS: readonly JsonSeed[] = [
  frameText('5000', agents({ data: [first, second] })),
  frameText('5012', agents({ added: [first], updated: [second], removed: [BOB] })),
  frameText('5012', agents({ added: [], updated: [second], removed: [] })),
  frameText('1002', metadata('app-new.five9.com')),
  frameText('37', 60_000),
  frameText('1010', null),
].map((text) => jsonSeed(JSON.parse(text)));

export const METADATA_SEEDS: readonly JsonSeed[] = [
  jsonSeed(metadata('app-xyz.five9.com')),
  jsonSeed(metadata('app-xyz.five9.com', '8443')),
  jsonSeed(metadata('127.0.0.1', '443')),
];

export const ERROR_SEEDS: readonly JsonSeed[] = [
  jsonSeed(vendorFault(5001, 'Service migrated', { contextCode: 'MIGRATED', farmId: '152' })),
  jsonSeed(vendorFault(3, 'Improper agent login state', { contextCode: 'LOGIN' })),
  jsonSeed(vendorFault(8, 'Agent is not found')),
  jsonSeed({ resetEpochSeconds: T0 / 1_000 + 30 }),
  jsonSeed({ currentState: READY, pendingState: OURS }),
  jsonSeed({ currentStateLong: OURS, pendingState: null }),
];

export const LOGIN_SEEDS: readonly JsonSeed[] = [
  jsonSeed({
    tokenId: 'token-1',
    orgId: '130045',
    userId: '300000000500001',
    context: { farmId: '152' },
    metadata: metadata('app-xyz.five9.com'),
  }),
  jsonSeed({ tokenId: 'token-1', orgId: 130_045, userId: 300_000_000_500_001 }),
];

export const NOTICE_SEEDS: readonly JsonSeed[] = [
  jsonSeed([
    { id: '9101', annotation: 'Planned work', text: '<h1>x</h1>', accepted: false },
    { id: 9_102, annotation: 'More work', accepted: true },
  ]),
];

export const USER_SEEDS: readonly JsonSeed[] = [
  jsonSeed([
    {
      id: ANN,
      userName: 'ann@example.com',
      fullName: 'Ann',
      email: 'ann@example.com',
      roles: ['Agent'],
      permissions: ['IS_ACTIVE_FLAG'],
    },
    { id: BOB, userName: 'bob@example.com', roles: ['Agent'] },
  ]),
];

export const CODE_SEEDS: readonly JsonSeed[] = [
  jsonSeed([
    { id: BREAK, name: 'Break', selectable: true },
    { id: 410_009, name: 'Lockstep' },
  ]),
];

export const COOKIE_SEEDS: readonly string[] = [
  'f9-sessionId=abc; Domain=.five9.com; Path=/; Secure; HttpOnly\nfarmId=152',
  'a=b; Max-Age=3600; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
  'a=b; Domain=app.five9.com; Max-Age=0',
  'session="x y"; domain=FIVE9.com; expires=Thu, 01 Jan 1970 00:00:00 GMT',
];

export const LOGIN_STATE_SEEDS: readonly JsonSeed[] = [
  'WORKING',
  'SELECT_STATION',
  'ACCEPT_NOTICE',
  'RELOGIN',
].map(jsonSeed);
