import type { CompletenessList, SourceHours } from '@corridor/protocols/http/completeness';
import type { Curves, EquipmentList, PackSohView } from '@corridor/protocols/http/equipment';
import type { PackTrack } from '@corridor/protocols/http/pack-track';
import type { TruckTrack } from '@corridor/protocols/http/truck-track';
import { subject } from '@corridor/protocols/subject';
import { TelemetryLane } from '@corridor/simulator/tbox/telemetry-lane';
import { jetStreamWire, type Wire } from '@corridor/simulator/tbox/wire';
import { storePackLife } from '@corridor/testkit/stored-pack-life';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { openDatabase } from '@corridor/twin/db/db';
import { rollUp } from '@corridor/twin/db/rollup.queries';
import { silentLog } from '@corridor/twin/log';
import { expect, it } from 'vitest';

const HOUR_MS = 3_600_000;
const PACK = 'LFP350-0001';

/** What a T-box of T001 reports from the road. */
const truckData = {
  truckId: 'T001',
  vin: 'LCT4X2BEV26000001',
  plate: '冀J00001D',
  lat: 38.3,
  lon: 117.2,
  altM: 5,
  chainageM: 20_000,
  direction: 'WEST',
  speedKmh: 60,
  headingDeg: 260,
  odometerM: 1_000,
  vehicleState: 'DRIVING',
  grossMassKg: 40_000,
  packId: null,
  socPercent: null,
  socSource: 'NONE',
  packVoltageV: null,
  packCurrentA: null,
  motorPowerW: 100_000,
  auxPowerW: 4_000,
  ambientC: 12,
  alarmBits: 0,
  alarmLevel: 0,
  destinationStationId: null,
  tripId: null,
};

/** The lane of a real T-box over a real connection, with a way that one can lose messages on. */
async function tboxLane(platform: TestTwin) {
  const nc = await platform.nats.connect(await platform.nats.credentials.issueTruck('T001'));
  const wire = jetStreamWire(nc);
  let way: 'open' | 'loses' | 'refuses' | 'live only' = 'open';
  const over: Wire = async (message) => {
    const isBuffered = message.body.includes('"backfill":true');
    if (way === 'refuses' || (way === 'live only' && isBuffered)) throw new Error('nobody answers');
    if (way !== 'loses') await wire(message);
  };
  const clock = { nowMs: Date.now, factor: () => 1, setTimer: () => 0, clearTimer: () => undefined };
  const lane = new TelemetryLane({ truckId: 'T001', bootId: 1, wire: over, clock, log: silentLog() });
  return {
    report: async (on: typeof way) => {
      way = on;
      await lane.report(subject.truckTele('live', 'T001', 'truck'), 'tele.truck/1', truckData);
    },
    [Symbol.asyncDispose]: () => nc.close(),
  };
}

const sumOf = ({ hours }: SourceHours, what: 'received' | 'missing' | 'backfilled') =>
  hours.filter(({ lane }) => lane === 'tele').reduce((sum, hour) => sum + hour[what], 0);

it('shows a lost message as a gap for good, and one that was buffered only until it comes', { timeout: 90_000 }, async () => {
  await using platform = await startTestTwin();
  await using tbox = await tboxLane(platform);
  const read = async () => (await platform.get('/api/v1/trucks/T001/completeness', 'C1')).body as SourceHours;
  const whenReceived = (count: number) =>
    until(`${count} messages`, 20_000, async () => {
      const hours = await read();
      return sumOf(hours, 'received') === count ? hours : null;
    });
  const lost = { lane: 'tele', bootId: 1, firstSeq: 2, lastSeq: 3 };
  for (const way of ['open', 'loses', 'loses', 'open', 'refuses', 'refuses', 'live only'] as const) await tbox.report(way);
  await whenReceived(3);
  const buffered = await read();
  expect(buffered.gaps).toMatchObject([{ lane: 'tele', bootId: 1, firstSeq: 5, lastSeq: 6 }, lost]);
  expect(sumOf(buffered, 'missing')).toBeCloseTo(4, 0);
  // With its next report the T-box brings what it buffered.
  await tbox.report('open');
  await whenReceived(6);
  const ended = await read();
  expect(ended.gaps).toMatchObject([lost]);
  expect(sumOf(ended, 'backfilled')).toBe(2);
  expect(sumOf(ended, 'missing')).toBeCloseTo(2, 0);
  // Another process knows it as well.
  await platform.restart();
  expect((await read()).gaps).toEqual(ended.gaps);
  const { body } = await platform.get('/api/v1/completeness', 'C1');
  const [mine] = (body as CompletenessList).items.filter(({ lane }) => lane === 'tele');
  expect(mine).toMatchObject({ source: { kind: 'truck', id: 'T001' }, spans: { '24h': { received: 6, duplicates: 0, refused: 0 } } });
  expect(((await platform.get('/api/v1/completeness', 'C2')).body as CompletenessList).items).toEqual([]);
  expect((await platform.get('/api/v1/trucks/T001/completeness', 'C2')).status).toBe(404);
});

