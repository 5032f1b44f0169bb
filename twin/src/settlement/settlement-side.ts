import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { FIRST_PERIOD_FROM_MS, periodBeginMs, periodEndMs } from '@corridor/actors/settlement/settlement-period';
import type { SettlementStep } from '@corridor/actors/settlement/settlement-step';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { SettlementPeriod } from '@corridor/protocols/agreement/settlement-agreement';
import type { Principal } from '@corridor/protocols/network-file';
import type { Database } from '../db/db.ts';
import type { Log } from '../log.ts';
import { PaymentRefusedError } from '../rail/payment-refused.ts';
import type { Payouts } from '../rail/payouts.ts';
import { leftPrincipals } from '../roster/leaving.queries.ts';
import { Turns } from '../turns/turns.ts';
import type { Writer } from '../writer/writer.ts';
import { agreementInForce, sharingPrincipals } from './agreements.queries.ts';
import { billedOrder, type MeterDifferenceRow, meterCorrection, openDifferences } from './corrections.ts';
import { makeStatement } from './make-statement.ts';
import { firstMovementMs } from './period-facts.queries.ts';
import { failureReasonOf, SettlementAlarms } from './settlement-alarms.ts';
import {
  isCarriedPaidIn,
  lastStatement,
  ordersToSettle,
  overdueStatements,
  type PayableStatementRow,
  paidOutStatements,
  payableStatements,
} from './statements.queries.ts';
import { isWrittenUntil } from './written-until.ts';

export interface SettlementSideOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly reference: ReferenceStore;
  readonly writer: Pick<Writer, 'ask'>;
  /** null: there is no payment rail, so nothing is paid out. */
  readonly payouts: Pick<Payouts, 'payOut' | 'tellFailed'> | null;
  readonly scopeNowMs: () => number;
  readonly wallNowMs: () => number;
  readonly log: Log;
}

/** A principal without an agreement is settled by the day. */
export const DEFAULT_PERIOD: SettlementPeriod = 'D1';
const SETTLEMENT_USER = 'settlement';
const LOOK_MS = 5_000;
/** What was refused is tried again after this, wall ms. */
const AGAIN_MS = 60_000;
const CORRECTIONS_MAX = 50;
const ORDERS_MAX = 1_000;
const ORDERS = 'orders';
/** What is carried is taken up by the next statement, or noted as paid in: never both. */
const CARRIED = 'carried';
/** A statement below zero is overdue when it was not paid in so long after it was payable, scope ms. */
const COLLECT_WITHIN_MS = 3 * 86_400_000;
/** Periods of one principal that are closed in one look; the rest follows in the next. */
const PERIODS_MAX = 40;

/** `failure`: a code, why not all ended periods of a principal are closed; null: they are. */
export interface ClosedPeriods {
  readonly closed: number;
  readonly failure: string | null;
}

/** The network would not take a statement. */
class StatementRefusedError extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/**
 * Does what is due by the clock of the scope: books corrections of the meters, closes periods, pays statements out, marks
 * orders as settled. What is due is read from the database each time, so that a restart loses nothing and does nothing twice;
 * money moves in the writer's transactions only. What fails for one principal, order or statement is an alarm, and holds up nobody else.
 */
