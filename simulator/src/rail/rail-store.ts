import { dirname } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { makeFolder } from '@corridor/gateway/journal/make-folder';

export interface Trade {
  tradeNo: string;
  mchid: string;
  appid: string;
  prepayId: string;
  /** null until it is paid. */
  transactionId: string | null;
  amountFen: number;
  description: string;
  notifyUrl: string;
  state: 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';
  expiresAtMs: number;
  paidAtMs: number | null;
}
export interface Share {
  shareNo: string;
  mchid: string;
  transactionId: string;
  orderId: string;
  account: string;
  amountFen: number;
  description: string;
  state: 'PENDING' | 'SUCCESS' | 'CLOSED';
  createdAtMs: number;
  finishedAtMs: number | null;
}
export interface Refund {
  refundNo: string;
  mchid: string;
  tradeNo: string;
  refundId: string;
  amountFen: number;
  atMs: number;
  /** Taken at once, done a moment later; CLOSED: the account of who paid is closed; ABNORMAL: it did not arrive, and is seen to by hand. */
  state: 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';
  finishedAtMs: number | null;
}
/** A callback on its way. */
export interface Outgoing {
  id: string;
  mchid: string;
  notifyUrl: string;
  eventType: string;
  resource: string;
  tries: number;
  dueAtMs: number;
}

const SCHEMA = `
  create table if not exists trade (trade_no text primary key, prepay_id text unique, transaction_id text unique, mchid text not null,
    paid_at_ms integer, body text not null) strict;
  create table if not exists share (share_no text primary key, transaction_id text not null, created_at_ms integer not null, body text not null) strict;
  create table if not exists refund (refund_no text primary key, trade_no text not null, at_ms integer not null, body text not null) strict;
  create table if not exists receiver (mchid text not null, account text not null, name text not null, primary key (mchid, account)) strict;
  create table if not exists outgoing (id text primary key, due_at_ms integer not null, body text not null) strict;
  create table if not exists counter (name text primary key, value integer not null) strict;
`;

const bodyOf = <T>(row: Record<string, SQLOutputValue> | undefined): T | null =>
  row === undefined ? null : (JSON.parse(String(row['body'])) as T);

/** The rail's books in one file: what it said yesterday holds today, also after a kill. */
export class RailStore {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    makeFolder(dirname(path), 0o700);
    this.#database = new DatabaseSync(path);
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = full');
    this.#database.exec(SCHEMA);
  }

  close(): void {
    this.#database.close();
  }

  /** All of it or nothing. */
  inTransaction<T>(work: () => T): T {
    this.#database.exec('begin immediate');
    try {
      const result = work();
      this.#database.exec('commit');
      return result;
    } catch (cause) {
      this.#database.exec('rollback');
      throw cause;
    }
  }

  trade(tradeNo: string): Trade | null {
    return bodyOf(this.#database.prepare('select body from trade where trade_no = ?').get(tradeNo));
  }

  tradeOfCashier(prepayId: string): Trade | null {
    return bodyOf(this.#database.prepare('select body from trade where prepay_id = ?').get(prepayId));
  }

  tradeOfTransaction(transactionId: string): Trade | null {
    return bodyOf(this.#database.prepare('select body from trade where transaction_id = ?').get(transactionId));
  }

  saveTrade(trade: Trade): void {
    const { tradeNo, prepayId, transactionId, mchid, paidAtMs } = trade;
    this.#database
      .prepare('insert or replace into trade (trade_no, prepay_id, transaction_id, mchid, paid_at_ms, body) values (?, ?, ?, ?, ?, ?)')
      .run(tradeNo, prepayId, transactionId, mchid, paidAtMs, JSON.stringify(trade));
  }

  tradesPaid(mchid: string, fromMs: number, untilMs: number): Trade[] {
    return this.#list<Trade>(
      'select body from trade where mchid = ? and paid_at_ms >= ? and paid_at_ms < ? order by paid_at_ms, trade_no',
      mchid,
      fromMs,
      untilMs,
    );
  }

  share(shareNo: string): Share | null {
    return bodyOf(this.#database.prepare('select body from share where share_no = ?').get(shareNo));
  }

  sharesOf(transactionId: string): Share[] {
    return this.#list<Share>('select body from share where transaction_id = ?', transactionId);
  }

  shares(): Share[] {
    return this.#list<Share>('select body from share order by created_at_ms, share_no');
  }

  saveShare(share: Share): void {
    this.#database
      .prepare('insert or replace into share (share_no, transaction_id, created_at_ms, body) values (?, ?, ?, ?)')
      .run(share.shareNo, share.transactionId, share.createdAtMs, JSON.stringify(share));
  }

  refund(refundNo: string): Refund | null {
    return bodyOf(this.#database.prepare('select body from refund where refund_no = ?').get(refundNo));
  }

  refundsOf(tradeNo: string): Refund[] {
    return this.#list<Refund>('select body from refund where trade_no = ?', tradeNo);
  }

  refunds(): Refund[] {
    return this.#list<Refund>('select body from refund order by at_ms, refund_no');
  }

  saveRefund(refund: Refund): void {
    this.#database
      .prepare('insert or replace into refund (refund_no, trade_no, at_ms, body) values (?, ?, ?, ?)')
      .run(refund.refundNo, refund.tradeNo, refund.atMs, JSON.stringify(refund));
  }

  addReceiver(mchid: string, account: string, name: string): void {
    this.#database.prepare('insert or replace into receiver (mchid, account, name) values (?, ?, ?)').run(mchid, account, name);
  }

  hasReceiver(mchid: string, account: string): boolean {
    return this.#database.prepare('select 1 from receiver where mchid = ? and account = ?').get(mchid, account) !== undefined;
  }

  saveOutgoing(outgoing: Outgoing): void {
    this.#database
      .prepare('insert or replace into outgoing (id, due_at_ms, body) values (?, ?, ?)')
      .run(outgoing.id, outgoing.dueAtMs, JSON.stringify(outgoing));
  }

  dropOutgoing(id: string): void {
    this.#database.prepare('delete from outgoing where id = ?').run(id);
  }

  outgoingDue(nowMs: number): Outgoing[] {
    return this.#list<Outgoing>('select body from outgoing where due_at_ms <= ? order by due_at_ms, id', nowMs);
  }

  /** 1, 2, 3 … for each name, across restarts. */
  next(name: string): number {
    this.#database.prepare('insert into counter values (?, 1) on conflict (name) do update set value = value + 1').run(name);
    return Number(this.#database.prepare('select value from counter where name = ?').get(name)?.['value']);
  }

  #list<T>(sql: string, ...values: (string | number)[]): T[] {
    return this.#database
      .prepare(sql)
      .all(...values)
      .map((row) => JSON.parse(String(row['body'])) as T);
  }
}
