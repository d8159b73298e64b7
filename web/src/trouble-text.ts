/** Why a request brought nothing, in words. */
import type { Trouble } from './data/trouble.ts';
import { texts } from './texts.ts';

export function troubleText(trouble: Trouble): string {
  if (trouble.kind === 'status') return texts.states.status(trouble.status);
  return texts.states.troubles[trouble.kind];
}
