import { swapIdOf } from '@corridor/protocols/ids';
import { NOTICE_ENGLISH, wordedNotice } from '@corridor/protocols/notice';
import { penaltyIncurred } from '../charge/penalty-charge.ts';
import { yuanText } from '../ledger/decimal-text.ts';
import { ZERO_FEN } from '../ledger/fen.ts';
import { negateFen } from '../ledger/fen-arithmetic.ts';
import type { Emitted, OrderRow, OrderState } from '../network/effect.ts';
import { refOf } from '../network/entity-ref.ts';
import { Create } from '../network/message.ts';
import { clearAlarm, effect, passOnAlarm, tell } from '../network/outgoing.ts';
import type { Reference } from '../network/reference.ts';
import type { SwapInput } from '../swap/swap-input.ts';
import { cashFenOf } from './bill.ts';
import { billBasisOf } from './bill-basis.ts';
import { clearingTransfers } from './clearing-transfers.ts';
import type { OrderContext, PendingIntent } from './order.context.ts';
import { movementsOf } from './order.repair.rules.ts';
import { packageBillingOf, packageWantedWh } from './order.rules.ts';
import { abortCommand, rejectCommand, startCommand } from './order-commands.ts';

/** The row of the order, as it is in a state. */
export const orderRow = (context: OrderContext, state: OrderState, atMs: number): OrderRow => ({
  orderId: context.orderId,
  state,
  reason: context.reason,
  initiation: context.initiation,
  stationId: context.stationId,
  bayId: context.bayId,
  requestId: context.requestId,
  truckId: context.truckId ?? 'UNKNOWN',
  driverId: context.driverId,
  carrierId: context.carrierId,
  returnPackId: context.measuredIn?.packId ?? context.returnPackId,
  issuePackId: context.measuredOut?.packId ?? context.issuePackId,
  quotedFen: context.quotedFen,
  heldFen: context.heldFen,
  payableFen: context.payableFen,
  releasedFen: context.releasedFen,
  energyInWh: context.measuredIn?.energyWh ?? null,
  energyOutWh: context.measuredOut?.energyWh ?? null,
  createdAtMs: context.createdAtMs,
  updatedAtMs: atMs,
});

export const rowChanged = (context: OrderContext, state: OrderState, atMs: number): Emitted =>
  effect({ type: 'order.changed', atMs, order: orderRow(context, state, atMs) });

export function answered(
  intent: PendingIntent | null,
  context: OrderContext,
  answer: { ok: boolean; code: string; detail?: string | undefined; atMs: number },
): Emitted[] {
  if (intent === null) return [];
  const { ok, code, atMs } = answer;
  const detail = answer.detail ?? (context.reasonDetail === '' ? code : context.reasonDetail);
  return [effect({ type: 'intent.answered', atMs, intentId: intent.intentId, ok, code, detail, orderId: context.orderId })];
}

// ── the checks ─────────────────────────────────────────────────────────────────────────────────────
export function bookTruck({ orderId, stationId, truckId }: OrderContext, atMs: number): Emitted[] {
  return truckId === null ? [] : [tell('truck', truckId, { type: 'truck.bookingRequested', atMs, orderId, stationId })];
}

export function askReturnedPack(context: OrderContext, atMs: number): Emitted[] {
  const { orderId, truckId, returnPackId, quotedInSocPercent: socPercent } = context;
  if (returnPackId === null || truckId === null) return [];
  const expectedPlace = { kind: 'TRUCK', id: truckId } as const;
  return [tell('pack', returnPackId, { type: 'pack.legRequested', atMs, orderId, leg: 'IN', socPercent, expectedPlace })];
}

export function askReservation(
  { orderId, stationId, requestId, truckId }: OrderContext,
  need: { interfaceType: string; requiredEnergyWh: number; minSohPercent: number; packOwnerIds: readonly string[] },
  atMs: number,
): Emitted[] {
  if (truckId === null) return [];
  return [tell('station', stationId, { type: 'station.reservationRequested', atMs, orderId, requestId, truckId, ...need })];
}

