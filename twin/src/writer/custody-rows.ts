import type { EffectOf } from '@corridor/actors/network/effect';
import type { Db } from '../db/db.ts';
import { listStatement, timeText, writeRows } from './json-rows.ts';

/**
 * Where each pack is and was. The actor of a pack says where it is (`custody.moved`) and where it had been by then
 * (`custody.passed`, told late); the table keeps that as intervals: of one pack they follow each other without gap or overlap, by
 * `since` and `custody_no`, whatever order the stations told it in, and the open one is the last one.
 *
 * That another pack came where it was says only that it is gone: such a row (`TRANSFER`, by `INVENTORY`) falls away when the
 * hand-over that it stands for is told after it.
 */
type Move = EffectOf<'custody.moved'>;
type Passed = EffectOf<'custody.passed'>;

const isGone = ({ place, cause }: Move): boolean => place.kind === 'TRANSFER' && cause === 'INVENTORY';
/** Compared as a row, which no index is of: by a plan from when the table was small, all that was ever in transfer was read for each pack. */
const goneAs = (row: string): string => `(${row}.place_kind, ${row}.cause) is not distinct from ('TRANSFER', 'INVENTORY')`;

/** Moves of each pack in a batch, in the order of their instants, as rows that follow each other; the last one is open. */
export function custodyMoves(moves: readonly Move[]) {
  const byPack = new Map<string, Move[]>();
  for (const move of moves) {
    const before = byPack.get(move.packId);
    if (before === undefined) {
      byPack.set(move.packId, [move]);
      continue;
    }
    for (let last = before.at(-1); last !== undefined && isGone(last) && last.atMs > move.atMs; last = before.at(-1)) before.pop();
    // A clock that went back makes no interval negative.
    before.push({ ...move, atMs: Math.max(move.atMs, before.at(-1)?.atMs ?? move.atMs) });
  }
  return [...byPack.values()].flatMap((ofPack) =>
    ofPack.map(({ packId, place, atMs, orderId, cause }, index) => {
      const next = ofPack[index + 1];
      return {
        pack_id: packId,
        place_kind: place.kind,
        place_id: place.id,
        since: timeText(atMs),
        until: next === undefined ? null : timeText(next.atMs),
        order_id: orderId,
        cause,
        is_first: index === 0,
      };
    }),
  );
}

export async function writeCustody(
  client: Db,
  platformId: string,
  { moves, passed }: { moves: ReturnType<typeof custodyMoves>; passed: readonly Passed[] },
): Promise<void> {
  if (moves.length > 0) await writeMoves(client, platformId, moves);
  for (const place of passed) await insertPassed(client, platformId, place);
}

/** Of each pack, since when it is where it is first in the batch. */
const firstMove = { pack_id: 'text', at: 'timestamptz' };
const statements = {
  gone: listStatement('batch_custody_gone', {
    columns: firstMove,
    text: (list, platform) =>
      `delete from custody c using ${list}
        where c.platform_id = ${platform} and c.pack_id = r.pack_id and c.since > r.at and ${goneAs('c')}
          and not exists (select from custody s
                           where s.platform_id = ${platform} and s.pack_id = c.pack_id and s.since > r.at and not (${goneAs('s')}))`,
  }),
  close: listStatement('batch_custody_close', {
    columns: firstMove,
    text: (list, platform) =>
      `update custody c set until = greatest(c.since, l.at)
         from (select r.at, last.custody_no
                 from ${list}
                cross join lateral (select custody_no, until from custody where platform_id = ${platform} and pack_id = r.pack_id
                                     order by since desc, custody_no desc limit 1) last
                where last.until is null or last.until > r.at) l
        where c.platform_id = ${platform} and c.custody_no = l.custody_no`,
  }),
  insert: listStatement('batch_custody', {
    columns: {
      pack_id: 'text',
      place_kind: 'text',
      place_id: 'text',
      since: 'timestamptz',
      until: 'timestamptz',
      order_id: 'text',
      cause: 'text',
    },
    text: (list, platform) =>
      `insert into custody (platform_id, pack_id, place_kind, place_id, since, until, order_id, cause)
       select ${platform}, r.pack_id, r.place_kind, r.place_id, greatest(r.since, l.until),
              case when r.until is not null then greatest(r.until, l.until) end, r.order_id, r.cause
         from ${list}
         left join lateral (select c.until from custody c where c.platform_id = ${platform} and c.pack_id = r.pack_id
                             order by c.since desc, c.custody_no desc limit 1) l on true`,
  }),
} as const;

async function writeMoves(client: Db, platformId: string, moves: ReturnType<typeof custodyMoves>): Promise<void> {
  const firsts = moves.filter(({ is_first }) => is_first).map(({ pack_id, since }) => ({ pack_id, at: since }));
  await writeRows(client, statements.gone, platformId, firsts);
  await writeRows(client, statements.close, platformId, firsts);
  await writeRows(client, statements.insert, platformId, moves);
}

/** A place in the past: cut out of the interval that the books had then, up to what came next for sure. */
async function insertPassed(client: Db, platformId: string, { packId, place, atMs, orderId }: Passed): Promise<void> {
  await client.query({
    name: 'batch_custody_passed',
    text: `with held as (
             select custody_no, until from custody
              where platform_id = $1 and pack_id = $2 and since <= $3::timestamptz order by since desc, custody_no desc limit 1),
           gone as (
             delete from custody c using held
              where c.platform_id = $1 and c.pack_id = $2 and c.since = held.until and c.until is not null
                and c.custody_no <> held.custody_no and ${goneAs('c')}
             returning c.until),
           cut as (
             update custody c set until = $3::timestamptz from held
              where c.platform_id = $1 and c.custody_no = held.custody_no and held.until is not null)
           insert into custody (platform_id, pack_id, place_kind, place_id, since, until, order_id, cause)
           select $1, $2, $4, $5, $3::timestamptz, coalesce((select max(until) from gone), held.until), $6, 'SWAP'
             from held where held.until is not null`,
    values: [platformId, packId, timeText(atMs), place.kind, place.id, orderId],
  });
}
