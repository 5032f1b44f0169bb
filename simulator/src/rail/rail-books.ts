import { randomUUID } from 'node:crypto';
import { RailRefusal } from './rail-refusal.ts';
import type { RailStore, Refund, Share, Trade } from './rail-store.ts';

export interface RailBooksOptions {
  readonly store: RailStore;
  readonly wallNowMs: () => number;
  /** Something happened that the merchant is told. */
  readonly onEvent: (event: { mchid: string; notifyUrl: string; eventType: string; originalType: string; content: object }) => void;
}

export type NewTrade = Pick<Trade, 'tradeNo' | 'mchid' | 'appid' | 'amountFen' | 'description' | 'notifyUrl' | 'expiresAtMs'>;

const railNumber = (atMs: number, sequence: number) =>
  `42${new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '')}${String(sequence).padStart(16, '0')}`;

/** The money of the sandbox: orders, payments, refunds and payouts, with the rules by which a real provider refuses. */
export class RailBooks {
  readonly #options: RailBooksOptions;
  /** Accounts of receivers, and numbers of trades, that nothing can be paid to any more. */
  #closed: ReadonlySet<string> = new Set();
  /** Numbers of trades whose refunds do not arrive. */
  #abnormal: ReadonlySet<string> = new Set();
  /** Accounts of receivers, and numbers of trades whose payers, are paid a fen less than was asked for. */
  #short: ReadonlySet<string> = new Set();

  constructor(options: RailBooksOptions) {
    this.#options = options;
  }

  /** Accounts of receivers that are closed from now on, and our numbers of trades whose payers' accounts are. */
  closeAccounts(closed: readonly string[]): void {
    this.#closed = new Set(closed);
  }

  /** Our numbers of trades whose refunds do not arrive from now on; those of the others that did not are paid by hand. */
  makeAbnormal(tradeNos: readonly string[]): void {
    this.#abnormal = new Set(tradeNos);
  }

  /** Accounts of receivers, and our numbers of trades whose payers, are paid a fen less than was asked for, from now on. */
  payShort(short: readonly string[]): void {
    this.#short = new Set(short);
  }

  /** The same order again is the same order. @throws RailRefusal */
  prepay(order: NewTrade): Trade {
    const { store } = this.#options;
    const known = store.trade(order.tradeNo);
    if (known === null) {
      const trade: Trade = { ...order, prepayId: randomUUID(), transactionId: null, state: 'NOTPAY', paidAtMs: null };
      store.saveTrade(trade);
      return trade;
    }
    if (known.amountFen !== order.amountFen || known.mchid !== order.mchid)
      throw new RailRefusal(403, 'OUT_TRADE_NO_USED', 'the number is used by another order');
    const { state } = this.#aged(known);
    if (state === 'SUCCESS' || state === 'REFUND') throw new RailRefusal(400, 'ORDERPAID', 'the order is paid');
    if (state === 'CLOSED') throw new RailRefusal(400, 'ORDER_CLOSED', 'the order is closed');
    return known;
  }

  /** @throws RailRefusal */
  trade(mchid: string, tradeNo: string): Trade {
    const trade = this.#options.store.trade(tradeNo);
    if (trade === null || trade.mchid !== mchid) throw new RailRefusal(404, 'ORDER_NOT_EXIST', 'there is no such order');
    return this.#aged(trade);
  }

  /** @throws RailRefusal */
  close(mchid: string, tradeNo: string): void {
    const trade = this.trade(mchid, tradeNo);
    if (trade.state === 'SUCCESS' || trade.state === 'REFUND') throw new RailRefusal(400, 'ORDERPAID', 'the order is paid');
    this.#options.store.saveTrade({ ...trade, state: 'CLOSED' });
  }

  cashier(prepayId: string): Trade | null {
    const trade = this.#options.store.tradeOfCashier(prepayId);
    return trade === null ? null : this.#aged(trade);
  }

  /** Somebody pays at the cashier. Paying twice is paying once. @throws RailRefusal */
  pay(prepayId: string): Trade {
    const trade = this.cashier(prepayId);
    if (trade === null) throw new RailRefusal(404, 'ORDER_NOT_EXIST', 'there is no such order');
    if (trade.state === 'SUCCESS' || trade.state === 'REFUND') return trade;
    if (trade.state === 'CLOSED') throw new RailRefusal(400, 'ORDER_CLOSED', 'the order is closed');
    return this.#paid(trade, this.#options.wallNowMs());
  }

