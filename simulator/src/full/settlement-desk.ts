import { createHash } from 'node:crypto';
import { accountOf, type Transfer } from '@corridor/actors/ledger/transfer';
import type { Effect } from '@corridor/actors/network/effect';
import { collectionIdOf, type FrozenStatement, statementStateOf } from '@corridor/actors/settlement/frozen-statement';
import { payableAtMs, periodBeginMs, periodEndMs, statementIdOf } from '@corridor/actors/settlement/settlement-period';
import { assert, violated } from '@corridor/protocols/assert';
import type { SettlementPlan } from '../scenario/business.schema.ts';
import type { CorridorTwin } from './corridor-twin.ts';
import type { RunTime } from './run-time.ts';

/** The rail of a plan: it pays at once. */
const CHANNEL = 'planned';

/** What a statement of a run says. Times since the epoch. */
export interface StatementRow
  extends Pick<FrozenStatement, 'statementId' | 'principalId' | 'period' | 'fromMs' | 'untilMs' | 'payableAtMs' | 'totalFen' | 'state'> {
  /** Of orders, and of all else that moved. */
  ordersFen: bigint;
  othersFen: bigint;
  /** Of the one before, which was below zero. */
  carriedInFen: bigint;
}

/** What moved in a period, by the ledger and, of orders, by their bills. */
interface Period {
  fromMs: number;
  untilMs: number;
  ordersFen: bigint;
  billedFen: bigint;
  othersFen: bigint;
}

interface Settled {
  readonly plan: SettlementPlan;
  period: Period | null;
  closedUntilMs: number;
  carriedFen: bigint;
  /** Statements that are frozen and not paid yet. */
  unpaidFen: bigint;
}

export interface SettlementDeskOptions {
  settlements: readonly SettlementPlan[];
  time: RunTime;
  originMs: number;
  twin: () => CorridorTwin;
}

/** Closes the periods of who earns, as the live settlement does: periods, states and ids are its own functions, payments go through the account actors. */
export class SettlementDesk {
  readonly statements: StatementRow[] = [];
  /** By the rail, since the first instant. */
  paidOutFen = 0n;
  collectedFen = 0n;
  readonly #options: SettlementDeskOptions;
  /** By income account, and by principal. */
  readonly #accounts: ReadonlyMap<string, Settled>;
  readonly #principals: ReadonlyMap<string, Settled>;

  constructor(options: SettlementDeskOptions) {
    this.#options = options;
    const all = options.settlements.map(
      (plan): Settled => ({ plan, period: null, closedUntilMs: Number.NEGATIVE_INFINITY, carriedFen: 0n, unpaidFen: 0n }),
    );
    this.#accounts = new Map(all.map((settled) => [accountOf.income(settled.plan.principalId), settled]));
    this.#principals = new Map(all.map((settled) => [settled.plan.principalId, settled]));
  }

  take(effect: Effect): void {
    if (effect.type === 'ledger.posted') for (const transfer of effect.transfers) this.#post(transfer, effect.atMs);
    if (effect.type !== 'order.billed') return;
    for (const { principalId, netFen } of effect.bill.shares) {
      const settled = this.#principals.get(principalId);
      if (settled !== undefined) this.#periodAt(settled, effect.atMs).billedFen += netFen;
    }
  }

  /** What a principal has earned that is not paid out: by statements, and of the period that is open. */
  owedFen(principalId: string): bigint {
    const { unpaidFen, carriedFen, period } = this.#principals.get(principalId) ?? violated(`${principalId} is not settled`);
    return unpaidFen + carriedFen + (period === null ? 0n : period.ordersFen + period.othersFen);
  }

