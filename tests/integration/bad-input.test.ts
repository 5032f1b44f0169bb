import { packReading } from '@corridor/actors/network/telemetry.fixture';
import type { AlarmView, Bill, OrderSummary, PackView } from '@corridor/protocols/http/scene';
import { faultsInBooks } from '@corridor/testkit/books';
import { ScriptedGateway, type SwapScript } from '@corridor/testkit/scripted-gateway';
import { ScriptedStation } from '@corridor/testkit/scripted-station';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const HOUR_MS = 3_600_000;
const packOnTruck = (truckId: string) => NETWORK.packs.find(({ initial }) => initial.id === truckId)?.id ?? '';

interface Bench {
  platform: TestTwin;
  /** May publish anything in the scope: what permissions would stop has to be stopped behind them too. */
  service: NatsConnection;
  stop(): Promise<void>;
  stationOf(stationId: string, nowMs?: () => number): Promise<{ gateway: ScriptedGateway; station: ScriptedStation }>;
  /** Refusals so far, by reason. */
  refused(): Promise<Map<string, number>>;
}

async function bench(platform: TestTwin): Promise<Bench> {
  const service = await platform.nats.connect(await platform.nats.credentials.issueService('bad-input'));
  const onTruck = ScriptedStation.packsOnTrucks(NETWORK);
  const open: { gateway: ScriptedGateway; nc: NatsConnection }[] = [];
  return {
    platform,
    service,
    async stop() {
      for (const { gateway, nc } of open) {
        gateway.stop();
        await nc.close();
      }
      await service.close();
    },
    async stationOf(stationId, nowMs = Date.now) {
      const nc = await platform.nats.connect(await platform.nats.credentials.issueStation(stationId));
      const gateway = new ScriptedGateway({ stationId, nowMs });
      await gateway.boot(nc);
      open.push({ gateway, nc });
      return { gateway, station: new ScriptedStation({ gateway, network: NETWORK, onTruck }) };
    },
    async refused() {
      const text = await (await fetch(`${platform.twin.url}/metrics`)).text();
      const lines = text.matchAll(/^corridor_refused_total\{reason="(\w+)"\} (\d+)$/gm);
      return new Map([...lines].map(([, reason, count]) => [reason ?? '', Number(count)]));
    },
  };
}

/** Waits until the platform has refused something for this reason. */
async function untilRefused(bench: Bench, reason: string, count = 1): Promise<void> {
  await until(`${count} refused as ${reason}`, 30_000, async () => (((await bench.refused()).get(reason) ?? 0) < count ? null : true));
}

function script(
  requestId: number,
  truckId: string,
  packId: string,
): Pick<SwapScript, 'requestId' | 'bayId' | 'truck' | 'idToken'> & { returned: SwapScript['returned'] } {
  const truck = NETWORK.trucks.find(({ id }) => id === truckId);
  return {
    requestId,
    bayId: 'HH1-B1',
    truck: { id: truckId, plate: truck?.plate ?? '冀A00000D', rfid: truck?.rfid ?? 'none', vin: truck?.vin ?? 'LCT4X2BEV26999999' },
    idToken: NETWORK.drivers.find(({ truckIds }) => truckIds.includes(truckId))?.idToken ?? { idToken: 'NOBODY', type: 'Central' },
    returned: { evseId: 8, serialNumber: packId, soC: 20, soH: 90 },
  };
}

