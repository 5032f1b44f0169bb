import type { Bill, OrderSummary, PastScene } from '@corridor/protocols/http/scene';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { ScriptedStation } from '@corridor/testkit/scripted-station';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { expect, it } from 'vitest';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
interface Movement {
  amountFen: string;
}
interface PageOf<T> {
  items: T[];
}

/** Two swaps of different carriers, billed and cleared. */
async function twoSwaps(platform: TestTwin): Promise<void> {
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  const station = new ScriptedStation({ gateway, network: NETWORK, onTruck: ScriptedStation.packsOnTrucks(NETWORK) });
  const second = NETWORK.trucks.find(({ carrierId }) => carrierId === 'C2');
  for (const truckId of ['T001', second?.id ?? '']) await station.serve(truckId);
  await gateway.settled();
  gateway.stop();
  await nc.close();
}

async function read<T>(platform: TestTwin, path: string, as: string): Promise<T> {
  const { status, body } = await platform.get(path, as);
  expect(status, `${path} as ${as}`).toBe(200);
  return body;
}

/** Every instant at which money moved or an order changed, and the millisecond before each. */
async function instants({ db }: TestTwin): Promise<string[]> {
  const { rows } = await db.query<{ at: Date }>(
    `select distinct at from (select at from transfer where order_id is not null union select updated_at from order_change) moved order by at`,
  );
  return rows.flatMap(({ at }) => [new Date(at.getTime() - 1).toISOString(), at.toISOString()]);
}

/** What the journal says of an instant, added up by itself. */
async function sumsOf({ db }: TestTwin, at: string): Promise<{ accounts: Map<string, bigint>; holds: Map<string, bigint> }> {
  const { rows } = await db.query<{ account: string; order_id: string | null; kind: string; fen: string }>(
    `select a.account_id as account, t.order_id, a.kind, sum(case when t.credit_account_id = a.account_id then t.amount_fen else -t.amount_fen end) as fen
       from account a join transfer t on a.account_id in (t.credit_account_id, t.debit_account_id) where t.at <= $1 group by 1, 2, 3`,
    [at],
  );
  const accounts = new Map<string, bigint>();
  const holds = new Map<string, bigint>();
  for (const { account, order_id: orderId, kind, fen } of rows) {
    accounts.set(account, (accounts.get(account) ?? 0n) + BigInt(fen));
    if (kind === 'HELD' && orderId !== null && BigInt(fen) !== 0n) holds.set(orderId, BigInt(fen));
  }
  return { accounts, holds };
}

it('tells balances, holds, journal, orders and bills of an instant as what had been written until it', async () => {
  await using platform = await startTestTwin();
  await twoSwaps(platform);
  const moments = await instants(platform);
  expect(moments.length).toBeGreaterThan(10);
  let held = 0;
  for (const at of moments) {
    const query = `at=${encodeURIComponent(at)}`;
    const sums = await sumsOf(platform, at);
    const { books } = await read<PastScene>(platform, `/api/v1/scene?${query}`, 'PF');
    for (const { id, balanceFen } of books.accounts) expect(BigInt(balanceFen), `${id} at ${at}`).toBe(sums.accounts.get(id) ?? 0n);
    expect(new Map(books.holds.map(({ orderId, heldFen }) => [orderId, BigInt(heldFen)])), at).toEqual(sums.holds);
    held += books.holds.length;

    const { balanceFen } = await read<{ balanceFen: string }>(platform, `/api/v1/accounts/C1_prepaid/balance?${query}`, 'C1');
    const journal = await read<PageOf<Movement>>(platform, `/api/v1/accounts/C1_prepaid/movements?${query}&limit=200`, 'C1');
    expect(journal.items.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n)).toBe(BigInt(balanceFen));

    const { rows } = await platform.db.query<{ order_id: string; state: string; payable_fen: bigint | null }>(
      `select distinct on (order_id) order_id, state, payable_fen from order_change where updated_at <= $1 order by order_id, change_no desc`,
      [at],
    );
    const { items } = await read<PageOf<OrderSummary>>(platform, `/api/v1/orders?${query}`, 'PF');
    expect(new Map(items.map(({ id, state, payableFen }) => [id, [state, payableFen]]))).toEqual(
      new Map(rows.map(({ order_id, state, payable_fen }) => [order_id, [state, payable_fen?.toString() ?? null]])),
    );
    for (const { order_id: id, state } of rows) {
      const narrowed = await read<PageOf<OrderSummary>>(platform, `/api/v1/orders?${query}&state=${state}`, 'PF');
      expect(narrowed.items.map(({ id: one }) => one)).toContain(id);
      const { status, body } = await platform.get(`/api/v1/orders/${id}/bill?${query}`);
      expect(status, `bill of ${id}, ${state} at ${at}`).toBe(state === 'BILLED' || state === 'CLEARED' ? 200 : 404);
      if (status === 200) expect((body as Bill).payableFen).toBe(items.find((order) => order.id === id)?.payableFen);
    }
  }
  expect(held, 'holds that were open at some instant').toBeGreaterThan(0);
});

