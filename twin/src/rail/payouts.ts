import { type DbClient, inTransaction } from '../db/db.ts';
import type { OutgoingParts } from './outgoing-parts.ts';
import type { PaymentContext } from './payment-context.ts';
import { PaymentNotBookedError, PaymentRefusedError } from './payment-refused.ts';
import { endPayment, existingPayment, findPayment, insertPayment, type PaymentRow, scheduleCheck } from './payments.queries.ts';
import { incomeLeftFen, lockPayouts } from './payouts.queries.ts';

export interface PayoutRequest {
  /** One payout a statement. */
  readonly statementId: string;
  /** Principal that is paid. */
  readonly receiver: string;
  /** > 0 */
  readonly amountFen: bigint;
  readonly requestedBy: string;
}

/** As the ledger and the payment know it. */
export const payoutIdOf = (statementId: string): string => `payout:${statementId}`;
const NOTHING: ReadonlySet<string> = new Set();

/** Money out: split off from the trades that brought it in, paid by the rail to the receiver, booked when all of it is paid. */
export class Payouts {
  readonly #context: PaymentContext;
  readonly #parts: OutgoingParts;

  constructor(context: PaymentContext, parts: OutgoingParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /**
   * Begins a payout, or tells how the one of this statement stands. Confirmed later, by callback or by asking.
   * @throws PaymentRefusedError; nothing was begun
   */
  async payOut({ statementId, receiver, amountFen, requestedBy }: PayoutRequest): Promise<PaymentRow> {
    const { database, platformId, rail, turns, wallNowMs, scopeNowMs, checkAfterMs } = this.#context;
    const paymentId = payoutIdOf(statementId);
    return turns.run(paymentId, async () => {
      const known = await findPayment(database.pool, platformId, paymentId);
      if (known !== null && (known.amount_fen !== amountFen || known.principal_id !== receiver))
        throw new PaymentRefusedError('KEY_USED_WITH_OTHER_AMOUNT', `${known.amount_fen} fen to ${known.principal_id} are paid out for it`);
      if (known === null) {
        await this.#parts.receiver(receiver);
        await inTransaction(database, async (client) => {
          await lockPayouts(client);
          await this.#assertIncome(client, receiver, amountFen);
          await insertPayment(client, platformId, {
            paymentId,
            principalId: receiver,
            direction: 'PAYOUT',
            channel: rail.channel,
            amountFen,
            tradeNo: null,
            statementId,
            requestedBy,
            requestedScopeMs: scopeNowMs(),
            expiresWallMs: null,
            nextCheckWallMs: wallNowMs() + checkAfterMs(0),
          });
          await this.#parts.allot(client, { payment_id: paymentId }, { amountFen, refundTo: null, without: NOTHING, before: 0 });
        });
      }
      return existingPayment(database.pool, platformId, paymentId);
    });
  }

  /**
   * Begins a payout that failed anew, or the rest of one that was paid in part, when what it failed of is mended.
   * @throws PaymentRefusedError PAYMENT_NOT_FAILED, INCOME_TOO_LOW, RAIL_FUNDS_SHORT
   */
  async retry(paymentId: string): Promise<PaymentRow> {
    const { database, platformId, turns } = this.#context;
    return turns.run(paymentId, async () => {
      const payment = await existingPayment(database.pool, platformId, paymentId);
      const isStuck = payment.state === 'REQUESTED' && payment.detail !== null;
      if (payment.direction !== 'PAYOUT' || (payment.state !== 'FAILED' && !isStuck))
        throw new PaymentRefusedError('PAYMENT_NOT_FAILED', `${payment.direction} ${paymentId} is ${payment.state}`);
      await this.#parts.giveUpRefused(payment);
      await inTransaction(database, async (client) => {
        await lockPayouts(client);
        // What is on its way keeps its income.
        if (!isStuck) await this.#assertIncome(client, payment.principal_id, payment.amount_fen);
        await this.#parts.allotRest(client, payment);
      });
      return existingPayment(database.pool, platformId, paymentId);
    });
  }

  /** Instructs what was not instructed, asks about what was, books when all of it is paid. */
  async check({ payment_id }: PaymentRow): Promise<void> {
    const { database, platformId, turns } = this.#context;
    await turns.run(payment_id, async () => this.#drive(await existingPayment(database.pool, platformId, payment_id)));
  }

  async #drive(payment: PaymentRow): Promise<void> {
    const { database, platformId, wallNowMs, checkAfterMs, log } = this.#context;
    if (payment.state !== 'REQUESTED') return;
    const parts = await this.#parts.advance(payment);
    if (parts.state === 'PAID') return this.#book(payment);
    if (parts.state === 'FAILED') {
      log.error({ paymentId: payment.payment_id, detail: parts.detail }, 'a payout failed: mend it, then ask for it again');
      // Told first: whoever is killed between the two tells it again.
      await this.tellFailed(payment, parts.detail);
      return endPayment(database.pool, platformId, payment.payment_id, 'FAILED', parts.detail);
    }
    if (parts.state === 'STUCK') await this.tellFailed(payment, parts.detail);
    const nextWallMs = wallNowMs() + checkAfterMs(parts.state === 'OPEN' && parts.moved ? 0 : payment.checks);
    await scheduleCheck(database.pool, platformId, payment.payment_id, nextWallMs, parts.state === 'STUCK' ? parts.detail : null);
  }

  /** Raises the alarm of a statement, or says its reason anew: it stands until the statement is paid. */
  async tellFailed(
    { statement_id: statementId, principal_id: principalId }: Pick<PaymentRow, 'statement_id' | 'principal_id'>,
    reason: string,
  ): Promise<void> {
    if (statementId === null) return;
    const intent = { type: 'payment.payoutFailed', statementId, principalId, reason } as const;
    const answer = await this.#context.writer.ask(intent, this.#context.platformId);
    if (!answer.ok) throw new PaymentNotBookedError(`the alarm of ${statementId}: ${answer.code}`);
  }

  async #book({ payment_id, principal_id, amount_fen, channel, statement_id, requested_by }: PaymentRow): Promise<void> {
    const key = statement_id ?? payment_id;
    const intent = { type: 'payment.paidOut', key, principalId: principal_id, amountFen: amount_fen, channel } as const;
    const answer = await this.#context.writer.ask(intent, requested_by);
    if (!answer.ok) throw new PaymentNotBookedError(`${payment_id}: ${answer.code} ${answer.detail}`);
  }

  async #assertIncome(client: DbClient, principalId: string, amountFen: bigint): Promise<void> {
    const leftFen = await incomeLeftFen(client, this.#context.platformId, principalId);
    if (leftFen === null) throw new PaymentRefusedError('NO_INCOME_ACCOUNT', `${principalId} has no income`);
    if (amountFen <= 0n || amountFen > leftFen)
      throw new PaymentRefusedError('INCOME_TOO_LOW', `${amountFen} fen of the ${leftFen} that ${principalId} has`);
  }
}
