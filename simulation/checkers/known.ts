/** I2: nothing is forgotten: when all is quiet, what Lockstep knows is what the platforms show. */
import type { CheckerKind } from '../court.ts';

export const KNOWN: CheckerKind = {
  id: 'I2',
  promise: 'No change is forgotten: when all is quiet, Lockstep knows what each platform shows.',
  open(world, report) {
    return {
      rested: () => {
        const engine = world.active();
        if (engine === undefined) return report('no node is active after everything was healed');
        for (const { id } of world.mapped()) {
          const { teams, five9 } = world.config.directory.byId.get(id)?.accounts ?? {};
          const faces = engine.situation(id)?.state.faces;
          if (teams !== undefined && world.graph.acts.users().includes(teams)) {
            const truth = world.graph.acts.truth(teams);
            const shown = `${truth.availability}/${truth.activity}`;
            const seen = faces?.['teams']?.seen?.presence.raw ?? 'nothing';
            // A change of the last moment has not been read yet.
            const isNew = world.clock.now() - world.truths.of(teams).shownSince < 30_000;
            if (seen !== shown && !isNew) report(`Teams shows ${shown}, known is ${seen}`, id);
          }
          if (five9 !== undefined && world.five9.acts.agents().includes(five9)) {
            const { state } = world.five9.acts.truth(five9);
            const seen = faces?.['five9']?.seen?.presence.raw ?? 'nothing';
            if (!seen.startsWith(state)) report(`Five9 is in ${state}, known is ${seen}`, id);
          }
        }
      },
    };
  },
};
