/** Who plays in the emulated world: made-up people, one tenant, one application, one supervisor. */

export const TENANT_ID = '11111111-2222-4333-8444-555555555555';
export const CLIENT_ID = '66666666-7777-4888-8999-aaaaaaaaaaaa';
export const CLIENT_SECRET = 'sandbox-client-secret';
export const SUPERVISOR = { userName: 'lockstep.bridge@example.com', password: 'sandbox-password' };

export const ROLES = ['Presence.Read.All', 'Presence.ReadWrite.All', 'User.ReadBasic.All'];
const GROUPS = ['Billing', 'Support', 'Sales', 'Retention'];

export interface Person {
  readonly agent: string;
  readonly user: string;
  readonly name: string;
  readonly mail: string;
  readonly group: string;
}

export function peopleOf(count: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return {
      agent: `30000000051${number}`,
      user: `00000000-0000-4000-8000-00000000${number}`,
      name: `Agent ${number}`,
      mail: `agent.${number}@example.com`,
      group: GROUPS[index % GROUPS.length] ?? 'Support',
    };
  });
}
