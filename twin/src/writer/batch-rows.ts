import type { EffectOf, OrderRow, SwapRow } from '@corridor/actors/network/effect';
import { parseRef } from '@corridor/actors/network/entity-ref';
import type { Bill } from '@corridor/actors/order/bill';
import { assert } from '@corridor/protocols/assert';
import type { QuotedSoc } from '@corridor/protocols/http/order-detail';
import { swapIdOf } from '@corridor/protocols/ids';
import { commandMessage } from '../commands/command-message.ts';
import type { ChainedTransfer } from '../ledger/canonical-transfer.ts';
import { agreementActs } from './agreement-rows.ts';
import { alarmRounds } from './alarm-rows.ts';
import { chargeRows } from './charge-rows.ts';
import { custodyMoves } from './custody-rows.ts';
import { timeText, timeTextOrNull } from './json-rows.ts';
import { notificationRow } from './notification-rows.ts';
import { settlementRows } from './settlement-rows.ts';
import { transitionRows } from './transition-rows.ts';
import type { ReceivedEvent, WriterBatch } from './writer-batch.ts';

/** A batch as rows, table by table. */
export type BatchRows = ReturnType<typeof batchRows>;

export function batchRows(batch: WriterBatch, scope: string) {
  const effects = sorted(batch);
  const orders = effects.orders.map((order) => ({ ...orderRow(order), quote: effects.quotes.get(order.orderId) ?? null }));
  assert(orders.filter(({ quote }) => quote !== null).length === effects.quotes.size, 'an order is quoted and did not change');
  return {
    events: batch.evidence.map(eventRow),
    orders,
    reservationEnds: effects.orders
      .filter(({ state }) => state !== 'CREATED' && state !== 'QUOTED' && state !== 'HELD')
      .map(({ orderId, state }) => ({ order_id: orderId, ended_at: timeText(batch.scopeAtMs), end_reason: state })),
    lines: effects.bills.flatMap(lineRows),
    clearing: effects.bills.flatMap(clearingRows),
    bases: effects.bills.map(({ orderId, basis, atMs }) => ({ order_id: orderId, basis, billed_at: timeText(atMs) })),
    swaps: effects.swaps.map(swapRow),
    reservations: effects.commands.flatMap(reservationRows),
    transfers: effects.posted.flatMap((posted) =>
      posted.transfers.map((transfer) => ({
        key: transfer.key,
        kind: transfer.kind,
        debit_account_id: transfer.debitAccountId,
        credit_account_id: transfer.creditAccountId,
        amount_fen: transfer.amountFen,
        order_id: transfer.orderId,
        at: timeText(posted.atMs),
        batch_no: batch.batchNo,
      })),
    ),
    payments: effects.posted.flatMap((posted) => paymentRows(posted, batch.requestedBy)),
    custody: custodyMoves(effects.moves),
    custodyPassed: effects.passed,
    lots: effects.lots.flatMap(lotRows),
    lotCounts: effects.lots.map(({ packId, lots }) => ({ pack_id: packId, lots: lots.length })),
    alarms: alarmRounds(batch.step.effects),
    notifications: effects.notifications.map(notificationRow),
    commands: effects.commands.map((effect) => outboxRow(effect, scope)),
    commandUpdates: batch.commandUpdates.map(({ commandId, state, detail, atMs }) => ({
      command_id: commandId,
      state,
      detail,
      at: timeText(atMs),
    })),
    transitions: transitionRows(batch),
    snapshots: [...batch.step.changed.values()].map((stored) => ({ ...stored, batch_no: batch.batchNo })),
    retired: [...batch.step.retired].map((ref) => {
      const { kind, id } = parseRef(ref);
      return { machine: kind, id };
    }),
    audits: batch.audits.map(({ atMs, userId, action, entityKind, entityId, before, after, requestId, outcome, code }) => ({
      at: timeText(atMs),
      user_id: userId,
      action,
      entity_kind: entityKind,
      entity_id: entityId,
      before,
      after,
      request_id: requestId,
      outcome,
      code,
    })),
    settlement: settlementRows(batch.step.effects),
    charges: chargeRows(batch.step.effects),
    agreements: agreementActs(batch.step.effects),
    positions: [...batch.positions].map(([src, { bootId, seq }]) => ({ src, lane: 'evt', boot_id: bootId, seq })),
  };
}

