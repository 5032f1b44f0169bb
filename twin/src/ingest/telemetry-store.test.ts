import { decode } from '@corridor/protocols/decode';
import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import type { LoadedMessage } from './telemetry-load.ts';
import { TelemetryLoad } from './telemetry-load.ts';
import { TelemetryStore } from './telemetry-store.ts';

const SUBJECT = 'evs.v1.live.station.HH1.tele.meter';
const AT_MS = Date.parse('2026-11-22T12:00:00Z');
const meter = (meterId: string, importWh: number) => ({ meterId, kind: 'GRID', importWh, exportWh: 0, powerW: 1_000 });

function loaded(seq: number, meters: readonly object[]): LoadedMessage {
  const at = new Date(AT_MS + seq).toISOString();
  const head = { schema: 'tele.meter/1', src: 'HH1', bootId: 1, seq, tsEvent: at, tsSend: at, backfill: false, q: [] };
  const data = Buffer.from(JSON.stringify({ ...head, data: { stationId: 'HH1', meters } }));
  const decoded = decode(SUBJECT, data);
  if (!decoded.ok) throw new Error(decoded.detail);
  const { envelope } = decoded;
  return {
    message: { subject: SUBJECT, data, streamSeq: seq, storedWallMs: AT_MS, messageId: '' },
    decoded,
    telemetry: { source: 'station', kind: 'meter', envelope, eventAtMs: AT_MS + seq, ingestAtMs: AT_MS, q: [] },
    isAgain: seq % 2 === 0,
  };
}

it('leaves out the readings that the database refuses, names them, and keeps all others', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  await pool.query(`insert into platform values ('PF', 'Platform', now())`);
  await pool.query(`alter table telemetry_meter add constraint odd check (import_wh <> 13)`);
  const options = { database: test.database, platformId: 'PF', log: silentLog(), scopeNowMs: () => AT_MS, onRetry: () => undefined };
  const store = await TelemetryStore.open(options);
  const load = new TelemetryLoad('PF');
  const messages = [
    loaded(1, [meter('a', 1), meter('b', 13), meter('c', 3)]),
    loaded(2, [meter('a', 4)]),
    loaded(3, [meter('a', 5)]),
    loaded(4, [meter('a', 6), meter('b', 13)]),
  ];
  for (const message of messages) expect(load.add(message)).toEqual([]);
  load.streamSeq = 4;
  expect(await store.write(load)).toMatchObject([
    { message: { streamSeq: 1 }, index: 1, reason: expect.stringContaining('odd') },
    { message: { streamSeq: 4 }, index: 1, reason: expect.stringContaining('odd') },
  ]);
  const { rows } = await pool.query<{ import_wh: bigint }>('select import_wh from telemetry_meter order by import_wh');
  expect(rows.map(({ import_wh }) => Number(import_wh))).toEqual([1, 3, 4, 5, 6]);
  expect((await TelemetryStore.open(options)).streamSeq).toBe(4);
});

it('leaves out a reading that no column can hold before it is sent', () => {
  const load = new TelemetryLoad('PF');
  const message = loaded(1, [meter('a', 1), meter('b', 2)]);
  const { meters } = message.decoded.envelope.data as { meters: { powerW: number }[] };
  const [, second] = meters;
  if (second) second.powerW = 1e300;
  expect(load.add(message)).toMatchObject([{ index: 1, reason: expect.stringContaining('real') }]);
  expect(load.rows).toBe(1);
  expect(load.readings()).toHaveLength(1);
});

it('tries again while the disk is full, and says so when somebody else writes', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  await pool.query(`insert into platform values ('PF', 'Platform', now())`);
  let retries = 0;
  const options = {
    database: test.database,
    platformId: 'PF',
    log: silentLog(),
    scopeNowMs: () => AT_MS,
    onRetry: () => void (retries += 1),
  };
  const store = await TelemetryStore.open(options);
  const other = await TelemetryStore.open(options);
  // A sequence is not rolled back: the first two tries fail.
  await pool.query(`create sequence try;
    create function fail() returns trigger language plpgsql as $$ begin
      if nextval('try') <= 2 then raise exception 'no space left' using errcode = '53100'; end if;
      return new; end $$;
    create trigger fail before insert on telemetry_meter for each row execute function fail()`);
  const load = new TelemetryLoad('PF');
  load.add(loaded(1, [meter('a', 1)]));
  load.streamSeq = 1;
  expect(await store.write(load)).toEqual([]);
  expect(retries).toBe(2);
  await expect(other.write(load)).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining('somebody else writes') });
  const { rows } = await pool.query<{ import_wh: bigint }>('select import_wh from telemetry_meter');
  expect(rows.map(({ import_wh }) => Number(import_wh))).toEqual([1]);
});
