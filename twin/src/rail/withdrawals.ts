import { withdrawalKey } from '@corridor/actors/account/withdrawal.rules';
import { notSecondPerson } from '../agreements/approval.ts';
import { type DbClient, inTransaction } from '../db/db.ts';
import { noteAct } from '../settlement/settlement-audit.ts';
import type { OutgoingParts } from './outgoing-parts.ts';
import type { PaymentContext } from './payment-context.ts';
import { PaymentNotBookedError, PaymentRefusedError } from './payment-refused.ts';
import {
  approvePayment,
  endPayment,
  existingPayment,
  findPayment,
  insertPayment,
  type PaymentRow,
  refusePayment,
  scheduleCheck,
} from './payments.queries.ts';
import { balanceLeftFen, sharesOf } from './payouts.queries.ts';

export interface WithdrawalRequest {
  readonly carrierId: string;
  /** > 0; null: all that is in the balance. */
  readonly amountFen: bigint | null;
  /** Sent twice, it is one payment. */
  readonly key: string;
  readonly requestedBy: string;
  /** Asked for by somebody else than the carrier: it waits until another person approves it. */
  readonly isDraft: boolean;
}

const REFUSALS = [
  'NO_CREDIT',
  'ACCOUNT_BLOCKED',
  'NOT_A_CARRIER',
  'AMOUNT_NOT_POSITIVE',
  'KEY_USED_WITH_OTHER_AMOUNT',
  // Released, and killed before the payment was ended: the balance has it again.
  'WITHDRAWAL_ENDED',
] as const;
const NOTHING: ReadonlySet<string> = new Set();
const keyOf = (payment: PaymentRow): string => payment.payment_id.slice(withdrawalKey(payment.principal_id, '').length);

/**
 * Balance back to a carrier: held first, so that no swap spends it; then refunded to the payments that it came in by, and what they do
 * not reach is paid to the carrier's account; booked when all of it is paid, and back in the balance when the rail will not.
 * Every step may be done again: the key of the ledger, and the numbers at the rail, make it once.
 */
export class Withdrawals {
  readonly #context: PaymentContext;
  readonly #parts: OutgoingParts;

