import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseStation, type StationAhead } from './choose-station.ts';
import { canReach, packContentWh } from './reach.ts';

const ahead = (over: Partial<StationAhead>): StationAhead => ({
  stationId: 'HJ1',
  distanceM: 100_000,
  peakWh: 150_000,
  readyPacks: 3,
  estWaitMs: 0,
  operative: true,
  ...over,
});

it('takes the farthest station within reach', () => {
  const stations = [
    ahead({}),
    ahead({ stationId: 'BD1', distanceM: 170_000, peakWh: 250_000 }),
    ahead({ stationId: 'FP1', distanceM: 280_000, peakWh: 480_000 }),
  ];
  expect(chooseStation({ stations, contentWh: 310_000, nominalWh: 350_000 })).toMatchObject({
    kind: 'STATION',
    station: { stationId: 'BD1' },
    belowReserve: false,
  });
});

it('prefers a nearer one when the far one has no pack ready', () => {
  const stations = [ahead({}), ahead({ stationId: 'BD1', distanceM: 110_000, readyPacks: 0 })];
  expect(chooseStation({ stations, contentWh: 310_000, nominalWh: 350_000 })).toMatchObject({ station: { stationId: 'HJ1' } });
});

it('names the nearest below the reserve rather than none', () => {
  expect(chooseStation({ stations: [ahead({})], contentWh: 160_000, nominalWh: 350_000 })).toMatchObject({ belowReserve: true });
  expect(chooseStation({ stations: [], contentWh: 160_000, nominalWh: 350_000 })).toEqual({ kind: 'NONE', reason: 'NO_STATION_AHEAD' });
});

it('never sends a truck beyond its reach while another station is within', () => {
  const station = fc.record({
    stationId: fc.constantFrom('A', 'B', 'C', 'D'),
    distanceM: fc.integer({ min: 0, max: 500_000 }),
    peakWh: fc.integer({ min: 0, max: 900_000 }),
    readyPacks: fc.integer({ min: 0, max: 7 }),
    estWaitMs: fc.integer({ min: 0, max: 7_200_000 }),
    operative: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(station, { selector: ({ stationId }) => stationId }),
      fc.integer({ min: 0, max: 420_000 }),
      (stations, contentWh) => {
        const choice = chooseStation({ stations, contentWh, nominalWh: 350_000 });
        const within = stations.filter(({ operative, peakWh }) => operative && canReach({ contentWh, peakWh, nominalWh: 350_000 }));
        if (choice.kind === 'NONE') return stations.length === 0;
        if (within.length === 0) return choice.belowReserve;
        return within.some(({ stationId }) => stationId === choice.station.stationId) && !choice.belowReserve;
      },
    ),
  );
});

it('computes content as it is billed', () => {
  expect(packContentWh({ socPercent: 18, sohPercent: 92, nominalWh: 282_000 })).toBeCloseTo(46_699.2, 6);
});