it('refuses what it cannot use, says why, counts it, and goes on', async () => {
  await using platform = await startTestTwin();
  const on = await bench(platform);
  const { gateway, station } = await on.stationOf('HH1');
  const js = jetstream(on.service);
  const tele = 'evs.v1.live.station.HH1.tele.station';
  const packs = 'evs.v1.live.truck.T060.tele';
  const at = new Date().toISOString();
  const head = { schema: 'tele.station/1', src: 'HH1', bootId: 1, seq: 1, tsEvent: at, tsSend: at, backfill: false, q: [] };
  const data = {
    stationId: 'HH1',
    state: 'OPERATIVE',
    readyPacks: 1,
    chargingPacks: 2,
    emptySlots: 1,
    queueLength: 0,
    estWaitMs: 0,
    gridPowerW: 0,
    gridLimitW: 2e6,
    pvPowerW: 0,
    auxPowerW: 0,
    activeTariffPeriod: null,
    ambientC: 20,
    windMps: 1,
    commsRttMs: 1,
  };
  const bad: [subject: string, body: string | Uint8Array, reason: string][] = [
    ['evs.v1.live.station.HH1.tele.nonsense', '{}', 'SUBJECT_UNKNOWN'],
    [
      'evs.v1.live.station.NOWHERE.tele.station',
      JSON.stringify({ ...head, src: 'NOWHERE', data: { ...data, stationId: 'NOWHERE' } }),
      'SOURCE_UNKNOWN',
    ],
    [tele, '{"half', 'NOT_JSON'],
    [tele, new Uint8Array([0xff, 0xfe, 0x00]), 'NOT_JSON'],
    [tele, JSON.stringify({ ...head, data: { ...data, queueLength: -1 } }), 'SCHEMA_VIOLATION'],
    [tele, JSON.stringify({ ...head, data: { ...data, surplus: 1 } }), 'SCHEMA_VIOLATION'],
    [tele, JSON.stringify({ ...head, schema: 'tele.station/9', data }), 'SCHEMA_VERSION_UNKNOWN'],
    [tele, JSON.stringify({ ...head, data }).replace('"gridPowerW":0', '"gridPowerW":1e999'), 'NUMBER_NOT_FINITE'],
    [tele, JSON.stringify({ ...head, src: 'BD1', data }), 'SOURCE_MISMATCH'],
    [tele, JSON.stringify({ ...head, data, padding: 'x'.repeat(300_000) }), 'MESSAGE_TOO_LARGE'],
    [tele, JSON.stringify({ ...head, q: ['\u0000'], data }), 'SCHEMA_VIOLATION'],
    [tele, JSON.stringify({ ...head, tsEvent: '2026-06-30T23:59:60Z', data }), 'SCHEMA_VIOLATION'],
    [tele, JSON.stringify({ ...head, data: { ...data, stationId: 'BD1' } }), 'SOURCE_MISMATCH'],
    [tele, JSON.stringify({ ...head, seq: Number.MAX_SAFE_INTEGER, data }), 'SEQ_IMPLAUSIBLE'],
    [tele, JSON.stringify({ ...head, seq: 1, tsEvent: '1970-01-01T00:00:00Z', data }), 'TIME_IMPLAUSIBLE'],
    [
      `${packs}.pack`,
      JSON.stringify({ ...head, schema: 'tele.pack/1', src: 'T060', data: packReading({ packId: 'MADE-UP-1' }) }),
      'ASSET_UNKNOWN',
    ],
  ];
  const before = await on.refused();
  const wanted = new Map(before);
  for (const [subject, body, reason] of bad) {
    await js.publish(subject, body);
    wanted.set(reason, (wanted.get(reason) ?? 0) + 1);
  }
  for (const [reason, count] of wanted) await untilRefused(on, reason, count);
  expect(await on.refused()).toEqual(wanted);

  // Everything refused stands in REFUSED with its subject, its reason and its bytes.
  const kept: { subject: string; reason: string; bytesBase64: string }[] = [];
  const consumer = await js.consumers.get('REFUSED', { deliver_policy: DeliverPolicy.All });
  for await (const message of await consumer.fetch({ max_messages: bad.length, expires: 60_000 })) kept.push(message.json());
  expect(kept.map(({ reason }) => reason).toSorted()).toEqual(bad.map(([, , reason]) => reason).toSorted());
  expect(kept.find(({ reason }) => reason === 'NOT_JSON')?.subject).toBe(tele);

  // Broken events use their number up and hold nobody back.
  const { bootId, seq } = gateway.takeNumber();
  await gateway.raw(
    'evt.swap.arrived',
    JSON.stringify({ schema: 'evt.swap.arrived/1', src: 'HH1', bootId, seq, tsEvent: at, tsSend: at, backfill: false, q: [], data: {} }),
  );
  await station.serve('T001');
  await gateway.settled();
  const [order] = ((await platform.get('/api/v1/orders')).body as { items: OrderSummary[] }).items;
  expect(order).toMatchObject({ state: 'CLEARED', truckId: 'T001' });
  expect(await faultsInBooks(platform.db, station.log)).toEqual([]);
  await on.stop();
});

