import type { GatewayFaultData } from '@corridor/protocols/evt/gateway';
import { slotIdOf } from '@corridor/protocols/ids';
import type { AuthorisationReason, Interlock } from '@corridor/protocols/reason-code';
import { STATION_STATES } from '@corridor/protocols/tele/station';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { clearAlarm, passOnAlarm, tell } from '../network/outgoing.ts';
import type { Reference } from '../network/reference.ts';
import { remembered } from '../network/remembered.ts';

export type EquipmentState = (typeof STATION_STATES)[number];

export interface StationInput {
  id: string;
}

/** What a slot offers now. */
export interface StockRow {
  evseId: number;
  packId: string | null;
  issuable: boolean;
  energyWh: number;
  socPercent: number;
  sohPercent: number;
  ownerId: string;
  typeCode: string;
}

export interface Reservation {
  orderId: string;
  requestId: number;
  evseId: number;
  packId: string;
  truckId: string;
}

export interface StationContext {
  id: string;
  /** Its gateway is heard. */
  online: boolean;
  closed: boolean;
  /** For whom it was closed, the platform or its operator; absent: before that was noted. */
  closedFor?: string | null;
  /** As the gateway reports it. */
  equipment: EquipmentState;
  faults: readonly (GatewayFaultData & { sinceMs: number })[];
  stock: readonly StockRow[];
  reservations: readonly Reservation[];
  /** Last even number given to a remote swap; the station itself numbers with odd ones. */
  lastRequestId: number;
  /** Since when an inventory said what cannot be true; absent or null: the last one did not. */
  doubtfulSinceMs?: number | null;
}

type StationEvent = EventOf['station'];
export type StationEventOf<T extends StationEvent['type']> = Extract<StationEvent, { type: T }>;

export const equipmentOf = (text: string | null): EquipmentState => STATION_STATES.find((known) => known === text) ?? 'INOPERATIVE';

/** Faults that freeze every motion of the station, and the interlock that they stand for. */
const INTERLOCK_OF_FAULT: Readonly<Record<string, Interlock>> = {
  ESTOP: 'INTERLOCK_ESTOP',
  SMOKE: 'INTERLOCK_FIRE',
  FIRE: 'INTERLOCK_FIRE',
  PERSON_IN_ZONE: 'INTERLOCK_PERSON_IN_ZONE',
  BLACKOUT: 'INTERLOCK_POWER_LOSS',
  POWER_LOSS: 'INTERLOCK_POWER_LOSS',
  POSITION_SENSOR: 'INTERLOCK_POSITION_SENSOR',
  WIND: 'INTERLOCK_WIND',
};

export function interlockOf({ faults, equipment }: StationContext): Interlock | null {
  for (const { code, scope } of faults) {
    // The gateway names interlocks either by their cause or as they are.
    const interlock = INTERLOCK_OF_FAULT[code.replace(/^INTERLOCK_/, '')];
    if (interlock && scope !== 'slot' && scope !== 'pack') return interlock;
  }
  return equipment === 'ESTOP' ? 'INTERLOCK_ESTOP' : null;
}

/** Where no slot is missing, as a rule, the row of a slot stands at its number; else null. */
function rowAtNumber(stock: readonly StockRow[], slot: number): StockRow | null {
  const row = stock[slot - 1];
  return row?.evseId === slot ? row : null;
}

/** By slot number, as it was before. */
export function withStock(stock: readonly StockRow[], row: StockRow): StockRow[] {
  if (rowAtNumber(stock, row.evseId) !== null) return stock.with(row.evseId - 1, row);
  const at = stock.findIndex(({ evseId }) => evseId >= row.evseId);
  if (at === -1) return [...stock, row];
  return stock[at]?.evseId === row.evseId ? stock.with(at, row) : stock.toSpliced(at, 0, row);
}

export const stockRowOf = (event: StationEventOf<'station.stockChanged'>): StockRow => ({
  evseId: event.evseId,
  packId: event.packId,
  issuable: event.issuable,
  energyWh: event.energyWh,
  socPercent: event.socPercent,
  sohPercent: event.sohPercent,
  ownerId: event.ownerId,
  typeCode: event.typeCode,
});

