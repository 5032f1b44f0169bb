import type { PaymentContext } from './payment-context.ts';
import { type PaymentDirection, type PaymentRow, paymentsToCheck, scheduleCheck } from './payments.queries.ts';
import type { Payouts } from './payouts.ts';
import type { TopUps } from './top-ups.ts';
import type { Withdrawals } from './withdrawals.ts';

const AT_ONCE_MAX = 50;

/** Looks after payments that nobody told the end of: asks the rail, less and less often, until each of them has one. */
export class OpenPayments {
  readonly #context: PaymentContext;
  readonly #checks: Readonly<Record<PaymentDirection, (payment: PaymentRow) => Promise<void>>>;

  constructor(context: PaymentContext, work: { topUps: TopUps; payouts: Payouts; withdrawals: Withdrawals }) {
    this.#context = context;
    this.#checks = {
      TOP_UP: (payment) => work.topUps.check(payment),
      PAYOUT: (payment) => work.payouts.check(payment),
      WITHDRAWAL: (payment) => work.withdrawals.check(payment),
    };
  }

  /** One look at everything that is due. @returns how many payments that was */
  async look(): Promise<number> {
    const { database, platformId, rail, wallNowMs } = this.#context;
    const due = await paymentsToCheck(database.pool, platformId, { channel: rail.channel, wallMs: wallNowMs(), limit: AT_ONCE_MAX });
    for (const payment of due) await this.#lookAt(payment);
    return due.length;
  }

  async #lookAt(payment: PaymentRow): Promise<void> {
    const { database, platformId, wallNowMs, checkAfterMs, log } = this.#context;
    try {
      await this.#checks[payment.direction](payment);
    } catch (cause) {
      // One payment that cannot be settled now must not keep the others waiting; it is asked about again.
      const detail = cause instanceof Error ? cause.message : String(cause);
      log.warn({ err: cause, paymentId: payment.payment_id }, 'a payment could not be settled now');
      await scheduleCheck(database.pool, platformId, payment.payment_id, wallNowMs() + checkAfterMs(payment.checks), detail);
    }
  }
}
