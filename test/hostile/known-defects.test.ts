/** Every defect that hostile input has met, by its payload; open ones are marked as to be done. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALL_TARGETS } from './all-targets.ts';
import { readDefects } from './known-defects.ts';
import { tryOne } from './trial.ts';

describe('defects that hostile input has met', () => {
  for (const defect of readDefects()) {
    const todo = defect.open === undefined ? {} : { todo: defect.open };
    it(`${defect.file}: ${defect.about}`, todo, async () => {
      const target = ALL_TARGETS.find(({ name }) => name === defect.target);
      assert.ok(target !== undefined, `no target ${defect.target}`);
      const close = await target.open?.();

      const tried = await tryOne(target, defect.payload, []);

      await close?.();
      assert.equal(tried.kind, 'fine', tried.kind === 'wrong' ? tried.why : '');
    });
  }
});
