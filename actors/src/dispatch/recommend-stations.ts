import { type PassedOverReason, STATION_REASONS, type StationReason, type Urgency } from '@corridor/protocols/http/recommendation';
import { energyFeeFen } from '../ledger/fen-arithmetic.ts';
import { RESERVE_RATIO_OF_NOMINAL } from './reach.ts';
import type { WayToStation } from './stations-ahead.ts';

/** Below these a swap is recommended, and has to be [%]; docs/domain/physics.md (assumption). */
const SOON_SOC_PERCENT = 30;
const NOW_SOC_PERCENT = 15;

export function urgencyOf(socPercent: number): Urgency {
  if (socPercent < NOW_SOC_PERCENT) return 'NOW';
  return socPercent < SOON_SOC_PERCENT ? 'SOON' : 'NOT_YET';
}

/** The pack that a truck drives with [Wh]. */
export type PackOnBoard = {
  contentWh: number;
  /** At 100 % SOC: less than nominal as it ages. Above 0. */
  fullWh: number;
  nominalWh: number;
};

/** What is known of a station when a truck asks. */
export type StationOffer = {
  stationId: string;
  way: WayToStation;
  /** Kept for nobody else. */
  readyPacks: number;
  /** Trucks that wait before this one. */
  queueLength: number;
  /** Of those, trucks that have a pack kept for them: they take none of the ready ones. */
  queueWithPack: number;
  /** Of a truck that arrives now, as the station reckons it [ms]. */
  estWaitMs: number;
  /** Energy and service of a kWh, without the rent of the pack [nano-yuan]. */
  priceNanoYuanPerKwh: bigint;
  /** Content of a pack as it is given out there [Wh]. */
  issueWh: number;
};

/** What a choice costs in minutes of a truck and its driver; the sum is what stations are ranked by, least first. */
export type LostMinutes = {
  wait: number;
  /** For packs that are not there yet, or may be gone. */
  packs: number;
  /** Of what the energy costs more than at the cheapest. */
  price: number;
  /** Less for each that is farther on: fewer swaps on the way. Not above 0. */
  progress: number;
};

export type RankedStation = StationOffer & {
  /** SOC with which the truck arrives [%]. */
  arrivalSocPercent: number;
  /** What the pack still holds above the reserve at the lowest point of the way [Wh]; negative: some of the reserve is used. */
  marginWh: number;
  /** What a swap would give it there [Wh]. */
  energyWh: number;
  /** Of that energy, without the rent of the pack and handling [fen]. */
  energyFen: bigint;
  lostMinutes: LostMinutes;
  reasons: StationReason[];
};

/** One minute weighs as much as this much further progress; as trucks of the simulator choose [m]. */
const MINUTE_WORTH_M = 2_000;
/** A station without a free pack makes one in about this time [min]. */
const NO_PACK_MIN = 20;
/** The only free pack may be gone on arrival: about every third time (assumption) [min]. */
const LAST_PACK_MIN = 6;
/** A truck with its driver, 120 yuan an hour (assumption) [fen]. */
const MINUTE_WORTH_FEN = 200;
/** Part of nominal that must be gone for a swap to be worth its price; as trucks of the simulator choose. */
const WORTH_A_SWAP_RATIO = 0.1;
const MS_PER_MINUTE = 60_000;

export type Ranking = {
  ranked: RankedStation[];
  passedOver: { stationId: string; reason: PassedOverReason }[];
};

/**
 * Stations for a truck to swap at, best first: within reach, by minutes lost; behind them those that cost some of the reserve, nearest
 * first. Each with what speaks for it among those offered.
 * @param headingForId station that the truck drives to already; null: none
 */
export function rankStations(
  offers: readonly StationOffer[],
  { headingForId, ...pack }: PackOnBoard & { headingForId: string | null },
): Ranking {
  const passedOver: Ranking['passedOver'] = [];
  const usable = offers.filter((offer) => {
    const reason = refusalOf(offer, pack);
    if (reason !== null) passedOver.push({ stationId: offer.stationId, reason });
    return reason === null;
  });
  const cheapest = usable.reduce<bigint | null>(
    (least, { priceNanoYuanPerKwh: price }) => (least === null || price < least ? price : least),
    null,
  );
  const ranked = usable.map((offer) => rated(offer, { ...pack, cheapest: cheapest ?? offer.priceNanoYuanPerKwh }));
  ranked.sort(byWorth);
  for (const station of ranked) station.reasons.push(...reasonsOf(station, ranked, headingForId));
  return { ranked, passedOver };
}

