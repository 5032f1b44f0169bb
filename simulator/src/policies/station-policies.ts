import { chooseStation, type StationAhead, type StationChoice } from '@corridor/actors/dispatch/choose-station';
import { canReach } from '@corridor/actors/dispatch/reach';
import type { ChosenPolicies } from './policies.schema.ts';

/** A station as a rule sees it. */
export type PricedStation = StationAhead & {
  /** 0 where energy has no price. */
  priceNanoYuanPerKwh: number;
};

interface Question<S extends PricedStation> {
  stations: readonly S[];
  contentWh: number;
  nominalWh: number;
}

/** Where a truck swaps next. */
export interface StationPolicy {
  /** Whether those that are on their way count as if they were there. */
  countsBound: boolean;
  /** Whether prices count; else they are not looked up. */
  asksPrice: boolean;
  choose: <S extends PricedStation>(question: Question<S>) => StationChoice<S>;
}

/** A minute's wait for a pack, where none is ready, is not shown by the queue. */
const NO_PACK_WAIT_MS = 20 * 60_000;
const waitMs = ({ estWaitMs, readyPacks }: StationAhead): number => estWaitMs + (readyPacks === 0 ? NO_PACK_WAIT_MS : 0);

/** The reachable station with the least of something; the farther one of two alike. When the reserve reaches none: the live rule. */
function byLeast<S extends PricedStation>(question: Question<S>, of: (station: S) => number): StationChoice<S> {
  let best: S | null = null;
  for (const station of question.stations) {
    const { operative, peakWh } = station;
    if (!operative || !canReach({ contentWh: question.contentWh, peakWh, nominalWh: question.nominalWh })) continue;
    if (best === null) best = station;
    else if (of(station) < of(best) || (of(station) === of(best) && station.distanceM > best.distanceM)) best = station;
  }
  return best === null ? chooseStation(question) : { kind: 'STATION', station: best, belowReserve: false };
}

export const STATION_RULES: Readonly<Record<ChosenPolicies['chooseStation'], StationPolicy>> = {
  'reach-aware': { countsBound: false, asksPrice: false, choose: chooseStation },
  nearest: { countsBound: false, asksPrice: false, choose: (question) => byLeast(question, ({ distanceM }) => distanceM) },
  'fewest-waiting': { countsBound: false, asksPrice: false, choose: (question) => byLeast(question, waitMs) },
  cheapest: {
    countsBound: false,
    asksPrice: true,
    choose: (question) => byLeast(question, ({ priceNanoYuanPerKwh }) => priceNanoYuanPerKwh),
  },
  reservation: { countsBound: true, asksPrice: false, choose: chooseStation },
};
