import type { AlarmView, PackView, SlotView, WsMessage } from '@corridor/protocols/http/scene';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { expect, it } from 'vitest';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const packAt = (id: string) => NETWORK.packs.find(({ initial }) => initial.id === id)?.id ?? '';
const [RESET, FAULTY, STORED, MOVED] = [packAt('HH1-1'), packAt('HH1-3'), packAt('HH1-4'), packAt('HH1-5')];
const OWNER = NETWORK.packs.find(({ id }) => id === RESET)?.ownerId ?? '';

/** A register that goes back, a pack of nobody in slot 2, and a pack that failed its check in slot 3. */
async function troubled(platform: TestTwin): Promise<() => Promise<void>> {
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  await gateway.boot(nc);
  const charge = { transactionId: 'tx-1', evseId: 1, packId: RESET, pvRegisterWh: 0, sohPercent: 90, socPercent: 60, reason: null };
  gateway.event('charge', 'started', { ...charge, gridRegisterWh: 0 });
  gateway.event('charge', 'updated', { ...charge, gridRegisterWh: 5_000 });
  gateway.event('charge', 'updated', { ...charge, gridRegisterWh: 4_000 });
  const stranger = { evseId: 2, slotState: 'HOLDS_PACK', packId: 'NOBODY-1', socPercent: 50, sohPercent: 90 };
  gateway.event('gateway', 'inventory', { slots: [stranger] });
  const fault = { faultId: 'f1', code: 'SELF_CHECK_FAILED', level: 2, scope: 'pack', scopeId: FAULTY, detail: 'no answer' };
  gateway.event('gateway', 'fault_raised', fault);
  await gateway.settled();
  return async () => {
    gateway.stop();
    await nc.close();
  };
}

async function openAlarm(platform: TestTwin, code: string, as: string): Promise<AlarmView | undefined> {
  const { items } = (await platform.get('/api/v1/alarms?open=true&limit=200', as)).body as { items: AlarmView[] };
  return items.find((alarm) => alarm.code === code);
}

/** What everybody who watches hears of one alarm from now on. */
async function watch(platform: TestTwin, alarmId: string) {
  const { ticket } = (await platform.post('/api/v1/tickets', {})).body as { ticket: string };
  const socket = new WebSocket(`${platform.twin.url.replace('http', 'ws')}/ws?ticket=${ticket}`);
  const [snapshot, acknowledged, removed] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<AlarmView>(),
    Promise.withResolvers<void>(),
  ];
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as WsMessage;
    if (message.type !== 'diff') return snapshot.resolve();
    const alarm = message.upsert.alarms?.find(({ id, state }) => id === alarmId && state === 'ACKNOWLEDGED');
    if (alarm) acknowledged.resolve(alarm);
    if (message.remove.alarms?.includes(alarmId)) removed.resolve();
  });
  await snapshot.promise;
  return { acknowledged: acknowledged.promise, removed: removed.promise, close: () => socket.close() };
}

const audited = async ({ db }: TestTwin, action: string): Promise<unknown[]> =>
  (await db.query('select user_id, entity_kind, entity_id, after from audit_log where action = $1 order by audit_no', [action])).rows;

/** As everybody reads it, newest first. */
const audit = async (platform: TestTwin, as: string, entityId: string) =>
  ((await platform.get(`/api/v1/audit?entityId=${entityId}`, as)).body as { items: { outcome: string; code: string; requestId: string }[] })
    .items;

