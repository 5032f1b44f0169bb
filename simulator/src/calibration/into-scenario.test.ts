import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { expect, it } from 'vitest';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import type { CalibratedFields, FoundVisits } from './calibrated.ts';
import { intoScenario } from './into-scenario.ts';

const QUEUE = shippedScenario('queue-bay-and-packs.json');
const CORRIDOR = shippedScenario('corridor-base.json');
const VISITS: FoundVisits = { kind: 'visits', id: 'at-S1', stationId: 'S1', arrivals: { kind: 'poisson', perHour: 3 } };

function into(scenario: Scenario, found: CalibratedFields): Scenario {
  using folder = temporaryFolder();
  const file = join(folder.path, 'scenario.json');
  writeFileSync(file, JSON.stringify(scenario));
  return intoScenario(file, found);
}

it('puts arrivals in place of visits at their station, as full as these were when nobody tells otherwise', () => {
  expect(into(QUEUE, { fleets: [VISITS] }).fleets).toEqual([{ ...VISITS, arriveSocPercent: 20 }]);
  expect(into(QUEUE, { fleets: [{ ...VISITS, arriveSocPercent: 31 }] }).fleets).toEqual([{ ...VISITS, arriveSocPercent: 31 }]);
});

it('takes over a power in place of the times of charging, and times in place of times', () => {
  const chargeTime = { kind: 'exponential', meanMs: 60_000 } as const;
  expect(into(QUEUE, { stations: [{ id: 'S1', chargerPowerW: 180_000 }] }).stations[0]).not.toHaveProperty('chargeTime');
  expect(into(QUEUE, { stations: [{ id: 'S1', chargeTime }] }).stations[0]).toEqual({ ...QUEUE.stations[0], chargeTime });
});

it('leaves trucks that make trips to come by themselves, and gives all of them what legs differ by', () => {
  const [first] = CORRIDOR.stations;
  const id = first?.id ?? '';
  const found = into(CORRIDOR, { fleets: [{ ...VISITS, stationId: id }], legVariationRatio: 0.07, traction: { dragAreaM2: 6 } });
  expect(found.fleets).toEqual(CORRIDOR.fleets.map((fleet) => ({ ...fleet, legVariationRatio: 0.07 })));
  expect(found.traction).toEqual({ ...CORRIDOR.traction, dragAreaM2: 6 });
});

it('refuses a station that the scenario does not have, and what comes out as no scenario', () => {
  expect(() => into(QUEUE, { stations: [{ id: 'S9', chargerPowerW: 180_000 }] })).toThrow(
    'One bay and 7 packs has no station S9; it has S1',
  );
  expect(() => into(QUEUE, { fleets: [{ ...VISITS, stationId: 'S9', arriveSocPercent: 20 }] })).toThrow('has no station S9');
  expect(() => into(QUEUE, { fleets: [{ ...VISITS, arriveSocPercent: 99 }] })).toThrow('/fleets/0/arriveSocPercent: 99');
});
