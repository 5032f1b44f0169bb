import { listStatement, replacing, rowsStatement, type TableShape } from './json-rows.ts';

/** The statements of a batch, one per table. Columns stand in the migrations, with what they mean. */
const order = {
  order_id: 'text',
  state: 'text',
  reason: 'text',
  initiation: 'text',
  station_id: 'text',
  bay_id: 'text',
  request_id: 'integer',
  truck_id: 'text',
  driver_id: 'text',
  carrier_id: 'text',
  return_pack_id: 'text',
  issue_pack_id: 'text',
  quoted_fen: 'bigint',
  held_fen: 'bigint',
  payable_fen: 'bigint',
  released_fen: 'bigint',
  energy_in_wh: 'bigint',
  energy_out_wh: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};
const swap = {
  swap_id: 'text',
  station_id: 'text',
  request_id: 'integer',
  bay_id: 'text',
  state: 'text',
  step: 'integer',
  truck_id: 'text',
  order_id: 'text',
  return_pack_id: 'text',
  issue_pack_id: 'text',
  reason: 'text',
  began_at: 'timestamptz',
  updated_at: 'timestamptz',
  ended_at: 'timestamptz',
};
const energyLot = {
  pack_id: 'text',
  lot_no: 'integer',
  energy_wh: 'bigint',
  period: 'text',
  price_nano_yuan_per_kwh: 'bigint',
  station_id: 'text',
  source: 'text',
  changed_at: 'timestamptz',
};
const snapshot = { machine: 'text', id: 'text', version: 'integer', value: 'json', context: 'json', due: 'json', batch_no: 'bigint' };
const position = { src: 'text', lane: 'text', boot_id: 'integer', seq: 'bigint' };
const STANDS = 'alarm.cleared_at is null and alarm.closed_at is null';
const RISES = 'excluded.escalated_at is not null and excluded.escalated_at is distinct from alarm.escalated_at';
/** What became more severe since nobody has seen. */
const IS_SEEN = `${STANDS} and alarm.acknowledged_at is not null and not (${RISES})`;
const alarm: TableShape = {
  table: 'alarm',
  columns: {
    alarm_id: 'text',
    code: 'text',
    level: 'smallint',
    scope: 'text',
    scope_id: 'text',
    detail: 'text',
    args: 'jsonb',
    raised_at: 'timestamptz',
    escalated_at: 'timestamptz',
    cleared_at: 'timestamptz',
    acknowledged_at: 'timestamptz',
    acknowledged_by: 'text',
    acknowledge_note: 'text',
    closed_at: 'timestamptz',
    closed_by: 'text',
    close_reason: 'text',
  },
  // One that stands keeps since when, and who saw it at this level; one that was over begins anew.
  onConflict: `on conflict (platform_id, alarm_id) do update set level = excluded.level, detail = excluded.detail, args = excluded.args,
    raised_at = case when ${STANDS} then alarm.raised_at else excluded.raised_at end, cleared_at = excluded.cleared_at,
    escalated_at = case when ${STANDS} then coalesce(excluded.escalated_at, alarm.escalated_at) else excluded.escalated_at end,
    acknowledged_at = case when ${IS_SEEN} then alarm.acknowledged_at else excluded.acknowledged_at end,
    acknowledged_by = case when ${IS_SEEN} then alarm.acknowledged_by else excluded.acknowledged_by end,
    acknowledge_note = case when ${IS_SEEN} then alarm.acknowledge_note else excluded.acknowledge_note end,
    closed_at = excluded.closed_at, closed_by = excluded.closed_by, close_reason = excluded.close_reason`,
};
const reservation = {
  order_id: 'text',
  station_id: 'text',
  truck_id: 'text',
  pack_id: 'text',
  evse_id: 'integer',
  reserved_at: 'timestamptz',
  expires_at: 'timestamptz',
};

