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

/** Names of the accounts of a principal. */
export const accountOf = {
  prepaid: (carrierId: string) => `${carrierId}_prepaid`,
  held: (carrierId: string) => `${carrierId}_held`,
  deposit: (carrierId: string) => `${carrierId}_deposit`,
  /** Money of packages that were bought and are not used yet. */
  package: (carrierId: string) => `${carrierId}_package`,
  income: (principalId: string) => `${principalId}_income`,
  clearing: (platformId: string) => `${platformId}_clearing`,
  rail: (channel: string) => `RAIL_${channel}`,
};
