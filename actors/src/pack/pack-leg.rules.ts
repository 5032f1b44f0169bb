import type { BatteryRate } from '@corridor/protocols/network-file';
import type { BatteryData } from '@corridor/protocols/ocpp';
import type { AuthorisationReason } from '@corridor/protocols/reason-code';
import type { PackLeg } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { remembered } from '../network/remembered.ts';
import { packEnergyWh } from '../rating/pack-energy.ts';
import { openingRentRateOf, rentRateOf } from '../rating/rent-rate.ts';
import { localDateOf } from '../tariff/local-time.ts';
import { pricedPeriodAt } from '../tariff/time-of-use.ts';
import { type LotOrigin, lotsEnergyWh, scaleLots } from './energy-lot.rules.ts';
import type { EnergyLot } from './energy-lot.ts';
import { isIssuable, type PackContext, type PackEventOf, samePlace, stationOfSlot } from './pack.rules.ts';
import { isBilledElsewhere, isToldToAnother } from './pack-hand-over-note.rules.ts';
import { unfitAtIssue } from './pack-issue.rules.ts';

export type LegResult = { ok: true; leg: PackLeg } | { ok: false; reason: AuthorisationReason; detail?: string };

interface LegReading {
  leg: 'IN' | 'OUT';
  socPercent: number;
  sohPercent: number;
  atMs: number;
  /** The pack has changed hands: even one that should not have been issued has a price. */
  isHandOver: boolean;
  /** Whose tariff prices energy that no lot accounts for. */
  stationId: string | null;
}

/** What the pack holds and what its owner asks: the books scaled to the reading. Refuses rather than price at 0. */
export function legOf(context: PackContext, reading: LegReading, surroundings: Surroundings): LegResult {
  const { reference } = surroundings;
  const definition = reference.pack(context.id);
  const type = reference.packType(definition?.typeCode ?? '');
  if (definition === undefined || type === undefined) return { ok: false, reason: 'BATTERY_UNKNOWN' };
  const rate = reference.batteryRate({ packId: context.id, ownerId: definition.ownerId }, localDateOf(reading.atMs));
  const origin = openingOrigin(surroundings, reading.stationId, reading.atMs);
  if (rate === undefined || origin === null) return { ok: false, reason: 'TARIFF_MISSING' };
  const rent = rentOf(context, reading, rate);
  if (rent === null) return { ok: false, reason: 'NO_BATTERY_AVAILABLE' };
  const { leg: side, socPercent, sohPercent } = reading;
  const energyWh = packEnergyWh({ socPercent, sohPercent, nominalWh: type.nominalWh });
  const leg: PackLeg = {
    packId: context.id,
    typeCode: type.code,
    // Who was paid for what was issued gives back what is returned of it.
    ownerId: side === 'IN' ? (context.rentOwnerId ?? definition.ownerId) : definition.ownerId,
    socPercent,
    sohPercent,
    nominalWh: type.nominalWh,
    energyWh,
    lots: lotsScaled(context, energyWh, origin),
    rentNanoYuanPerKwh: rent,
  };
  return { ok: true, leg };
}

/** Packs of which the last scaling is kept; then all are forgotten. */
const SCALED_MAX = 50_000;
const lastScaled = new Map<string, { lots: readonly EnergyLot[]; energyWh: number; scaled: readonly EnergyLot[] }>();

/** The books scaled to a content: for the hand-over once more what they were for its quote minutes before, as a rule. */
function lotsScaled({ id, lots }: PackContext, energyWh: number, fallback: LotOrigin): readonly EnergyLot[] {
  const last = lastScaled.get(id);
  if (last !== undefined && last.lots === lots && last.energyWh === energyWh) return last.scaled;
  const scaled = scaleLots(lots, energyWh, fallback);
  // Without lots the fallback counts, which is of the hour.
  if (lotsEnergyWh(lots) === 0) return scaled;
  if (lastScaled.size >= SCALED_MAX) lastScaled.clear();
  lastScaled.set(id, { lots, energyWh, scaled });
  return scaled;
}

