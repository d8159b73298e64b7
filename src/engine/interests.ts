/**
 * How soon each account should be read again, from what a change there could affect now: somebody
 * who may be given a contact matters most, somebody who is off shift least.
 */
import type { Connector, Interest } from '../connectors/connector.ts';
import type { Clock } from '../lib/clock.ts';
import type { Agent } from '../model/agent.ts';
import type { AgentState, Face } from '../model/face.ts';
import type { AccountId, PlatformId } from '../model/ids.ts';

const SETTLE_MS = 250;

export class Interests {
  private readonly clock: Clock;
  private readonly maps = new Map<PlatformId, Map<AccountId, Interest>>();
  private readonly changed = new Set<PlatformId>();
  private readonly connectors: readonly Connector[];
  private armed = false;

  constructor(clock: Clock, connectors: readonly Connector[]) {
    this.clock = clock;
    this.connectors = connectors;
    for (const { manifest } of connectors) this.maps.set(manifest.id, new Map());
  }

  reset(people: readonly Agent[]): void {
    for (const [platform, map] of this.maps) {
      map.clear();
      for (const person of people) {
        const account = person.accounts[platform];
        if (account !== undefined) map.set(account, 'warm');
      }
      this.changed.add(platform);
    }
    this.flush();
  }

  update(person: Agent, state: AgentState): void {
    for (const [platform, map] of this.maps) {
      const account = person.accounts[platform];
      if (account === undefined) continue;
      const interest = interestIn(state, platform);
      if (map.get(account) === interest) continue;
      map.set(account, interest);
      this.changed.add(platform);
      this.arm();
    }
  }

  /** Many agents change at once; the connectors are told a few times a second. */
  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    this.clock.after(SETTLE_MS, () => {
      this.armed = false;
      this.flush();
    });
  }

  private flush(): void {
    for (const { manifest, watch } of this.connectors.map(bound)) {
      const map = this.maps.get(manifest.id);
      if (map !== undefined && this.changed.delete(manifest.id)) watch(map);
    }
  }
}

function bound(connector: Connector): Pick<Connector, 'manifest' | 'watch'> {
  return { manifest: connector.manifest, watch: (map) => connector.watch(map) };
}

function interestIn(state: AgentState, platform: PlatformId): Interest {
  const own = state.faces[platform];
  if (own === undefined || own.seen === undefined) return 'warm';
  if (isUnsettled(own)) return 'hot';
  let interest: Interest = 'cold';
  for (const [id, face] of Object.entries(state.faces)) {
    if (id === platform) continue;
    if (mayBeRouted(face)) return 'hot';
    if (isOccupied(face)) interest = 'warm';
  }
  return interest;
}

function isUnsettled(face: Face): boolean {
  return (
    face.intent !== undefined ||
    face.unknownSince !== undefined ||
    face.fading.length > 0 ||
    face.ours.some((mark) => mark.shownAt === undefined)
  );
}

/** Ready, or Not Ready by us: a change elsewhere changes routing at once. */
function mayBeRouted(face: Face): boolean {
  const acd = face.seen?.presence.acd;
  return acd === 'ready' || acd === 'reserved' || face.ours.length > 0;
}

function isOccupied(face: Face): boolean {
  const acd = face.seen?.presence.acd;
  return acd === 'engaged' || acd === 'wrap_up';
}
