import { reachScopeTime } from '@corridor/testkit/scope-time';
import { until } from '@corridor/testkit/until';
import { expect, it } from 'vitest';
import { type SandboxedTwin, startSandboxedTwin } from '../rail/sandboxed-twin.fixture.ts';
import { loadSuspensions } from '../restore/load-reference.ts';

const WAIT_MS = 30_000;
const ID_NUMBER = '11010519491231002X';

interface Registration {
  kind: string;
  id: string;
  state: string;
  reason: string | null;
  identity: Record<string, string> | null;
}

/** A fleet's newcomer: driver and truck of a carrier, and what a request about them says. */
function newcomers({ twin }: SandboxedTwin) {
  const api = '/api/v1/registrations';
  const driver = (id: string, identity: object, over: object = {}) =>
    twin.post(
      api,
      {
        kind: 'DRIVER',
        identity,
        definition: {
          id,
          name: 'to be replaced',
          carrierId: 'C1',
          idToken: { idToken: `CARD-${id}`, type: 'Central' },
          truckIds: ['T001'],
          certifiedUntil: '2035-12-31',
          ...over,
        },
      },
      'C1',
    ) as Promise<{ status: number; body: Registration & { code?: string } }>;
  const act = async (kind: string, id: string, verb: string, body: object = {}, as = 'PF') =>
    (await twin.post(`${api}/${kind}/${id}/${verb}`, body, as)) as { status: number; body: Registration & { code?: string } };
  const stateOf = async (kind: string, id: string, as = 'PF') =>
    (await twin.get(`${api}/${kind}/${id}`, as)) as { status: number; body: Registration };
  const settled = (kind: string, id: string) =>
    until(`${kind} ${id} is looked at`, WAIT_MS, async () => {
      const { body } = await stateOf(kind, id);
      return body.state === 'APPLIED' ? null : body;
    });
  return { driver, act, stateOf, settled };
}

async function quoteReason({ twin }: SandboxedTwin, truckId: string, as: string): Promise<string> {
  const { body } = await twin.post('/api/v1/orders', { stationId: 'HH1', truckId }, as);
  return (body as { code?: string; reason?: string }).code ?? 'QUOTED';
}

it('lets people in by a certifier, keeps who they are sealed, and stops them by their state', async () => {
  await using sandbox = await startSandboxedTwin();
  const { twin } = sandbox;
  const { driver, act, stateOf, settled } = newcomers(sandbox);

  // Applied for by the carrier, checked by another process: accepted, rejected, late.
  const applied = await driver('D900', { realName: '张三丰', idNumber: ID_NUMBER });
  expect(applied).toMatchObject({
    status: 201,
    body: { state: 'APPLIED', identity: { realName: '张**', idNumber: '110*************2X' } },
  });
  expect(await driver('D901', { realName: '李四', idNumber: '110105194912310021' })).toMatchObject({ status: 201 });
  expect(await driver('D902', { realName: '王迟', idNumber: ID_NUMBER })).toMatchObject({ status: 201 });
  expect(await driver('D903', { realName: '赵五' })).toMatchObject({ status: 422, body: { code: 'IDENTITY_INCOMPLETE' } });
  expect(await driver('D904', { realName: '赵五', idNumber: ID_NUMBER }, { carrierId: 'C2' })).toMatchObject({ status: 403 });
  expect(await act('DRIVER', 'D900', 'activate', {}, 'C1')).toMatchObject({ status: 403 });
  expect(await settled('DRIVER', 'D900')).toMatchObject({ state: 'CERTIFIED' });
  expect(await settled('DRIVER', 'D901')).toMatchObject({ state: 'REJECTED', reason: 'ID_NUMBER_INVALID' });
  expect(await settled('DRIVER', 'D902')).toMatchObject({ state: 'CERTIFIED' });
  expect(await act('DRIVER', 'D901', 'activate')).toMatchObject({ status: 409, body: { code: 'NOT_POSSIBLE' } });
  expect(await act('DRIVER', 'D900', 'activate')).toMatchObject({ status: 200, body: { state: 'ACTIVE' } });
  expect((await twin.get('/api/v1/drivers/D900', 'C1')).body).toMatchObject({ id: 'D900', name: '张**', truckIds: ['T001'] });

  // Nobody else sees them, and no row holds them in the clear.
  expect(await stateOf('DRIVER', 'D900', 'C2')).toMatchObject({ status: 404 });
  expect((await twin.get('/api/v1/registrations/DRIVER/D900/identity', 'C2')).status).toBe(404);
  expect((await twin.get('/api/v1/registrations/DRIVER/D900/identity', 'C1')).body).toEqual({
    identity: { realName: '张三丰', idNumber: ID_NUMBER },
  });
  const { rows } = await twin.db.query<{ text: string }>(`
    select string_agg(t::text, ' ') as text from (
      select r.*, encode(identity, 'escape') from registration r) t
    union all select string_agg(a::text, ' ') from audit_log a union all select string_agg(d::text, ' ') from driver d`);
  const everything = rows.map(({ text }) => text).join(' ');
  expect(everything).toContain('roster.readIdentity');
  expect(everything).not.toContain(ID_NUMBER);
  expect(everything).not.toContain('三丰');

  // Suspended, a truck begins nothing; the reason is that of its check. The next process knows it too.
  expect(await act('TRUCK', 'T001', 'suspend', { reason: 'papers' }, 'C1')).toMatchObject({ status: 403 });
  expect(await act('TRUCK', 'T001', 'suspend', { reason: 'papers' })).toMatchObject({
    status: 200,
    body: { state: 'SUSPENDED', reason: 'papers' },
  });
  expect(await quoteReason(sandbox, 'T001', 'C1')).toBe('TRUCK_NOT_REGISTERED');
  expect(await loadSuspensions(twin.db, 'PF')).toEqual([{ kind: 'TRUCK', id: 'T001', reason: 'papers' }]);
  expect(await act('TRUCK', 'T001', 'resume')).toMatchObject({ status: 200, body: { state: 'ACTIVE' } });
  expect(await quoteReason(sandbox, 'T001', 'C1')).not.toBe('TRUCK_NOT_REGISTERED');
  expect(await act('TRUCK', 'T001', 'deregister', {}, 'C1')).toMatchObject({ status: 409, body: { code: 'PACK_ON_BOARD' } });
  expect(await act('TRUCK', 'T001', 'deregister', {}, 'C2')).toMatchObject({ status: 404 });
});