function rentOf(context: PackContext, { leg, isHandOver, sohPercent }: LegReading, rate: BatteryRate): bigint | null {
  if (leg === 'IN') return context.rentNanoYuanPerKwh ?? openingRentRateOf(rate, sohPercent);
  return isHandOver ? openingRentRateOf(rate, sohPercent) : rentRateOf(rate, sohPercent);
}

/** Origin of energy that was in the pack before the books began, at the price of the station's region then. */
export function openingOrigin({ reference }: Surroundings, stationId: string | null, atMs: number): LotOrigin | null {
  const station = reference.station(stationId ?? '') ?? reference.stations()[Symbol.iterator]().next().value;
  if (station === undefined) return null;
  const priced = pricedPeriodAt((id, date) => reference.tariffOf(id, date), station.id, atMs);
  if (priced === null) return null;
  return { period: priced.period, priceNanoYuanPerKwh: priced.priceNanoYuanPerKwh, stationId: station.id, source: 'OPENING' };
}

/** Whether an order gets the leg that it asks for. */
export const answersLeg = (context: PackContext, ask: PackEventOf<'pack.legRequested'>, surroundings: Surroundings): boolean =>
  quoteLeg(context, ask, surroundings).ok;

/** Answers an order that asks for its quote. Custody is check 5 of an authorisation. */
export function answerLeg(context: PackContext, ask: PackEventOf<'pack.legRequested'>, surroundings: Surroundings): Emitted[] {
  const { orderId, leg, atMs } = ask;
  const result = quoteLeg(context, ask, surroundings);
  if (result.ok) return [tell('order', orderId, { type: 'order.legQuoted', atMs, leg, pack: result.leg })];
  const { reason, detail } = result;
  return [tell('order', orderId, { type: 'order.legRefused', atMs, leg, reason, ...(detail === undefined ? {} : { detail }) })];
}

/** Asked by the guard and by what answers. */
const quoteLeg = remembered((context: PackContext, ask: PackEventOf<'pack.legRequested'>, surroundings: Surroundings): LegResult => {
  const { leg, atMs, expectedPlace, handedOverAt } = ask;
  if (isBilledElsewhere(context, ask)) return mismatch(`What pack ${context.id} did in this swap is billed by another order of it.`);
  if (handedOverAt !== undefined) return recalledLeg(context, ask, handedOverAt, surroundings);
  if (context.disputedSinceMs !== null || expectedPlace === null || !samePlace(context.place, expectedPlace)) {
    return { ok: false, reason: leg === 'IN' ? 'PACK_CUSTODY_MISMATCH' : 'NO_BATTERY_AVAILABLE' };
  }
  if (leg === 'OUT' && !isIssuable(context, surroundings)) return { ok: false, reason: 'NO_BATTERY_AVAILABLE' };
  const reported = surroundings.signals.number('pack', context.id, 'socPercent');
  const socPercent =
    ask.socPercent ?? (leg === 'OUT' ? fullestAtIssue(context, reported, surroundings) : knownOr(reported, context.socPercent));
  return legOf(context, { leg, socPercent, sohPercent: context.sohPercent, isHandOver: false, atMs, stationId: null }, surroundings);
});

/**
 * Leg of a pack that changed hands unmeasured, by the SOC that a person found out. Only while it is still where the swap left
 * it: later its lots and its frozen rent are those of another order. Lots keep their shares while the pack is driven; what it was charged
 * with since counts too.
 */
