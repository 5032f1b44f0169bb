import { readFileSync } from 'node:fs';
import type { Bill, OrderSummary, PackView, WsMessage } from '@corridor/protocols/http/scene';
import { ScriptedGateway, type SwapScript } from '@corridor/testkit/scripted-gateway';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { expect, it } from 'vitest';

/** One station of the seeded network, a truck, its driver, and a pack in the rack. */
const NETWORK = JSON.parse(readFileSync(new URL('../../data/corridor/network.json', import.meta.url), 'utf8')) as {
  packs: { id: string; initial: { kind: string; id: string } }[];
};
const TRUCK: SwapScript['truck'] = { id: 'T001', plate: '冀J10000D', rfid: 'E280000001170000', vin: 'LCT4X2BEV26000001' };
const ID_TOKEN = { idToken: 'CT-090000', type: 'Central' };
const packAt = (id: string): string => NETWORK.packs.find(({ initial }) => initial.id === id)?.id ?? '';

async function enrolled(platform: TestTwin, stationId: string) {
  const { status, body } = await platform.post(`/api/v1/stations/${stationId}/credentials`, {});
  expect(status).toBe(201);
  const { creds, inboxPrefix, natsUrl } = body as { creds: string; inboxPrefix: string; natsUrl: string };
  return connect({ servers: natsUrl, inboxPrefix, authenticator: credsAuthenticator(new TextEncoder().encode(creds)) });
}

/** Charges a pack in its slot until it may be given away. */
function charge(gateway: ScriptedGateway, evseId: number, packId: string, toPercent: number): void {
  const transaction = { transactionId: `tx-${evseId}`, evseId, packId, pvRegisterWh: 0, sohPercent: 90, reason: null };
  gateway.event('charge', 'started', { ...transaction, gridRegisterWh: 0, socPercent: 50 });
  gateway.event('charge', 'updated', { ...transaction, gridRegisterWh: 90_000, socPercent: 80 });
  gateway.event('charge', 'ended', { ...transaction, gridRegisterWh: 130_000, socPercent: toPercent, reason: 'MAX_SOC' });
}

async function balances(platform: TestTwin): Promise<Map<string, bigint>> {
  const { rows } = await platform.db.query<{ account_id: string; balance_fen: string }>('select account_id, balance_fen from account');
  return new Map(rows.map((row) => [row.account_id, BigInt(row.balance_fen)]));
}

