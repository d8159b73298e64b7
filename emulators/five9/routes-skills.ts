/**
 * The active skills of an agent. The replacing PUT is known from a public client; that the list can
 * be read at the same place, and how both answer, is extrapolated.
 */
import { CODE, NO_CONTENT, type Reply, exception, ok } from './answers.ts';
import { parsed } from './presence.ts';
import { bad, missing, visible } from './routes-domain.ts';
import type { Call, RestContext, Route } from './routes.ts';
import { PARKING_SKILL, SKILLS } from './users.ts';

export const SKILLS_WRITE = 'updateAgentActiveSkills';

const KNOWN: ReadonlySet<unknown> = new Set([...SKILLS.map(({ id }) => id), PARKING_SKILL]);

function readSkills(context: RestContext, call: Call): Reply {
  const member = visible(context, call);
  if (member === undefined) return missing(context, 'agent', call.params['agent'] ?? '');
  return ok(member.skills);
}

function writeSkills(context: RestContext, call: Call): Reply {
  const { domain, faults } = context;
  const refusal = faults.strike('refuse_skills');
  if (refusal !== undefined) {
    const message = 'EditAgentSkills is required';
    return exception(refusal.value ?? 403, domain.now(), { code: CODE.forbidden, message });
  }
  const member = visible(context, call);
  if (member === undefined) return missing(context, 'agent', call.params['agent'] ?? '');
  const skills = parsed(call.body);
  if (!isTexts(skills)) return bad(context, 'the body is not a list of skill ids');
  const unknown = skills.find((skill) => !KNOWN.has(skill));
  if (unknown !== undefined) return missing(context, 'skill', unknown);
  domain.setSkills(member.user.id, skills);
  return NO_CONTENT;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

const PATTERN = '/supervisors/:user/agents/:agent/active_skills';

export const SKILLS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    pattern: PATTERN,
    operation: 'getAgentActiveSkills',
    needs: 'working',
    handle: readSkills,
  },
  {
    method: 'PUT',
    pattern: PATTERN,
    operation: SKILLS_WRITE,
    needs: 'working',
    handle: writeSkills,
  },
];
