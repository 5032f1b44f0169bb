import type { StationDefinition } from '@corridor/protocols/network-file';
import { subject } from '@corridor/protocols/subject';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats, type TestNats } from '@corridor/testkit/test-nats';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScopeClock } from '../clock/scope-clock.ts';
import { DryRunStation } from '../dry-run/dry-run-station.ts';
import { type Gateway, startGateway } from '../gateway.ts';
import type { StationView } from '../page/page-view.ts';
import { NETWORK, startArgs } from '../station/station-rig.ts';
import { PlatformRig } from './platform-rig.ts';

const STATION = NETWORK.stations.find(({ id }) => id === 'HH1') as StationDefinition;
/** Fast enough for a whole swap in two seconds. */
const FACTOR = 150;

let nats: TestNats;
let folder: ReturnType<typeof temporaryFolder>;
let clock: ScopeClock;
let plant: DryRunStation;
let platform: PlatformRig;
let gateway: Gateway | null = null;
const fatal: unknown[] = [];

async function startStation(dir = folder.path): Promise<Gateway> {
  gateway = startGateway({
    scope: 'live',
    station: STATION,
    creds: (await nats.credentials.issueStation('HH1')).creds,
    servers: nats.url,
    dataDir: dir,
    equipment: plant.equipment,
    log: pino({ level: 'silent' }),
    onFatal: (cause) => fatal.push(cause),
    config: { unansweredMs: 0 },
  });
  return gateway;
}

