import { assert } from '@corridor/protocols/assert';
import type { CommandArgs } from '@corridor/protocols/cmd/command';
import { SWAP_STEPS, type SwapStepEvent } from '@corridor/protocols/swap-step';
import { NOON_MS, type TestCorridor } from './corridor.fixture.ts';
import type { OrderRow } from './effect.ts';
import { ScriptedGateway, type ScriptedSwap } from './scripted-gateway.fixture.ts';

export function swapOf(
  corridor: TestCorridor,
  truckIndex: number,
  requestId: number,
  initiation: 'LOCAL' | 'REMOTE' = 'LOCAL',
): ScriptedSwap {
  const truck = corridor.truck(truckIndex);
  const pack = corridor.file.packs.find(({ initial }) => initial.id === truck.id);
  assert(pack !== undefined, `no pack on ${truck.id}`);
  const { idToken } = corridor.driverOf(truck.id);
  return { requestId, truck, idToken, initiation, returned: { packId: pack.id, socPercent: 40, sohPercent: 95 } };
}

export function lastOrder(corridor: TestCorridor): OrderRow {
  const row = corridor.effects.findLast((effect) => effect.type === 'order.changed');
  assert(row?.type === 'order.changed', 'no order');
  return row.order;
}

export function gatewayOf({ network }: TestCorridor): ScriptedGateway {
  return new ScriptedGateway({ step: (input) => network.step(input), now: () => network.nowMs }, 'HH1', NOON_MS);
}

/** Docks, and takes what the platform reserved. */
export function beginSwap(corridor: TestCorridor, gateway: ScriptedGateway, swap: ScriptedSwap): StartArgs {
  gateway.swapEvent(swap, 'arrived');
  gateway.swapEvent(swap, 'identified');
  corridor.drain();
  const start = corridor.effects.findLast((effect) => effect.type === 'command.issued' && effect.verb === 'swap.start');
  assert(start?.type === 'command.issued' && start.verb === 'swap.start', 'no swap.start');
  return start.args;
}
export type StartArgs = CommandArgs<'swap.start'>;

/** One event with the packs that it names. */
export function playStep(
  gateway: ScriptedGateway,
  swap: ScriptedSwap,
  event: SwapStepEvent,
  packs: StartArgs & { emptyEvseId: number },
): void {
  const { packId: serialNumber, socPercent: soC, sohPercent: soH } = swap.returned;
  const { issueEvseId, issuePackId, emptyEvseId } = packs;
  if (event === 'battery_in') gateway.swapEvent(swap, event, { batteryData: [{ evseId: emptyEvseId, serialNumber, soC, soH }] });
  else if (event === 'battery_out')
    gateway.swapEvent(swap, event, { batteryData: [{ evseId: issueEvseId, serialNumber: issuePackId, soC: 95, soH: 95 }] });
  else gateway.swapEvent(swap, event);
}
export const STEPS_TO_DO = SWAP_STEPS.slice(2);

/** All steps, giving what the platform reserved. */
export function playSwap(corridor: TestCorridor, gateway: ScriptedGateway, swap: ScriptedSwap) {
  const start = beginSwap(corridor, gateway, swap);
  for (const { event } of STEPS_TO_DO) playStep(gateway, swap, event, { ...start, emptyEvseId: 8 });
  gateway.swapEvent(swap, 'completed');
  corridor.drain();
  return start;
}

/** Orders of a number of the station, each as it was written last. */
export function ordersOf(corridor: TestCorridor, requestId: number): OrderRow[] {
  const rows = corridor.effects.flatMap((effect) =>
    effect.type === 'order.changed' && effect.order.requestId === requestId ? [effect.order] : [],
  );
  return [...new Map(rows.map((row) => [row.orderId, row])).values()];
}
export const billedOrders = ({ effects }: TestCorridor) =>
  effects.flatMap((effect) => (effect.type === 'order.billed' ? [effect.orderId] : []));
export const alarms = ({ effects }: TestCorridor) => effects.flatMap((effect) => (effect.type === 'alarm.raised' ? [effect.code] : []));
