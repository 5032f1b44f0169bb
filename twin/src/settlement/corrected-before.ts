import type { BillOf } from '@corridor/actors/settlement/correction';
import type { Db } from '../db/db.ts';

/** What corrections added to each line of a bill before. */
export async function correctedBefore(db: Db, platformId: string, { orderId, chargeId }: BillOf): Promise<Map<number, bigint>> {
  const { rows } = await db.query<{ of_line_no: number; fen: bigint }>({
    text: `select l.of_line_no, sum(l.amount_fen)::bigint as fen from correction_line l join correction c using (platform_id, correction_id)
            where c.platform_id = $1 and (c.order_id = $2 or c.charge_id = $3) group by 1`,
    values: [platformId, orderId, chargeId],
  });
  return new Map(rows.map(({ of_line_no, fen: amount }) => [of_line_no, amount]));
}
