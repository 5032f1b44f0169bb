import { yuanText } from '@corridor/actors/ledger/decimal-text';
import { collectionIdOf } from '@corridor/actors/settlement/frozen-statement';
import pg from 'pg';
import { takesPart } from '../roster/leaving.queries.ts';
import { findStatement, lastStatement, type StatementRow } from '../settlement/statements.queries.ts';
import type { PaymentContext } from './payment-context.ts';
import { CallbackRefusedError, type PrepayOrder, RailRefusedError, type RailTrade } from './payment-rail.ts';
import { PaymentNotBookedError, PaymentRefusedError } from './payment-refused.ts';
import {
  endPayment,
  existingPayment,
  findPayment,
  findPaymentOfTrade,
  insertPayment,
  type NewPayment,
  noteCashier,
  notePaid,
  type PaymentRow,
  paymentsOfStatement,
  scheduleCheck,
} from './payments.queries.ts';
import { tradeNumberOf } from './trade-number.ts';

export interface TopUpRequest {
  readonly carrierId: string;
  readonly amountFen: bigint;
  /** Sent twice, it is one payment. */
  readonly key: string;
  readonly requestedBy: string;
  /** Who pays in for his carrier from the road; null: no driver. Keys of drivers are their own. */
  readonly driverId: string | null;
}

/** An order that is not paid so long is closed, wall ms. */
const EXPIRES_MS = 30 * 60_000;
const UNIQUE_VIOLATION = '23505';

/** As the ledger and the payment know it. */
export const topUpIdOf = (carrierId: string, key: string): string => `topup:${carrierId}:${key}`;
const keyOf = (payment: PaymentRow): string => payment.payment_id.slice(topUpIdOf(payment.principal_id, '').length);

/** Money in: asked for here, paid at the rail's cashier, booked when the rail says so. */
export class TopUps {
  readonly #context: PaymentContext;
  /** Most that one payment asks for. */
  /** The most that one payment is, in fen. */
  readonly maxFen: bigint;

  constructor(context: PaymentContext, maxFen: bigint) {
    this.#context = context;
    this.maxFen = maxFen;
  }

  /** @throws PaymentRefusedError; RailUnreachableError: ask again with the same key; RailRefusedError: with another one */
  async request({ carrierId, amountFen, key, requestedBy, driverId }: TopUpRequest): Promise<PaymentRow> {
    const paymentId = topUpIdOf(carrierId, driverId === null ? key : `${driverId}.${key}`);
    return this.#ask({ paymentId, principalId: carrierId, amountFen, requestedBy, statementId: null, driverId });
  }

  /**
   * Asks for what a statement below zero owes: one that is due, or that is carried and that no other has taken up. One payment at a time:
   * the one that is open is told again.
   * @throws PaymentRefusedError STATEMENT_NOT_DUE; RailUnreachableError, RailRefusedError: ask again
   */
  async collect({ statementId, requestedBy }: { readonly statementId: string; readonly requestedBy: string }): Promise<PaymentRow> {
    const { database, platformId, turns } = this.#context;
    return turns.run(`collect:${statementId}`, async () => {
      const statement = await findStatement(database.pool, platformId, statementId);
      if (statement === null || !(await this.#isOwed(statement)))
        throw new PaymentRefusedError('STATEMENT_NOT_DUE', `${statementId} is ${statement?.state ?? 'unknown'}`);
      const before = await paymentsOfStatement(database.pool, platformId, statementId);
      const open = before.find(({ state }) => state === 'REQUESTED' || state === 'CONFIRMED');
      return this.#ask({
        paymentId: open?.payment_id ?? collectionIdOf(statementId, before.length + 1),
        principalId: statement.principal_id,
        amountFen: 0n - statement.total_fen,
        requestedBy,
        statementId,
        driverId: null,
      });
    });
  }