/** `readyPacks`: that could be issued now; those that are kept for an order count. */
export type Choice = { ok: true; reservation: Reservation; readyPacks: number } | { ok: false; reason: AuthorisationReason | Interlock };

/**
 * Keeps the fullest pack that is eligible: charged, healthy, of the interface, its owner allowed, enough for the way. Where the reference
 * has another order, the first by that.
 * Asked twice for one order, it answers the same: by what answers the order, and by what notes the answer.
 */
export const choosePack = remembered((context: StationContext, ask: Ask, reference: Reference): Choice => {
  const known = context.reservations.find(({ orderId }) => orderId === ask.orderId);
  if (known) return { ok: true, reservation: known, readyPacks: context.stock.filter(isReady).length };
  const interlock = interlockOf(context);
  if (interlock) return { ok: false, reason: interlock };
  if (!isServing(context)) return { ok: false, reason: 'STATION_NOT_OPERATIVE' };
  const { best, isAnyEligible, readyPacks } = bestOf(context, ask, reference);
  if (best !== null) {
    const requestId = ask.requestId ?? context.lastRequestId + 2;
    const { orderId, truckId } = ask;
    return { ok: true, reservation: { orderId, requestId, evseId: best.evseId, packId: best.packId, truckId }, readyPacks };
  }
  return { ok: false, reason: isAnyEligible ? 'RANGE_INSUFFICIENT' : 'NO_BATTERY_AVAILABLE' };
});

type Ask = StationEventOf<'station.reservationRequested'>;
type Standing = StockRow & { packId: string };
const isReady = (row: StockRow): row is Standing => row.issuable && row.packId !== null;

interface Best {
  best: Standing | null;
  isAnyEligible: boolean;
  readyPacks: number;
}

/** First of the order among the eligible packs that suffice for the way; whether there is any that does not, and how many are ready. */
function bestOf(context: StationContext, ask: Ask, reference: Reference): Best {
  const taken = context.reservations.map(({ evseId }) => evseId);
  let best: Standing | null = null;
  let isAnyEligible = false;
  let readyPacks = 0;
  for (const row of context.stock) {
    if (!isReady(row)) continue;
    readyPacks += 1;
    const isBetter = row.energyWh >= ask.requiredEnergyWh && (best === null || comesBefore(row, best, reference));
    // Whose it is and whether it may go takes longest: asked only of those that matter.
    if (isAnyEligible && !isBetter) continue;
    if (taken.includes(row.evseId) || !isEligible(row, ask, reference)) continue;
    isAnyEligible = true;
    if (isBetter) best = row;
  }
  return { best, isAnyEligible, readyPacks };
}

const isEligible = (row: Standing, { minSohPercent, packOwnerIds, interfaceType }: Ask, reference: Reference): boolean =>
  row.sohPercent >= minSohPercent &&
  mayIssue(row, row.packId, packOwnerIds, reference) &&
  reference.packType(row.typeCode)?.interfaceType === interfaceType;

/** The fullest, where the reference has no other order; then the lowest slot. */
function comesBefore(one: Standing, other: Standing, { packOrder }: Reference): boolean {
  const order = packOrder?.(one.packId, other.packId) ?? 0;
  return (order || other.energyWh - one.energyWh || one.evseId - other.evseId) < 0;
}

/** The owner of now: it may have been sold since it was put in. */
function mayIssue(row: StockRow, packId: string, packOwnerIds: readonly string[], reference: Reference): boolean {
  const ownerId = reference.pack(packId)?.ownerId ?? row.ownerId;
  const isStopped = reference.suspensionOf('PACK', packId) !== null || reference.suspensionOf('PRINCIPAL', ownerId) !== null;
  return !isStopped && packOwnerIds.includes(ownerId);
}

/** A local swap reached the platform, so its gateway is heard even where its heartbeat was not yet. */
export const isServing = ({ closed, equipment }: StationContext) => !closed && (equipment === 'OPERATIVE' || equipment === 'DEGRADED');