beforeEach(async () => {
  fatal.length = 0;
  folder = temporaryFolder();
  nats = await startTestNats();
  clock = new ScopeClock();
  clock.sync({ scopeAtMs: Date.now(), factor: FACTOR });
  plant = new DryRunStation({ network: NETWORK, station: STATION, clock, state: null });
  for (const evseId of [3, 4]) {
    const { pack } = plant.slot(evseId);
    if (pack) pack.socPercent = 95;
  }
  platform = await PlatformRig.start(nats, 'HH1');
});
afterEach(async () => {
  await gateway?.stop();
  gateway = null;
  plant.stop();
  clock.stop();
  await platform.stop();
  await nats[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
  expect(fatal).toEqual([]);
  expect(platform.refused).toEqual([]);
});

const isContiguous = (bootId: number): boolean => {
  const seqs = platform.taken.filter(({ envelope }) => envelope.bootId === bootId).map(({ envelope }) => envelope.seq);
  return seqs.every((seq, index) => seq === index + 1);
};

/** Its first event of a boot comes behind its subscriptions: from then on it hears what it is told. */
const listening = (boots = 1) => platform.until(() => platform.named('station:evt:gateway.online').length === boots);

describe('events', () => {
  it('begin with gateway.online and are forgotten when the platform acknowledged them', async () => {
    const running = await startStation();
    await platform.until(() => platform.named('station:evt:gateway.inventory').length === 1 && running.status().unackedEvents === 0);
    expect(platform.taken[0]).toMatchObject({
      key: 'station:evt:gateway.online',
      envelope: { bootId: 1, seq: 1, data: { previous: null } },
    });
    await running.stop();
    await platform.until(() => platform.named('station:evt:gateway.offline').length === 1);
    const last = platform.position;
    await startStation();
    await platform.until(() => platform.named('station:evt:gateway.online').length === 2);
    expect(platform.named('station:evt:gateway.online')[1]?.envelope).toMatchObject({ bootId: 2, seq: 1, data: { previous: last } });
  });

  it('that the platform refused are counted, and the commands beside the notice are answered', async () => {
    const running = await startStation();
    await listening();
    const notice = {
      subject: 'evs.v1.live.station.HH1.evt.swap.identified',
      messageId: 'HH1:1:evt:3',
      reason: 'SCHEMA_VIOLATION',
      detail: '/data: must have required properties packSerialNumber',
      at: new Date(0).toISOString(),
      moreRefused: 4,
    };
    const at = subject.refusalNotice('live', 'station', 'HH1');
    for (const said of [notice, { ...notice, moreRefused: -1 }, { ...notice, moreRefused: 0 }])
      platform.connection.publish(at, JSON.stringify(said));
    // Answered after the notices, which came on the same connection before it.
    const reply = await platform.command('config.get', { keys: [] }, { nowMs: clock.nowMs() });
    expect([reply.result, running.status().refusedMessages]).toEqual(['ACCEPTED', 6]);
  });

  it('carry a swap from the docking to its end', async () => {
    await startStation();
    plant.dock('HH1-B1', plant.truckOf('T001', 20));
    await platform.until(() => platform.named('station:evt:swap.identified').length === 1);
    const identified = platform.named('station:evt:swap.identified')[0]?.envelope.data;
    expect(identified).toMatchObject({ requestId: 1, truckId: 'T001' });
    const reply = await platform.command('swap.start', startArgs(plant, 1, 'T001'), { nowMs: clock.nowMs() });
    expect(reply).toMatchObject({ commandId: 'command-1', result: 'ACCEPTED' });
    await platform.until(() => platform.named('station:res').length === 1);
    expect(platform.named('station:evt:swap.completed')).toHaveLength(1);
    expect(platform.named('station:res')[0]?.envelope.data).toMatchObject({ commandId: 'command-1', result: 'ACCEPTED' });
    expect(isContiguous(1)).toBe(true);
  });

  it('that nobody acknowledges show on the page that the platform does not answer, though the server holds the connection', async () => {
    const running = await startStation();
    const url = await running.openPage({ port: 0, host: '127.0.0.1', people: [] });
    const shown = async () => ((await (await fetch(`${url}/api/view`)).json()) as { view: StationView }).view.link.state;
    await platform.until(() => running.status().unackedEvents === 0 && running.status().link === 'UP');
    expect(await shown()).toBe('UP');
    platform.acknowledges = false;
    plant.set({ emergencyStop: true });
    await platform.until(() => platform.named('station:evt:gateway.fault_raised').length === 1);
    expect(await shown()).toBe('UNANSWERED');
    platform.acknowledges = true;
    platform.ack();
    await platform.until(() => running.status().unackedEvents === 0);
    expect(await shown()).toBe('UP');
  });

  it('that the stream lost though it had confirmed them are sent again', async () => {
    await startStation();
    await platform.until(() => platform.taken.length >= 2);
    platform.acknowledges = false;
    const { position } = platform;
    plant.set({ emergencyStop: true });
    await platform.until(() => platform.named('station:evt:gateway.fault_raised').length === 1);
    await (await jetstreamManager(platform.connection)).streams.purge('EVT');
    platform.taken.length = 0;
    platform.position = position;
    platform.acknowledges = true;
    await platform.until(() => platform.named('station:evt:gateway.fault_raised').length === 1 && gateway?.status().unackedEvents === 0);
    expect(platform.taken[0]?.envelope.seq).toBe(position.evtSeq + 1);
  });

  it('are sent again when a platform restored from a backup goes back', async () => {
    const running = await startStation();
    await platform.until(() => platform.named('station:evt:gateway.inventory').length === 1 && running.status().unackedEvents === 0);
    const before = platform.taken.length;
    platform.taken.length = 0;
    platform.position = { bootId: 1, evtSeq: 1 };
    platform.acknowledges = false;
    platform.ack();
    await platform.until(() => {
      if (running.status().unackedEvents > 0) platform.ack();
      return platform.taken.length >= before - 1;
    });
    expect(platform.taken[0]?.envelope.seq).toBe(2);
  });

  it.each([
    { bootId: 7, evtSeq: 40 },
    { bootId: 1, evtSeq: 40 },
    { bootId: 1, evtSeq: 2 },
  ])('move to a later boot when the platform knows the station up to $bootId/$evtSeq from a journal that was lost', async (position) => {
    platform.position = position;
    // The stream still knows the numbers of the lost journal.
    const at = subject.stationEvent('live', 'HH1', 'gateway', 'online');
    await jetstream(platform.connection).publish(at, '{}', { msgID: 'HH1:1:evt:1' });
    await platform.until(() => platform.refused.length === 1);
    platform.refused.length = 0;
    await startStation();
    await platform.until(() => platform.named('station:evt:gateway.inventory').length === 1);
    const bootId = position.bootId + 1;
    expect(platform.taken[0]?.envelope).toMatchObject({ bootId, seq: 1, data: { previous: null } });
    expect(isContiguous(bootId)).toBe(true);
  });

  it('all arrive though the server is killed again and again', async () => {
    const running = await startStation();
    await platform.until(() => platform.taken.length >= 2);
    for (let round = 0; round < 3; round += 1) {
      plant.set({ emergencyStop: true });
      await nats.kill9();
      plant.set({ emergencyStop: false });
      await nats.start();
      plant.set({ fire: true });
      plant.set({ fire: false });
    }
    await platform.until(() => platform.named('station:evt:gateway.fault_cleared').length === 6 && running.status().unackedEvents === 0);
    expect(platform.named('station:evt:gateway.fault_raised').map(({ envelope }) => envelope.data.code)).toEqual([
      'ESTOP',
      'FIRE',
      'ESTOP',
      'FIRE',
      'ESTOP',
      'FIRE',
    ]);
    expect(isContiguous(1)).toBe(true);
  });
});

describe('telemetry', () => {
  it('of an outage follows as back-fill between begin and end, without losing any', async () => {
    const running = await startStation();
    const tele = () => platform.messages.filter(({ key }) => key.startsWith('station:tele:'));
    await platform.until(() => tele().length > 10);
    await nats.stop();
    await platform.until(() => running.status().bufferedTelemetry > 20);
    await nats.start();
    await platform.until(() => platform.named('station:evt:gateway.backfill_end').length > 0 && running.status().bufferedTelemetry === 0);
    await platform.until(() => tele().some(({ envelope }) => envelope.backfill));
    expect(platform.named('station:evt:gateway.backfill_begin').length).toBeGreaterThan(0);
    // What was on its way when the server went is given up after seconds only, and follows by itself.
    const last = Math.max(...tele().map(({ envelope }) => envelope.seq));
    const missing = () => {
      const come = new Set(tele().map(({ envelope }) => envelope.seq));
      return Array.from({ length: last }, (_, index) => index + 1).filter((seq) => !come.has(seq));
    };
    await platform.until(() => missing().length === 0 && running.status().bufferedTelemetry === 0);
    // Live again, after what was owed.
    await platform.until(() => tele().some(({ envelope }) => envelope.seq > last && !envelope.backfill));
  });
});

describe('commands', () => {
  it('are done once, also when repeated after a restart', async () => {
    await startStation();
    const lock = () => platform.command('slot.lock', { evseId: 5 }, { commandId: 'lock-5', nowMs: clock.nowMs() });
    await listening();
    const first = await lock();
    expect(first.result).toBe('ACCEPTED');
    expect(plant.slot(5).locked).toBe(true);
    plant.slot(5).locked = false;
    expect(await lock()).toEqual(first);
    await gateway?.stop();
    await startStation();
    await listening(2);
    expect(await lock()).toEqual(first);
    expect(plant.slot(5).locked).toBe(false);
    await platform.until(() => platform.named('station:evt:gateway.inventory').length === 2);
    expect(platform.named('station:res')).toHaveLength(1);
  });

  it('that are wrong, late or unknown are refused with a reason', async () => {
    await startStation();
    await listening();
    const raw = async (at: string, value: unknown) =>
      (await platform.connection.request(`evs.v1.live.station.HH1.cmd.${at}`, JSON.stringify(value), { timeout: 60_000 })).json();
    expect(await raw('slot.explode', { commandId: 'x' })).toMatchObject({ commandId: 'x', result: 'NOT_SUPPORTED' });
    expect(await raw('slot.lock', { commandId: 'y' })).toMatchObject({ result: 'REJECTED', statusInfo: { reasonCode: 'COMMAND_INVALID' } });
    const late = await platform.command('slot.lock', { evseId: 5 }, { nowMs: clock.nowMs() - 2 * 86_400_000 });
    expect(late).toMatchObject({ result: 'REJECTED', statusInfo: { reasonCode: 'COMMAND_EXPIRED' } });
    const nowhere = await platform.command('slot.lock', { evseId: 99 }, { nowMs: clock.nowMs() });
    expect(nowhere).toMatchObject({ result: 'REJECTED', statusInfo: { reasonCode: 'EVSE_UNKNOWN' } });
    const config = await platform.command('config.set', { values: { targetSocPercent: 97 } }, { nowMs: clock.nowMs() });
    expect(config).toMatchObject({ result: 'REJECTED', statusInfo: { reasonCode: 'VALUE_OUT_OF_RANGE' } });
  });
});
