import { assert } from '@corridor/protocols/assert';
import { type Fen, fen, ZERO_FEN } from './fen.ts';
import type { Transfer } from './transfer.ts';

/**
 * What became of a transfer, in the order in which it is checked: what is there already is told first, so that the
 * same transfer twice gets the same answer even when the balance would no longer allow it.
 */
export const POST_RESULTS = [
  'exists',
  'exists_with_different_accounts',
  'exists_with_different_amount',
  'accounts_are_the_same',
  'amount_is_not_positive',
  'exceeds_credits',
  'posted',
] as const;
export type PostResult = (typeof POST_RESULTS)[number];

/** Lowest balance an account may have; null: none (a payment rail gives what it takes, income may be owed). */
export type FloorOf = (accountId: string) => Fen | null;

/**
 * Carriers' money (`_prepaid`, `_held`, `_deposit`, `_package`) and the clearing account never go below zero. Income may: the unused
 * prepaid rent of a pack is given back also by an owner who has not earned yet, and is netted when it is settled.
 */
export const floorOfAccount: FloorOf = (accountId) => (/_(prepaid|held|deposit|package|clearing)$/.test(accountId) ? ZERO_FEN : null);

/**
 * Double-entry ledger in memory, for tests, checkers and simulation: every transfer takes from one account what it gives
 * to another, so balances always sum to zero and can be derived again from the transfers.
 */
export class LedgerBook {
  readonly #floorOf: FloorOf;
  readonly #transfers = new Map<string, Transfer>();
  readonly #balances = new Map<string, bigint>();

  constructor(floorOf: FloorOf = floorOfAccount) {
    this.#floorOf = floorOf;
  }

  post(transfer: Transfer): PostResult {
    const known = this.#transfers.get(transfer.key);
    if (known !== undefined) return compareWithKnown(known, transfer);
    if (transfer.debitAccountId === transfer.creditAccountId) return 'accounts_are_the_same';
    if (transfer.amountFen <= 0n) return 'amount_is_not_positive';
    const floor = this.#floorOf(transfer.debitAccountId);
    const left = this.balance(transfer.debitAccountId) - transfer.amountFen;
    if (floor !== null && left < floor) return 'exceeds_credits';
    this.#transfers.set(transfer.key, transfer);
    this.#balances.set(transfer.debitAccountId, left);
    this.#balances.set(transfer.creditAccountId, this.balance(transfer.creditAccountId) + transfer.amountFen);
    return 'posted';
  }

  /** Posts transfers that must be new and possible, as those of our actors are. @throws InvariantError else: a bug */
  postAll(transfers: Iterable<Transfer>): void {
    for (const transfer of transfers) {
      const result = this.post(transfer);
      assert(result === 'posted', `transfer ${transfer.key} of ${transfer.amountFen} fen from ${transfer.debitAccountId}: ${result}`);
    }
  }

  balance(accountId: string): Fen {
    return fen(this.#balances.get(accountId) ?? 0n);
  }

  accounts(): Iterable<string> {
    return this.#balances.keys();
  }

  transfers(): Iterable<Transfer> {
    return this.#transfers.values();
  }

  /** Breaches of what always holds, in words; empty when the book is sound. */
  findings(): string[] {
    const found: string[] = [];
    const derived = new Map<string, bigint>();
    for (const { key, debitAccountId, creditAccountId, amountFen } of this.#transfers.values()) {
      if (amountFen <= 0n) found.push(`${key} moves ${amountFen} fen`);
      derived.set(debitAccountId, (derived.get(debitAccountId) ?? 0n) - amountFen);
      derived.set(creditAccountId, (derived.get(creditAccountId) ?? 0n) + amountFen);
    }
    let sum = 0n;
    for (const [accountId, balance] of this.#balances) {
      sum += balance;
      if (derived.get(accountId) !== balance) found.push(`${accountId} has ${balance} fen, its transfers give ${derived.get(accountId)}`);
      const floor = this.#floorOf(accountId);
      if (floor !== null && balance < floor) found.push(`${accountId} has ${balance} fen, below ${floor}`);
    }
    if (sum !== 0n) found.push(`balances sum to ${sum} fen`);
    return found;
  }
}

function compareWithKnown(known: Transfer, transfer: Transfer): PostResult {
  if (known.debitAccountId !== transfer.debitAccountId || known.creditAccountId !== transfer.creditAccountId) {
    return 'exists_with_different_accounts';
  }
  return known.amountFen === transfer.amountFen ? 'exists' : 'exists_with_different_amount';
}
