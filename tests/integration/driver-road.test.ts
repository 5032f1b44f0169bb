import type { OrderDetail } from '@corridor/protocols/http/order-detail';
import type { Recommendations } from '@corridor/protocols/http/recommendation';
import type { OrderSummary, TruckView } from '@corridor/protocols/http/scene';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { jetstream } from '@nats-io/jetstream';
import { expect, it } from 'vitest';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const TRUCK = 'T001';
const packOnTruck = NETWORK.packs.find(({ initial }) => initial.id === TRUCK)?.id ?? '';
/** What a truck's box does not measure. */
const UNREAD = [
  'vin',
  'plate',
  'lat',
  'lon',
  'altM',
  'headingDeg',
  'odometerM',
  'packVoltageV',
  'packCurrentA',
  'motorPowerW',
  'auxPowerW',
  'ambientC',
  'tripId',
];

/** The truck 30 km before its first station westwards, and stations that tell how they stand. */
async function onTheRoad(platform: TestTwin) {
  const nc = await platform.nats.connect(await platform.nats.credentials.issueService('road'));
  let seq = 0;
  const tell = async (source: 'station' | 'truck', id: string, data: object): Promise<void> => {
    seq += 1;
    const at = new Date().toISOString();
    const head = { schema: `tele.${source}/1`, src: id, bootId: 1, seq, tsEvent: at, tsSend: at, backfill: false, q: [] };
    await jetstream(nc).publish(`evs.v1.live.${source}.${id}.tele.${source}`, JSON.stringify({ ...head, data }));
  };
  const station = async (stationId: string, readyPacks: number, queueLength = 0): Promise<void> =>
    tell('station', stationId, {
      stationId,
      state: 'OPERATIVE',
      readyPacks,
      chargingPacks: 2,
      emptySlots: 1,
      queueLength,
      estWaitMs: queueLength * 300_000,
      gridPowerW: 100_000,
      gridLimitW: 2_000_000,
      pvPowerW: 0,
      auxPowerW: 1_000,
      activeTariffPeriod: null,
      ambientC: null,
      windMps: null,
      commsRttMs: null,
    });
  const truck = async (about: object): Promise<void> =>
    tell('truck', TRUCK, {
      ...Object.fromEntries(UNREAD.map((name) => [name, null])),
      truckId: TRUCK,
      chainageM: 130_000,
      direction: 'WEST',
      speedKmh: 70,
      vehicleState: 'DRIVING',
      grossMassKg: 40_000,
      packId: packOnTruck,
      socPercent: 60,
      socSource: 'BMS',
      alarmBits: 0,
      alarmLevel: 0,
      destinationStationId: null,
      ...about,
    });
  const asked = async (as = 'D001') =>
    platform.get(`/api/v1/recommendations?truckId=${TRUCK}`, as) as Promise<{ status: number; body: Recommendations }>;
  return { station, truck, asked, stop: async () => nc.close() };
}

/** A gateway of HH1 with one pack that can be issued. */
async function packAtHH1(platform: TestTwin) {
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  const packId = NETWORK.packs.find(({ initial }) => initial.id === 'HH1-1')?.id ?? '';
  const charge = { transactionId: 'tx', evseId: 1, packId, pvRegisterWh: 0, sohPercent: 90 };
  gateway.event('charge', 'started', { ...charge, gridRegisterWh: 0, socPercent: 60, reason: null });
  gateway.event('charge', 'ended', { ...charge, gridRegisterWh: 120_000, socPercent: 95, reason: 'MAX_SOC' });
  await gateway.settled();
  const stop = async (): Promise<void> => {
    gateway.stop();
    await nc.close();
  };
  return { stop };
}

