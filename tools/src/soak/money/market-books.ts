import { isDeepStrictEqual } from 'node:util';
import {
  type Books,
  type BooksOwner,
  decideCapture,
  decideHold,
  decidePosting,
  decideRelease,
  decideTopUp,
  emptyBooks,
} from '@corridor/actors/account/hold.rules';
import { type Fen, fen } from '@corridor/actors/ledger/fen';
import { LedgerBook } from '@corridor/actors/ledger/ledger-book';
import { accountOf, type Transfer } from '@corridor/actors/ledger/transfer';
import { type Bill, cashFenOf } from '@corridor/actors/order/bill';
import { clearingTransfers } from '@corridor/actors/order/clearing-transfers';
import type { Prng } from '@corridor/actors/time/prng';

/** How often a request or a posting comes a second time. */
const REDELIVERED_RATIO = 0.2;

/**
 * The money of a market: what the account of each principal decides, and the double entry that says the same. Requests come
 * twice at random; the second one must change neither.
 */
export class MarketBooks {
  readonly ledger = new LedgerBook();
  readonly findings: string[] = [];
  redelivered = 0;
  readonly #random: Prng;
  readonly #platformId: string;
  readonly #books = new Map<string, Books>();
  #topUps = 0;

  constructor(random: Prng, platformId: string) {
    this.#random = random;
    this.#platformId = platformId;
  }

  booksOf(principalId: string): Books {
    return this.#books.get(principalId) ?? emptyBooks;
  }

  topUp(carrierId: string, amountFen: Fen): void {
    this.#topUps += 1;
    const key = `T${this.#topUps}`;
    this.#twice(carrierId, (owner, books) => decideTopUp(owner, books, { key, amountFen, channel: 'sandbox' }));
  }

  hold(carrierId: string, ask: Parameters<typeof decideHold>[2], isBlocked: boolean): ReturnType<typeof decideHold>['result'] {
    return this.#twice(carrierId, (owner, books) => decideHold(owner, books, ask, isBlocked)).result;
  }

  capture(carrierId: string, ask: { orderId: string; amountFen: Fen }): ReturnType<typeof decideCapture>['result'] {
    return this.#twice(carrierId, (owner, books) => decideCapture(owner, books, ask)).result;
  }

  release(carrierId: string, orderId: string): void {
    this.#twice(carrierId, (owner, books) => decideRelease(owner, books, orderId));
  }

  /** First clearing of a captured bill, as an order does it: transfers, and what each account is told. */
  clear(order: { orderId: string; carrierId: string; bill: Bill }): void {
    const { orderId, carrierId, bill } = order;
    this.post(clearingTransfers({ ...order, platformId: this.#platformId }));
    for (const { principalId, role, netFen } of bill.shares) {
      if (netFen !== 0n) this.#told(principalId, { key: `order:${orderId}:${role.toLowerCase()}`, amountFen: netFen }, false);
    }
    const cashFen = cashFenOf(bill);
    if (cashFen < 0n) this.#told(carrierId, { key: `order:${orderId}:refund`, amountFen: fen(0n - cashFen) }, true);
    const leftFen = this.ledger.balance(accountOf.clearing(this.#platformId));
    if (leftFen !== 0n) this.#found(`order ${orderId} leaves ${leftFen} fen in the clearing account`);
  }

  /** Transfers that must be new; at random some are posted again. */
  post(transfers: readonly Transfer[]): void {
    for (const transfer of transfers) {
      const result = this.ledger.post(transfer);
      if (result !== 'posted') this.#found(`transfer ${transfer.key} of ${transfer.amountFen} fen: ${result}`);
      if (!this.#random.chance(REDELIVERED_RATIO)) continue;
      this.redelivered += 1;
      const again = this.ledger.post(transfer);
      if (again !== 'exists') this.#found(`transfer ${transfer.key} again: ${again}`);
    }
  }

  /** What does not hold at the end, or in between. */
  check(): void {
    for (const finding of this.ledger.findings()) this.#found(finding);
    for (const [principalId, { prepaidFen, heldFen, incomeFen, holds }] of this.#books) {
      const told: [string, Fen][] = [
        [accountOf.prepaid(principalId), prepaidFen],
        [accountOf.held(principalId), heldFen],
        [accountOf.income(principalId), incomeFen],
      ];
      for (const [accountId, amountFen] of told) {
        const balance = this.ledger.balance(accountId);
        if (balance !== amountFen) this.#found(`${accountId} has ${balance} fen, its principal's books say ${amountFen}`);
      }
      const sumFen = holds.reduce((sum, { amountFen }) => sum + amountFen, 0n);
      if (sumFen !== heldFen) this.#found(`holds of ${principalId} sum to ${sumFen} of ${heldFen} fen`);
    }
    const replayed = new LedgerBook();
    for (const transfer of this.ledger.transfers()) replayed.post(transfer);
    for (const accountId of this.ledger.accounts()) {
      if (replayed.balance(accountId) !== this.ledger.balance(accountId)) this.#found(`${accountId} differs after a replay`);
    }
  }

  #told(principalId: string, ask: { key: string; amountFen: Fen }, isCarrier: boolean): void {
    this.#twice(principalId, (_, books) => decidePosting(books, ask, isCarrier));
  }

  #twice<D extends { books: Books; transfers: readonly Transfer[] }>(
    principalId: string,
    decide: (owner: BooksOwner, books: Books) => D,
  ): D {
    const owner = { principalId, platformId: this.#platformId };
    const decision = decide(owner, this.booksOf(principalId));
    this.#books.set(principalId, decision.books);
    this.post(decision.transfers);
    if (this.#random.chance(REDELIVERED_RATIO)) {
      this.redelivered += 1;
      const again = decide(owner, decision.books);
      if (again.transfers.length > 0 || !isDeepStrictEqual(again.books, decision.books)) {
        this.#found(`the same request again changes the books of ${principalId}`);
      }
    }
    return decision;
  }

  #found(finding: string): void {
    this.findings.push(finding);
  }
}
