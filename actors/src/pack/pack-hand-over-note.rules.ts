import type { PackPlace } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { effect, tell } from '../network/outgoing.ts';
import { type NotedHandOver, type PackContext, type PackEventOf, samePlace } from './pack.rules.ts';

type HandOver = PackEventOf<'pack.returned' | 'pack.issued'>;
/** A person repairs within days; by then the pack has moved this often at most. */
const NOTED_MAX = 12;

const legOfEvent = ({ type }: HandOver): NotedHandOver['leg'] => (type === 'pack.returned' ? 'IN' : 'OUT');

/** What is noted of a movement; there is one note of each at most. */
function noteOf({ handOvers = [] }: PackContext, swapId: string, leg: NotedHandOver['leg']): NotedHandOver | null {
  for (const noted of handOvers) if (noted.leg === leg && noted.swapId === swapId) return noted;
  return null;
}

/** Order that may bill this movement already; null: none. A swap may have several orders, its movements have one each. */
export function otherOrderOf(
  context: PackContext,
  of: { swapId: string; leg: NotedHandOver['leg']; orderId: string },
): NotedHandOver | null {
  const known = noteOf(context, of.swapId, of.leg);
  return known === null || known.orderId === of.orderId ? null : known;
}

/** Another order of the same swap was told of this movement before: it is not told twice. */
export const isToldToAnother = (context: PackContext, event: HandOver): boolean =>
  event.orderId !== null && otherOrderOf(context, { swapId: event.swapId, leg: legOfEvent(event), orderId: event.orderId }) !== null;

function withNote(context: PackContext, note: NotedHandOver): readonly NotedHandOver[] {
  const notes: NotedHandOver[] = [];
  for (const noted of context.handOvers ?? []) if (noted.leg !== note.leg || noted.swapId !== note.swapId) notes.push(noted);
  notes.push(note);
  return notes.length > NOTED_MAX ? notes.slice(-NOTED_MAX) : notes;
}

/** The order that is told of a movement first is the one that may bill it. */
export function handOverNoted(context: PackContext, event: HandOver): readonly NotedHandOver[] {
  const { handOvers = [] } = context;
  const { swapId, orderId } = event;
  const leg = legOfEvent(event);
  if (orderId === null || noteOf(context, swapId, leg) !== null) return handOvers;
  return withNote(context, { swapId, leg, orderId, billed: false });
}

type Ask = PackEventOf<'pack.legRequested'>;

/** A person says that the movement belongs to another order than the one that has it: null when that one has billed it. */
export function isBilledElsewhere(context: PackContext, { swapId, leg, orderId }: Ask): boolean {
  return swapId !== undefined && otherOrderOf(context, { swapId, leg, orderId })?.billed === true;
}

/** From now on this order may bill the movement, nobody else. */
export function givenTo(context: PackContext, { swapId, leg, orderId }: Ask): readonly NotedHandOver[] | undefined {
  return swapId === undefined ? context.handOvers : withNote(context, { swapId, leg, orderId, billed: false });
}

/** The order that had the movement must not bill it any more. */
export function takenFrom(context: PackContext, { swapId, leg, orderId, atMs }: Ask): Emitted[] {
  const other = swapId === undefined ? null : otherOrderOf(context, { swapId, leg, orderId });
  return other === null
    ? []
    : [tell('order', other.orderId, { type: 'order.legWithdrawn', atMs, leg, packId: context.id, byOrderId: orderId })];
}

export const billedNoted = (context: PackContext, { swapId, leg, orderId }: PackEventOf<'pack.legBilled'>): readonly NotedHandOver[] =>
  withNote(context, { swapId, leg, orderId, billed: true });

/** Something newer is known of its place than what is told now: events of two stations are not ordered among each other. */
export const isOutrun = ({ placedAtMs }: PackContext, { atMs }: { atMs: number }): boolean => placedAtMs !== undefined && atMs < placedAtMs;

/**
 * A hand-over that is told after a newer one: the pack stays where it is, who took it in lets go of it, who has it holds it still, its
 * custody then is history, and a person bills the leg, because its lots and its rent are those of the newer one by now.
 */
export function outrun(context: PackContext, event: HandOver, to: PackPlace): Emitted[] {
  const { id: packId, place, placedAtMs = event.atMs } = context;
  const { atMs, orderId } = event;
  const left =
    to.kind === 'SLOT'
      ? tell('slot', to.id, { type: 'slot.packRemoved', atMs, packId, orderId })
      : tell('truck', to.id, { type: 'truck.packRemoved', atMs, packId, orderId });
  const held =
    place.kind === 'SLOT'
      ? [tell('slot', place.id, { type: 'slot.packInserted', atMs: placedAtMs, packId, orderId: null })]
      : place.kind === 'TRUCK'
        ? [tell('truck', place.id, { type: 'truck.packFitted', atMs: placedAtMs, packId, orderId: null })]
        : [];
  const passed = effect({ type: 'custody.passed', atMs, packId, place: to, orderId });
  return [...(samePlace(place, to) ? [] : [left]), ...held, passed, ...unbilled(context, event)];
}

function unbilled({ id: packId }: PackContext, event: HandOver): Emitted[] {
  const { atMs, orderId } = event;
  if (orderId === null) return [];
  return [tell('order', orderId, { type: 'order.legUnknown', atMs, leg: legOfEvent(event), packId, reason: 'GATEWAY_OFFLINE_BACKFILLED' })];
}
