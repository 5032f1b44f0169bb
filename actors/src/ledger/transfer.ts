import type { Fen } from './fen.ts';

export const TRANSFER_KINDS = [
  'TOP_UP',
  'ENERGY_DEPOSIT',
  'ENERGY_DEPOSIT_REFUND',
  'HOLD',
  'RELEASE',
  'PACKAGE_PURCHASE',
  'PACKAGE_EXPIRY',
  'SWAP_EXPENSE',
  'SWAP_INCOME',
  'COMMISSION',
  'CORRECTION',
  'REFUND',
  'PENALTY',
  'SETTLEMENT_OUT',
] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** One movement of money between two accounts: immutable, positive, known by its key. A correction is a new one. */
export interface Transfer {
  /** Unique in the ledger, derived from what caused it: `order:<id>:hold`. */
  key: string;
  kind: TransferKind;
  debitAccountId: string;
  creditAccountId: string;
  /** > 0 */
  amountFen: Fen;
  orderId: string | null;
}

/** Names made once: principals are few, and each transfer names two accounts that are looked up. */
function named(nameOf: (id: string) => string): (id: string) => string {
  const names = new Map<string, string>();
  return (id) => {
    let name = names.get(id);
    if (name === undefined) {
      name = nameOf(id);
      names.set(id, name);
    }
    return name;
  };
}

/** Names of the accounts of a principal. */
export const accountOf = {
  prepaid: named((carrierId) => `${carrierId}_prepaid`),
  held: named((carrierId) => `${carrierId}_held`),
  deposit: named((carrierId) => `${carrierId}_deposit`),
  /** Money of packages that were bought and are not used yet. */
  package: named((carrierId) => `${carrierId}_package`),
  income: named((principalId) => `${principalId}_income`),
  clearing: named((platformId) => `${platformId}_clearing`),
  rail: named((channel) => `RAIL_${channel}`),
};
