import type { CommandView } from '@corridor/protocols/http/command-view';
import type { NotificationView } from '@corridor/protocols/http/notification-view';
import type { OrderDetail } from '@corridor/protocols/http/order-detail';
import type { OrderSummary } from '@corridor/protocols/http/scene';
import { ROOT } from '@corridor/protocols/subject';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { expect, it } from 'vitest';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const TOLD_WITHIN_MS = 20_000;
const CARRIER = NETWORK.trucks.find(({ id }) => id === 'T001')?.carrierId ?? '';
const DRIVER = NETWORK.drivers.find(({ truckIds }) => truckIds.includes('T001'))?.id ?? '';
const CHARGER_W = NETWORK.stations.find(({ id }) => id === 'HH1')?.chargerPowerW ?? 0;

const listed = async (platform: TestTwin, query: string, as: string): Promise<CommandView[]> =>
  ((await platform.get(`/api/v1/commands?${query}`, as)).body as { items: CommandView[] }).items;
const inbox = async (platform: TestTwin, as: string): Promise<NotificationView[]> =>
  ((await platform.get('/api/v1/notifications', as)).body as { items: NotificationView[] }).items;

it('sends a set-point to a charger once, checks its limits, and tells who sent it, why, and what became of it', async () => {
  await using platform = await startTestTwin();
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  await gateway.boot(nc);
  const asked = {
    source: 'station',
    id: 'HH1',
    verb: 'charge.setpoint',
    args: { evseId: 3, powerW: 60_000, holdMs: 3_600_000 },
    key: 'K-1',
    note: 'peak price',
  };

  expect(await platform.post('/api/v1/commands', asked, 'SO2')).toMatchObject({ status: 403 });
  expect(await platform.post('/api/v1/commands', asked, CARRIER)).toMatchObject({ status: 403 });
  const beyond = { ...asked, args: { evseId: 3, powerW: CHARGER_W + 1 } };
  expect(await platform.post('/api/v1/commands', beyond, 'SO1')).toMatchObject({ status: 422, body: { code: 'VALUE_OUT_OF_RANGE' } });
  const forEver = { ...asked, args: { evseId: 3, powerW: null, holdMs: 1 } };
  expect(await platform.post('/api/v1/commands', forEver, 'SO1')).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  const nowhere = { ...asked, args: { evseId: 99, powerW: 0 } };
  expect(await platform.post('/api/v1/commands', nowhere, 'SO1')).toMatchObject({ status: 422, body: { code: 'EVSE_UNKNOWN' } });
  const { note: _, ...unsaid } = asked;
  expect(await platform.post('/api/v1/commands', unsaid, 'SO1')).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  expect(await platform.post('/api/v1/commands', { ...asked, note: '  ' })).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  const elsewhere = { ...asked, verb: 'config.set', args: { values: {} } };
  expect(await platform.post('/api/v1/commands', elsewhere, 'SO1')).toMatchObject({ status: 403 });

  const [first, second] = await Promise.all([
    platform.post('/api/v1/commands', asked, 'SO1'),
    platform.post('/api/v1/commands', asked, 'SO1'),
  ]);
  expect([first, second]).toMatchObject([{ status: 202 }, { status: 202 }]);
  const { id } = first.body as CommandView;
  expect((second.body as CommandView).id).toBe(id);
  expect(await platform.post('/api/v1/commands', { ...asked, note: 'another reason' }, 'SO1')).toMatchObject({
    status: 409,
    body: { code: 'KEY_USED' },
  });
  const wired = await gateway.command(({ verb }) => verb === 'charge.setpoint');
  expect(wired).toMatchObject({ commandId: id, args: asked.args });
  gateway.result(id, 'ACCEPTED');
  await until('it is done', TOLD_WITHIN_MS, async () =>
    ((await platform.get(`/api/v1/commands/${id}`, 'SO1')).body as CommandView).state === 'DONE' ? true : null,
  );
  expect(await listed(platform, 'byPeople=true&verb=charge.setpoint', 'SO1')).toMatchObject([
    { id, source: 'station', sourceId: 'HH1', args: asked.args, state: 'DONE', issuedBy: 'demo-SO1', note: 'peak price' },
  ]);
  expect(await listed(platform, 'source=station&id=HH1&evseId=3', 'SO1')).toMatchObject([{ id }]);
  expect(await listed(platform, 'source=station&id=HH1&evseId=4', 'SO1')).toEqual([]);
  expect(await listed(platform, 'source=station&id=HH1&requestId=3', 'SO1')).toEqual([]);
  expect(await listed(platform, 'byPeople=true', 'SO2')).toEqual([]);
  expect(await platform.get(`/api/v1/commands/${id}`, 'SO2')).toMatchObject({ status: 404 });
  const { rows } = await platform.db.query(
    "select user_id, entity_kind, entity_id, outcome, after->>'note' as note from audit_log where action = 'command.send'",
  );
  expect(rows).toEqual([{ user_id: 'demo-SO1', entity_kind: 'slot', entity_id: 'HH1-3', outcome: 'DONE', note: 'peak price' }]);
  gateway.stop();
  await nc.close();

  // A slot is set aside while the station is away: it is told when it is back, and the list says so meanwhile.
  const aside = { key: 'K-2', note: 'its latch is worn' };
  expect(await platform.post('/api/v1/slots/HH1-4/set-aside', aside, 'SO1')).toMatchObject({ status: 200, body: { state: 'setAside' } });
  const told = { verb: 'slot.availability', args: { evseId: 4, operationalStatus: 'INOPERATIVE' }, issuedBy: 'demo-SO1', note: aside.note };
  const ofSlot = 'source=station&id=HH1&evseId=4&verb=slot.availability';
  expect(await listed(platform, ofSlot, 'SO1')).toMatchObject([{ ...told, state: 'PENDING' }]);
  expect(await platform.post('/api/v1/commands', { ...asked, key: 'K-3', verb: told.verb, args: told.args })).toMatchObject({
    status: 400,
  });
  const again = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  await gateway.boot(again);
  const { commandId } = await gateway.command(({ verb }) => verb === 'slot.availability');
  gateway.result(commandId, 'ACCEPTED');
  await until('the station has done it', TOLD_WITHIN_MS, async () =>
    (await listed(platform, ofSlot, 'SO1'))[0]?.state === 'DONE' ? true : null,
  );
  gateway.stop();
  await again.close();
});

