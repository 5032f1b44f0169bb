import type { OrderRow } from '@corridor/actors/network/effect';
import { violated } from '@corridor/protocols/assert';
import { isEnded } from '@corridor/protocols/recording/recorded-state';
import {
  ACCOUNT_KINDS,
  type RecordedAccount,
  type RecordedChange,
  type RecordedHold,
  type RecordedOrder,
  type RecordingBlock,
} from '@corridor/protocols/recording/recording.schema';
import type { WatchedBooks } from './watched-world.ts';

/** What has been written down of the orders and money of a run. */
export class BooksRecord {
  readonly #books: WatchedBooks;
  /** Those under way, and those that ended at the last look. */
  readonly #orders = new Map<string, RecordedOrder>();
  readonly #accounts = new Map<string, RecordedAccount>();
  readonly #holds = new Map<string, RecordedHold>();

  constructor(books: WatchedBooks) {
    this.#books = books;
  }

  /** Adds what is new to a change. */
  look(change: RecordedChange): void {
    for (const order of this.#orders.values()) if (isEnded(order)) this.#orders.delete(order.id);
    const { orders, balances, holds } = this.#books.takeNews();
    for (const row of orders) this.#lookAtOrder(row, change);
    for (const row of this.#books.openOrders(change.atMs)) this.#lookAtOrder(row, change);
    for (const [id, balanceFen] of balances) {
      const account: RecordedAccount = { id, ...ownerOf(id), balanceFen: balanceFen.toString() };
      if (this.#accounts.get(id)?.balanceFen === account.balanceFen) continue;
      this.#accounts.set(id, account);
      (change.accounts ??= []).push(account);
    }
    for (const [orderId, { heldAccountId, heldFen, sinceMs }] of holds) {
      const isKnown = this.#holds.has(orderId);
      if (heldFen === 0n) {
        this.#holds.delete(orderId);
        // It came and went between two looks.
        if (!isKnown) continue;
      }
      const principalId = ownerOf(heldAccountId).principalId ?? violated(`${heldAccountId} belongs to nobody`);
      const hold: RecordedHold = { orderId, principalId, heldFen: heldFen.toString(), sinceMs: sinceMs - this.#books.originMs };
      if (heldFen !== 0n) this.#holds.set(orderId, hold);
      (change.holds ??= []).push(hold);
    }
  }

  whole(): Pick<RecordingBlock['whole'], 'orders' | 'accounts' | 'holds'> {
    return { orders: [...this.#orders.values()], accounts: [...this.#accounts.values()], holds: [...this.#holds.values()] };
  }

  #lookAtOrder(row: OrderRow, change: RecordedChange): void {
    const before = this.#orders.get(row.orderId);
    const order = recordedOrder(row, this.#books.originMs);
    if (before !== undefined && isSame(before, order)) return;
    this.#orders.set(order.id, order);
    (change.orders ??= []).push(order);
  }
}

const isSame = (one: RecordedOrder, other: RecordedOrder): boolean =>
  JSON.stringify({ ...one, updatedMs: 0 }) === JSON.stringify({ ...other, updatedMs: 0 });

const fenText = (fen: bigint | null): string | null => (fen === null ? null : fen.toString());

function recordedOrder(row: OrderRow, originMs: number): RecordedOrder {
  const { energyInWh, energyOutWh } = row;
  return {
    id: row.orderId,
    state: row.state,
    reason: row.reason,
    initiation: row.initiation,
    stationId: row.stationId,
    bayId: row.bayId,
    requestId: row.requestId,
    truckId: row.truckId,
    carrierId: row.carrierId,
    returnPackId: row.returnPackId,
    issuePackId: row.issuePackId,
    quotedFen: fenText(row.quotedFen),
    heldFen: fenText(row.heldFen),
    payableFen: fenText(row.payableFen),
    // A pack that was not measured did not move: the twin counts so, too.
    energyWh: row.payableFen === null ? null : Math.round((energyOutWh ?? 0) - (energyInWh ?? 0)),
    createdMs: row.createdAtMs - originMs,
    updatedMs: row.updatedAtMs - originMs,
  };
}

/** By its name: `C1_prepaid`, `RAIL_planned`. */
function ownerOf(accountId: string): Pick<RecordedAccount, 'principalId' | 'kind'> {
  if (accountId.startsWith('RAIL_')) return { principalId: null, kind: 'RAIL' };
  const at = accountId.lastIndexOf('_');
  const suffix = accountId.slice(at + 1).toUpperCase();
  const kind = ACCOUNT_KINDS.find((each) => each === suffix) ?? violated(`account ${accountId} is of no known kind`);
  return { principalId: accountId.slice(0, at), kind };
}
