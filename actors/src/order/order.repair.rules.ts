import { swapIdOf } from '@corridor/protocols/ids';
import type { PackLeg, RepairMeasurement } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { tell } from '../network/outgoing.ts';
import type { OrderContext } from './order.context.ts';
import type { OrderEventOf } from './order.rules.ts';

/** Why what a person measured cannot be billed; null: it can, as far as the order knows. */
export function refusalOfMeasurement(context: OrderContext, measured: RepairMeasurement): string | null {
  const { cleared, carrierId, measuredIn, measuredOut } = context;
  if (cleared) return 'BILLED_ALREADY';
  if (carrierId === null) return 'CARRIER_UNKNOWN';
  if (measured.out === 'NONE' && measuredOut !== null) return 'PACK_WAS_ISSUED';
  const inId = measured.in?.packId ?? measuredIn?.packId;
  const outId = measured.out === 'NONE' ? undefined : (measured.out?.packId ?? measuredOut?.packId);
  return inId !== undefined && inId === outId ? 'SAME_PACK' : null;
}

/** Whose movements it bills: those of its swap; of an order that never had a number, its own. */
export const movementsOf = ({ orderId, stationId, requestId }: OrderContext): string =>
  requestId === null ? orderId : swapIdOf(stationId, requestId);

/** A movement that a person counted to another order of the swap is not this one's any more. */
export function withdrawn(context: OrderContext, { leg, byOrderId }: OrderEventOf<'order.legWithdrawn'>): Partial<OrderContext> {
  const reasonDetail = `${context.reasonDetail} Leg ${leg} was counted to order ${byOrderId}.`.trim();
  return leg === 'IN'
    ? { measuredIn: null, faultIn: 'DUPLICATE_REPORT', reasonDetail }
    : { measuredOut: null, faultOut: 'DUPLICATE_REPORT', reasonDetail };
}

export function hasLeg({ cleared, measuredIn, measuredOut }: OrderContext, { leg, packId }: OrderEventOf<'order.legWithdrawn'>): boolean {
  return !cleared && (leg === 'IN' ? measuredIn : measuredOut)?.packId === packId;
}

/** Asks the packs named for what only they know: their owner, their lots, their frozen rent. */
export function askByHand(context: OrderContext, atMs: number): Emitted[] {
  const { orderId, stationId, truckId, byHand } = context;
  if (byHand === null || byHand === undefined) return [];
  const asked = { type: 'pack.legRequested', atMs, orderId, handedOverAt: stationId, swapId: movementsOf(context) } as const;
  const { in: returned, out } = byHand;
  const emitted: Emitted[] = [];
  if (returned !== null) {
    emitted.push(tell('pack', returned.packId, { ...asked, leg: 'IN', socPercent: returned.socPercent, expectedPlace: null }));
  }
  if (out !== null && out !== 'NONE') {
    const expectedPlace = truckId === null ? null : ({ kind: 'TRUCK', id: truckId } as const);
    emitted.push(tell('pack', out.packId, { ...asked, leg: 'OUT', socPercent: out.socPercent, expectedPlace }));
  }
  return emitted;
}

/** The answer is to what was asked last, not to an earlier try. */
export function isByHand({ byHand }: OrderContext, { leg, pack }: OrderEventOf<'order.legQuoted'>): boolean {
  const reading = leg === 'IN' ? byHand?.in : byHand?.out;
  if (reading === null || reading === undefined || reading === 'NONE') return false;
  return reading.packId === pack.packId && reading.socPercent === pack.socPercent;
}

/** Every pack that was asked has answered. */
export const isByHandComplete = ({ byHand, quotedIn, quotedOut }: OrderContext): boolean =>
  (!byHand?.in || quotedIn !== null) && (!byHand?.out || byHand.out === 'NONE' || quotedOut !== null);

/** The legs to bill: what a person measured goes before what the station told. */
export function takenByHand(context: OrderContext): Partial<OrderContext> {
  const { byHand, quotedIn, quotedOut, measuredIn, measuredOut, reason } = context;
  const given = (quoted: PackLeg | null, known: PackLeg | null) => quoted ?? known;
  return {
    measuredIn: given(quotedIn, measuredIn),
    measuredOut: given(quotedOut, measuredOut),
    odometerM: byHand?.odometerM ?? context.odometerM,
    creditReason: byHand?.out === 'NONE' ? (reason ?? 'BATTERY_OUT_TIMEOUT') : null,
    byHand: null,
    quotedIn: null,
    quotedOut: null,
  };
}