/** SOC with which a pack arrives: of what it holds at 100 %, not of its nominal content, so that a quote may count with it [%, 0 to 100]. */
export function arrivalSocPercentOf({ contentWh, fullWh }: PackOnBoard, { sumWh }: Pick<WayToStation, 'sumWh'>): number {
  return Math.min(100, Math.max(0, ((contentWh - sumWh) / fullWh) * 100));
}

function refusalOf({ way, issueWh }: StationOffer, truck: PackOnBoard): PassedOverReason | null {
  if (way.peakWh > truck.contentWh) return 'OUT_OF_REACH';
  return issueWh - (truck.contentWh - way.sumWh) < WORTH_A_SWAP_RATIO * truck.nominalWh ? 'NOT_WORTH_IT' : null;
}

function rated(offer: StationOffer, truck: PackOnBoard & { cheapest: bigint }): RankedStation {
  const { way, estWaitMs, priceNanoYuanPerKwh, issueWh } = offer;
  const arrivalWh = truck.contentWh - way.sumWh;
  const energyWh = Math.round(issueWh - arrivalWh);
  const extraFen = energyFeeFen(BigInt(energyWh), priceNanoYuanPerKwh - truck.cheapest);
  const free = freePacks(offer);
  return {
    ...offer,
    arrivalSocPercent: arrivalSocPercentOf(truck, way),
    marginWh: Math.round(truck.contentWh - way.peakWh - RESERVE_RATIO_OF_NOMINAL * truck.nominalWh),
    energyWh,
    energyFen: energyFeeFen(BigInt(energyWh), priceNanoYuanPerKwh),
    lostMinutes: {
      wait: estWaitMs / MS_PER_MINUTE,
      packs: free <= 0 ? NO_PACK_MIN : free === 1 ? LAST_PACK_MIN : 0,
      price: Number(extraFen) / MINUTE_WORTH_FEN,
      progress: -way.distanceM / MINUTE_WORTH_M,
    },
    reasons: [],
  };
}

/** Ready packs that those who wait before us leave. */
const freePacks = ({ readyPacks, queueLength, queueWithPack }: StationOffer): number =>
  // The station measures its queue, the platform hears each truck of it: at a moment one may be behind the other.
  readyPacks - Math.max(0, queueLength - queueWithPack);

export const lostMinutesOf = ({ wait, packs, price, progress }: LostMinutes): number => wait + packs + price + progress;

function byWorth(one: RankedStation, other: RankedStation): number {
  const isSafe = one.marginWh >= 0;
  if (isSafe !== other.marginWh >= 0) return isSafe ? -1 : 1;
  const difference = isSafe ? lostMinutesOf(one.lostMinutes) - lostMinutesOf(other.lostMinutes) : one.way.distanceM - other.way.distanceM;
  // The same order on every machine, whatever the order in which stations were given.
  return difference === 0 ? (one.stationId < other.stationId ? -1 : 1) : difference;
}

function reasonsOf(station: RankedStation, ranked: readonly RankedStation[], headingForId: string | null): StationReason[] {
  const free = freePacks(station);
  /** Best of all by a measure, and not by everybody's being as good. */
  const isLeast = (measure: (each: RankedStation) => number | bigint): boolean => {
    const own = measure(station);
    return ranked.every((each) => measure(each) >= own) && ranked.some((each) => measure(each) > own);
  };
  const safe = ranked.filter(({ marginWh }) => marginWh >= 0);
  const isFarthest = safe.length > 1 && station.marginWh >= 0 && safe.every(({ way }) => way.distanceM <= station.way.distanceM);
  const holds: Readonly<Record<StationReason, boolean>> = {
    HEADING_FOR: station.stationId === headingForId,
    ONLY_ONE: ranked.length === 1,
    NEAREST: isLeast(({ way }) => way.distanceM),
    FEWEST_SWAPS: isFarthest,
    NO_WAIT: station.estWaitMs === 0 && free > 0,
    SHORTEST_WAIT: station.estWaitMs > 0 && isLeast(({ estWaitMs }) => estWaitMs),
    MOST_PACKS: isLeast((each) => -freePacks(each)),
    CHEAPEST: isLeast(({ priceNanoYuanPerKwh }) => priceNanoYuanPerKwh),
    LAST_PACK: free === 1,
    NO_FREE_PACK: free <= 0,
    BELOW_RESERVE: station.marginWh < 0,
    AFTER_TURN: station.way.isAfterTurn,
  };
  return STATION_REASONS.filter((reason) => holds[reason]);
}
