import type { AlarmFigures } from '@corridor/protocols/http/alarm-figures';
import type { AlarmView, Scene } from '@corridor/protocols/http/scene';
import { reachScopeTime } from '@corridor/testkit/scope-time';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { expect, it } from 'vitest';

const MINUTE_MS = 60_000;
const SETTLED_WITHIN_MS = 20_000;

interface Faulty {
  gateway: ScriptedGateway;
  raise(faultId: string, code: string, scopeId: string, level?: number): void;
  clear(faultId: string, code: string, scopeId: string): void;
  end(): Promise<void>;
}

/** A station that reports faults of its equipment when it is told to. */
async function faultyStation(platform: TestTwin): Promise<Faulty> {
  const nowMs = () => platform.twin.live.clock().scopeAtMs;
  const gateway = new ScriptedGateway({ stationId: 'HH1', nowMs });
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  await gateway.boot(nc);
  const scopeOf = (scopeId: string) => (scopeId === 'HH1' ? 'station' : 'slot');
  return {
    gateway,
    raise: (faultId, code, scopeId, level = 1) =>
      gateway.event('gateway', 'fault_raised', { faultId, code, level, scope: scopeOf(scopeId), scopeId, detail: `${code} at ${scopeId}` }),
    clear: (faultId, code, scopeId) =>
      gateway.event('gateway', 'fault_cleared', { faultId, code, level: 1, scope: scopeOf(scopeId), scopeId, detail: 'over' }),
    async end() {
      gateway.stop();
      await nc.close();
    },
  };
}

async function goOn({ twin: { live } }: TestTwin, byMs: number): Promise<void> {
  const atMs = live.clock().scopeAtMs + byMs;
  live.core.clock.tick(atMs, 1);
  await reachScopeTime(live, atMs);
}

const inScene = async (platform: TestTwin, as: string, code: string): Promise<AlarmView | undefined> =>
  ((await platform.get('/api/v1/scene', as)).body as Scene).alarms.find((alarm) => alarm.code === code);
const stateOf = async (platform: TestTwin, code: string, as = 'SO1') => (await inScene(platform, as, code))?.state;
const inState = async (platform: TestTwin, code: string, state: string) =>
  until(`${code} ${state}`, SETTLED_WITHIN_MS, async () => ((await stateOf(platform, code)) === state ? true : null));

it('puts an alarm aside for a time, also when it comes again, and takes it back by itself', async () => {
  await using platform = await startTestTwin();
  const station = await faultyStation(platform);
  station.raise('f1', 'CHARGER_DOWN', 'HH1-3');
  await inState(platform, 'CHARGER_DOWN', 'UNACKNOWLEDGED');
  const alarm = await inScene(platform, 'SO1', 'CHARGER_DOWN');
  expect(alarm).toMatchObject({ stationId: 'HH1', shelf: null, acts: ['ACKNOWLEDGE', 'SHELVE'] });
  const path = `/api/v1/alarms/${alarm?.id}`;
  const asked = { forMs: 10 * MINUTE_MS, reason: 'the fitter comes at noon' };

  expect(await platform.post(`${path}/shelve`, asked, 'SO2')).toMatchObject({ status: 404 });
  expect(await platform.post(`${path}/shelve`, { ...asked, forMs: 1 }, 'SO1')).toMatchObject({ status: 400 });
  expect(await platform.post(`${path}/shelve`, { ...asked, reason: ' ' }, 'SO1')).toMatchObject({ status: 400 });
  const shelved = (await platform.post(`${path}/shelve`, asked, 'SO1')).body as AlarmView;
  expect(shelved).toMatchObject({
    state: 'SHELVED',
    shelf: { by: 'demo-SO1', reason: asked.reason },
    acts: ['ACKNOWLEDGE', 'SHELVE', 'UNSHELVE'],
  });
  expect(await stateOf(platform, 'CHARGER_DOWN', 'PF')).toBe('SHELVED');
  const { rows } = await platform.db.query("select user_id, entity_kind, entity_id from audit_log where action = 'alarm.shelve'");
  expect(rows).toEqual([{ user_id: 'demo-SO1', entity_kind: 'slot', entity_id: 'HH1-3' }]);

  // It chatters: over, and there again. Nobody is told of that before the time is over, also not after a restart.
  station.clear('f1', 'CHARGER_DOWN', 'HH1-3');
  await until('it is over', SETTLED_WITHIN_MS, async () => ((await stateOf(platform, 'CHARGER_DOWN')) === undefined ? true : null));
  await goOn(platform, MINUTE_MS);
  station.raise('f2', 'CHARGER_DOWN', 'HH1-3');
  await inState(platform, 'CHARGER_DOWN', 'SHELVED');
  // Nor is danger put aside with what was harmless: at the highest level it is told, and put aside again below it.
  station.clear('f2', 'CHARGER_DOWN', 'HH1-3');
  station.raise('f3', 'CHARGER_DOWN', 'HH1-3', 3);
  await inState(platform, 'CHARGER_DOWN', 'UNACKNOWLEDGED');
  expect(await inScene(platform, 'SO1', 'CHARGER_DOWN')).toMatchObject({ level: 3, shelf: null, acts: ['ACKNOWLEDGE'] });
  station.clear('f3', 'CHARGER_DOWN', 'HH1-3');
  station.raise('f4', 'CHARGER_DOWN', 'HH1-3');
  await inState(platform, 'CHARGER_DOWN', 'SHELVED');
  await station.gateway.settled();
  await platform.restart();
  expect(await stateOf(platform, 'CHARGER_DOWN')).toBe('SHELVED');
  const whileAsideMs = platform.twin.live.clock().scopeAtMs;
  await goOn(platform, 10 * MINUTE_MS);
  await inState(platform, 'CHARGER_DOWN', 'UNACKNOWLEDGED');
  expect(await inScene(platform, 'SO1', 'CHARGER_DOWN')).toMatchObject({ shelf: null });

  // Of the past it is told that it was put aside then.
  const then = (await platform.get(`/api/v1/scene?at=${new Date(whileAsideMs).toISOString()}`, 'SO1')).body as Scene;
  expect(then.alarms.find(({ code }) => code === 'CHARGER_DOWN')).toMatchObject({ state: 'SHELVED', acts: [] });

  // And by hand.
  const again = await inScene(platform, 'SO1', 'CHARGER_DOWN');
  const shelve = (act: string, body: object) => platform.post(`/api/v1/alarms/${again?.id}/${act}`, body, 'SO1');
  expect(await shelve('shelve', asked)).toMatchObject({ status: 200, body: { state: 'SHELVED' } });
  for (const time of [1, 2])
    expect(await shelve('unshelve', {}), `${time}`).toMatchObject({ status: 200, body: { state: 'UNACKNOWLEDGED' } });
  const shelves = await platform.db.query('select taken_back_by from alarm_shelf order by shelf_no');
  expect(shelves.rows).toEqual([{ taken_back_by: null }, { taken_back_by: 'demo-SO1' }]);
  await station.end();
});

