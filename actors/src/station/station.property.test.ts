import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { atMs } from '../network/example-surroundings.fixture.ts';
import { runMachine } from '../network/machine-run.fixture.ts';
import { stationEvents as events, fault, stationContext } from '../network/place-examples.fixture.ts';
import { stationMachineOf } from './station.machine.ts';
import type { StationContext } from './station.rules.ts';

const orderId = fc.constantFrom('O1', 'O2', 'O3', 'O4', 'O5');
const deed = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), orderId, requestId: fc.constantFrom(null, 1, 3, 5) }),
  fc.record({ kind: fc.constant('release' as const), orderId }),
  fc.record({ kind: fc.constant('stock' as const), evseId: fc.integer({ min: 1, max: 5 }), issuable: fc.boolean() }),
);

const telling = fc.record({
  faultId: fc.constantFrom('F1', 'F2'),
  level: fc.integer({ min: 1, max: 3 }),
  isCleared: fc.boolean(),
});

it('S10 tells each rise of a fault once, never a fall, and ends what it began', () => {
  fc.assert(
    fc.property(fc.array(telling, { maxLength: 40 }), (tellings) => {
      const station = runMachine(stationMachineOf, { value: 'operative', context: stationContext });
      const highest = new Map<string, number>();
      for (const [index, { faultId, level, isCleared }] of tellings.entries()) {
        const before = highest.get(faultId) ?? 0;
        const nowMs = atMs + index;
        station.send({
          type: isCleared ? 'station.faultCleared' : 'station.faultRaised',
          atMs: nowMs,
          fault: { ...fault, faultId, level },
        });
        const isEnd = isCleared && before > 0;
        const isRise = !isCleared && level > before;
        const since = before === 0 ? { atMs: nowMs } : { escalatedAtMs: nowMs };
        const effects = station.effects();
        expect(effects).toHaveLength(isEnd || isRise ? 1 : 0);
        if (isEnd) expect(effects).toMatchObject([{ type: 'alarm.cleared', atMs: nowMs }]);
        if (isRise) expect(effects).toMatchObject([{ type: 'alarm.raised', level, ...since }]);
        if (isCleared) highest.delete(faultId);
        else highest.set(faultId, Math.max(before, level));
      }
      const { faults } = station.context() as StationContext;
      expect(new Map(faults.map((known) => [known.faultId, known.level]))).toEqual(highest);
    }),
  );
});

it('S2 S4 never keeps a pack twice, nor two for an order, nor gives a remote number again', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const station = runMachine(stationMachineOf, { value: 'operative', context: stationContext });
      const given: number[] = [];
      for (const each of deeds) {
        if (each.kind === 'ask') {
          const before = (station.context() as StationContext).reservations.map((kept) => kept.orderId);
          station.send({ ...events['station.reservationRequested'], orderId: each.orderId, requestId: each.requestId });
          const kept = (station.context() as StationContext).reservations.find((reservation) => reservation.orderId === each.orderId);
          if (each.requestId === null && kept && !before.includes(each.orderId)) given.push(kept.requestId);
        } else if (each.kind === 'release') station.send({ type: 'station.reservationReleased', atMs, orderId: each.orderId });
        else {
          const packId = `LFP350-000${each.evseId}`;
          station.send({ ...events['station.stockChanged'], evseId: each.evseId, issuable: each.issuable, packId });
        }
        const { reservations, stock } = station.context() as StationContext;
        const distinct = (values: readonly unknown[]) => expect(new Set(values).size).toBe(values.length);
        distinct(reservations.map((kept) => kept.evseId));
        distinct(reservations.map((kept) => kept.orderId));
        distinct(stock.map((row) => row.evseId));
      }
      expect(given).toEqual([...given].sort((one, other) => one - other));
      expect(new Set(given).size).toBe(given.length);
      expect(given.every((requestId) => requestId % 2 === 0)).toBe(true);
    }),
  );
});
