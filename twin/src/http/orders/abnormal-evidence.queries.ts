import type { Db } from '../../db/db.ts';

/** Telemetry is shown so long before the order began and after its last change. */
const AROUND_MINUTES = 10;
/** Of one pack that tells something again and again, so many of its first readings and as many of its last are shown. */
const READINGS_OF_EACH_END_MAX = 50;
/** Of a pack whose place and level tell nothing new, so many readings are shown. */
const SAMPLES = 6;
/** Between two readings in a row, more is a jump: no charger or motor does that [points]. */
const JUMP_POINTS = 3;

export interface TransferRow {
  [column: string]: unknown;
  key: string;
  kind: string;
  debit_account_id: string;
  credit_account_id: string;
  amount_fen: bigint;
  at: Date;
}
export async function transfersOf(db: Db, platformId: string, orderId: string): Promise<TransferRow[]> {
  const { rows } = await db.query<TransferRow>({
    text: `select key, kind, debit_account_id, credit_account_id, amount_fen, at from transfer
            where platform_id = $1 and order_id = $2 order by transfer_no`,
    values: [platformId, orderId],
  });
  return rows;
}

export interface PackReadingRow {
  [column: string]: unknown;
  pack_id: string;
  ts: Date;
  location_kind: string;
  location_id: string;
  soc_percent: number | null;
}
/**
 * What the packs of an order reported around it: where they were, and how full. Each first and last reading, both sides of each change of
 * place and of each jump, and some between: an order may last for a day, of which all readings would fill a page. Of a pack that changes more often than a page holds, the
 * first and the last of them, so that the end of the order is never left out.
 */
export async function packReadingsOf(
  db: Db,
  platformId: string,
  order: { return_pack_id: string | null; issue_pack_id: string | null; created_at: Date; updated_at: Date },
): Promise<PackReadingRow[]> {
  const { rows } = await db.query<PackReadingRow>({
    text: `with reading as (
             select pack_id, ts_event, location_kind, location_id, soc_percent, row_number() over every_reading as no, count(*) over (partition by pack_id) as readings,
                    lag((location_kind, location_id)) over every_reading is distinct from (location_kind, location_id) as came,
                    lead((location_kind, location_id)) over every_reading is distinct from (location_kind, location_id) as leaves,
                    abs(soc_percent - lag(soc_percent) over every_reading) > ${JUMP_POINTS} as jumped,
                    abs(soc_percent - lead(soc_percent) over every_reading) > ${JUMP_POINTS} as jumps
               from telemetry_pack
              where platform_id = $1 and pack_id = any($2) and ts_event between $3::timestamptz - $5::interval and $4::timestamptz + $5::interval
             window every_reading as (partition by pack_id order by ts_event)),
           telling as (
             select *, row_number() over (partition by pack_id order by no) as nth, row_number() over (partition by pack_id order by no desc) as nth_last
               from reading where came or leaves or jumped or jumps or no % greatest(1, readings / ${SAMPLES}) = 0)
           select pack_id, ts_event as ts, location_kind, location_id, soc_percent from telling
            where least(nth, nth_last) <= ${READINGS_OF_EACH_END_MAX} order by ts_event, pack_id`,
    values: [
      platformId,
      [order.return_pack_id, order.issue_pack_id].filter((id) => id !== null),
      order.created_at,
      order.updated_at,
      `${AROUND_MINUTES} minutes`,
    ],
  });
  return rows;
}

export interface AuditRow {
  [column: string]: unknown;
  at: Date;
  user_id: string;
  action: string;
  after: unknown;
}
export async function auditOf(db: Db, platformId: string, orderId: string): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>({
    text: `select at, user_id, action, after from audit_log
            where platform_id = $1 and entity_kind = 'order' and entity_id = $2 order by audit_no`,
    values: [platformId, orderId],
  });
  return rows;
}
