import { chooseStation } from '@corridor/actors/dispatch/choose-station';
import { energyProfile, thenWay, type WayEnergy, wayEnergy } from '@corridor/actors/road/energy-profile';
import type { TractionParameters } from '@corridor/actors/truck/traction';
import { violated } from '@corridor/protocols/assert';
import type { PricedStation } from '../policies/station-policies.ts';
import type { TripsPlan } from './scenario.schema.ts';
import type { Way } from './way.ts';

/** Out and back. */
export type Pass = 0 | 1;
export const turned = (pass: Pass): Pass => (pass === 0 ? 1 : 0);

/** A station that a truck may choose at some node of its way. */
export type Candidate = PricedStation & {
  /** Place of the station in the scenario. */
  index: number;
  /** Its node on this pass; null: it lies after the next turn. */
  node: number | null;
};

/** Energy between all nodes of a way for one mass. Nodes: 0 the start, then the stops, then the end. */
class NodeEnergies {
  readonly last: number;
  readonly #between: readonly (readonly WayEnergy[])[];

  constructor(way: Way, massKg: number, parameters: TractionParameters) {
    const profile = energyProfile({ road: way.heights, direction: 'WEST', massKg, parameters, zones: way.zones });
    const nodesM = [0, ...way.stops.map(({ atM }) => atM), way.lengthM];
    this.last = nodesM.length - 1;
    this.#between = nodesM.map((fromM, from) => nodesM.slice(from).map((toM) => wayEnergy(profile, fromM, toM)));
  }

  between(from: number, to: number): WayEnergy {
    const energy = this.#between[from]?.[to - from];
    if (energy === undefined) violated(`no way from node ${from} to node ${to}`);
    return energy;
  }
}

type Load = 'loaded' | 'empty';
const LOADS: readonly Load[] = ['loaded', 'empty'];

/** Everything about the ways of a fleet that does not change: computed once, with the same physics as the live plant's. */
export class TripRoutes {
  readonly ways: readonly [Way, Way];
  readonly #energies: readonly Readonly<Record<Load, NodeEnergies>>[];
  readonly #candidates = new Map<number, Candidate[]>();

  constructor(trips: TripsPlan, ways: readonly [Way, Way], parameters: TractionParameters) {
    this.ways = ways;
    const masses = [trips.loadedMassOutKg, trips.loadedMassBackKg];
    this.#energies = ways.map((way, pass) => ({
      loaded: new NodeEnergies(way, masses[pass] ?? trips.emptyMassKg, parameters),
      empty: new NodeEnergies(way, trips.emptyMassKg, parameters),
    }));
  }

  /** Energy and time from a node to a node of the same pass. */
  leg(at: { pass: Pass; empty: boolean; node: number }, toNode: number): WayEnergy {
    return this.#of(at).between(at.node, toNode);
  }

  /** Where a leg from a node on lies. */
  span({ pass, node }: { pass: Pass; node: number }, distanceM: number): { way: Way; fromM: number; toM: number } {
    const way = this.ways[pass];
    const fromM = node === 0 ? 0 : (way.stops[node - 1]?.atM ?? way.lengthM);
    return { way, fromM, toM: fromM + distanceM };
  }

  lastNode(pass: Pass): number {
    return this.#of({ pass, empty: true }).last;
  }

  /** The node of a station on a pass. */
  nodeOf(pass: Pass, index: number): number {
    const stop = this.ways[pass].stops.findIndex((each) => each.index === index);
    if (!(stop >= 0)) violated(`station ${index} does not lie on pass ${pass}`);
    return stop + 1;
  }

  /**
   * Stations behind a node: the rest of this pass, then those of the pass after the turn, for which the truck counts with a load.
   * The list is made once; what changes of it (`readyPacks`, `estWaitMs`) is the caller's to set before it is used.
   */
  candidates(at: { pass: Pass; empty: boolean; node: number }): Candidate[] {
    const key = (at.node * 2 + at.pass) * 2 + LOADS.indexOf(loadOf(at));
    const known = this.#candidates.get(key);
    if (known) return known;
    const made = this.#newCandidates(at);
    this.#candidates.set(key, made);
    return made;
  }

  #newCandidates(at: { pass: Pass; empty: boolean; node: number }): Candidate[] {
    const energies = this.#of(at);
    const back = turned(at.pass);
    const afterTurn = this.#of({ pass: back, empty: false });
    const toTurn = energies.between(at.node, energies.last);
    const candidate = (index: number, stationId: string, node: number | null, { distanceM, peakWh }: WayEnergy): Candidate => ({
      index,
      stationId,
      node,
      distanceM,
      peakWh,
      readyPacks: 1,
      estWaitMs: 0,
      operative: true,
      priceNanoYuanPerKwh: 0,
    });
    return [
      ...this.ways[at.pass].stops.flatMap(({ index, station }, stop) =>
        stop + 1 > at.node ? [candidate(index, station.id, stop + 1, energies.between(at.node, stop + 1))] : [],
      ),
      ...this.ways[back].stops.map(({ index, station }, stop) =>
        candidate(index, station.id, null, thenWay(toTurn, afterTurn.between(0, stop + 1))),
      ),
    ];
  }

  #of({ pass, empty }: { pass: Pass; empty: boolean }): NodeEnergies {
    const energies = this.#energies[pass];
    if (energies === undefined) violated(`no pass ${pass}`);
    return energies[loadOf({ empty })];
  }
}

