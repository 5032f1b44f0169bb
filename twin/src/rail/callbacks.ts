import type { PaymentContext } from './payment-context.ts';
import { CallbackRefusedError, type SignedMessage } from './payment-rail.ts';
import { isNotificationKnown, noteNotification } from './payments.queries.ts';
import type { Payouts } from './payouts.ts';
import type { TopUps } from './top-ups.ts';

/** What the rail tells by itself. */
export class Callbacks {
  readonly #context: PaymentContext;
  readonly #topUps: TopUps;
  readonly #payouts: Payouts;

  constructor(context: PaymentContext, topUps: TopUps, payouts: Payouts) {
    this.#context = context;
    this.#topUps = topUps;
    this.#payouts = payouts;
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
        await this.#payouts.take(notification.shareNo);
        break;
      case 'REFUND':
        throw new CallbackRefusedError('PAYMENT_UNKNOWN', `no refund with the number ${notification.refundNo} was asked for`);
    }
    await noteNotification(database.pool, platformId, { channel, id: notification.id, event: notification.event });
  }
}
