import type { PaymentContext } from './payment-context.ts';
import { CallbackRefusedError, type SignedMessage } from './payment-rail.ts';
import { existingPayment, isNotificationKnown, noteNotification } from './payments.queries.ts';
import { paymentOfShare } from './payouts.queries.ts';
import type { Payouts } from './payouts.ts';
import type { TopUps } from './top-ups.ts';
import type { Withdrawals } from './withdrawals.ts';

/** What the rail tells by itself. */
export class Callbacks {
  readonly #context: PaymentContext;
  readonly #topUps: TopUps;
  readonly #payouts: Payouts;
  readonly #withdrawals: Withdrawals;

  constructor(context: PaymentContext, work: { topUps: TopUps; payouts: Payouts; withdrawals: Withdrawals }) {
    this.#context = context;
    this.#topUps = work.topUps;
    this.#payouts = work.payouts;
    this.#withdrawals = work.withdrawals;
  }

  /**
   * Takes a callback, once by its id; resolves when what it told is committed. A callback that is refused is not noted: the same id may
   * come again with better content.
   * @throws CallbackRefusedError and changes nothing; other errors: let the rail send it again
   */
  async take(message: SignedMessage): Promise<void> {
    const { database, platformId, rail } = this.#context;
    const notification = rail.readCallback(message);
    const { channel } = rail;
    if (await isNotificationKnown(database.pool, platformId, channel, notification.id)) return;
    switch (notification.event) {
      case 'TRADE':
        await this.#topUps.take(notification.trade);
        break;
      case 'SHARE':
        await this.#takePart(notification.shareNo);
        break;
      case 'REFUND':
        await this.#takePart(notification.refundNo);
        break;
    }
    await noteNotification(database.pool, platformId, { channel, id: notification.id, event: notification.event });
  }

  /** A part of a payment out is done: the rail is asked how. @throws CallbackRefusedError */
  async #takePart(shareNo: string): Promise<void> {
    const { database, platformId } = this.#context;
    const paymentId = await paymentOfShare(database.pool, platformId, shareNo);
    if (paymentId === null) throw new CallbackRefusedError('PAYMENT_UNKNOWN', `nothing was paid out under the number ${shareNo}`);
    const payment = await existingPayment(database.pool, platformId, paymentId);
    await (payment.direction === 'WITHDRAWAL' ? this.#withdrawals : this.#payouts).check(payment);
  }
}
