import { tariffFindings } from '@corridor/actors/tariff/tariff-validation';
import { chosenPolicies } from '../policies/policies.schema.ts';
import { type Problem, shown } from './problem.ts';
import type { Scenario } from './scenario.schema.ts';
import { regionTariff, scenarioDates } from './scenario-calendar.ts';

/** Tariffs, sun and policies that contradict each other, or need what is not there. */
export function calendarProblems(scenario: Scenario): Problem[] {
  return [
    ...startProblems(scenario),
    ...(scenario.tariffs ?? []).flatMap((tariff, index) =>
      tariffFindings(tariff).map(({ text }) => ({
        path: `/tariffs/${index}`,
        value: shown(tariff.id),
        allowed: `a tariff without faults: ${text}`,
      })),
    ),
    ...tariffProblems(scenario),
    ...regionProblems(scenario),
    ...pvProblems(scenario),
    ...policyProblems(scenario),
    ...faultProblems(scenario),
  ];
}

function startProblems({ startsOn, tariffs, stations }: Scenario): Problem[] {
  if (startsOn !== undefined) return [];
  const needs = tariffs ? 'tariffs' : stations.some(({ pv }) => pv) ? 'PV' : null;
  return needs === null
    ? []
    : [{ path: '/startsOn', value: null, allowed: `the local date of the first day: ${needs} go by the calendar` }];
}

function regionProblems(scenario: Scenario): Problem[] {
  const { startsOn, tariffs } = scenario;
  if (startsOn === undefined || tariffs === undefined) return [];
  return scenario.stations.flatMap(({ gridRegion }, index) => {
    if (gridRegion === undefined) return [];
    const missing = scenarioDates(scenario).find((date) => regionTariff(tariffs, gridRegion, date) === undefined);
    return missing === undefined
      ? []
      : [{ path: `/stations/${index}/gridRegion`, value: shown(gridRegion), allowed: `a region with a tariff in force on ${missing}` }];
  });
}

function pvProblems({ stations, sites }: Scenario): Problem[] {
  return stations.flatMap(({ pv, siteId }, index) => {
    const site = sites.find(({ id }) => id === siteId);
    return pv === undefined || site === undefined || (site.lat !== undefined && site.lon !== undefined)
      ? []
      : [
          {
            path: `/stations/${index}/pv`,
            value: shown(pv),
            allowed: `a site with lat and lon, by which the sun stands: ${siteId} has none`,
          },
        ];
  });
}

function policyProblems(scenario: Scenario): Problem[] {
  const { charging, chooseStation } = chosenPolicies(scenario);
  const told = (name: string, value: string, allowed: string): Problem => ({ path: `/policies/${name}`, value: shown(value), allowed });
  const problems: Problem[] = [];
  const priced = scenario.tariffs !== undefined && scenario.stations.every(({ gridRegion }) => gridRegion !== undefined);
  if (charging === 'off-peak' && !priced)
    problems.push(told('charging', charging, 'another one: off-peak hours are told by tariffs and the gridRegion of every station'));
  if (chooseStation === 'cheapest' && !priced)
    problems.push(told('chooseStation', chooseStation, 'another one: prices are told by tariffs and the gridRegion of every station'));
  if (charging === 'limit-following' && !scenario.stations.some(({ limitSignalW }) => limitSignalW))
    problems.push(told('charging', charging, 'another one: no station has a limitSignalW to follow'));
  if (charging === 'pv-first' && !scenario.stations.some(({ pv }) => pv))
    problems.push(told('charging', charging, 'another one: no station has pv'));
  return problems;
}

/** What a station pays for energy goes by its region here: bills alone would follow a tariff of its own. */
function tariffProblems({ tariffs = [] }: Scenario): Problem[] {
  return tariffs.flatMap(({ stationId }, index) =>
    stationId === undefined
      ? []
      : [
          {
            path: `/tariffs/${index}/stationId`,
            value: shown(stationId),
            allowed: 'nothing: tariffs of a plan are those of a gridRegion; a station with its own prices is one of a region of its own',
          },
        ],
  );
}

function faultProblems({ faults = [], stations, days, model }: Scenario): Problem[] {
  return faults.flatMap((fault, index) => [
    ...(fault.stationId === undefined || stations.some(({ id }) => id === fault.stationId)
      ? []
      : [
          {
            path: `/faults/${index}/stationId`,
            value: shown(fault.stationId),
            allowed: `one of the stations ${stations.map(({ id }) => id).join(', ')}`,
          },
        ]),
    ...(fault.kind !== 'motions' || model === 'full'
      ? []
      : [
          {
            path: `/faults/${index}/kind`,
            value: shown(fault.kind),
            allowed: 'blackout or breakdowns: only the full model has motions; how long bays stand may be posed as breakdowns of part bay',
          },
        ]),
    ...(fault.kind !== 'blackout' || fault.fromDay < days
      ? []
      : [{ path: `/faults/${index}/fromDay`, value: shown(fault.fromDay), allowed: `less than the horizon of ${days} days` }]),
  ]);
}