it('tells where a truck was, thinned out, up to an instant, without fixes that cannot be, to its carrier of then', async () => {
  await using platform = await startTestTwin();
  const scene = (await platform.get('/api/v1/scene')).body as { scopeAt: string };
  const nowMs = Math.floor(Date.parse(scene.scopeAt) / 1_000) * 1_000;
  const ago = (ms: number) => new Date(nowMs - ms).toISOString();
  // Two hours of a reading every ten seconds, 15 m/s; one of them flung into the sea.
  await platform.db.query(
    `insert into telemetry_truck (platform_id, truck_id, chainage_m, vehicle_state, soc_source, alarm_bits, alarm_level, ts_event, ts_ingest, boot_id, seq, backfill, q)
     select 'PF', 'T001', case when n = 100 then 9e5 else n * 150 end, 'DRIVING', 'NONE', 0, 0, $1::timestamptz + n * interval '10 s', now(), 1, n + 1, false,
            case when n = 100 then '{GPS_DRIFT}'::text[] else '{}' end
       from generate_series(0, 719) n`,
    [ago(2 * HOUR_MS)],
  );
  await platform.db.query(`update ownership set valid_from = $1 where asset_id = 'T001'`, [ago(24 * HOUR_MS)]);
  const track = async (query: string, as?: string) => (await platform.get(`/api/v1/trucks/T001/track?${query}`, as)).body as TruckTrack;
  const all = await track('hours=3&points=1000', 'C1');
  expect(all).toMatchObject({ truckId: 'T001', widthMs: 0 });
  expect(all.chainageM).toEqual(Array.from({ length: 720 }, (_, n) => n * 150).filter((_, n) => n !== 100));
  const thinned = await track('hours=3&points=60');
  expect(thinned.widthMs).toBe(3 * 60_000);
  expect(thinned.at.length).toBeLessThanOrEqual(62);
  expect(thinned.at.length).toBeGreaterThan(38);
  expect(thinned.at).toEqual(thinned.at.toSorted());
  // The last reading is always there.
  expect(thinned.chainageM.at(-1)).toBe(719 * 150);
  const halfWay = await track(`hours=1&until=${ago(HOUR_MS)}`);
  expect([halfWay.chainageM[0], halfWay.chainageM.at(-1)]).toEqual([0, 360 * 150]);
  // Sold an hour ago: each sees his interval.
  const owned = `platform_id = 'PF' and asset_kind = 'TRUCK' and asset_id = 'T001'`;
  await platform.db.query(`update ownership set valid_until = $1 where ${owned} and valid_until is null`, [ago(HOUR_MS)]);
  await platform.db.query(
    `insert into ownership (platform_id, asset_kind, asset_id, principal_id, valid_from) values ('PF', 'TRUCK', 'T001', 'C2', $1)`,
    [ago(HOUR_MS)],
  );
  expect((await track('hours=3', 'C1')).chainageM.at(-1)).toBe(359 * 150);
  expect((await track('hours=3', 'C2')).chainageM[0]).toBe(360 * 150);
  expect((await platform.get('/api/v1/trucks/T001/track', 'C3')).status).toBe(404);
  expect((await platform.get('/api/v1/trucks/T999/track')).status).toBe(404);
  expect((await platform.get('/api/v1/trucks/T001/track?hours=25')).status).toBe(400);
  expect((await platform.get('/api/v1/trucks/T001/track?until=yesterday')).status).toBe(400);
  const ahead = await platform.get(`/api/v1/trucks/T001/track?until=${ago(-HOUR_MS)}`, 'C1');
  expect(ahead).toMatchObject({ status: 422, body: { code: 'INSTANT_AHEAD' } });
});

