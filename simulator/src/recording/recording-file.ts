import { renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '@corridor/gateway/journal/make-folder';
import { RECORDING_FORMAT, RECORDING_VERSION, type RecordingHead } from '@corridor/protocols/recording/recording.schema';
import { fullScenario, slotsOf } from '../scenario/corridor-file.ts';
import { meanMsOf } from '../scenario/distribution.ts';
import type { Scenario, StationPlan } from '../scenario/scenario.schema.ts';
import { startMsOf } from '../scenario/scenario-calendar.ts';
import { scenarioHash } from '../scenario/scenario-hash.ts';
import { capacityWhOf, GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';
import { GzipFile } from './gzip-file.ts';
import { Chainages, recordedGeometry } from './recorded-geometry.ts';
import { type RecordedRoad, recordedRoad } from './recorded-road.ts';
import { RECORDED_EVERY_MS, Recorder, type TakeLine } from './recorder.ts';
import type { WatchedWorld } from './watched-world.ts';

const DAY_MS = 86_400_000;
/** A first day for scenarios that have none. */
const NO_DATE = '2001-01-01';

/** What drives a run that is recorded. */
export interface RunRecorder {
  runUntil(untilMs: number): void;
  /** After the last instant. */
  end(): void;
}

/** The name of a recording that is being written. */
export const unfinishedPath = (path: string): string => `${path}.part`;

/**
 * Records a run into a file, which has its name only when it is whole.
 * @throws ScenarioError on a scenario that has no road to show
 */
export function recordInto(
  path: string,
  { scenario, seed, world }: { scenario: Scenario; seed: number; world: WatchedWorld },
): RunRecorder {
  const { head, chainages } = headOf(scenario, seed);
  makeFolder(dirname(path));
  const file = new GzipFile(unfinishedPath(path));
  const take: TakeLine = (line) => file.write(`${JSON.stringify(line)}\n`);
  take(head);
  const recorder = new Recorder({ world, scenario, chainages, take });
  return {
    runUntil: (untilMs) => recorder.runUntil(untilMs),
    end: () => {
      recorder.end();
      file.end();
      renameSync(unfinishedPath(path), path);
    },
  };
}

/** What a person is told of a recording. */
export function recordedText(path: string, { days, fleets }: Scenario): string {
  const bytes = statSync(path).size;
  const truckDays = days * fleets.reduce((sum, fleet) => sum + (fleet.kind === 'visits' ? 0 : fleet.trucks), 0);
  return `recorded into ${path}: ${(bytes / 1e6).toFixed(2)} MB, ${(bytes / 1e3 / truckDays).toFixed(1)} kB a truck-day; the viewer plays it`;
}

/** What stands still in a run. */
export function headOf(scenario: Scenario, seed: number): { head: RecordingHead; chainages: Chainages } {
  const road = recordedRoad(scenario);
  const { geometry, chainageM } = recordedGeometry(road);
  const chainages = new Chainages(chainageM);
  const { type: typeCode, sohPercent } = scenario.pack;
  const head: RecordingHead = {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    principals:
      scenario.model === 'full' ? fullScenario(scenario).business.principals.map(({ id, name, nameZh }) => ({ id, name, nameZh })) : null,
    scenario: { name: scenario.name, model: scenario.model, sha256: scenarioHash(scenario) },
    seed,
    startsAtMs: startMsOf({ startsOn: scenario.startsOn ?? NO_DATE }),
    hasDate: scenario.startsOn !== undefined,
    toMs: Math.floor(scenario.days * DAY_MS),
    everyMs: RECORDED_EVERY_MS,
    gridWhPerContentWh: GRID_WH_PER_CONTENT_WH,
    pack: { typeCode, capacityWh: capacityWhOf(scenario), sohPercent },
    stations: scenario.stations.map((plan) => recordedStation(plan, road, chainages)),
    geometry,
  };
  return { head, chainages };
}

function recordedStation(plan: StationPlan, { sites }: RecordedRoad, chainages: Chainages): RecordingHead['stations'][number] {
  const { id, siteId, gridLimitW, swapTime } = plan;
  const site = sites.find((each) => each.site.id === siteId)?.site;
  if (site === undefined) throw new RangeError(`${id} has no place on the recorded road`);
  const { lat, lon, name = siteId, nameZh = name } = site;
  return {
    id,
    name,
    nameZh,
    lat,
    lon,
    chainageM: chainages.ofSite(siteId),
    direction: directionOf(plan, chainages),
    slots: slotsOf(plan),
    gridLimitW,
    meanSwapMs: meanMsOf(swapTime),
  };
}

/** Of the trips that it serves. */
function directionOf({ siteId, servesTripsTo }: StationPlan, chainages: Chainages): 'BOTH' | 'WEST' | 'EAST' {
  if (servesTripsTo === undefined) return 'BOTH';
  const here = chainages.ofSite(siteId);
  const goesWest = servesTripsTo.filter((goal) => chainages.knows(goal)).map((goal) => chainages.ofSite(goal) > here);
  if (goesWest.length === 0 || new Set(goesWest).size > 1) return 'BOTH';
  return goesWest[0] === true ? 'WEST' : 'EAST';
}