it('never puts aside what needs a person now, suppresses consequences, and knows what was taken out of use', async () => {
  await using platform = await startTestTwin();
  const station = await faultyStation(platform);
  station.raise('f1', 'FIRE', 'HH1', 3);
  await inState(platform, 'FIRE', 'UNACKNOWLEDGED');
  const fire = await inScene(platform, 'SO1', 'FIRE');
  expect(fire?.acts).toEqual(['ACKNOWLEDGE']);
  const shelve = { forMs: 10 * MINUTE_MS, reason: 'a drill' };
  expect(await platform.post(`/api/v1/alarms/${fire?.id}/shelve`, shelve)).toMatchObject({
    status: 409,
    body: { code: 'ALARM_NOT_SHELVABLE' },
  });

  station.raise('f2', 'CHARGER_DOWN', 'HH1-3');
  await inState(platform, 'CHARGER_DOWN', 'UNACKNOWLEDGED');
  station.raise('f3', 'BLACKOUT', 'HH1', 2);
  await inState(platform, 'CHARGER_DOWN', 'SUPPRESSED');
  const blackout = await inScene(platform, 'SO1', 'BLACKOUT');
  expect(await inScene(platform, 'SO1', 'CHARGER_DOWN')).toMatchObject({ suppressedBy: blackout?.id });
  expect(await stateOf(platform, 'FIRE')).toBe('UNACKNOWLEDGED');
  station.clear('f3', 'BLACKOUT', 'HH1');
  await inState(platform, 'CHARGER_DOWN', 'UNACKNOWLEDGED');

  const asked = { key: 'K-1', note: 'its charger is being repaired' };
  expect(await platform.post('/api/v1/slots/HH1-3/set-aside', asked, 'SO1')).toMatchObject({ status: 200 });
  await inState(platform, 'CHARGER_DOWN', 'OUT_OF_SERVICE');
  await station.end();
});

