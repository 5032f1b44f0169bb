import { assert } from '@corridor/protocols/assert';
import { expect, it } from 'vitest';
import { smallFile, startCorridor, type TestCorridor } from './corridor.fixture.ts';
import {
  alarms,
  beginSwap,
  billedOrders,
  gatewayOf,
  lastOrder,
  ordersOf,
  playStep,
  playSwap,
  STEPS_TO_DO,
  swapOf,
} from './swap-play.fixture.ts';

it('carries a swap begun at the station to its cleared bill', () => {
  const corridor = startCorridor();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const swap = swapOf(corridor, 0, 1);
  const { issuePackId, issueEvseId } = playSwap(corridor, gateway, swap);
  expect(lastOrder(corridor)).toMatchObject({
    state: 'CLEARED',
    reason: null,
    truckId: swap.truck.id,
    issuePackId,
    returnPackId: swap.returned.packId,
  });
  const context = (ref: `${'pack' | 'slot' | 'truck' | 'bay'}:${string}`) => corridor.network.view(ref)?.context;
  expect(context(`pack:${issuePackId}`)).toMatchObject({ place: { kind: 'TRUCK', id: swap.truck.id } });
  expect(context(`pack:${swap.returned.packId}`)).toMatchObject({ place: { kind: 'SLOT', id: 'HH1-8' } });
  expect(context(`truck:${swap.truck.id}`)).toMatchObject({ packId: issuePackId, orderId: null });
  expect(context(`slot:HH1-${issueEvseId}`)).toMatchObject({ packId: null, reservedFor: null });
  expect(corridor.network.view('bay:HH1-B1')?.value).toBe('free');
  expect(corridor.network.view('swap:HH1-1')?.value).toBe('COMPLETED');
});

/** The small corridor, its station HH1 with two bays and two empty slots. */
function twoBays(): TestCorridor {
  const file = smallFile();
  const stations = file.stations.map((station) => (station.id === 'HH1' ? { ...station, bays: 2 } : station));
  return startCorridor({ file: { ...file, stations, packs: file.packs.filter(({ initial }) => initial.id !== 'HH1-7') } });
}

it('carries two swaps of one station, step by step at the same time, to two bills', () => {
  const corridor = twoBays();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const swaps = [swapOf(corridor, 0, 1), { ...swapOf(corridor, 1, 3), bayId: 'HH1-B2' }];
  const plans = swaps.map((swap, index) => ({ swap, packs: { ...beginSwap(corridor, gateway, swap), emptyEvseId: 8 - index } }));
  expect(new Set(plans.map(({ packs }) => packs.issuePackId)).size).toBe(2);
  for (const { event } of STEPS_TO_DO) for (const { swap, packs } of plans) playStep(gateway, swap, event, packs);
  expect(['HH1-B1', 'HH1-B2'].map((bayId) => corridor.network.view(`bay:${bayId}`)?.value)).toEqual(['swapping', 'swapping']);
  for (const { swap } of plans) gateway.swapEvent(swap, 'completed');
  corridor.drain();
  const rows = corridor.effects.flatMap((effect) =>
    effect.type === 'order.changed' && effect.order.state === 'CLEARED' ? [effect.order] : [],
  );
  expect(rows.map(({ requestId, bayId, truckId }) => [requestId, bayId, truckId])).toEqual(
    swaps.map(({ requestId, truck }, index) => [requestId, `HH1-B${index + 1}`, truck.id]),
  );
  for (const { swap, packs } of plans) {
    expect(corridor.context(`pack:${packs.issuePackId}`)).toMatchObject({ place: { kind: 'TRUCK', id: swap.truck.id } });
    expect(corridor.context(`pack:${swap.returned.packId}`)).toMatchObject({ place: { kind: 'SLOT', id: `HH1-${packs.emptyEvseId}` } });
  }
  expect(['HH1-B1', 'HH1-B2'].map((bayId) => corridor.network.view(`bay:${bayId}`)?.value)).toEqual(['free', 'free']);
});

it('ends what was in a bay when another truck arrives there, and the next swap is billed', () => {
  const corridor = startCorridor();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const left = swapOf(corridor, 0, 1);
  beginSwap(corridor, gateway, left);
  // Its end was refused: the station goes on with the next truck.
  const { issuePackId } = playSwap(corridor, gateway, swapOf(corridor, 1, 3));
  expect(corridor.network.view('swap:HH1-1')?.value).toBe('ABORTED_SAFE');
  expect(corridor.network.view(`truck:${left.truck.id}`)?.value).toBe('driving');
  const rows = corridor.effects.flatMap((effect) => (effect.type === 'order.changed' ? [effect.order] : []));
  expect(rows.findLast(({ requestId }) => requestId === 1)).toMatchObject({ state: 'CANCELLED', reason: 'TRUCK_LEFT' });
  expect(rows.findLast(({ requestId }) => requestId === 3)).toMatchObject({ state: 'CLEARED', issuePackId });
  expect(corridor.context('station:HH1')).toMatchObject({ reservations: [] });
});

