import type { CommissionRates, TaxRates } from '@corridor/protocols/agreement/component-rates';
import type { Contract, StationRate } from '@corridor/protocols/network-file';
import type { Reference } from '../network/reference.ts';
import { localDateOf } from '../tariff/local-time.ts';
import { type PricedPeriod, pricedPeriodAt } from '../tariff/time-of-use.ts';
import { STATED_TAX_RATES } from './stated-tax-rates.ts';

/** What a swap is rated by: everything agreed beforehand, in force at one instant. */
export interface RatingTerms {
  atMs: number;
  stationId: string;
  operatorId: string;
  platformId: string;
  contract: Contract;
  stationRate: StationRate;
  tax: TaxRates;
  commission: CommissionRates;
  /** Period and price of the station's grid region at `atMs`: what a contract with `splitRule` SWAP_TIME bills by. */
  priceNow: PricedPeriod;
}

/** Never a price of 0 for what is not there: a swap without a price is refused. */
export type RatingRefusal = { reason: 'TARIFF_MISSING' | 'NETWORK_NOT_ALLOWED'; detail: string };
export type RatingTermsResult = { ok: true; terms: RatingTerms } | ({ ok: false } & RatingRefusal);

/** Contract, station rate and tariff in force for a carrier at a station at an instant. */
export function ratingTermsAt(reference: Reference, at: { stationId: string; carrierId: string; atMs: number }): RatingTermsResult {
  const onDate = localDateOf(at.atMs);
  const refuse = (reason: RatingRefusal['reason'], detail: string) => ({ ok: false, reason, detail }) as const;
  const station = reference.station(at.stationId);
  if (station === undefined) return refuse('TARIFF_MISSING', `station ${at.stationId} is not registered`);
  const contract = reference.contractOf(at.carrierId, onDate);
  if (contract === undefined) return refuse('NETWORK_NOT_ALLOWED', noContract(at.carrierId, onDate));
  const stationRate = reference.stationRate(at.stationId, onDate);
  if (stationRate === undefined) return refuse('TARIFF_MISSING', `station ${at.stationId} has no rate on ${onDate}`);
  const priceNow = pricedPeriodAt((stationId, date) => reference.tariffOf(stationId, date), at.stationId, at.atMs);
  if (priceNow === null) return refuse('TARIFF_MISSING', `station ${at.stationId} has no tariff on ${onDate}`);
  const { operatorId } = station;
  return {
    ok: true,
    terms: {
      atMs: at.atMs,
      stationId: at.stationId,
      operatorId,
      platformId: reference.platformId,
      contract,
      tax: contract.tax ?? STATED_TAX_RATES,
      commission: commissionOf(contract),
      stationRate,
      priceNow,
    },
  };
}

/** What a penalty is rated by: no price of energy is in it. */
export type PenaltyTerms = Omit<RatingTerms, 'stationRate' | 'priceNow'>;

/** By the contract in force for a carrier at an instant. @param at.operatorId whose the station was then */
export function penaltyTermsAt(
  reference: Reference,
  at: { stationId: string; operatorId: string; carrierId: string; atMs: number },
): { ok: true; terms: PenaltyTerms } | { ok: false; reason: 'NETWORK_NOT_ALLOWED'; detail: string } {
  const { stationId, operatorId, carrierId, atMs } = at;
  const onDate = localDateOf(atMs);
  const contract = reference.contractOf(carrierId, onDate);
  if (contract === undefined) return { ok: false, reason: 'NETWORK_NOT_ALLOWED', detail: noContract(carrierId, onDate) };
  return { ok: true, terms: { atMs, stationId, operatorId, platformId: reference.platformId, ...ratesOf(contract) } };
}

const noContract = (carrierId: string, onDate: string): string => `carrier ${carrierId} has no contract on ${onDate}`;
const ratesOf = (contract: Contract) => ({ contract, tax: contract.tax ?? STATED_TAX_RATES, commission: commissionOf(contract) });

/** The contract's rate of each component; without them, its two rates: electricity and penalties are passed on without one. */
export function commissionOf({ commission, commissionServiceBasisPoints, commissionRentBasisPoints }: Contract): CommissionRates {
  return (
    commission ?? {
      ELECTRICITY: 0,
      SERVICE: commissionServiceBasisPoints,
      BATTERY_RENT: commissionRentBasisPoints,
      SWAP_HANDLING: commissionServiceBasisPoints,
      PENALTY: 0,
    }
  );
}
