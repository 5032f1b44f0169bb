import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { messagesTo, runMachine } from '../network/machine-run.fixture.ts';
import { slotContext, slotEvents } from '../network/place-examples.fixture.ts';
import { slotMachineOf } from './slot.machine.ts';
import { isOffered, type SlotContext } from './slot.rules.ts';

it('L3 offers only a sound pack in a sound slot, and what the station heard last is how it is', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.values(slotEvents)), { maxLength: 30 }), (events) => {
      const slot = runMachine(slotMachineOf, { value: 'ready', context: slotContext });
      let heard = true;
      for (const event of events) {
        slot.send(event);
        const last = messagesTo(slot.take(), 'station:HH1').at(-1);
        if (last?.type === 'station.stockChanged') heard = last.issuable;
        const context = slot.context() as SlotContext;
        expect(heard).toBe(isOffered(context));
        if (heard) {
          expect(context).toMatchObject({ setAside: false, quarantine: null, faultCodes: [], condition: { issuable: true } });
          expect(['ready', 'reserved']).toContain(slot.state());
        }
        if (slot.state() === 'empty') expect(context.packId).toBeNull();
      }
    }),
  );
});
