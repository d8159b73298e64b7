/** Valid payloads of Graph and Entra, as the seeds of damaged ones. */
import type { JsonSeed } from './hostile-text.ts';
import { jsonSeed } from './hostile-text.ts';

export const ACCOUNTS = [
  '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-00000000000A',
] as const;

const [ann, bob] = ACCOUNTS;

export const PRESENCE_SEEDS: readonly JsonSeed[] = [
  {
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#presence',
    value: [
      {
        id: ann,
        availability: 'Available',
        activity: 'Available',
        sequenceNumber: 'A0637523894123456789',
        outOfOfficeSettings: { message: null, isOutOfOffice: false },
        workLocation: null,
      },
      { id: bob, availability: 'Busy', activity: 'InAMeeting', sequenceNumber: 'A01' },
    ],
  },
  {
    value: [
      {
        id: ann,
        availability: 'Available',
        activity: 'OutOfOffice',
        outOfOfficeSettings: { isOutOfOffice: true },
      },
      { id: bob, availability: 'PresenceUnknown', activity: 'PresenceUnknown' },
    ],
  },
  { value: [{ id: bob, availability: 'DoNotDisturb', activity: 'Presenting' }] },
].map(jsonSeed);

export const USER_LIST_SEEDS: readonly JsonSeed[] = [
  {
    '@odata.nextLink': 'https://graph.microsoft.com/v1.0/users?$top=999&$skiptoken=abc',
    value: [
      {
        id: ann,
        displayName: 'Ann',
        userPrincipalName: 'ann@example.com',
        mail: 'ann@example.com',
        accountEnabled: true,
      },
      { id: bob, displayName: null, userPrincipalName: 'bob@example.com' },
    ],
  },
  { value: [] },
  { '@odata.nextLink': 'https://evil.example/v1.0/users/', value: [{ id: ann }] },
].map(jsonSeed);

export const GRAPH_ERROR_SEEDS: readonly JsonSeed[] = [
  {
    error: {
      code: 'Authorization_RequestDenied',
      message: 'Insufficient privileges to complete the operation.',
      innerError: { date: '2026-01-05T08:00:00', 'request-id': ann },
    },
  },
  { error: { code: 'Forbidden', message: 'User is not licensed' } },
  { error: { code: 'TooManyRequests', message: 'Too many requests' } },
].map(jsonSeed);

export const CLAIMS_SEEDS: readonly JsonSeed[] = [
  { tid: '11111111-2222-4333-8444-555555555555', roles: ['Presence.Read.All'] },
  { tid: '11111111-2222-4333-8444-555555555555', aud: 'https://graph.microsoft.com' },
  { access_token: { nbf: { essential: true, value: '1604106651' } } },
].map(jsonSeed);

/** An answer of the sign-in service with a token around these claims. */
export function tokenOf(claims: string): string {
  const part = (text: string): string => Buffer.from(text).toString('base64url');
  const token = `${part('{"alg":"RS256"}')}.${part(claims)}.signature`;
  return JSON.stringify({ token_type: 'Bearer', expires_in: 3_599, access_token: token });
}

export const TOKEN_SEEDS: readonly JsonSeed[] = [
  jsonSeed(JSON.parse(tokenOf('{"tid":"x"}'))),
  jsonSeed({ expires_in: '3599', access_token: 'opaque' }),
];

export const TOKEN_ERROR_SEEDS: readonly JsonSeed[] = [
  {
    error: 'invalid_client',
    error_description: 'AADSTS7000215: Invalid client secret provided.',
    error_codes: [7_000_215],
    timestamp: '2026-01-05 08:00:00Z',
    trace_id: ann,
  },
  { error: 'temporarily_unavailable', error_description: 'AADSTS90033: busy', error_codes: [] },
  { error: 'unauthorized_client', error_description: 'AADSTS700016: not found' },
].map(jsonSeed);

export const CHALLENGES: readonly string[] = [
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ' +
    'error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ=="',
  'Bearer error="invalid_token", error_description="expired"',
  '',
];

/** Answers of the directory: principals, their roles, licences, kinds of account, mailboxes. */
export const TENANT_SEEDS: readonly JsonSeed[] = [
  {
    value: [{ id: ann, appId: bob, accountEnabled: true, appRoleAssignmentRequired: false }],
  },
  {
    value: [
      { id: 'x', appRoleId: 'a70e0c2d-e793-494c-94c4-118fa0a67f42', principalId: ann },
      { id: 'y', appRoleId: '83cded22-8297-4ff6-a7fa-e97e9545a259', principalId: ann },
    ],
  },
  {
    value: [
      {
        id: 'x',
        skuPartNumber: 'SPE_E5',
        servicePlans: [
          {
            servicePlanId: '57ff2da0-773e-42df-b2af-ffb7a2317929',
            servicePlanName: 'TEAMS1',
            provisioningStatus: 'Success',
            appliesTo: 'User',
          },
        ],
      },
    ],
  },
  { id: ann, userPrincipalName: 'ann@example.com', accountType: 'user' },
  { timeZone: 'UTC', language: { locale: 'en-GB' } },
].map(jsonSeed);

export const ASSERTION_SEEDS: readonly JsonSeed[] = [
  {
    iss: 'https://oidc.example/cluster/',
    sub: 'system:serviceaccount:contact-centre:lockstep',
    aud: ['api://AzureADTokenExchange'],
    exp: 1_767_690_000,
    nbf: 1_767_600_000,
  },
  { exp: 1 },
].map(jsonSeed);