/** A transfer as the chain of hashes takes it, from the very row that is written. */
export const chainedTransfer = (row: BatchRows['transfers'][number]): ChainedTransfer => ({
  key: row.key,
  kind: row.kind,
  debitAccountId: row.debit_account_id,
  creditAccountId: row.credit_account_id,
  amountFen: row.amount_fen,
  orderId: row.order_id,
  at: row.at,
});

/** Effects by kind; of what is a state, only the newest of each thing. Those of settlement and of alarms have rows of their own. */
function sorted({ step: { effects } }: WriterBatch) {
  const { orders, swaps, lots, ...kinds } = nothingYet();
  const { quotes, bills, posted, moves, passed, commands, notifications } = kinds;
  for (const effect of effects) {
    switch (effect.type) {
      case 'order.changed':
        orders.set(effect.order.orderId, effect.order);
        break;
      case 'order.quoted':
        quotes.set(effect.orderId, { ...effect.quote, soc: effect.soc });
        break;
      case 'order.billed':
        bills.push(effect);
        break;
      case 'swap.changed':
        swaps.set(effect.swap.swapId, effect.swap);
        break;
      case 'ledger.posted':
        posted.push(effect);
        break;
      case 'custody.moved':
        moves.push(effect);
        break;
      case 'custody.passed':
        passed.push(effect);
        break;
      case 'lots.changed':
        lots.set(effect.packId, effect);
        break;
      case 'command.issued':
        commands.push(effect);
        break;
      case 'notification.sent':
        notifications.push(effect);
        break;
      case 'alarm.raised':
      case 'alarm.cleared':
      case 'alarm.acknowledged':
      case 'alarm.closed':
      case 'alarm.shelved':
      case 'notification.read':
      case 'notification.answered':
      case 'alarm.unshelved':
      case 'intent.answered':
      case 'correction.booked':
      case 'meter.mismatched':
      case 'statement.frozen':
      case 'settlement.progressed':
      case 'penalty.incurred':
      case 'charge.booked':
      case 'agreement.drafted':
      case 'agreement.approved':
      case 'agreement.withdrawn':
      case 'roster.changed':
        break;
    }
  }
  return { ...kinds, orders: [...orders.values()], swaps: [...swaps.values()], lots: [...lots.values()] };
}

const nothingYet = () => ({
  orders: new Map<string, OrderRow>(),
  swaps: new Map<string, SwapRow>(),
  lots: new Map<string, EffectOf<'lots.changed'>>(),
  quotes: new Map<string, Bill & { soc: QuotedSoc | null }>(),
  bills: [] as EffectOf<'order.billed'>[],
  posted: [] as EffectOf<'ledger.posted'>[],
  moves: [] as EffectOf<'custody.moved'>[],
  passed: [] as EffectOf<'custody.passed'>[],
  commands: [] as EffectOf<'command.issued'>[],
  notifications: [] as EffectOf<'notification.sent'>[],
});

function eventRow(event: ReceivedEvent) {
  return {
    src: event.source,
    boot_id: event.bootId,
    seq: event.seq,
    stream_seq: event.streamSeq,
    subject: event.subject,
    swap_id: swapIdOfEvent(event),
    ts_event: timeText(event.eventAtMs),
    ts_ingest: timeText(event.receivedWallMs),
    skewed: event.skewed,
    refusal: event.refusal,
    payload: event.text,
  };
}

function swapIdOfEvent({ decoded }: ReceivedEvent): string | null {
  if (decoded?.subject.lane !== 'evt' || decoded.subject.topic !== 'swap') return null;
  return swapIdOf(decoded.subject.id, (decoded.envelope.data as { requestId: number }).requestId);
}

function orderRow(order: OrderRow) {
  return {
    order_id: order.orderId,
    state: order.state,
    reason: order.reason,
    initiation: order.initiation,
    station_id: order.stationId,
    bay_id: order.bayId,
    request_id: order.requestId,
    truck_id: order.truckId,
    driver_id: order.driverId,
    carrier_id: order.carrierId,
    return_pack_id: order.returnPackId,
    issue_pack_id: order.issuePackId,
    quoted_fen: order.quotedFen,
    held_fen: order.heldFen,
    payable_fen: order.payableFen,
    released_fen: order.releasedFen,
    energy_in_wh: order.energyInWh,
    energy_out_wh: order.energyOutWh,
    created_at: timeText(order.createdAtMs),
    updated_at: timeText(order.updatedAtMs),
  };
}

