import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import type { Db } from '../db/db.ts';
import { rowsStatement, timeText, writeRows } from './json-rows.ts';

/** What a batch says of rents and penalties, as rows. */
export type ChargeRows = ReturnType<typeof chargeRows>;

export function chargeRows(effects: readonly Effect[]) {
  const booked = effects.filter((effect): effect is EffectOf<'charge.booked'> => effect.type === 'charge.booked');
  const incurred = effects.filter((effect): effect is EffectOf<'penalty.incurred'> => effect.type === 'penalty.incurred');
  return {
    incidents: incurred.map(({ incident, atMs }) => ({
      kind: incident.kind,
      order_id: incident.orderId,
      station_id: incident.stationId,
      truck_id: incident.truckId,
      carrier_id: incident.carrierId,
      rated_at: timeText(incident.ratedAtMs),
      stayed_ms: incident.stayedMs,
      incurred_at: timeText(atMs),
    })),
    charges: booked.map(({ charge, atMs }) => ({
      charge_id: charge.chargeId,
      kind: charge.kind,
      carrier_id: charge.carrierId,
      truck_id: charge.truckId,
      station_id: charge.stationId,
      order_id: charge.orderId,
      contract_id: charge.contractId,
      basis: charge.basis,
      payable_fen: charge.payableFen,
      booked_at: timeText(atMs),
    })),
    lines: booked.flatMap(({ charge: { chargeId, lines } }) =>
      lines.map((line) => ({
        charge_id: chargeId,
        line_no: line.lineNo,
        component: line.component,
        description: line.description,
        amount_fen: line.amountFen,
        tax_rate_basis_points: line.taxRateBasisPoints,
        beneficiary_id: line.beneficiaryId,
        derivation: line.derivation,
      })),
    ),
    entries: booked.flatMap(({ charge: { chargeId, shares }, atMs }) =>
      shares.map((share) => ({
        charge_id: chargeId,
        principal_id: share.principalId,
        role: share.role,
        gross_fen: share.grossFen,
        commission_fen: share.commissionFen,
        net_fen: share.netFen,
        booked_at: timeText(atMs),
      })),
    ),
  };
}

/** A key that exists is a bug: the batch must not be written. */
const once = (table: string, columns: Readonly<Record<string, string>>) =>
  rowsStatement(`batch_${table}`, { table, columns, onConflict: '' });
const statements = {
  /** The first one of an order counts, whatever a station says twice. */
  incident: rowsStatement('batch_penalty_incident', {
    table: 'penalty_incident',
    columns: {
      kind: 'text',
      order_id: 'text',
      station_id: 'text',
      truck_id: 'text',
      carrier_id: 'text',
      rated_at: 'timestamptz',
      stayed_ms: 'bigint',
      incurred_at: 'timestamptz',
    },
    onConflict: 'on conflict do nothing',
  }),
  charge: once('charge', {
    charge_id: 'text',
    kind: 'text',
    carrier_id: 'text',
    truck_id: 'text',
    station_id: 'text',
    order_id: 'text',
    contract_id: 'text',
    basis: 'json',
    payable_fen: 'bigint',
    booked_at: 'timestamptz',
  }),
  line: once('charge_line', {
    charge_id: 'text',
    line_no: 'integer',
    component: 'text',
    description: 'text',
    amount_fen: 'bigint',
    tax_rate_basis_points: 'integer',
    beneficiary_id: 'text',
    derivation: 'text',
  }),
  entry: once('charge_entry', {
    charge_id: 'text',
    principal_id: 'text',
    role: 'text',
    gross_fen: 'bigint',
    commission_fen: 'bigint',
    net_fen: 'bigint',
    booked_at: 'timestamptz',
  }),
} as const;

/** After orders and transfers, which they name. */
export async function writeCharges(db: Db, platformId: string, rows: ChargeRows): Promise<void> {
  await writeRows(db, statements.incident, platformId, rows.incidents);
  await writeRows(db, statements.charge, platformId, rows.charges);
  await writeRows(db, statements.line, platformId, rows.lines);
  await writeRows(db, statements.entry, platformId, rows.entries);
}
