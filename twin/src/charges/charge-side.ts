import type { Books } from '@corridor/actors/account/hold.rules';
import { packagesOf } from '@corridor/actors/account/package.rules';
import type { Charge } from '@corridor/actors/charge/charge';
import { type Incident, type PenaltyRated, penaltyChargeOf } from '@corridor/actors/charge/penalty-charge';
import { monthsBetween, rentChargesOf } from '@corridor/actors/charge/rent-charge';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { periodBeginMs } from '@corridor/actors/settlement/settlement-period';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { Database } from '../db/db.ts';
import type { Log } from '../log.ts';
import { isWrittenUntil } from '../settlement/written-until.ts';
import type { Writer } from '../writer/writer.ts';
import { chargedRents, firstMonthOf, isUnratedTold, openIncidents, rentedTrucks, unratedPenalties } from './charges.queries.ts';

export interface ChargeSideOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly reference: ReferenceStore;
  readonly writer: Pick<Writer, 'ask'>;
  /** Books of a carrier as they stand; null: it has none. */
  readonly booksOf: (carrierId: string) => Books | null;
  readonly scopeNowMs: () => number;
  readonly wallNowMs: () => number;
  readonly log: Log;
}

type Unrated = Exclude<PenaltyRated, { is: 'CHARGE' }>;

const CHARGES_USER = 'charges';
const LOOK_MS = 5_000;
/** What was refused is tried again after this, wall ms. */
const AGAIN_MS = 60_000;

/**
 * Charges what is due by the clock of the scope beside swaps: packages that are over, penalties, rents of months that are over. What is
 * due is read from the books each time, so that a restart loses nothing and charges nothing twice.
 */
export class ChargeSide {
  readonly #options: ChargeSideOptions;
  readonly #notBefore = new Map<string, number>();
  /** Last month whose rents of a carrier are all in the books: not asked for again. */
  readonly #rentedUntil = new Map<string, string>();
  readonly #unrated = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  /** Waits for the one that is under way. */
  #next: Promise<void> | null = null;

  constructor(options: ChargeSideOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (this.#looking === null) void this.look();
    }, LOOK_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await (this.#next ?? this.#looking);
  }

  /** Everything that is due now; one look at a time. One that is under way may have read the books before that: another one follows it. */
  async look(): Promise<void> {
    this.#next ??= this.#lookAfter(this.#looking);
    await this.#next;
  }

  async #lookAfter(before: Promise<void> | null): Promise<void> {
    await before;
    this.#next = null;
    this.#looking = this.#look().catch((cause: unknown) => this.#options.log.warn({ err: cause }, 'charges: not this time'));
    await this.#looking;
    this.#looking = null;
  }

