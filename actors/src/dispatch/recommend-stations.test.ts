import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESERVE_RATIO_OF_NOMINAL } from './reach.ts';
import { lostMinutesOf, rankStations, type StationOffer, urgencyOf } from './recommend-stations.ts';

const NOMINAL_WH = 350_000;
/** Of a pack with a SOH of 90 %. */
const FULL_WH = 315_000;
/** 1.5 kWh a kilometre on a level road. */
const way = (distanceM: number, isAfterTurn = false) => ({
  sumWh: distanceM * 1.5,
  peakWh: distanceM * 1.5,
  roomWh: 0,
  durationMs: (distanceM / 20) * 1_000,
  distanceM,
  isAfterTurn,
});
const offer = (stationId: string, over: Partial<StationOffer> = {}): StationOffer => ({
  stationId,
  way: way(50_000),
  readyPacks: 4,
  queueLength: 0,
  queueWithPack: 0,
  estWaitMs: 0,
  priceNanoYuanPerKwh: 1_000_000_000n,
  issueWh: 315_000,
  ...over,
});
const rank = (offers: StationOffer[], contentWh = 200_000, headingForId: string | null = null) =>
  rankStations(offers, { contentWh, fullWh: FULL_WH, nominalWh: NOMINAL_WH, headingForId });
const order = (offers: StationOffer[], contentWh?: number) => rank(offers, contentWh).ranked.map(({ stationId }) => stationId);
const reasons = (offers: StationOffer[], stationId: string, headingForId: string | null = null) =>
  rank(offers, 200_000, headingForId).ranked.find((each) => each.stationId === stationId)?.reasons;

describe('the order of stations', () => {
  it('is the farthest within reach first, where all else is the same', () => {
    expect(order([offer('NEAR'), offer('FAR', { way: way(90_000) })])).toEqual(['FAR', 'NEAR']);
  });

  it('weighs a minute in the queue as two kilometres of progress', () => {
    const waits = (minutes: number) => offer('FAR', { way: way(90_000), queueLength: 1, estWaitMs: minutes * 60_000 });
    expect(order([offer('NEAR'), waits(19)])).toEqual(['FAR', 'NEAR']);
    expect(order([offer('NEAR'), waits(21)])).toEqual(['NEAR', 'FAR']);
  });

  it('counts a pack that somebody in the queue takes as not there', () => {
    const far = (over: Partial<StationOffer>) => offer('FAR', { way: way(80_000), ...over });
    expect(order([offer('NEAR'), far({ readyPacks: 2, queueLength: 2 })])).toEqual(['NEAR', 'FAR']);
    expect(order([offer('NEAR'), far({ readyPacks: 3, queueLength: 2 })])).toEqual(['FAR', 'NEAR']);
    // Who waits for a pack that is kept for him takes none of the ready ones.
    expect(order([offer('NEAR'), far({ readyPacks: 2, queueLength: 2, queueWithPack: 1 })])).toEqual(['FAR', 'NEAR']);
    expect(order([offer('NEAR'), far({ readyPacks: 0, queueLength: 0, queueWithPack: 1 })])).toEqual(['NEAR', 'FAR']);
  });

  it('weighs what the energy costs more than at the cheapest', () => {
    // Some 190 kWh at 0.30 yuan more are 57 yuan: 28 minutes of a truck.
    const dear = offer('FAR', { way: way(90_000), priceNanoYuanPerKwh: 1_300_000_000n });
    expect(order([offer('NEAR'), dear])).toEqual(['NEAR', 'FAR']);
  });

  it('puts what costs some of the reserve last, nearest first', () => {
    const offers = [offer('A', { way: way(125_000) }), offer('B', { way: way(120_000) }), offer('C', { way: way(20_000), readyPacks: 0 })];
    expect(order(offers)).toEqual(['C', 'B', 'A']);
    expect(rank(offers).ranked.map(({ marginWh }) => marginWh)).toEqual([135_000, -15_000, -22_500]);
  });

  it('passes over what the pack does not reach, and what is not worth a swap', () => {
    expect(rank([offer('BEYOND', { way: way(140_000) }), offer('FULL', { way: way(1_000), issueWh: 230_000 })]).passedOver).toEqual([
      { stationId: 'BEYOND', reason: 'OUT_OF_REACH' },
      { stationId: 'FULL', reason: 'NOT_WORTH_IT' },
    ]);
  });
});

