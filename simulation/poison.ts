/** A connector whose observations can be spoilt on their way to the engine (F105). */
import type { Connector, Sink } from '../src/connectors/connector.ts';
import type { Observation } from '../src/model/observation.ts';

export function poisonable(
  connector: Connector,
  isPoisoned: (observation: Observation) => boolean,
): Connector {
  const spoil = (observation: Observation): Observation =>
    isPoisoned(observation) ? spoilt(observation) : observation;
  return {
    manifest: connector.manifest,
    start: (sink, budget) => connector.start(spoiling(sink, spoil), budget),
    stop: () => connector.stop(),
    watch: (interest) => connector.watch(interest),
    look: (accounts) => connector.look(accounts),
    write: (command, account) => connector.write(command, account),
    accounts: () => connector.accounts(),
    doctor: (account) => connector.doctor(account),
  };
}

function spoiling(sink: Sink, spoil: (observation: Observation) => Observation): Sink {
  return { ...sink, observe: (observations) => sink.observe(observations.map(spoil)) };
}

/** What a parser with a hole would let through: the version is there, the presence is not. */
function spoilt(observation: Observation): Observation {
  const { presence: _presence, ...rest } = observation;
  const hollow: unknown = { ...rest, presence: null };
  return isObservation(hollow) ? hollow : observation;
}

function isObservation(value: unknown): value is Observation {
  return typeof value === 'object' && value !== null;
}
