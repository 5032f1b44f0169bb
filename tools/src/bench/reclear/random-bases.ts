import type { PackLeg } from '@corridor/actors/network/actor-event';
import type { BillBasis } from '@corridor/actors/order/bill-basis';
import type { EnergyLot } from '@corridor/actors/pack/energy-lot';
import { lotsEnergyWh } from '@corridor/actors/pack/energy-lot.rules';
import type { Prng } from '@corridor/actors/time/prng';
import type { NetworkFile } from '@corridor/protocols/network-file';

/** Instant of the first swap [scope ms]; the others follow within a day. */
const DAY_BEGINS_MS = Date.parse('2026-11-01T00:00:00+08:00');
const DAY_MS = 86_400_000;
const PRICES = { VALLEY: 350_000_000n, FLAT: 650_000_000n, PEAK: 950_000_000n, SHARP: 1_100_000_000n } as const;
const PERIODS = ['VALLEY', 'FLAT', 'PEAK', 'SHARP'] as const;

export interface BasisOfTruck {
  basis: BillBasis;
  truckId: string;
}

/** What bills of a day are made of: packs of the network, charged over one to four periods, driven down. */
export function randomBasis(random: Prng, file: NetworkFile): BasisOfTruck {
  const truck = random.pick(file.trucks);
  const { id: stationId } = random.pick(file.stations);
  const lotsOf = (targetWh: number): EnergyLot[] => {
    const periods = PERIODS.filter(() => random.chance(0.6));
    const some = periods.length === 0 ? (['FLAT'] as const) : periods;
    return some.map((period) => ({
      period,
      priceNanoYuanPerKwh: PRICES[period],
      energyWh: Math.max(1, Math.floor((targetWh / some.length) * random.uniform(0.8, 1))),
      stationId: random.pick(file.stations).id,
      source: random.chance(0.2) ? 'PV' : 'GRID',
    }));
  };
  const legOf = (targetWh: number): PackLeg => {
    const { id: packId, typeCode, ownerId } = random.pick(file.packs);
    const lots = lotsOf(targetWh);
    const energyWh = lotsEnergyWh(lots);
    return {
      packId,
      typeCode,
      ownerId,
      socPercent: Math.round(energyWh / 3_500),
      sohPercent: random.integer(80, 100),
      nominalWh: 350_000,
      energyWh,
      lots,
      rentNanoYuanPerKwh: BigInt(random.integer(260, 300)) * 1_000_000n,
    };
  };
  return {
    truckId: truck.id,
    basis: {
      ratedAtMs: DAY_BEGINS_MS + random.integer(0, DAY_MS - 1),
      stationId,
      carrierId: truck.carrierId,
      contractId: 'as-then',
      stationRateId: 'as-then',
      tariffId: 'as-then',
      out: legOf(300_000),
      in: legOf(60_000),
      usage: { distanceSinceSwapM: random.integer(10_000, 200_000), readyPacks: random.integer(1, 9), waitedMs: null, packageGrant: null },
    },
  };
}

export const SPAN = { from: '2026-10-31T00:00:00.000Z', until: '2026-11-02T00:00:00.000Z' } as const;