export function askIssuedPack({ orderId, stationId, issuePackId, issueEvseId }: OrderContext, atMs: number): Emitted[] {
  if (issuePackId === null) return [];
  const expectedPlace = { kind: 'SLOT', id: `${stationId}-${issueEvseId}` } as const;
  return [tell('pack', issuePackId, { type: 'pack.legRequested', atMs, orderId, leg: 'OUT', socPercent: null, expectedPlace })];
}

// ── money ──────────────────────────────────────────────────────────────────────────────────────────
export function askPackage(context: OrderContext, reference: Reference, atMs: number): Emitted[] {
  const { orderId, carrierId } = context;
  const billing = packageBillingOf(reference, context);
  if (carrierId === null || billing === null) return [];
  const wantedWh = packageWantedWh(reference, context);
  return [tell('account', carrierId, { type: 'account.packageRequested', atMs, orderId, issuerId: billing.issuerId, wantedWh })];
}

export function askHold(
  { orderId, carrierId, driverId, attempt, rated }: OrderContext,
  amountFen: typeof ZERO_FEN,
  atMs: number,
): Emitted[] {
  if (carrierId === null) return [];
  // A swap that is over does not keep its driver from another one.
  const busyDriverId = rated === null ? driverId : null;
  return [tell('account', carrierId, { type: 'account.holdRequested', atMs, orderId, amountFen, attempt, driverId: busyDriverId })];
}

/** To hold so much in all; the account takes the difference. */
export function askRaise({ orderId, carrierId, dueFen }: OrderContext, atMs: number): Emitted[] {
  if (carrierId === null || dueFen === null) return [];
  return [tell('account', carrierId, { type: 'account.holdRaiseRequested', atMs, orderId, amountFen: dueFen })];
}

export function askCapture({ orderId, carrierId, rated }: OrderContext, atMs: number): Emitted[] {
  if (carrierId === null || !rated?.ok) return [];
  const { packageDraw } = rated.bill;
  return [tell('account', carrierId, { type: 'account.captureRequested', atMs, orderId, amountFen: cashFenOf(rated.bill), packageDraw })];
}

/** Lines, clearing and what it gives to whom, all in the step of the capture. */
export function clear(context: OrderContext, reference: Reference, atMs: number): Emitted[] {
  const { orderId, carrierId, rated } = context;
  if (!rated?.ok || carrierId === null) return [];
  const { bill } = rated;
  const transfers = clearingTransfers({ orderId, carrierId, platformId: reference.platformId, bill });
  const postings = bill.shares
    .filter(({ netFen }) => netFen !== 0n)
    .map(({ principalId, role, netFen }) =>
      tell('account', principalId, { type: 'account.posted', atMs, key: `order:${orderId}:${role.toLowerCase()}`, amountFen: netFen }),
    );
  const cashFen = cashFenOf(bill);
  const refundFen = cashFen < 0n ? negateFen(cashFen) : ZERO_FEN;
  const refund = tell('account', carrierId, { type: 'account.posted', atMs, key: `order:${orderId}:refund`, amountFen: refundFen });
  return [
    effect({ type: 'order.billed', atMs, orderId, bill, basis: billBasisOf(reference, context) }),
    ...(transfers.length === 0 ? [] : [effect({ type: 'ledger.posted', atMs, transfers })]),
    ...postings,
    ...(refundFen === 0n ? [] : [refund]),
    ...distanceCounted(context, atMs),
    ...legsBilled(context, atMs),
  ];
}

/** No other order of the swap may bill these movements. */
function legsBilled(context: OrderContext, atMs: number): Emitted[] {
  const { orderId, measuredIn, measuredOut, creditReason } = context;
  const billed = (leg: 'IN' | 'OUT', packId: string) =>
    tell('pack', packId, { type: 'pack.legBilled', atMs, orderId, swapId: movementsOf(context), leg });
  return [
    ...(measuredIn === null ? [] : [billed('IN', measuredIn.packId)]),
    ...(measuredOut === null || creditReason !== null ? [] : [billed('OUT', measuredOut.packId)]),
  ];
}

