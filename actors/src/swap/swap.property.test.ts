import { SWAP_STEPS, type SwapEventName } from '@corridor/protocols/swap-step';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { atMs } from '../network/example-surroundings.fixture.ts';
import { runMachine } from '../network/machine-run.fixture.ts';
import { swapReport } from '../network/mover-examples.fixture.ts';
import { swapMachineOf } from './swap.machine.ts';
import type { SwapContext } from './swap.rules.ts';

const names: SwapEventName[] = [
  ...SWAP_STEPS.map(({ event }) => event),
  'completed',
  'rejected',
  'suspended',
  'resumed',
  'battery_out_timeout',
  'aborted_safe',
  'aborted_no_pack',
  'failed',
];
const serials = ['LFP350-0001', 'LFP350-0002', 'LFP350-0003'];
const report = fc.record({
  event: fc.constantFrom(...names),
  serial: fc.constantFrom(...serials),
  initiation: fc.constantFrom('LOCAL', 'REMOTE', null),
});

it('W2 W3 W5 never steps back, tells each hand-over once and the end once, in whatever order events come', () => {
  fc.assert(
    fc.property(fc.array(report, { maxLength: 40 }), (reports) => {
      const input = { stationId: 'HH1', requestId: 7, bayId: 'HH1-B1', truckId: null, orderId: null, initiation: 'LOCAL' as const, atMs };
      const swap = runMachine(swapMachineOf, { input });
      const told: string[] = [];
      const orders = new Set<string>();
      let step = -1;
      for (const { event, serial, initiation } of reports) {
        const batteryData = event.startsWith('battery') ? [{ evseId: 1, serialNumber: serial, soC: 50, soH: 95 }] : [];
        swap.send({ ...swapReport, event, batteryData, initiation, step: SWAP_STEPS.find((known) => known.event === event)?.step ?? 0 });
        const context = swap.context() as SwapContext;
        expect(context.step).toBeGreaterThanOrEqual(step);
        step = context.step;
        for (const each of swap.take()) {
          if (each.type === 'tell') told.push(`${each.to} ${each.event.type}`);
          if (each.type === 'create') orders.add(each.ref);
        }
      }
      const count = (text: RegExp) => told.filter((line) => text.test(line)).length;
      for (const serial of serials) {
        expect(count(new RegExp(`^pack:${serial} pack.returned`))).toBeLessThanOrEqual(1);
        expect(count(new RegExp(`^pack:${serial} pack.issued`))).toBeLessThanOrEqual(1);
      }
      expect(count(/ order.swapEnded$/)).toBeLessThanOrEqual(1);
      expect(orders.size).toBeLessThanOrEqual(1);
      const moved = count(/ pack.(returned|issued)$/) > 0;
      if (moved) expect(orders.size).toBe(1);
      // Whoever hears of a hand-over has an order that was made before.
      const { orderId } = swap.context() as SwapContext;
      if (orderId !== null) expect(orders).toContain(`order:${orderId}`);
    }),
  );
});
