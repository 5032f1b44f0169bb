import type { Bill, OrderSummary, Scene, TruckView } from '@corridor/protocols/http/scene';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { ScriptedStation } from '@corridor/testkit/scripted-station';
import { startTestTwin } from '@corridor/testkit/test-twin';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { Compile } from 'typebox/schema';
import { expect, it } from 'vitest';

interface OpenApi {
  openapi: string;
  paths: Record<
    string,
    Record<string, { security?: unknown[]; responses?: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
}

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const HOUR_MS = 3_600_000;

/** What this world has none of: no period has ended, no rail is there, no order is abnormal, nothing was rated again, no meter was heard, the platform is no driver. */
const ABSENT = [
  '/api/v1/statements/{id}',
  '/api/v1/payments/{id}',
  '/api/v1/payments/rail',
  '/api/v1/payments/receivers',
  '/api/v1/payments/reconciliations',
  '/api/v1/orders/{id}/abnormal',
  '/api/v1/re-ratings/{id}',
  '/api/v1/meters/{id}/curves',
  '/api/v1/registrations/own',
];

function queryOf(path: string, span: string): string {
  if (path.endsWith('/recommendations')) return '?truckId=T001';
  if (path.endsWith('/equipment')) return '?kind=pack';
  return path.endsWith('/history') || path.endsWith('/curves') ? `?${span}` : '';
}

/** A driver who applies. */
const NEWCOMER = {
  kind: 'DRIVER',
  identity: { realName: '张三', idNumber: '11010519491231002X' },
  definition: {
    id: 'D900',
    name: 'sealed',
    carrierId: 'C1',
    idToken: { idToken: 'CARD-D900', type: 'Central' },
    truckIds: [],
    certifiedUntil: '2035-12-31',
  },
} as const;

it('serves what its OpenAPI document says, and only to those it says', async () => {
  await using platform = await startTestTwin();
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  const station = new ScriptedStation({ gateway, network: NETWORK, onTruck: ScriptedStation.packsOnTrucks(NETWORK) });
  await station.serve('T001');
  await gateway.settled();
  const [swap] = station.log;
  const orderId = swap?.outcome.started ? swap.outcome.orderId : '';

  const document = (await (await fetch(`${platform.twin.url}/openapi.json`)).json()) as OpenApi;
  expect(document.openapi).toBe('3.1.0');
  const ids: Record<string, string> = {
    stations: 'HH1',
    slots: 'HH1-1',
    packs: 'LFP350-0001',
    trucks: 'T001',
    drivers: 'D001',
    orders: orderId,
    accounts: 'C1_prepaid',
    actors: `order:${orderId}`,
    tariffs: 'HEBEI_SOUTH-2025-1115',
    'station-rates': 'SR-HH1-1',
    'battery-rates': 'BR-BO1-1',
    contracts: 'CT-C1',
    alliances: 'CORRIDOR',
    registrations: 'D900',
  };
  await platform.post('/api/v1/registrations', NEWCOMER, 'C1');
  const partners = [{ kind: 'SITE_OWNER', partnerId: 'BO1', basisPoints: 600 }];
  const settled = { id: 'SA-1', principalId: 'SO1', effectiveFrom: '2100-01-01', period: 'M1', partners };
  expect(await platform.post('/api/v1/settlement-agreements', settled, 'SO1')).toMatchObject({ status: 201 });
  const span = `from=${new Date(Date.now() - HOUR_MS).toISOString()}&until=${new Date(Date.now() + HOUR_MS).toISOString()}`;
  const { body: commands } = await platform.get('/api/v1/commands');
  const [command] = (commands as { items: { id: string }[] }).items;
  ids['commands'] = command?.id ?? '';
  const { body: dispute } = await platform.post(`/api/v1/orders/${orderId}/dispute`, { reason: 'it was less' }, 'C1');
  ids['disputes'] = (dispute as { id: string }).id;
  ids['charges'] = `no-show:${orderId}`;
  await platform.db.query({
    text: `insert into charge (platform_id, charge_id, kind, carrier_id, truck_id, station_id, order_id, contract_id, basis, payable_fen, booked_at)
           values ('PF', $1, 'NO_SHOW', 'C1', 'T001', 'HH1', $2, 'CT-C1', '{"ratedAtMs": 0, "stayedMs": null}', 5000, now())`,
    values: [ids['charges'], orderId],
  });
  await platform.db.query({
    text: `insert into charge_line (platform_id, charge_id, line_no, component, description, amount_fen, tax_rate_basis_points, beneficiary_id, derivation)
           values ('PF', $1, 1, 'PENALTY', 'Penalty, NO_SHOW', 5000, 600, 'SO1', 'it did not come')`,
    values: [ids['charges']],
  });

  let checked = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    const operation = methods['get'];
    if (!operation || path === '/ws' || ABSENT.some((absent) => path.startsWith(absent))) continue;
    const kind = path.split('/')[3] ?? '';
    const url = `${path
      .replace('{id}', ids[kind] ?? '')
      .replace('{machine}', 'order')
      .replace('{kind}', 'DRIVER')}${queryOf(path, span)}`;
    const answer = await fetch(`${platform.twin.url}${url}`, { headers: { authorization: `Bearer ${await platform.token('PF')}` } });
    expect({ url, status: answer.status }).toEqual({ url, status: 200 });
    const schema = operation.responses?.['200']?.content?.['application/json']?.schema;
    if (schema) {
      const body: unknown = await answer.json();
      expect({ url, errors: Compile(schema).Errors(body)[1] }).toEqual({ url, errors: [] });
      checked += 1;
    }
    const anonymous = await fetch(`${platform.twin.url}${url}`);
    const isPublic = operation.security?.length === 0;
    expect({ url, status: anonymous.status }).toEqual({ url, status: isPublic ? 200 : 401 });
    if (!isPublic) expect(anonymous.headers.get('content-type')).toContain('application/problem+json');
    for (const header of ['x-content-type-options', 'content-security-policy'])
      expect(anonymous.headers.has(header), `${url} ${header}`).toBe(true);
  }
  expect(checked).toBeGreaterThan(25);
  gateway.stop();
  await nc.close();
});

