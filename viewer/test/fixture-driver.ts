import type { QuotedSoc } from '@corridor/protocols/http/order-detail';
import type { Recommendations } from '@corridor/protocols/http/recommendation';
import type { OrderSummary } from '@corridor/protocols/http/scene';
import { billOf } from './fixture-documents.ts';
import { truckAt } from './fixture-scene.ts';

/** What the twin would recommend to a truck: one station far on, one near, one that is short of packs. */
export function recommendationsFor(truckId: string, atMs: number): Recommendations {
  const base = { queueLength: 0, waitMs: 0, priceNanoYuanPerKwh: '873400000', lostMinutes: { wait: 0, packs: 0, price: 0, progress: -40 } };
  return {
    truckId,
    at: new Date(atMs).toISOString(),
    socPercent: truckAt(1, atMs).socPercent,
    urgency: 'SOON',
    problem: null,
    items: [
      {
        ...base,
        stationId: 'BD1',
        distanceM: 68_400,
        etaMs: 3_240_000,
        readyPacks: 5,
        arrivalSocPercent: 17.4,
        marginWh: 21_000,
        energyWh: 254_100,
        energyFen: '22193',
        reasons: ['HEADING_FOR', 'FEWEST_SWAPS', 'NO_WAIT', 'MOST_PACKS'],
      },
      {
        ...base,
        stationId: 'HJ1',
        distanceM: 12_900,
        etaMs: 660_000,
        readyPacks: 1,
        queueLength: 0,
        arrivalSocPercent: 33.1,
        marginWh: 80_000,
        energyWh: 199_150,
        energyFen: '17394',
        reasons: ['NEAREST', 'LAST_PACK'],
      },
      {
        ...base,
        stationId: 'FP1',
        distanceM: 150_200,
        etaMs: 7_320_000,
        readyPacks: 2,
        queueLength: 2,
        waitMs: 600_000,
        arrivalSocPercent: 4.2,
        marginWh: -20_300,
        energyWh: 300_300,
        energyFen: '26228',
        reasons: ['NO_FREE_PACK', 'BELOW_RESERVE'],
      },
    ],
    passedOver: [
      { stationId: 'HJ2', reason: 'WRONG_SIDE' },
      { stationId: 'RC1', reason: 'OUT_OF_REACH' },
      { stationId: 'YP1', reason: 'STATION_OFFLINE' },
    ],
  };
}

/** Orders that stand for each stage of a driver's swap, so that pictures of all of them can be taken. */
export const STAGED_ORDERS: Readonly<Record<string, Partial<OrderSummary>>> = {
  quoted: { state: 'QUOTED', heldFen: null, payableFen: null },
  kept: { state: 'HELD', payableFen: null },
  lifting: { state: 'IN_PROGRESS', swapState: 'LIFTING', payableFen: null },
  carrying: { state: 'IN_PROGRESS', swapState: 'TRANSFER_OUT', payableFen: null },
  suspended: { state: 'IN_PROGRESS', swapState: 'SUSPENDED', payableFen: null },
  done: { state: 'CLEARED', swapState: 'COMPLETED', payableFen: billOf('O-STAGED').payableFen },
  refused: { state: 'REJECTED', reason: 'NO_CREDIT', payableFen: null, heldFen: null },
  abnormal: { state: 'ABNORMAL', reason: 'SOC_JUMP', payableFen: null },
};

export const PAPERS = {
  drivers: {
    items: [{ id: 'D001', name: '王**', carrierId: 'C1', truckIds: ['T001'], certifiedUntil: '2027-08-31' }],
    nextCursor: null,
  },
} as const;

/** Of a price that was asked for on the way. */
export const QUOTED_SOC: QuotedSoc = { basis: 'ARRIVAL', percent: 17.4, reportedPercent: 34 };
