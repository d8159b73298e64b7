/** Identifiers: opaque text, each compared only with its own kind. */

/** A connector's id, such as `five9` or `teams`; also the name of its folder. */
export type PlatformId = string;

/** Lockstep's own id of a person, stable across renames and remappings. */
export type AgentId = string;

/** A platform's immutable id of an account (Five9 user id, Entra object id). */
export type AccountId = string;

/** Derived from (tenant, agent, epoch, counter), so that a replay makes the same ids. */
export type IntentId = string;
