import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import { startTestDatabase } from '@corridor/testkit/test-database';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Database } from '../db/db.ts';
import { silentLog } from '../log.ts';
import { loadPastFacts } from '../past/past-facts.ts';
import { Facts, nothingTouched } from '../projection/facts.ts';
import { loadFacts } from '../restore/load-facts.ts';
import { PostgresBatchStore } from './postgres-batch-store.ts';
import type { WriterBatch } from './writer-batch.ts';

const IDS = ['A', 'B'] as const;
const NOON_MS = Date.UTC(2026, 10, 24, 4);

/** What happens to an alarm next, and whether a batch ends there. */
const happening = fc.record({
  alarmId: fc.constantFrom(...IDS),
  what: fc.constantFrom('raised' as const, 'rises' as const, 'cleared' as const, 'acknowledged' as const, 'closed' as const),
  cut: fc.boolean(),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** @param standing since when and at which level it stands, if it does */
function effectOf({ alarmId, what }: Happening, atMs: number, standing: EffectOf<'alarm.raised'> | undefined): Effect {
  switch (what) {
    case 'raised':
    case 'rises': {
      const of = {
        type: 'alarm.raised',
        alarmId,
        code: 'GRID_LIMIT',
        scope: 'station',
        scopeId: 'HH1',
        detail: `at ${atMs}`,
        args: {},
      } as const;
      if (standing === undefined) return { ...of, atMs, level: 1 };
      if (what === 'raised' || standing.level === 3) return { ...of, atMs, level: standing.level };
      return { ...of, atMs: standing.atMs, escalatedAtMs: atMs, level: standing.level === 1 ? 2 : 3 };
    }
    case 'cleared':
      return { type: 'alarm.cleared', atMs, alarmId };
    case 'acknowledged':
      return { type: 'alarm.acknowledged', atMs, alarmId, by: 'ops', note: `at ${atMs}` };
    case 'closed':
      return { type: 'alarm.closed', atMs, alarmId, by: 'ops', reason: `at ${atMs}` };
  }
}

const of = (what: Happening['what'], cut = false): Happening => ({ alarmId: 'A', what, cut });
/** In one batch: the acknowledgement was lost. */
const ACKNOWLEDGED_THEN_RAISED = [of('raised', true), of('acknowledged'), of('raised')];
const ACKNOWLEDGED_THEN_RISES = [of('raised', true), of('acknowledged'), of('rises'), of('acknowledged', true), of('rises')];

const batchOf = (batchNo: number, effects: Effect[]): WriterBatch => ({
  batchNo,
  scopeAtMs: NOON_MS,
  driven: false,
  step: { effects, transitions: [], changed: new Map(), retired: new Set(), undelivered: [] },
  evidence: [],
  cleared: [],
  passedOver: [],
  positions: new Map([['station:HH1', { bootId: 1, seq: batchNo }]]),
  forgottenSources: [],
  streamSeq: batchNo,
  registered: [],
  commandUpdates: [],
  requestedBy: new Map(),
  audits: [],
});

/** A platform of its own with these batches, and all that it keeps of alarms. */
async function written(database: Database, platformId: string, batches: readonly Effect[][]) {
  const { pool } = database;
  await pool.query(`insert into platform values ('${platformId}', 'Platform', now());
    insert into ingest_position (platform_id, stream, stream_seq, batch_no, scope_at, driven) values ('${platformId}', 'EVT', 0, 0, now(), false)`);
  const store = new PostgresBatchStore({ database, platformId, scope: 'live', log: silentLog() });
  for (const [index, effects] of batches.entries()) await store.commit(batchOf(index + 1, effects));
  const rowsOf = async (table: string) => {
    const { rows } = await pool.query<{ row: object }>(
      `select to_jsonb(a) - 'platform_id' as row from ${table} a where platform_id = $1 order by alarm_id, raised_at, detail`,
      [platformId],
    );
    return rows.map(({ row }) => row);
  };
  return { now: await rowsOf('alarm'), past: await rowsOf('alarm_past') };
}

async function standing(database: Database, platformId: string) {
  const facts = new Facts();
  await loadFacts(database.pool, platformId, facts, NOON_MS);
  return facts.alarms;
}

/** What is kept of an alarm at any instant: its wording is that of the last report. */
const briefOf = (alarms: Facts['alarms']) =>
  [...alarms.values()]
    .map(({ raised: { alarmId, level, atMs, escalatedAtMs }, acknowledged }) => ({ alarmId, level, atMs, escalatedAtMs, acknowledged }))
    .toSorted((one, other) => (one.alarmId < other.alarmId ? -1 : 1));

it('keeps the same of every alarm wherever batches end, of those that stand what is shown, and of each instant what was shown then', async () => {
  await using test = await startTestDatabase();
  const { database } = test;
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 2, maxLength: 12 }), async (happenings) => {
      run += 1;
      const live = new Facts();
      const cutAsDrawn: Effect[][] = [[]];
      const eachAlone: Effect[][] = [];
      const scenes: { at: Date; alarms: ReturnType<typeof briefOf> }[] = [];
      for (const [index, told] of happenings.entries()) {
        const atMs = NOON_MS + index * 1_000;
        const effect = effectOf(told, atMs, live.alarms.get(told.alarmId)?.raised);
        live.apply(effect, nothingTouched());
        scenes.push({ at: new Date(atMs), alarms: briefOf(live.alarms) });
        eachAlone.push([effect]);
        cutAsDrawn.at(-1)?.push(effect);
        if (told.cut) cutAsDrawn.push([]);
      }
      const [drawnId, aloneId] = [`P${run}D`, `P${run}A`];
      const kept = await written(database, drawnId, cutAsDrawn);
      expect(kept).toEqual(await written(database, aloneId, eachAlone));
      expect(await standing(database, drawnId)).toEqual(live.alarms);
      for (const { at, alarms } of scenes) {
        const past = await loadPastFacts(database.pool, { platformId: drawnId, at }, new Map());
        expect(briefOf(past.alarms)).toEqual(alarms);
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 25), examples: [[ACKNOWLEDGED_THEN_RAISED], [ACKNOWLEDGED_THEN_RISES]] },
  );
});