const lineRows = ({ orderId, bill }: EffectOf<'order.billed'>) =>
  bill.lines.map((line) => ({
    order_id: orderId,
    line_no: line.lineNo,
    component: line.component,
    leg: line.leg,
    description: line.description,
    quantity: line.quantity,
    unit: line.unit,
    unit_price_nano_yuan: line.unitPriceNanoYuan,
    amount_fen: line.amountFen,
    tax_rate_basis_points: line.taxRateBasisPoints,
    beneficiary_id: line.beneficiaryId,
    period: line.period,
    pack_id: line.packId,
    derivation: line.derivation,
  }));

const clearingRows = ({ orderId, bill, atMs }: EffectOf<'order.billed'>) =>
  bill.shares.map((share) => ({
    order_id: orderId,
    principal_id: share.principalId,
    role: share.role,
    gross_fen: share.grossFen,
    commission_fen: share.commissionFen,
    net_fen: share.netFen,
    cleared_at: timeText(atMs),
  }));

function swapRow(swap: SwapRow) {
  return {
    swap_id: swap.swapId,
    station_id: swap.stationId,
    request_id: swap.requestId,
    bay_id: swap.bayId,
    state: swap.state,
    step: swap.step,
    truck_id: swap.truckId,
    order_id: swap.orderId,
    return_pack_id: swap.returnPackId,
    issue_pack_id: swap.issuePackId,
    reason: swap.reason,
    began_at: timeText(swap.beganAtMs),
    updated_at: timeText(swap.updatedAtMs),
    ended_at: timeTextOrNull(swap.endedAtMs),
  };
}

/** The pack that a start command names is kept for the truck. */
function reservationRows(effect: EffectOf<'command.issued'>) {
  if (effect.verb !== 'swap.start') return [];
  return [
    {
      order_id: effect.args.orderId,
      station_id: effect.id,
      truck_id: effect.args.truckId,
      pack_id: effect.args.issuePackId,
      evse_id: effect.args.issueEvseId,
      reserved_at: timeText(effect.atMs),
      expires_at: timeText(effect.expiresAtMs),
    },
  ];
}

const RAIL_PREFIX = 'RAIL_';

/** On which side of a transfer a rail stands; null: on none. */
function railSideOf({ debitAccountId, creditAccountId }: { debitAccountId: string; creditAccountId: string }): 'FROM' | 'TO' | null {
  if (debitAccountId.startsWith(RAIL_PREFIX)) return 'FROM';
  return creditAccountId.startsWith(RAIL_PREFIX) ? 'TO' : null;
}

/** Money that a payment rail moved: a payment that was asked for becomes confirmed, one that never was is written as such. */
function paymentRows({ transfers, atMs }: EffectOf<'ledger.posted'>, requestedBy: WriterBatch['requestedBy']) {
  return transfers
    .filter((transfer) => railSideOf(transfer) !== null)
    .map((transfer) => {
      const { key, debitAccountId, creditAccountId, amountFen } = transfer;
      const by = requestedBy.get(key);
      assert(by !== undefined, `nobody asked for the payment ${key}`);
      const isIn = railSideOf(transfer) === 'FROM';
      const ownAccountId = isIn ? creditAccountId : debitAccountId;
      return {
        payment_id: key,
        principal_id: ownAccountId.slice(0, ownAccountId.lastIndexOf('_')),
        direction: isIn ? 'TOP_UP' : transfer.kind === 'REFUND' ? 'WITHDRAWAL' : 'PAYOUT',
        channel: (isIn ? debitAccountId : creditAccountId).slice(RAIL_PREFIX.length),
        amount_fen: amountFen,
        state: 'CONFIRMED',
        transfer_key: key,
        requested_by: by,
        requested_at: timeText(atMs),
        settled_at: timeText(atMs),
      };
    });
}

const lotRows = ({ packId, lots, atMs }: EffectOf<'lots.changed'>) =>
  lots.map((lot, lot_no) => ({
    pack_id: packId,
    lot_no,
    energy_wh: lot.energyWh,
    period: lot.period,
    price_nano_yuan_per_kwh: lot.priceNanoYuanPerKwh,
    station_id: lot.stationId,
    source: lot.source,
    changed_at: timeText(atMs),
  }));

function outboxRow(effect: EffectOf<'command.issued'>, scope: string) {
  const message = commandMessage(effect, scope);
  return {
    command_id: message.commandId,
    order_id: message.orderId,
    subject: message.subject,
    payload: message.payload,
    state: 'PENDING',
    issued_at: timeText(effect.atMs),
    expires_at: timeText(effect.expiresAtMs),
    issued_by: effect.issuedBy,
    note: effect.note ?? null,
  };
}
