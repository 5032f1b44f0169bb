import type { PackPlace } from '../network/actor-event.ts';
import type { Effect } from '../network/effect.ts';

/** What stands where, as the actors of the places say. */
export interface PlaceView {
  /** `SLOT:HH1-3` or `TRUCK:T001` -> the pack that the place says it holds, null for none. */
  packAt: ReadonlyMap<string, string | null>;
  /** Custody by pack. */
  placeOf: ReadonlyMap<string, PackPlace>;
}

export const placeKey = ({ kind, id }: PackPlace) => `${kind}:${id}`;

/** Custody after a run of effects: the last word on each pack. */
export function custodyAfter(effects: Iterable<Effect>): Map<string, PackPlace> {
  const places = new Map<string, PackPlace>();
  for (const effect of effects) if (effect.type === 'custody.moved') places.set(effect.packId, effect.place);
  return places;
}

/**
 * Every pack in exactly one place: in the books (`placeOf`), as told to the world (`custody`), and as the places say.
 * @returns one line for each fault; none when all is well
 */
export function packFindings(view: PlaceView, custody: ReadonlyMap<string, PackPlace>, packIds: Iterable<string>): string[] {
  const findings: string[] = [];
  const holders = new Map<string, string[]>();
  for (const [key, packId] of view.packAt) if (packId !== null) holders.set(packId, [...(holders.get(packId) ?? []), key]);
  for (const packId of packIds) {
    const place = view.placeOf.get(packId);
    const told = custody.get(packId);
    if (place === undefined) {
      findings.push(`${packId} has no place`);
      continue;
    }
    if (told === undefined || placeKey(told) !== placeKey(place)) {
      findings.push(`${packId} is at ${placeKey(place)}, and custody says ${told ? placeKey(told) : 'nothing'}`);
    }
    const held = holders.get(packId) ?? [];
    const isHolding = place.kind === 'SLOT' || place.kind === 'TRUCK';
    const expected = isHolding ? [placeKey(place)] : [];
    if (held.join() !== expected.join()) findings.push(`${packId} is at ${placeKey(place)}, and held by ${held.join(', ') || 'nobody'}`);
  }
  return findings;
}
