import { expect, it } from 'vitest';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { runCoarse } from './coarse-run.ts';

const BASE = shippedScenario('station-irregular-arrivals.json', { days: 9 });
const [STATION] = BASE.stations;
if (STATION === undefined) throw new Error('no station');
const { pv: _, ...PLAN } = STATION;

/** Of these most are turned away; the next one is there 1.8 s after a bay is free. */
const TRUCKS_PER_HOUR = 2_000;

/** Swaps a day of one station to which trucks always come. */
function swapsPerDay(pack: Partial<Scenario['pack']>, station: Partial<Scenario['stations'][number]>): number {
  const scenario: Scenario = {
    ...BASE,
    warmUpDays: 1,
    pack: { ...BASE.pack, sohPercent: 100, ...pack },
    stations: [
      {
        ...PLAN,
        discipline: 'lost',
        swapTime: { kind: 'deterministic', valueMs: 300_000 },
        issueSocPercent: 95,
        gridLimitW: 4_000_000,
        ...station,
      },
    ],
    fleets: BASE.fleets.map((fleet) =>
      fleet.kind === 'visits' ? { ...fleet, arriveSocPercent: 20, arrivals: { kind: 'poisson', perHour: TRUCKS_PER_HOUR } } : fleet,
    ),
  };
  return runCoarse({ scenario, seed: 1, engine: 'compiled' }).total['swapsPerDay'] ?? Number.NaN;
}

it('makes 175 swaps a day with seven chargers of 240 kW: a pack of 282 kWh takes 57.5 min from 20 to 95 %', () => {
  const seven = swapsPerDay({ nominalWh: 282_000 }, { bays: 1, packs: 9, chargers: 7, chargerPowerW: 240_000 });
  expect(seven).toBeCloseTo((7 * 1440) / 57.5, 0);
});

it('makes 288 swaps a day, less the gaps, in a bay that takes 5 minutes, however many packs are charged', () => {
  expect(swapsPerDay({ nominalWh: 282_000 }, { bays: 1, packs: 40, chargers: 40, gridLimitW: 20_000_000 })).toBeCloseTo(
    86_400 / (300 + 3_600 / TRUCKS_PER_HOUR),
    0,
  );
});

it.each([
  [282_000, 160_000, 80.7],
  [282_000, 300_000, 51.2],
  [350_000, 240_000, 67.9],
  [423_000, 240_000, 80.7],
])('one charger fills packs of %d Wh with %d W in %d min', (nominalWh, chargerPowerW, minutes) => {
  expect(swapsPerDay({ nominalWh }, { bays: 2, packs: 3, chargers: 1, chargerPowerW }) / (1440 / minutes)).toBeCloseTo(1, 1);
});
