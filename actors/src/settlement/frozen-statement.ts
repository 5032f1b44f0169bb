import type { BelowZeroRule, SettlementPeriod } from '@corridor/protocols/agreement/settlement-agreement';
import { type Fen, fen } from '../ledger/fen.ts';
import { accountOf, type Transfer } from '../ledger/transfer.ts';
import type { PartnerSplit } from './secondary-clearing.ts';

/** A statement as it stays for ever. */
export interface FrozenStatement {
  readonly statementId: string;
  readonly principalId: string;
  readonly period: SettlementPeriod;
  /** Version of the settlement agreement; null: the stated default. */
  readonly agreementId: string | null;
  /** Half-open, scope ms. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly payableAtMs: number;
  /** What the principal is paid for it; negative: what it owes. */
  readonly totalFen: bigint;
  /** Canonical JSON, and its SHA-256 in hexadecimal. */
  readonly content: string;
  readonly contentHash: string;
  readonly splits: readonly PartnerSplit[];
  /** Splits of others' statements that came into this one. */
  readonly receivedFrom: readonly { readonly statementId: string; readonly ruleNo: number; readonly partnerId: string }[];
  /** PAID: there is nothing to pay out. Below zero, as was agreed, it is CARRIED, taken off the next, or DUE, to be paid in. */
  readonly state: 'FROZEN' | 'PAID' | 'CARRIED' | 'DUE';
}

/** What becomes of a total. A carrier paid before each swap: its statement only tells. */
export function statementStateOf(totalFen: bigint, of: { isCarrier: boolean; belowZero: BelowZeroRule }): FrozenStatement['state'] {
  if (of.isCarrier || totalFen === 0n) return 'PAID';
  if (totalFen > 0n) return 'FROZEN';
  return of.belowZero === 'COLLECT' ? 'DUE' : 'CARRIED';
}

/** Payment by which a statement that is due is paid in, and its key in the ledger. @param attempt from 1; one that was not paid in time is over */
export const collectionIdOf = (statementId: string, attempt: number): string => `statement:${statementId}:collect:${attempt}`;

/** Secondary clearing in the books: between income accounts, each split once. */
export function splitTransfers({
  statementId,
  principalId,
  splits,
}: Pick<FrozenStatement, 'statementId' | 'principalId' | 'splits'>): Transfer[] {
  return splits
    .filter(({ amountFen, partnerId }) => amountFen !== 0n && partnerId !== principalId)
    .map(({ ruleNo, partnerId, amountFen }) => {
      const [payer, payee] = amountFen > 0n ? [principalId, partnerId] : [partnerId, principalId];
      return {
        key: splitKey(statementId, ruleNo, partnerId),
        kind: 'SWAP_INCOME',
        debitAccountId: accountOf.income(payer),
        creditAccountId: accountOf.income(payee),
        amountFen: fen(amountFen > 0n ? amountFen : 0n - amountFen),
        orderId: null,
      };
    });
}

/** What each account is told of the splits: key and signed amount. */
export function splitPostings(
  statement: Pick<FrozenStatement, 'statementId' | 'principalId' | 'splits'>,
): { principalId: string; key: string; amountFen: Fen }[] {
  const { statementId, principalId, splits } = statement;
  const paid = splits.filter(({ amountFen, partnerId }) => amountFen !== 0n && partnerId !== principalId);
  return paid.flatMap(({ ruleNo, partnerId, amountFen }) => {
    const key = splitKey(statementId, ruleNo, partnerId);
    return [
      { principalId, key, amountFen: fen(0n - amountFen) },
      { principalId: partnerId, key, amountFen },
    ];
  });
}

const splitKey = (statementId: string, ruleNo: number, partnerId: string) => `statement:${statementId}:split:${ruleNo}:${partnerId}`;