it('keeps other credentials out, and credentials out of what is not theirs', async () => {
  await using platform = await startTestTwin();
  const { creds } = await platform.nats.credentials.issueStation('HH1');
  const as = async (text: string) =>
    connect({
      servers: platform.nats.url,
      inboxPrefix: '_INBOX.HH1',
      authenticator: credsAuthenticator(new TextEncoder().encode(text)),
      maxReconnectAttempts: 0,
    });
  const nc = await as(creds);
  await expect(jetstream(nc).publish('evs.v1.live.station.BD1.evt.swap.arrived', '{}', { timeout: 1_000 })).rejects.toThrow();
  await nc.close();
  await using stranger = await import('@corridor/testkit/test-nats').then(async ({ startTestNats }) => startTestNats());
  await expect(as((await stranger.credentials.issueStation('HH1')).creds)).rejects.toThrow(/authori/i);

  // Revoked, it is cut off, and a new device in its place may begin from 1.
  const enrolled = (await platform.post('/api/v1/stations/HH1/credentials', {})).body as { creds: string };
  const gateway = await as(enrolled.creds);
  const cut = gateway.closed();
  const response = await fetch(`${platform.twin.url}/api/v1/stations/HH1/credentials`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${await platform.token('PF')}` },
  });
  expect(await response.json()).toEqual({ revoked: 1 });
  await cut;
  await expect(as(enrolled.creds)).rejects.toThrow(/authori/i);
  const { rows } = await platform.db.query("select user_id, entity_kind, entity_id from audit_log where action = 'credentials.revoke'");
  expect(rows).toEqual([{ user_id: expect.any(String), entity_kind: 'station', entity_id: 'HH1' }]);
});

it('ends what cannot be completed as abnormal or refused, with its reason, and bills nothing wrongly', async () => {
  await using platform = await startTestTwin();
  const on = await bench(platform);
  const { gateway } = await on.stationOf('HH1');
  const orders = async () =>
    new Map(
      ((await platform.get('/api/v1/orders?limit=100')).body as { items: OrderSummary[] }).items.map((order) => [order.requestId, order]),
    );

  // A truck nobody knows; a pack nobody knows.
  const stranger = script(1, 'T999', 'LFP350-9999');
  const refused = await gateway.swap({ ...stranger, issued: () => ({ soC: 95, soH: 90 }) });
  expect(refused.started).toBe(false);
  const wrongPack = script(3, 'T002', 'LFP350-9999');
  expect(await gateway.swap({ ...wrongPack, issued: () => ({ soC: 95, soH: 90 }) })).toMatchObject({ started: false });

  // Half a swap: packs move without anything before or behind it.
  const half = script(5, 'T003', packOnTruck('T003'));
  gateway.swapEvent(half, 'battery_in', { batteryData: [half.returned] });
  gateway.swapEvent(half, 'completed');
  // The other half.
  const otherHalf = script(7, 'T004', packOnTruck('T004'));
  const issued = NETWORK.packs.find(({ initial }) => initial.id === 'HH1-2')?.id ?? '';
  gateway.swapEvent(otherHalf, 'battery_out', { batteryData: [{ evseId: 2, serialNumber: issued, soC: 60, soH: 90 }] });
  gateway.swapEvent(otherHalf, 'completed');
  await gateway.settled();

  const after = await orders();
  expect(after.get(1)).toMatchObject({ state: 'REJECTED' });
  expect(after.get(3)).toMatchObject({ state: 'REJECTED' });
  expect(after.get(5)).toMatchObject({ state: 'ABNORMAL', reason: expect.any(String), payableFen: null });
  expect(after.get(7)).toMatchObject({ state: 'ABNORMAL', reason: expect.any(String), payableFen: null });
  expect(await faultsInBooks(platform.db, [])).toEqual([]);
  const { rows } = await platform.db.query<{ count: string }>("select count(*) from transfer where kind not in ('TOP_UP')");
  expect(rows[0]?.count).toBe('0');
  await on.stop();
});

it('lets nobody speak for a pack that he does not hold', async () => {
  await using platform = await startTestTwin();
  const on = await bench(platform);
  const packId = NETWORK.packs.find(({ initial }) => initial.id === 'HH1-2')?.id ?? '';
  const at = new Date().toISOString();
  const head = { bootId: 1, seq: 1, tsEvent: at, tsSend: at, backfill: false, q: [] };
  const reading = (kind: 'TRUCK' | 'SLOT', id: string, socPercent: number, cellTmaxC: number) =>
    packReading({ packId, location: { kind, id }, socPercent, cellTmaxC });
  const told = { ...head, schema: 'tele.packs/1', src: 'HH1', data: { stationId: 'HH1', packs: [reading('SLOT', 'HH1-2', 55, 30)] } };
  const foreign = { ...head, schema: 'tele.pack/1', src: 'T060', data: reading('TRUCK', 'T060', 3, 70) };
  const js = jetstream(on.service);
  await js.publish('evs.v1.live.station.HH1.tele.packs', JSON.stringify(told));
  await js.publish('evs.v1.live.truck.T060.tele.pack', JSON.stringify(foreign));
  const rows = await until('both are history', 30_000, async () => {
    const { rows } = await platform.db.query<{ soc_percent: number; q: string[] }>(
      'select soc_percent, q from telemetry_pack where pack_id = $1 order by soc_percent',
      [packId],
    );
    return rows.length === 2 ? rows : null;
  });
  expect(rows.map(({ q }) => q.includes('FOREIGN'))).toEqual([true, false]);
  expect((await platform.get(`/api/v1/packs/${packId}`)).body).toMatchObject({ socPercent: 55 });
  expect(((await platform.get('/api/v1/alarms?open=true')).body as { items: AlarmView[] }).items).toEqual([]);
  const metrics = await (await fetch(`${platform.twin.url}/metrics`)).text();
  expect(metrics).toContain('corridor_readings_foreign_total{source="truck:T060"} 1');
  expect(metrics).toMatch(/^corridor_batch_inputs_count [1-9]/m);
  expect(metrics).toMatch(/^corridor_batch_seconds_count [1-9]/m);
  await on.stop();
});

it('freezes two packs with one serial and raises an alarm', async () => {
  await using platform = await startTestTwin();
  const on = await bench(platform);
  const { gateway } = await on.stationOf('HH1');
  const twice = packOnTruck('T005');
  const slots = NETWORK.packs.flatMap(({ id, initial }) =>
    initial.kind === 'SLOT' && initial.id.startsWith('HH1-') ? [{ evseId: Number(initial.id.slice(4)), id }] : [],
  );
  // The truck says that it carries the pack, and its station finds it in the rack.
  const at = new Date().toISOString();
  const unread = ['vin', 'plate', 'lat', 'lon', 'altM', 'chainageM', 'direction', 'speedKmh', 'headingDeg', 'odometerM', 'grossMassKg'];
  const untold = ['packVoltageV', 'packCurrentA', 'motorPowerW', 'auxPowerW', 'ambientC', 'destinationStationId', 'tripId'];
  const data = {
    ...Object.fromEntries([...unread, ...untold].map((name) => [name, null])),
    truckId: 'T005',
    vehicleState: 'IN_BAY',
    packId: twice,
    socPercent: 40,
    socSource: 'BMS',
    alarmBits: 0,
    alarmLevel: 0,
  };
  const head = { schema: 'tele.truck/1', src: 'T005', bootId: 1, seq: 1, tsEvent: at, tsSend: at, backfill: false, q: [] };
  await jetstream(on.service).publish('evs.v1.live.truck.T005.tele.truck', JSON.stringify({ ...head, data }));
  await until('the report of the truck', 30_000, async () => {
    const truck = (await platform.get('/api/v1/trucks/T005')).body as { socPercent: number | null };
    return truck.socPercent === 40 ? true : null;
  });
  gateway.event('gateway', 'inventory', {
    slots: slots.map(({ evseId, id }) => ({
      evseId,
      slotState: 'HOLDS_PACK',
      packId: evseId === 1 ? twice : id,
      socPercent: 50,
      sohPercent: 90,
    })),
  });
  await gateway.settled();
  const alarms = (await platform.get('/api/v1/alarms?open=true')).body as { items: AlarmView[] };
  expect(alarms.items.some(({ detail, scopeId }) => `${detail} ${scopeId}`.includes(twice))).toBe(true);
  const frozen = (await platform.get(`/api/v1/packs/${twice}`)).body as PackView;
  expect(frozen).toMatchObject({ state: 'disputed', location: { kind: 'TRUCK', id: 'T005' } });
  // Nobody gets anything for it until a person has said where it is.
  const swap = await gateway.swap({ ...script(1, 'T005', twice), issued: () => ({ soC: 95, soH: 90 }) });
  expect(swap).toEqual({ started: false, reasonCode: 'PACK_CUSTODY_MISMATCH' });
  expect(await faultsInBooks(platform.db, [])).toEqual([]);
  await on.stop();
});

/** A swap at HH1 by a gateway whose clock is off, as it was billed, with the books checked. */
async function billedByClock(offsetMs: number): Promise<Pick<Bill, 'payableFen' | 'energyInWh' | 'energyOutWh' | 'lines' | 'clearing'>> {
  await using platform = await startTestTwin();
  const on = await bench(platform);
  const { gateway, station } = await on.stationOf('HH1', () => Date.now() + offsetMs);
  await station.serve('T001');
  await gateway.settled();
  const [order] = ((await platform.get('/api/v1/orders')).body as { items: OrderSummary[] }).items;
  expect(order?.state).toBe('CLEARED');
  expect(await faultsInBooks(platform.db, station.log)).toEqual([]);
  const { rows } = await platform.db.query<{ ts_event: Date; skewed: boolean }>(
    "select ts_event, skewed from swap_event where subject like '%battery_out'",
  );
  expect(Math.abs((rows[0]?.ts_event.getTime() ?? 0) - Date.now())).toBeLessThan(HOUR_MS);
  const lots = await platform.db.query<{ changed_at: Date }>('select distinct changed_at from energy_lot');
  for (const { changed_at } of lots.rows) expect(Math.abs(changed_at.getTime() - Date.now())).toBeLessThan(HOUR_MS);
  const { payableFen, energyInWh, energyOutWh, lines, clearing } = (await platform.get(`/api/v1/orders/${order?.id}/bill`)).body as Bill;
  await on.stop();
  return { payableFen, energyInWh, energyOutWh, lines, clearing };
}

it.each([
  ['eight hours fast', 8 * HOUR_MS],
  ['eight hours slow', -8 * HOUR_MS],
  ['in 1970', -Date.now()],
  ['in the year 2099', Date.UTC(2099, 0) - Date.now()],
])('bills the same for a clock %s', async (_, offsetMs) => {
  // Side by side, so that both are in the same hours of the tariff.
  const [right, wrong] = await Promise.all([billedByClock(0), billedByClock(offsetMs)]);
  expect(BigInt(right.payableFen)).toBeGreaterThan(0n);
  expect(right.lines.length).toBeGreaterThan(3);
  expect(wrong).toEqual(right);
});
