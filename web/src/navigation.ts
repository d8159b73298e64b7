/**
 * Where the viewer is, and how that shows in the address.
 *
 * N1  Opening an agent is a step that Back undoes; changing a filter is not a step.
 * N2  Going back never undoes a filter.
 */
import { readPlace, writePlace } from './address.ts';
import type { Place } from './address.ts';
import { createCell } from './data/cell.ts';
import type { Cell } from './data/cell.ts';
import type { Choices } from './data/view.ts';

export interface AddressSeams {
  readonly search: () => string;
  readonly push: (search: string) => void;
  readonly replace: (search: string) => void;
  readonly back: () => void;
  readonly onPop: (listener: () => void) => void;
}

export interface Navigation {
  readonly place: Cell<Place>;
  readonly choose: (choices: Choices) => void;
  readonly open: (agent: string) => void;
  readonly close: () => void;
}

export function createNavigation(seams: AddressSeams): Navigation {
  const place = createCell<Place>(readPlace(seams.search()));
  /** True while the entry before this one in the history is the same board without the agent. */
  let pushed = false;

  seams.onPop(() => {
    pushed = false;
    const { agent } = readPlace(seams.search());
    move(withAgent(place.get(), agent));
  });

  function move(next: Place): void {
    place.set(next);
    seams.replace(writePlace(next));
  }

  return {
    place,
    choose: (choices) => move({ ...place.get(), choices }),
    open(agent): void {
      const before = place.get();
      if (before.agent === agent) return;
      const next = withAgent(before, agent);
      if (before.agent !== undefined) {
        move(next);
        return;
      }
      place.set(next);
      seams.push(writePlace(next));
      pushed = true;
    },
    close(): void {
      // Escape reaches both the page and the browser's own dialog.
      if (place.get().agent === undefined) return;
      const next = withAgent(place.get(), undefined);
      if (!pushed) {
        move(next);
        return;
      }
      place.set(next);
      seams.back();
    },
  };
}

function withAgent(place: Place, agent: string | undefined): Place {
  return agent === undefined ? { choices: place.choices } : { choices: place.choices, agent };
}
