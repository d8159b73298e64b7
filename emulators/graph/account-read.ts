/**
 * What an administrator checks of one person besides the directory: what Teams takes the account
 * for, and whether there is a mailbox.
 * https://learn.microsoft.com/en-us/graph/api/resources/teamsadministration-teamsuserconfiguration
 * https://learn.microsoft.com/en-us/graph/api/user-get-mailboxsettings
 */
import type { Call, GraphDesk } from './desk.ts';
import { notFound } from './problem.ts';
import type { AccountType } from './users.ts';

/** Users do not know when they were made. */
const CREATED_AT = '2026-01-01T00:00:00Z';

/** Unlike the directory it takes object ids alone. */
export function getTeamsUserConfiguration(desk: GraphDesk, call: Call): unknown {
  const id = call.route.id ?? '';
  const user = desk.users.byId(id);
  if (user === undefined) return notFound(`No Teams user has the id '${id}'.`);
  const entity = '$metadata#admin/teams/userConfigurations/$entity';
  return {
    '@odata.context': `${desk.baseUrl}/v1.0/${entity}`,
    id: user.id,
    tenantId: desk.tenantId,
    userPrincipalName: user.userPrincipalName,
    accountType: shownType(user.accountType, call),
    createdDateTime: CREATED_AT,
    modifiedDateTime: CREATED_AT,
  };
}

export function getMailboxSettings(desk: GraphDesk, call: Call): unknown {
  const id = call.route.id ?? '';
  const user = desk.users.byIdOrName(id);
  if (user === undefined) {
    return { ...notFound(`The requested user '${id}' is invalid.`), code: 'ErrorInvalidUser' };
  }
  if (!user.mailbox) {
    const message = 'REST API is not yet supported for this mailbox.';
    return { ...notFound(message), code: 'MailboxNotEnabledForRESTAPI' };
  }
  return {
    '@odata.context': `${desk.baseUrl}/v1.0/$metadata#users('${user.id}')/mailboxSettings`,
    timeZone: 'UTC',
    dateFormat: 'yyyy-MM-dd',
    timeFormat: 'HH:mm',
    userPurpose: 'user',
    language: { locale: 'en-GB', displayName: 'English (United Kingdom)' },
  };
}

/**
 * A value that came after the enumeration was first published is hidden from a client that does
 * not ask for such values.
 * https://learn.microsoft.com/en-us/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
 */
function shownType(type: AccountType, call: Call): string {
  const prefer = call.request.headers['prefer'] ?? '';
  const hides = type === 'ineligibleUser' && !prefer.includes('include-unknown-enum-members');
  return hides ? 'unknownFutureValue' : type;
}
