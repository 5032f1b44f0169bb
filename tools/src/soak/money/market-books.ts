import { isDeepStrictEqual } from 'node:util';
import {
  type AccountContext,
  booksAfterPosting,
  type Outcome,
  onCaptureRequested,
  onHoldRequested,
  onReleaseRequested,
  onToppedUp,
} from '@corridor/actors/account/account.rules';
import { type Books, emptyBooks } from '@corridor/actors/account/hold.rules';
import { onPackageRequested } from '@corridor/actors/account/package.emissions';
import type { Fen } from '@corridor/actors/ledger/fen';
import { fen } from '@corridor/actors/ledger/fen';
import { LedgerBook } from '@corridor/actors/ledger/ledger-book';
import { accountOf, type Transfer } from '@corridor/actors/ledger/transfer';
import type { Emitted } from '@corridor/actors/network/effect';
import type { Reference, Surroundings } from '@corridor/actors/network/reference';
import { type Bill, cashFenOf } from '@corridor/actors/order/bill';
import { clearingTransfers } from '@corridor/actors/order/clearing-transfers';
import type { PackageGrant } from '@corridor/actors/rating/swap-usage';
import type { Prng } from '@corridor/actors/time/prng';

/** How often a request or a posting comes a second time. */
const REDELIVERED_RATIO = 0.2;
export const MARKET_CHANNEL = 'sandbox';

/** What an account is asked, and what it says to the others. */
type Ask = (context: AccountContext, surroundings: Surroundings) => Outcome;
interface BookedTransfer {
  readonly transfer: Transfer;
  readonly atMs: number;
}

/**
 * The money of a market: what the account of each principal decides by the rules of its actor, and the double entry that says the
 * same. Requests come twice at random; the second one must change neither.
 */
export class MarketBooks {
  readonly ledger = new LedgerBook();
  readonly findings: string[] = [];
  /** All that was booked, in order. */
  readonly booked: BookedTransfer[] = [];
  redelivered = 0;
  /** Time of the market, scope ms. */
  nowMs: number;
  readonly #random: Prng;
  readonly #surroundings: Surroundings;
  readonly #books = new Map<string, Books>();
  #topUps = 0;

  constructor(random: Prng, reference: Reference, nowMs: number) {
    this.#random = random;
    this.nowMs = nowMs;
    const unknown = { number: () => Number.NaN, text: () => null, reportedAtMs: () => Number.NaN };
    this.#surroundings = { reference, signals: unknown, nowMs: () => this.nowMs };
  }