function recalledLeg(
  context: PackContext,
  { leg, atMs, socPercent, expectedPlace }: PackEventOf<'pack.legRequested'>,
  stationId: string,
  surroundings: Surroundings,
): LegResult {
  const { place, sohPercent, disputedSinceMs } = context;
  const isThere =
    leg === 'IN'
      ? place.kind === 'SLOT' && stationOfSlot(place.id) === stationId
      : expectedPlace !== null && samePlace(place, expectedPlace);
  if (disputedSinceMs !== null)
    return mismatch(`Pack ${context.id} is disputed: it was reported elsewhere than at ${place.kind} ${place.id}.`);
  if (!isThere) {
    const expected =
      leg === 'IN' ? `in a slot of ${stationId}` : `at ${expectedPlace === null ? 'a truck' : `${expectedPlace.kind} ${expectedPlace.id}`}`;
    return mismatch(`Pack ${context.id} is at ${place.kind} ${place.id}, not ${expected}.`);
  }
  if (socPercent === null) return mismatch(`The SOC of pack ${context.id} at its hand-over is not known.`);
  // Both rents are frozen by now: the one of a pack that went out, when it was issued.
  return legOf(context, { leg: 'IN', socPercent, sohPercent, isHandOver: true, atMs, stationId }, surroundings);
}

const mismatch = (detail: string): LegResult => ({ ok: false, reason: 'PACK_CUSTODY_MISMATCH', detail });

const knownOr = (reported: number, booked: number): number => (Number.isFinite(reported) ? reported : booked);

/**
 * SOC that a pack in a rack may have when it is picked: it is charged on until then, so the quote, and the hold that is
 * made of it, count with all that its station charges to. The bill takes what is measured.
 */
function fullestAtIssue(context: PackContext, reported: number, { reference }: Surroundings): number {
  const stationId = context.place.kind === 'SLOT' ? stationOfSlot(context.place.id) : null;
  const maxSocPercent = stationId === null ? undefined : reference.station(stationId)?.maxSocPercent;
  return Math.max(context.socPercent, knownOr(reported, 0), maxSocPercent ?? 0);
}

/** Telemetry older or newer than this by the hand-over says nothing about it. */
const COMPARABLE_MS = 120_000;
/** A hand-over this far from telemetry of the same minutes is a spike; smaller jumps are billed and flagged by the order. */
const JUMP_PERCENT = 10;

/** A SOC that jumped at the hand-shake is never billed silently. */
export function isSocJump(packId: string, battery: BatteryData, atMs: number, { signals }: Surroundings): boolean {
  const reported = signals.number('pack', packId, 'socPercent');
  const isComparable = Math.abs(signals.reportedAtMs('pack', packId) - atMs) <= COMPARABLE_MS;
  return isComparable && Math.abs(reported - battery.soC) > JUMP_PERCENT;
}

/** What the order is told when a pack changed hands; null: nobody ordered that. */
export function measured(
  context: PackContext,
  event: PackEventOf<'pack.returned' | 'pack.issued'>,
  result: LegResult,
  surroundings: Surroundings,
): Emitted | null {
  const { orderId, atMs, battery } = event;
  if (orderId === null) return null;
  const leg = event.type === 'pack.returned' ? 'IN' : 'OUT';
  const { id: packId } = context;
  if (!result.ok) {
    const reason = result.reason === 'BATTERY_UNKNOWN' ? 'BATTERY_UNKNOWN' : 'TARIFF_MISSING';
    return tell('order', orderId, { type: 'order.legUnknown', atMs, leg, packId, reason });
  }
  if (isToldToAnother(context, event)) {
    return tell('order', orderId, { type: 'order.legUnknown', atMs, leg, packId, reason: 'DUPLICATE_REPORT' });
  }
  if (isSocJump(packId, battery, atMs, surroundings)) {
    return tell('order', orderId, { type: 'order.legUnknown', atMs, leg, packId, reason: 'SOC_JUMP' });
  }
  const unfit = event.type === 'pack.issued' ? unfitAtIssue(context, event, surroundings) : null;
  return tell('order', orderId, { type: 'order.legMeasured', atMs, leg, pack: result.leg, ...(unfit === null ? {} : { unfit }) });
}