  async #look(): Promise<void> {
    await this.#expirePackages();
    await this.#chargePenalties();
    await this.#chargeRents();
  }

  async #expirePackages(): Promise<void> {
    const { writer, booksOf, scopeNowMs } = this.#options;
    const isOver = (books: Books) =>
      packagesOf(books).some(
        ({ expiresAtMs, grants, quantity, amountFen }) =>
          expiresAtMs <= scopeNowMs() && grants.length === 0 && (quantity > 0n || amountFen > 0n),
      );
    for (const carrierId of this.#carriers()) {
      const books = booksOf(carrierId);
      if (books !== null && isOver(books)) await writer.ask({ type: 'package.expire', principalId: carrierId }, CHARGES_USER);
    }
  }

  async #chargePenalties(): Promise<void> {
    const { database, platformId, reference } = this.#options;
    for (const carrierId of this.#carriers()) {
      // Each carrier's own: what one cannot pay keeps nobody else's waiting.
      for await (const { incident, operatorId } of openIncidents(database.pool, platformId, carrierId)) {
        const rated = penaltyChargeOf(reference, incident, operatorId);
        if (rated.is === 'CHARGE') await this.#book(rated.charge);
        else await this.#noteUnrated(incident, rated);
      }
    }
  }

  /** The log says once a start that it is still open. Its alarm was raised when it happened, but for what is only found out now. */
  async #noteUnrated(incident: Incident, rated: Unrated): Promise<void> {
    const { database, platformId, writer, log } = this.#options;
    const { kind, orderId, carrierId } = incident;
    const name = `${kind}:${orderId}`;
    if (this.#unrated.has(name)) return;
    if (rated.is === 'NOT_RATED' && rated.reason === 'OPERATOR_UNKNOWN' && !(await isUnratedTold(database.pool, platformId, orderId)))
      await writer.ask({ type: 'penalty.notRated', incident, rated }, CHARGES_USER);
    this.#unrated.add(name);
    const detail = rated.is === 'NONE' ? 'its contract has no penalty for it' : rated.detail;
    log.warn({ kind, orderId, carrierId, detail }, 'a penalty cannot be rated: it stays open');
  }

  async #chargeRents(): Promise<void> {
    const { scopeNowMs } = this.#options;
    const nowMs = scopeNowMs();
    const thisMonth = monthOf(nowMs);
    const carriers = this.#carriers().filter((carrierId) => this.#rentedUntil.get(carrierId) !== thisMonth);
    // Which pack a truck had when the month ended, and whose it was, may still be on its way.
    if (carriers.length === 0 || !(await isWrittenUntil(this.#options, periodBeginMs('M1', nowMs), CHARGES_USER))) return;
    for (const carrierId of carriers) {
      const rents = await this.#rentsOf(carrierId, thisMonth);
      let isComplete = true;
      for (const charge of rents.filter(({ basis }) => 'month' in basis && basis.month < thisMonth))
        if (!(await this.#book(charge))) isComplete = false;
      if (isComplete) this.#rentedUntil.set(carrierId, thisMonth);
    }
  }

  /** Rents that are not in the books, of every month until `lastMonth`: of one that is not over, those of trucks that are gone. */
  async #rentsOf(carrierId: string, lastMonth: string): Promise<Charge[]> {
    const { database, platformId, reference } = this.#options;
    const first = await firstMonthOf(database.pool, platformId, carrierId);
    if (first === null) return [];
    const charged = await chargedRents(database.pool, platformId, carrierId);
    const rents: Charge[] = [];
    for (const month of monthsBetween(first, lastMonth)) {
      const trucks = await rentedTrucks(database.pool, platformId, carrierId, month);
      const known = trucks.filter(({ untilDate }) => month < lastMonth || untilDate !== null);
      rents.push(...known.flatMap((truck) => rentChargesOf(reference, truck, month)).filter(({ chargeId }) => !charged.has(chargeId)));
    }
    return rents;
  }

  /**
   * Books all that a carrier without trucks owes to date, the month that is not over included: who has left pays nothing any more.
   * @returns what is left open, and why; null: nothing is
   */
  async chargeToDate(carrierId: string): Promise<string | null> {
    const { database, platformId, reference, scopeNowMs } = this.#options;
    const nowMs = scopeNowMs();
    if (!(await isWrittenUntil(this.#options, nowMs, CHARGES_USER))) return 'what it owes until now is not written yet';
    const penalties: Charge[] = [];
    for await (const { incident, operatorId } of openIncidents(database.pool, platformId, carrierId)) {
      const rated = penaltyChargeOf(reference, incident, operatorId);
      if (rated.is === 'CHARGE') penalties.push(rated.charge);
      else await this.#noteUnrated(incident, rated);
    }
    const owed = [...penalties, ...(await this.#rentsOf(carrierId, monthOf(nowMs)))];
    const open: Charge[] = [];
    for (const charge of owed) {
      this.#notBefore.delete(charge.chargeId);
      if (!(await this.#book(charge))) open.push(charge);
    }
    const [first] = open;
    if (first !== undefined) return `${first.chargeId} and ${open.length - 1} more are not paid: the balance is short`;
    const [unrated] = await unratedPenalties(database.pool, platformId, { carrierId });
    return unrated === undefined ? null : unratedText(unrated);
  }

  /**
   * Books the penalties that are due to an operator without stations: one that has left is not there to be paid any more.
   * @returns what is left open, and why; null: nothing is
   */
  async chargeDueTo(operatorId: string): Promise<string | null> {
    const { database, platformId, reference, scopeNowMs } = this.#options;
    if (!(await isWrittenUntil(this.#options, scopeNowMs(), CHARGES_USER))) return 'what is due to it until now is not written yet';
    for (const carrierId of this.#carriers()) {
      for await (const { incident, operatorId: then } of openIncidents(database.pool, platformId, carrierId)) {
        if (then !== operatorId) continue;
        const rated = penaltyChargeOf(reference, incident, then);
        if (rated.is !== 'CHARGE') {
          await this.#noteUnrated(incident, rated);
          continue;
        }
        this.#notBefore.delete(rated.charge.chargeId);
        if (!(await this.#book(rated.charge))) return `${rated.charge.chargeId} is not paid: the balance of ${carrierId} is short`;
      }
    }
    const [unrated] = await unratedPenalties(database.pool, platformId, { operatorId });
    return unrated === undefined ? null : unratedText(unrated);
  }

  /** @returns false while the balance is short */
  async #book(charge: Charge): Promise<boolean> {
    const { writer, wallNowMs, log } = this.#options;
    const { chargeId, carrierId, payableFen } = charge;
    if ((this.#notBefore.get(chargeId) ?? 0) > wallNowMs()) return false;
    const answer = await writer.ask({ type: 'charge.book', charge }, CHARGES_USER);
    if (answer.ok || answer.code === 'CHARGE_EXISTS') return true;
    this.#notBefore.set(chargeId, wallNowMs() + AGAIN_MS);
    log.warn({ chargeId, carrierId, payableFen: payableFen.toString(), code: answer.code }, 'a charge is not paid yet');
    return false;
  }

  #carriers(): string[] {
    return [...this.#options.reference.principals()].filter(({ kind }) => kind === 'CARRIER').map(({ id }) => id);
  }
}

const unratedText = (orderId: string) => `nobody could rate the penalty of ${orderId}: the platform settles it and closes its alarm first`;
/** Local month, `2026-11`. */
const monthOf = (atMs: number): string => localDateOf(atMs).slice(0, 'YYYY-MM'.length);
