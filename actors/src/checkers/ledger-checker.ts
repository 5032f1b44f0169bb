import { LedgerBook } from '../ledger/ledger-book.ts';
import type { Transfer } from '../ledger/transfer.ts';
import type { Effect } from '../network/effect.ts';

export function transfersOf(effects: Iterable<Effect>): Transfer[] {
  const transfers: Transfer[] = [];
  for (const effect of effects) if (effect.type === 'ledger.posted') transfers.push(...effect.transfers);
  return transfers;
}

/**
 * The ledger as the world is told it: every transfer once, positive and possible, nothing left in held or clearing when all
 * orders of the run are over.
 * @returns one line for each fault
 */
export function ledgerFindings(transfers: readonly Transfer[], options: { allOrdersEnded: boolean }): string[] {
  const findings: string[] = [];
  const book = new LedgerBook();
  const accountIds = new Set<string>();
  for (const transfer of transfers) {
    const result = book.post(transfer);
    if (result !== 'posted') findings.push(`transfer ${transfer.key} of ${transfer.amountFen} fen: ${result}`);
    accountIds.add(transfer.debitAccountId).add(transfer.creditAccountId);
  }
  const sum = [...accountIds].reduce((total, accountId) => total + book.balance(accountId), 0n);
  if (sum !== 0n) findings.push(`the ledger sums to ${sum} fen`);
  if (!options.allOrdersEnded) return findings;
  for (const accountId of accountIds) {
    const balance = book.balance(accountId);
    if (balance !== 0n && /_(held|clearing)$/.test(accountId)) findings.push(`${accountId} still has ${balance} fen`);
  }
  return findings;
}
