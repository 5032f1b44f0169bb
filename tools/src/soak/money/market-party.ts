import type { PackLeg } from '@corridor/actors/network/actor-event';
import type { BillLine, ClearingShare } from '@corridor/actors/order/bill';
import { RATED_COMPONENTS } from '@corridor/protocols/agreement/component';
import type { Contract, PrincipalKind } from '@corridor/protocols/network-file';
import type { Bundle, Offer, Order } from '@corridor/recompute/bundle';
import { legFor, type PartInOrder } from '@corridor/twin/bundle/bundle-leg';
import type { BilledSwap } from './market-bundle.ts';
import type { Market } from './random-market.ts';

/** Who computes his year again. */
export interface MarketParty {
  readonly id: string;
  readonly kind: PrincipalKind;
}
export type MarketAgreements = Market['agreements'];

/** The payer and the platform; a carrier has no bills but its own. */
export const seesWholeBill = ({ kind }: MarketParty): boolean => kind === 'CARRIER' || kind === 'PLATFORM';

export const isSeen = ({ id, kind }: MarketParty, carrierId: string, shares: readonly ClearingShare[]): boolean =>
  kind === 'PLATFORM' || carrierId === id || shares.some(({ principalId }) => principalId === id);

export const linesFor = <T extends { beneficiaryId: string }>(party: MarketParty, lines: readonly T[]): readonly T[] =>
  seesWholeBill(party) ? lines : lines.filter(({ beneficiaryId }) => beneficiaryId === party.id);

export const sharesFor = ({ id, kind }: MarketParty, shares: readonly ClearingShare[]): Order['shares'] =>
  shares
    .filter(({ principalId }) => kind === 'PLATFORM' || principalId === id)
    .map(({ grossFen, commissionFen, netFen, ...share }) => ({
      ...share,
      grossFen: `${grossFen}`,
      commissionFen: `${commissionFen}`,
      netFen: `${netFen}`,
    }));

/** Contracts in part for who pays none of them; rate cards of owners for themselves and the platform. */
export function agreementsFor(party: MarketParty, agreements: MarketAgreements): Bundle['agreements'] {
  const contracts = agreements.contracts.filter(({ carrierId }) => party.kind !== 'CARRIER' || carrierId === party.id);
  return {
    ...agreements,
    contracts: seesWholeBill(party) ? contracts : contracts.map((contract) => partOf(contract, party.id)),
    batteryRates: agreements.batteryRates.filter(({ ownerId }) => party.kind === 'PLATFORM' || ownerId === party.id),
  };
}

/** How its own lines are split and charged commission, the mode that it issues, the discounts that it funds. */
function partOf(contract: Contract, partyId: string): Bundle['agreements']['contracts'][number] {
  const { id, splitRule, commissionServiceBasisPoints, commissionRentBasisPoints, commission, billing, incentives = [] } = contract;
  const isIssuer = billing !== undefined && 'issuerId' in billing && billing.issuerId === partyId;
  const funded = incentives.filter(({ funderId }) => funderId === partyId);
  return {
    id,
    splitRule,
    commissionServiceBasisPoints,
    commissionRentBasisPoints,
    ...(commission === undefined ? {} : { commission }),
    ...(isIssuer ? { billing } : {}),
    ...(funded.length > 0 ? { incentives: funded } : {}),
  };
}

/** An order as its party's bundle holds it. */
export function orderFor(party: MarketParty, swap: BilledSwap, contracts: readonly Contract[]): Order {
  const { orderId, truckId, billedAtMs, basis, bill } = swap;
  const { ratedAtMs, stationId, carrierId, contractId, stationRateId, tariffId } = basis;
  const isWhole = seesWholeBill(party);
  const shares = sharesFor(party, bill.shares);
  const isOperator = shares.some(({ role, principalId }) => role === 'STATION_OPERATOR' && principalId === party.id);
  const part: PartInOrder = { principalId: party.id, seesWholeBill: isWhole, isOperator };
  return {
    orderId,
    truckId,
    ratedAt: timeOf(ratedAtMs),
    billedAt: timeOf(billedAtMs),
    stationId,
    carrierId,
    contractId,
    stationRateId,
    tariffId,
    isCredit: basis.out === null,
    out: basis.out === null ? null : legFor(part, storedLeg(basis.out)),
    in: legFor(part, storedLeg(basis.in)),
    usage: isWhole ? usageOf(swap) : null,
    lines: linesFor(party, bill.lines).map((line) => ({
      ...line,
      quantity: `${line.quantity}`,
      unitPriceNanoYuan: `${line.unitPriceNanoYuan}`,
      amountFen: `${line.amountFen}`,
    })),
    offer: isWhole ? null : offerFor(party, swap, contracts),
    payableFen: isWhole ? `${bill.payableFen}` : null,
    shares: party.kind === 'CARRIER' ? [] : shares,
  };
}

/** What an issuer, or who funds a discount, is told beside his line. */
function offerFor({ id }: MarketParty, swap: BilledSwap, contracts: readonly Contract[]): Offer | null {
  const { lines } = swap.bill;
  const isOfOffer = ({ component }: BillLine) => component === 'MODE_ADJUSTMENT' || component === 'INCENTIVE';
  if (!lines.some((line) => line.beneficiaryId === id && isOfOffer(line))) return null;
  const billing = contracts.find((contract) => contract.id === swap.basis.contractId)?.billing;
  const replaces: readonly string[] =
    billing?.mode === 'MONTHLY_RENT' ? ['BATTERY_RENT'] : billing !== undefined && 'replaces' in billing ? billing.replaces : [];
  const rated: readonly string[] = [...RATED_COMPONENTS, 'MODE_ADJUSTMENT'];
  return {
    replacedFen: sumOf(lines.filter(({ component }) => replaces.includes(component))),
    dueFen: sumOf(lines.filter(({ component }) => rated.includes(component))),
    netEnergyWh: `${(swap.basis.out?.energyWh ?? 0) - swap.basis.in.energyWh}`,
    usage: usageOf(swap),
    discountsOfOthers: discountsOfOthers(
      lines.filter(({ component }) => component === 'INCENTIVE'),
      id,
    ),
  };
}

function discountsOfOthers(discounts: readonly BillLine[], id: string): Offer['discountsOfOthers'] {
  let afterLines = 0;
  return discounts.flatMap(({ beneficiaryId, amountFen }) => {
    if (beneficiaryId !== id) return [{ afterLines, amountFen: `${amountFen}` }];
    afterLines += 1;
    return [];
  });
}

function usageOf({ basis: { usage } }: BilledSwap): Exclude<Order['usage'], null> {
  const grant = usage.packageGrant;
  return { ...usage, packageGrant: grant === null ? null : { ...grant, quantity: `${grant.quantity}`, amountFen: `${grant.amountFen}` } };
}

const storedLeg = (leg: PackLeg) => ({
  ...leg,
  rentNanoYuanPerKwh: `${leg.rentNanoYuanPerKwh}`,
  lots: leg.lots.map((lot) => ({ ...lot, priceNanoYuanPerKwh: `${lot.priceNanoYuanPerKwh}` })),
});

const sumOf = (lines: readonly BillLine[]): string => `${lines.reduce((sum, { amountFen }) => sum + amountFen, 0n)}`;
const timeOf = (atMs: number): string => new Date(atMs).toISOString();