/** The distance to this swap is billed: the truck counts from here. */
function distanceCounted({ orderId, truckId, odometerM, creditReason }: OrderContext, atMs: number): Emitted[] {
  if (truckId === null || odometerM === null || creditReason !== null) return [];
  return [tell('truck', truckId, { type: 'truck.swapBilled', atMs, orderId, odometerM })];
}

// ── the swap ───────────────────────────────────────────────────────────────────────────────────────
/** Held: the station may start, the swap knows its order, and the driver that a pack is kept for him. */
export function authorise(context: OrderContext, reference: Reference, atMs: number): Emitted[] {
  const { orderId, stationId, requestId, issuePackId, issueEvseId, returnPackId } = context;
  if (requestId === null || issuePackId === null || issueEvseId === null) return [];
  const authorised = { type: 'swap.authorised', atMs, orderId, issuePackId, issueEvseId, returnPackId } as const;
  const input: SwapInput = {
    stationId,
    requestId,
    bayId: context.bayId,
    truckId: context.truckId,
    orderId,
    initiation: context.initiation,
    atMs,
  };
  const swapId = swapIdOf(stationId, requestId);
  const told: Emitted =
    context.initiation === 'REMOTE' && !context.knownToSwap
      ? new Create('swap', swapId, { input, first: authorised })
      : tell('swap', swapId, authorised);
  return [...startCommand(context, reference, atMs), told, ...driverTold(context, atMs)];
}

/** Others reserved it, and he learns of it where he decides. */
function driverTold({ orderId, stationId, truckId, tellsDriver }: OrderContext, atMs: number): Emitted[] {
  if (tellsDriver !== true || truckId === null) return [];
  const notice = { code: 'PACK_RESERVED', orderId, stationId } as const;
  return [effect({ type: 'notification.sent', atMs, to: refOf('truck', truckId), notice })];
}

/** Gives back whatever was asked for; what was not given is released without harm. */
export function release(context: OrderContext, atMs: number): Emitted[] {
  const { orderId, stationId, truckId, carrierId, askedTruck, askedStation, askedAccount } = context;
  const emitted: Emitted[] = [];
  if (askedTruck && truckId !== null) emitted.push(tell('truck', truckId, { type: 'truck.bookingReleased', atMs, orderId }));
  if (askedStation) emitted.push(tell('station', stationId, { type: 'station.reservationReleased', atMs, orderId }));
  if (askedAccount && carrierId !== null) {
    emitted.push(tell('account', carrierId, { type: 'account.releaseRequested', atMs, orderId, reason: context.reason ?? 'ENDED' }));
  }
  return emitted;
}

/** Refused or cancelled before the swap: everything goes back, the swap and the station are told. */
export function endBeforeSwap(context: OrderContext, state: 'REJECTED' | 'CANCELLED', atMs: number): Emitted[] {
  const { orderId, stationId, requestId, carrierId, intent, knownToSwap } = context;
  const reason = context.reason ?? state;
  const refused = { type: 'swap.refused', atMs, orderId, reason } as const;
  const isWished = state === 'CANCELLED' && intent?.kind === 'cancel';
  const noCredit = effect({
    type: 'notification.sent',
    atMs,
    to: `principal:${carrierId}`,
    notice: { code: 'NO_CREDIT', orderId, truckId: context.truckId ?? 'unknown', stationId, yuan: yuanText(context.quotedFen ?? 0n) },
  });
  return [
    ...release(context, atMs),
    ...(knownToSwap && requestId !== null ? [tell('swap', swapIdOf(stationId, requestId), refused)] : []),
    ...(knownToSwap ? rejectCommand(context, reason, atMs) : []),
    rowChanged(context, state, atMs),
    ...(reason === 'NO_CREDIT' && carrierId !== null ? [noCredit] : []),
    ...answered(intent, context, { ok: isWished, code: isWished ? 'CANCELLED' : reason, atMs }),
  ];
}