export function answerReservation(context: StationContext, ask: StationEventOf<'station.reservationRequested'>, choice: Choice): Emitted[] {
  const { orderId, atMs } = ask;
  if (!choice.ok) return [tell('order', orderId, { type: 'order.reservationRefused', atMs, reason: choice.reason })];
  const { packId, evseId, requestId } = choice.reservation;
  return [
    tell('slot', slotIdOf(context.id, evseId), { type: 'slot.reserved', atMs, orderId }),
    tell('order', orderId, { type: 'order.packReserved', atMs, packId, evseId, requestId, readyPacks: choice.readyPacks }),
  ];
}

export function releaseReservation(context: StationContext, { orderId, atMs }: { orderId: string; atMs: number }): Emitted[] {
  // A slot that gave its pack away is kept for nobody any more.
  const isEmpty = (slot: number) => {
    const row = rowAtNumber(context.stock, slot) ?? context.stock.find(({ evseId }) => evseId === slot);
    return row !== undefined && row.packId === null;
  };
  return context.reservations
    .filter((reservation) => reservation.orderId === orderId && !isEmpty(reservation.evseId))
    .map(({ evseId }) => tell('slot', slotIdOf(context.id, evseId), { type: 'slot.reservationReleased', atMs, orderId }));
}

const faultAlarm = ({ code, scope, scopeId }: GatewayFaultData, sinceMs: number) => ({ code, scope, scopeId, sinceMs });

export function faultRaised(context: StationContext, { atMs, fault }: StationEventOf<'station.faultRaised'>): Emitted[] {
  const { detail } = fault;
  const known = context.faults.find(({ faultId }) => faultId === fault.faultId);
  if (!known) return [passOnAlarm({ ...faultAlarm(fault, atMs), level: levelOf(fault), detail }), ...passOn(fault, atMs, 'faultRaised')];
  if (!isWorse(fault, known)) return [];
  return [passOnAlarm({ ...faultAlarm(known, known.sinceMs), level: levelOf(fault), detail, escalatedAtMs: atMs })];
}

/** One that is told again keeps since when it stands and what it concerns; its level only rises, until it is cleared. */
export function withFault(
  faults: StationContext['faults'],
  { atMs, fault }: StationEventOf<'station.faultRaised'>,
): StationContext['faults'] {
  const at = faults.findIndex(({ faultId }) => faultId === fault.faultId);
  const known = faults[at];
  if (known === undefined) return [...faults, { ...fault, sinceMs: atMs }];
  return isWorse(fault, known) ? faults.with(at, { ...known, level: fault.level, detail: fault.detail }) : faults;
}

const levelOf = ({ level }: GatewayFaultData): 1 | 2 | 3 => (level === 3 ? 3 : level === 2 ? 2 : 1);
const isWorse = (fault: GatewayFaultData, known: GatewayFaultData): boolean => levelOf(fault) > levelOf(known);

export function faultCleared(context: StationContext, { atMs, fault }: StationEventOf<'station.faultCleared'>): Emitted[] {
  const known = context.faults.find(({ faultId }) => faultId === fault.faultId);
  if (!known) return [];
  return [clearAlarm(faultAlarm(known, known.sinceMs), atMs), ...passOn(known, atMs, 'faultCleared')];
}

function passOn({ scope, scopeId, code }: GatewayFaultData, atMs: number, what: 'faultRaised' | 'faultCleared'): Emitted[] {
  if (scope === 'slot') return [tell('slot', scopeId, { type: `slot.${what}`, atMs, code })];
  if (scope === 'bay') return [tell('bay', scopeId, { type: `bay.${what}`, atMs, code })];
  if (scope !== 'pack') return [];
  // Cleared by whoever looked at it, at the station's own panel.
  return [
    tell(
      'pack',
      scopeId,
      what === 'faultRaised' ? { type: 'pack.quarantined', atMs, reason: code } : { type: 'pack.cleared', atMs, by: 'local panel' },
    ),
  ];
}

export function operatorAct(context: StationContext, { act, evseId, atMs, by }: StationEventOf<'station.operatorAct'>): Emitted[] {
  const type = act === 'SLOT_SET_ASIDE' ? 'slot.setAside' : 'slot.returned';
  return [tell('slot', slotIdOf(context.id, evseId), { type, atMs, by })];
}