  /** Who earns nothing more has no next statement that could take up what is carried. */
  async #isOwed({ state, statement_id, principal_id }: StatementRow): Promise<boolean> {
    const { database, platformId } = this.#context;
    if (state !== 'CARRIED') return state === 'DUE';
    return (await lastStatement(database.pool, platformId, principal_id))?.statement_id === statement_id;
  }

  async #ask(asked: {
    readonly paymentId: string;
    readonly principalId: string;
    readonly amountFen: bigint;
    readonly requestedBy: string;
    readonly statementId: string | null;
    readonly driverId: string | null;
  }): Promise<PaymentRow> {
    const { database, platformId, rail, turns, wallNowMs, scopeNowMs, checkAfterMs } = this.#context;
    const { paymentId, principalId, amountFen, requestedBy, statementId, driverId } = asked;
    return turns.run(paymentId, async () => {
      const known = await findPayment(database.pool, platformId, paymentId);
      if (known !== null && known.amount_fen !== amountFen)
        throw new PaymentRefusedError('KEY_USED_WITH_OTHER_AMOUNT', `${known.amount_fen} fen were asked for with this key`);
      if (known !== null && known.channel !== rail.channel)
        throw new PaymentRefusedError('KEY_USED_WITH_OTHER_CHANNEL', `it was asked for by ${known.channel} with this key`);
      // A refusal stays one: whoever asks again is not told that it was begun.
      if (known?.state === 'FAILED') throw new PaymentRefusedError('RAIL_REFUSED', `${known.detail}: ask with another key`);
      if (known !== null && (known.state !== 'REQUESTED' || known.cashier_url !== null)) return known;
      // What was asked for under another limit goes on.
      if (known === null && amountFen > this.maxFen) {
        const said = `${amountFen} fen (${yuanText(amountFen)} yuan)`;
        throw new PaymentRefusedError(
          'AMOUNT_ABOVE_LIMIT',
          `${said}: one payment is ${this.maxFen} fen (${yuanText(this.maxFen)} yuan) at most`,
        );
      }
      const expiresAtMs = known?.expires_at?.getTime() ?? wallNowMs() + EXPIRES_MS;
      const tradeNo = tradeNumberOf(paymentId);
      if (known === null) {
        const { channel } = rail;
        const times = { requestedScopeMs: scopeNowMs(), expiresWallMs: expiresAtMs, nextCheckWallMs: wallNowMs() + checkAfterMs(0) };
        const who = { principalId, requestedBy, driverId };
        await this.#begin({ paymentId, direction: 'TOP_UP', channel, amountFen, tradeNo, statementId, ...who, ...times });
      }
      const description = statementId === null ? `Top-up ${principalId}` : `Statement ${statementId}`;
      const cashierUrl = await this.#prepaid(paymentId, { tradeNo, amountFen, description, expiresAtMs });
      await noteCashier(database.pool, platformId, paymentId, cashierUrl);
      return existingPayment(database.pool, platformId, paymentId);
    });
  }

  /** While its principal does not leave. @throws PaymentRefusedError NOT_A_CARRIER when it has left */
  async #begin(payment: NewPayment): Promise<void> {
    const { database, platformId, leaving } = this.#context;
    const { principalId, statementId } = payment;
    await leaving.run(principalId, async () => {
      // What it owes of its last period it pays in all the same.
      if (statementId === null && !(await takesPart(database.pool, platformId, principalId)))
        throw new PaymentRefusedError('NOT_A_CARRIER', `${principalId} has left`);
      await insertPayment(database.pool, platformId, payment);
    });
  }

  /** Opens it at the rail. What the rail refuses, and does not know afterwards, has ended. @returns where it is paid */
  async #prepaid(paymentId: string, order: PrepayOrder): Promise<string> {
    const { database, platformId, rail } = this.#context;
    try {
      return (await rail.prepay(order)).cashierUrl;
    } catch (cause) {
      // One whose first answer was lost is there, whatever is said to the second.
      if (cause instanceof RailRefusedError && (await rail.trade(order.tradeNo)) === null)
        await endPayment(database.pool, platformId, paymentId, 'FAILED', cause.message);
      throw cause;
    }
  }

  /**
   * What the rail says of a trade, by callback or answer. Booked once, whatever state the payment is in here: money that was paid is
   * the carrier's, also when the order was given up in the meantime.
   * @throws CallbackRefusedError when it is not what was asked for; nothing is changed
   */
  async take(trade: RailTrade): Promise<void> {
    const { database, platformId, rail, turns } = this.#context;
    const found = await findPaymentOfTrade(database.pool, platformId, rail.channel, trade.tradeNo);
    if (found === null) throw new CallbackRefusedError('PAYMENT_UNKNOWN', `there is no payment with the number ${trade.tradeNo}`);
    await turns.run(found.payment_id, async () => this.#take(await existingPayment(database.pool, platformId, found.payment_id), trade));
  }

  /** Asks the rail how a payment stands: finds what a lost callback would have told, and closes what was never paid. */
  async check({ payment_id, trade_no, checks, expires_at }: PaymentRow): Promise<void> {
    const { database, platformId, rail, turns, wallNowMs, checkAfterMs } = this.#context;
    if (trade_no === null) return;
    const trade = await rail.trade(trade_no);
    if (trade !== null && isPaid(trade)) return this.take(trade);
    const again = () => scheduleCheck(database.pool, platformId, payment_id, wallNowMs() + checkAfterMs(checks), null);
    const isOver = trade?.state === 'CLOSED' || (expires_at !== null && expires_at.getTime() <= wallNowMs());
    if (!isOver) return again();
    await turns.run(payment_id, async () => {
      // Paid in the last moment: the next look finds it.
      if ((await rail.close(trade_no)) === 'PAID_ALREADY') await again();
      else await endPayment(database.pool, platformId, payment_id, 'CLOSED', 'not paid in time');
    });
  }

  async #take(payment: PaymentRow, trade: RailTrade): Promise<void> {
    const { database, platformId, writer } = this.#context;
    const { payment_id, principal_id, amount_fen, channel } = payment;
    if (trade.currency !== 'CNY') throw new CallbackRefusedError('CURRENCY_UNSUPPORTED', `${trade.currency}: only CNY is taken`);
    if (trade.amountFen !== amount_fen)
      throw new CallbackRefusedError('AMOUNT_MISMATCH', `${trade.amountFen} fen were paid and ${amount_fen} asked for`);
    if (!isPaid(trade)) return;
    if (payment.provider_ref !== null && payment.provider_ref !== trade.transactionId)
      throw new CallbackRefusedError('PROVIDER_REF_USED', `the payment has the number ${payment.provider_ref} at the rail`);
    if (payment.state === 'CONFIRMED') return;
    try {
      await notePaid(database.pool, platformId, payment_id, { providerRef: trade.transactionId, paidAtMs: trade.paidAtMs });
    } catch (cause) {
      if (!(cause instanceof pg.DatabaseError && cause.code === UNIQUE_VIOLATION)) throw cause;
      throw new CallbackRefusedError('PROVIDER_REF_USED', `${trade.transactionId} is another payment's`);
    }
    const money = { principalId: principal_id, amountFen: amount_fen, channel } as const;
    const answer = await writer.ask(
      payment.statement_id === null
        ? { type: 'payment.topUp', key: keyOf(payment), ...money }
        : { type: 'payment.collected', paymentId: payment_id, ...money },
      payment.requested_by,
    );
    if (!answer.ok) throw new PaymentNotBookedError(`${payment_id}: ${answer.code} ${answer.detail}`);
  }
}

type PaidTrade = RailTrade & { transactionId: string; paidAtMs: number };
/** A trade that was refunded since was paid all the same: the refund is a movement of its own. */
const isPaid = (trade: RailTrade): trade is PaidTrade =>
  (trade.state === 'SUCCESS' || trade.state === 'REFUND') && trade.transactionId !== null && trade.paidAtMs !== null;