  get #platformId(): string {
    return this.#surroundings.reference.platformId;
  }

  booksOf(principalId: string): Books {
    return this.#books.get(principalId) ?? emptyBooks;
  }

  topUp(carrierId: string, amountFen: Fen): void {
    this.#topUps += 1;
    const key = `T${this.#topUps}`;
    const event = {
      type: 'account.toppedUp',
      atMs: this.nowMs,
      key,
      amountFen,
      channel: MARKET_CHANNEL,
      by: 'soak',
      intentId: 'I',
    } as const;
    this.ask(carrierId, (context, surroundings) => onToppedUp(context, event, surroundings));
  }

  /** @returns whether it is held */
  hold(carrierId: string, ask: { orderId: string; attempt: number; amountFen: Fen; driverId: string | null }, isBlocked: boolean): boolean {
    const event = { type: 'account.holdRequested', atMs: this.nowMs, ...ask } as const;
    return isTold(
      this.#told(carrierId, (context, surroundings) => onHoldRequested(context, event, surroundings), isBlocked),
      'order.held',
    );
  }

  /** @returns whether it is captured */
  capture(carrierId: string, { orderId, bill }: { orderId: string; bill: Bill }): boolean {
    const asked = { atMs: this.nowMs, orderId, amountFen: cashFenOf(bill), packageDraw: bill.packageDraw };
    const event = { type: 'account.captureRequested', ...asked } as const;
    return isTold(
      this.#told(carrierId, (context, surroundings) => onCaptureRequested(context, event, surroundings)),
      'order.captured',
    );
  }

  release(carrierId: string, orderId: string): void {
    this.#told(carrierId, (context, surroundings) => onReleaseRequested(context, { orderId, atMs: this.nowMs }, surroundings));
  }

  /** Part of a package that is kept for an order; null: the carrier has none. */
  grant(carrierId: string, ask: { orderId: string; issuerId: string; wantedWh: bigint }): PackageGrant | null {
    const event = { type: 'account.packageRequested', atMs: this.nowMs, ...ask } as const;
    for (const each of this.#told(carrierId, (context) => onPackageRequested(context, event))) {
      if (each.type === 'tell' && each.event.type === 'order.packageGranted') return each.event.grant;
    }
    return null;
  }

  /** First clearing of a captured bill, as an order does it: transfers, and what each account is told. */
  clear(order: { orderId: string; carrierId: string; bill: Bill }): void {
    const { orderId, carrierId, bill } = order;
    this.post(clearingTransfers({ ...order, platformId: this.#platformId }));
    for (const { principalId, role, netFen } of bill.shares) {
      if (netFen !== 0n) this.tell(principalId, `order:${orderId}:${role.toLowerCase()}`, netFen);
    }
    const cashFen = cashFenOf(bill);
    if (cashFen < 0n) this.tell(carrierId, `order:${orderId}:refund`, fen(0n - cashFen));
    this.#expectEmptyClearing(`order ${orderId}`);
  }

  /** What a principal asks of its account. @returns code of the answer; null: it was not answered */
  ask(principalId: string, ask: Ask): string | null {
    for (const each of this.#told(principalId, ask)) {
      if (each.type === 'effect' && each.effect.type === 'intent.answered') return each.effect.code;
    }
    return null;
  }

  /** An account is told what a transfer of others changed in it. */
  tell(principalId: string, key: string, amountFen: Fen): void {
    const event = { type: 'account.posted', atMs: this.nowMs, key, amountFen } as const;
    this.#told(principalId, (context, surroundings) => ({ books: booksAfterPosting(context, event, surroundings), emitted: [] }));
  }

  /** Transfers that must be new; at random some are posted again. */
  post(transfers: readonly Transfer[]): void {
    for (const transfer of transfers) {
      const result = this.ledger.post(transfer);
      if (result !== 'posted') this.#found(`transfer ${transfer.key} of ${transfer.amountFen} fen: ${result}`);
      this.booked.push({ transfer, atMs: this.nowMs });
      if (!this.#random.chance(REDELIVERED_RATIO)) continue;
      this.redelivered += 1;
      const again = this.ledger.post(transfer);
      if (again !== 'exists') this.#found(`transfer ${transfer.key} again: ${again}`);
    }
  }

  /** What does not hold at the end, or in between. */
  check(): void {
    for (const finding of this.ledger.findings()) this.#found(finding);
    for (const [principalId, books] of this.#books) this.#checkBooks(principalId, books);
    const replayed = new LedgerBook();
    for (const transfer of this.ledger.transfers()) replayed.post(transfer);
    for (const accountId of this.ledger.accounts()) {
      if (replayed.balance(accountId) !== this.ledger.balance(accountId)) this.#found(`${accountId} differs after a replay`);
    }
  }

  #checkBooks(principalId: string, { prepaidFen, heldFen, incomeFen, holds, withdrawals, deposits, packages }: Books): void {
    const sum = (of: readonly { amountFen: bigint }[] = []) => of.reduce((total, { amountFen }) => total + amountFen, 0n);
    const told: [string, bigint][] = [
      [accountOf.prepaid(principalId), prepaidFen],
      [accountOf.held(principalId), heldFen],
      [accountOf.income(principalId), incomeFen],
      [accountOf.deposit(principalId), sum(deposits)],
      [accountOf.package(principalId), sum(packages)],
    ];
    for (const [accountId, amountFen] of told) {
      const balance = this.ledger.balance(accountId);
      if (balance !== amountFen) this.#found(`${accountId} has ${balance} fen, its principal's books say ${amountFen}`);
    }
    const held = sum(holds) + sum(withdrawals);
    if (held !== heldFen) this.#found(`holds and withdrawals of ${principalId} sum to ${held} of ${heldFen} fen`);
  }

  #told(principalId: string, ask: Ask, isBlocked = false): readonly Emitted[] {
    const blockedReason = isBlocked ? 'stopped' : null;
    const first = ask({ principalId, books: this.booksOf(principalId), blockedReason }, this.#surroundings);
    this.#books.set(principalId, first.books);
    const emitted = flat(first.emitted);
    this.#pass(emitted);
    if (this.#random.chance(REDELIVERED_RATIO)) {
      this.redelivered += 1;
      const again = ask({ principalId, books: first.books, blockedReason }, this.#surroundings);
      if (flat(again.emitted).some(movesMoney) || !isDeepStrictEqual(again.books, first.books)) {
        this.#found(`the same request again changes the books of ${principalId}`);
      }
    }
    return emitted;
  }

  #pass(emitted: readonly Emitted[]): void {
    for (const each of emitted) {
      if (each.type === 'effect' && each.effect.type === 'ledger.posted') this.post(each.effect.transfers);
      else if (each.type === 'tell' && each.event.type === 'account.posted') {
        this.tell(each.to.slice('account:'.length), each.event.key, each.event.amountFen);
      }
    }
    if (!emitted.some((each) => each.type === 'tell' && each.event.type === 'order.captured')) this.#expectEmptyClearing('a request');
  }

  /** What passes the clearing account is booked out of it in the same step. */
  #expectEmptyClearing(after: string): void {
    const leftFen = this.ledger.balance(accountOf.clearing(this.#platformId));
    if (leftFen !== 0n) this.#found(`${after} leaves ${leftFen} fen in the clearing account`);
  }

  #found(finding: string): void {
    this.findings.push(finding);
  }
}

const flat = (emitted: readonly Emitted[]): readonly Emitted[] =>
  emitted.flatMap((each) => (each.type === 'many' ? flat(each.emitted) : [each]));

const isTold = (emitted: readonly Emitted[], type: string): boolean =>
  emitted.some((each) => each.type === 'tell' && each.event.type === type);

const movesMoney = (each: Emitted): boolean =>
  (each.type === 'effect' && each.effect.type === 'ledger.posted') || (each.type === 'tell' && each.event.type === 'account.posted');
