import { readScenario } from '../scenario/read-scenario.ts';
import type { Scenario, StationPlan } from '../scenario/scenario.schema.ts';
import { scenarioText } from '../scenario/scenario-file.ts';
import { CalibrationError } from './calibrate-trips.ts';
import type { CalibratedFields, FoundVisits } from './calibrated.ts';

/**
 * A scenario with what was found in place of what it assumes: stations by their ids, arrivals in place of visits at the same station, traction, and
 * the variation of all trips. Where trucks make trips or cycles they come to stations by themselves: there arrivals are not taken over.
 * @throws ScenarioError when the file holds no scenario, or what comes out is none; CalibrationError when it lacks a station
 */
export function intoScenario(file: string, found: CalibratedFields): Scenario {
  const { scenario } = readScenario(scenarioText(file));
  const stations = scenario.stations.map((station) => withFound(station, found));
  for (const { id } of found.stations ?? []) requireStation(scenario, id);
  const calibrated = {
    ...scenario,
    ...(found.traction ? { traction: { ...scenario.traction, ...found.traction } } : {}),
    stations,
    fleets: fleetsOf(scenario, found),
  };
  return readScenario(JSON.stringify(calibrated)).scenario;
}

function requireStation({ name, stations }: Scenario, id: string): void {
  if (stations.some((station) => station.id === id)) return;
  throw new CalibrationError(`${name} has no station ${id}; it has ${stations.map((station) => station.id).join(', ')}`);
}

function withFound(station: StationPlan, { stations = [] }: CalibratedFields): StationPlan {
  const own = stations.find(({ id }) => id === station.id);
  if (own === undefined) return station;
  const { chargeTime, ...rest } = station;
  // Times that are given hold against any power: who finds a power means the curve.
  return own.chargerPowerW !== undefined || chargeTime === undefined ? { ...rest, ...own } : { ...station, ...own };
}

function fleetsOf(scenario: Scenario, { legVariationRatio, fleets: visits = [] }: CalibratedFields): Scenario['fleets'] {
  const { fleets } = scenario;
  const varied =
    legVariationRatio === undefined ? fleets : fleets.map((fleet) => (fleet.kind === 'trips' ? { ...fleet, legVariationRatio } : fleet));
  if (visits.length === 0 || fleets.some(({ kind }) => kind !== 'visits')) return varied;
  const seen = new Set(visits.map(({ stationId }) => stationId));
  for (const id of seen) requireStation(scenario, id);
  return [
    ...varied.filter((fleet) => fleet.kind === 'visits' && !seen.has(fleet.stationId)),
    ...visits.map((found) => ({ ...found, arriveSocPercent: arriveSocPercentOf(scenario, found) })),
  ];
}

/** As it was found, else as the scenario assumes it of who comes there. */
function arriveSocPercentOf({ fleets }: Scenario, { stationId, arriveSocPercent }: FoundVisits): number {
  const assumed = fleets.flatMap((fleet) => (fleet.kind === 'visits' && fleet.stationId === stationId ? [fleet.arriveSocPercent] : []));
  const [percent] = arriveSocPercent === undefined ? assumed : [arriveSocPercent];
  if (percent === undefined) throw new CalibrationError(`how full packs come to ${stationId} is not told: give --pack-kwh`);
  return percent;
}
