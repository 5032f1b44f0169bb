import type { Bill, OrderSummary } from '@corridor/protocols/http/scene';
import { faultsInBooks } from '@corridor/testkit/books';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { expect, it } from 'vitest';

const NETWORK = readNetworkFile(DEFAULT_NETWORK_FILE);
const packAt = (id: string) => NETWORK.packs.find(({ initial }) => initial.id === id)?.id ?? '';

/** Both packs of a truck change hands at HH1, and nobody had asked for a swap. */
function swapUnasked(gateway: ScriptedGateway, requestId: number, truckId: string, evse: { in: number; out: number }): void {
  const { plate = '', rfid = '', vin = '' } = NETWORK.trucks.find(({ id }) => id === truckId) ?? {};
  const swap = {
    requestId,
    bayId: 'HH1-B1',
    truck: { id: truckId, plate, rfid, vin },
    idToken: NETWORK.drivers.find(({ truckIds }) => truckIds.includes(truckId))?.idToken ?? { idToken: 'NOBODY', type: 'Central' },
    returned: { evseId: evse.in, serialNumber: packAt(truckId), soC: 20, soH: 90 },
  };
  gateway.swapEvent(swap, 'battery_in', { batteryData: [swap.returned] });
  gateway.swapEvent(swap, 'battery_out', {
    batteryData: [{ evseId: evse.out, serialNumber: packAt(`HH1-${evse.out}`), soC: 90, soH: 90 }],
  });
  gateway.swapEvent(swap, 'completed');
}

const orderOf = async (platform: TestTwin, requestId: number): Promise<OrderSummary> => {
  const { items } = (await platform.get('/api/v1/orders?limit=100')).body as { items: OrderSummary[] };
  const found = items.find((order) => order.requestId === requestId);
  if (!found) throw new Error(`no order of request ${requestId}`);
  return found;
};

it('repairs by what the station told or a person measured, writes off, and keeps who did it', async () => {
  await using platform = await startTestTwin();
  const nc = await platform.nats.connect(await platform.nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  for (const [requestId, truckId, out] of [
    [5, 'T003', 1],
    [7, 'T004', 2],
    [9, 'T005', 3],
  ] as const) {
    swapUnasked(gateway, requestId, truckId, { in: 5 + out, out });
  }
  await gateway.settled();
  const [told, byHand, lost] = [await orderOf(platform, 5), await orderOf(platform, 7), await orderOf(platform, 9)];
  expect(told).toMatchObject({ state: 'ABNORMAL', reason: 'NOT_AUTHORIZED', payableFen: null });
  const act = async (order: OrderSummary, what: string, body: object) => platform.post(`/api/v1/orders/${order.id}/${what}`, body);

  expect(await act(told, 'repair', { note: 'as the station told' })).toMatchObject({ status: 200, body: { state: 'REPAIRED' } });
  const measured = { in: { packId: packAt('T004'), socPercent: 30 }, out: { packId: packAt('HH1-2'), socPercent: 80 } };
  expect(await act(byHand, 'repair', { note: 'x', measured: { out: 'NONE' } })).toMatchObject({
    status: 422,
    body: { code: 'PACK_WAS_ISSUED' },
  });
  const elsewhere = { in: { packId: packAt('T009'), socPercent: 30 } };
  expect(await act(byHand, 'repair', { note: 'x', measured: elsewhere })).toMatchObject({
    status: 422,
    body: { code: 'PACK_CUSTODY_MISMATCH', detail: `Pack ${packAt('T009')} is at TRUCK T009, not in a slot of HH1.` },
  });
  expect(await act(byHand, 'repair', { note: 'read at the pack', measured })).toMatchObject({ status: 200, body: { state: 'REPAIRED' } });
  expect(await act(lost, 'write-off', { note: 'agreed with the carrier' })).toMatchObject({ status: 200, body: { state: 'WRITTEN_OFF' } });
  expect(await act(lost, 'repair', { note: 'too late' })).toMatchObject({ status: expect.any(Number), body: { code: expect.any(String) } });

  const bill = async (order: OrderSummary) => (await platform.get(`/api/v1/orders/${order.id}/bill`)).body as Bill;
  for (const order of [told, byHand]) {
    const { lines, payableFen } = await bill(order);
    expect(lines.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n)).toBe(BigInt(payableFen));
  }
  expect(BigInt((await bill(told)).payableFen)).toBeGreaterThan(BigInt((await bill(byHand)).payableFen));
  expect((await platform.get(`/api/v1/orders/${lost.id}/bill`)).status).toBe(404);
  expect(await faultsInBooks(platform.db, [])).toEqual([]);

  const why = (await platform.get(`/api/v1/orders/${byHand.id}/abnormal`)).body;
  expect(why).toMatchObject({
    reason: 'NOT_AUTHORIZED',
    cause: expect.stringContaining('authorised'),
    causeZh: expect.stringContaining('授权'),
    acts: [{ action: 'order.repair' }, { action: 'order.repair' }, { action: 'order.repair' }],
  });
  expect(why).toHaveProperty('transfers.0.kind', 'HOLD');
  gateway.stop();
  await nc.close();
});
