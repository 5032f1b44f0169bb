import { type DbClient, inTransaction } from '../db/db.ts';
import type { PaymentContext } from './payment-context.ts';
import { type PayoutReceiver, RailRefusedError } from './payment-rail.ts';
import { PaymentRefusedError } from './payment-refused.ts';
import { type PaymentRow, reopenPayment } from './payments.queries.ts';
import { partsOf } from './payout-parts.ts';
import {
  insertShare,
  lockPayouts,
  noteDoubt,
  noteShare,
  receiverOf,
  type ShareRow,
  type Source,
  saveReceiver,
  sharesOf,
  sourcesOf,
} from './payouts.queries.ts';
import { shareNumberOf } from './trade-number.ts';

/** Parts that the rail may refuse before a person has to look. */
const FAILED_PARTS_MAX = 5;
/** Reasons of the rail that lie with the receiver: another trade would not help. */
const OF_THE_RECEIVER: readonly (string | null)[] = [
  'ACCOUNT_ABNORMAL',
  'NO_RELATION',
  'NO_AUTH',
  'RECEIVER_HIGH_RISK',
  'RECEIVER_REAL_NAME_NOT_VERIFIED',
  'RECEIVER_RECEIPT_LIMIT',
];
/** Why the rail's word on a part that has begun is not its end: it moved money, or may. Whatever else is said of one is why it did not begin. */
const HAS_BEGUN = ['AMOUNT_MISMATCH', 'CURRENCY_UNSUPPORTED', 'REFUND_ABNORMAL'];
/** The rail refunds a payment for a year, wall ms. */
const REFUND_MS = 365 * 86_400_000;

/**
 * PAID: all of it; FAILED: nothing of it, and the rail was asked often enough; STUCK: a part of it, and the rail refuses the rest or says
 * nothing final of it; OPEN: asked about again.
 */
export type PartsState =
  | { readonly state: 'PAID' }
  /** `moved`: something ended since the last look, so the next one is soon. */
  | { readonly state: 'OPEN'; readonly moved: boolean }
  | { readonly state: 'FAILED' | 'STUCK'; readonly detail: string };

/** The instructions that a payment out is made of: each takes money of one trade that came in, under a number of its own. */
export class OutgoingParts {
  readonly #context: PaymentContext;

  constructor(context: PaymentContext) {
    this.#context = context;
  }

  /** Makes a receiver known to the rail; nobody is paid there by that. @throws RailUnreachableError, RailRefusedError */
  introduce(receiver: PayoutReceiver): Promise<void> {
    return this.#context.rail.addReceiver(receiver);
  }

