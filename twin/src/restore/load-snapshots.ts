import type { EntityKind } from '@corridor/actors/network/entity-ref';
import type { StoredSnapshot } from '@corridor/actors/network/snapshot-codec';
import type { Db } from '../db/db.ts';

/** Rows fetched at a time: 100,000 actors in one answer would be held twice. */
const CHUNK = 10_000;

type StoredRow = { machine: EntityKind; id: string; version: number; value: string; context: string; due: string };

const storedOf = ({ value, context, due, ...row }: StoredRow): StoredSnapshot => ({
  ...row,
  value: JSON.parse(value) as unknown,
  context: JSON.parse(context) as unknown,
  due: JSON.parse(due) as StoredSnapshot['due'],
});

/** Every actor at rest, in chunks. */
export async function* loadSnapshots(db: Db, platformId: string): AsyncGenerator<StoredSnapshot[]> {
  let after = { machine: '', id: '' };
  for (;;) {
    const { rows } = await db.query<StoredRow>({
      name: 'load_snapshots',
      text: `select machine, id, version, value, context, due from actor_snapshot
              where platform_id = $1 and (machine, id) > ($2, $3) order by machine, id limit ${CHUNK}`,
      values: [platformId, after.machine, after.id],
    });
    if (rows.length > 0) yield rows.map(storedOf);
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) return;
    after = { machine: last.machine, id: last.id };
  }
}