it('tells a driver where to swap next and why, and why not elsewhere', async () => {
  await using platform = await startTestTwin();
  const road = await onTheRoad(platform);
  expect((await road.asked()).body).toMatchObject({ problem: 'CHARGE_UNKNOWN', urgency: null, items: [] });
  await road.station('HJ1', 4);
  await road.station('BD1', 1, 3);
  await road.truck({ chainageM: null });
  await until('the first report', 30_000, async () => ((await road.asked()).body.problem === 'POSITION_UNKNOWN' ? true : null));
  await road.truck({ destinationStationId: 'HJ1' });
  const told = await until('the second report', 30_000, async () => {
    const { body } = await road.asked();
    return body.problem === null && body.items.length === 2 ? body : null;
  });
  expect(told.urgency).toBe('NOT_YET');
  expect(told.items.map(({ stationId }) => stationId)).toEqual(['HJ1', 'BD1']);
  const [hejian, baoding] = told.items;
  expect(hejian).toMatchObject({ distanceM: 29_900, readyPacks: 4, waitMs: 0 });
  expect(hejian?.reasons).toEqual(expect.arrayContaining(['HEADING_FOR', 'NEAREST', 'NO_WAIT', 'MOST_PACKS']));
  expect(baoding?.reasons).toContain('NO_FREE_PACK');
  // What is bought is what is missing, and it costs what the station asks for it.
  const { energyWh = 0, energyFen = '', priceNanoYuanPerKwh = '' } = hejian ?? {};
  expect(Number(energyFen)).toBe(Math.round((energyWh / 1_000) * (Number(priceNanoYuanPerKwh) / 1e9) * 100));
  const passed = new Map(told.passedOver.map(({ stationId, reason }) => [stationId, reason]));
  expect(passed.get('FP1')).toBe('STATION_OFFLINE');
  // The carrier asks for its truck too; for others there is no such truck, and a text that is no id is refused.
  expect(await road.asked('C1')).toMatchObject({ status: 200 });
  expect(await road.asked('C2')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  expect(await platform.get('/api/v1/recommendations?truckId=%3Cscript%3E', 'D001')).toMatchObject({ status: 400 });
  expect(await platform.get('/api/v1/recommendations', 'D001')).toMatchObject({ status: 400 });
  await road.truck({ socPercent: 3 });
  const stranded = await until('the third report', 30_000, async () =>
    (await road.asked()).body.urgency === 'NOW' ? (await road.asked()).body : null,
  );
  expect(stranded.items).toEqual([]);
  expect(new Map(stranded.passedOver.map(({ stationId, reason }) => [stationId, reason])).get('HJ1')).toBe('OUT_OF_REACH');
  await road.stop();
});

it('quotes a truck on its way with the SOC on arrival that is recommended, and one that stands there with the SOC of now', async () => {
  await using platform = await startTestTwin();
  const road = await onTheRoad(platform);
  const packs = await packAtHH1(platform);
  await road.station('HH1', 1);
  /** Quotes at HH1, and gives it back. */
  const quoted = async () => {
    const { id } = (await platform.post('/api/v1/orders', { stationId: 'HH1', truckId: TRUCK }, 'D001')).body as OrderSummary;
    const detail = async (as: string) => (await platform.get(`/api/v1/orders/${id}`, as)).body as OrderDetail;
    const [driver, carrier, operator] = [await detail('D001'), await detail('C1'), await detail('SO1')];
    expect([carrier.quotedSoc, operator.quotedSoc]).toEqual([driver.quotedSoc, null]);
    expect(await platform.post(`/api/v1/orders/${id}/cancel`, {}, 'D001')).toMatchObject({ status: 200 });
    return driver;
  };
  await road.truck({ chainageM: 11_300 });
  const [offer] = await until('an offer of HH1', 30_000, async () => {
    const { items } = (await road.asked()).body;
    return items.length === 1 ? items : null;
  });
  const underWay = await quoted();
  expect(underWay.quotedSoc).toMatchObject({ basis: 'ARRIVAL', reportedPercent: 60 });
  expect(underWay.quotedSoc?.percent).toBeCloseTo(offer?.arrivalSocPercent ?? Number.NaN, 1);
  expect(offer?.arrivalSocPercent).toBeLessThan(60);
  await road.truck({ chainageM: 41_700 });
  await until('the truck at the station', 30_000, async () => {
    const { chainageM } = (await platform.get(`/api/v1/trucks/${TRUCK}`, 'D001')).body as TruckView;
    return chainageM === 41_700 ? true : null;
  });
  const there = await quoted();
  expect(there.quotedSoc).toEqual({ basis: 'REPORTED', percent: 60, reportedPercent: 60 });
  expect(BigInt(underWay.quotedFen ?? 0)).toBeGreaterThan(BigInt(there.quotedFen ?? 0));
  await packs.stop();
  await road.stop();
});

it('makes one order of a request that is sent again after its answer was lost, and refuses again what was refused', async () => {
  await using platform = await startTestTwin();
  const packs = await packAtHH1(platform);
  const quote = async (body: object) =>
    platform.post('/api/v1/orders', body, 'D001') as Promise<{ status: number; body: OrderSummary & { code?: string } }>;
  const asked = { stationId: 'HH1', truckId: TRUCK, key: 'once' };
  const [first, again] = await Promise.all([quote(asked), quote(asked)]);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body.id).toBe(first.body.id);
  // Another key is another order, and one is open.
  const other = { ...asked, key: 'twice' };
  expect(await quote(other)).toMatchObject({ status: 422, body: { code: 'CONCURRENT_ORDER' } });
  expect(await quote(other)).toMatchObject({ status: 422, body: { code: 'CONCURRENT_ORDER' } });
  expect(await quote(asked)).toMatchObject({ status: 201, body: { id: first.body.id, state: 'QUOTED' } });
  const { rows } = await platform.db.query<{ state: string }>('select state from swap_order order by state');
  expect(rows.map(({ state }) => state)).toEqual(['QUOTED', 'REJECTED']);
  await packs.stop();
});
