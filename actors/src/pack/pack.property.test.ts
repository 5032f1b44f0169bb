import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { atMs, surroundings } from '../network/example-surroundings.fixture.ts';
import { messagesTo, runMachine } from '../network/machine-run.fixture.ts';
import { packContext, packEvents } from '../network/mover-examples.fixture.ts';
import { chargeData } from '../network/place-examples.fixture.ts';
import { packEnergyWh } from '../rating/pack-energy.ts';
import { lotsEnergyWh } from './energy-lot.rules.ts';
import { packMachineOf } from './pack.machine.ts';
import { isIssuable, type PackContext } from './pack.rules.ts';

const percent = fc.integer({ min: 0, max: 100 });
const event = fc.oneof(
  fc.constantFrom(...Object.values(packEvents)),
  fc.record({ soC: percent, soH: percent }).map(({ soC, soH }) => ({
    ...packEvents['pack.returned'],
    battery: { ...packEvents['pack.returned'].battery, soC, soH },
  })),
  fc.record({ soC: percent, soH: percent }).map(({ soC, soH }) => ({
    ...packEvents['pack.issued'],
    battery: { ...packEvents['pack.issued'].battery, soC, soH },
  })),
  fc.record({ wh: fc.nat(50_000), socPercent: percent }).map(({ wh, socPercent }) => ({
    ...packEvents['pack.charged'],
    charge: { ...chargeData, gridRegisterWh: wh, pvRegisterWh: 0, socPercent },
  })),
  fc.record({ value: fc.integer({ min: 20, max: 70 }) }).map(({ value }) => ({
    type: 'signal.crossed' as const,
    atMs,
    signal: 'cellTmaxC',
    side: value >= 55 ? ('ABOVE' as const) : ('BELOW' as const),
    value,
  })),
);

it('P7 P10 keeps lots that sum to each hand-over, and calls itself issuable only when it is', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const run = runMachine(packMachineOf, { value: 'idle', context: packContext });
      for (const each of events) {
        run.send(each);
        const context = run.context() as PackContext;
        const emitted = run.take();
        if (each.type === 'pack.returned' || each.type === 'pack.issued') {
          const measured = packEnergyWh({ socPercent: each.battery.soC, sohPercent: each.battery.soH, nominalWh: 350_000 });
          expect(lotsEnergyWh(context.lots)).toBe(measured);
        }
        for (const lot of context.lots) expect(lot.energyWh).toBeGreaterThan(0);
        expect(run.state() === 'issuable').toBe(isIssuable(context, { ...surroundings, nowMs: () => atMs }));
        const told = context.place.kind === 'SLOT' ? messagesTo(emitted, `slot:${context.place.id}`) : [];
        const last = told.findLast((message) => message.type === 'slot.packCondition');
        if (last?.type === 'slot.packCondition') expect(last.issuable).toBe(run.state() === 'issuable');
        if (isIssuable(context, surroundings)) {
          expect(context).toMatchObject({ hotSinceMs: null, faultText: null, quarantine: null, disputedSinceMs: null });
          expect(context.socPercent).toBeGreaterThanOrEqual(90);
          expect(context.sohPercent).toBeGreaterThanOrEqual(80);
        }
      }
    }),
  );
});