export const tables = {
  swapEvent: rowsStatement('batch_swap_event', {
    table: 'swap_event',
    columns: {
      src: 'text',
      boot_id: 'integer',
      seq: 'bigint',
      stream_seq: 'bigint',
      subject: 'text',
      swap_id: 'text',
      ts_event: 'timestamptz',
      ts_ingest: 'timestamptz',
      skewed: 'boolean',
      refusal: 'text',
      payload: 'text',
    },
    // A source that was forgotten and enrolled anew may count from 1 again: its first life stays the evidence.
    onConflict: 'on conflict do nothing',
  }),
  order: rowsStatement('batch_order', {
    table: 'swap_order',
    columns: { ...order, quote: 'json' },
    // An order keeps its quote until it is quoted anew.
    onConflict: `${replacing(order, ['order_id'])}, quote = coalesce(excluded.quote, swap_order.quote)`,
  }),
  orderLine: rowsStatement('batch_order_line', {
    table: 'order_line',
    columns: {
      order_id: 'text',
      line_no: 'integer',
      component: 'text',
      leg: 'text',
      description: 'text',
      quantity: 'bigint',
      unit: 'text',
      unit_price_nano_yuan: 'bigint',
      amount_fen: 'bigint',
      tax_rate_basis_points: 'integer',
      beneficiary_id: 'text',
      period: 'text',
      pack_id: 'text',
      derivation: 'text',
    },
    onConflict: '',
  }),
  clearingEntry: rowsStatement('batch_clearing_entry', {
    table: 'clearing_entry',
    columns: {
      order_id: 'text',
      principal_id: 'text',
      role: 'text',
      gross_fen: 'bigint',
      commission_fen: 'bigint',
      net_fen: 'bigint',
      cleared_at: 'timestamptz',
    },
    onConflict: '',
  }),
  orderBasis: rowsStatement('batch_order_basis', {
    table: 'order_basis',
    columns: { order_id: 'text', basis: 'json', billed_at: 'timestamptz' },
    onConflict: '',
  }),
  swap: rowsStatement('batch_swap', { table: 'swap', columns: swap, onConflict: replacing(swap, ['swap_id']) }),
  reservation: rowsStatement('batch_reservation', { table: 'reservation', columns: reservation, onConflict: 'on conflict do nothing' }),
  reservationEnd: listStatement('batch_reservation_end', {
    columns: { order_id: 'text', ended_at: 'timestamptz', end_reason: 'text' },
    text: (list, platform) =>
      // It ends once. Asked for as one that is open it would be looked for among all that are, instead of by its order.
      `update reservation o set ended_at = coalesce(o.ended_at, r.ended_at), end_reason = coalesce(o.end_reason, r.end_reason) from ${list}
        where o.platform_id = ${platform} and o.order_id = r.order_id`,
  }),
  transfer: rowsStatement('batch_transfer', {
    table: 'transfer',
    columns: {
      key: 'text',
      kind: 'text',
      debit_account_id: 'text',
      credit_account_id: 'text',
      amount_fen: 'bigint',
      order_id: 'text',
      at: 'timestamptz',
      batch_no: 'bigint',
    },
    // A key that exists is a bug: the batch must not be written.
    onConflict: '',
    // Balances follow each statement, and their floors are checked with it.
    isOneStatement: true,
  }),
  audit: rowsStatement('batch_audit', {
    table: 'audit_log',
    columns: {
      at: 'timestamptz',
      user_id: 'text',
      action: 'text',
      entity_kind: 'text',
      entity_id: 'text',
      before: 'jsonb',
      after: 'jsonb',
      request_id: 'text',
      outcome: 'text',
      code: 'text',
    },
    onConflict: '',
  }),
  payment: rowsStatement('batch_payment', {
    table: 'payment',
    columns: {
      payment_id: 'text',
      principal_id: 'text',
      direction: 'text',
      channel: 'text',
      amount_fen: 'bigint',
      state: 'text',
      transfer_key: 'text',
      requested_by: 'text',
      requested_at: 'timestamptz',
      settled_at: 'timestamptz',
    },
    // Asked for before, it is confirmed now.
    onConflict: `on conflict (platform_id, payment_id) do update set state = excluded.state, transfer_key = excluded.transfer_key,
      settled_at = excluded.settled_at, next_check_at = null, detail = null where payment.state <> 'CONFIRMED'`,
  }),
  energyLot: rowsStatement('batch_energy_lot', {
    table: 'energy_lot',
    columns: energyLot,
    onConflict: replacing(energyLot, ['pack_id', 'lot_no']),
  }),
  lotsBeyond: listStatement('batch_lots_beyond', {
    columns: { pack_id: 'text', lots: 'integer' },
    text: (list, platform) =>
      `delete from energy_lot l using ${list} where l.platform_id = ${platform} and l.pack_id = r.pack_id and l.lot_no >= r.lots`,
  }),
  alarm: rowsStatement('batch_alarm', alarm),
  // Of those that came again within the batch: it is not folded, for it has to find what was written before it.
  alarmAgain: rowsStatement('batch_alarm_again', alarm),
  notification: rowsStatement('batch_notification', {
    table: 'notification',
    columns: {
      recipient: 'text',
      title: 'text',
      body: 'text',
      at: 'timestamptz',
      message_id: 'text',
      sent_by: 'text',
      sent_for: 'text',
      station_id: 'text',
    },
    onConflict: '',
  }),
  outbox: rowsStatement('batch_outbox', {
    table: 'outbox',
    columns: {
      command_id: 'text',
      order_id: 'text',
      subject: 'text',
      payload: 'text',
      state: 'text',
      issued_at: 'timestamptz',
      expires_at: 'timestamptz',
      issued_by: 'text',
      note: 'text',
    },
    onConflict: 'on conflict do nothing',
  }),
  transition: rowsStatement('batch_transition', {
    table: 'actor_transition',
    columns: {
      machine: 'text',
      id: 'text',
      at: 'timestamptz',
      batch_no: 'bigint',
      ordinal: 'integer',
      from_state: 'text',
      to_state: 'text',
      event: 'text',
      told_by: 'text',
    },
    onConflict: '',
  }),
  snapshot: rowsStatement('batch_snapshot', {
    table: 'actor_snapshot',
    columns: snapshot,
    onConflict: replacing(snapshot, ['machine', 'id']),
  }),
  snapshotRetired: listStatement('batch_snapshot_retire', {
    columns: { machine: 'text', id: 'text' },
    text: (list, platform) =>
      `delete from actor_snapshot s using ${list} where s.platform_id = ${platform} and s.machine = r.machine and s.id = r.id`,
  }),
  position: rowsStatement('batch_position', {
    table: 'source_position',
    columns: position,
    onConflict: replacing(position, ['src', 'lane']),
  }),
} as const;
