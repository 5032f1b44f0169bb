import { slotIdOf } from '@corridor/protocols/ids';
import type { PackPlace } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { remembered } from '../network/remembered.ts';
import { custodyMoved, lotsChanged, type PackContext, type PackEventOf } from './pack.rules.ts';
import { type LegResult, legOf, measured } from './pack-leg.rules.ts';

type HandOver = PackEventOf<'pack.returned' | 'pack.issued'>;

const returnedTo = ({ stationId, evseId }: PackEventOf<'pack.returned'>): PackPlace => ({
  kind: 'SLOT',
  id: slotIdOf(stationId, evseId),
});
const issuedTo = ({ truckId }: PackEventOf<'pack.issued'>): PackPlace => ({ kind: 'TRUCK', id: truckId });
export const placeAfter = (event: HandOver): PackPlace => (event.type === 'pack.returned' ? returnedTo(event) : issuedTo(event));

/** The leg by the BMS values at hand-over: what is billed. */
export const legAtHandOver = remembered((context: PackContext, event: HandOver, surroundings: Surroundings): LegResult => {
  const { battery, atMs, stationId } = event;
  const leg = event.type === 'pack.returned' ? 'IN' : 'OUT';
  return legOf(context, { leg, socPercent: battery.soC, sohPercent: battery.soH, isHandOver: true, atMs, stationId }, surroundings);
});

/** The order's leg, custody, the lots that are left, and word to a place of the books that the pack is not in any more. */
export function handedOver(context: PackContext, event: HandOver, surroundings: Surroundings): Emitted[] {
  const { atMs, orderId } = event;
  const place = placeAfter(event);
  const result = legAtHandOver(context, event, surroundings);
  const told = leftBehind(context, event);
  if (surroundings.omitsRows !== true) told.push(custodyMoved(context.id, place, 'SWAP', atMs, orderId));
  if (result.ok && surroundings.omitsRows !== true) told.push(lotsChanged(context.id, result.leg.lots, atMs));
  const measuredLeg = measured(context, event, result, surroundings);
  if (measuredLeg !== null) told.push(measuredLeg);
  return told;
}

/** The swap tells the truck and the slot that it saw; another one that the books still had must let go too. */
function leftBehind({ id: packId, place }: PackContext, event: HandOver): Emitted[] {
  const { atMs, orderId, truckId, stationId, battery } = event;
  if (place.kind === 'TRUCK' && truckId !== place.id)
    return [tell('truck', place.id, { type: 'truck.packRemoved', atMs, packId, orderId })];
  const evseId = event.type === 'pack.returned' ? event.evseId : battery.evseId;
  if (place.kind === 'SLOT' && slotIdOf(stationId, evseId) !== place.id) {
    return [tell('slot', place.id, { type: 'slot.packRemoved', atMs, packId, orderId })];
  }
  return [];
}
