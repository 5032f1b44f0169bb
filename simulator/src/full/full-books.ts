import { floorOfAccount } from '@corridor/actors/ledger/ledger-book';
import type { Transfer } from '@corridor/actors/ledger/transfer';
import type { Effect, EffectOf, OrderRow } from '@corridor/actors/network/effect';
import { violated } from '@corridor/protocols/assert';
import type { BookNews } from '../recording/watched-world.ts';
import { BookNewsDesk } from './book-news.ts';

/** What was earned, paid and refused since counting began. */
export interface BookMeasures {
  bills: number;
  payableFen: bigint;
  /** Income by principal, after all shares. */
  incomeFen: Map<string, bigint>;
  /** Statements that were paid, by principal. */
  paidOutFen: Map<string, bigint>;
  /** Paid in by who earned less than nothing. */
  collectedFen: Map<string, bigint>;
  /** Refused orders by their reason. */
  refusals: Map<string, number>;
  /** Orders that need a person. */
  abnormal: number;
  /** Paid back to carriers for packs that came in when none was given. */
  creditedFen: bigint;
  /** What abnormal orders were quoted at: nobody has paid it. */
  unbilledFen: bigint;
  alarms: number;
}

const newMeasures = (): BookMeasures => ({
  bills: 0,
  payableFen: 0n,
  incomeFen: new Map(),
  paidOutFen: new Map(),
  collectedFen: new Map(),
  refusals: new Map(),
  abnormal: 0,
  creditedFen: 0n,
  unbilledFen: 0n,
  alarms: 0,
});

const INCOME = '_income';

interface BookAccount {
  balanceFen: bigint;
  /** Never less; null: as low as it goes. */
  readonly floorFen: bigint | null;
  /** Whose income it is; null: nobody's. */
  readonly earnerId: string | null;
}

/**
 * The books of a run: every transfer of the platform's ledger in balances, every bill checked when it is written. Transfers are not kept:
 * that a key comes once is what the machines' own tests hold.
 */
export class FullBooks {
  measures = newMeasures();
  /** Orders that are not over, by id. */
  readonly openOrders = new Map<string, OrderRow>();
  readonly #accounts = new Map<string, BookAccount>();
  /** null: nobody watches. */
  #news: BookNewsDesk | null = null;

  readonly #nowMs: () => number;
  #countsFromMs = -1;

  /** @param nowMs of the run */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  startCounting(): void {
    this.measures = newMeasures();
    this.#countsFromMs = this.#nowMs();
  }

  take(effect: Effect): void {
    switch (effect.type) {
      case 'ledger.posted':
        for (const transfer of effect.transfers) {
          this.#post(transfer);
          this.#news?.posted(transfer, effect.atMs);
        }
        break;
      case 'order.billed':
        this.#billed(effect);
        break;
      case 'order.changed':
        this.#changed(effect.order);
        break;
      case 'alarm.raised':
        this.measures.alarms += 1;
        break;
      default:
        break;
    }
  }

  balance(accountId: string): bigint {
    return this.#accounts.get(accountId)?.balanceFen ?? 0n;
  }

  /** From now on somebody asks what is new. @returns what is since the last time; the first time all accounts */
  watch(): () => BookNews {
    const news = new BookNewsDesk(this.#accounts.keys());
    this.#news = news;
    return () => news.take((accountId) => this.balance(accountId));
  }

  /** All accounts together: nothing. */
  get sumFen(): bigint {
    let sum = 0n;
    for (const { balanceFen } of this.#accounts.values()) sum += balanceFen;
    return sum;
  }

  #post({ key, kind, debitAccountId, creditAccountId, amountFen }: Transfer): void {
    if (!(amountFen > 0n && debitAccountId !== creditAccountId)) violated(`${key} moves ${amountFen} fen from ${debitAccountId}`);
    const [debit, credit] = [this.#account(debitAccountId), this.#account(creditAccountId)];
    debit.balanceFen -= amountFen;
    credit.balanceFen += amountFen;
    if (debit.floorFen !== null && debit.balanceFen < debit.floorFen)
      violated(`${key} leaves ${debit.balanceFen} fen on ${debitAccountId}`);
    // Money that comes or goes by the rail was earned before.
    if (kind === 'SETTLEMENT_OUT') this.#settle(this.measures.paidOutFen, debit.earnerId, amountFen);
    if (kind === 'TOP_UP') this.#settle(this.measures.collectedFen, credit.earnerId, amountFen);
    if (kind === 'SETTLEMENT_OUT' || kind === 'TOP_UP') return;
    this.#earn(credit.earnerId, amountFen);
    this.#earn(debit.earnerId, 0n - amountFen);
  }

  #account(accountId: string): BookAccount {
    let account = this.#accounts.get(accountId);
    if (account === undefined) {
      const earnerId = accountId.endsWith(INCOME) ? accountId.slice(0, -INCOME.length) : null;
      account = { balanceFen: 0n, floorFen: floorOfAccount(accountId), earnerId };
      this.#accounts.set(accountId, account);
    }
    return account;
  }

  #settle(sums: Map<string, bigint>, principalId: string | null, amountFen: bigint): void {
    // What is paid at the instant at which counting begins was earned before; what is paid at the end belongs to what was counted.
    if (principalId === null || this.#nowMs() === this.#countsFromMs) return;
    sums.set(principalId, (sums.get(principalId) ?? 0n) + amountFen);
  }

  #earn(principalId: string | null, amountFen: bigint): void {
    if (principalId === null) return;
    const { incomeFen } = this.measures;
    incomeFen.set(principalId, (incomeFen.get(principalId) ?? 0n) + amountFen);
  }

  #billed({ orderId, bill }: EffectOf<'order.billed'>): void {
    const { lines, shares, payableFen, energyOutWh } = bill;
    let [lineSum, netSum] = [0n, 0n];
    for (const { amountFen } of lines) lineSum += amountFen;
    for (const { netFen } of shares) netSum += netFen;
    if (lineSum !== payableFen) violated(`${orderId}: lines sum to ${lineSum} fen, payable are ${payableFen}`);
    if (netSum !== payableFen) violated(`${orderId}: shares sum to ${netSum} fen, payable are ${payableFen}`);
    this.measures.bills += 1;
    this.measures.payableFen += payableFen;
    if (energyOutWh === 0) this.measures.creditedFen -= payableFen;
  }

  #changed(order: OrderRow): void {
    const { orderId, state } = order;
    const known = this.openOrders.get(orderId)?.state;
    if (state === 'CLEARED' || state === 'REJECTED' || state === 'CANCELLED' || state === 'ABNORMAL') {
      this.openOrders.delete(orderId);
      this.#news?.ended(order);
    } else this.openOrders.set(orderId, order);
    if (known === state) return;
    if (state === 'REJECTED' || state === 'CANCELLED') count(this.measures.refusals, order.reason);
    if (state === 'ABNORMAL') {
      this.measures.abnormal += 1;
      if (order.quotedFen !== null) this.measures.unbilledFen += order.quotedFen;
    }
  }
}

function count(counts: Map<string, number>, reason: string | null): void {
  const name = reason ?? 'UNKNOWN';
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
