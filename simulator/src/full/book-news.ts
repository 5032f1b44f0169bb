import type { Transfer } from '@corridor/actors/ledger/transfer';
import type { OrderRow } from '@corridor/actors/network/effect';
import type { BookNews, OpenHold } from '../recording/watched-world.ts';

const HELD = '_held';

/** What is new in the books of a run, for who watches them. Nobody else pays for it. */
export class BookNewsDesk {
  /** Open ones, by order. */
  readonly #holds = new Map<string, OpenHold>();
  #moved: Set<string>;
  #changedHolds = new Map<string, OpenHold>();
  #orders: OrderRow[] = [];

  /** @param accountIds that there are already */
  constructor(accountIds: Iterable<string>) {
    this.#moved = new Set(accountIds);
  }

  posted({ debitAccountId, creditAccountId, amountFen, orderId }: Transfer, atMs: number): void {
    this.#moved.add(debitAccountId).add(creditAccountId);
    if (orderId === null) return;
    if (creditAccountId.endsWith(HELD)) this.#hold(orderId, creditAccountId, amountFen, atMs);
    if (debitAccountId.endsWith(HELD)) this.#hold(orderId, debitAccountId, 0n - amountFen, atMs);
  }

  ended(order: OrderRow): void {
    this.#orders.push(order);
  }

  take(balanceOf: (accountId: string) => bigint): BookNews {
    const balances = new Map([...this.#moved].map((accountId) => [accountId, balanceOf(accountId)]));
    const news: BookNews = { orders: this.#orders, balances, holds: this.#changedHolds };
    this.#moved = new Set();
    this.#changedHolds = new Map();
    this.#orders = [];
    return news;
  }

  #hold(orderId: string, heldAccountId: string, addedFen: bigint, atMs: number): void {
    const before = this.#holds.get(orderId);
    const heldFen = (before?.heldFen ?? 0n) + addedFen;
    const hold: OpenHold = { heldAccountId, heldFen, sinceMs: before?.sinceMs ?? atMs };
    if (heldFen === 0n) this.#holds.delete(orderId);
    else this.#holds.set(orderId, hold);
    this.#changedHolds.set(orderId, hold);
  }
}
