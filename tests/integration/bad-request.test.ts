import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { expect, it } from 'vitest';

const encoded = (key: readonly string[]) => Buffer.from(JSON.stringify(key)).toString('base64url');
const topUp = (platform: TestTwin, key: string, amountFen = '1000') =>
  platform.post('/api/v1/payments/top-ups', { carrierId: 'C1', amountFen, channel: 'sandbox', key }, 'C1');

it('answers 400 to what it cannot look for, and goes on', async () => {
  await using platform = await startTestTwin();
  const bad = [
    ...['commands', 'orders', 'alarms', 'actors/slot:HH1-1/transitions', 'notifications', 'accounts/C1_prepaid/movements'].flatMap((list) =>
      [['x'], ['x', 'y'], ['x', 'y', 'z'], ['\u0000'], ['\u0000', 'y'], ['99999999999999999999']].map(
        (key) => `/api/v1/${list}?cursor=${encoded(key)}`,
      ),
    ),
    '/api/v1/orders?cursor=%7B%7D',
    '/api/v1/orders?from=0000-01-01T00:00:00Z',
    '/api/v1/orders?state=%00',
    '/api/v1/orders?limit=0',
    '/api/v1/trucks/T001/history?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z',
  ];
  for (const path of bad) {
    const { status, body } = await platform.get(path);
    expect({ path, status }).toEqual({ path, status: 400 });
    expect(body).toMatchObject({ status: 400, code: expect.stringMatching(/^[A-Z_]+$/), detail: expect.any(String) });
  }
  const order = { stationId: 'HH1', truckId: 'T001' };
  for (const body of [
    { ...order, idToken: { idToken: 'a\u0000b', type: 'Central' } },
    { ...order, idToken: { idToken: 'a\ud800b', type: 'Central' } },
    { ...order, surplus: 1 },
  ]) {
    expect(await platform.post('/api/v1/orders', body)).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  }
  // Said once, though each kind of registration says it.
  expect(await platform.post('/api/v1/registrations', {})).toMatchObject({
    status: 400,
    body: { code: 'INPUT_INVALID', detail: "body must have required property 'kind', body must match a schema in anyOf" },
  });
  for (const note of ['\u0000', 'half \udc00', '']) {
    expect(await platform.post('/api/v1/orders/HH1-1/repair', { note })).toMatchObject({ status: 400 });
  }
  for (const amountFen of ['0', '-1', '1.5', '1e3', '99999999999999', '']) {
    expect(await topUp(platform, 'bad', amountFen)).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  }
  // JSON knows numbers too: one of 18 digits would have lost its last ones before anybody could look at it.
  for (const amountFen of [5, 1e20, true, null, ['1000'], {}]) {
    expect(await platform.post('/api/v1/payments/top-ups', { carrierId: 'C1', amountFen, channel: 'sandbox', key: 'bad' })).toMatchObject({
      status: 400,
      body: { code: 'INPUT_INVALID', detail: expect.stringContaining('amountFen must be string') },
    });
  }
  const money = { carrierId: 'C1', amountFen: '1000', channel: 'sandbox', key: 'bad' };
  for (const wrong of [{ currency: 'USD' }, { currency: 'cny' }, { channel: 'cash' }]) {
    expect(await platform.post('/api/v1/payments/top-ups', { ...money, ...wrong })).toMatchObject({
      status: 400,
      body: { code: 'INPUT_INVALID' },
    });
  }
  for (const carrierId of ['C99', 'SO1']) {
    expect(await platform.post('/api/v1/payments/top-ups', { ...money, carrierId })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
  }
  expect(await platform.get('/api/v1/accounts/C99_prepaid')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  const balance = (at: string) => platform.get(`/api/v1/accounts/C1_prepaid/balance?at=${at}`);
  expect(await balance('2999-01-01T00:00:00Z')).toMatchObject({ status: 422, body: { code: 'INSTANT_AHEAD' } });
  expect(await balance('2020-01-01T00:00:00Z')).toMatchObject({ status: 200, body: { balanceFen: '0' } });
  // Queries are text, and numbers and flags in them are read; what is none is refused.
  expect(await platform.get('/api/v1/orders?limit=5')).toMatchObject({ status: 200 });
  for (const limit of ['5.5', '5x', '', '0x10']) expect(await platform.get(`/api/v1/orders?limit=${limit}`)).toMatchObject({ status: 400 });
  expect((await platform.db.query("select 1 from payment where payment_id like '%:bad'")).rows).toEqual([]);
  // The network answers still; nobody is online at the station.
  expect(await platform.post('/api/v1/orders', order)).toMatchObject({ status: 422, body: { code: expect.stringMatching(/^[A-Z_]+$/) } });
});

it('takes no answer to a command that no database could hold', async () => {
  await using platform = await startTestTwin();
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  let asked = 0;
  const commands = nc.subscribe('evs.v1.live.station.HH1.cmd.config.get', {
    callback: (_, message) => {
      asked += 1;
      const { commandId } = message.json<{ commandId: string }>();
      const reasonCode = asked === 1 ? 'torn \u0000' : asked === 2 ? 'half \ud800' : 'whole';
      message.respond(JSON.stringify({ commandId, result: 'REJECTED', statusInfo: { reasonCode }, timeoutMs: 0 }));
    },
  });
  const sent = await platform.post('/api/v1/commands', {
    source: 'station',
    id: 'HH1',
    verb: 'config.get',
    args: { keys: [] },
    note: 'as agreed',
  });
  expect(sent.status).toBe(202);
  const { id } = sent.body as { id: string };
  const state = async () => ((await platform.get(`/api/v1/commands/${id}`)).body as { state: string }).state;
  await until('the command is answered', 30_000, async () => ((await state()) === 'PENDING' ? null : true));
  expect({ asked, state: await state() }).toEqual({ asked: 3, state: 'REJECTED' });
  commands.unsubscribe();
  await nc.close();
});
