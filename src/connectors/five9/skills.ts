/**
 * Stopping by skill: an agent without active skills is given no contact, whatever their state. Pure.
 * The request is that of https://github.com/gonzaloq28250/five9-schedule-linux: a list of skill ids
 * that replaces the whole list.
 *
 * K1  Five9's state does not change: the agent stays READY. So what is read is the state and the
 *     skills together: ready without skills is Not Ready, with a reason of its own.
 * K2  Below every other state the missing skills are what is to come (`pending`): they outlast the
 *     contact, the agent's own Not Ready and the sign-out.
 * K3  `channels` are the skills then, in Five9's own order: what a stop replaces, and gives back.
 */
import { z } from 'zod';
import { readWith } from '../../lib/read-with.ts';
import type { Command } from '../../model/mark.ts';
import type { Observation } from '../../model/observation.ts';
import type { Presence, Reason } from '../../model/presence.ts';

/** Ids of skills. */
export type Skills = readonly string[];

/** No codes of Five9's, which are numbers. */
const NO_SKILLS: Reason = { code: 'no_active_skills', label: 'No active skills' };
const PARKED: Reason = { code: 'parking_skill', label: 'Parking skill only' };

/** Far above what a person can have. */
const MOST_SKILLS = 1_000;

const skillId = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,20}$/));

const skillsSchema = z
  .array(z.union([skillId, z.object({ id: skillId }).transform(({ id }) => id)]))
  .max(MOST_SKILLS);

/** A list of ids, or of things with an id; undefined for anything else. */
export function skillsFrom(json: unknown): Skills | undefined {
  return readWith(skillsSchema, json);
}

/** The list that stops an agent. */
function stopList(parkingSkill: string | undefined): Skills {
  return parkingSkill === undefined ? [] : [parkingSkill];
}

/** The reason code that our own stop reads back with. */
export function skillsCode(parkingSkill: string | undefined): string {
  return parkingSkill === undefined ? NO_SKILLS.code : PARKED.code;
}

/** Whether a command or a mark speaks of skills, and not of a reason code of Five9's. */
export function isOfSkills({ reasonCode }: Pick<Command, 'reasonCode'>): boolean {
  return reasonCode === NO_SKILLS.code || reasonCode === PARKED.code;
}

/** Why these skills bring no contact; undefined when they do. */
export function stopOf(skills: Skills, parkingSkill: string | undefined): Reason | undefined {
  if (skills.length === 0) return NO_SKILLS;
  return parkingSkill !== undefined && sameSkills(skills, [parkingSkill]) ? PARKED : undefined;
}

export function sameSkills(a: Skills, b: Skills): boolean {
  return a.length === b.length && a.toSorted().join() === b.toSorted().join();
}

export function withSkills(
  observation: Observation,
  skills: Skills,
  parkingSkill: string | undefined,
): Observation {
  const stop = stopOf(skills, parkingSkill);
  const { presence } = observation;
  const seen = stop === undefined ? taking(presence, skills) : stopped(presence, stop);
  return { ...observation, presence: seen };
}

function taking(presence: Presence, skills: Skills): Presence {
  const takes = (presence.channels ?? []).length > 0;
  return takes ? { ...presence, channels: [...skills] } : presence;
}

function stopped(presence: Presence, stop: Reason): Presence {
  if (presence.acd === 'ready') {
    // The time of the state says nothing of the skills, so it is left out.
    const { since: _since, ...rest } = presence;
    const raw = `${presence.raw}:${stop.code}`;
    return { ...rest, reach: 'away', acd: 'not_ready', reason: stop, channels: [], raw };
  }
  if (presence.reach === 'unknown') return presence;
  const pending = { acd: 'not_ready', reason: stop, channels: [] } as const;
  return { ...presence, channels: [], pending };
}

export type SkillsPlan =
  | {
      readonly kind: 'send';
      /** What has to stand there still. */
      readonly expected: Skills;
      readonly wanted: Skills;
    }
  | { readonly kind: 'refuse'; readonly detail: string };

/** What a command asks of the list. The list that it replaces came with the command, or nothing is sent. */
export function skillsPlanOf(command: Command, parkingSkill: string | undefined): SkillsPlan {
  const saved = savedIn(command.previous);
  if (saved === undefined) {
    const detail = 'it is not known which skills the agent had before';
    return { kind: 'refuse', detail };
  }
  if (command.kind === 'put') {
    return { kind: 'send', expected: saved, wanted: stopList(parkingSkill) };
  }
  // What stands there was put by the code of the mark, though the setting be another one now.
  const isParked = command.reasonCode === PARKED.code;
  if (isParked && parkingSkill === undefined) {
    return { kind: 'refuse', detail: 'five9.parkingSkill is no longer set' };
  }
  const expected = isParked ? stopList(parkingSkill) : [];
  return { kind: 'send', expected, wanted: saved };
}

/** The list as a command carries it; an empty one is nothing to give back. */
function savedIn(previous: string | undefined): Skills | undefined {
  const skills = skillsFrom((previous ?? '').split(','));
  return skills === undefined || skills.length === 0 ? undefined : skills;
}
