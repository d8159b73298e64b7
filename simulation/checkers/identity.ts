/** Who is who follows ids that never change: a file that says nothing new changes nothing. */
import { diffDirectory } from '../../src/directory/directory.ts';
import type { CheckerKind } from '../court.ts';

export const IDENTITY: CheckerKind = {
  id: 'P4',
  promise: 'Nobody is taken for somebody else because an address was given to another person.',
  open(world, report) {
    let judged = 1;
    return {
      looked: () => {
        for (; judged < world.mappings.length; judged += 1) {
          const before = world.mappings[judged - 1];
          const after = world.mappings[judged];
          if (before === undefined || after === undefined || !after.isSame) continue;
          const { remapped, added, removed } = diffDirectory(before.directory, after.directory);
          for (const { agent } of remapped) report('has other accounts after an import', agent);
          if (added.length + removed.length > 0)
            report('an import of what is changed who is there');
        }
      },
    };
  },
};
