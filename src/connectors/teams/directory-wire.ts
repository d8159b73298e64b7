/** The fields of Graph's directory that the doctor looks at, and nothing else. Pure; as `wire.ts`. */
import { z } from 'zod';
import { readWith } from '../../lib/read-with.ts';
import { boundedText } from '../kit/bounded-text.ts';

const flag = z.boolean().optional().catch(undefined);

/** https://learn.microsoft.com/en-us/graph/api/resources/serviceprincipal */
const principal = z.object({
  // It becomes part of a path.
  id: z.string().regex(/^[\w.-]{1,128}$/),
  accountEnabled: flag,
  appRoleAssignmentRequired: flag,
});

export type WirePrincipal = z.infer<typeof principal>;

/** https://learn.microsoft.com/en-us/graph/api/serviceprincipal-list-approleassignments */
const assignment = z.object({ appRoleId: boundedText(1, 128) });

/** https://learn.microsoft.com/en-us/graph/api/user-list-licensedetails */
const plan = z.object({
  servicePlanId: boundedText(0, 128).catch(''),
  servicePlanName: boundedText(0, 128).catch(''),
  provisioningStatus: boundedText(0, 128).catch(''),
});

/** https://learn.microsoft.com/en-us/graph/api/teamsadministration-teamsuserconfiguration-get */
const configuration = z.object({ accountType: boundedText(1, 64) });

/** All of the following are undefined when the answer cannot be read. */
export function parsePrincipals(body: unknown): readonly WirePrincipal[] | undefined {
  return listOf(principal, body);
}

/** Ids of the application roles. */
export function parseAssignments(body: unknown): readonly string[] | undefined {
  return listOf(assignment, body)?.map(({ appRoleId }) => appRoleId.toLowerCase());
}

/** TEAMS1; the other Teams plans are known by the beginning of their name. */
const TEAMS1 = '57ff2da0-773e-42df-b2af-ffb7a2317929';

/** Whether one of the licences holds a Teams plan that is switched on. */
export function parseTeamsLicence(body: unknown): boolean | undefined {
  const licences = listOf(z.object({ servicePlans: z.array(z.unknown()).catch([]) }), body);
  return licences
    ?.flatMap(({ servicePlans }) => servicePlans.flatMap((each) => readWith(plan, each) ?? []))
    .some(
      ({ servicePlanId, servicePlanName, provisioningStatus }) =>
        (servicePlanId.toLowerCase() === TEAMS1 || /^TEAMS(1$|_)/i.test(servicePlanName)) &&
        provisioningStatus !== 'Disabled',
    );
}

export function parseAccountType(body: unknown): string | undefined {
  return readWith(configuration, body)?.accountType.replace(/\W/g, '?');
}

function listOf<T>(item: z.ZodType<T>, body: unknown): readonly T[] | undefined {
  const whole = readWith(z.object({ value: z.array(z.unknown()) }), body);
  return whole?.value.flatMap((raw) => readWith(item, raw) ?? []);
}
