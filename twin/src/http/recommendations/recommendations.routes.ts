import { type RankedStation, rankStations, urgencyOf } from '@corridor/actors/dispatch/recommend-stations';
import { Recommendations, type RecommendedStation } from '@corridor/protocols/http/recommendation';
import { IdText } from '@corridor/protocols/ids';
import type { TruckDefinition } from '@corridor/protocols/network-file';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { LiveFacts } from '../../projection/live-facts.ts';
import { truckView } from '../../projection/truck-view.ts';
import type { Driving } from '../../restore/restore-core.ts';
import { rightsOfRequest } from '../caller.ts';
import { mayOrderFor } from '../orders/may-order.ts';
import { notFound } from '../problem.ts';
import { packOnBoard } from './pack-on-board.ts';
import { offersFor } from './truck-offers.ts';

const ITEMS_DEFAULT = 10;
const Query = Type.Object(
  {
    truckId: IdText('which truck'),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: ITEMS_DEFAULT, description: 'of each list' })),
  },
  { additionalProperties: false },
);

export interface RecommendationsRoutesOptions {
  live: LiveFacts;
  driving: Driving;
}

/** Where to swap next: by ready packs, distance, queue and cost, and why. Nothing is reserved by asking. */
export const recommendationsRoutes: FastifyPluginAsyncTypebox<RecommendationsRoutesOptions> = async (app, { live, driving }) => {
  app.get(
    '/recommendations',
    {
      schema: {
        tags: ['orders'],
        summary: 'Stations for a truck to swap at, best first, with the reasons; and why not others',
        querystring: Query,
        response: { 200: Recommendations },
      },
    },
    async (request) => {
      const { truckId, limit = ITEMS_DEFAULT } = request.query;
      const truck = live.reference.truck(truckId);
      // As for one that is not there: nobody tries out which trucks others have.
      if (truck === undefined || !mayOrderFor(rightsOfRequest(request), truck, live.reference)) throw notFound('truck', truckId);
      return recommended(truck, limit, { live, driving });
    },
  );
};

function recommended(definition: TruckDefinition, limit: number, { live, driving }: RecommendationsRoutesOptions): Recommendations {
  const { chainageM, direction, grossMassKg, socPercent, packId, destinationStationId } = truckView(definition, live);
  const base = {
    truckId: definition.id,
    at: new Date(live.nowMs()).toISOString(),
    socPercent,
    urgency: socPercent === null ? null : urgencyOf(socPercent),
  };
  const pack = packId === null ? null : packOnBoard(packId, socPercent, live);
  if (pack === null) return { ...base, problem: 'CHARGE_UNKNOWN', items: [], passedOver: [] };
  if (chainageM === null || direction === null) return { ...base, problem: 'POSITION_UNKNOWN', items: [], passedOver: [] };
  const found = offersFor({ definition, chainageM, direction, grossMassKg, nominalWh: pack.nominalWh }, live, driving);
  const { ranked, passedOver } = rankStations(found.offers, { ...pack, headingForId: destinationStationId });
  return {
    ...base,
    problem: null,
    items: ranked.slice(0, limit).map(itemOf),
    passedOver: [...found.passedOver, ...passedOver].slice(0, limit),
  };
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

const itemOf = ({ way, ...station }: RankedStation): RecommendedStation => ({
  stationId: station.stationId,
  distanceM: Math.round(way.distanceM),
  etaMs: Math.round(way.durationMs),
  readyPacks: station.readyPacks,
  queueLength: station.queueLength,
  waitMs: station.estWaitMs,
  priceNanoYuanPerKwh: station.priceNanoYuanPerKwh.toString(),
  arrivalSocPercent: tenths(station.arrivalSocPercent),
  marginWh: station.marginWh,
  energyWh: station.energyWh,
  energyFen: station.energyFen.toString(),
  lostMinutes: {
    wait: tenths(station.lostMinutes.wait),
    packs: station.lostMinutes.packs,
    price: tenths(station.lostMinutes.price),
    progress: tenths(station.lostMinutes.progress),
  },
  reasons: station.reasons,
});
