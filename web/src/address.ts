/**
 * The viewer's choices as part of the page's address, so that a filtered board can be bookmarked,
 * sent to a colleague and left with the Back button. Pure.
 */
import { FIRST_CHOICES, ORDERS, STEPS } from './data/view.ts';
import type { Choices } from './data/view.ts';

export interface Place {
  readonly choices: Choices;
  /** The agent whose details are open. */
  readonly agent?: string;
}

/** Longest text that is taken from an address. */
const MAX_TEXT = 200;

export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  const steps = (query.get('step') ?? '').split(',');
  const order = ORDERS.find((name) => name === query.get('order')) ?? FIRST_CHOICES.order;
  const agent = query.get('agent') ?? '';
  const choices: Choices = {
    text: (query.get('text') ?? '').slice(0, MAX_TEXT),
    steps: STEPS.filter((step) => steps.includes(step)),
    order,
    byTeam: query.get('by') === 'team',
  };
  return agent === '' ? { choices } : { choices, agent: agent.slice(0, MAX_TEXT) };
}

/** Only what differs from a fresh board, so that the plain address stays plain. */
export function writePlace(place: Place): string {
  const { text, steps, order, byTeam } = place.choices;
  const query = new URLSearchParams();
  if (text !== '') query.set('text', text);
  if (steps.length > 0) query.set('step', steps.join(','));
  if (order !== FIRST_CHOICES.order) query.set('order', order);
  if (byTeam) query.set('by', 'team');
  if (place.agent !== undefined) query.set('agent', place.agent);
  const search = query.toString().replaceAll('%2C', ',');
  return search === '' ? '' : `?${search}`;
}
