/** What a few reads of everybody who is mapped show. Counts only. */
import { tally } from '../kit/learning.ts';
import type { Lab } from './learn-lab.ts';
import { parseGraphError, parsePresences, type WirePresence } from './wire.ts';

const READS_MAX = 20;
/** An object id that Entra gives to nobody. */
export const NOBODY = 'ffffffff-ffff-4fff-8fff-ffffffffffff';

export async function learnReads(lab: Lab): Promise<void> {
  const { accounts, setup, options, book } = lab.parts;
  options.progress('Teams: reading everybody who is mapped');
  const { batch } = setup.cadence;
  const asked = accounts.slice(0, READS_MAX * batch);
  if (asked.length === 0) {
    const ids = ['teams.unknown_users', 'teams.bulk_order', 'teams.sequence_present'] as const;
    for (const id of ids) book.missed(id, 'nobody is mapped', 'Map at least two people.');
    return;
  }
  const shown: WirePresence[] = [];
  let spoiled = 0;
  let isInOrder = true;
  for (let from = 0; from < asked.length; from += batch) {
    const ids = asked.slice(from, from + batch);
    const list = await lab.list(ids);
    if (list === undefined) return;
    shown.push(...list.items);
    spoiled += list.spoiled;
    const given = list.items.map(({ id }) => id.toLowerCase());
    isInOrder &&= given.join() === askedIn(ids, new Set(given)).join();
  }
  tellPeople(lab, asked.length, { shown, spoiled });
  tellOrder(lab, shown.length, isInOrder);
}

/** Of these ids, in small letters, those that were returned. */
function askedIn(ids: readonly string[], given: ReadonlySet<string>): readonly string[] {
  return ids.map((id) => id.toLowerCase()).filter((id) => given.has(id));
}

function tellPeople(
  { parts: { book } }: Lab,
  asked: number,
  { shown, spoiled }: { readonly shown: readonly WirePresence[]; readonly spoiled: number },
): void {
  const unknown = shown.filter(({ availability }) => /^presenceunknown$/i.test(availability ?? ''));
  const withStamp = shown.filter(({ sequenceNumber }) => sequenceNumber !== undefined).length;
  book.measured('teams.unknown_users', {
    value: {
      asked,
      returned: shown.length,
      notReturned: asked - shown.length - spoiled,
      presenceUnknown: unknown.length,
      withoutAvailability: shown.filter(({ availability }) => availability === undefined).length,
      unreadable: spoiled,
      unknownWithSequence: unknown.filter((each) => each.sequenceNumber !== undefined).length,
    },
    unit: 'people',
    how: 'one bulk read of everybody who is mapped',
    samples: Object.entries(tally(unknown.map(({ activity }) => activityOf(activity)))).map(
      ([activity, count]) => `${activity}: ${count}`,
    ),
  });
  book.measured('teams.sequence_present', {
    value: { present: withStamp > 0, with: withStamp, without: shown.length - withStamp },
    unit: 'people',
    how: 'whether the answers of the same read hold the field',
  });
}

function activityOf(activity: string | undefined): string {
  if (activity === undefined) return 'no activity';
  return /^presenceunknown$/i.test(activity) ? 'PresenceUnknown' : 'another activity';
}

function tellOrder({ parts: { book } }: Lab, returned: number, isInOrder: boolean): void {
  if (returned < 3) {
    book.missed(
      'teams.bulk_order',
      `${returned} people were returned`,
      'Map at least three people.',
    );
    return;
  }
  const how = 'the order of the same read was held against that of the question';
  book.measured('teams.bulk_order', { value: isInOrder ? 'as asked' : 'another', how });
}

/** Beside somebody who is there, where possible, since one bad id may spoil the others. */
export async function learnBadIds(lab: Lab): Promise<void> {
  const { accounts, book } = lab.parts;
  const other = accounts[0];
  const response = await lab.read(other === undefined ? [NOBODY] : [NOBODY, other]);
  const items = response.status === 200 ? parsePresences(response.body)?.items : undefined;
  const item = items?.find(({ id }) => id.toLowerCase() === NOBODY);
  const isUnknown = /^presenceunknown$/i.test(item?.availability ?? '');
  const shownAs = item === undefined ? 'left out' : isUnknown ? 'PresenceUnknown' : 'as a person';
  const isKnownCode = /^[A-Za-z_]{1,40}$/.test(parseGraphError(response.body).code);
  book.measured('teams.bad_ids', {
    value: {
      httpStatus: response.status,
      nobody: items === undefined ? 'the whole read is refused' : shownAs,
      errorNamesACode: isKnownCode,
    },
    how: 'a bulk read of a made-up id, beside somebody who is mapped',
  });
}