  constructor(context: PaymentContext, parts: OutgoingParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** @throws PaymentRefusedError; nothing is held then */
  async request({ carrierId, amountFen, key, requestedBy, isDraft }: WithdrawalRequest): Promise<PaymentRow> {
    const { database, platformId, rail, turns, wallNowMs, scopeNowMs, checkAfterMs } = this.#context;
    const paymentId = withdrawalKey(carrierId, key);
    return turns.run(paymentId, async () => {
      const known = await findPayment(database.pool, platformId, paymentId);
      if (known !== null) {
        if (amountFen !== null && known.amount_fen !== amountFen)
          throw new PaymentRefusedError('KEY_USED_WITH_OTHER_AMOUNT', `${known.amount_fen} fen were asked for with this key`);
        // A refusal stays one: whoever asks again is not told that it was begun.
        const refusal = known.state === 'FAILED' ? REFUSALS.find((code) => code === known.detail) : undefined;
        if (refusal !== undefined) throw new PaymentRefusedError(refusal, `${paymentId} was refused: ask with another key`);
        return known;
      }
      const leftFen = await balanceLeftFen(database.pool, platformId, carrierId);
      const wantedFen = amountFen ?? leftFen;
      // Looked at before anything is written, so that what cannot be is no payment; the account itself decides below.
      if (leftFen <= 0n) throw new PaymentRefusedError('NO_CREDIT', `${carrierId} has no balance`);
      if (wantedFen > leftFen) throw new PaymentRefusedError('NO_CREDIT', `${wantedFen} fen are more than the balance of ${carrierId}`);
      const payment = {
        paymentId,
        principalId: carrierId,
        direction: 'WITHDRAWAL',
        channel: rail.channel,
        amountFen: wantedFen,
        tradeNo: null,
        statementId: null,
        requestedBy,
        requestedScopeMs: scopeNowMs(),
        expiresWallMs: null,
        nextCheckWallMs: wallNowMs() + checkAfterMs(0),
        isDrafted: isDraft,
      } as const;
      // Written first: whoever holds money for it is found again after a kill.
      await inTransaction(database, async (client) => {
        await insertPayment(client, platformId, payment);
        const drafted = { payment_id: paymentId, principal_id: carrierId, amount_fen: wantedFen };
        if (isDraft) await this.#note(client, drafted, 'payment.withdrawalDraft', requestedBy);
      });
      if (isDraft) return existingPayment(database.pool, platformId, paymentId);
      const refusal = await this.#hold(await existingPayment(database.pool, platformId, paymentId));
      if (refusal !== null) throw refusal;
      return existingPayment(database.pool, platformId, paymentId);
    });
  }

  /**
   * Begins what another person drafted.
   * @throws PaymentRefusedError PAYMENT_NOT_DRAFTED, SECOND_PERSON_NEEDED, or why nothing is held
   */
  async approve(paymentId: string, by: string): Promise<PaymentRow> {
    const { database, platformId, turns, wallNowMs, checkAfterMs } = this.#context;
    return turns.run(paymentId, async () => {
      const payment = await existingPayment(database.pool, platformId, paymentId);
      const sameOne = payment.state === 'DRAFTED' ? notSecondPerson(payment.requested_by, by) : null;
      if (sameOne !== null) throw new PaymentRefusedError(sameOne.code, sameOne.text);
      await inTransaction(database, async (client) => {
        const isApproved = await approvePayment(client, platformId, paymentId, by, wallNowMs() + checkAfterMs(0));
        if (!isApproved) throw new PaymentRefusedError('PAYMENT_NOT_DRAFTED', `${paymentId} is ${payment.state}`);
        await this.#note(client, payment, 'payment.withdrawalApprove', by);
      });
      const refusal = await this.#hold(await existingPayment(database.pool, platformId, paymentId));
      if (refusal !== null) throw refusal;
      return existingPayment(database.pool, platformId, paymentId);
    });
  }

  /** Ends a draft. @throws PaymentRefusedError PAYMENT_NOT_DRAFTED */
  async refuse(paymentId: string, by: string): Promise<PaymentRow> {
    const { database, platformId, turns } = this.#context;
    return turns.run(paymentId, async () => {
      const payment = await existingPayment(database.pool, platformId, paymentId);
      await inTransaction(database, async (client) => {
        const isRefused = await refusePayment(client, platformId, paymentId);
        if (!isRefused) throw new PaymentRefusedError('PAYMENT_NOT_DRAFTED', `${paymentId} is ${payment.state}`);
        await this.#note(client, payment, 'payment.withdrawalRefuse', by);
      });
      return existingPayment(database.pool, platformId, paymentId);
    });
  }

  /** Holds, divides, instructs, asks, books: whatever is next. */
  async check({ payment_id }: PaymentRow): Promise<void> {
    const { database, platformId, turns } = this.#context;
    await turns.run(payment_id, async () => this.#drive(await existingPayment(database.pool, platformId, payment_id)));
  }

  async #drive(payment: PaymentRow): Promise<void> {
    const { database, platformId, wallNowMs, checkAfterMs } = this.#context;
    const { payment_id, channel } = payment;
    if (payment.state !== 'REQUESTED' || (await this.#hold(payment)) !== null) return;
    if ((await sharesOf(database.pool, platformId, payment_id)).length === 0) await this.#allotFirst(payment);
    const parts = await this.#parts.advance(payment);
    if (parts.state === 'PAID') return this.#end(payment, channel);
    if (parts.state === 'FAILED') {
      await this.#end(payment, null);
      return endPayment(database.pool, platformId, payment_id, 'FAILED', parts.detail);
    }
    if (parts.state === 'STUCK') await this.#tellStuck(payment, parts.detail);
    const nextWallMs = wallNowMs() + checkAfterMs(parts.state === 'OPEN' && parts.moved ? 0 : payment.checks);
    await scheduleCheck(database.pool, platformId, payment_id, nextWallMs, parts.state === 'STUCK' ? parts.detail : null);
  }

  /**
   * Pays the rest of a withdrawal that was paid in part, when what the rail refused it for is mended. One that failed is back in the
   * balance: it is asked for with another key. @throws PaymentRefusedError PAYMENT_NOT_FAILED, RAIL_FUNDS_SHORT
   */
  async retry(paymentId: string): Promise<PaymentRow> {
    const { database, platformId, turns } = this.#context;
    return turns.run(paymentId, async () => {
      const payment = await existingPayment(database.pool, platformId, paymentId);
      const isDivided = (await sharesOf(database.pool, platformId, paymentId)).length > 0;
      // What is not divided yet may not be held yet either: the next look does both.
      if (payment.state !== 'REQUESTED' || payment.detail === null || !isDivided)
        throw new PaymentRefusedError('PAYMENT_NOT_FAILED', `${payment.direction} ${paymentId} is ${payment.state}`);
      await this.#parts.giveUpRefused(payment);
      await inTransaction(database, (client) => this.#parts.allotRest(client, payment));
      return existingPayment(database.pool, platformId, paymentId);
    });
  }

  /** What persons decide of it, in the audit log of its carrier. */
  async #note(
    client: DbClient,
    payment: Pick<PaymentRow, 'payment_id' | 'principal_id' | 'amount_fen'>,
    action: `payment.withdrawal${'Draft' | 'Approve' | 'Refuse'}`,
    by: string,
  ): Promise<void> {
    const { platformId, scopeNowMs } = this.#context;
    const { payment_id: paymentId, principal_id: entityId, amount_fen: amountFen } = payment;
    const about = { at: new Date(scopeNowMs()).toISOString(), by, action, entityKind: 'principal', entityId } as const;
    await noteAct(client, platformId, { ...about, before: null, after: { paymentId, amountFen: amountFen.toString() } });
  }

  async #allotFirst(payment: PaymentRow): Promise<void> {
    const { amount_fen: amountFen, principal_id: refundTo } = payment;
    try {
      await inTransaction(this.#context.database, (client) =>
        this.#parts.allot(client, payment, { amountFen, refundTo, without: NOTHING, before: 0 }),
      );
    } catch (cause) {
      // Held, and nothing to pay it with: somebody has to know.
      if (cause instanceof PaymentRefusedError) await this.#tellStuck(payment, cause.code);
      throw cause;
    }
  }

  /** Raises the alarm of a withdrawal, or says its reason anew: it stands until it ends. */
  async #tellStuck(payment: PaymentRow, reason: string): Promise<void> {
    const { writer, platformId } = this.#context;
    const intent = { type: 'payment.withdrawalStuck', key: keyOf(payment), principalId: payment.principal_id, reason } as const;
    const answer = await writer.ask(intent, platformId);
    if (!answer.ok) throw new PaymentNotBookedError(`the alarm of ${payment.payment_id}: ${answer.code}`);
  }

  /** Again is no harm. @returns why nothing is held; the payment has failed then */
  async #hold(payment: PaymentRow): Promise<PaymentRefusedError | null> {
    const { database, platformId, writer } = this.#context;
    const { payment_id, principal_id: principalId, amount_fen: amountFen, requested_by } = payment;
    const answer = await writer.ask({ type: 'payment.withdraw', key: keyOf(payment), principalId, amountFen }, requested_by);
    if (answer.ok) return null;
    const refusal = REFUSALS.find((code) => code === answer.code);
    if (refusal === undefined) throw new PaymentNotBookedError(`${payment_id}: ${answer.code} ${answer.detail}`);
    await endPayment(database.pool, platformId, payment_id, 'FAILED', refusal);
    return new PaymentRefusedError(refusal, answer.detail);
  }

  async #end(payment: PaymentRow, paidBy: string | null): Promise<void> {
    const { payment_id, principal_id: principalId, requested_by } = payment;
    const answer = await this.#context.writer.ask({ type: 'payment.withdrawn', key: keyOf(payment), principalId, paidBy }, requested_by);
    if (!answer.ok) throw new PaymentNotBookedError(`${payment_id}: ${answer.code} ${answer.detail}`);
  }
}
