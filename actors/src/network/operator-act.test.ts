import { assert } from '@corridor/protocols/assert';
import { describe, expect, it } from 'vitest';
import type { PackContext } from '../pack/pack.rules.ts';
import { startCorridor, type TestCorridor } from './corridor.fixture.ts';
import type { Intent } from './input.ts';
import { beginSwap, gatewayOf, playStep, STEPS_TO_DO, swapOf } from './swap-play.fixture.ts';

/** Asks, one after the other in one batch, and gives the answers by their codes. */
function codesOf(corridor: TestCorridor, ...intents: readonly Intent[]): string[] {
  for (const [index, intent] of intents.entries()) {
    corridor.network.step({ kind: 'intent', atMs: corridor.network.nowMs, intentId: `A${index}`, by: 'test', intent });
  }
  return corridor.drain().effects.flatMap((effect) => (effect.type === 'intent.answered' ? [effect.code] : []));
}

const packIn = ({ file }: TestCorridor, placeId: string): string => {
  const pack = file.packs.find(({ initial }) => initial.id === placeId);
  assert(pack !== undefined, `no pack at ${placeId}`);
  return pack.id;
};
const placeOf = (corridor: TestCorridor, packId: string) => (corridor.context(`pack:${packId}`) as PackContext).place;
const toSlot = (packId: string, id: string): Intent => ({ type: 'pack.correctCustody', packId, kind: 'SLOT', id, note: 'counted' });

describe('a custody correction', () => {
  it('puts one of several packs into an empty slot, and the others stay where they are', () => {
    const corridor = startCorridor();
    const slots = [1, 2, 3, 4, 5, 6].map((evseId) => `HH1-${evseId}`);
    const packs = slots.map((slotId) => packIn(corridor, slotId));
    expect(codesOf(corridor, ...packs.map((packId) => toSlot(packId, 'HH1-8')))).toEqual(['DONE', ...Array(5).fill('PLACE_TAKEN')]);
    const places = packs.map((packId) => placeOf(corridor, packId).id);
    expect(places).toEqual(['HH1-8', ...slots.slice(1)]);
    expect(corridor.effects.filter(({ type }) => type === 'alarm.raised')).toEqual([]);
  });

  it('says that it is there already, and that a truck has another one', () => {
    const corridor = startCorridor();
    const [packId, truckId] = [packIn(corridor, 'HH1-1'), corridor.truck(0).id];
    const toTruck: Intent = { type: 'pack.correctCustody', packId, kind: 'TRUCK', id: truckId, note: 'seen' };
    expect(codesOf(corridor, toSlot(packId, 'HH1-8'), toSlot(packId, 'HH1-8'), toTruck)).toEqual(['DONE', 'ALREADY_THERE', 'PLACE_TAKEN']);
  });

  it('leaves the packs of a swap alone that began in the same batch, until it ends', () => {
    const corridor = startCorridor();
    const gateway = gatewayOf(corridor);
    gateway.online();
    const swap = swapOf(corridor, 0, 1);
    const start = beginSwap(corridor, gateway, swap);
    const issued = start.issuePackId;
    for (const { event } of STEPS_TO_DO) {
      playStep(gateway, swap, event, { ...start, emptyEvseId: 8 });
      if (event === 'authorized') expect(codesOf(corridor, toSlot(issued, 'HH1-8'))).toEqual(['PACK_IN_SWAP']);
      if (event === 'battery_in') expect(codesOf(corridor, toSlot(swap.returned.packId, 'HH1-7'))).toEqual(['PACK_IN_SWAP']);
    }
    gateway.swapEvent(swap, 'completed');
    const free = `HH1-${start.issueEvseId}`;
    expect(codesOf(corridor, toSlot(swap.returned.packId, free))).toEqual(['DONE']);
    expect(placeOf(corridor, swap.returned.packId)).toEqual({ kind: 'SLOT', id: free });
  });
});

it('a slot is set aside once and returned once', () => {
  const corridor = startCorridor();
  const act = (type: 'slot.setAside' | 'slot.return'): Intent => ({ type, stationId: 'HH1', evseId: 2, note: 'its latch' });
  const [aside, back] = [act('slot.setAside'), act('slot.return')];
  expect(codesOf(corridor, back, aside, aside, back, back)).toEqual(['SLOT_IN_USE', 'DONE', 'SLOT_WITHDRAWN', 'DONE', 'SLOT_IN_USE']);
});

