import { slotIdOf } from '@corridor/protocols/ids';
import type { PackPlace } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { clearAlarm, raiseAlarm, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { custodyMoved, type PackContext, type PackEventOf, samePlace, stationOfSlot } from './pack.rules.ts';
import { isOutrun } from './pack-hand-over-note.rules.ts';

/** A source that spoke this recently counts as saying so now. */
const FRESH_MS = 120_000;

/** Whether the sensors at a place say, freshly, that the pack is there. */
export function isClaimedBy(place: PackPlace, packId: string, { signals, nowMs }: Surroundings): boolean {
  if (place.kind !== 'TRUCK' && place.kind !== 'SLOT') return false;
  const [kind, source] = place.kind === 'TRUCK' ? (['truck', 'truck'] as const) : (['slot', 'slot'] as const);
  const isFresh = nowMs() - signals.reportedAtMs(source, place.id) <= FRESH_MS;
  return isFresh && signals.text(kind, place.id, 'packId') === packId;
}

/**
 * An inventory is believed when nothing contradicts it: the pack was nowhere certain, or in another slot of that
 * station, or the place in the books no longer says that it holds it. A truck that got it must have been heard since: that it says nothing
 * is no word against it.
 */
export function isCredible(context: PackContext, { place, evidence }: PackEventOf<'pack.seen'>, surroundings: Surroundings): boolean {
  if (evidence !== 'INVENTORY') return false;
  if (isLeft(context, place)) return true;
  if (context.disputedSinceMs !== null) return false;
  const { place: custody } = context;
  if (custody.kind === 'TRANSFER' || custody.kind === 'STORE') return true;
  const sameStation = custody.kind === 'SLOT' && place.kind === 'SLOT' && stationOfSlot(custody.id) === stationOfSlot(place.id);
  return sameStation || (!isClaimedBy(custody, context.id, surroundings) && !isKeptBySilence(context, surroundings));
}

/** It was put on a truck that has said nothing since. */
function isKeptBySilence({ place: custody, placedAtMs }: PackContext, { signals }: Surroundings): boolean {
  if (custody.kind !== 'TRUCK' || placedAtMs === undefined) return false;
  return !(signals.reportedAtMs('truck', custody.id) > placedAtMs);
}

/** A station's word against a truck that is not heard: it is told, moves nothing and freezes nothing. */
export const isUnconfirmed = (context: PackContext, { evidence }: PackEventOf<'pack.seen'>, surroundings: Surroundings): boolean =>
  evidence === 'INVENTORY' &&
  context.disputedSinceMs === null &&
  context.place.kind === 'TRUCK' &&
  !isClaimedBy(context.place, context.id, surroundings);

/** Displaced: the slot or truck of the books itself holds another pack now, so it cannot be there. */
export const isLeft = ({ place: custody }: PackContext, place: PackPlace): boolean =>
  place.kind === 'TRANSFER' && (place.id === custody.id || (custody.kind === 'SLOT' && place.id === stationOfSlot(custody.id)));

/** Nothing new of its place: it was seen there before it came where it is, or is gone from a truck that it is not on by the books. */
export function isOldNews(context: PackContext, event: PackEventOf<'pack.seen'>, { reference }: Surroundings): boolean {
  const { place } = event;
  if (isLeft(context, place)) return false;
  return isOutrun(context, event) || (place.kind === 'TRANSFER' && reference.truck(place.id) !== undefined);
}

/**
 * Whether a claim that telemetry makes against custody freezes the pack: the sensors of two slots say that they hold it. The word of
 * a truck alone takes no pack from a station, nor that of a station alone one from its truck: they raise an alarm.
 */
export const isOfTwoSlots = ({ place, claim }: PackContext): boolean => place.kind === 'SLOT' && claim?.kind === 'SLOT';

/** What the place it leaves, and the one it comes to, must hear. */
export function moved(context: PackContext, to: PackPlace, options: { cause: 'INVENTORY' | 'CORRECTION'; atMs: number }): Emitted[] {
  const { id: packId, place: from, socPercent, sohPercent } = context;
  if (samePlace(from, to)) return [];
  const { cause, atMs } = options;
  const left =
    from.kind === 'SLOT'
      ? [tell('slot', from.id, { type: 'slot.packRemoved', atMs, packId, orderId: null })]
      : from.kind === 'TRUCK'
        ? [tell('truck', from.id, { type: 'truck.packRemoved', atMs, packId, orderId: null, content: { socPercent, sohPercent } })]
        : [];
  const entered =
    to.kind === 'SLOT'
      ? [tell('slot', to.id, { type: 'slot.packInserted', atMs, packId, orderId: null })]
      : to.kind === 'TRUCK'
        ? [tell('truck', to.id, { type: 'truck.packFitted', atMs, packId, orderId: null })]
        : [];
  return [...left, ...entered, custodyMoved(packId, to, cause, atMs)];
}

const conflict = ({ id }: PackContext, sinceMs: number) => ({ code: 'PACK_TWO_PLACES', scope: 'pack', scopeId: id, sinceMs }) as const;

const bothPlaces = (books: PackPlace, other: PackPlace) => ({
  placeKind: books.kind,
  placeId: books.id,
  otherKind: other.kind,
  otherId: other.id,
});

export function disputeRaised(context: PackContext, atMs: number, other: PackPlace): Emitted[] {
  const detail = `the books have it at ${context.place.kind} ${context.place.id}, it is reported at ${other.kind} ${other.id} as well`;
  return [raiseAlarm({ ...conflict(context, atMs), level: 2, detail, args: bothPlaces(context.place, other) })];
}

export function disputeCleared(context: PackContext, atMs: number): Emitted[] {
  return context.disputedSinceMs === null ? [] : [clearAlarm(conflict(context, context.disputedSinceMs), atMs)];
}

const elsewhere = ({ id }: PackContext, sinceMs: number) => ({ code: 'PACK_ELSEWHERE', scope: 'pack', scopeId: id, sinceMs }) as const;

/** Another place reports it: said, but custody that money rests on stays until a swap, an inventory or a person moves it. */
export function claimUnconfirmed(context: PackContext, atMs: number, other: PackPlace): Emitted[] {
  const detail = `reported at ${other.kind} ${other.id}; the books have it at ${context.place.kind} ${context.place.id}`;
  return [raiseAlarm({ ...elsewhere(context, atMs), level: 2, detail, args: bothPlaces(context.place, other) })];
}

/** A swap, an inventory or a person says where it is. */
export function elsewhereEnded(context: PackContext, atMs: number): Emitted[] {
  const { elsewhereSinceMs = null } = context;
  return elsewhereSinceMs === null ? [] : [clearAlarm(elsewhere(context, elsewhereSinceMs), atMs)];
}

/** Slot of another holder than custody's whose charger reports this pack; null: it is that of custody, or nobody is known to have it. */
export function placeOfCharge({ place }: PackContext, { stationId, charge }: PackEventOf<'pack.charged'>): PackPlace | null {
  const isForeign = place.kind === 'TRUCK' || (place.kind === 'SLOT' && stationOfSlot(place.id) !== stationId);
  return isForeign ? { kind: 'SLOT', id: slotIdOf(stationId, charge.evseId) } : null;
}