it('shows each party what is its own', async () => {
  await using platform = await startTestTwin();
  const sceneAs = async (principalId: string) => (await platform.get('/api/v1/scene', principalId)).body as Scene;
  const all = await sceneAs('PF');
  const carrier = await sceneAs('C1');
  const operator = await sceneAs('SO1');
  const owner = await sceneAs('BO1');
  const carriersOf = (trucks: readonly TruckView[]) => new Set(trucks.map(({ carrierId }) => carrierId));
  expect(all.trucks).toHaveLength(60);
  expect(carriersOf(carrier.trucks)).toEqual(new Set(['C1']));
  expect(carrier.slots).toEqual([]);
  expect(new Set(operator.slots.map(({ stationId }) => stationId))).toEqual(
    new Set(NETWORK.stations.filter(({ operatorId }) => operatorId === 'SO1').map(({ id }) => id)),
  );
  expect(new Set(owner.packs.map(({ ownerId }) => ownerId))).toEqual(new Set(['BO1']));
  expect(owner.trucks.every(({ plate, carrierId }) => plate === null && carrierId === null)).toBe(true);
  for (const who of ['C1', 'SO1', 'BO1', 'guest']) expect((await platform.get('/api/v1/accounts/C2_prepaid', who)).status).toBe(404);
  expect((await platform.get('/api/v1/accounts/C1_prepaid', 'C1')).status).toBe(200);
  expect(
    (
      await platform.post(
        '/api/v1/commands',
        { source: 'station', id: 'HH1', verb: 'inventory.report', args: {}, note: 'as agreed' },
        'SO2',
      )
    ).status,
  ).toBe(403);
  expect((await platform.post('/api/v1/stations/HH1/credentials', {}, 'C1')).status).toBe(403);
  expect((await platform.post('/api/v1/payments/top-ups', { carrierId: 'C1', amountFen: '100', channel: 'sandbox' }, 'C2')).status).toBe(
    403,
  );
});

