import { until } from '@corridor/testkit/until';
import { expect, it } from 'vitest';
import { startSandboxedTwin } from '../rail/sandboxed-twin.fixture.ts';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '../seed/network-files.ts';

const WAIT_MS = 30_000;
const PATH = '/api/v1/registrations/own';
const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const IDENTITY = { realName: '孙七', idNumber: '11010519491231002X', phone: '13812345678', licenceNo: '130900000001' };
const plateOf = (truckId: string): string => NETWORK.trucks.find(({ id }) => id === truckId)?.plate ?? '';
const foreign = NETWORK.trucks.find(({ carrierId }) => carrierId !== 'C1')?.plate ?? '';

interface Answer {
  status: number;
  body: { code?: string; state?: string; reason?: string | null; identity?: Record<string, string> };
}

it('lets a driver in by his own application: refused, rejected, applied again, certified, active, suspended', async () => {
  await using sandbox = await startSandboxedTwin();
  const { twin } = sandbox;
  const own = async () => (await twin.get(PATH, 'D-NEW')) as Answer;
  const apply = async (identity: object = {}, over: object = {}) =>
    (await twin.post(
      PATH,
      { identity: { ...IDENTITY, ...identity }, certifiedUntil: '2035-12-31', plates: [plateOf('T001')], ...over },
      'D-NEW',
    )) as Answer;
  const act = async (verb: string, body: object = {}) =>
    (await twin.post(`/api/v1/registrations/DRIVER/D-NEW/${verb}`, body, 'PF')) as Answer;
  const settled = () =>
    until('his application is looked at', WAIT_MS, async () => {
      const { body } = await own();
      return body.state === 'APPLIED' ? null : body;
    });

  // Nothing is open to him but this.
  expect(await twin.get('/api/v1/scene', 'D-NEW')).toMatchObject({ status: 401, body: { code: 'DRIVER_NOT_REGISTERED' } });
  expect(await own()).toMatchObject({ status: 404 });
  expect(await apply({ idNumber: '110105194912310021' })).toMatchObject({ status: 422, body: { code: 'ID_NUMBER_INVALID' } });
  expect(await apply({ phone: '12345' })).toMatchObject({ status: 400 });
  expect(await apply({}, { plates: [foreign] })).toMatchObject({ status: 422, body: { code: 'PLATE_UNKNOWN' } });
  expect(await apply({}, { plates: [] })).toMatchObject({ status: 400 });
  expect(await apply({ realName: '  ' })).toMatchObject({ status: 400 });
  expect(await apply({}, { certifiedUntil: '2020-01-01' })).toMatchObject({ status: 422, body: { code: 'LICENCE_ENDED' } });

  const masked = { realName: '孙*', idNumber: '110*************2X', phone: '138******78', licenceNo: '130*******01' };
  expect(await apply()).toMatchObject({
    status: 201,
    body: {
      state: 'APPLIED',
      identity: masked,
      definition: { id: 'D-NEW', name: '孙*', carrierId: 'C1', truckIds: ['T001'], certifiedUntil: '2035-12-31' },
    },
  });
  expect(JSON.stringify((await own()).body)).not.toContain('idToken');
  expect(await apply()).toMatchObject({ status: 409, body: { code: 'NOT_POSSIBLE' } });
  expect(await settled()).toMatchObject({ state: 'CERTIFIED' });
  expect(await act('reject', { reason: '照片不清' })).toMatchObject({ status: 200 });
  expect(await own()).toMatchObject({ status: 200, body: { state: 'REJECTED', reason: '照片不清' } });
  expect(await apply({ phone: '13912345678' })).toMatchObject({ status: 201, body: { state: 'APPLIED', reason: null } });
  expect(await settled()).toMatchObject({ state: 'CERTIFIED' });
  expect(await twin.get('/api/v1/scene', 'D-NEW')).toMatchObject({ status: 401 });
  expect(await act('activate')).toMatchObject({ status: 200, body: { state: 'ACTIVE' } });

  expect((await twin.get('/api/v1/scene', 'D-NEW')).status).toBe(200);
  expect((await twin.get('/api/v1/drivers', 'D-NEW')).body).toMatchObject({
    items: [{ id: 'D-NEW', name: '孙*', carrierId: 'C1', truckIds: ['T001'], certifiedUntil: '2035-12-31' }],
  });
  expect((await twin.get('/api/v1/registrations/DRIVER/D-NEW/identity', 'PF')).body).toEqual({
    identity: { ...IDENTITY, phone: '13912345678' },
  });
  expect(await act('suspend', { reason: '酒驾' })).toMatchObject({ status: 200 });
  expect(await own()).toMatchObject({ status: 200, body: { state: 'SUSPENDED', reason: '酒驾' } });
  expect(await apply()).toMatchObject({ status: 409 });

  // Nobody else reads or writes another's.
  expect(await twin.get('/api/v1/registrations/DRIVER/D-NEW', 'D001')).toMatchObject({ status: 404 });
  for (const as of ['C1', 'PF']) expect(await twin.get(PATH, as), as).toMatchObject({ status: 403 });
  const { rows } = await twin.db.query<{ row: string }>("select row_to_json(r)::text as row from registration r where entity_id = 'D-NEW'");
  for (const secret of ['孙七', IDENTITY.idNumber, '13912345678', IDENTITY.licenceNo]) expect(rows[0]?.row).not.toContain(secret);
});

it('keeps the card of an earlier application of the same driver', async () => {
  await using sandbox = await startSandboxedTwin();
  const { twin } = sandbox;
  const cardOf = async () => {
    const { rows } = await twin.db.query<{ card: string }>(
      "select definition->'idToken'->>'idToken' as card from registration where entity_id = 'D-NEW'",
    );
    return rows[0]?.card;
  };
  const definition = {
    id: 'D-NEW',
    name: '-',
    carrierId: 'C1',
    idToken: { idToken: 'CARD-7', type: 'ISO14443' },
    truckIds: [],
    certifiedUntil: '2035-12-31',
  };
  const identity = { realName: '孙七', idNumber: '110105194912310021' };
  expect(await twin.post('/api/v1/registrations', { kind: 'DRIVER', definition, identity }, 'C1')).toMatchObject({ status: 201 });
  await until('it is rejected', WAIT_MS, async () => (((await twin.get(PATH, 'D-NEW')) as Answer).body.state === 'REJECTED' ? true : null));
  const again = { identity: IDENTITY, certifiedUntil: '2036-12-31', plates: [plateOf('T001'), plateOf('T001')] };
  expect(await twin.post(PATH, again, 'D-NEW')).toMatchObject({ status: 201 });
  expect(await cardOf()).toBe('CARD-7');
});