it('a pack leaves quarantine once', () => {
  const corridor = startCorridor();
  const packId = packIn(corridor, 'HH1-3');
  const gateway = gatewayOf(corridor);
  gateway.online();
  const fault = { faultId: 'f1', code: 'SELF_CHECK_FAILED', level: 2, scope: 'pack', scopeId: packId, detail: 'no answer' };
  gateway.event('gateway', 'fault_raised', fault);
  const clear: Intent = { type: 'pack.clear', packId, note: 'checked' };
  expect(codesOf(corridor, clear, clear)).toEqual(['DONE', 'PACK_NOT_QUARANTINED']);
});

it('a pack that another one displaced comes back by the inventory that shows it', () => {
  const corridor = startCorridor();
  const [held, stranded] = [packIn(corridor, 'HH1-1'), packIn(corridor, 'HH1-2')];
  const gateway = gatewayOf(corridor);
  gateway.online();
  const inventory = (evseId: number, packId: string) =>
    gateway.event('gateway', 'inventory', { slots: [{ evseId, slotState: 'HOLDS_PACK', packId, socPercent: 90, sohPercent: 95 }] });
  inventory(2, held);
  expect(placeOf(corridor, stranded)).toEqual({ kind: 'TRANSFER', id: 'HH1' });
  inventory(8, stranded);
  expect(placeOf(corridor, stranded)).toEqual({ kind: 'SLOT', id: 'HH1-8' });
});

it('what the platform stopped only the platform lets go on, and what an order blocked only the order', () => {
  const corridor = startCorridor();
  const { id: truckId, carrierId } = corridor.truck(0);
  const truck = (type: 'truck.block' | 'truck.unblock', partyId = carrierId): Intent => ({ type, truckId, partyId, note: 'papers' });
  const [block, unblock] = [truck('truck.block'), truck('truck.unblock')];
  expect(codesOf(corridor, unblock, block, block, unblock, unblock)).toEqual([
    'TRUCK_NOT_BLOCKED',
    'DONE',
    'TRUCK_BLOCKED',
    'DONE',
    'TRUCK_NOT_BLOCKED',
  ]);
  // A carrier's own stop the platform may end, the platform's not the carrier.
  expect(codesOf(corridor, block, truck('truck.unblock', 'PF'), truck('truck.block', 'PF'), unblock)).toEqual([
    'DONE',
    'DONE',
    'DONE',
    'STOPPED_BY_PLATFORM',
  ]);
  expect(corridor.network.view(`truck:${truckId}`)?.value).toBe('blocked');
  expect(codesOf(corridor, truck('truck.unblock', 'PF'))).toEqual(['DONE']);

  const station = (type: 'station.open' | 'station.close', partyId = 'SO1'): Intent => ({ type, stationId: 'HH1', partyId, note: 'storm' });
  const [close, open] = [station('station.close'), station('station.open')];
  expect(codesOf(corridor, open, close, close, open, station('station.close', 'PF'), open)).toEqual([
    'STATION_NOT_CLOSED',
    'DONE',
    'STATION_CLOSED',
    'DONE',
    'DONE',
    'STOPPED_BY_PLATFORM',
  ]);
  expect(corridor.network.view('station:HH1')?.value).toBe('closed');
  expect(codesOf(corridor, station('station.open', 'PF'))).toEqual(['DONE']);
});

it('a swap is aborted until the pack of its truck is being unlocked', () => {
  const corridor = startCorridor();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const swap = swapOf(corridor, 0, 1);
  const start = beginSwap(corridor, gateway, swap);
  const abort: Intent = { type: 'swap.abort', stationId: 'HH1', requestId: swap.requestId, note: 'a person in the lane' };
  const codes: Record<string, string[]> = {};
  for (const { event } of STEPS_TO_DO) {
    playStep(gateway, swap, event, { ...start, emptyEvseId: 8 });
    if (['authorized', 'made_safe', 'unlocked', 'locked'].includes(event)) codes[event] = codesOf(corridor, abort);
  }
  expect(codes).toEqual({ authorized: ['DONE'], made_safe: ['SWAP_TOO_FAR'], unlocked: ['SWAP_TOO_FAR'], locked: ['SWAP_TOO_FAR'] });
  gateway.swapEvent(swap, 'completed');
  expect(codesOf(corridor, abort)).toEqual(['SWAP_OVER']);
  const commands = corridor.effects.filter((effect) => effect.type === 'command.issued' && effect.verb === 'swap.abort');
  expect(commands).toHaveLength(1);
});