it("carries an order from the driver's page to its bill", async () => {
  await using platform = await startTestTwin();
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  const packAt = (id: string) => NETWORK.packs.find(({ initial }) => initial.id === id)?.id ?? '';
  const charge = { transactionId: 'tx', evseId: 1, packId: packAt('HH1-1'), pvRegisterWh: 0, sohPercent: 90 };
  gateway.event('charge', 'started', { ...charge, gridRegisterWh: 0, socPercent: 60, reason: null });
  gateway.event('charge', 'ended', { ...charge, gridRegisterWh: 120_000, socPercent: 95, reason: 'MAX_SOC' });
  await gateway.settled();

  const quoted = await platform.post('/api/v1/orders', { stationId: 'HH1', truckId: 'T001' }, 'C1');
  expect(quoted).toMatchObject({ status: 201, body: { state: 'QUOTED', initiation: 'REMOTE', heldFen: null } });
  const { id, quotedFen } = quoted.body as OrderSummary;
  expect((await platform.post(`/api/v1/orders/${id}/confirm`, {}, 'C2')).status).toBe(404);
  const held = await platform.post(`/api/v1/orders/${id}/confirm`, {}, 'C1');
  expect(held).toMatchObject({ status: 200, body: { state: 'HELD' } });
  expect(BigInt((held.body as OrderSummary).heldFen ?? 0)).toBeGreaterThanOrEqual(BigInt(quotedFen ?? 0));

  const start = await gateway.command(({ verb }) => verb === 'swap.start');
  expect(start.args).toMatchObject({ orderId: id, truckId: 'T001', initiation: 'REMOTE', issuePackId: packAt('HH1-1') });
  const requestId = Number(start.args['requestId']);
  expect(requestId % 2).toBe(0);
  const truck = NETWORK.trucks.find((one) => one.id === 'T001');
  const carried = NETWORK.packs.find(({ initial }) => initial.id === 'T001');
  const driver = NETWORK.drivers.find(({ truckIds }) => truckIds.includes('T001'));
  await gateway.swap({
    requestId,
    bayId: 'HH1-B1',
    truck: { id: 'T001', plate: truck?.plate ?? '', rfid: truck?.rfid ?? '', vin: truck?.vin ?? '' },
    idToken: driver?.idToken ?? { idToken: '', type: 'Central' },
    // As it was registered and quoted: nothing was reported since.
    returned: { evseId: 8, serialNumber: carried?.id ?? '', soC: carried?.initialSocPercent ?? 0, soH: carried?.initialSohPercent ?? 0 },
    issued: () => ({ soC: 95, soH: 90 }),
  });
  await gateway.settled();
  expect((await platform.get(`/api/v1/orders/${id}`, 'C1')).body).toMatchObject({ state: 'CLEARED', requestId });
  const bill = (await platform.get(`/api/v1/orders/${id}/bill`, 'C1')).body as Bill;
  expect(bill.lines.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n)).toBe(BigInt(bill.payableFen));

  // A second one is quoted, and taken back: nothing stays held.
  const other = (await platform.post('/api/v1/orders', { stationId: 'HH1', truckId: 'T001' }, 'C1')).body as OrderSummary & {
    code?: string;
  };
  if (other.code === undefined) {
    expect(await platform.post(`/api/v1/orders/${other.id}/cancel`, {}, 'C1')).toMatchObject({ status: 200, body: { state: 'CANCELLED' } });
  } else expect(other.code).toBe('NO_BATTERY_AVAILABLE');
  const { rows } = await platform.db.query<{ balance_fen: string }>("select balance_fen from account where kind = 'HELD'");
  expect(new Set(rows.map(({ balance_fen }) => balance_fen))).toEqual(new Set(['0']));
  gateway.stop();
  await nc.close();
});

it('takes commands of operators, in two stages', async () => {
  await using platform = await startTestTwin();
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  const sent = await platform.post('/api/v1/commands', {
    source: 'station',
    id: 'HH1',
    verb: 'slot.lock',
    args: { evseId: 3 },
    note: 'as agreed',
  });
  expect(sent).toMatchObject({ status: 202, body: { state: expect.stringMatching(/PENDING|ACCEPTED/) } });
  const { id } = sent.body as { id: string };
  const command = await gateway.command(({ commandId }) => commandId === id);
  expect(command).toMatchObject({ verb: 'slot.lock', args: { evseId: 3 } });
  gateway.result(id, 'ACCEPTED');
  await gateway.settled();
  expect((await platform.get(`/api/v1/commands/${id}`)).body).toMatchObject({ state: 'DONE' });
  expect(
    (
      await platform.post('/api/v1/commands', {
        source: 'station',
        id: 'HH1',
        verb: 'slot.lock',
        args: { evseId: 'three' },
        note: 'as agreed',
      })
    ).status,
  ).toBe(400);
  expect(
    (await platform.post('/api/v1/commands', { source: 'station', id: 'XX1', verb: 'slot.lock', args: { evseId: 3 }, note: 'as agreed' }))
      .status,
  ).toBe(404);
  gateway.stop();
  await nc.close();
});
