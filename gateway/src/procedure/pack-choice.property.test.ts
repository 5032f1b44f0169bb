import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { slotAt, slotOfPack, type UsableSlot } from './pack-choice.ts';

const slotWith = (evseId: number, packId: string | null): UsableSlot => ({
  evseId,
  pack:
    packId === null
      ? null
      : {
          packId,
          typeCode: 'HDE-282',
          socPercent: 96,
          sohPercent: 97,
          energyWh: 262_000,
          voltageV: null,
          currentA: null,
          powerW: null,
          cellVmaxV: null,
          cellVminV: null,
          cellTmaxC: 25,
          cellTminC: 24,
          insulationOhm: null,
          contactor: 'OPEN',
          cycles: 0,
          throughputWh: 0,
          faultCodes: [],
        },
  chargingState: 'IDLE',
  setpointW: 0,
  powerW: 0,
  voltageV: null,
  currentA: null,
  meterWh: 0,
  gridRegisterWh: 0,
  pvRegisterWh: 0,
  availablePowerW: 240_000,
  plugTempC: null,
  smoke: false,
  doorOpen: false,
  locked: false,
  quarantined: false,
  reserved: false,
  promised: false,
});

/** Racks with gaps between their numbers, in any order. */
const rack = fc
  .uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 9 })
  .chain((evseIds) => fc.tuple(...evseIds.map((evseId) => fc.boolean().map((isFull) => slotWith(evseId, isFull ? `P-${evseId}` : null)))));

it('finds a slot by its number as a search through the rack does', () => {
  fc.assert(
    fc.property(rack, fc.integer({ min: 0, max: 10 }), (slots, evseId) => {
      expect(slotAt(slots, evseId)).toBe(slots.find((slot) => slot.evseId === evseId) ?? null);
      expect(slotAt(slots, null)).toBeNull();
    }),
  );
});

it('finds a pack where it stands, whatever slot was promised', () => {
  fc.assert(
    fc.property(rack, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 10 }), (slots, number, evseId) => {
      const packId = `P-${number}`;
      expect(slotOfPack(slots, { packId, evseId })).toBe(slots.find((slot) => slot.pack?.packId === packId) ?? null);
    }),
  );
});
