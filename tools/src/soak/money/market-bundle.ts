import type { Charge } from '@corridor/actors/charge/charge';
import type { PackLeg } from '@corridor/actors/network/actor-event';
import type { Bill, ClearingShare } from '@corridor/actors/order/bill';
import type { BillBasis } from '@corridor/actors/order/bill-basis';
import type { Correction } from '@corridor/actors/settlement/correction';
import type { BatteryRate, Contract, StationRate, TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { Bundle } from '@corridor/recompute/bundle';
import { recompute } from '@corridor/recompute/recompute';
import type { MarketBooks } from './market-books.ts';

/** A bill with what it was made of. */
export interface BilledSwap {
  readonly orderId: string;
  readonly truckId: string;
  readonly billedAtMs: number;
  readonly basis: BillBasis;
  readonly bill: Bill;
}
interface MarketRecords {
  readonly platformId: string;
  readonly hasWrittenOff: boolean;
  readonly swaps: readonly BilledSwap[];
  readonly corrections: readonly { correction: Correction; contractId: string; atMs: number }[];
  readonly charges: readonly Charge[];
  readonly agreements: {
    contracts: Contract[];
    stationRates: StationRate[];
    tariffs: TimeOfUseTariff[];
    batteryRates: BatteryRate[];
  };
}

/**
 * Everything that was booked, computed again by the program that shares no code with the product: as the platform sees it, which is
 * every line and share, and as a carrier does, whose every transfer must be what its bills say.
 */
export function recomputedFindings(records: MarketRecords, books: MarketBooks, carrierId: string): string[] {
  return [records.platformId, carrierId].flatMap((principalId) =>
    recompute(bundleOf(records, books, principalId))
      // What an order that was written off was issued at is in no bill.
      .differences.filter(({ where }) => !(records.hasWrittenOff && where.endsWith('rent since its issue')))
      .map(({ where, said, computed }) => `computed again for ${principalId}, ${where}: ${said}, it is ${computed}`),
  );
}

function bundleOf(records: MarketRecords, books: MarketBooks, principalId: string): Bundle {
  const isPlatform = principalId === records.platformId;
  const isSeen = (carrierId: string) => isPlatform || carrierId === principalId;
  const sharesOf = (shares: readonly ClearingShare[]) => (isPlatform ? shares.map(shareOf) : []);
  const kinds = isPlatform ? ['INCOME'] : ['PREPAID', 'HELD', 'DEPOSIT', 'PACKAGE'];
  const accounts = kinds.map((kind) => {
    const id = `${principalId}_${kind.toLowerCase()}`;
    return { id, kind, openingFen: '0', closingFen: `${books.ledger.balance(id)}` };
  });
  const own = new Set(accounts.map(({ id }) => id));
  return {
    format: 'corridor-bundle/1',
    platformId: records.platformId,
    principalId,
    principalKind: isPlatform ? 'PLATFORM' : 'CARRIER',
    from: '2000-01-01T00:00:00.000Z',
    until: '2099-01-01T00:00:00.000Z',
    agreements: records.agreements,
    accounts,
    orders: records.swaps
      .filter(({ basis }) => isSeen(basis.carrierId))
      .map((swap) => ({ ...orderOf(swap), shares: sharesOf(swap.bill.shares) })),
    corrections: records.corrections
      .filter(({ correction }) => isSeen(correction.carrierId))
      .map(({ correction, contractId, atMs }) => ({
        ...correction,
        contractId,
        bookedAt: timeOf(atMs),
        lines: correction.lines.map((line) => ({ ...line, amountFen: `${line.amountFen}` })),
        shares: sharesOf(correction.shares),
      })),
    charges: records.charges
      .filter(({ carrierId }) => isSeen(carrierId))
      .map((charge) => ({
        ...charge,
        lines: charge.lines.map(({ amountFen }) => ({ amountFen: `${amountFen}` })),
        payableFen: `${charge.payableFen}`,
        shares: sharesOf(charge.shares),
      })),
    statements: [],
    transfers: books.booked
      .filter(({ transfer }) => own.has(transfer.debitAccountId) || own.has(transfer.creditAccountId))
      .map(({ transfer, atMs }, index) => ({
        ...transfer,
        no: `${index}`,
        amountFen: `${transfer.amountFen}`,
        at: timeOf(atMs),
        proof: null,
      })),
    batches: [],
  };
}

type BundleOrder = Bundle['orders'][number];

function orderOf({ orderId, truckId, billedAtMs, basis, bill }: BilledSwap): BundleOrder {
  const { ratedAtMs, stationId, carrierId, contractId, stationRateId, tariffId, usage, out } = basis;
  const grant = usage.packageGrant;
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
    isCredit: out === null,
    out: out === null ? null : bundleLeg(out),
    in: bundleLeg(basis.in),
    usage: {
      ...usage,
      packageGrant: grant === null ? null : { ...grant, quantity: `${grant.quantity}`, amountFen: `${grant.amountFen}` },
    },
    lines: bill.lines.map((line) => ({
      ...line,
      quantity: `${line.quantity}`,
      unitPriceNanoYuan: `${line.unitPriceNanoYuan}`,
      amountFen: `${line.amountFen}`,
    })),
    offer: null,
    payableFen: `${bill.payableFen}`,
    shares: [],
  };
}

const bundleLeg = (leg: PackLeg): Exclude<BundleOrder['in'], null> => ({
  ...leg,
  nominalWh: `${leg.nominalWh}`,
  energyWh: `${leg.energyWh}`,
  rentNanoYuanPerKwh: `${leg.rentNanoYuanPerKwh}`,
  lots: leg.lots.map(({ energyWh, period, priceNanoYuanPerKwh }) => ({
    energyWh: `${energyWh}`,
    period,
    priceNanoYuanPerKwh: `${priceNanoYuanPerKwh}`,
  })),
});

const shareOf = ({ grossFen, commissionFen, netFen, ...share }: ClearingShare): BundleOrder['shares'][number] => ({
  ...share,
  grossFen: `${grossFen}`,
  commissionFen: `${commissionFen}`,
  netFen: `${netFen}`,
});

const timeOf = (atMs: number): string => new Date(atMs).toISOString();