it('lets whom it concerns acknowledge and close an alarm that nothing returns to normal', async () => {
  await using platform = await startTestTwin();
  const end = await troubled(platform);
  const alarm = await openAlarm(platform, 'COUNTER_RESET', 'SO1');
  expect(alarm).toMatchObject({ scope: 'pack', scopeId: RESET, args: { transactionId: 'tx-1' }, acts: ['ACKNOWLEDGE', 'CLOSE', 'SHELVE'] });
  const id = alarm?.id ?? '';
  const path = `/api/v1/alarms/${id}`;
  const watching = await watch(platform, id);

  expect(await platform.post(`${path}/acknowledge`, {}, 'SO2')).toMatchObject({ status: 404 });
  expect(await platform.post(`${path}/acknowledge`, {}, 'C1')).toMatchObject({ status: 404 });
  const [first, second] = await Promise.all([
    platform.post(`${path}/acknowledge`, { note: 'looking at the meter' }, 'SO1'),
    platform.post(`${path}/acknowledge`, {}, OWNER),
  ]);
  const seen = { state: 'ACKNOWLEDGED', acts: ['CLOSE', 'SHELVE'], clearedAt: null, closedAt: null };
  expect([first, second]).toMatchObject([
    { status: 200, body: seen },
    { status: 200, body: seen },
  ]);
  // The first of two counts, and only it is in the log.
  expect((first.body as AlarmView).acknowledgedBy).toBe((second.body as AlarmView).acknowledgedBy);
  expect(await audited(platform, 'alarm.acknowledge')).toHaveLength(1);
  expect(await watching.acknowledged).toMatchObject(seen);

  expect(await platform.post(`${path}/close`, {}, 'SO1')).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  const closing = { reason: 'the meter was replaced' };
  for (const again of [1, 2]) {
    expect(await platform.post(`${path}/close`, closing, 'SO1'), `${again}`).toMatchObject({
      status: 200,
      body: { state: 'ENDED', closeReason: closing.reason, acts: [] },
    });
  }
  await watching.removed;
  expect(await openAlarm(platform, 'COUNTER_RESET', 'SO1')).toBeUndefined();
  expect(await audited(platform, 'alarm.close')).toEqual([
    { user_id: 'demo-SO1', entity_kind: 'pack', entity_id: RESET, after: expect.objectContaining({ alarmId: id, ...closing }) },
  ]);
  watching.close();
  await end();
});