it('advises a truck another station: its T-box shows it, its driver reads and takes it, and the sender sees each step', async () => {
  await using platform = await startTestTwin();
  const nc = await platform.nats.connect(await platform.nats.credentials.issueTruck('T001'));
  const shown = Promise.withResolvers<Record<string, unknown>>();
  nc.subscribe(`${ROOT}.live.truck.T001.cmd.notify.show`, {
    callback: (_, message) => {
      const command = message.json<{ commandId: string; args: Record<string, unknown> }>();
      message.respond(JSON.stringify({ commandId: command.commandId, result: 'ACCEPTED', timeoutMs: 10_000 }));
      shown.resolve(command.args);
    },
  });
  await nc.flush();
  const asked = { key: 'K-1', to: 'truck:T001', title: 'Queue at HH1', text: 'HJ1 has three packs ready.', stationId: 'HJ1' };
  // Not of those who come, and another's.
  expect(await platform.post('/api/v1/notifications', asked, 'SO1')).toMatchObject({ status: 403 });
  expect(await platform.post('/api/v1/notifications', { ...asked, to: 'principal:SO1', stationId: undefined }, CARRIER)).toMatchObject({
    status: 403,
  });
  expect(await platform.post('/api/v1/notifications', { ...asked, to: 'truck:T999' })).toMatchObject({ status: 404 });
  expect(await platform.post('/api/v1/notifications', { ...asked, title: '  ' })).toMatchObject({ status: 400 });
  expect(await platform.post('/api/v1/notifications', { ...asked, to: 'principal:SO1' })).toMatchObject({
    status: 422,
    body: { code: 'NO_ADVICE' },
  });
  const sent = await platform.post('/api/v1/notifications', asked);
  expect(sent).toMatchObject({ status: 202, body: { to: asked.to, stationId: 'HJ1', sentBy: 'demo-PF', readAt: null, answer: null } });
  const { no } = sent.body as NotificationView;
  expect(await shown.promise).toEqual({ title: asked.title, text: asked.text, stationId: 'HJ1' });
  await until('it is shown', TOLD_WITHIN_MS, async () => ((await inbox(platform, 'PF'))[0]?.shown === 'ACCEPTED' ? true : null));

  const path = `/api/v1/notifications/${no}`;
  expect((await inbox(platform, DRIVER))[0]).toMatchObject({ no, isReceived: true, title: asked.title });
  expect(await platform.post(`${path}/answer`, { answer: 'ACCEPTED' }, 'SO1')).toMatchObject({ status: 404 });
  for (const time of [1, 2])
    expect(await platform.post(`${path}/read`, {}, DRIVER), `${time}`).toMatchObject({ status: 200, body: { readBy: `demo-${DRIVER}` } });
  for (const time of [1, 2])
    expect(await platform.post(`${path}/answer`, { answer: 'ACCEPTED' }, DRIVER), `${time}`).toMatchObject({
      status: 200,
      body: { answer: 'ACCEPTED' },
    });
  expect(await platform.post(`${path}/answer`, { answer: 'DECLINED' }, DRIVER)).toMatchObject({
    status: 409,
    body: { code: 'ALREADY_ANSWERED' },
  });
  expect((await inbox(platform, 'PF'))[0]).toMatchObject({ no, answer: 'ACCEPTED', answeredBy: `demo-${DRIVER}`, isReceived: false });
  // What a company is told it reads in its own.
  const told = { key: 'K-2', to: `principal:${CARRIER}`, title: 'Snow', text: 'The pass is closed until noon.' };
  expect(await platform.post('/api/v1/notifications', told)).toMatchObject({ status: 202, body: { shown: null } });
  expect((await inbox(platform, CARRIER))[0]).toMatchObject({ title: 'Snow', isReceived: true });
  expect((await inbox(platform, 'SO2')).filter(({ title }) => title === 'Snow')).toEqual([]);
  await nc.close();
});