export class SettlementSide {
  readonly #options: SettlementSideOptions;
  /** By order, or charge: whatever changes what it cost sees what was changed before, whether a meter or a dispute does it. */
  readonly bills = new Turns();
  readonly #turns = new Turns();
  readonly #alarms: SettlementAlarms;
  readonly #notBefore = new Map<string, number>();
  /** Of what failed when it was last tried: why. */
  readonly #failures = new Map<string, string>();
  /** End of the period that is open: before it nothing need be asked of the database. */
  readonly #endsAtMs = new Map<string, number>();
  /** The difference that was looked at last: those behind it are next, so that none waits for others' credit. */
  #lastDifference: MeterDifferenceRow | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(options: SettlementSideOptions) {
    this.#options = options;
    this.#alarms = new SettlementAlarms(options);
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), LOOK_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  #tick(): void {
    if (this.#looking !== null) return;
    this.#looking = this.look()
      .catch((cause: unknown) => this.#options.log.warn({ err: cause }, 'settlement: not this time'))
      .finally(() => {
        this.#looking = null;
      });
  }

  /** Its next version is agreed: when its open period ends is asked for anew. */
  noteAgreed(principalId: string): void {
    this.#endsAtMs.delete(principalId);
  }

  /** Everything that is due now, in order. */
  async look(): Promise<void> {
    const { platformId } = this.#options;
    await this.bookMeterCorrections();
    await this.closePeriods();
    await this.payOut();
    await this.#tellOverdue();
    await this.#tried('NOTE_PROGRESS', platformId, 'progress', async () => {
      await this.progress();
      return true;
    });
  }

  /** Closes every period that has ended, of everybody; who has left gets a statement of the last one too. @returns how many statements were made */
  async closePeriods(): Promise<number> {
    const { database, platformId, reference } = this.#options;
    const sharing = await sharingPrincipals(database.pool, platformId);
    const everybody = [...reference.principals(), ...(await leftPrincipals(database.pool, platformId))];
    const principals = everybody.toSorted((one, other) => Number(sharing.has(other.id)) - Number(sharing.has(one.id)));
    let closed = 0;
    for (const principal of principals) closed += (await this.closePeriodsOf(principal)).closed;
    return closed;
  }

  /** @returns how many statements were made, none when every ended period is closed already; `failure`: why the next one was not */
  async closePeriodsOf(principal: Principal, options: { byHand: boolean } = { byHand: false }): Promise<ClosedPeriods> {
    const name = `close:${principal.id}`;
    if (options.byHand) this.#notBefore.delete(name);
    const closeNext = async () => this.#turns.run(CARRIED, () => this.#closeNext(principal));
    return this.#turns.run(name, async () => {
      let closed = 0;
      while (closed < PERIODS_MAX && (await this.#tried('CLOSE_PERIOD', principal.id, name, closeNext))) closed += 1;
      return { closed, failure: this.#failures.get(name) ?? null };
    });
  }

  /**
   * One step of one thing. What fails is an alarm until it is done, and is tried again later. @param name of what is tried: not while it is early
   * @returns false when it failed, or had nothing to do
   * @throws WriterStoppedError
   */
  async #tried(step: SettlementStep, id: string, name: string, work: () => Promise<boolean>): Promise<boolean> {
    if (this.#isEarly(name)) return false;
    try {
      const isDone = await work();
      this.#failures.delete(name);
      await this.#alarms.end(step, id);
      return isDone;
    } catch (cause) {
      const reason = failureReasonOf(cause);
      this.#later(name);
      this.#failures.set(name, reason);
      this.#options.log.error({ err: cause, step, id }, 'settlement: it failed, and is tried again');
      await this.#alarms.raise(step, id, reason);
      return false;
    }
  }

  /** @returns false when there is none to close */
  async #closeNext(principal: Principal): Promise<boolean> {
    const { database, platformId, writer, scopeNowMs } = this.#options;
    if (scopeNowMs() < (this.#endsAtMs.get(principal.id) ?? 0)) return false;
    const last = await lastStatement(database.pool, platformId, principal.id);
    const closedUntilMs = last?.period_until.getTime() ?? FIRST_PERIOD_FROM_MS;
    const firstMs = await firstMovementMs(database.pool, platformId, principal.id, closedUntilMs);
    if (firstMs === null) {
      this.#later(`close:${principal.id}`);
      return false;
    }
    const atMs = Math.max(firstMs, closedUntilMs);
    const agreement = await agreementInForce(database.pool, platformId, principal.id, localDateOf(atMs));
    const period = agreement?.period ?? this.#statedPeriod(principal, atMs);
    const fromMs = Math.max(closedUntilMs, periodBeginMs(period, atMs));
    const untilMs = periodEndMs(period, fromMs);
    this.#endsAtMs.set(principal.id, untilMs);
    if (!(await isWrittenUntil(this.#options, untilMs, SETTLEMENT_USER))) return false;
    // It is paid in, and that is not noted yet: there is nothing to carry on.
    if (last?.state === 'CARRIED' && (await isCarriedPaidIn(database.pool, platformId, last.statement_id))) return false;
    const carriedInFen = last?.state === 'CARRIED' ? last.total_fen : 0n;
    const { id: principalId, kind: principalKind } = principal;
    const statement = await makeStatement(database.pool, {
      platformId,
      principalId,
      principalKind,
      period,
      agreement,
      fromMs,
      untilMs,
      carriedInFen,
    });
    const answer = await writer.ask({ type: 'statement.freeze', statement }, SETTLEMENT_USER);
    if (!answer.ok) throw new StatementRefusedError(answer.code, answer.detail);
    return true;
  }

  /** A carrier's contract says how it is settled. */
  #statedPeriod({ id, kind }: Principal, atMs: number): SettlementPeriod {
    if (kind !== 'CARRIER') return DEFAULT_PERIOD;
    return this.#options.reference.contractOf(id, localDateOf(atMs))?.settlementPeriod ?? DEFAULT_PERIOD;
  }

  /** A page of those behind the last one, and past those that wait; from the oldest again when all were looked at. */
  async bookMeterCorrections(): Promise<void> {
    const { database, platformId } = this.#options;
    let tried = 0;
    do {
      const rows = await openDifferences(database.pool, platformId, { after: this.#lastDifference, limit: CORRECTIONS_MAX });
      for (const row of rows) {
        const name = `meter:${row.order_id}`;
        if (this.#isEarly(name)) continue;
        tried += 1;
        await this.#tried('BOOK_CORRECTION', row.order_id, name, () => this.#bookMeterCorrection(row, name));
      }
      this.#lastDifference = rows.length < CORRECTIONS_MAX ? null : (rows.at(-1) ?? null);
    } while (this.#lastDifference !== null && tried < CORRECTIONS_MAX);
  }

  /** @returns false while it waits */
  async #bookMeterCorrection(row: MeterDifferenceRow, name: string): Promise<boolean> {
    const { database, platformId, reference, writer, log } = this.#options;
    return this.bills.run(row.order_id, async () => {
      const order = await billedOrder(database.pool, platformId, reference, row.order_id);
      const correction = order === null ? null : meterCorrection(platformId, order, row);
      const answer = correction === null ? null : await writer.ask({ type: 'correction.book', correction }, SETTLEMENT_USER);
      if (answer?.ok === true) return true;
      // A carrier that is short of credit is asked again when it has paid in.
      log.warn({ orderId: row.order_id, code: answer?.code ?? 'ORDER_NOT_BILLED' }, 'a correction by the meter is not booked yet');
      this.#later(name);
      return false;
    });
  }

  async payOut(): Promise<void> {
    const { database, platformId, payouts, scopeNowMs } = this.#options;
    if (payouts === null) return;
    for (const row of await payableStatements(database.pool, platformId, scopeNowMs())) {
      const { statement_id } = row;
      await this.#tried('PAY_STATEMENT', statement_id, statement_id, () => this.#payOutOne(row, payouts));
    }
  }

  async #payOutOne(
    { statement_id, principal_id, total_fen, is_held }: PayableStatementRow,
    payouts: NonNullable<SettlementSideOptions['payouts']>,
  ): Promise<boolean> {
    this.#later(statement_id);
    const refused = async (code: string) => {
      this.#options.log.warn({ statementId: statement_id, code }, 'a statement is not paid out yet');
      await payouts.tellFailed({ statement_id, principal_id }, code);
      return false;
    };
    if (is_held) return refused('STATEMENT_DUE');
    try {
      await payouts.payOut({ statementId: statement_id, receiver: principal_id, amountFen: total_fen, requestedBy: SETTLEMENT_USER });
      return true;
    } catch (cause) {
      if (!(cause instanceof PaymentRefusedError)) throw cause;
      return refused(cause.code);
    }
  }

  /** Statements below zero that nobody pays in: the platform sees to it. */
  async #tellOverdue(): Promise<void> {
    const { database, platformId, scopeNowMs } = this.#options;
    for (const statementId of await overdueStatements(database.pool, platformId, scopeNowMs() - COLLECT_WITHIN_MS)) {
      const name = `overdue:${statementId}`;
      if (this.#isEarly(name)) continue;
      this.#later(name);
      await this.#alarms.raise('COLLECT_STATEMENT', statementId, 'STATEMENT_OVERDUE');
    }
  }

  /** Notes which statements are paid, and which orders are settled by that. */
  async progress(): Promise<void> {
    const { database, platformId, writer } = this.#options;
    const paidStatementIds = await this.#turns.run(CARRIED, async () => {
      const paid = await paidOutStatements(database.pool, platformId);
      if (paid.length > 0) await writer.ask({ type: 'settlement.progress', paidStatementIds: paid, settledOrderIds: [] }, SETTLEMENT_USER);
      return paid;
    });
    if (paidStatementIds.length > 0) {
      for (const name of [...paidStatementIds, ORDERS]) this.#notBefore.delete(name);
      for (const id of paidStatementIds) {
        await this.#alarms.end('PAY_STATEMENT', id);
        await this.#alarms.end('COLLECT_STATEMENT', id);
      }
    }
    if (this.#isEarly(ORDERS)) return;
    const settledOrderIds = await ordersToSettle(database.pool, platformId, ORDERS_MAX);
    if (settledOrderIds.length < ORDERS_MAX) this.#later(ORDERS);
    if (settledOrderIds.length > 0) {
      await writer.ask({ type: 'settlement.progress', paidStatementIds: [], settledOrderIds }, SETTLEMENT_USER);
    }
  }

  #isEarly(name: string): boolean {
    return (this.#notBefore.get(name) ?? 0) > this.#options.wallNowMs();
  }

  #later(name: string): void {
    this.#notBefore.set(name, this.#options.wallNowMs() + AGAIN_MS);
  }
}