/** A pack was kept for it, and the truck did not come: its contract may have a penalty for that. */
export function didNotCome(context: OrderContext, reference: Reference, atMs: number): Emitted[] {
  const { orderId, stationId, truckId, carrierId, createdAtMs: ratedAtMs, reason, onBehalf } = context;
  if (reason !== 'RESERVATION_EXPIRED' || onBehalf === true || truckId === null || carrierId === null) return [];
  const incident = { kind: 'NO_SHOW', orderId, stationId, truckId, carrierId, ratedAtMs, stayedMs: null } as const;
  return penaltyIncurred(reference, incident, atMs);
}

/** A remote order that is held is given up once the station let go of it. */
export const abort = (context: OrderContext, atMs: number): Emitted[] => [
  ...abortCommand(context, atMs),
  ...answered(context.intent, context, { ok: true, code: 'CANCELLING', atMs }),
];

// ── abnormal ───────────────────────────────────────────────────────────────────────────────────────
const abnormalAlarm = ({ orderId, reason, abnormalAtMs }: OrderContext) =>
  ({ code: reason ?? 'ABNORMAL', scope: 'order', scopeId: orderId, sinceMs: abnormalAtMs ?? 0 }) as const;

export function becameAbnormal(context: OrderContext, atMs: number): Emitted[] {
  const { truckId, orderId, reason, carrierId } = context;
  const block = { type: 'truck.blocked', atMs, reason: 'PAYMENT_CAPTURE_FAILED', by: `order:${orderId}` } as const;
  const notice = {
    code: 'ORDER_ABNORMAL',
    orderId,
    truckId: truckId ?? 'unknown',
    stationId: context.stationId,
    reason: reason ?? 'ABNORMAL',
  } as const;
  return [
    ...release(context, atMs),
    ...(reason === 'PAYMENT_CAPTURE_FAILED' && truckId !== null ? [tell('truck', truckId, block)] : []),
    rowChanged(context, 'ABNORMAL', atMs),
    passOnAlarm(
      {
        ...abnormalAlarm(context),
        level: 2,
        detail: context.reasonDetail === '' ? wordedNotice(NOTICE_ENGLISH, notice).text : context.reasonDetail,
      },
      { stationId: context.stationId, truckId: truckId ?? '', said: context.reasonDetail },
    ),
    ...(carrierId === null ? [] : [effect({ type: 'notification.sent', atMs, to: `principal:${carrierId}`, notice })]),
  ];
}

export function leftAbnormal(context: OrderContext, state: 'REPAIRED' | 'WRITTEN_OFF', atMs: number): Emitted[] {
  const { truckId, orderId, reason } = context;
  const unblock = { type: 'truck.unblocked', atMs, by: `order:${orderId}` } as const;
  return [
    clearAlarm(abnormalAlarm(context), atMs),
    ...(reason === 'PAYMENT_CAPTURE_FAILED' && truckId !== null ? [tell('truck', truckId, unblock)] : []),
    rowChanged(context, state, atMs),
    ...answered(context.intent, context, { ok: true, code: state, atMs }),
  ];
}

/** The bill stands; somebody should look at what it was measured with. */
export function flagged(context: OrderContext, reference: Reference, atMs: number): Emitted[] {
  const operatorId = reference.station(context.stationId)?.operatorId;
  if (context.reason === null || operatorId === undefined) return [];
  const { orderId, stationId, reason } = context;
  return [
    effect({
      type: 'notification.sent',
      atMs,
      to: `principal:${operatorId}`,
      notice: { code: 'BILL_FLAGGED', orderId, stationId, reason },
    }),
  ];
}