it('lets nobody swap for nothing under the number of a swap that is cleared', () => {
  const corridor = startCorridor();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const first = swapOf(corridor, 0, 1);
  const start = playSwap(corridor, gateway, first);
  const other = swapOf(corridor, 1, 1);
  const spare = corridor.file.packs.find(({ id, initial }) => initial.id.startsWith('HH1-') && id !== start.issuePackId);
  assert(spare !== undefined, 'no other pack at HH1');
  const packs = { ...start, issuePackId: spare.id, issueEvseId: Number(spare.initial.id.slice(4)), emptyEvseId: start.issueEvseId };
  for (const event of ['battery_in', 'battery_out'] as const) playStep(gateway, other, event, packs);
  gateway.swapEvent(other, 'completed');
  corridor.drain();
  const [cleared, stray, ...more] = ordersOf(corridor, 1);
  expect(cleared).toMatchObject({ state: 'CLEARED', truckId: first.truck.id });
  expect(stray).toMatchObject({ state: 'ABNORMAL', reason: 'NOT_AUTHORIZED', truckId: other.truck.id, issuePackId: spare.id });
  expect(more).toEqual([]);
  expect(alarms(corridor)).toContain('NOT_AUTHORIZED');
  expect(billedOrders(corridor)).toEqual([cleared?.orderId]);
  expect(corridor.context(`pack:${spare.id}`)).toMatchObject({ place: { kind: 'TRUCK', id: other.truck.id } });
  expect(corridor.context(`pack:${other.returned.packId}`)).toMatchObject({ place: { kind: 'SLOT' } });
});

it('bills nobody when the station names another truck in the middle of a swap', () => {
  const corridor = startCorridor();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const swap = swapOf(corridor, 0, 1);
  const start = beginSwap(corridor, gateway, swap);
  const other = { ...swapOf(corridor, 1, 1), returned: swap.returned };
  for (const [index, { event }] of STEPS_TO_DO.entries()) playStep(gateway, index < 4 ? swap : other, event, { ...start, emptyEvseId: 8 });
  gateway.swapEvent(other, 'completed');
  corridor.drain();
  const [asked, stray] = ordersOf(corridor, 1);
  expect(asked).toMatchObject({ state: 'ABNORMAL', reason: 'TRUCK_CHANGED', truckId: swap.truck.id, payableFen: null });
  expect(asked?.releasedFen).toBe(asked?.heldFen);
  expect(stray).toMatchObject({ state: 'ABNORMAL', reason: 'NOT_AUTHORIZED', truckId: other.truck.id });
  expect(billedOrders(corridor)).toEqual([]);
  expect(corridor.context(`pack:${start.issuePackId}`)).toMatchObject({ place: { kind: 'TRUCK', id: other.truck.id } });
  expect(corridor.network.view('bay:HH1-B1')?.value).toBe('free');
});

it('neither bills nor credits a pack that is not the one that was checked, and believes where it is', () => {
  const corridor = startCorridor();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const swap = swapOf(corridor, 0, 1);
  const start = beginSwap(corridor, gateway, swap);
  const other = swapOf(corridor, 1, 1).returned;
  for (const { event } of STEPS_TO_DO) playStep(gateway, { ...swap, returned: other }, event, { ...start, emptyEvseId: 8 });
  gateway.swapEvent(swap, 'completed');
  corridor.drain();
  expect(lastOrder(corridor)).toMatchObject({ state: 'ABNORMAL', reason: 'PACK_CUSTODY_MISMATCH', payableFen: null });
  expect(billedOrders(corridor)).toEqual([]);
  expect(corridor.context(`pack:${other.packId}`)).toMatchObject({ place: { kind: 'SLOT', id: 'HH1-8' } });
});

it('moves no money on an SOC that cannot be', () => {
  const corridor = startCorridor();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const swap = swapOf(corridor, 0, 1);
  const start = beginSwap(corridor, gateway, swap);
  const full = { ...swap, returned: { ...swap.returned, socPercent: 100 } };
  for (const { event } of STEPS_TO_DO) playStep(gateway, full, event, { ...start, emptyEvseId: 8 });
  gateway.swapEvent(swap, 'completed');
  corridor.drain();
  expect(lastOrder(corridor)).toMatchObject({ state: 'ABNORMAL', reason: 'SOC_JUMP', payableFen: null });
  expect(billedOrders(corridor)).toEqual([]);
});