it('sells a pack at one instant: each owner sees his interval', async () => {
  await using sandbox = await startSandboxedTwin();
  const { twin } = sandbox;
  const { rows: packs } = await twin.db.query<{ pack_id: string }>(
    `select pack_id from pack where owner_id = 'BO1' order by pack_id limit 1`,
  );
  const id = packs[0]?.pack_id ?? '';
  const before = new Date(Date.now() - 1_000);
  const telemetry = (at: Date, seq: number) =>
    twin.db.query(
      `insert into telemetry_pack (platform_id, pack_id, src, type_code, location_kind, location_id, contactor_closed, cycles, throughput_wh,
         fault_codes, ts_event, ts_ingest, boot_id, seq, backfill, q)
       values ('PF', $1, 'test', 'LFP350', 'STORE', 'x', true, 1, 1, '{}', $2, now(), 900, $3, false, '{}')`,
      [id, at, seq],
    );
  // Sold at the instant at which it came, it would never have been his.
  await reachScopeTime(twin.twin.live, Date.now());
  const offered = await twin.post('/api/v1/ownership-offers', { kind: 'PACK', id, toPrincipalId: 'BO2' }, 'BO1');
  expect(offered).toMatchObject({ status: 201, body: { state: 'OPEN' } });
  const { id: offerId } = offered.body as { id: string };
  expect((await twin.post('/api/v1/ownership-offers', { kind: 'PACK', id, toPrincipalId: 'BO3' }, 'BO3')).status).toBe(404);
  expect((await twin.post(`/api/v1/ownership-offers/${offerId}/accept`, {}, 'BO1')).status).toBe(403);
  expect((await twin.post(`/api/v1/ownership-offers/${offerId}/accept`, {}, 'BO3')).status).toBe(404);
  expect(await twin.post(`/api/v1/ownership-offers/${offerId}/accept`, {}, 'BO2')).toMatchObject({
    status: 200,
    body: { state: 'ACCEPTED' },
  });
  expect(await twin.post(`/api/v1/ownership-offers/${offerId}/accept`, {}, 'BO2')).toMatchObject({
    status: 409,
    body: { code: 'OFFER_ENDED' },
  });

  const { rows: intervals } = await twin.db.query<{ principal_id: string; valid_from: Date; valid_until: Date | null }>(
    `select principal_id, valid_from, valid_until from ownership where asset_kind = 'PACK' and asset_id = $1 order by valid_from`,
    [id],
  );
  expect(intervals.map(({ principal_id }) => principal_id)).toEqual(['BO1', 'BO2']);
  expect(intervals[0]?.valid_until).toEqual(intervals[1]?.valid_from);
  expect(intervals[1]?.valid_until).toBeNull();
  const sale = intervals[1]?.valid_from ?? before;
  await telemetry(new Date(sale.getTime() - 1), 1);
  await telemetry(sale, 2);
  const from = (intervals[0]?.valid_from ?? before).toISOString();
  const history = async (as: string) => {
    const { body } = await twin.get(
      `/api/v1/packs/${id}/history?from=${from}&until=${new Date(sale.getTime() + 60_000).toISOString()}`,
      as,
    );
    return (body as { items: { at: string }[] }).items.filter(({ at }) => [sale.getTime() - 1, sale.getTime()].includes(Date.parse(at)))
      .length;
  };
  expect(await history('BO1')).toBe(1);
  expect(await history('BO2')).toBe(1);
  expect(await history('PF')).toBe(2);
  expect((await twin.get(`/api/v1/packs/${id}`, 'BO1')).status).toBe(404);
  expect((await twin.get(`/api/v1/packs/${id}`, 'BO2')).status).toBe(200);
  // Both read of the sale, each in what is his.
  for (const as of ['BO1', 'BO2']) {
    const { body } = await twin.get('/api/v1/audit', as);
    expect(
      (body as { items: { action: string }[] }).items.map(({ action }) => action),
      as,
    ).toContain('roster.transfer');
  }
});