it('reserves a pack for a truck from the console: the platform with a reason that the carrier reads, its carrier, and nobody else', async () => {
  await using platform = await startTestTwin();
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  await gateway.boot(nc);
  const packId = NETWORK.packs.find(({ initial }) => initial.id === 'HH1-1')?.id ?? '';
  const charge = { transactionId: 'tx', evseId: 1, packId, pvRegisterWh: 0, sohPercent: 90 };
  gateway.event('charge', 'started', { ...charge, gridRegisterWh: 0, socPercent: 60, reason: null });
  gateway.event('charge', 'ended', { ...charge, gridRegisterWh: 120_000, socPercent: 95, reason: 'MAX_SOC' });
  await gateway.settled();
  const held = async () =>
    (await platform.db.query<{ fen: string }>("select coalesce(sum(balance_fen), 0)::text as fen from account where kind = 'HELD'")).rows[0]
      ?.fen;

  const swap = { stationId: 'HH1', truckId: 'T001' };
  for (const stranger of ['SO1', 'BO1', CARRIER === 'C1' ? 'C2' : 'C1'])
    expect(await platform.post('/api/v1/orders', swap, stranger), stranger).toMatchObject({ status: 404 });
  const quoted = await platform.post('/api/v1/orders', swap);
  expect(quoted).toMatchObject({ status: 201, body: { state: 'QUOTED', issuePackId: packId } });
  const { id } = quoted.body as OrderSummary;
  const path = `/api/v1/orders/${id}`;
  // The operator of the station reads of it, and binds nobody's money.
  expect(await platform.post(`${path}/confirm`, { note: 'the truck is late' }, 'SO1')).toMatchObject({ status: 403 });
  for (const body of [{}, { note: ' x ' }, { note: 'late', more: 1 }])
    expect(await platform.post(`${path}/confirm`, body), JSON.stringify(body)).toMatchObject({
      status: 400,
      body: { code: 'INPUT_INVALID' },
    });
  expect(await held()).toBe('0');
  expect(await platform.post(`${path}/confirm`, { note: ' 车辆将晚到 ' })).toMatchObject({ status: 200, body: { state: 'HELD' } });
  const detail = (await platform.get(path)).body as OrderDetail;
  expect(await held()).toBe(detail.heldFen);
  expect(Date.parse(detail.keptUntil ?? '') - Date.parse(detail.updatedAt)).toBe(7_200_000);

  expect(await platform.post(`${path}/cancel`, {})).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  expect(await platform.post(`${path}/cancel`, { note: 'it goes to HJ1' })).toMatchObject({ status: 200 });
  const abort = await gateway.command(({ verb }) => verb === 'swap.abort');
  gateway.result(abort.commandId, 'ACCEPTED');
  await gateway.settled();
  await until('it is cancelled', TOLD_WITHIN_MS, async () =>
    ((await platform.get(path)).body as OrderDetail).state === 'CANCELLED' ? true : null,
  );
  expect((await platform.get(path)).body).toMatchObject({ reason: 'CANCELLED_BY_PLATFORM', keptUntil: null });
  expect(await held()).toBe('0');

  const { items } = (await platform.get(`/api/v1/audit?entityKind=order&entityId=${id}`, CARRIER)).body as { items: object[] };
  expect(items).toMatchObject([
    { userId: 'demo-PF', action: 'order.cancel', outcome: 'DONE', after: { note: 'it goes to HJ1' } },
    { userId: 'demo-PF', action: 'order.confirm', outcome: 'DONE', after: { note: '车辆将晚到', onBehalf: true } },
  ]);
  // The driver is told that a pack is kept, by a code; why stands in the audit log alone, and there is nothing to decline.
  expect((await inbox(platform, DRIVER))[0]).toMatchObject({
    title: 'A pack is kept for you at HH1',
    notice: { code: 'PACK_RESERVED', orderId: id, stationId: 'HH1' },
    sentBy: null,
    stationId: null,
    isReceived: true,
  });
  expect(JSON.stringify(await inbox(platform, DRIVER))).not.toContain('车辆将晚到');
  const seed = `insert into notification (platform_id, recipient, title, body, at) values ('PF', $1, 'Swap now', 'A1: 14 % left', now())`;
  await platform.db.query(seed, [`truck:T001`]);
  // As it was told before notices had codes.
  expect((await inbox(platform, DRIVER))[0]).toMatchObject({ title: 'Swap now', text: 'A1: 14 % left', notice: null });
  // What a carrier does with its own money it need not explain.
  const own = (await platform.post('/api/v1/orders', swap, CARRIER)).body as OrderSummary;
  expect(await platform.post(`/api/v1/orders/${own.id}/confirm`, {}, CARRIER)).toMatchObject({ status: 200, body: { state: 'HELD' } });
  gateway.stop();
  await nc.close();
});
