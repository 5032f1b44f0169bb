import { type Static, Type } from 'typebox';
import { Literals } from '../literals.ts';
import { NanoYuanPerKwhText } from '../units.ts';

/** What speaks for a station, and what one has to know of it. */
export const STATION_REASONS = [
  'HEADING_FOR',
  'ONLY_ONE',
  'NEAREST',
  'FEWEST_SWAPS',
  'NO_WAIT',
  'SHORTEST_WAIT',
  'MOST_PACKS',
  'CHEAPEST',
  'LAST_PACK',
  'NO_FREE_PACK',
  'BELOW_RESERVE',
  'AFTER_TURN',
] as const;
export type StationReason = (typeof STATION_REASONS)[number];

/** Why a station is not offered to a truck, in the order in which it is asked. */
export const PASSED_OVER_REASONS = [
  'NETWORK_NOT_ALLOWED',
  'BATTERY_TYPE',
  'STATION_CLOSED',
  'STATION_OFFLINE',
  'TARIFF_MISSING',
  'WRONG_SIDE',
  'OUT_OF_REACH',
  'NOT_WORTH_IT',
] as const;
export type PassedOverReason = (typeof PASSED_OVER_REASONS)[number];

/** How soon a truck has to swap. */
export const URGENCIES = ['NOT_YET', 'SOON', 'NOW'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** What has to be known of a truck before anything can be recommended to it. */
export const TRUCK_UNKNOWNS = ['POSITION_UNKNOWN', 'CHARGE_UNKNOWN'] as const;

const Minutes = (description: string) => Type.Number({ description: `${description} [min]` });

export const RecommendedStation = Type.Object({
  stationId: Type.String(),
  distanceM: Type.Number({ description: 'to drive, a turn at the end of the road included [m]' }),
  etaMs: Type.Number({ description: 'driving time by the speeds of the road, without rests [ms]' }),
  readyPacks: Type.Integer(),
  queueLength: Type.Integer(),
  waitMs: Type.Number({ description: 'of a truck that arrives now, as the station reckons it [ms]' }),
  priceNanoYuanPerKwh: NanoYuanPerKwhText('energy and service now, without the rent of the pack'),
  arrivalSocPercent: Type.Number({ description: 'SOC on arrival [%]' }),
  marginWh: Type.Integer({ description: 'above the reserve at the lowest point of the way; negative: some of the reserve is used [Wh]' }),
  energyWh: Type.Integer({ description: 'what a swap gives there [Wh]' }),
  energyFen: Type.String({ description: 'of that energy at this price, without rent and handling; a quote says all of it [fen]' }),
  lostMinutes: Type.Object(
    {
      wait: Minutes('queue'),
      packs: Minutes('no free pack, or the last one'),
      price: Minutes('dearer than the cheapest'),
      progress: Minutes('fewer swaps'),
    },
    { description: 'what the order of the list comes from; the least sum is first, after all that keep the reserve' },
  ),
  reasons: Type.Array(Literals(STATION_REASONS)),
});
export type RecommendedStation = Static<typeof RecommendedStation>;

/** `/api/v1/recommendations?truckId=`: where to swap next, best first, and why; and why not elsewhere. */
export const Recommendations = Type.Object({
  truckId: Type.String(),
  at: Type.String({ description: 'scope time' }),
  socPercent: Type.Union([Type.Number(), Type.Null()]),
  urgency: Type.Union([Literals(URGENCIES), Type.Null()]),
  problem: Type.Union([Literals(TRUCK_UNKNOWNS), Type.Null()], { description: 'why nothing can be said; null: nothing is in the way' }),
  items: Type.Array(RecommendedStation),
  passedOver: Type.Array(Type.Object({ stationId: Type.String(), reason: Literals(PASSED_OVER_REASONS) }), {
    description: 'the first of them in the order of the road',
  }),
});
export type Recommendations = Static<typeof Recommendations>;