  async #registerReceiver(principalId: string, receiver: PayoutReceiver): Promise<void> {
    const { database, platformId, rail } = this.#context;
    await this.introduce(receiver);
    await saveReceiver(database.pool, platformId, { ...receiver, principalId, channel: rail.channel });
  }

  /** @throws PaymentRefusedError RECEIVER_UNKNOWN */
  async receiver(principalId: string): Promise<PayoutReceiver> {
    const { database, platformId, rail } = this.#context;
    const known = await receiverOf(database.pool, platformId, principalId, rail.channel);
    if (known !== null) return known;
    if (rail.channel !== 'sandbox') throw new PaymentRefusedError('RECEIVER_UNKNOWN', `${principalId} has no account at the payment rail`);
    // Nobody is paid there: an account of that name will do.
    const receiver = { account: `sandbox-${principalId}`, name: principalId };
    await this.#registerReceiver(principalId, receiver);
    return receiver;
  }

  /**
   * Divides an amount over trades that have something left, inside the transaction that asks for it.
   * @param refundTo whose own trades are refunded first, the newest first; null: nobody's
   * @throws PaymentRefusedError RAIL_FUNDS_SHORT
   */
  async allot(
    client: DbClient,
    payment: Pick<PaymentRow, 'payment_id'>,
    { amountFen, refundTo, without, before }: { amountFen: bigint; refundTo: string | null; without: ReadonlySet<string>; before: number },
  ): Promise<void> {
    const { platformId, rail, wallNowMs } = this.#context;
    await lockPayouts(client);
    const sources = (await sourcesOf(client, platformId, rail.channel)).filter(({ paymentId }) => !without.has(paymentId));
    const isRefundable = ({ principalId, paidAtMs }: Source) => principalId === refundTo && paidAtMs > wallNowMs() - REFUND_MS;
    const refundable = sources.filter(isRefundable).toReversed();
    const ordered = [...refundable, ...sources.filter((source) => !isRefundable(source))];
    const parts = partsOf(amountFen, ordered);
    if (parts === null) throw new PaymentRefusedError('RAIL_FUNDS_SHORT', `less than ${amountFen} fen came in and are left at the rail`);
    for (const [index, part] of parts.entries()) {
      const partNo = before + index + 1;
      await insertShare(client, platformId, {
        payment_id: payment.payment_id,
        part_no: partNo,
        share_no: shareNumberOf(payment.payment_id, partNo),
        trade_payment_id: part.source.paymentId,
        transaction_id: part.source.transactionId,
        amount_fen: part.amountFen,
        kind: refundable.includes(part.source) ? 'REFUND' : 'SHARE',
      });
    }
  }

  /** Instructs what was not instructed, asks about what was, and puts other parts in the place of those that were refused. */
  async advance(payment: PaymentRow): Promise<PartsState> {
    const { database, platformId, log } = this.#context;
    let moved = false;
    for (;;) {
      for (const part of await sharesOf(database.pool, platformId, payment.payment_id)) {
        if (part.state === 'PENDING') await (part.kind === 'SHARE' ? this.#share(payment, part) : this.#refund(payment, part));
      }
      const parts = await sharesOf(database.pool, platformId, payment.payment_id);
      const paidFen = sumOf(parts.filter(({ state }) => state === 'SUCCESS'));
      if (paidFen === payment.amount_fen) return { state: 'PAID' };
      const failed = parts.filter(({ state, part_no }) => state === 'FAILED' && part_no > payment.parts_before);
      if (sumOf(parts.filter(({ state }) => state !== 'FAILED')) === payment.amount_fen) {
        const doubt = parts.find(({ state, detail }) => state === 'PENDING' && detail !== null)?.detail ?? null;
        return doubt === null ? { state: 'OPEN', moved } : { state: 'STUCK', detail: doubt };
      }
      const isHopeless = failed.some(({ kind, detail }) => kind === 'SHARE' && OF_THE_RECEIVER.includes(detail));
      // Each turn makes at least one more part, so that this ends.
      if (!isHopeless && failed.length < FAILED_PARTS_MAX && (await this.#replaceFailed(payment, parts, failed))) {
        moved = true;
        continue;
      }
      const detail = failed.at(-1)?.detail ?? 'RAIL_REFUSED';
      if (parts.every(({ state }) => state === 'FAILED')) return { state: 'FAILED', detail };
      log.error({ paymentId: payment.payment_id, paidFen }, 'a payment out is paid in part only, and the rail refuses the rest');
      return { state: 'STUCK', detail };
    }
  }

  /**
   * Puts other parts in the place of those that the rail refused, when what it refused them for is mended; inside the transaction that
   * asks for it. @throws PaymentRefusedError PAYMENT_NOT_FAILED, RAIL_FUNDS_SHORT
   */
  async allotRest(client: DbClient, payment: PaymentRow): Promise<void> {
    const { platformId, wallNowMs } = this.#context;
    const { payment_id, amount_fen, direction, principal_id } = payment;
    await lockPayouts(client);
    const parts = await sharesOf(client, platformId, payment_id);
    const amountFen = amount_fen - sumOf(parts.filter(({ state }) => state !== 'FAILED'));
    if (amountFen === 0n) throw new PaymentRefusedError('PAYMENT_NOT_FAILED', `all of ${payment_id} is on its way`);
    await reopenPayment(client, platformId, payment_id, { partsBefore: parts.length, nextWallMs: wallNowMs() });
    const isRefunded = direction === 'WITHDRAWAL' && parts.every(({ kind, state }) => kind !== 'REFUND' || state !== 'FAILED');
    const refundTo = isRefunded ? principal_id : null;
    await this.allot(client, payment, { amountFen, refundTo, without: new Set(), before: parts.length });
  }

  async #share(payment: PaymentRow, part: ShareRow): Promise<void> {
    const { rail } = this.#context;
    const { share_no: shareNo, transaction_id: transactionId, amount_fen: amountFen } = part;
    const description = payment.statement_id === null ? `Balance ${payment.principal_id}` : `Statement ${payment.statement_id}`;
    const now = await this.#instructed(part, async () => {
      const known = await rail.shareState({ shareNo, transactionId });
      if (known !== null) return known;
      return rail.share({ shareNo, transactionId, receiver: await this.receiver(payment.principal_id), amountFen, description });
    });
    if (now === null) return;
    const doubt = now.state === 'SUCCESS' && now.amountFen !== amountFen ? 'AMOUNT_MISMATCH' : null;
    if (now.state === 'PENDING' || doubt !== null) return this.#doubt(part, doubt);
    const { failReason: detail, finishedAtMs } = now;
    await this.#note(shareNo, now.state === 'SUCCESS', { providerRef: now.orderId, detail, finishedAtMs });
  }

  async #refund(payment: PaymentRow, part: ShareRow): Promise<void> {
    const { rail } = this.#context;
    const { share_no: refundNo, amount_fen: amountFen } = part;
    const { trade_no: tradeNo, trade_fen: totalFen } = part;
    const reason = `Balance ${payment.principal_id}`;
    const now = await this.#instructed(part, () => rail.refund({ refundNo, tradeNo, amountFen, totalFen, reason }));
    if (now === null) return;
    const { state, finishedAtMs } = now;
    if (state === 'PROCESSING') return this.#doubt(part, null);
    // Of a refund that is abnormal the money is still the rail's to pay back, by hand.
    if (state === 'ABNORMAL') return this.#doubt(part, 'REFUND_ABNORMAL');
    const isPaid = state === 'SUCCESS';
    if (isPaid && now.currency !== 'CNY') return this.#doubt(part, 'CURRENCY_UNSUPPORTED');
    if (isPaid && now.amountFen !== amountFen) return this.#doubt(part, 'AMOUNT_MISMATCH');
    await this.#note(refundNo, isPaid, { providerRef: now.refundId, detail: isPaid ? null : state, finishedAtMs });
  }

  /**
   * Gives a part to the rail. One that it refuses to take, or that has nobody to be paid to, holds up no other part and is given again
   * with each look: it has not begun, and somebody has to know why. @returns null then
   */
  async #instructed<Answer>(part: ShareRow, work: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof RailRefusedError) await this.#doubt(part, cause.railCode);
      else if (cause instanceof PaymentRefusedError) await this.#doubt(part, cause.code);
      else throw cause;
      return null;
    }
  }

  /**
   * Parts that the rail would not take, and does not know, are paid in another way when a person asks for that: under their numbers nothing
   * is paid any more.
   */
  async giveUpRefused(payment: PaymentRow): Promise<void> {
    const { database, platformId, rail, wallNowMs } = this.#context;
    for (const { share_no: shareNo, transaction_id: transactionId, kind, state, detail } of await sharesOf(
      database.pool,
      platformId,
      payment.payment_id,
    )) {
      if (state !== 'PENDING' || detail === null || HAS_BEGUN.includes(detail)) continue;
      const known = await (kind === 'SHARE' ? rail.shareState({ shareNo, transactionId }) : rail.refundState(shareNo));
      if (known !== null) continue;
      await noteShare(database.pool, platformId, shareNo, { state: 'FAILED', providerRef: null, detail, finishedAtMs: wallNowMs() });
    }
  }

  /** What may have moved, or may still move, money is neither paid nor refused: it stays used, and nothing takes its place. */
  async #doubt({ share_no, detail }: ShareRow, doubt: string | null): Promise<void> {
    const { database, platformId } = this.#context;
    if (detail !== doubt) await noteDoubt(database.pool, platformId, share_no, doubt);
  }

  async #note(
    shareNo: string,
    isPaid: boolean,
    note: { providerRef: string; detail: string | null; finishedAtMs: number | null },
  ): Promise<void> {
    const { database, platformId, wallNowMs } = this.#context;
    const finishedAtMs = note.finishedAtMs ?? wallNowMs();
    await noteShare(database.pool, platformId, shareNo, { ...note, state: isPaid ? 'SUCCESS' : 'FAILED', finishedAtMs });
  }

  /**
   * What the rail would not pay out of one trade is paid out of another; a refund that failed, to the account of the principal.
   * @returns false when no other trade has enough left
   */
  async #replaceFailed(payment: PaymentRow, parts: readonly ShareRow[], failed: readonly ShareRow[]): Promise<boolean> {
    const amountFen = payment.amount_fen - sumOf(parts.filter(({ state }) => state !== 'FAILED'));
    const isRefunded = payment.direction === 'WITHDRAWAL' && failed.every(({ kind }) => kind !== 'REFUND');
    const without = new Set(failed.filter(({ kind }) => kind === 'SHARE').map(({ trade_payment_id }) => trade_payment_id));
    const refundTo = isRefunded ? payment.principal_id : null;
    try {
      await inTransaction(this.#context.database, (client) =>
        this.allot(client, payment, { amountFen, refundTo, without, before: parts.length }),
      );
      return true;
    } catch (cause) {
      if (cause instanceof PaymentRefusedError && cause.code === 'RAIL_FUNDS_SHORT') return false;
      throw cause;
    }
  }
}

const sumOf = (parts: readonly ShareRow[]): bigint => parts.reduce((sum, { amount_fen }) => sum + amount_fen, 0n);
