import type { Charge } from '@corridor/actors/charge/charge';
import type { Bill } from '@corridor/actors/order/bill';
import type { BillBasis } from '@corridor/actors/order/bill-basis';
import type { Correction } from '@corridor/actors/settlement/correction';
import type { Bundle } from '@corridor/recompute/bundle';
import { recompute } from '@corridor/recompute/recompute';
import type { MarketBooks } from './market-books.ts';
import {
  agreementsFor,
  isSeen,
  linesFor,
  type MarketAgreements,
  type MarketParty,
  orderFor,
  seesWholeBill,
  sharesFor,
} from './market-party.ts';

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
  readonly agreements: MarketAgreements;
}

/**
 * Everything that was booked, computed again by the program that shares no code with the product: as each party sees it. The platform has
 * every line and share, a carrier its bills, and who earns his lines and what they follow from, so that each kind of party can do it.
 */
export function recomputedFindings(records: MarketRecords, books: MarketBooks, parties: readonly MarketParty[]): string[] {
  return parties.flatMap((party) =>
    recompute(bundleOf(records, books, party))
      // What an order that was written off was issued at is in no bill.
      .differences.filter(({ where }) => !(records.hasWrittenOff && where.endsWith('rent since its issue')))
      .map(({ where, said, computed }) => `computed again for ${party.id}, ${where}: ${said}, it is ${computed}`),
  );
}

function bundleOf(records: MarketRecords, books: MarketBooks, party: MarketParty): Bundle {
  const kinds = party.kind === 'CARRIER' ? ['PREPAID', 'HELD', 'DEPOSIT', 'PACKAGE'] : ['INCOME'];
  const accounts = kinds.map((kind) => {
    const id = `${party.id}_${kind.toLowerCase()}`;
    return { id, kind, openingFen: '0', closingFen: `${books.ledger.balance(id)}` };
  });
  const own = new Set(accounts.map(({ id }) => id));
  const orders = records.swaps.filter(({ basis, bill }) => isSeen(party, basis.carrierId, bill.shares));
  return {
    format: 'corridor-bundle/1',
    platformId: records.platformId,
    principalId: party.id,
    principalKind: party.kind,
    from: '2000-01-01T00:00:00.000Z',
    until: '2099-01-01T00:00:00.000Z',
    agreements: agreementsFor(party, records.agreements),
    accounts,
    orders: orders.map((swap) => orderFor(party, swap, records.agreements.contracts)),
    corrections: records.corrections
      .filter(({ correction }) => isSeen(party, correction.carrierId, correction.shares))
      .map(({ correction, contractId, atMs }) => ({
        ...correction,
        contractId,
        bookedAt: timeOf(atMs),
        lines: linesFor(party, correction.lines).map((line) => ({ ...line, amountFen: `${line.amountFen}` })),
        shares: sharesFor(party, correction.shares),
      })),
    charges: records.charges
      .filter(({ carrierId, shares }) => isSeen(party, carrierId, shares))
      .map((charge) => ({
        ...charge,
        lines: linesFor(party, charge.lines).map(({ lineNo, component, amountFen }) => ({ lineNo, component, amountFen: `${amountFen}` })),
        payableFen: seesWholeBill(party) ? `${charge.payableFen}` : null,
        shares: sharesFor(party, charge.shares),
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

const timeOf = (atMs: number): string => new Date(atMs).toISOString();
