import { accountOf } from '@corridor/actors/ledger/transfer';
import type { Effect } from '@corridor/actors/network/effect';
import type { Business } from '../scenario/business.schema.ts';
import type { CorridorTwin } from './corridor-twin.ts';
import type { FullBooks } from './full-books.ts';

export interface TopUpsOptions {
  topUp: Business['topUp'];
  books: FullBooks;
  twin: () => CorridorTwin;
  /** Of the run. */
  nowMs: () => number;
}

/** Carriers pay in when their balance is low, and when an order is refused for want of credit. */
export class TopUps {
  /** By all of them, since the first instant. */
  paidInFen = 0n;
  readonly #options: TopUpsOptions;

  constructor(options: TopUpsOptions) {
    this.#options = options;
  }

  take(effect: Effect): void {
    if (effect.type === 'ledger.posted') this.#keepUp(effect.transfers);
    // Before the driver asks anew: else a balance that no hold is taken from stays as it is for ever.
    if (effect.type === 'order.changed' && effect.order.reason === 'NO_CREDIT' && effect.order.carrierId !== null)
      this.payIn(effect.order.carrierId);
  }

  #keepUp(transfers: readonly { kind: string; debitAccountId: string }[]): void {
    const { books, topUp } = this.#options;
    for (const { kind, debitAccountId } of transfers) {
      if (kind !== 'HOLD') continue;
      const carrierId = debitAccountId.slice(0, debitAccountId.lastIndexOf('_'));
      if (books.balance(accountOf.prepaid(carrierId)) < BigInt(topUp.belowFen)) this.payIn(carrierId);
    }
  }

  /** As often as lifts the balance to where it should be, and once at least. */
  payIn(principalId: string): void {
    const { books, topUp, twin, nowMs } = this.#options;
    const { belowFen, amountFen: onceFen } = topUp;
    const missingFen = BigInt(belowFen) - books.balance(accountOf.prepaid(principalId));
    const times = missingFen > 0n ? (missingFen + BigInt(onceFen) - 1n) / BigInt(onceFen) : 1n;
    const amountFen = times * BigInt(onceFen);
    this.paidInFen += amountFen;
    const key = `plan-${principalId}-${Math.floor(nowMs())}-${twin().network.delivered}`;
    twin().intent({ type: 'payment.topUp', key, principalId, amountFen, channel: 'planned' }, nowMs());
  }
}
