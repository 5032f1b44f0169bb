import type { Db } from '@corridor/twin/db/db';
import { stringify } from 'csv-stringify/sync';
import type { ExportScope } from './exported-transfers.ts';

/** Swaps read at once. */
const CHUNK = 10_000;
const COLUMNS = ['swapId', 'stationId', 'truckId', 'state', 'cameAt', 'beganAt', 'endedAt', 'returnedWh', 'issuedWh'] as const;

interface SwapRow {
  [column: string]: unknown;
  swap_id: string;
  station_id: string;
  truck_id: string | null;
  state: string;
  came_at: Date;
  began_at: Date;
  ended_at: Date | null;
  energy_in_wh: bigint | null;
  energy_out_wh: bigint | null;
}

/**
 * One swap a row (RFC 4180), in the order of their beginning, with a row of names: what `npm run calibrate -- swaps` reads. A truck came when
 * it was ordered for, or when the swap began, whichever was earlier.
 */
export async function* swapsCsv(db: Db, scope: Omit<ExportScope, 'principalId'>): AsyncGenerator<string> {
  yield stringify([COLUMNS], { record_delimiter: 'windows' });
  for (let after: SwapRow | null = null; ; ) {
    const rows: SwapRow[] = await nextSwaps(db, scope, after);
    if (rows.length > 0) yield stringify(rows.map(cellsOf), { record_delimiter: 'windows', escape_formulas: true });
    after = rows.at(-1) ?? null;
    if (rows.length < CHUNK) return;
  }
}

async function nextSwaps(db: Db, { platformId, from, until }: Omit<ExportScope, 'principalId'>, after: SwapRow | null): Promise<SwapRow[]> {
  const { rows } = await db.query<SwapRow>({
    text: `select s.swap_id, s.station_id, s.truck_id, s.state, least(o.created_at, s.began_at) as came_at, s.began_at, s.ended_at,
                  o.energy_in_wh, o.energy_out_wh
             from swap s left join swap_order o on o.platform_id = s.platform_id and o.order_id = s.order_id
            where s.platform_id = $1 and s.began_at >= $2 and s.began_at < $3
              and ($4::timestamptz is null or (s.began_at, s.swap_id) > ($4, $5))
            order by s.began_at, s.swap_id limit $6`,
    values: [platformId, from, until, after?.began_at ?? null, after?.swap_id ?? null, CHUNK],
  });
  return rows;
}

function cellsOf(row: SwapRow): string[] {
  return [
    row.swap_id,
    row.station_id,
    row.truck_id ?? '',
    row.state,
    row.came_at.toISOString(),
    row.began_at.toISOString(),
    row.ended_at?.toISOString() ?? '',
    row.energy_in_wh?.toString() ?? '',
    row.energy_out_wh?.toString() ?? '',
  ];
}