  /** Every change of an income account but what a statement itself moves. */
  #post({ key, debitAccountId, creditAccountId, amountFen }: Transfer, atMs: number): void {
    if (key.startsWith('statement:') || key.startsWith('payout:')) return;
    this.#move(creditAccountId, { key, amountFen, atMs });
    this.#move(debitAccountId, { key, amountFen: 0n - amountFen, atMs });
  }

  #move(accountId: string, { key, amountFen, atMs }: { key: string; amountFen: bigint; atMs: number }): void {
    const settled = this.#accounts.get(accountId);
    if (settled === undefined) return;
    const period = this.#periodAt(settled, atMs);
    if (key.startsWith('order:')) period.ordersFen += amountFen;
    else period.othersFen += amountFen;
  }

  /** The period of an instant; a period without movements has no statement. */
  #periodAt(settled: Settled, atMs: number): Period {
    if (settled.period !== null && atMs >= settled.period.untilMs) this.#close(settled);
    if (settled.period !== null) return settled.period;
    const { plan, closedUntilMs } = settled;
    const fromMs = Math.max(closedUntilMs, periodBeginMs(plan.period, atMs));
    const untilMs = periodEndMs(plan.period, fromMs);
    const period: Period = { fromMs, untilMs, ordersFen: 0n, billedFen: 0n, othersFen: 0n };
    settled.period = period;
    this.#at(untilMs, () => {
      if (settled.period === period) this.#close(settled);
    });
    return period;
  }

  #close(settled: Settled): void {
    const { plan, period, carriedFen: carriedInFen } = settled;
    assert(period !== null, `${plan.principalId} has no period to close`);
    const { fromMs, untilMs, ordersFen, billedFen, othersFen } = period;
    const { principalId, belowZero } = plan;
    assert(ordersFen === billedFen, `${principalId} from ${fromMs} to ${untilMs}: bills say ${billedFen} fen, the ledger ${ordersFen}`);
    const totalFen = ordersFen + othersFen + carriedInFen;
    const row: StatementRow = {
      statementId: statementIdOf(principalId, fromMs, untilMs),
      principalId,
      period: plan.period,
      fromMs,
      untilMs,
      payableAtMs: payableAtMs(plan.period, untilMs),
      totalFen,
      state: statementStateOf(totalFen, { isCarrier: false, belowZero }),
      ordersFen,
      othersFen,
      carriedInFen,
    };
    settled.period = null;
    settled.closedUntilMs = untilMs;
    settled.carriedFen = row.state === 'CARRIED' ? totalFen : 0n;
    this.statements.push(row);
    this.#freeze(row);
    if (row.state !== 'FROZEN' && row.state !== 'DUE') return;
    settled.unpaidFen += totalFen;
    this.#at(row.payableAtMs, () => this.#pay(settled, row));
  }

  /** The platform has it for ever. It says its totals; orders are in the run's own list. */
  #freeze(row: StatementRow): void {
    const content = JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
    const contentHash = createHash('sha256').update(content).digest('hex');
    const { ordersFen: _, othersFen: __, carriedInFen: ___, ...statement } = row;
    const frozen: FrozenStatement = { ...statement, agreementId: null, content, contentHash, splits: [], receivedFrom: [] };
    this.#options.twin().intent({ type: 'statement.freeze', statement: frozen }, this.#options.time.nowMs);
  }

  #pay(settled: Settled, { statementId, principalId, totalFen }: StatementRow): void {
    const { twin, time } = this.#options;
    settled.unpaidFen -= totalFen;
    if (totalFen > 0n) {
      this.paidOutFen += totalFen;
      twin().intent({ type: 'payment.paidOut', key: statementId, principalId, amountFen: totalFen, channel: CHANNEL }, time.nowMs);
    } else {
      this.collectedFen -= totalFen;
      const paymentId = collectionIdOf(statementId, 1);
      twin().intent({ type: 'payment.collected', paymentId, principalId, amountFen: 0n - totalFen, channel: CHANNEL }, time.nowMs);
    }
  }

  #at(atMs: number, deed: () => void): void {
    const { time, originMs } = this.#options;
    time.schedule(Math.max(0, atMs - originMs - time.nowMs), deed, 'SETTLEMENT');
  }
}
