import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { Contract, NetworkFile } from '@corridor/protocols/network-file';
import { reachScopeTime } from '@corridor/testkit/scope-time';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { ScriptedStation } from '@corridor/testkit/scripted-station';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { verifyDatabase } from '@corridor/tools/verify/verify-database';
import { principalKindOf, writeBundle } from '@corridor/twin/bundle/write-bundle';
import { carrierBooksOf } from '@corridor/twin/charges/carrier-books';
import { ChargeSide } from '@corridor/twin/charges/charge-side';
import { type Database, openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import type { StatementContent } from '@corridor/twin/settlement/statement-content';
import { expect, it } from 'vitest';
import { type ChargeView, chargesOf, expectGivenBack } from './charge-dispute.fixture.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const RECOMPUTE = fileURLToPath(new URL('../../recompute/src/main.ts', import.meta.url));

/** Carrier 1 buys packages, 2 pays rent by the month, 3 penalties; 4 pays rent that its balance does not reach for, and 9, which leaves, too. */
const TERMS: Readonly<Record<string, Partial<Contract>>> = {
  C1: {
    billing: {
      mode: 'PACKAGE',
      issuerId: 'PF',
      replaces: ['SERVICE', 'BATTERY_RENT'],
      offers: [
        { id: 'KWH', name: '1,000 kWh', unit: 'Wh', quantity: 1_000_000, priceFen: '90000', validDays: 20 },
        { id: 'SMALL', name: 'One fen', unit: 'swap', quantity: 1, priceFen: '1', validDays: 20 },
        { id: 'DEAR', name: 'Dear', unit: 'swap', quantity: 1, priceFen: '999999999999', validDays: 20 },
      ],
    },
  },
  C2: { billing: { mode: 'MONTHLY_RENT', issuerId: 'BO1', feeNanoYuanPerKwhMonth: '3000000000' } },
  C3: {
    penalties: [
      { kind: 'NO_SHOW', amountFen: '5000', waivers: [] },
      { kind: 'OVERSTAY', graceMinutes: 10, blockMinutes: 15, amountFen: '2000', waivers: [{ rule: 'STATIONS', stationIds: ['HJ1'] }] },
    ],
  },
  C4: { billing: { mode: 'MONTHLY_RENT', issuerId: 'BO2', feeNanoYuanPerKwhMonth: '99999000000000' } },
};
const corridor = readNetworkFile(DEFAULT_NETWORK_FILE);
const GIVEN_AWAY = corridor.trucks.findLast(({ carrierId }) => carrierId === 'C4')?.id ?? '';
const NETWORK: NetworkFile = {
  ...corridor,
  principals: [...corridor.principals, { id: 'C9', kind: 'CARRIER', name: 'Ninth', nameZh: '第九' }],
  contracts: [
    ...corridor.contracts.map((contract) => ({ ...contract, ...TERMS[contract.carrierId] })),
    ...corridor.contracts
      .filter(({ carrierId }) => carrierId === 'C4')
      .map((contract) => ({ ...contract, ...TERMS['C4'], id: 'CT-C9', carrierId: 'C9' })),
  ],
  trucks: corridor.trucks.map((truck) => (truck.id === GIVEN_AWAY ? { ...truck, carrierId: 'C9' } : truck)),
  drivers: corridor.drivers.map((driver) => (driver.truckIds.includes(GIVEN_AWAY) ? { ...driver, carrierId: 'C9' } : driver)),
};
const trucksOf = (carrierId: string) =>
  NETWORK.trucks.filter((truck) => truck.carrierId === carrierId && NETWORK.packs.some(({ initial }) => initial.id === truck.id));

class Scope {
  readonly #platform: TestTwin;
  constructor(platform: TestTwin) {
    this.#platform = platform;
  }
  nowMs = (): number => this.#platform.twin.live.clock().scopeAtMs;
  /** Everything that is due until then has fired when it returns. */
  async goOn(byMs: number): Promise<void> {
    const { live } = this.#platform.twin;
    const atMs = this.nowMs() + byMs;
    live.core.clock.tick(atMs, 1);
    await reachScopeTime(live, atMs);
  }
}

const isOfCharge = ({ chargeId }: StatementContent['corrections'][number]): boolean => chargeId !== null;
const OPERATOR = NETWORK.stations.find(({ id }) => id === 'HJ1')?.operatorId ?? '';

async function textOf(platform: TestTwin, path: string, as: string): Promise<string> {
  const token = await platform.token(as);
  return (await fetch(`${platform.twin.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).text();
}

async function stationAt(platform: TestTwin, stationId: string, nowMs: () => number) {
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation(stationId));
  const gateway = new ScriptedGateway({ stationId, nowMs });
  await gateway.boot(nc);
  await gateway.settled();
  return {
    gateway,
    async [Symbol.asyncDispose]() {
      gateway.stop();
      await nc.close();
    },
  };
}

/** A pack of the station that it may give away. */
async function charged({ gateway }: { gateway: ScriptedGateway }): Promise<void> {
  const packId = NETWORK.packs.find(({ initial }) => initial.id === `${gateway.stationId}-1`)?.id;
  const charge = { transactionId: 'tx', evseId: 1, packId, pvRegisterWh: 0, sohPercent: 95 };
  gateway.event('charge', 'started', { ...charge, gridRegisterWh: 0, socPercent: 60, reason: null });
  gateway.event('charge', 'ended', { ...charge, gridRegisterWh: 120_000, socPercent: 95, reason: 'MAX_SOC' });
  await gateway.settled();
}

async function checked(database: Database, dir: string, principalId: string, span: { from: string; until: string }) {
  const principalKind = await principalKindOf(database.pool, 'PF', principalId);
  if (principalKind === null) throw new Error(`no ${principalId}`);
  const path = join(dir, `${principalId}.json`);
  await writeBundle(database, { platformId: 'PF', principalId, principalKind, ...span }, path);
  return recomputed(path);
}

async function recomputed(path: string): Promise<{ differences: unknown[] }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [RECOMPUTE, path, '--json'], { maxBuffer: 1 << 28 }, (_, out) =>
      resolve(JSON.parse(out) as { differences: unknown[] }),
    );
  });
}

it('sells packages, charges rent by the month and penalties, each once, and everybody computes the same', async () => {
  using folder = temporaryFolder();
  const networkFile = join(folder.path, 'network.json');
  writeFileSync(networkFile, JSON.stringify(NETWORK));
  await using platform = await startTestTwin({ env: { NETWORK_FILE: networkFile } });
  const { live, charges } = platform.twin;
  const scope = new Scope(platform);
  const begunMs = scope.nowMs();

  // Packages: once a key, by an offer of the contract in force, from the balance.
  const buy = (offerId: string, key: string, as = 'C1') => platform.post('/api/v1/packages', { carrierId: 'C1', offerId, key }, as);
  expect(await buy('KWH', 'K1', 'C2')).toMatchObject({ status: 403 });
  expect(await buy('NONE', 'K1')).toMatchObject({ status: 422, body: { code: 'OFFER_UNKNOWN' } });
  expect(await buy('DEAR', 'K1')).toMatchObject({ status: 422, body: { code: 'NO_CREDIT' } });
  const bought = { id: 'K1', quantity: '1000000', amountFen: '90000', issuerId: 'PF' };
  for (let again = 0; again < 2; again += 1) expect(await buy('KWH', 'K1')).toMatchObject({ status: 201, body: bought });
  expect(await buy('DEAR', 'K1')).toMatchObject({ status: 422, body: { code: 'KEY_USED_WITH_OTHER_OFFER' } });
  expect((await platform.get('/api/v1/packages', 'C1')).body).toMatchObject({
    items: [bought],
    offers: [{ id: 'KWH' }, { id: 'SMALL' }, { id: 'DEAR' }],
  });
  expect((await platform.get('/api/v1/packages', 'C2')).body).toEqual({ items: [], offers: [] });
  // As many more as the books remember of those that are over.
  for (let no = 1; no <= 32; no += 1) expect(await buy('SMALL', `S${no}`)).toMatchObject({ status: 201 });

  // A swap that draws of the package, and one after which the truck keeps the bay for 26 minutes.
  await using hh1 = await stationAt(platform, 'HH1', scope.nowMs);
  const station = new ScriptedStation({ gateway: hh1.gateway, network: NETWORK, onTruck: ScriptedStation.packsOnTrucks(NETWORK) });
  const [prepaid] = trucksOf('C1');
  const [slow, absent] = trucksOf('C3');
  await station.serve(prepaid?.id ?? '');
  await station.serve(slow?.id ?? '');
  await hh1.gateway.settled();
  expect(station.log.map(({ outcome }) => outcome.started)).toEqual([true, true]);
  await scope.goOn(26 * MINUTE_MS);
  const atMs = scope.nowMs();
  live.writer.signal({
    kind: 'signal',
    atMs,
    to: 'bay:HH1-B1',
    event: { type: 'signal.changed', atMs, signal: 'bayState', value: 'FREE' },
  });

  // An order whose truck does not come.
  await using hj1 = await stationAt(platform, 'HJ1', scope.nowMs);
  await charged(hj1);
  const quoted = await platform.post('/api/v1/orders', { stationId: 'HJ1', truckId: absent?.id }, 'C3');
  expect(quoted).toMatchObject({ status: 201 });
  const { id: orderId } = quoted.body as { id: string };
  expect(await platform.post(`/api/v1/orders/${orderId}/confirm`, {}, 'C3')).toMatchObject({ body: { state: 'HELD' } });
  await scope.goOn(131 * MINUTE_MS);
  expect((await platform.get(`/api/v1/orders/${orderId}`, 'C3')).body).toMatchObject({ state: 'CANCELLED', reason: 'RESERVATION_EXPIRED' });

  await charges.look();
  const penalties = async (as: string) =>
    [...(await chargesOf(platform, as, 'NO_SHOW')), ...(await chargesOf(platform, as, 'OVERSTAY'))].map(({ id, lines }) => [
      id.split(':')[0],
      lines.map(({ component, amountFen }) => `${component} ${amountFen}`).join(),
    ]);
  expect(await penalties('C3')).toEqual([
    ['no-show', 'PENALTY 5000'],
    ['overstay', 'PENALTY 4000'],
  ]);
  expect(await penalties('C1')).toEqual([]);
  await expectGivenBack(platform, OPERATOR);
  // What came so far may have reached over the end of a month: looked at is the one that has not ended.
  const month = localDateOf(scope.nowMs()).slice(0, 7);
  const ofMonth = (charges: readonly ChargeView[]) => charges.filter(({ basis }) => basis.month === month);
  expect(ofMonth(await chargesOf(platform, 'PF', 'MONTHLY_RENT'))).toEqual([]);

  // The month ends: rent of each truck by its days, and the rest of the package is the issuer's.
  while (localDateOf(scope.nowMs()).startsWith(month)) await scope.goOn(DAY_MS);
  await scope.goOn(20 * DAY_MS);
  await charges.look();
  const rents = ofMonth(await chargesOf(platform, 'C2', 'MONTHLY_RENT'));
  const begun = localDateOf(begunMs);
  expect(rents.map(({ truckId }) => truckId).toSorted()).toEqual(
    trucksOf('C2')
      .map(({ id }) => id)
      .toSorted(),
  );
  for (const { basis, lines } of rents) {
    const exact = (basis.nominalWh * 3 * 100 * basis.days) / 1_000 / basis.daysOfMonth;
    expect(Math.abs(Number(lines[0]?.amountFen) - exact)).toBeLessThanOrEqual(0.5);
    const daysBefore = begun.startsWith(month) ? Number(begun.slice(8)) - 1 : 0;
    expect(basis).toMatchObject({ month, days: basis.daysOfMonth - daysBefore });
  }
  expect(ofMonth(await chargesOf(platform, 'BO1', 'MONTHLY_RENT')).length).toBe(rents.length);
  expect(await chargesOf(platform, 'C4', 'MONTHLY_RENT')).toEqual([]);
  const { items: over } = (await platform.get('/api/v1/packages', 'C1')).body as { items: { id: string; amountFen: string }[] };
  expect(new Set(over.map(({ amountFen }) => amountFen))).toEqual(new Set(['0']));
  // The books have forgotten the first one; its key buys no second all the same, and the writer goes on.
  expect(over.map(({ id }) => id)).not.toContain('K1');
  expect(await buy('KWH', 'K1')).toMatchObject({ status: 409, body: { code: 'PACKAGE_OVER' } });
  expect((await platform.get('/api/v1/accounts/C1_package', 'C1')).body).toMatchObject({ balanceFen: '0' });

  // A truck that is gone owes for its days at once, before its carrier leaves; who cannot pay that does not leave.
  const ask = (path: string, body: object = {}) => platform.post(`/api/v1${path}`, body);
  const goes = async (truckId: string) => {
    const packId = NETWORK.packs.find(({ initial }) => initial.id === truckId)?.id ?? '';
    const place = { kind: 'STORE', id: 'DEPOT' };
    expect(await ask(`/packs/${packId}/custody`, { key: `off-${truckId}`, note: 'given back', place })).toMatchObject({ status: 200 });
    expect(await ask(`/registrations/TRUCK/${truckId}/deregister`)).toMatchObject({ status: 200 });
  };
  const gone = trucksOf('C2').at(-1)?.id ?? '';
  await goes(gone);
  expect(await charges.chargeToDate('C2')).toBeNull();
  const today = localDateOf(scope.nowMs());
  expect((await chargesOf(platform, 'C2', 'MONTHLY_RENT')).filter(({ basis }) => today.startsWith(basis.month))).toMatchObject([
    { truckId: gone, basis: { days: Number(today.slice(8)) - 1 } },
  ]);
  await goes(GIVEN_AWAY);
  for (const { id } of NETWORK.drivers.filter(({ carrierId }) => carrierId === 'C9'))
    expect(await ask(`/registrations/DRIVER/${id}/deregister`)).toMatchObject({ status: 200 });
  expect(await ask('/registrations/PRINCIPAL/C9/deregister')).toMatchObject({ status: 409, body: { code: 'CHARGE_OPEN' } });

  // A penalty that nobody could rate is the platform's to settle first.
  await platform.db.query({
    text: `insert into penalty_incident (platform_id, kind, order_id, station_id, truck_id, carrier_id, rated_at, stayed_ms, incurred_at)
           values ('PF', 'OVERSTAY', $1, 'HJ1', $2, 'C2', '2019-01-01', 60000, '2019-01-01')`,
    values: [orderId, gone],
  });
  await platform.db.query({
    text: `insert into alarm (platform_id, alarm_id, code, level, scope, scope_id, detail, raised_at)
           values ('PF', 'unrated', 'PENALTY_NOT_RATED', 2, 'order', $1, '', now())`,
    values: [orderId],
  });
  expect(await charges.chargeToDate('C2')).toContain(`nobody could rate the penalty of ${orderId}`);
  // Nor does the operator leave whose the station was then.
  const operator = { id: 'SO9', kind: 'STATION_OPERATOR', name: 'Ninth', nameZh: '第九' } as const;
  const joins = { act: 'ACTIVATE', entry: { kind: 'PRINCIPAL', definition: operator } } as const;
  expect(await live.writer.ask({ type: 'roster.act', roster: joins }, 'test')).toMatchObject({ ok: true });
  await platform.db.query(
    `insert into ownership (platform_id, asset_kind, asset_id, principal_id, valid_from, valid_until)
     values ('PF', 'STATION', 'HJ1', 'SO9', '2018-01-01', '2019-06-01')`,
  );
  const operatorGoes = async () => ask('/registrations/PRINCIPAL/SO9/deregister');
  expect(await operatorGoes()).toMatchObject({ status: 409, body: { code: 'CHARGE_OPEN' } });
  await platform.db.query(
    "update alarm set closed_at = now(), closed_by = 'PF', close_reason = 'settled by hand' where alarm_id = 'unrated'",
  );
  expect(await charges.chargeToDate('C2')).toBeNull();
  expect(await operatorGoes()).toMatchObject({ status: 200 });

  // A truck that was another's in between pays for each of its stays, the days between are the other's.
  const sold = trucksOf('C2')[0]?.id ?? '';
  const give = (toPrincipalId: string) =>
    live.writer.ask({ type: 'roster.act', roster: { act: 'TRANSFER', kind: 'TRUCK', id: sold, toPrincipalId } }, 'test');
  const left = localDateOf(scope.nowMs());
  expect(await give('C4')).toMatchObject({ ok: true });
  await scope.goOn(2 * DAY_MS);
  const back = localDateOf(scope.nowMs());
  expect(await give('C2')).toMatchObject({ ok: true });
  while (localDateOf(scope.nowMs()).startsWith(left.slice(0, 7))) await scope.goOn(DAY_MS);
  await charges.look();
  const stays = (await chargesOf(platform, 'C2', 'MONTHLY_RENT')).filter(
    ({ truckId, basis }) => truckId === sold && left.startsWith(basis.month),
  );
  expect(new Map(stays.map(({ id, basis }) => [id.endsWith(':2'), basis.days]))).toEqual(
    new Map([
      [false, Number(left.slice(8)) - 1],
      [true, (stays[0]?.basis.daysOfMonth ?? 0) + 1 - Number(back.slice(8))],
    ]),
  );

  // What was given back is on the statement of each side; the charge itself is among what no order moved.
  for (const [party, netFen] of [
    ['C3', '5000'],
    [OPERATOR, '-5000'],
  ] as const) {
    // By hand: a look of the twin's own that found nothing to close looks at that party again a minute later only.
    let closed: { status: number; body: { closed: number } };
    do closed = await platform.post('/api/v1/statements', { principalId: party });
    while (closed.status === 200 && closed.body.closed > 0);
    const statements = (await platform.get('/api/v1/statements?limit=500', party)).body as { items: { id: string }[] };
    const contents = await Promise.all(
      statements.items.map(async ({ id }) => (await platform.get(`/api/v1/statements/${id}`, party)).body),
    );
    const corrected = (contents as { id: string; content: StatementContent }[]).filter(({ content }) =>
      content.corrections.some(isOfCharge),
    );
    const ofCharges = corrected.flatMap(({ content }) => content.corrections.filter(isOfCharge));
    expect(new Set(ofCharges.map(({ chargeId, orderId: ofOrder }) => [chargeId, ofOrder].join()))).toEqual(
      new Set([`no-show:${orderId},`]),
    );
    expect(ofCharges.reduce((sum, { netFen: fen }) => sum + BigInt(fen), 0n).toString()).toBe(netFen);
    for (const form of ['csv', 'page?lang=en'])
      expect(await textOf(platform, `/api/v1/statements/${corrected[0]?.id}/${form}`, party)).toContain(`no-show:${orderId}`);
  }

  // Another process after a restart finds nothing to do; what cannot be paid stays due.
  const database = openDatabase({ url: platform.postgres.url, log: silentLog(), name: 'check', connectionsMax: 2 });
  const transfers = async () => (await platform.db.query('select count(*) from transfer')).rows;
  const before = await transfers();
  const again = new ChargeSide({
    database,
    platformId: 'PF',
    reference: live.core.reference,
    writer: live.writer,
    booksOf: (id) => carrierBooksOf(live.core.network, id),
    scopeNowMs: scope.nowMs,
    wallNowMs: Date.now,
    log: silentLog(),
  });
  await again.look();
  expect(await transfers()).toEqual(before);

  const { findings } = await verifyDatabase(database);
  expect(findings).toEqual([]);
  const span = { from: new Date(begunMs - DAY_MS).toISOString(), until: new Date(scope.nowMs() + DAY_MS).toISOString() };
  for (const party of ['PF', 'SO1', 'SO2', 'BO1', 'C1', 'C2', 'C3', 'C4']) {
    expect([party, (await checked(database, folder.path, party, span)).differences]).toEqual([party, []]);
  }
  // A figure that was changed is found by its party, and by who looks at the books.
  const path = join(folder.path, 'C2.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/"days" ?: ?(\d+)/g, '"days":$10'));
  expect((await recomputed(path)).differences).toContainEqual(expect.objectContaining({ where: `charge ${rents[0]?.id}: lines` }));
  await database.pool.query(`alter table charge_line disable trigger user; alter table charge_entry disable trigger user; alter table charge disable trigger user;
    update charge_line set amount_fen = amount_fen + 1; update charge_entry set net_fen = net_fen + 1;
    update charge set basis = jsonb_set(basis::jsonb, '{days}', '32')::json where kind = 'MONTHLY_RENT';
    update swap_order set state = 'CLEARED' where order_id = '${orderId}'`);
  const found = (await verifyDatabase(database)).findings.map(({ check }) => check);
  for (const check of ['charge-balances', 'charge-shares-are-booked', 'penalty-has-its-cause', 'rent-once-a-month'])
    expect(found).toContain(check);
  await database.close();
});
