import { slotIdOf, swapIdOf } from '@corridor/protocols/ids';
import type { BatteryData } from '@corridor/protocols/ocpp';
import type { SwapEventName } from '@corridor/protocols/swap-step';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { Create } from '../network/message.ts';
import { effect, raiseAlarm, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { FIRST_STEP_OF_NO_RETURN, FIRST_STEP_UNDER_WAY } from '../order/order-config.ts';
import type { OrderInput } from '../order/order-input.ts';
import { AUTHORISED_STEP, ENDINGS, endsSwap, type Heard, heardOf, isEnding, isLegTaken, stepOf } from './swap-report.rules.ts';

export interface SwapContext {
  stationId: string;
  requestId: number;
  bayId: string | null;
  truckId: string | null;
  orderId: string | null;
  initiation: 'LOCAL' | 'REMOTE';
  /** Last step of the procedure that is known to have ended; -1 before the arrival. */
  step: number;
  /** Its order takes no packs: refused, over, or of another truck. Packs swapped nevertheless belong to another, abnormal order. */
  refused: boolean;
  /** The station named another truck after the identification; absent: it did not. */
  truckChanged?: boolean;
  /** Orders made for packs that its first order has nothing to do with; absent: none. */
  strayOrders?: number;
  /** What its order knows of it: that it may begin, and later that it has; null or absent: nothing, or that is not known here. */
  orderKnows?: 'AUTHORISED' | 'UNDER_WAY' | null;
  issuePackId: string | null;
  returnPackId: string | null;
  /** Serial numbers whose hand-over was told already for its order. */
  packsIn: readonly string[];
  packsOut: readonly string[];
  reason: string | null;
  beganAtMs: number;
  /** Last word of the gateway. */
  heardAtMs: number;
  endedAtMs: number | null;
}

type SwapEvent = EventOf['swap'];
export type SwapEventOf<T extends SwapEvent['type']> = Extract<SwapEvent, { type: T }>;
type Report = SwapEventOf<'swap.reported'>;

/** What the swap keeps of a report; the order of its parts does not matter, each looks at what was known before. */
export function noted(context: SwapContext, report: Report, nowMs: number): Partial<SwapContext> {
  const { event, bayId, initiation, packSerialNumber, reasonCode } = report;
  const { orderId, truckId, isOther, moved, step, ends } = heardOf(context, report);
  const isStray = context.orderId !== null && orderId !== context.orderId;
  const isAnother = isStray || isOther;
  const packsIn = isAnother ? [] : context.packsIn;
  const packsOut = isAnother ? [] : context.packsOut;
  return {
    orderId,
    truckId,
    refused: ends || (orderId === context.orderId && (context.refused || isOther)),
    truckChanged: context.truckChanged === true || isOther,
    strayOrders: (context.strayOrders ?? 0) + (isStray ? 1 : 0),
    orderKnows: orderKnows(context, report, orderId),
    packsIn: event === 'battery_in' ? [...packsIn, ...moved.map(serialOf)] : packsIn,
    packsOut: event === 'battery_out' ? [...packsOut, ...moved.map(serialOf)] : packsOut,
    bayId,
    initiation: initiation ?? context.initiation,
    returnPackId: packSerialNumber ?? context.returnPackId,
    reason: event === 'resumed' ? null : (reasonCode ?? context.reason),
    heardAtMs: nowMs,
    endedAtMs: ends ? (context.endedAtMs ?? nowMs) : context.endedAtMs,
    step: step !== null && step > context.step ? step : context.step,
  };
}

/** An order that was held hears of steps until one is the first that is under way: later ones change nothing of it. */
function orderKnows(
  { orderId: known, orderKnows = null, step }: SwapContext,
  { event }: Report,
  orderId: string | null,
): 'AUTHORISED' | 'UNDER_WAY' | null {
  if (orderId !== known) return null;
  const reached = stepOf(event);
  return orderKnows === 'AUTHORISED' && reached !== null && reached > step && reached >= FIRST_STEP_UNDER_WAY ? 'UNDER_WAY' : orderKnows;
}

const serialOf = ({ serialNumber }: BatteryData): string => serialNumber;

/** A step of an open swap that is news: also one that implies steps nobody told. */
export const advances = ({ endedAtMs, step }: SwapContext, { event }: Report, is: SwapEventName): boolean =>
  event === is && endedAtMs === null && (stepOf(is) ?? 0) > step;

/** It ends an open swap. */
export const ends = ({ endedAtMs }: SwapContext, report: Report, is: SwapEventName): boolean =>
  report.event === is && endedAtMs === null && endsSwap(report);

const idOf = ({ stationId, requestId }: SwapContext) => swapIdOf(stationId, requestId);

/** Everything that a report of the gateway makes known to others. */
export function follow(context: SwapContext, report: Report): Emitted[] {
  const { event, atMs, bayId } = report;
  const heard = heardOf(context, report);
  const { orderId, truckId, isOther, step } = heard;
  const isNews = step === null || step > context.step;
  const told: Emitted[] = [];
  if (context.step < 0) told.push(tell('bay', bayId, { type: 'bay.truckArrived', atMs, swapId: idOf(context), truckId }));
  if (isOther) told.push(...truckChanged(context, report));
  if (truckId !== null && context.truckId !== truckId && context.endedAtMs === null) {
    told.push(tell('truck', truckId, { type: 'truck.docked', atMs, stationId: context.stationId, bayId }));
  }
  if (orderId !== null && orderId !== context.orderId) told.push(createOrder(context, report, orderId, heard));
  if (event === 'identified' && isNews && context.orderId !== null) {
    const { packSerialNumber, packSocPercent, odometerM } = report;
    told.push(tell('order', context.orderId, { type: 'order.truckDocked', atMs, bayId, packSerialNumber, packSocPercent, odometerM }));
  }
  if (orderId !== null && step !== null && step >= AUTHORISED_STEP && isNews) {
    if (context.step < AUTHORISED_STEP) told.push(tell('bay', bayId, { type: 'bay.swapBegan', atMs, swapId: idOf(context), orderId }));
    if (orderId !== context.orderId || context.orderKnows !== 'UNDER_WAY')
      told.push(tell('order', orderId, { type: 'order.swapStepped', atMs, event, step, bayId, backfill: report.backfill }));
  }
  if (event === 'battery_in' || event === 'battery_out') handOvers(context, report, heard, told);
  if (step === null) told.push(...sideEffects(context, report, heard));
  return told;
}

/** The order hears that it is not its truck's swap any more, and that truck is let go. */
function truckChanged({ orderId, truckId, stationId, endedAtMs }: SwapContext, { atMs, truckId: named }: Report): Emitted[] {
  if (endedAtMs !== null || orderId === null || truckId === null || named === null) return [];
  return [
    tell('order', orderId, { type: 'order.truckChanged', atMs, truckId: named }),
    tell('truck', truckId, { type: 'truck.released', atMs, stationId }),
  ];
}

function createOrder(context: SwapContext, report: Report, orderId: string, { truckId, isOther }: Heard): Emitted {
  const input: OrderInput = {
    orderId,
    initiation: report.initiation ?? context.initiation,
    begin: report.event === 'identified' ? 'CHECKED' : 'UNAUTHORISED',
    // What was heard of late is billed by itself only as the one swap of its number.
    backfill: report.backfill && context.endedAtMs === null && context.truckChanged !== true && !isOther && !isLegTaken(context, report),
    stationId: context.stationId,
    bayId: report.bayId,
    requestId: context.requestId,
    truckId,
    idToken: report.idToken,
    plate: report.plate,
    rfid: report.rfid,
    vin: report.vin,
    packSerialNumber: report.packSerialNumber,
    packSocPercent: report.packSocPercent,
    odometerM: report.odometerM,
    intentId: null,
  };
  return new Create('order', orderId, { input, first: { type: 'order.begun', atMs: report.atMs } });
}

/** Packs that came out of or onto the truck, each told once, whatever the order thinks of it: custody always follows. */
function handOvers(context: SwapContext, report: Report, { orderId, truckId, moved }: Heard, told: Emitted[]): void {
  told.push(...severalPacks(report, moved, orderId));
  for (const battery of moved) {
    if (report.event === 'battery_in') returned(context, report, { battery, orderId, truckId }, told);
    else issued(context, report, { battery, orderId, truckId }, told);
  }
}

interface HandedOver {
  battery: BatteryData;
  orderId: string | null;
  truckId: string | null;
}

function returned(
  { stationId, requestId }: SwapContext,
  { atMs }: Report,
  { battery, orderId, truckId }: HandedOver,
  told: Emitted[],
): void {
  const { serialNumber: packId, evseId } = battery;
  const swapId = swapIdOf(stationId, requestId);
  if (truckId !== null) told.push(tell('truck', truckId, { type: 'truck.packRemoved', atMs, packId, orderId }));
  told.push(
    tell('slot', slotIdOf(stationId, evseId), { type: 'slot.packInserted', atMs, packId, orderId }),
    tell('pack', packId, { type: 'pack.returned', atMs, swapId, orderId, stationId, truckId, evseId, battery }),
  );
}

function issued({ stationId, requestId }: SwapContext, { atMs }: Report, { battery, orderId, truckId }: HandedOver, told: Emitted[]): void {
  const { serialNumber: packId, evseId } = battery;
  told.push(tell('slot', slotIdOf(stationId, evseId), { type: 'slot.packRemoved', atMs, packId, orderId }));
  if (truckId !== null) {
    const swapId = swapIdOf(stationId, requestId);
    told.push(
      tell('truck', truckId, { type: 'truck.packFitted', atMs, packId, orderId }),
      tell('pack', packId, { type: 'pack.issued', atMs, swapId, orderId, stationId, truckId, battery }),
    );
    return;
  }
  // Nobody knows the truck: the pack is out, and where it went is for a person to find.
  const place = { kind: 'TRANSFER' as const, id: stationId };
  const { soC: socPercent, soH: sohPercent } = battery;
  told.push(tell('pack', packId, { type: 'pack.seen', atMs, place, socPercent, sohPercent, evidence: 'INVENTORY' }));
  if (orderId !== null) told.push(tell('order', orderId, { type: 'order.legUnknown', atMs, leg: 'OUT', packId, reason: 'NOT_AUTHORIZED' }));
}

/** Several packs in one hand-over: which of them to bill is for a person to say, and their custody moves all the same. */
function severalPacks({ event, atMs }: Report, moved: readonly BatteryData[], orderId: string | null): Emitted[] {
  const [, second] = moved;
  if (second === undefined || orderId === null) return [];
  const leg = event === 'battery_in' ? 'IN' : 'OUT';
  return [tell('order', orderId, { type: 'order.legUnknown', atMs, leg, packId: second.serialNumber, reason: 'DUPLICATE_REPORT' })];
}

const reasonOf = ({ reasonCode, event }: Report): string => reasonCode ?? event.toUpperCase();

function sideEffects(context: SwapContext, report: Report, { orderId, truckId }: Heard): Emitted[] {
  const { event, atMs, bayId } = report;
  const swapId = idOf(context);
  if (event === 'suspended') return [tell('bay', bayId, { type: 'bay.suspended', atMs, swapId, reason: reasonOf(report) })];
  if (event === 'resumed') return [tell('bay', bayId, { type: 'bay.resumed', atMs, swapId })];
  if (!isEnding(event) || (event === 'failed' && report.recoverable)) return [];
  if (context.endedAtMs !== null)
    return event === 'aborted_no_pack' ? [tell('bay', bayId, { type: 'bay.blocked', atMs, swapId, reason: reasonOf(report) })] : [];
  return end({ ...context, bayId, truckId, orderId }, { outcome: ENDINGS[event], reason: report.reasonCode, atMs });
}

type Outcome = Extract<EventOf['order'], { type: 'order.swapEnded' }>['outcome'];

/** A truck without a pack keeps its bay. */
const isBlockingEnd = ({ packsIn, packsOut }: SwapContext, outcome: Outcome) =>
  outcome === 'ABORTED_NO_PACK' || (outcome === 'BATTERY_OUT_TIMEOUT' && packsIn.length > packsOut.length);
/** Whom a swap gave a pack, with the order of it. One that was aborted, refused or lost gave nobody any. */
const servedBy = ({ orderId, truckId, packsOut }: SwapContext, outcome: Outcome) =>
  outcome === 'COMPLETED' && packsOut.length > 0 && orderId !== null && truckId !== null ? { orderId, truckId } : null;
const ALARMING = ['ABORTED_NO_PACK', 'BATTERY_OUT_TIMEOUT', 'FAILED', 'LOST'] as const satisfies readonly Outcome[];

export function end(context: SwapContext, { outcome, reason, atMs }: { outcome: Outcome; reason: string | null; atMs: number }): Emitted[] {
  const { bayId, truckId, orderId, step } = context;
  const swapId = idOf(context);
  const emitted: Emitted[] = [];
  if (orderId !== null) emitted.push(tell('order', orderId, { type: 'order.swapEnded', atMs, outcome, reason, step }));
  const isBlocking = isBlockingEnd(context, outcome);
  if (bayId !== null && isBlocking) emitted.push(tell('bay', bayId, { type: 'bay.blocked', atMs, swapId, reason: reason ?? outcome }));
  if (bayId !== null && !isBlocking)
    emitted.push(tell('bay', bayId, { type: 'bay.released', atMs, swapId, served: servedBy(context, outcome) }));
  if (truckId !== null && !isBlocking) emitted.push(tell('truck', truckId, { type: 'truck.released', atMs, stationId: context.stationId }));
  // Nothing is lost of a swap that was refused.
  const alarming = ALARMING.find((known) => known === outcome);
  if (alarming !== undefined && !(outcome === 'LOST' && context.refused)) {
    const detail = `step ${step}${reason === null ? '' : `, ${reason}`}`;
    const args = { step, reason: reason ?? '' };
    emitted.push(raiseAlarm({ code: `SWAP_${alarming}`, scope: 'swap', scopeId: swapId, sinceMs: atMs, level: 2, detail, args }));
  }
  return emitted;
}

/** Nothing was being unlocked and no pack moved: it may end as if it had not begun. */
export const isUntouched = ({ step, packsIn, packsOut }: SwapContext) =>
  step + 1 < FIRST_STEP_OF_NO_RETURN && packsIn.length + packsOut.length === 0;

/** How a swap ends whose truck has left the bay without our hearing of it. */
export function outcomeOnceLeft(context: SwapContext): 'ABORTED_SAFE' | 'COMPLETED' | 'LOST' {
  if (isUntouched(context)) return 'ABORTED_SAFE';
  return context.packsOut.length > 0 ? 'COMPLETED' : 'LOST';
}

/** Another swap has its bay: what it was about to do is over. The truck is let go, unless it is the one that arrived again. */
export function truckLeft(context: SwapContext, { atMs, truckId }: SwapEventOf<'swap.bayTaken'>): Emitted[] {
  const isSameTruck = truckId !== null && truckId === context.truckId;
  return end(
    { ...context, truckId: isSameTruck ? null : context.truckId },
    { outcome: outcomeOnceLeft(context), reason: 'TRUCK_LEFT', atMs },
  );
}

/** A serial that the books do not know: its leg has no owner, and its slot is closed. */
export function unknownPack(context: SwapContext, { to, eventType, atMs }: SwapEventOf<'delivery.bounced'>): Emitted[] {
  const packId = to.slice('pack:'.length);
  const { orderId } = context;
  if (orderId === null) return [];
  const leg = eventType === 'pack.returned' ? 'IN' : 'OUT';
  return [tell('order', orderId, { type: 'order.legUnknown', atMs, leg, packId, reason: 'BATTERY_UNKNOWN' })];
}

/** Only asks: the station knows whether it still can. What it does comes as its reports. */
export function askToAbort({ requestId, stationId, orderId }: SwapContext, { by, note, atMs }: SwapEventOf<'swap.abortAsked'>): Emitted[] {
  return [
    effect({
      type: 'command.issued',
      atMs,
      commandId: `${stationId}-${requestId}-abort-${atMs.toString(36)}`,
      source: 'station',
      id: stationId,
      issuedBy: by,
      expiresAtMs: atMs + 60_000,
      orderId,
      note,
      verb: 'swap.abort',
      args: { requestId, reasonCode: 'OPERATOR_ABORT' },
    }),
  ];
}

/** Silent for this long while its gateway is heard: it will not come any more. */
export const SILENT_MS = 30 * 60_000;
/** Silent for this long, whatever the gateway: its journal keeps a week, but an order cannot stay open. */
export const SILENT_MS_MAX = 24 * 3_600_000;
const HEARD_MS = 5 * 60_000;

export function isLost(context: SwapContext, { signals, nowMs }: Surroundings): boolean {
  const silentMs = nowMs() - context.heardAtMs;
  const heardBeforeMs = nowMs() - signals.reportedAtMs('station', context.stationId);
  // Later than now: after an outage of the platform, whose clock is on its way to the time of the stations. What they did meanwhile is not
  // told yet.
  const isGatewayHeard = heardBeforeMs >= 0 && heardBeforeMs <= HEARD_MS;
  // A truck that is still on its way says nothing here: its order gives the reservation up, not we.
  const isAwaited = context.initiation === 'REMOTE' && context.step < 0;
  return silentMs >= SILENT_MS_MAX || (isGatewayHeard && !isAwaited && silentMs >= SILENT_MS);
}

export function swapChanged(context: SwapContext, state: string, atMs: number): Emitted {
  return effect({
    type: 'swap.changed',
    atMs,
    swap: {
      swapId: idOf(context),
      stationId: context.stationId,
      requestId: context.requestId,
      bayId: context.bayId ?? '',
      state,
      step: Math.max(0, context.step),
      truckId: context.truckId,
      orderId: context.orderId,
      returnPackId: context.packsIn[0] ?? context.returnPackId,
      issuePackId: context.packsOut[0] ?? context.issuePackId,
      reason: context.reason,
      beganAtMs: context.beganAtMs,
      updatedAtMs: atMs,
      endedAtMs: context.endedAtMs,
    },
  });
}
