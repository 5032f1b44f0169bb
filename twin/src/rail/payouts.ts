import { type DbClient, inTransaction } from '../db/db.ts';
import { checkAfterMs, type PaymentContext } from './payment-context.ts';
import { CallbackRefusedError, type PayoutReceiver, type RailShare } from './payment-rail.ts';
import { PaymentNotBookedError, PaymentRefusedError } from './payment-refused.ts';
import { endPayment, findPayment, insertPayment, type PaymentRow, scheduleCheck } from './payments.queries.ts';
import { type Part, partsOf } from './payout-parts.ts';
import {
  incomeLeftFen,
  insertShare,
  lockPayouts,
  noteShare,
  paymentOfShare,
  receiverOf,
  type ShareRow,
  saveReceiver,
  sharesOf,
  sourcesOf,
} from './payouts.queries.ts';
import { shareNumberOf } from './trade-number.ts';

export interface PayoutRequest {
  /** One payout a statement. */
  readonly statementId: string;
  /** Principal that is paid. */
  readonly receiver: string;
  /** > 0 */
  readonly amountFen: bigint;
  readonly requestedBy: string;
}

/** Parts that the rail may refuse before a person has to look. */
const FAILED_PARTS_MAX = 5;

/** As the ledger and the payment know it. */
export const payoutIdOf = (statementId: string): string => `payout:${statementId}`;

/** Money out: split off from the trades that brought it in, paid by the rail to the receiver, booked when all of it is paid. */
export class Payouts {
  readonly #context: PaymentContext;

  constructor(context: PaymentContext) {
    this.#context = context;
  }

  /** Says where a principal is paid out. @throws RailUnreachableError, RailRefusedError */
  async registerReceiver(principalId: string, receiver: PayoutReceiver): Promise<void> {
    const { database, platformId, rail } = this.#context;
    await rail.addReceiver(receiver);
    await saveReceiver(database.pool, platformId, { ...receiver, principalId, channel: rail.channel });
  }

  /**
   * Begins a payout, or tells how the one of this statement stands. Confirmed later, by callback or by asking.
   * @throws PaymentRefusedError; nothing was begun
   */
  async payOut({ statementId, receiver, amountFen, requestedBy }: PayoutRequest): Promise<PaymentRow> {
    const { database, platformId, rail, oncePerKey, wallNowMs, scopeNowMs } = this.#context;
    const paymentId = payoutIdOf(statementId);
    return oncePerKey.run(paymentId, async () => {
      const known = await findPayment(database.pool, platformId, paymentId);
      if (known !== null && (known.amount_fen !== amountFen || known.principal_id !== receiver))
        throw new PaymentRefusedError('KEY_USED_WITH_OTHER_AMOUNT', `${known.amount_fen} fen to ${known.principal_id} are paid out for it`);
      if (known === null) {
        await this.#assertReceiver(receiver);
        await inTransaction(database, async (client) => {
          await lockPayouts(client);
          await this.#assertIncome(client, receiver, amountFen);
          const parts = await this.#partsOf(client, amountFen);
          if (parts === null)
            throw new PaymentRefusedError('RAIL_FUNDS_SHORT', `less than ${amountFen} fen came in and are left at the rail`);
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
          await this.#insertParts(client, paymentId, parts, 0);
        });
      }
      return this.#existing(paymentId);
    });
  }

  /** Instructs what was not instructed, asks about what was, books when all of it is paid. */
  async check({ payment_id }: PaymentRow): Promise<void> {
    await this.#context.oncePerKey.run(payment_id, async () => this.#drive(await this.#existing(payment_id)));
  }

  /** A callback says that a part is done: the rail is asked how. @throws CallbackRefusedError */
  async take(shareNo: string): Promise<void> {
    const { database, platformId } = this.#context;
    const paymentId = await paymentOfShare(database.pool, platformId, shareNo);
    if (paymentId === null) throw new CallbackRefusedError('PAYMENT_UNKNOWN', `there is no payout with the number ${shareNo}`);
    await this.check(await this.#existing(paymentId));
  }

  async #drive(payment: PaymentRow): Promise<void> {
    const { database, platformId, wallNowMs, log } = this.#context;
    if (payment.state !== 'REQUESTED') return;
    const receiver = await this.#receiver(payment.principal_id);
    for (const share of await sharesOf(database.pool, platformId, payment.payment_id)) {
      if (share.state === 'PENDING') await this.#driveShare(payment, share, receiver);
    }
    const shares = await sharesOf(database.pool, platformId, payment.payment_id);
    const failed = shares.filter(({ state }) => state === 'FAILED');
    const paidFen = sumOf(shares.filter(({ state }) => state === 'SUCCESS'));
    if (paidFen === payment.amount_fen) return this.#book(payment);
    if (failed.length < FAILED_PARTS_MAX) await this.#replaceFailed(payment, shares);
    else if (shares.length === failed.length) {
      await endPayment(database.pool, platformId, payment.payment_id, 'FAILED', failed.at(-1)?.detail ?? 'refused by the rail');
      return;
    } else log.error({ paymentId: payment.payment_id, paidFen }, 'a payout is paid in part only, and the rail refuses the rest');
    await scheduleCheck(database.pool, platformId, payment.payment_id, wallNowMs() + checkAfterMs(payment.checks), null);
  }

