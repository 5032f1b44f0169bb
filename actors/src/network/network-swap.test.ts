import { assert } from '@corridor/protocols/assert';
import { SWAP_STEPS } from '@corridor/protocols/swap-step';
import { expect, it } from 'vitest';
import { NOON_MS, startCorridor, type TestCorridor } from './corridor.fixture.ts';
import type { OrderRow } from './effect.ts';
import { ScriptedGateway, type ScriptedSwap } from './scripted-gateway.fixture.ts';

function swapOf(corridor: TestCorridor, truckIndex: number, requestId: number, initiation: 'LOCAL' | 'REMOTE' = 'LOCAL'): ScriptedSwap {
  const truck = corridor.truck(truckIndex);
  const pack = corridor.file.packs.find(({ initial }) => initial.id === truck.id);
  assert(pack !== undefined, `no pack on ${truck.id}`);
  const { idToken } = corridor.driverOf(truck.id);
  return { requestId, truck, idToken, initiation, returned: { packId: pack.id, socPercent: 40, sohPercent: 95 } };
}

function lastOrder(corridor: TestCorridor): OrderRow {
  const row = corridor.effects.findLast((effect) => effect.type === 'order.changed');
  assert(row?.type === 'order.changed', 'no order');
  return row.order;
}

function gatewayOf({ network }: TestCorridor): ScriptedGateway {
  return new ScriptedGateway({ step: (input) => network.step(input), now: () => network.nowMs }, 'HH1', NOON_MS);
}

/** All steps, giving what the platform reserved. */
function playSwap(corridor: TestCorridor, gateway: ScriptedGateway, swap: ScriptedSwap) {
  gateway.swapEvent(swap, 'arrived');
  gateway.swapEvent(swap, 'identified');
  corridor.drain();
  const start = corridor.effects.findLast((effect) => effect.type === 'command.issued' && effect.verb === 'swap.start');
  assert(start?.type === 'command.issued' && start.verb === 'swap.start', 'no swap.start');
  const { issuePackId, issueEvseId } = start.args;
  const empty = 8;
  for (const { event } of SWAP_STEPS.slice(2)) {
    const { packId: serialNumber, socPercent: soC, sohPercent: soH } = swap.returned;
    if (event === 'battery_in') gateway.swapEvent(swap, event, { batteryData: [{ evseId: empty, serialNumber, soC, soH }] });
    else if (event === 'battery_out')
      gateway.swapEvent(swap, event, { batteryData: [{ evseId: issueEvseId, serialNumber: issuePackId, soC: 95, soH: 95 }] });
    else gateway.swapEvent(swap, event);
  }
  gateway.swapEvent(swap, 'completed');
  corridor.drain();
  return { issuePackId, issueEvseId };
}

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
