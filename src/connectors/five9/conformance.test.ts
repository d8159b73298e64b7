import { connectorConformance } from '../kit/conformance.ts';
import type { ConformanceHarness, WriteFault } from '../kit/conformance/harness.ts';
import {
  ANN,
  BOB,
  build,
  frameText,
  PASSWORD,
  reply,
  RESERVED,
  ScriptedFive9,
  vendorFault,
} from './scripted-five9.test.ts';

const READS = /\/(request_full_statistics|not_ready_reason_codes|users|agents)$/;

function harness(): ConformanceHarness {
  const five9 = new ScriptedFive9();
  let fault: WriteFault = 'none';
  five9.write = () => {
    if (fault === 'throttled') return reply(429, '', { 'retry-after': '7' });
    if (fault === 'bad_request') return reply(400, vendorFault(4, 'Reason code is not valid'));
    if (fault === 'not_found') return reply(404, vendorFault(8, 'Agent is not found'));
    if (fault === 'unauthorised') return reply(401, 'not logged in');
    if (fault === 'server_error') return reply(500, 'oops');
    if (fault === 'lost') return 'lost';
    return fault === 'unreachable' ? 'unreachable' : reply(202);
  };
  return {
    accounts: [ANN, BOB],
    secrets: [PASSWORD, five9.token],
    build: (rig) => build(rig, five9),
    report(account, raw): void {
      const odd =
        typeof raw === 'object' && raw !== null
          ? { ...raw, id: account }
          : { id: account, state: raw };
      five9.rows.set(account, odd);
      five9.say(
        frameText('5012', [
          { dataSource: 'AGENT_STATE', added: [raw], updated: [odd], removed: [] },
        ]),
      );
    },
    treatWrites(next): void {
      fault = next;
    },
    writes: () => five9.requests.filter((request) => request.url.endsWith('/presence')).length,
    reads: () => five9.requests.filter((request) => READS.test(request.url)).length,
    complete: (command) => ({ ...command, reasonCode: RESERVED }),
  };
}

connectorConformance('five9', harness);
