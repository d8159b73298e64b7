/** I17: one mistake never takes more than a twentieth of the agents away unless somebody confirmed it. */
import { diffDirectory } from '../../src/directory/directory.ts';
import type { CheckerKind } from '../court.ts';

export const BLAST: CheckerKind = {
  id: 'I17',
  promise: 'A bad import never takes many agents away before somebody has confirmed it.',
  open(world, report) {
    let judged = 1;
    return {
      looked: () => {
        for (; judged < world.mappings.length; judged += 1) {
          const before = world.mappings[judged - 1];
          const after = world.mappings[judged];
          if (before === undefined || after === undefined || after.confirmed) continue;
          const kept = new Set(after.directory.agents.map(({ id }) => id));
          const gone = before.directory.agents.filter(({ id }) => !kept.has(id)).length;
          const moved = diffDirectory(before.directory, after.directory).remapped.length;
          if (gone + moved > before.directory.agents.length * 0.05)
            report(`${gone + moved} of ${before.directory.agents.length} agents were taken away`);
        }
      },
    };
  },
};
