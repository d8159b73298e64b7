/**
 * The configuration as the rest of the product sees it, and the contract of this folder.
 *
 * G1  This folder is the only reader of the environment and of secret files.
 * G2  Loading reports every mistake at once, or gives a configuration without any.
 * G3  A secret is never part of a problem, a warning or a printed configuration.
 * G4  All I/O is handed in (`ConfigIo`); nothing here reads a clock.
 */
import type { Settings } from './schema.ts';

/** A secret that was read. Printing it, in whatever way, shows where it came from instead. */
export interface Secret {
  /** The only way to the content. Call it where it is used, and keep no copy. */
  reveal(): string;
  /** `[secret from file …]`, `[secret from environment …]`. */
  readonly origin: string;
  toJSON(): string;
  toString(): string;
}

export type TeamsCredential =
  | { readonly kind: 'secret'; readonly secret: Secret }
  /** Both are PEM texts. */
  | { readonly kind: 'certificate'; readonly certificate: string; readonly privateKey: Secret }
  | TokenFileCredential;

/** A token that somebody else issues, in a file that is replaced while we run. */
export interface TokenFileCredential {
  readonly kind: 'assertion';
  /** Path of the file. */
  readonly file: string;
  /** What it holds now; the words of a problem hold no part of it. */
  read(): TokenRead;
}

type TokenRead =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: { readonly message: string; readonly fix: string } };

type Five9Settings = Omit<Settings['five9'], 'password' | 'cloud'>;
type CloudSettings = Omit<
  NonNullable<Settings['five9']['cloud']>,
  'region' | 'url' | 'clientSecret' | 'events'
>;
type TeamsSettings = Omit<
  Settings['teams'],
  'credential' | 'read' | 'push' | 'loginUrl' | 'graphUrl'
>;

interface Five9Config extends Immutable<Five9Settings> {
  readonly password: Secret;
  /** The New Platform, where it is a source of states. */
  readonly cloud?: Five9CloudConfig;
}

export interface Five9CloudConfig extends Immutable<CloudSettings> {
  /** Origin, from the region unless set. */
  readonly url: string;
  readonly clientSecret: Secret;
  readonly events?: {
    readonly url: string;
    readonly username: string;
    readonly password: Secret;
  };
}

export interface PushConfig {
  /** Origin. */
  readonly url: string;
  readonly subscribers: readonly SubscriberConfig[];
  /** PEM texts; absent where notifications carry no content. */
  readonly content?: { readonly certificate: string; readonly privateKey: Secret };
}

interface SubscriberConfig {
  readonly name: string;
  /** Path of the file of its refresh token. */
  readonly tokenFile: string;
  /** What it holds now; a problem while the account has not signed in. */
  readonly read: () => TokenRead;
}

interface TeamsConfig extends Immutable<TeamsSettings> {
  readonly credential: TeamsCredential;
  /** The registration that reads, where it is another. */
  readonly read?: { readonly clientId: string; readonly credential: TeamsCredential };
  /** Notifications; absent where there are none. */
  readonly push?: PushConfig;
  /** Origins, from the cloud unless set. */
  readonly loginUrl: string;
  readonly graphUrl: string;
}

/** Durations are whole milliseconds. Paths count from the configuration file's folder. */
export interface Config extends Immutable<Omit<Settings, 'five9' | 'teams'>> {
  readonly five9: Five9Config;
  readonly teams: TeamsConfig;
}

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

/** One mistake, or one thing worth knowing. */
export interface Problem {
  /** Dotted path, such as `teams.sweep.hot`; empty for the file as a whole. */
  readonly path: string;
  /** Both count from 1; absent when the mistake has no place in the file. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** What stands there, shortened. Never set where a secret may stand. */
  readonly value?: string;
  /** What to do about it. */
  readonly fix: string;
}

export type LoadResult =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
  /** Permission bits; undefined where the system has none. */
  readonly mode?: number;
}

/** The outside world of this folder. */
export interface ConfigIo {
  /** A file's text, UTF-8. Throws when it cannot be read. */
  readFile(path: string): string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined when nothing is there or it may not be looked at. */
  stat(path: string): FileFacts | undefined;
}