const loadOf = ({ empty }: { empty: boolean }): Load => (empty ? 'empty' : 'loaded');

/** One swap of a plan, or why it ends. */
export interface PlannedStop {
  index: number;
  pass: Pass;
  /** What the pack on board holds on arrival [Wh]. */
  arriveWh: number;
}

export interface OutOfReach {
  pass: Pass;
  /** null: the start of the pass. */
  atIndex: number | null;
  nearest: { stationId: string; peakWh: number } | null;
  contentWh: number;
}

export interface StopPlan {
  /** Swaps of one round trip in the steady state. */
  stops: readonly PlannedStop[];
  /** Swaps reached only by using some of the reserve. */
  belowReserve: readonly PlannedStop[];
  /** The first leg that no pack covers. */
  outOfReach: OutOfReach | null;
}

const ROUND_TRIPS = 3;

/** Where a loaded truck swaps when nobody waits anywhere: by the rule that chooses stations, live and simulated. */
export function stopPlan(
  routes: TripRoutes,
  { issueWhOf, startWh, nominalWh }: { issueWhOf: (index: number) => number; startWh: number; nominalWh: number },
): StopPlan {
  let contentWh = startWh;
  let stops: PlannedStop[] = [];
  let belowReserve: PlannedStop[] = [];
  let atIndex: number | null = null;
  for (let pass: Pass = 0, passes = 0; passes < 2 * ROUND_TRIPS; passes += 1, pass = turned(pass)) {
    if (pass === 0) {
      stops = [];
      belowReserve = [];
    }
    for (let node = 0; ; ) {
      const candidates = routes.candidates({ pass, empty: false, node });
      const choice = chooseStation({ stations: candidates, contentWh, nominalWh });
      if (choice.kind === 'NONE') return { stops, belowReserve, outOfReach: { pass, atIndex, nearest: null, contentWh } };
      const { station } = choice;
      if (choice.belowReserve && station.peakWh > contentWh)
        return { stops, belowReserve, outOfReach: { pass, atIndex, nearest: station, contentWh } };
      const toNode = station.node ?? routes.lastNode(pass);
      contentWh -= routes.leg({ pass, empty: false, node }, toNode).sumWh;
      if (station.node === null) break;
      const stop = { index: station.index, pass, arriveWh: contentWh };
      stops.push(stop);
      if (choice.belowReserve) belowReserve.push(stop);
      contentWh = issueWhOf(station.index);
      atIndex = station.index;
      node = toNode;
    }
  }
  return { stops, belowReserve, outOfReach: null };
}
