import type { HttpResponse } from '../../lib/exchange.ts';
import { connectorConformance } from '../kit/conformance.ts';
import {
  RETRY_AFTER_S,
  type ConformanceHarness,
  type WriteFault,
} from '../kit/conformance/harness.ts';
import {
  OPTIONS,
  SECRET,
  createScriptedGraph,
  graphError,
  json,
  lost,
  personId,
  populate,
  unreachable,
  type ScriptedGraph,
} from './fixtures/scripted-graph.ts';
import { createTeamsConnector } from './index.ts';

connectorConformance('teams', makeHarness);

function makeHarness(): ConformanceHarness {
  const parts: { graph?: ScriptedGraph } = {};
  const graph = (): ScriptedGraph => {
    if (parts.graph === undefined) throw new Error('build the connector first');
    return parts.graph;
  };
  return {
    accounts: [personId(0), personId(1)],
    secrets: [SECRET, 'canary-signature'],
    build(rig) {
      const made = createScriptedGraph(rig.clock);
      parts.graph = made;
      populate(made, 2);
      return createTeamsConnector(OPTIONS, {
        clock: rig.clock,
        random: rig.random,
        log: rig.log,
        exchange: made.exchange,
        openSocket: () => {
          throw new Error('Teams needs no socket');
        },
      });
    },
    report(account, raw) {
      graph().people.set(account, raw);
    },
    treatWrites(fault) {
      graph().script.write = ANSWERS[fault];
    },
    writes: () => graph().writes.length,
    reads: () => graph().reads.length,
  };
}

const ANSWERS: Readonly<Record<WriteFault, () => HttpResponse | undefined>> = {
  none: () => undefined,
  throttled: () => json(429, {}, { 'retry-after': String(RETRY_AFTER_S) }),
  bad_request: () => graphError(400, 'InvalidArgument'),
  not_found: () => graphError(404, 'NotFound'),
  unauthorised: () => graphError(401, 'InvalidAuthenticationToken'),
  server_error: () => graphError(500, 'UnknownError'),
  lost,
  unreachable,
};
