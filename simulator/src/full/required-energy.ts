import { requiredContentWh } from '@corridor/actors/dispatch/reach';
import type { Reference } from '@corridor/actors/network/reference';
import type { Conditions } from '../scenario/run-weather.ts';
import type { Scenario, TripsPlan } from '../scenario/scenario.schema.ts';
import { routesOf } from '../scenario/seasoned-routes.ts';
import type { Pass, TripRoutes } from '../scenario/trip-routes.ts';

/** On round trips the way out counts as west, the way back as east. */
export const DIRECTION_OF_PASS = ['WEST', 'EAST'] as const;

/**
 * What a pack must hold when it is given out: the peak of the way to the nearest station ahead, round the turn where none lies before it,
 * and the reserve. The hardest of the fleets that come by with such a mass, in the weather of now.
 */
export function requiredEnergyIn(scenario: Scenario, weather: () => Conditions): Reference['requiredEnergyWh'] {
  const fleets = scenario.fleets.flatMap((plan) => {
    const routes = plan.kind === 'trips' ? routesOf(scenario, plan) : null;
    return plan.kind === 'trips' && routes !== null ? [{ plan, routes }] : [];
  });
  const known = new Map<string, Known[]>();
  return ({ stationId, direction, grossMassKg, nominalWh }) => {
    const now = weather();
    const answers = answersIn(known, { stationId, direction, grossMassKg });
    const found = answers.get(now.coldRatio);
    if (found !== undefined) return found;
    const index = scenario.stations.findIndex(({ id }) => id === stationId);
    const pass = DIRECTION_OF_PASS.indexOf(direction) as Pass;
    const peaksWh = fleets.flatMap(({ plan, routes }) => peakWh(plan, routes.in(now), { index, pass, grossMassKg }) ?? []);
    const required = peaksWh.length === 0 ? null : requiredContentWh({ peakWh: Math.max(...peaksWh), nominalWh });
    answers.set(now.coldRatio, required);
    return required;
  };
}

/** What is known of a station in one direction with one mass, by how cold it is [Wh]. */
interface Known {
  readonly direction: Asked['direction'];
  readonly grossMassKg: number;
  readonly byCold: Map<number, number | null>;
}

type Asked = Pick<Parameters<Reference['requiredEnergyWh']>[0], 'stationId' | 'direction' | 'grossMassKg'>;

/** Masses are few: looking through them is quicker than a text of all that is asked by. */
function answersIn(known: Map<string, Known[]>, { stationId, direction, grossMassKg }: Asked): Known['byCold'] {
  let ofStation = known.get(stationId);
  if (ofStation === undefined) {
    ofStation = [];
    known.set(stationId, ofStation);
  }
  for (const each of ofStation) if (each.grossMassKg === grossMassKg && each.direction === direction) return each.byCold;
  const byCold: Known['byCold'] = new Map();
  ofStation.push({ direction, grossMassKg, byCold });
  return byCold;
}

function peakWh(plan: TripsPlan, routes: TripRoutes, at: { index: number; pass: Pass; grossMassKg: number }): number | null {
  const { index, pass, grossMassKg } = at;
  const isStop = routes.ways[pass].stops.some((stop) => stop.index === index);
  if (!isStop) return null;
  const empty = grossMassKg <= plan.emptyMassKg;
  const ahead = routes.candidates({ pass, empty, node: routes.nodeOf(pass, index) });
  const nearest = ahead.reduce<(typeof ahead)[number] | null>(
    (best, candidate) => (best === null || candidate.distanceM < best.distanceM ? candidate : best),
    null,
  );
  return nearest?.peakWh ?? null;
}
