/** The policy from the configuration, once the contact centre's reason codes are known. */
import type { Config } from '../../config/config.ts';
import { skillsCode } from '../../connectors/five9/skills.ts';
import type { ReasonCode } from '../../connectors/connector.ts';
import type { CodeMistake } from '../../policy/codes.ts';
import { resolveCodes } from '../../policy/codes.ts';
import type { Policy } from '../../policy/policy.ts';
import type { PolicySettings } from '../../policy/seed.ts';
import { compilePolicy } from '../../policy/seed.ts';

export type AfterCallWork = PolicySettings['afterCallWork'];

/** Makes the policy under one reading of after-call work; `auto` switches between the two. */
export type PolicyFor = (afterCallWork: AfterCallWork) => Policy;

export interface PolicyResult {
  readonly policyFor: PolicyFor;
  readonly mistakes: readonly CodeMistake[];
}

export function policyFrom(config: Config, codes: readonly ReasonCode[]): PolicyResult {
  const { sync } = config;
  const resolved = resolveCodes({ stop: sync.reasonCodes, notReady: sync.notReady }, codes);
  return {
    mistakes: resolved.mistakes,
    policyFor: (afterCallWork) =>
      compilePolicy({
        version: `file/${afterCallWork}`,
        strategy: sync.strategy,
        afterCallWork,
        notReady: resolved.notReady,
        stopCodes: stopCodesOf(config, resolved.stopCodes),
        dwell: { toTeamsMs: sync.dwell.toTeams, toFive9Ms: sync.dwell.toFive9 },
        timing: { sessionLifeMs: sync.callMarkLife },
        contactCentre: 'five9',
        collaboration: 'teams',
      }),
  };
}

/** A stop by skill cannot show which Teams state asks for it: all of them read back alike. */
function stopCodesOf(
  { five9 }: Config,
  codes: PolicySettings['stopCodes'],
): PolicySettings['stopCodes'] {
  if (five9.writes !== 'skills') return codes;
  const code = skillsCode(five9.parkingSkill);
  return Object.fromEntries(Object.keys(codes).map((cause) => [cause, code]));
}