it('a NATS client enrols as the gateway of a station and carries a swap to its bill', async () => {
  await using platform = await startTestTwin();
  const nc = await enrolled(platform, 'HH1');
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  charge(gateway, 1, packAt('HH1-1'), 95);
  await gateway.settled();
  const before = await balances(platform);

  const outcome = await gateway.swap({
    requestId: 1,
    bayId: 'HH1-B1',
    truck: TRUCK,
    idToken: ID_TOKEN,
    returned: { evseId: 8, serialNumber: packAt('T001'), soC: 22, soH: 95 },
    issued: () => ({ soC: 95, soH: 90 }),
  });
  expect(outcome).toMatchObject({ started: true, issuePackId: packAt('HH1-1') });
  await gateway.settled();
  const orderId = outcome.started ? outcome.orderId : '';

  const order = (await platform.get(`/api/v1/orders/${orderId}`)).body as OrderSummary;
  expect(order).toMatchObject({ state: 'CLEARED', reason: null, stationId: 'HH1', truckId: 'T001', carrierId: 'C1' });
  const bill = (await platform.get(`/api/v1/orders/${orderId}/bill`)).body as Bill;
  const payable = BigInt(bill.payableFen);
  expect(payable).toBeGreaterThan(0n);
  expect(bill.lines.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n)).toBe(payable);
  expect(bill.clearing.reduce((sum, { netFen }) => sum + BigInt(netFen), 0n)).toBe(payable);
  expect(bill.energyOutWh).toBe(299_250);
  expect(bill.energyInWh).toBe(73_150);

  // The books say the same as the bill, account by account, and sum to zero.
  const after = await balances(platform);
  const change = (account: string) => (after.get(account) ?? 0n) - (before.get(account) ?? 0n);
  expect(change('C1_prepaid')).toBe(-payable);
  expect(after.get('C1_held')).toBe(0n);
  expect(after.get('PF_clearing')).toBe(0n);
  const shares = new Map<string, bigint>();
  for (const { principalId, netFen } of bill.clearing) shares.set(principalId, (shares.get(principalId) ?? 0n) + BigInt(netFen));
  for (const [principalId, netFen] of shares) expect(change(`${principalId}_income`)).toBe(netFen);
  expect([...after.values()].reduce((sum, fen) => sum + fen, 0n)).toBe(0n);

  // The packs changed places, once each.
  const issued = (await platform.get(`/api/v1/packs/${packAt('HH1-1')}`)).body as PackView;
  const returned = (await platform.get(`/api/v1/packs/${packAt('T001')}`)).body as PackView;
  expect(issued.location).toEqual({ kind: 'TRUCK', id: 'T001' });
  expect(returned.location).toEqual({ kind: 'SLOT', id: 'HH1-8' });

  // Each party sees its part: the carrier the whole bill, an operator its own lines.
  const asCarrier = (await platform.get(`/api/v1/orders/${orderId}/bill`, 'C1')).body as Bill;
  expect(asCarrier.payableFen).toBe(bill.payableFen);
  expect((await platform.get(`/api/v1/orders/${orderId}`, 'C2')).status).toBe(404);
  const asOperator = (await platform.get(`/api/v1/orders/${orderId}/bill`, 'SO1')).body as Bill;
  expect(new Set(asOperator.lines.map(({ beneficiaryId }) => beneficiaryId))).toEqual(new Set(['SO1']));

  // Sent again, the whole of it changes nothing.
  const movements = async () => (await platform.db.query<{ count: string }>('select count(*) from transfer')).rows[0]?.count;
  const moved = await movements();
  await gateway.repeatAll();
  await gateway.settled();
  expect(await movements()).toBe(moved);

  gateway.stop();
  await nc.close();
});

it('shows a swap to whoever watches, from a ticket to the diffs', async () => {
  await using platform = await startTestTwin();
  const { ticket } = (await platform.post('/api/v1/tickets', {})).body as { ticket: string };
  const socket = new WebSocket(`${platform.twin.url.replace('http', 'ws')}/ws?ticket=${ticket}`);
  const messages: WsMessage[] = [];
  const { promise: swapSeen, resolve: sawSwap } = Promise.withResolvers<void>();
  const { promise: snapshotSeen, resolve: sawSnapshot } = Promise.withResolvers<void>();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as WsMessage;
    messages.push(message);
    if (message.type === 'snapshot') sawSnapshot();
    else if (message.type === 'diff' && message.upsert.orders?.some(({ state }) => state === 'CLEARED')) sawSwap();
  });
  await snapshotSeen;
  const [first] = messages;
  expect(first?.type === 'snapshot' && [first.scene.stations.length, first.scene.trucks.length, first.scene.packs.length]).toEqual([
    10, 60, 130,
  ]);

  const nc = await enrolled(platform, 'HH1');
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  charge(gateway, 1, packAt('HH1-1'), 95);
  await gateway.swap({
    requestId: 1,
    bayId: 'HH1-B1',
    truck: TRUCK,
    idToken: ID_TOKEN,
    returned: { evseId: 8, serialNumber: packAt('T001'), soC: 22, soH: 95 },
    issued: () => ({ soC: 95, soH: 90 }),
  });
  await swapSeen;
  const sequence = messages.map(({ seq }) => seq);
  expect(sequence).toEqual(sequence.map((_, index) => (sequence[0] ?? 0) + index));

  // A ticket is good for once.
  const again = new WebSocket(`${platform.twin.url.replace('http', 'ws')}/ws?ticket=${ticket}`);
  const closed = await new Promise<CloseEvent>((resolve) => again.addEventListener('close', resolve));
  expect(closed.code).toBe(4401);

  const gone = new Promise((resolve) => socket.addEventListener('close', resolve));
  socket.close();
  await gone;
  gateway.stop();
  await nc.close();
});
