/** I6: what is known never goes back to something older. */
import type { CheckerKind } from '../court.ts';

export const FRESH: CheckerKind = {
  id: 'I6',
  promise: 'Late and reordered news never replace newer ones.',
  open(world, report) {
    let epoch = 0;
    const last = new Map<
      string,
      { readonly account: string; readonly generation: number; readonly stamp: string }
    >();
    return {
      looked: () => {
        const engine = world.active();
        const current = engine?.population.world.epoch ?? epoch;
        // Another life may have begun with another mapping.
        if (current !== epoch) last.clear();
        epoch = current;
        for (const { id } of world.people) {
          const faces = engine?.population.situation(id)?.state.faces ?? {};
          for (const [platform, face] of Object.entries(faces)) {
            if (face.seen === undefined) continue;
            const account = engine?.population.person(id)?.accounts[platform] ?? '';
            const { generation, stamp = '' } = face.seen.version;
            const before = last.get(`${platform} ${id}`);
            const isSame = before?.account === account;
            const isBack =
              isSame &&
              (generation < before.generation ||
                (generation === before.generation && stamp !== '' && stamp < before.stamp));
            if (isBack) report(`${platform}: ${before.stamp} was followed by ${stamp}`, id);
            last.set(`${platform} ${id}`, { account, generation, stamp });
          }
        }
      },
    };
  },
};