  /** Money of before: a trade that counts as paid, told to nobody. Only a sandbox has this. */
  opening(order: Omit<NewTrade, 'notifyUrl' | 'expiresAtMs'>, paidAtMs: number): Trade {
    const known = this.#options.store.trade(order.tradeNo);
    if (known !== null) return known;
    const blank: Trade = {
      ...order,
      notifyUrl: '',
      expiresAtMs: paidAtMs,
      prepayId: randomUUID(),
      transactionId: null,
      state: 'NOTPAY',
      paidAtMs: null,
    };
    return this.#paid(blank, paidAtMs);
  }

  /** @throws RailRefusal */
  refund(mchid: string, ask: { refundNo: string; tradeNo: string; amountFen: number; totalFen: number }): Refund {
    const { store, wallNowMs } = this.#options;
    const trade = this.trade(mchid, ask.tradeNo);
    const known = store.refund(ask.refundNo);
    if (known !== null) {
      if (known.amountFen !== ask.amountFen || known.tradeNo !== ask.tradeNo)
        throw new RailRefusal(400, 'PARAM_ERROR', 'the number is used by another refund');
      return known;
    }
    if (trade.transactionId === null || ask.totalFen !== trade.amountFen)
      throw new RailRefusal(400, 'INVALID_REQUEST', 'the order is not paid, or of another amount');
    if (ask.amountFen > this.#unspentFen(trade)) throw new RailRefusal(403, 'NOT_ENOUGH', 'more than is left of the order');
    const atMs = wallNowMs();
    const refundId = `50${railNumber(atMs, store.next('refund'))}`;
    const refund: Refund = { ...ask, mchid, refundId, atMs, state: 'PROCESSING', finishedAtMs: null };
    store.saveRefund(refund);
    return refund;
  }

  /** @throws RailRefusal */
  refundState(mchid: string, refundNo: string): Refund {
    const refund = this.#options.store.refund(refundNo);
    if (refund === null || refund.mchid !== mchid) throw new RailRefusal(404, 'RESOURCE_NOT_EXISTS', 'there is no such refund');
    return refund;
  }

  /** Taken at once, done a moment later: `finish`. @throws RailRefusal */
  share(mchid: string, ask: Pick<Share, 'shareNo' | 'transactionId' | 'account' | 'amountFen' | 'description'>): Share {
    const { store, wallNowMs } = this.#options;
    const known = store.share(ask.shareNo);
    if (known !== null) {
      if (known.amountFen !== ask.amountFen || known.account !== ask.account || known.transactionId !== ask.transactionId)
        throw new RailRefusal(400, 'PARAM_ERROR', 'the number is used by another payout');
      return known;
    }
    const trade = store.tradeOfTransaction(ask.transactionId);
    if (trade === null || trade.mchid !== mchid) throw new RailRefusal(400, 'PARAM_ERROR', 'there is no such transaction');
    if (!store.hasReceiver(mchid, ask.account)) throw new RailRefusal(400, 'NO_AUTH', 'the receiver is not registered');
    if (ask.amountFen > this.#unspentFen(trade)) throw new RailRefusal(403, 'NOT_ENOUGH', 'more than is left of the transaction');
    const createdAtMs = wallNowMs();
    const orderId = `30${railNumber(createdAtMs, store.next('share'))}`;
    const share: Share = { ...ask, mchid, orderId, state: 'PENDING', createdAtMs, finishedAtMs: null };
    store.saveShare(share);
    return share;
  }

  /** @throws RailRefusal */
  shareState(mchid: string, shareNo: string): Share {
    const share = this.#options.store.share(shareNo);
    if (share === null || share.mchid !== mchid) throw new RailRefusal(404, 'RESOURCE_NOT_EXISTS', 'there is no such payout');
    return share;
  }

  /** Does what was taken: money is on the receivers' and the payers' accounts. */
  finish(): void {
    this.#finishShares();
    this.#finishRefunds();
  }

  #finishShares(): void {
    const { store, wallNowMs } = this.#options;
    for (const share of store.shares()) {
      if (share.state !== 'PENDING') continue;
      const trade = store.tradeOfTransaction(share.transactionId);
      store.inTransaction(() => {
        const state = this.#closed.has(share.account) ? 'CLOSED' : 'SUCCESS';
        const amountFen = share.amountFen - (this.#short.has(share.account) ? 1 : 0);
        store.saveShare({ ...share, amountFen, state, finishedAtMs: wallNowMs() });
        const content = { mchid: share.mchid, transaction_id: share.transactionId, out_order_no: share.shareNo, order_id: share.orderId };
        if (trade !== null) this.#tell(trade, 'PROFITSHARING.SUCCESS', 'profitsharing', content);
      });
    }
  }

  #finishRefunds(): void {
    const { store, wallNowMs } = this.#options;
    for (const refund of store.refunds()) {
      const trade = store.trade(refund.tradeNo);
      const isOpen = refund.state === 'PROCESSING' || (refund.state === 'ABNORMAL' && !this.#abnormal.has(refund.tradeNo));
      if (!isOpen || trade === null) continue;
      const state = this.#abnormal.has(refund.tradeNo) ? 'ABNORMAL' : this.#closed.has(refund.tradeNo) ? 'CLOSED' : 'SUCCESS';
      store.inTransaction(() => {
        const amountFen = refund.amountFen - (this.#short.has(refund.tradeNo) ? 1 : 0);
        store.saveRefund({ ...refund, amountFen, state, finishedAtMs: wallNowMs() });
        if (state === 'SUCCESS') store.saveTrade({ ...trade, state: 'REFUND' });
        const content = { mchid: refund.mchid, out_refund_no: refund.refundNo, refund_id: refund.refundId, refund_status: state };
        this.#tell(trade, `REFUND.${state}`, 'refund', content);
      });
    }
  }

  #paid(trade: Trade, paidAtMs: number): Trade {
    const { store } = this.#options;
    return store.inTransaction(() => {
      const paid: Trade = { ...trade, state: 'SUCCESS', paidAtMs, transactionId: railNumber(paidAtMs, store.next('transaction')) };
      store.saveTrade(paid);
      this.#tell(paid, 'TRANSACTION.SUCCESS', 'transaction', tradeContent(paid));
      return paid;
    });
  }

  #tell({ mchid, notifyUrl }: Trade, eventType: string, originalType: string, content: object): void {
    if (notifyUrl !== '') this.#options.onEvent({ mchid, notifyUrl, eventType, originalType, content });
  }

  #aged(trade: Trade): Trade {
    if (trade.state !== 'NOTPAY' || trade.expiresAtMs > this.#options.wallNowMs()) return trade;
    const closed: Trade = { ...trade, state: 'CLOSED' };
    this.#options.store.saveTrade(closed);
    return closed;
  }

  #unspentFen(trade: Trade): number {
    const { store } = this.#options;
    const shared = store.sharesOf(trade.transactionId ?? '').filter(({ state }) => state !== 'CLOSED');
    const refunded = store.refundsOf(trade.tradeNo).filter(({ state }) => state !== 'CLOSED');
    const spent = [...shared, ...refunded].reduce((sum, { amountFen }) => sum + amountFen, 0);
    return trade.amountFen - spent;
  }
}

const OFFSET_MS = 8 * 3_600_000;
/** Time of the rail: Asia/Shanghai. */
export const railTime = (atMs: number): string => `${new Date(atMs + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;

/** An order as the API shows it. */
export function tradeContent(trade: Trade): object {
  const { transactionId, paidAtMs } = trade;
  return {
    appid: trade.appid,
    mchid: trade.mchid,
    out_trade_no: trade.tradeNo,
    trade_type: 'NATIVE',
    trade_state: trade.state,
    trade_state_desc: trade.state,
    ...(transactionId === null || paidAtMs === null ? {} : { transaction_id: transactionId, success_time: railTime(paidAtMs) }),
    amount: { total: trade.amountFen, payer_total: trade.amountFen, currency: 'CNY', payer_currency: 'CNY' },
  };
}
