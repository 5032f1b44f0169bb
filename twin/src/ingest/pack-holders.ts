import type { PackPlace } from '@corridor/actors/network/actor-event';
import type { Facts } from '../projection/facts.ts';

export interface Speaker {
  readonly source: 'station' | 'truck';
  readonly id: string;
}

/** Telemetry and events race: who gave a pack away may still report it for so long [scope ms]. */
const GRACE_MS = 60_000;
const DASH = '-'.charCodeAt(0);

/**
 * Who may speak for a pack: a credential says who speaks, custody says who holds it. A truck speaks for the pack that it
 * carries, a station for those in its slots; around a hand-over both do. A pack that is in nobody's hands (half a swap) is
 * taken from whoever sees it.
 */
export class PackHolders {
  readonly #facts: Pick<Facts, 'placeOf' | 'formerPlaceOf' | 'swapsUnderWay'>;
  readonly #factor: () => number;

  /** @param factor pace of the scope: the race is one of wall time */
  constructor(facts: Pick<Facts, 'placeOf' | 'formerPlaceOf' | 'swapsUnderWay'>, factor: () => number) {
    this.#facts = facts;
    this.#factor = factor;
  }

  /** @param atMs scope time of the reading */
  mayReport(speaker: Speaker, packId: string, atMs: number): boolean {
    const place = this.#facts.placeOf(packId);
    // Registered a moment ago, or in nobody's hands.
    if (place === undefined || place.kind === 'TRANSFER') return true;
    if (isPlaceOf(speaker, place)) return true;
    const former = this.#facts.formerPlaceOf(packId);
    const graceMs = GRACE_MS * Math.max(1, this.#factor());
    if (former && isPlaceOf(speaker, former.place) && atMs <= former.leftAtMs + graceMs) return true;
    return this.#isTakingOver(speaker, packId, place);
  }

  /** In a swap under way the pack is there before the event that says so is committed. */
  #isTakingOver({ source, id }: Speaker, packId: string, place: PackPlace): boolean {
    for (const { stationId, truckId, issuePackId, returnPackId, state } of this.#facts.swapsUnderWay()) {
      // When the pack that was meant fails its self-check, the station gives another one, and says which when it is on.
      const isIssued = issuePackId === packId || issuePackId === null || state === 'SELF_CHECK';
      const isReturned = returnPackId === packId || returnPackId === null;
      if (source === 'truck' && truckId === id && isIssued && isSlotOf(stationId, place)) return true;
      if (source === 'station' && stationId === id && isReturned && place.kind === 'TRUCK' && place.id === truckId) return true;
    }
    return false;
  }
}

function isPlaceOf({ source, id }: Speaker, place: PackPlace): boolean {
  return source === 'truck' ? place.kind === 'TRUCK' && place.id === id : isSlotOf(id, place);
}

/** By the id of the slot, without making one: this is asked for every reading. */
function isSlotOf(stationId: string, { kind, id }: PackPlace): boolean {
  return (
    kind === 'SLOT' && id.charCodeAt(stationId.length) === DASH && id.lastIndexOf('-') === stationId.length && id.startsWith(stationId)
  );
}
