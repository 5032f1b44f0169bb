import type { PaymentContext } from './payment-context.ts';
import { checkAfterMs } from './payment-context.ts';
import { type PaymentRow, paymentsToCheck, scheduleCheck } from './payments.queries.ts';
import type { Payouts } from './payouts.ts';
import type { TopUps } from './top-ups.ts';

const AT_ONCE_MAX = 50;

/** Looks after payments that nobody told the end of: asks the rail, less and less often, until each of them has one. */
export class OpenPayments {
  readonly #context: PaymentContext;
  readonly #topUps: TopUps;
  readonly #payouts: Payouts;

  constructor(context: PaymentContext, topUps: TopUps, payouts: Payouts) {
    this.#context = context;
    this.#topUps = topUps;
    this.#payouts = payouts;
  }

  /** One look at everything that is due. @returns how many payments that was */
  async look(): Promise<number> {
    const { database, platformId, rail, wallNowMs } = this.#context;
    const due = await paymentsToCheck(database.pool, platformId, { channel: rail.channel, wallMs: wallNowMs(), limit: AT_ONCE_MAX });
    for (const payment of due) await this.#lookAt(payment);
    return due.length;
  }

  async #lookAt(payment: PaymentRow): Promise<void> {
    const { database, platformId, wallNowMs, log } = this.#context;
    try {
      await (payment.direction === 'TOP_UP' ? this.#topUps : this.#payouts).check(payment);
    } catch (cause) {
      // One payment that cannot be settled now must not keep the others waiting; it is asked about again.
      const detail = cause instanceof Error ? cause.message : String(cause);
      log.warn({ err: cause, paymentId: payment.payment_id }, 'a payment could not be settled now');
      await scheduleCheck(database.pool, platformId, payment.payment_id, wallNowMs() + checkAfterMs(payment.checks), detail);
    }
  }
}