it('tells where a pack was, to its owner everywhere, to others while it was with them, each in his time', async () => {
  await using platform = await startTestTwin();
  const scene = (await platform.get('/api/v1/scene')).body as { scopeAt: string };
  const nowMs = Date.parse(scene.scopeAt);
  const ago = (hours: number) => new Date(nowMs - hours * HOUR_MS).toISOString();
  const run = (text: string, values: unknown[] = []) => platform.db.query(text, values);
  await run(`update ownership set valid_from = $1`, [ago(900)]);
  await run(`delete from custody where pack_id = $1`, [PACK]);
  // Charged at SO1's HH1 from 40 % to 95 %, driven by C1's T001 down to 30 %, and back at SO2's station since two hours.
  const { rows } = await run(
    `select asset_id from ownership where asset_kind = 'STATION' and principal_id = 'SO2' and valid_until is null order by asset_id`,
  );
  const other = String(rows[0]?.['asset_id']);
  const places = [
    ['SLOT', 'HH1-1', ago(10), ago(6), null],
    ['TRUCK', 'T001', ago(6), ago(2), 'HH1-77'],
    ['SLOT', `${other}-2`, ago(2), null, `${other}-78`],
  ];
  for (const place of places)
    await run(
      `insert into custody (platform_id, pack_id, place_kind, place_id, since, until, order_id, cause) values ('PF', $1, $2, $3, $4, $5, $6, 'SWAP')`,
      [PACK, ...place],
    );
  await run(
    `insert into telemetry_pack (platform_id, pack_id, src, type_code, location_kind, location_id, soc_percent, contactor_closed, cycles, throughput_wh, fault_codes, ts_event, ts_ingest, boot_id, seq, backfill, q)
     select 'PF', $1, 'x', 'LFP350', 'STORE', 'x', soc, true, 1, 1, '{}', at, at, 1, 1, false, '{}'
       from (values (40, $2::timestamptz), (95, $3), (94, $4), (30, $5)) as told (soc, at)`,
    [PACK, ago(9.9), ago(6.1), ago(5.9), ago(2.1)],
  );
  // A reading a minute, 15 m/s, from kilometre 20 on, and one that drifted.
  await run(
    `insert into telemetry_truck (platform_id, truck_id, chainage_m, vehicle_state, soc_source, alarm_bits, alarm_level, ts_event, ts_ingest, boot_id, seq, backfill, q)
     select 'PF', 'T001', case when n = 100 then 9e5 else 20000 + n * 900 end, 'DRIVING', 'NONE', 0, 0, $1::timestamptz + n * interval '1 min', now(), 1, n + 1,
            false, case when n = 100 then '{GPS_DRIFT}'::text[] else '{}' end from generate_series(0, 479) n`,
    [ago(8)],
  );
  const track = async (query: string, as?: string) => (await platform.get(`/api/v1/packs/${PACK}/track?${query}`, as)).body as PackTrack;
  const all = await track('hours=24&points=1000');
  expect(all).toMatchObject({
    truncated: false,
    stays: [
      {
        from: ago(10),
        until: ago(6),
        place: { id: 'HH1-1' },
        stationId: 'HH1',
        plate: null,
        fromSocPercent: 40,
        untilSocPercent: 95,
        at: [],
      },
      { from: ago(6), until: ago(2), place: { id: 'T001' }, stationId: null, fromSocPercent: 94, untilSocPercent: 30, orderId: 'HH1-77' },
      { from: ago(2), until: null, place: { id: `${other}-2` }, stationId: other, fromSocPercent: null, untilSocPercent: null },
    ],
  });
  const [, ride] = all.stays;
  expect(ride?.plate).toMatch(/^冀/);
  // While it had the pack, neither before nor after.
  expect(ride?.chainageM).toEqual(Array.from({ length: 240 }, (_, n) => 20_000 + (120 + n) * 900));
  // Thinned out, and the last of all.
  const thinned = (await track('hours=24&points=24')).stays[1];
  expect(thinned?.chainageM).toEqual([...Array.from({ length: 24 }, (_, n) => 20_000 + (120 + 10 * n) * 900), 20_000 + 359 * 900]);
  // The span cuts rides, and tells of each stay since when it lasts.
  const cut = await track(`hours=1&until=${ago(5)}`);
  expect(cut.stays).toMatchObject([{ from: ago(6), until: null, place: { id: 'T001' }, untilSocPercent: 94 }]);
  expect(cut.stays[0]?.chainageM.at(0)).toBe(20_000 + 120 * 900);
  expect(cut.stays[0]?.chainageM.at(-1)).toBe(20_000 + 180 * 900);
  // The owner follows his pack to a kilometre, and is told no plate.
  const owner = await track('hours=24', 'BO1');
  expect(owner.stays.map(({ place }) => place.id)).toEqual(['HH1-1', 'T001', `${other}-2`]);
  expect(owner.stays[1]).toMatchObject({ plate: null, fromSocPercent: 94 });
  expect(owner.stays[1]?.chainageM.filter((m) => m % 1_000 !== 0)).toEqual([]);
  const seen = async (as: string) => (await track('hours=24', as)).stays.map(({ place }) => place.id);
  expect([await seen('SO1'), await seen('SO2'), await seen('C1')]).toEqual([['HH1-1'], [`${other}-2`], ['T001']]);
  for (const as of ['C2', 'BO2', 'guest']) expect((await platform.get(`/api/v1/packs/${PACK}/track`, as)).status, as).toBe(404);
  // A driver sees today.
  const today = await track('hours=24', 'D001');
  expect(today.stays?.every(({ from }) => Date.parse(from) >= nowMs - 6 * HOUR_MS) ?? true).toBe(true);
  // Lists of equipment go back as well, with what each saw then.
  const listAt = async (at: string, as: string) =>
    (await platform.get(`/api/v1/equipment?kind=pack&ids=${PACK}&at=${at}`, as)).body as EquipmentList;
  expect(await listAt(ago(5), 'PF')).toMatchObject({
    scopeAt: ago(5),
    items: [{ place: { kind: 'TRUCK', id: 'T001' }, socPercent: 94, reportedAt: ago(5.9) }],
  });
  expect((await listAt(ago(5), 'C1')).items).toMatchObject([{ socPercent: 94, energyWh: null }]);
  expect([(await listAt(ago(8), 'SO1')).items.length, (await listAt(ago(5), 'SO1')).items.length]).toEqual([1, 0]);
  expect((await platform.get(`/api/v1/equipment?kind=meter&at=${ago(5)}`)).status).toBe(400);
  expect((await platform.get(`/api/v1/equipment?kind=pack&at=${ago(-1)}`)).body).toMatchObject({ code: 'INSTANT_AHEAD' });
  // Sold while it was on the road: the seller sees it until then, the buyer from then on and not what had brought it there.
  await run(`update ownership set valid_until = $1 where asset_id = $2 and valid_until is null`, [ago(4), PACK]);
  await run(`insert into ownership (platform_id, asset_kind, asset_id, principal_id, valid_from) values ('PF', 'PACK', $1, 'BO2', $2)`, [
    PACK,
    ago(4),
  ]);
  expect((await track('hours=24', 'BO1')).stays).toMatchObject([{}, { until: ago(4), untilSocPercent: 94, orderId: 'HH1-77' }]);
  expect((await track('hours=24', 'BO2')).stays).toMatchObject([{ from: ago(4), orderId: null, fromSocPercent: 30 }, { until: null }]);
  for (const query of ['hours=745', 'until=yesterday', 'points=5'])
    expect((await platform.get(`/api/v1/packs/${PACK}/track?${query}`)).status).toBe(400);
  expect((await platform.get('/api/v1/packs/LFP350-9999/track')).status).toBe(404);
  expect((await platform.get(`/api/v1/packs/${PACK}/track?until=${ago(-1)}`)).body).toMatchObject({ code: 'INSTANT_AHEAD' });
});

