import type { BatteryRate, Contract } from '@corridor/protocols/network-file';
import type { PackLeg } from '../network/actor-event.ts';
import { scaleLots } from '../pack/energy-lot.rules.ts';
import type { EnergyLot } from '../pack/energy-lot.ts';
import { packEnergyWh } from './pack-energy.ts';
import { commissionOf, type RatingTerms } from './rating-terms.ts';
import { rentRateOf } from './rent-rate.ts';
import { STATED_TAX_RATES } from './stated-tax-rates.ts';

/** The worked example: station BD1, 2025-07-15 20:12 (+08:00), a fleet with 282 kWh packs. */
const PRICES = { DEEP_VALLEY: 320_000_000n, VALLEY: 350_000_000n, FLAT: 650_000_000n, PEAK: 950_000_000n, SHARP: 1_100_000_000n };
export const lot = (period: EnergyLot['period'], energyWh: number, stationId = 'BD1'): EnergyLot => ({
  energyWh,
  period,
  priceNanoYuanPerKwh: PRICES[period],
  stationId,
  source: 'GRID',
});
export const contract: Contract = {
  id: 'CT-C1',
  carrierId: 'C1',
  allianceIds: ['CORRIDOR'],
  validFrom: '2025-01-01',
  validUntil: '2035-12-31',
  splitRule: 'LOTS',
  holdMarginBasisPoints: 500,
  holdStepFen: '1000',
  commissionServiceBasisPoints: 500,
  commissionRentBasisPoints: 300,
  settlementPeriod: 'M1',
};
export const terms: RatingTerms = {
  atMs: Date.parse('2025-07-15T20:12:00+08:00'),
  stationId: 'BD1',
  operatorId: 'SO1',
  platformId: 'PF',
  contract,
  stationRate: { id: 'SR-BD1-1', stationId: 'BD1', effectiveFrom: '2025-01-01', serviceNanoYuanPerKwh: '400000000', handlingFen: '1000' },
  tax: STATED_TAX_RATES,
  commission: commissionOf(contract),
  priceNow: { period: 'SHARP', priceNanoYuanPerKwh: PRICES.SHARP, tariffId: 'HEBEI_SOUTH-2022-1364' },
};
export const rate = (ownerId: string): BatteryRate => ({
  id: `BR-${ownerId}-1`,
  ownerId,
  effectiveFrom: '2025-01-01',
  rentNanoYuanPerKwh: '300000000',
  sohSteps: [
    { minSohPercent: 95, factorBasisPoints: 10_000 },
    { minSohPercent: 90, factorBasisPoints: 9_700 },
    { minSohPercent: 85, factorBasisPoints: 9_300 },
    { minSohPercent: 80, factorBasisPoints: 8_800 },
  ],
});
function legOf(pack: { packId: string; ownerId: string; socPercent: number; sohPercent: number; lots: EnergyLot[] }): PackLeg {
  const energyWh = packEnergyWh({ ...pack, nominalWh: 282_000 });
  return {
    ...pack,
    typeCode: 'LFP282',
    nominalWh: 282_000,
    energyWh,
    lots: scaleLots(pack.lots, energyWh, lot('FLAT', 0)),
    rentNanoYuanPerKwh: rentRateOf(rate(pack.ownerId), pack.sohPercent) ?? 0n,
  };
}
export const issued = legOf({
  packId: 'LFP282-0311',
  ownerId: 'BO2',
  socPercent: 96,
  sohPercent: 97.5,
  lots: [lot('VALLEY', 130_000), lot('FLAT', 80_000), lot('PEAK', 40_000), lot('SHARP', 13_952)],
});
export const returnedWith = (socPercent: number) =>
  legOf({
    packId: 'LFP282-0147',
    ownerId: 'BO1',
    socPercent,
    sohPercent: 92,
    lots: [lot('VALLEY', 20_000, 'HJ1'), lot('FLAT', 26_699, 'HJ1')],
  });
export const returned = returnedWith(18);
