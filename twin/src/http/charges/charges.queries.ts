import type { Db } from '../../db/db.ts';
import type { ChargeView } from './charge-view.ts';

const INSTANT = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const VIEW = `json_build_object('id', c.charge_id, 'kind', c.kind, 'carrierId', c.carrier_id, 'truckId', c.truck_id, 'stationId', c.station_id,
    'orderId', c.order_id, 'contractId', c.contract_id, 'basis', c.basis, 'bookedAt', ${INSTANT('c.booked_at')},
    'lines', coalesce((select json_agg(json_build_object('lineNo', l.line_no, 'component', l.component, 'description', l.description,
                         'amountFen', l.amount_fen::text, 'taxRateBasisPoints', l.tax_rate_basis_points,
                         'beneficiaryId', l.beneficiary_id, 'derivation', l.derivation) order by l.line_no)
                  from charge_line l where l.platform_id = c.platform_id and l.charge_id = c.charge_id), '[]'),
    'corrections', coalesce((select json_agg(json_build_object('id', k.correction_id, 'bookedAt', ${INSTANT('k.booked_at')}, 'reason', k.reason,
                               'lines', coalesce((select json_agg(json_build_object('ofLineNo', l.of_line_no, 'amountFen', l.amount_fen::text,
                                                                                    'derivation', l.derivation) order by l.line_no)
                                                    from correction_line l where l.platform_id = k.platform_id and l.correction_id = k.correction_id), '[]'))
                             order by k.booked_at, k.correction_id)
                        from correction k where k.platform_id = c.platform_id and k.charge_id = c.charge_id), '[]'))`;

/** Newest first; the page is found before the policies are asked of its rows (migration 40). @param db of the caller: its rights say what there is */
export async function listCharges(
  db: Db,
  platformId: string,
  query: { kind: string | null; orderId: string | null; limit: number; after: readonly string[] | null },
): Promise<ChargeView[]> {
  const [beforeAt = null, beforeId = null] = query.after ?? [];
  const { rows } = await db.query<{ view: ChargeView }>({
    text: `select ${VIEW} as view from caller_charge_page($1, $2, $3, $4, $5, $6) page
            cross join lateral (select * from charge h where h.platform_id = $1 and h.charge_id = page.charge_id limit 1) c
            order by c.booked_at desc, c.charge_id desc`,
    values: [platformId, query.kind, query.orderId, beforeAt, beforeId, query.limit],
  });
  return rows.map(({ view }) => view);
}

/** @param db of the caller   @returns null: there is none for him */
export async function findCharge(db: Db, platformId: string, chargeId: string): Promise<ChargeView | null> {
  const { rows } = await db.query<{ view: ChargeView }>({
    text: `select ${VIEW} as view from charge c where c.platform_id = $1 and c.charge_id = $2`,
    values: [platformId, chargeId],
  });
  return rows[0]?.view ?? null;
}