it('tells nobody more of the past than of now, and refuses what cannot be looked at', async () => {
  await using platform = await startTestTwin();
  await twoSwaps(platform);
  const moments = await instants(platform);
  const last = encodeURIComponent((await read<{ scopeAt: string }>(platform, '/api/v1/scene', 'PF')).scopeAt);
  for (const caller of ['PF', 'SO1', 'SO2', 'BO1', 'C1', 'C2', 'guest']) {
    const now = await read<PageOf<OrderSummary>>(platform, '/api/v1/orders', caller);
    const then = await read<PageOf<OrderSummary>>(platform, `/api/v1/orders?at=${last}`, caller);
    expect(then.items, caller).toEqual(now.items);
    // What is hidden of an order now was hidden at every instant.
    for (const at of moments) {
      const { items } = await read<PageOf<OrderSummary>>(platform, `/api/v1/orders?at=${encodeURIComponent(at)}`, caller);
      for (const order of items) {
        const shown = now.items.find(({ id }) => id === order.id);
        expect(shown, `${order.id} is not ${caller}'s`).toBeDefined();
        for (const field of ['carrierId', 'quotedFen', 'heldFen', 'payableFen'] as const)
          if (shown?.[field] === null) expect(order[field], `${field} of ${order.id} to ${caller}`).toBeNull();
      }
    }
  }
  const [order] = (await read<PageOf<OrderSummary>>(platform, '/api/v1/orders', 'C1')).items;
  for (const path of [`/orders/${order?.id}`, `/orders/${order?.id}/bill`]) {
    expect((await platform.get(`/api/v1${path}?at=${last}`, 'C2')).status, path).toBe(404);
    expect((await platform.get(`/api/v1${path}?at=${encodeURIComponent(moments[0] ?? '')}`, 'C1')).status, path).toBe(404);
  }
  const ahead = { status: 422, body: { code: 'INSTANT_AHEAD' } };
  const before = { status: 422, body: { code: 'BEFORE_HISTORY' } };
  for (const path of ['/orders', `/orders/${order?.id}`, `/orders/${order?.id}/bill`]) {
    expect(await platform.get(`/api/v1${path}?at=2100-01-01T00:00:00Z`, 'C1'), path).toMatchObject(ahead);
    expect(await platform.get(`/api/v1${path}?at=2000-01-01T00:00:00Z`, 'C1'), path).toMatchObject(before);
    expect((await platform.get(`/api/v1${path}?at=yesterday`, 'C1')).status, path).toBe(400);
  }
  expect(await platform.get('/api/v1/accounts/C1_prepaid/movements?at=2100-01-01T00:00:00Z', 'C1')).toMatchObject(ahead);
});