it('has an acknowledged alarm acknowledged again when its level rises, and tells of the past who had seen what', async () => {
  await using platform = await startTestTwin();
  const station = await faultyStation(platform);
  station.raise('f1', 'GRID_LIMIT', 'HH1', 1);
  await inState(platform, 'GRID_LIMIT', 'UNACKNOWLEDGED');
  const begun = await inScene(platform, 'SO1', 'GRID_LIMIT');
  expect(begun).toMatchObject({ level: 1, escalatedAt: null });
  const acknowledge = (note: string) => platform.post(`/api/v1/alarms/${begun?.id}/acknowledge`, { note }, 'SO1');
  expect(await acknowledge('seen')).toMatchObject({ status: 200, body: { state: 'ACKNOWLEDGED' } });

  await goOn(platform, MINUTE_MS);
  station.raise('f1', 'GRID_LIMIT', 'HH1', 2);
  await inState(platform, 'GRID_LIMIT', 'UNACKNOWLEDGED');
  const risen = await inScene(platform, 'SO1', 'GRID_LIMIT');
  expect(risen).toMatchObject({
    id: begun?.id,
    level: 2,
    raisedAt: begun?.raisedAt,
    acknowledgedAt: null,
    acts: ['ACKNOWLEDGE', 'SHELVE'],
  });
  const escalatedAt = Date.parse(risen?.escalatedAt ?? '');
  expect(escalatedAt).toBeGreaterThan(Date.parse(begun?.raisedAt ?? ''));
  // The same again changes nothing, and a lower level is not told before its end.
  station.raise('f1', 'GRID_LIMIT', 'HH1', 2);
  station.raise('f1', 'GRID_LIMIT', 'HH1', 1);
  await station.gateway.settled();
  await platform.restart();
  expect(await inScene(platform, 'SO1', 'GRID_LIMIT')).toEqual(risen);
  expect(await acknowledge('seen again')).toMatchObject({ status: 200, body: { state: 'ACKNOWLEDGED', level: 2 } });

  const at = async (ms: number) =>
    ((await platform.get(`/api/v1/scene?at=${new Date(ms).toISOString()}`, 'SO1')).body as Scene).alarms.find(
      ({ code }) => code === 'GRID_LIMIT',
    );
  expect(await at(escalatedAt - 1)).toMatchObject({ state: 'ACKNOWLEDGED', level: 1, escalatedAt: null, raisedAt: begun?.raisedAt });
  expect(await at(escalatedAt)).toMatchObject({ state: 'UNACKNOWLEDGED', level: 2, escalatedAt: risen?.escalatedAt });
  const { body: history } = await platform.get('/api/v1/alarms?code=GRID_LIMIT', 'SO1');
  expect(history).toMatchObject({ items: [{ id: begun?.id, level: 2, state: 'ACKNOWLEDGED' }], nextCursor: null });
  // People were told twice.
  expect((await platform.get('/api/v1/alarms/figures', 'SO1')).body).toMatchObject({ raised: 2, standing: 1 });
  const { body: events } = await platform.get('/api/v1/scene/events?kind=ALARM', 'SO1');
  expect((events as { items: { code: string; level: number }[] }).items.filter(({ code }) => code === 'GRID_LIMIT')).toHaveLength(2);
  const { rows } = await platform.db.query("select after->>'note' as note from audit_log where action = 'alarm.acknowledge' order by at");
  expect(rows).toEqual([{ note: 'seen' }, { note: 'seen again' }]);
  await station.end();
});

it('tells the history of alarms by what one asks for, and its figures', async () => {
  await using platform = await startTestTwin();
  const station = await faultyStation(platform);
  for (let evseId = 1; evseId <= 7; evseId += 1) station.raise(`a${evseId}`, 'CHARGER_DOWN', `HH1-${evseId}`);
  for (const code of ['GRID_LIMIT', 'ESTOP', 'GANTRY_FAULT', 'BLACKOUT']) station.raise(code, code, 'HH1', 2);
  await station.gateway.settled();
  await until('all are there', SETTLED_WITHIN_MS, async () =>
    ((await platform.get('/api/v1/scene', 'SO1')).body as Scene).kpis.alarmsRaisedLately === 11 ? true : null,
  );
  // Others do not count what they do not see.
  expect(((await platform.get('/api/v1/kpis', 'SO2')).body as Scene['kpis']).alarmsRaisedLately).toBe(0);
  const history = async (query: string, as = 'SO1') =>
    ((await platform.get(`/api/v1/alarms?${query}`, as)).body as { items: AlarmView[] }).items;
  expect((await history('code=CHARGER_DOWN')).map(({ scopeId }) => scopeId).sort()).toEqual([
    'HH1-1',
    'HH1-2',
    'HH1-3',
    'HH1-4',
    'HH1-5',
    'HH1-6',
    'HH1-7',
  ]);
  expect(await history('level=2&stationId=HH1')).toHaveLength(4);
  expect(await history('stationId=BD1')).toEqual([]);
  expect(await history('scope=slot&scopeId=HH1-2')).toHaveLength(1);
  expect(await history('stationId=HH1', 'SO2')).toEqual([]);
  const later = new Date(platform.twin.live.clock().scopeAtMs + MINUTE_MS).toISOString();
  expect(await history(`from=${later}`)).toEqual([]);
  expect(await platform.get('/api/v1/alarms?from=yesterday', 'SO1')).toMatchObject({ status: 400 });

  const figures = (await platform.get('/api/v1/alarms/figures', 'SO1')).body as AlarmFigures;
  expect(figures).toMatchObject({ raised: 11, standing: 11, isCut: false, floods: [{ raised: 11 }] });
  expect(figures.byLevel).toEqual([
    { level: 3, raised: 0 },
    { level: 2, raised: 4 },
    { level: 1, raised: 7 },
  ]);
  expect((await platform.get('/api/v1/alarms/figures', 'SO2')).body).toMatchObject({ raised: 0, standing: 0 });
  expect(await platform.get(`/api/v1/alarms/figures?from=${later}`)).toMatchObject({ status: 400 });
  await station.end();
});
