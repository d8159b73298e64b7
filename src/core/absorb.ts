/** Takes one input into the state, before anything is decided on it. */
import type { AgentState, Face } from '../model/face.ts';
import { EMPTY_FACE } from '../model/face.ts';
import type { IntentId } from '../model/ids.ts';
import type { Observation } from '../model/observation.ts';
import { mapFace, withFace } from './faces.ts';
import type { Input } from './input.ts';
import { isObservation } from './observation-shape.ts';
import { observe } from './observe.ts';
import { receive, send } from './receipt.ts';
import type { World } from './world.ts';
import { platformIds } from './world.ts';

interface Absorbed {
  readonly state: AgentState;
  readonly notes: readonly string[];
}

export function absorb(state: AgentState, input: Input, world: World, now: number): Absorbed {
  switch (input.kind) {
    case 'observed':
      return observed(state, input.observation, world, now);
    case 'missing':
      return {
        state: mapFace(state, input.platform, (face) => ({
          ...face,
          missingSince: face.missingSince ?? input.asOf,
        })),
        notes: ['missing'],
      };
    case 'sent': {
      const intent = { id: nextIntentId(state, world), command: input.command, sentAt: now };
      const sent = mapFace(state, input.platform, (face) => send(face, intent));
      return { state: { ...sent, counter: state.counter + 1 }, notes: [] };
    }
    case 'outcome':
      return {
        state: mapFace(state, input.platform, (face) => received(face, input, world, now)),
        notes: [`outcome_${input.receipt.kind}`],
      };
    case 'tick':
      return { state, notes: [] };
    case 'doubted':
      return {
        state: mapFace(state, input.platform, (face) => unknownFrom(face, input.since)),
        notes: ['doubted'],
      };
    case 'taken_over':
      return { state: takenOver(state, input.epoch, world, now), notes: ['taken_over'] };
    case 'paused': {
      const { paused: _paused, ...rest } = state;
      return { state: input.paused ? { ...rest, paused: true } : rest, notes: ['paused'] };
    }
    case 'remapped':
      return { state: mapFace(state, input.platform, () => EMPTY_FACE), notes: ['remapped'] };
  }
}

function observed(
  state: AgentState,
  observation: Observation,
  world: World,
  now: number,
): Absorbed {
  if (!isObservation(observation)) throw new TypeError('the observation has another shape');
  const { platform } = observation;
  const { timing } = world.policy;
  const face = state.faces[platform];
  const traits = world.platforms[platform];
  if (face === undefined || traits === undefined) return { state, notes: ['unknown_platform'] };
  const result = observe(face, observation, { traits, timing, now });
  return { state: withFace(state, platform, result.face), notes: result.notes };
}

function received(
  face: Face,
  { intent, receipt }: Extract<Input, { kind: 'outcome' }>,
  world: World,
  now: number,
): Face {
  return face.intent?.id === intent ? receive(face, receipt, now, world.policy.timing) : face;
}

/**
 * F81, F82: what the crashed owner had in flight may or may not have arrived, and what it knew is
 * old: nothing is written for this agent until both platforms have been read again.
 */
function takenOver(state: AgentState, epoch: number, world: World, now: number): AgentState {
  let next: AgentState = { ...state, epoch, counter: 0 };
  for (const platform of platformIds(world)) {
    next = mapFace(next, platform, (face) => {
      const left = receive(face, { kind: 'ambiguous', mayArrive: true }, now, world.policy.timing);
      return unknownFrom(withoutStamp(left), now);
    });
  }
  return next;
}

/** Stamps are compared within one life: whoever answers next may count from elsewhere. */
function withoutStamp(face: Face): Face {
  if (face.seen === undefined) return face;
  const { generation } = face.seen.version;
  return { ...face, seen: { ...face.seen, version: { generation } } };
}

function unknownFrom(face: Face, since: number): Face {
  return { ...face, unknownSince: Math.max(since, face.unknownSince ?? since) };
}

/** The id that the next command of this agent will get. */
export function nextIntentId(state: AgentState, world: World): IntentId {
  return `${world.tenant}/${state.agent}/${state.epoch}/${state.counter + 1}`;
}
