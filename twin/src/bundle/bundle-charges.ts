import type { BundleCharge } from '@corridor/protocols/http/bundle';
import type { Db } from '../db/db.ts';
import type { BundleScope } from './bundle-party.ts';

interface ChargeRow {
  [column: string]: unknown;
  view: BundleCharge;
}

/** Rents and penalties booked in the span; of whom the reader is no payer, its own lines and share. Read with the rights of the party. */
export async function bundleCharges(db: Db, scope: BundleScope): Promise<BundleCharge[]> {
  const { platformId, principalId, principalKind, from, until } = scope;
  const { rows } = await db.query<ChargeRow>({
    text: `select json_build_object('chargeId', c.charge_id, 'kind', c.kind, 'carrierId', c.carrier_id, 'truckId', c.truck_id, 'stationId', c.station_id,
                    'orderId', c.order_id, 'contractId', c.contract_id, 'basis', c.basis,
                    'bookedAt', to_char(c.booked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                    'payableFen', case when $5 or c.carrier_id = $2 then c.payable_fen::text end,
                    'lines', coalesce((select json_agg(json_build_object('lineNo', l.line_no, 'component', l.component, 'amountFen', l.amount_fen::text,
                                         'taxRateBasisPoints', l.tax_rate_basis_points, 'beneficiaryId', l.beneficiary_id,
                                         'derivation', l.derivation) order by l.line_no)
                                  from charge_line l where l.platform_id = c.platform_id and l.charge_id = c.charge_id), '[]'),
                    'shares', coalesce((select json_agg(json_build_object('principalId', e.principal_id, 'role', e.role, 'grossFen', e.gross_fen::text,
                                          'commissionFen', e.commission_fen::text, 'netFen', e.net_fen::text) order by e.role, e.principal_id)
                                  from charge_entry e where e.platform_id = c.platform_id and e.charge_id = c.charge_id), '[]')) as view
             from charge c where c.platform_id = $1 and c.booked_at >= $3 and c.booked_at < $4 order by c.booked_at, c.charge_id`,
    values: [platformId, principalId, from, until, principalKind === 'PLATFORM'],
  });
  return rows.map(({ view }) => view);
}