it('lets the operator of a station return its slot, clear its pack and say where a pack is', async () => {
  await using platform = await startTestTwin();
  const end = await troubled(platform);
  const quarantined = await openAlarm(platform, 'SLOT_QUARANTINED', 'SO1');
  expect(quarantined).toMatchObject({ scopeId: 'HH1-2', args: { reason: 'BATTERY_UNKNOWN' }, acts: ['ACKNOWLEDGE', 'SHELVE'] });
  const alarmPath = `/api/v1/alarms/${quarantined?.id}`;
  const closing = { reason: 'seen to' };
  expect(await platform.post(`${alarmPath}/close`, closing)).toMatchObject({ status: 409, body: { code: 'ALARM_ENDS_BY_SIGNAL' } });

  const asked = { key: 'K-1', note: 'the pack of a stranger was taken out' };
  const slot = (body: object, as = 'SO1') => platform.post('/api/v1/slots/HH1-2/return', body, as);
  expect(await slot(asked, 'SO2')).toMatchObject({ status: 404 });
  for (const again of [1, 2]) expect(await slot(asked), `${again}`).toMatchObject({ status: 200 });
  expect(((await platform.get('/api/v1/slots/HH1-2')).body as SlotView).state).not.toBe('quarantined');
  expect(await audited(platform, 'slot.return')).toHaveLength(1);
  expect(await slot({ ...asked, note: 'something else' })).toMatchObject({ status: 409, body: { code: 'KEY_USED' } });
  expect(await slot({ ...asked, key: 'K-2' })).toMatchObject({ status: 409, body: { code: 'SLOT_IN_USE' } });
  // A refused request used up no key.
  const aside = { key: 'K-2', note: 'its latch is worn' };
  expect(await platform.post('/api/v1/slots/HH1-2/set-aside', aside, 'SO1')).toMatchObject({ status: 200, body: { state: 'setAside' } });
  // It has returned to normal, and nobody has said that he saw it.
  expect(await platform.post(`${alarmPath}/close`, closing, 'SO1')).toMatchObject({ status: 200, body: { state: 'ENDED' } });

  const clear = (key: string) => platform.post(`/api/v1/packs/${FAULTY}/clear`, { key, note: 'checked by hand' }, 'SO1');
  expect(((await platform.get(`/api/v1/packs/${FAULTY}`)).body as PackView).state).toBe('quarantined');
  expect(await clear('K-3')).toMatchObject({ status: 200, body: { id: FAULTY, state: 'idle' } });
  expect(await clear('K-4')).toMatchObject({ status: 409, body: { code: 'PACK_NOT_QUARANTINED' } });

  const move = (pack: string, body: object, as: string) =>
    platform.post(`/api/v1/packs/${pack}/custody`, { note: 'counted the rack', ...body }, as);
  const toStore = { key: 'K-5', place: { kind: 'STORE', id: 'DEPOT' } };
  expect(await move(STORED, toStore, 'SO1')).toMatchObject({ status: 403 });
  expect(await move(STORED, toStore, OWNER)).toMatchObject({ status: 403 });
  expect(await move(STORED, toStore, 'PF')).toMatchObject({ status: 200, body: { location: toStore.place, state: 'inStore' } });
  expect(await move(MOVED, { key: 'K-6', place: { kind: 'SLOT', id: 'HH1-1' } }, 'SO1')).toMatchObject({
    status: 409,
    body: { code: 'PLACE_TAKEN' },
  });
  expect(await move(MOVED, { key: 'K-6', place: { kind: 'SLOT', id: 'HH1-99' } }, 'SO1')).toMatchObject({ status: 404 });
  const freed = { key: 'K-6', place: { kind: 'SLOT', id: 'HH1-4' } };
  for (const again of [1, 2])
    expect(await move(MOVED, freed, 'SO1'), `${again}`).toMatchObject({ status: 200, body: { location: freed.place } });
  expect(await move(MOVED, { ...freed, key: 'K-7' }, 'SO1')).toMatchObject({ status: 409, body: { code: 'ALREADY_THERE' } });
  const custody = await platform.db.query('select place_kind, place_id, cause from custody where pack_id = $1 and until is null', [MOVED]);
  expect(custody.rows).toEqual([{ place_kind: 'SLOT', place_id: 'HH1-4', cause: 'CORRECTION' }]);
  const acts = await audit(platform, 'PF', MOVED);
  expect(acts.map(({ requestId, outcome, code }) => [requestId, outcome, code])).toEqual([
    ['K-7', 'REFUSED', 'ALREADY_THERE'],
    ['K-6', 'DONE', 'DONE'],
    ['K-6', 'REFUSED', 'NOT_FOUND'],
    ['K-6', 'REFUSED', 'PLACE_TAKEN'],
  ]);

  // At the same time, into the slot that it left.
  const rivals = [RESET, FAULTY, MOVED, packAt('HH1-6'), packAt('HH1-7')];
  const place = { kind: 'SLOT', id: 'HH1-5' };
  const moves = await Promise.all(rivals.map((pack) => move(pack, { key: `R-${pack}`, place }, 'SO1')));
  const [won, lost] = [moves.filter(({ status }) => status === 200), moves.filter(({ status }) => status !== 200)];
  expect(won).toMatchObject([{ body: { location: place } }]);
  expect(lost).toMatchObject(Array.from({ length: rivals.length - 1 }, () => ({ status: 409, body: { code: 'PLACE_TAKEN' } })));
  const transfers = await platform.db.query("select pack_id from custody where place_kind = 'TRANSFER'");
  expect(transfers.rows).toEqual([]);
  const asides = await Promise.all(
    ['S-1', 'S-2', 'S-3', 'S-4'].map((key) => platform.post('/api/v1/slots/HH1-6/set-aside', { key, note: 'worn' }, 'SO1')),
  );
  expect(asides.map(({ status }) => status).sort((one, other) => one - other)).toEqual([200, 409, 409, 409]);
  const outcomes = (await audit(platform, 'SO1', 'HH1-6')).map(({ outcome, code }) => `${outcome} ${code}`).sort();
  expect(outcomes).toEqual(['DONE DONE', ...Array(3).fill('REFUSED SLOT_WITHDRAWN')]);

  // What says nothing, and what is at no station of his.
  expect(await move(MOVED, { key: 'K-8', place, note: ' \n  ' }, 'SO1')).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  expect(await move(STORED, { key: 'K-8', place: { kind: 'SLOT', id: 'HH1-1' } }, 'SO1')).toMatchObject({ status: 404 });
  await end();
});