it('estimates a state of health from stored readings, and draws their curves with gaps and flags', { timeout: 120_000 }, async () => {
  await using platform = await startTestTwin();
  const { holeMs, truePercent } = await storePackLife(platform.db, PACK, 0.86);
  // Of rests and estimate neither is stored without the other.
  await platform.db.query('alter table pack_soh add constraint refused check (false) not valid');
  await expect(platform.twin.soh.estimateAll()).rejects.toMatchObject({ constraint: 'refused' });
  expect((await platform.db.query('select from pack_rest union all select from pack_soh')).rowCount).toBe(0);
  await platform.db.query('alter table pack_soh drop constraint refused');
  await platform.twin.soh.estimateAll();
  const { body } = await platform.get(`/api/v1/packs/${PACK}/soh`, 'BO1');
  const { estimates, rests } = body as PackSohView;
  const estimate = estimates.at(-1);
  expect(estimate?.pairs).toBeGreaterThan(8);
  expect(rests.length).toBeGreaterThan(estimate?.pairs ?? 0);
  expect(estimate?.lowPercent).toBeLessThan(truePercent);
  expect(estimate?.highPercent).toBeGreaterThan(truePercent);
  // Nothing new was read: nothing new is estimated.
  await platform.twin.soh.estimateAll();
  expect(((await platform.get(`/api/v1/packs/${PACK}/soh`, 'BO1')).body as PackSohView).estimates).toHaveLength(1);
  const { items } = (await platform.get('/api/v1/equipment?kind=pack', 'BO1')).body as EquipmentList;
  expect(items.find(({ id }) => id === PACK)).toMatchObject({ ownerId: 'BO1', sohEstimate: { pairs: estimate?.pairs } });
  expect(items.every(({ ownerId }) => ownerId === 'BO1')).toBe(true);
  const page = async (query: string) => (await platform.get(`/api/v1/equipment?kind=pack&${query}`, 'BO1')).body as EquipmentList;
  const first = await page('limit=7');
  expect([first.items.length, first.total, first.found]).toEqual([7, items.length, items.length]);
  const second = await page(`limit=7&cursor=${first.nextCursor}`);
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(items.slice(0, 14).map(({ id }) => id));
  const sorted = await page('sort=sohEstimate&order=desc&limit=1');
  expect(sorted.items.map(({ id }) => id)).toEqual([PACK]);
  expect((await page(`text=${PACK.toLowerCase()}`)).items.map(({ id }) => id)).toEqual([PACK]);
  // Of others nothing is found, asked for by name either.
  expect(await platform.get(`/api/v1/equipment?kind=pack&ids=${PACK}`, 'BO2')).toMatchObject({
    status: 200,
    body: { items: [], found: 0 },
  });
  expect(await platform.get('/api/v1/equipment?kind=pack&cursor=WyJ7IiwiYSJd', 'BO1')).toMatchObject({
    status: 400,
    body: { code: 'CURSOR_INVALID' },
  });
  const cab = (await platform.get('/api/v1/equipment?kind=pack', 'C1')).body as EquipmentList;
  expect(cab.items.every(({ sohEstimate, sohPercent }) => sohEstimate === null && sohPercent === null)).toBe(true);

  const curvesOf = async (hours: number) => {
    const span = `from=${new Date(Date.now() - hours * HOUR_MS).toISOString()}&until=${new Date().toISOString()}&points=200`;
    return (await platform.get(`/api/v1/packs/${PACK}/curves?${span}`, 'BO1')).body as Curves;
  };
  const day = await curvesOf(24);
  expect(day.resolution).toBe('RAW');
  expect(day.at.length).toBeLessThanOrEqual(201);
  expect(day.flags[0]?.q).toEqual(['SOC_JUMP']);
  // A peak of a single reading is still there.
  expect(Math.min(...(day.series['powerW']?.low ?? []).map((value) => value ?? 0))).toBe(-500_000);
  await using database = openTestDatabase(platform);
  for (const width of ['1m', '1h'] as const) await rollUp(database.database, width);
  const week = await curvesOf(7 * 24);
  expect(week.resolution).toBe('1m');
  expect(
    week.gaps.some(({ from, until: ended }) => Date.parse(from) <= holeMs + 120_000 && Date.parse(ended) >= holeMs + HOUR_MS - 120_000),
  ).toBe(true);
  const month = await curvesOf(30 * 24);
  expect(month).toMatchObject({ resolution: '1h', widthMs: HOUR_MS });
  expect(month.at.length).toBeGreaterThan(40);
});

function openTestDatabase(platform: TestTwin) {
  const database = openDatabase({ url: platform.postgres.url, log: silentLog(), name: 'test', connectionsMax: 2 });
  return { database, [Symbol.asyncDispose]: () => database.close() };
}
