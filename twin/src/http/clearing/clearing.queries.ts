import type { Db } from '../../db/db.ts';

export interface ClearingRow {
  [column: string]: unknown;
  /** '' : of the bill itself. */
  correction_id: string;
  order_id: string;
  principal_id: string;
  role: string;
  gross_fen: bigint;
  commission_fen: bigint;
  net_fen: bigint;
  at: Date;
  station_id: string;
  lines: readonly { lineNo: number; component: string; amountFen: string; taxRateBasisPoints: number }[];
}

/**
 * Shares of orders and of their corrections, newest first, each with the lines that it is made of; of a carrier what it paid, with all lines.
 * Shares and bills are cut to a page each before they are put together (bills: migration 40), so a page does not read them all.
 * @param db of the caller: its rights say what there is   @param principalId null: all shares
 */
export async function listClearing(
  db: Db,
  platformId: string,
  query: { principalId: string | null; from: string | null; until: string | null; limit: number; after: readonly string[] | null },
): Promise<ClearingRow[]> {
  const { rows } = await db.query<ClearingRow>({
    text: `select e.*, o.station_id,
                  coalesce(case when e.correction_id = ''
                    then (select json_agg(json_build_object('lineNo', l.line_no, 'component', l.component, 'amountFen', l.amount_fen::text,
                                                            'taxRateBasisPoints', l.tax_rate_basis_points) order by l.line_no)
                            from order_line l where l.platform_id = $1 and l.order_id = e.order_id
                                               and (e.role = 'CARRIER' or l.beneficiary_id = e.principal_id))
                    else (select json_agg(json_build_object('lineNo', l.line_no, 'component', l.component, 'amountFen', l.amount_fen::text,
                                                            'taxRateBasisPoints', l.tax_rate_basis_points) order by l.line_no)
                            from correction_line l where l.platform_id = $1 and l.correction_id = e.correction_id
                                                     and (e.role = 'CARRIER' or l.beneficiary_id = e.principal_id)) end, '[]') as lines
             from (select * from (
                     (select '' as correction_id, order_id, principal_id, role, gross_fen, commission_fen, net_fen, cleared_at as at
                        from clearing_entry
                       where platform_id = $1 and ($2::text is null or principal_id = $2) and ($3::timestamptz is null or cleared_at >= $3)
                         and ($4::timestamptz is null or cleared_at < $4)
                         and ($5::timestamptz is null or (cleared_at, order_id, '', principal_id, role) < ($5, $6, $7, $8, $9))
                       order by cleared_at desc, order_id desc, principal_id desc, role desc limit $10)
                     union all
                     select c.correction_id, c.order_id, e.principal_id, e.role, e.gross_fen, e.commission_fen, e.net_fen, e.booked_at
                       from correction_entry e join correction c using (platform_id, correction_id)
                      where e.platform_id = $1 and c.order_id is not null and ($2::text is null or e.principal_id = $2)
                     union all
                     select '', s.order_id, s.carrier_id, 'CARRIER', -s.payable_fen, 0, -s.payable_fen, b.billed_at
                       from caller_bill_page($1, $2, $3, $4, $5, $6, $10::integer) b
                       cross join lateral (select * from seen_order v where v.platform_id = $1 and v.order_id = b.order_id limit 1) s
                     union all
                     select c.correction_id, c.order_id, c.carrier_id, 'CARRIER', -l.fen, 0, -l.fen, c.booked_at
                       from correction c
                       cross join lateral (select sum(l.amount_fen)::bigint as fen from correction_line l
                                            where l.platform_id = $1 and l.correction_id = c.correction_id) l
                      where c.platform_id = $1 and c.order_id is not null and c.carrier_id = $2) u
                    where ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
                      and ($5::timestamptz is null or (at, order_id, correction_id, principal_id, role) < ($5, $6, $7, $8, $9))
                    order by at desc, order_id desc, correction_id desc, principal_id desc, role desc limit $10) e
             join swap_order o on o.platform_id = $1 and o.order_id = e.order_id
            order by e.at desc, e.order_id desc, e.correction_id desc, e.principal_id desc, e.role desc`,
    values: [
      platformId,
      query.principalId,
      query.from,
      query.until,
      ...[0, 1, 2, 3, 4].map((part) => query.after?.[part] ?? null),
      query.limit,
    ],
  });
  return rows;
}