describe('what is told of a station', () => {
  it('is how full the pack arrives, what it takes, and what that costs', () => {
    const [told] = rank([offer('A')]).ranked;
    // 200 kWh less 75 kWh of road; 315 kWh less 125 kWh at 1 yuan.
    expect(told).toMatchObject({ energyWh: 190_000, energyFen: 19_000n, marginWh: 90_000 });
    expect(told?.arrivalSocPercent).toBeCloseTo((125 / 315) * 100, 9);
  });

  it('is what speaks for it among the others', () => {
    const offers = [
      offer('NEAR', { readyPacks: 6 }),
      offer('FAR', { way: way(90_000, true), readyPacks: 1, priceNanoYuanPerKwh: 900_000_000n }),
      offer('BUSY', { way: way(70_000), readyPacks: 2, queueLength: 2, estWaitMs: 600_000 }),
    ];
    expect(reasons(offers, 'NEAR')).toEqual(['NEAREST', 'NO_WAIT', 'MOST_PACKS']);
    expect(reasons(offers, 'FAR')).toEqual(['FEWEST_SWAPS', 'NO_WAIT', 'CHEAPEST', 'LAST_PACK', 'AFTER_TURN']);
    expect(reasons(offers, 'BUSY', 'BUSY')).toEqual(['HEADING_FOR', 'NO_FREE_PACK']);
  });

  it('is nothing that holds for all of them', () => {
    expect(reasons([offer('A'), offer('B')], 'A')).not.toContain('CHEAPEST');
    expect(reasons([offer('A')], 'A')).toEqual(['ONLY_ONE', 'NO_WAIT']);
  });
});

it.each([
  [9, 'NOW'],
  [14.9, 'NOW'],
  [15, 'SOON'],
  [29.9, 'SOON'],
  [30, 'NOT_YET'],
])('asks a truck with %d %% to swap: %s', (socPercent, urgency) => {
  expect(urgencyOf(socPercent)).toBe(urgency);
});

it('never puts a station that costs reserve before one that does not, nor loses one, nor depends on the order it was asked in', () => {
  const station = fc.record({
    stationId: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
    way: fc.integer({ min: 0, max: 300_000 }).map((distanceM) => way(distanceM)),
    readyPacks: fc.integer({ min: 0, max: 7 }),
    queueLength: fc.integer({ min: 0, max: 5 }),
    queueWithPack: fc.integer({ min: 0, max: 6 }),
    estWaitMs: fc.integer({ min: 0, max: 3_600_000 }),
    priceNanoYuanPerKwh: fc.bigInt({ min: 0n, max: 2_000_000_000n }),
    issueWh: fc.constant(315_000),
  });
  const offers = fc.uniqueArray(station, { selector: ({ stationId }) => stationId });
  fc.assert(
    fc.property(offers, fc.integer({ min: 0, max: 350_000 }), (given, contentWh) => {
      const { ranked, passedOver } = rank(given, contentWh);
      expect(ranked.length + passedOver.length).toBe(given.length);
      expect(rank(given.toReversed(), contentWh).ranked.map(({ stationId }) => stationId)).toEqual(
        ranked.map(({ stationId }) => stationId),
      );
      for (const [
        index,
        {
          marginWh,
          way: { peakWh },
          lostMinutes,
        },
      ] of ranked.entries()) {
        expect(marginWh >= 0).toBe(Math.round(contentWh - peakWh - RESERVE_RATIO_OF_NOMINAL * NOMINAL_WH) >= 0);
        const next = ranked[index + 1];
        if (next === undefined) continue;
        expect(marginWh < 0 && next.marginWh >= 0).toBe(false);
        if (next.marginWh >= 0) expect(lostMinutesOf(lostMinutes)).toBeLessThanOrEqual(lostMinutesOf(next.lostMinutes));
      }
    }),
  );
});