  async #driveShare(payment: PaymentRow, share: ShareRow, receiver: PayoutReceiver): Promise<void> {
    const { database, platformId, rail, wallNowMs } = this.#context;
    const known = await rail.shareState({ shareNo: share.share_no, transactionId: share.transaction_id });
    const now: RailShare =
      known ??
      (await rail.share({
        shareNo: share.share_no,
        transactionId: share.transaction_id,
        receiver,
        amountFen: share.amount_fen,
        description: `Statement ${payment.statement_id}`,
      }));
    if (now.state === 'PENDING') return;
    await noteShare(database.pool, platformId, share.share_no, {
      state: now.state === 'SUCCESS' && now.amountFen === share.amount_fen ? 'SUCCESS' : 'FAILED',
      providerRef: now.orderId,
      detail: now.failReason,
      finishedAtMs: now.finishedAtMs ?? wallNowMs(),
    });
  }

  /** What the rail would not pay out of one trade is paid out of another. */
  async #replaceFailed(payment: PaymentRow, shares: readonly ShareRow[]): Promise<void> {
    const missingFen = payment.amount_fen - sumOf(shares.filter(({ state }) => state !== 'FAILED'));
    if (missingFen <= 0n) return;
    await inTransaction(this.#context.database, async (client) => {
      await lockPayouts(client);
      const refused = new Set(shares.filter(({ state }) => state === 'FAILED').map(({ trade_payment_id }) => trade_payment_id));
      const parts = await this.#partsOf(client, missingFen, refused);
      if (parts !== null) await this.#insertParts(client, payment.payment_id, parts, shares.length);
    });
  }

  async #book({ payment_id, principal_id, amount_fen, channel, statement_id, requested_by }: PaymentRow): Promise<void> {
    const key = statement_id ?? payment_id;
    const intent = { type: 'payment.paidOut', key, principalId: principal_id, amountFen: amount_fen, channel } as const;
    const answer = await this.#context.writer.ask(intent, requested_by);
    if (!answer.ok) throw new PaymentNotBookedError(`${payment_id}: ${answer.code} ${answer.detail}`);
  }

  async #partsOf(client: DbClient, amountFen: bigint, without: ReadonlySet<string> = new Set()): Promise<Part[] | null> {
    const { platformId, rail } = this.#context;
    const sources = await sourcesOf(client, platformId, rail.channel);
    return partsOf(
      amountFen,
      sources.filter(({ paymentId }) => !without.has(paymentId)),
    );
  }

  async #insertParts(client: DbClient, paymentId: string, parts: readonly Part[], before: number): Promise<void> {
    for (const [index, { source, amountFen }] of parts.entries()) {
      const partNo = before + index + 1;
      await insertShare(client, this.#context.platformId, {
        payment_id: paymentId,
        part_no: partNo,
        share_no: shareNumberOf(paymentId, partNo),
        trade_payment_id: source.paymentId,
        transaction_id: source.transactionId,
        amount_fen: amountFen,
      });
    }
  }

  async #assertIncome(client: DbClient, principalId: string, amountFen: bigint): Promise<void> {
    const leftFen = await incomeLeftFen(client, this.#context.platformId, principalId);
    if (leftFen === null) throw new PaymentRefusedError('NO_INCOME_ACCOUNT', `${principalId} has no income`);
    if (amountFen <= 0n || amountFen > leftFen)
      throw new PaymentRefusedError('INCOME_TOO_LOW', `${amountFen} fen of the ${leftFen} that ${principalId} has`);
  }

  async #assertReceiver(principalId: string): Promise<void> {
    const { database, platformId, rail } = this.#context;
    if ((await receiverOf(database.pool, platformId, principalId, rail.channel)) !== null) return;
    if (rail.channel !== 'sandbox') throw new PaymentRefusedError('RECEIVER_UNKNOWN', `${principalId} has no account at the payment rail`);
    // Nobody is paid there: an account of that name will do.
    await this.registerReceiver(principalId, { account: `sandbox-${principalId}`, name: principalId });
  }

  async #receiver(principalId: string): Promise<PayoutReceiver> {
    const { database, platformId, rail } = this.#context;
    const receiver = await receiverOf(database.pool, platformId, principalId, rail.channel);
    if (receiver === null) throw new PaymentRefusedError('RECEIVER_UNKNOWN', `${principalId} has no account at the payment rail`);
    return receiver;
  }

  async #existing(paymentId: string): Promise<PaymentRow> {
    const { database, platformId } = this.#context;
    const row = await findPayment(database.pool, platformId, paymentId);
    if (row === null) throw new Error(`the payment ${paymentId} is gone`);
    return row;
  }
}

const sumOf = (shares: readonly ShareRow[]): bigint => shares.reduce((sum, { amount_fen }) => sum + amount_fen, 0n);
