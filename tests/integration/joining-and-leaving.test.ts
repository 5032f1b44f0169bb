import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { until } from '@corridor/testkit/until';
import { openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { connectNats } from '@corridor/twin/nats/connection';
import { type SandboxedTwin, startSandboxedTwin } from '@corridor/twin/rail/sandboxed-twin.fixture';
import { leftPrincipals } from '@corridor/twin/roster/leaving.queries';
import { RosterDesk } from '@corridor/twin/roster/roster-desk';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const WAIT_MS = 60_000;
const [T001, P1] = [NETWORK.trucks.find(({ id }) => id === 'T001'), NETWORK.packs.find(({ initial }) => initial.id === 'HH1-1')];

interface Answer {
  readonly status: number;
  readonly body: { code?: string; state?: string; id: string; issuePackId?: string | null; items: Record<string, unknown>[] } & Record<
    string,
    unknown
  >;
}
type Enrolled = { creds: string; inboxPrefix: string; natsUrl: string };

let sandbox: SandboxedTwin;
beforeAll(async () => {
  sandbox = await startSandboxedTwin();
});
afterAll(async () => sandbox[Symbol.asyncDispose]());

let asked = 0;
const post = async (path: string, body: object = {}, as = 'PF') => (await sandbox.twin.post(`/api/v1${path}`, body, as)) as Answer;
const get = async (path: string, as = 'PF') => (await sandbox.twin.get(`/api/v1${path}`, as)) as Answer;
const act = async (path: string, as = 'PF', more: object = {}) => post(path, { key: `J-${(asked += 1)}`, note: 'test', ...more }, as);
const roster = async (kind: string, id: string, verb: string, body: object = {}, as = 'PF') =>
  post(`/registrations/${kind}/${id}/${verb}`, body, as);

/** Applies, is certified by whoever certifies its kind, and takes part. */
async function joins(kind: string, definition: { id: string }, identity: object | null, as: string): Promise<Answer> {
  expect(await post('/registrations', { kind, definition, ...(identity && { identity }) }, as)).toMatchObject({ status: 201 });
  if (identity === null) await roster(kind, definition.id, 'certify');
  await until(`${kind} ${definition.id} is certified`, WAIT_MS, async () => {
    const { body } = await get(`/registrations/${kind}/${definition.id}`);
    return body.state === 'CERTIFIED' ? true : null;
  });
  return roster(kind, definition.id, 'activate');
}

const fenOn = async (accountId: string): Promise<bigint> => {
  const { rows } = await sandbox.twin.db.query<{ fen: string }>('select balance_fen as fen from account where account_id = $1', [
    accountId,
  ]);
  return BigInt(rows[0]?.fen ?? 0);
};

async function enrolled(path: string, as: string) {
  const { status, body } = await post(path, {}, as);
  expect(status).toBe(201);
  const { creds, inboxPrefix, natsUrl: url } = body as unknown as Enrolled;
  const connect = async () =>
    connectNats({ url, creds, inboxPrefix, name: 'gateway', more: { maxReconnectAttempts: 0, waitOnFirstConnect: false } });
  return { connect, nc: await connect() };
}

/** What a quote for T001 at HH1 says: a refusal, or the pack that would be issued; it is taken back. */
async function quoted(): Promise<string> {
  const { status, body } = await post('/orders', { stationId: 'HH1', truckId: 'T001' }, 'C1');
  if (status >= 400) return body.code ?? '';
  await post(`/orders/${body.id}/cancel`, {}, 'C1');
  return body.issuePackId ?? '';
}

it('takes a deposit with the first pack of a truck, gives it back when the truck leaves, and cuts its gateway off', {
  timeout: 180_000,
}, async () => {
  const openingFen = await fenOn('C1_prepaid');
  const truck = { ...T001, id: 'T900', vin: 'LCT4X2BEV26000900', plate: '冀J90000D', rfid: 'E280000001170900' };
  const papers = { ownerName: '某公司', vehicleLicenceNo: '130900000001' };
  expect(await joins('TRUCK', truck, papers, 'C1')).toMatchObject({ status: 200, body: { state: 'ACTIVE' } });
  const tbox = await enrolled('/trucks/T900/credentials', 'C1');
  expect(await act('/trucks/T900/deposit', 'C1')).toMatchObject({ status: 409, body: { code: 'NO_PACK_ON_BOARD' } });

  const pack = {
    ...P1,
    id: 'LFP350-9001',
    ownerId: 'BO1',
    initial: { kind: 'TRUCK', id: 'T900' },
    initialSocPercent: 80,
    initialSohPercent: 100,
  };
  expect(await joins('PACK', pack, null, 'BO1')).toMatchObject({ status: 200 });
  // 80 % of 350 kWh at 1.20 yuan.
  const deposit = { id: 'T900', carrierId: 'C1', amountFen: '33600', energyWh: '280000', round: 1 };
  expect((await get('/deposits', 'C1')).body.items).toMatchObject([deposit]);
  expect((await get('/deposits', 'C2')).body.items).toEqual([]);
  expect((await get('/deposits', 'D001')).body.items).toEqual([]);
  expect([await fenOn('C1_deposit'), await fenOn('C1_prepaid')]).toEqual([33_600n, openingFen - 33_600n]);

  const leave = async (body = {}, as = 'C1') => roster('TRUCK', 'T900', 'deregister', body, as);
  expect(await leave()).toMatchObject({ status: 409, body: { code: 'PACK_ON_BOARD' } });
  expect(await leave({ energyWh: 999_000 })).toMatchObject({ status: 403 });
  expect(await roster('PACK', pack.id, 'deregister', {}, 'BO1')).toMatchObject({ status: 409, body: { code: 'PACK_IN_USE' } });
  expect(await act(`/packs/${pack.id}/custody`, 'PF', { place: { kind: 'STORE', id: 'DEPOT' } })).toMatchObject({ status: 200 });
  expect(await leave()).toMatchObject({ status: 200, body: { state: 'DEREGISTERED' } });
  expect([await fenOn('C1_deposit'), await fenOn('C1_prepaid')]).toEqual([0n, openingFen]);
  expect((await get('/deposits', 'C1')).body.items).toEqual([]);
  expect(await roster('PACK', pack.id, 'deregister', {}, 'BO1')).toMatchObject({ status: 200, body: { state: 'DEREGISTERED' } });
  expect((await get(`/packs/${pack.id}`, 'BO1')).status).toBe(404);

  // Its T-box is cut off, and neither the old credentials nor new ones let it in.
  await tbox.nc.closed();
  await expect(tbox.connect()).rejects.toThrow(/authori/i);
  expect((await post('/trucks/T900/credentials', {}, 'C1')).status).toBe(404);

  // A truck of the first start has none until somebody asks; before it is given back, its pack is.
  const taken = await act('/trucks/T001/deposit', 'C1');
  expect(taken).toMatchObject({ status: 201, body: { id: 'T001', carrierId: 'C1', round: 1 } });
  expect(await act('/trucks/T001/deposit')).toMatchObject({ status: 409, body: { code: 'DEPOSIT_EXISTS' } });
  expect(await act('/trucks/T001/deposit/return', 'C1')).toMatchObject({ status: 409, body: { code: 'PACK_ON_BOARD' } });
  expect(await act('/trucks/T001/deposit/return', 'C1', { energyWh: 1 })).toMatchObject({ status: 403 });
  const { rows: on } = await sandbox.twin.db.query<{ pack_id: string }>(
    "select pack_id from custody where place_id = 'T001' and until is null",
  );
  const packId = on[0]?.pack_id ?? '';
  await act(`/packs/${packId}/custody`, 'PF', { place: { kind: 'STORE', id: 'DEPOT' } });
  const given = taken.body as unknown as { energyWh: string; amountFen: string };
  const energyWh = Number(given.energyWh) - 10_000;
  const { amountFen } = given;
  const returned = { key: 'J-return', note: 'test', energyWh };
  const back = {
    status: 200,
    body: { id: 'T001', depositFen: amountFen, chargedFen: '1050', refundFen: `${BigInt(amountFen) - 1_050n}` },
  };
  expect(await post('/trucks/T001/deposit/return', returned)).toMatchObject(back);
  expect([await fenOn('C1_deposit'), await fenOn('C1_prepaid')]).toEqual([0n, openingFen - 1_050n]);
  // With its next pack it joins again.
  await act(`/packs/${packId}/custody`, 'PF', { place: { kind: 'TRUCK', id: 'T001' } });
  expect((await get('/deposits', 'C1')).body.items).toMatchObject([{ id: 'T001', amountFen, round: 2 }]);
  // The same key again tells of the deposit that went back, not of the next one.
  expect(await post('/trucks/T001/deposit/return', returned)).toMatchObject(back);
  expect([await fenOn('C1_deposit'), await fenOn('C1_prepaid')]).toEqual([BigInt(amountFen), openingFen - 1_050n - BigInt(amountFen)]);
  const { items } = (await get('/audit?entityId=T001', 'C1')).body;
  expect(items.map(({ action, outcome }) => `${String(action)} ${String(outcome)}`)).toContain('deposit.return DONE');
});

it('stops what is suspended, blocked or closed, lets it go on again, and cuts a station off that leaves', {
  timeout: 180_000,
}, async () => {
  const station = await enrolled('/stations/HH1/credentials', 'SO1');
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(station.nc);
  for (const [evseId, packId] of [1, 2].map(
    (no) => [no, NETWORK.packs.find(({ initial }) => initial.id === `HH1-${no}`)?.id ?? ''] as const,
  )) {
    const charge = { transactionId: `tx-${evseId}`, evseId, packId, pvRegisterWh: 0, sohPercent: 90 };
    gateway.event('charge', 'started', { ...charge, gridRegisterWh: 0, socPercent: 80, reason: null });
    gateway.event('charge', 'ended', { ...charge, gridRegisterWh: 130_000, socPercent: 95, reason: 'MAX_SOC' });
  }
  await gateway.settled();

  const first = await quoted();
  expect(first).toMatch(/^LFP350-000[12]$/);
  const carrier = { kind: 'PRINCIPAL', id: 'C1' };
  const stops = [
    [{ kind: 'DRIVER', id: 'D001' }, 'DRIVER_NOT_CERTIFIED'],
    [{ kind: 'TRUCK', id: 'T001' }, 'TRUCK_NOT_REGISTERED'],
    [carrier, 'NO_CREDIT'],
    [{ kind: 'STATION', id: 'HH1' }, 'STATION_NOT_OPERATIVE'],
    [{ kind: 'PRINCIPAL', id: 'SO1' }, 'STATION_NOT_OPERATIVE'],
  ] as const;
  for (const [{ kind, id }, reason] of stops) {
    expect(await roster(kind, id, 'suspend', { reason: 'papers' })).toMatchObject({ status: 200, body: { state: 'SUSPENDED' } });
    expect(await quoted(), `${kind} ${id}`).toBe(reason);
    // Suspended, one still sees what is one's own.
    if (kind === 'DRIVER') expect((await get('/orders', 'D001')).status).toBe(200);
    expect(await roster(kind, id, 'resume')).toMatchObject({ status: 200, body: { state: 'ACTIVE' } });
    expect(await quoted(), `${kind} ${id}`).toBe(first);
  }
  await roster('PACK', first, 'suspend', { reason: 'recall' });
  const second = await quoted();
  expect([second.startsWith('LFP350-'), second === first]).toEqual([true, false]);
  await roster('PACK', first, 'resume');
  expect(await quoted()).toBe(first);
  for (const [path, on, off, owner, reason] of [
    ['/trucks/T001', 'block', 'unblock', 'C1', 'TRUCK_NOT_REGISTERED'],
    ['/stations/HH1', 'close', 'open', 'SO1', 'STATION_NOT_OPERATIVE'],
  ] as const) {
    expect(await act(`${path}/${on}`, owner)).toMatchObject({ status: 200, body: { state: on === 'block' ? 'blocked' : 'closed' } });
    expect(await quoted(), path).toBe(reason);
    expect(await act(`${path}/${off}`, owner)).toMatchObject({ status: 200 });
    expect(await act(`${path}/${on}`)).toMatchObject({ status: 200 });
    expect(await act(`${path}/${off}`, owner)).toMatchObject({ status: 409, body: { code: 'STOPPED_BY_PLATFORM' } });
    expect(await act(`${path}/${off}`)).toMatchObject({ status: 200 });
    expect(await quoted(), path).toBe(first);
  }

  const leave = async () => roster('STATION', 'HH1', 'deregister', {}, 'SO1');
  expect(await leave()).toMatchObject({ status: 409, body: { code: 'PACKS_IN_STATION' } });
  for (const { id } of NETWORK.packs.filter(({ initial }) => initial.id.startsWith('HH1-'))) {
    await act(`/packs/${id}/custody`, 'PF', { place: { kind: 'STORE', id: 'DEPOT' } });
  }
  const { body: open } = await post('/orders', { stationId: 'HH1', truckId: 'T001' }, 'C1');
  expect(open.code).toBe('NO_BATTERY_AVAILABLE');
  expect(await leave()).toMatchObject({ status: 200, body: { state: 'DEREGISTERED' } });
  await station.nc.closed();
  gateway.stop();
  await expect(station.connect()).rejects.toThrow(/authori/i);
  expect((await post('/stations/HH1/credentials', {}, 'SO1')).status).toBe(404);
  const { rows } = await sandbox.twin.db.query(
    "select 1 from gateway_credential where gateway_id in ('HH1', 'T900') and revoked_at is null",
  );
  expect(rows).toEqual([]);
});

/** More than the twin has connections to the database. */
const BEGINS = 40;

/**
 * A principal leaves, and much begins after what stands against it was looked at: all of that waits, and nobody else does.
 * @returns what became of it
 */
async function leavesWhile(id: string, begin: (no: number) => Promise<Answer>): Promise<Answer[]> {
  const { twin, postgres } = sandbox.twin;
  const database = openDatabase({ url: postgres.url, log: silentLog(), name: 'desk', connectionsMax: 1 });
  const arrivals = vi.spyOn(twin.leaving, 'run');
  let begun: Promise<Answer[]> | undefined;
  const desk = new RosterDesk({
    database,
    platformId: 'PF',
    reference: twin.live.core.reference,
    writer: twin.live.writer,
    leaving: twin.leaving,
    vault: null,
    hasCertifier: false,
    scopeNowMs: () => twin.live.clock().scopeAtMs,
    newId: () => 'none',
    chargeToDate: async () => {
      begun = Promise.all(Array.from({ length: BEGINS }, (_, no) => begin(no)));
      await until('all of them wait', WAIT_MS, async () => (arrivals.mock.calls.length === 1 + BEGINS ? true : null));
      for (const verb of ['suspend', 'resume'])
        expect(await roster('DRIVER', 'D001', verb, verb === 'suspend' ? { reason: 'papers' } : {}), verb).toMatchObject({ status: 200 });
      return null;
    },
    chargeDueTo: async () => null,
    onLeft: async () => {},
  });
  expect(await desk.leave('PRINCIPAL', id, null, 'test')).toEqual({ ok: true });
  arrivals.mockRestore();
  await database.close();
  if (begun === undefined) throw new Error(`${id} left without a look at what it owes`);
  return begun;
}

it('lets drivers and carriers go: tokens of the one count no more, the other gets its money first', { timeout: 180_000 }, async () => {
  const company = { id: 'C9', kind: 'CARRIER', name: 'Ninth', nameZh: '第九' };
  const papers = { creditCode: '91130900MA07ABCD1X', realName: '钱九' };
  expect(await joins('PRINCIPAL', company, papers, 'PF')).toMatchObject({ status: 200 });
  const leave = async (kind: string, id: string, as = 'PF') => roster(kind, id, 'deregister', {}, as);
  expect(await leave('PRINCIPAL', 'C1')).toMatchObject({ status: 409, body: { code: 'ASSETS_LEFT' } });

  const topUp = await post('/payments/top-ups', { carrierId: 'C9', amountFen: '5000', channel: 'sandbox', key: 'N1' });
  expect(topUp).toMatchObject({ status: 201 });
  expect(await leave('PRINCIPAL', 'C9')).toMatchObject({ status: 409, body: { code: 'PAYMENT_OPEN' } });
  await sandbox.pay(topUp.body as never);
  await sandbox.stateOf(topUp.body.id, 'CONFIRMED');
  expect(await leave('PRINCIPAL', 'C9')).toMatchObject({ status: 409, body: { code: 'BALANCE_LEFT' } });
  const back = await post('/payments/withdrawals', { carrierId: 'C9', key: 'N2' });
  expect(back).toMatchObject({ status: 201, body: { state: 'DRAFTED' } });
  expect(await post(`/payments/${back.body.id}/approve`, {}, 'PF-2')).toMatchObject({ status: 200 });
  await sandbox.stateOf(back.body.id, 'CONFIRMED');
  // What is begun while it leaves, after what stands against it was looked at, waits until it has left, and is refused.
  const begun = await leavesWhile('C9', async (no) =>
    no === 0
      ? leave('PRINCIPAL', 'C9')
      : post('/payments/top-ups', { carrierId: 'C9', amountFen: '100', channel: 'sandbox', key: `N4-${no}` }),
  );
  const [again, ...topUps] = begun;
  expect(again).toMatchObject({ status: 404 });
  for (const answer of topUps) expect(answer).toMatchObject({ status: 422, body: { code: 'NOT_A_CARRIER' } });
  expect((await get('/registrations/PRINCIPAL/C9')).body).toMatchObject({ state: 'DEREGISTERED' });
  expect([await fenOn('C9_prepaid'), await fenOn('C9_held'), await fenOn('C9_deposit')]).toEqual([0n, 0n, 0n]);
  // What it did until then is stated when its day ends.
  expect(await leftPrincipals(sandbox.twin.db, 'PF')).toEqual([company]);
  // Nobody pays into books that are closed.
  const late = await post('/payments/top-ups', { carrierId: 'C9', amountFen: '100', channel: 'sandbox', key: 'N3' });
  expect(late).toMatchObject({ status: 404 });

  const { ticket } = (await post('/tickets', {}, 'D001')).body as unknown as { ticket: string };
  const socket = new WebSocket(`${sandbox.twin.twin.url.replace('http', 'ws')}/ws?ticket=${ticket}`);
  const closed = Promise.withResolvers<number>();
  const opened = Promise.withResolvers<void>();
  socket.addEventListener('message', () => opened.resolve());
  socket.addEventListener('close', ({ code }) => closed.resolve(code));
  await opened.promise;
  expect(await leave('DRIVER', 'D001', 'C2')).toMatchObject({ status: 404 });
  expect(await leave('DRIVER', 'D001', 'C1')).toMatchObject({ status: 200 });
  expect(await closed.promise).toBe(4_401);
  for (const path of ['/scene', '/orders', '/trucks/T001']) {
    expect(await get(path, 'D001'), path).toMatchObject({ status: 401, body: { code: 'DRIVER_NOT_REGISTERED' } });
  }
  expect((await get('/orders', 'C1')).status).toBe(200);
});

it('lets a principal pay in what is carried and that no later statement takes up', async () => {
  const { db, twin } = sandbox.twin;
  const carried = async (id: string, day: number, totalFen: number) =>
    db.query(
      `insert into statement (platform_id, statement_id, principal_id, period, period_from, period_until, payable_at, state, total_fen, content,
                              content_hash, frozen_at)
       values ('PF', $1, 'BO3', 'D1', $2, $3, $3, 'CARRIED', $4, '{}', '', $3)`,
      [id, `2020-01-0${day}`, `2020-01-0${day + 1}`, totalFen],
    );
  await carried('CARRIED-1', 1, -700);
  await carried('CARRIED-2', 2, -900);
  const incomeFen = await fenOn('BO3_income');
  const collect = async (statementId: string) => post('/payments/collections', { statementId }, 'BO3');
  expect(await collect('CARRIED-1')).toMatchObject({ status: 409, body: { code: 'STATEMENT_NOT_DUE' } });
  const asked = await collect('CARRIED-2');
  expect(asked).toMatchObject({ status: 201, body: { amountFen: '900' } });
  await sandbox.pay(asked.body as never);
  await sandbox.stateOf(asked.body.id, 'CONFIRMED');
  await twin.settlement.progress();
  const { rows } = await db.query<{ state: string }>(`select state from statement where principal_id = 'BO3' order by statement_id`);
  expect(rows.map(({ state }) => state)).toEqual(['CARRIED', 'PAID']);
  expect((await fenOn('BO3_income')) - incomeFen).toBe(900n);
  expect(await collect('CARRIED-2')).toMatchObject({ status: 409, body: { code: 'STATEMENT_NOT_DUE' } });
});
