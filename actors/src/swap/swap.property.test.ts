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
  truckId: fc.constantFrom('T001', 'T001', 'T002', null),
});

it('W2 W3 W5 W13 never steps back, gives an order one pack in and one out of one truck, and tells the end once', () => {
  fc.assert(
    fc.property(fc.array(report, { maxLength: 40 }), (reports) => {
      const input = { stationId: 'HH1', requestId: 7, bayId: 'HH1-B1', truckId: null, orderId: null, initiation: 'LOCAL' as const, atMs };
      const swap = runMachine(swapMachineOf, { input });
      const created: string[] = [];
      const legs: string[] = [];
      const truckOf = new Map<string, string>();
      let ends = 0;
      let step = -1;
      for (const { event, serial, initiation, truckId } of reports) {
        const batteryData = event.startsWith('battery') ? [{ evseId: 1, serialNumber: serial, soC: 50, soH: 95 }] : [];
        const no = SWAP_STEPS.find((known) => known.event === event)?.step ?? 0;
        swap.send({ ...swapReport, event, batteryData, initiation, truckId, step: no });
        const context = swap.context() as SwapContext;
        expect(context.step).toBeGreaterThanOrEqual(step);
        step = context.step;
        for (const each of swap.take()) {
          if (each.type === 'create') created.push(each.ref);
          if (each.type !== 'tell') continue;
          const told = each.event;
          if (told.type === 'order.swapEnded') ends += 1;
          if (told.type !== 'pack.returned' && told.type !== 'pack.issued') continue;
          legs.push(`${told.orderId} ${told.type}`);
          // Whoever hears of a hand-over has an order that was made before.
          expect(created).toContain(`order:${told.orderId}`);
          if (told.type === 'pack.returned') continue;
          expect(truckOf.get(told.orderId ?? '') ?? told.truckId).toBe(told.truckId);
          truckOf.set(told.orderId ?? '', told.truckId);
        }
      }
      expect(new Set(created).size).toBe(created.length);
      expect(new Set(legs).size).toBe(legs.length);
      expect(ends).toBeLessThanOrEqual(1);
    }),
  );
});
