import { onCorrectionRequested } from '@corridor/actors/account/correction.emissions';
import type { BillLine } from '@corridor/actors/order/bill';
import { commissionOf } from '@corridor/actors/rating/rating-terms';
import { type Correction, correctionOf } from '@corridor/actors/settlement/correction';
import { disputeCorrectionLines } from '@corridor/actors/settlement/dispute-correction';
import { type BilledMode, isMismatch, meterCorrectionLines } from '@corridor/actors/settlement/meter-correction';
import type { Prng } from '@corridor/actors/time/prng';
import type { Contract } from '@corridor/protocols/network-file';
import type { MarketBooks } from './market-books.ts';
import type { Tally } from './tally.ts';

const DAY_MS = 86_400_000;
const DISPUTED_DAYS_MAX = 90;
const METERED_MS_MAX = DAY_MS;
/** Of the last ones, some are corrected. */
const LOOKED_AT_MAX = 400;

/** A bill that was cleared, as far as its corrections need it. */
interface ClearedBill {
  readonly orderId: string;
  readonly carrierId: string;
  readonly truckId: string;
  readonly stationId: string;
  readonly contract: Contract;
  readonly lines: readonly BillLine[];
  readonly clearedAtMs: number;
  readonly nominalWh: number;
  readonly usage: Omit<BilledMode, 'billing'>;
}

/** What changes bills afterwards: meters that found another energy, and disputes over months, several of one order too. */
export class LaterCorrections {
  readonly booked: { correction: Correction; contractId: string; atMs: number }[] = [];
  readonly #books: MarketBooks;
  readonly #random: Prng;
  readonly #platformId: string;
  readonly #tally: Tally;
  readonly #bills: ClearedBill[] = [];
  /** By order and line, what corrections added. */
  readonly #corrected = new Map<string, Map<number, bigint>>();
  readonly #metered = new Set<string>();
  #disputes = 0;

  constructor(platformId: string, books: MarketBooks, random: Prng, tally: Tally) {
    this.#platformId = platformId;
    this.#books = books;
    this.#random = random;
    this.#tally = tally;
  }

  cleared(bill: ClearedBill): void {
    this.#bills.push(bill);
    if (this.#bills.length > LOOKED_AT_MAX) this.#bills.shift();
  }

  /** Corrects some bill, if that may be. @returns what was booked */
  act(): Correction | null {
    const { nowMs } = this.#books;
    while ((this.#bills[0]?.clearedAtMs ?? nowMs) < nowMs - DISPUTED_DAYS_MAX * DAY_MS) this.#bills.shift();
    if (this.#bills.length === 0) return null;
    // Now and then one that was disputed before.
    const again = this.#bills.filter(({ orderId }) => this.#corrected.has(orderId));
    const bill = this.#random.pick(again.length > 0 && this.#random.chance(0.3) ? again : this.#bills);
    const isMetered = nowMs - bill.clearedAtMs > METERED_MS_MAX || this.#metered.has(bill.orderId) || this.#random.chance(0.5);
    return isMetered ? this.#dispute(bill) : this.#meter(bill);
  }

  #meter(bill: ClearedBill): Correction | null {
    const { orderId, nominalWh, lines, contract, usage } = bill;
    const billedWh = this.#random.integer(0, nominalWh);
    const meteredWh = Math.max(0, Math.round(billedWh / 0.98) + this.#random.integer(-60_000, 60_000));
    const difference = { orderId, meteredWh, billedWh, nominalWh };
    if (!isMismatch(difference)) return null;
    this.#metered.add(orderId);
    const drafts = meterCorrectionLines(lines, difference, { billing: contract.billing, ...usage }, this.#correctedOf(orderId));
    return this.#book(bill, { correctionId: `meter:${orderId}`, cause: 'METER', disputeId: null, reason: 'METER_MISMATCH' }, drafts);
  }

  #dispute(bill: ClearedBill): Correction | null {
    this.#disputes += 1;
    const disputeId = `D${this.#disputes}`;
    const lines = bill.lines.filter(() => this.#random.chance(0.4));
    const changes = lines.map(({ lineNo, amountFen }) => ({
      lineNo,
      deltaFen: -(amountFen * BigInt(this.#random.integer(0, 110))) / 100n,
    }));
    const found = disputeCorrectionLines(bill.lines, changes, this.#correctedOf(bill.orderId), 'counted twice');
    if (!found.ok) {
      this.#tally.count(`dispute ${found.reason}`);
      return null;
    }
    if (this.#corrected.has(bill.orderId)) this.#tally.count('dispute of a corrected order');
    return this.#book(bill, { correctionId: `dispute:${disputeId}`, cause: 'DISPUTE', disputeId, reason: 'counted twice' }, found.drafts);
  }

  #correctedOf = (orderId: string): ReadonlyMap<number, bigint> => this.#corrected.get(orderId) ?? new Map();

  #book(
    bill: ClearedBill,
    of: Pick<Correction, 'correctionId' | 'cause' | 'disputeId' | 'reason'>,
    drafts: Parameters<typeof correctionOf>[1],
  ): Correction | null {
    const { orderId, carrierId, contract } = bill;
    const terms = { platformId: this.#platformId, commission: commissionOf(contract) };
    const correction = correctionOf({ ...of, orderId, carrierId, by: 'soak' }, drafts, terms);
    const event = { type: 'account.correctionRequested', atMs: this.#books.nowMs, correction, intentId: 'I' } as const;
    const code = this.#books.ask(carrierId, (context, surroundings) => onCorrectionRequested(context, event, surroundings));
    this.#tally.count(`${of.cause === 'METER' ? 'meter' : 'dispute'} ${code}`);
    if (code !== 'CORRECTED') return null;
    this.booked.push({ correction, contractId: contract.id, atMs: this.#books.nowMs });
    this.#remember(bill, correction);
    return correction;
  }

  /** No line may come to be its opposite, whatever corrected it in whatever order. */
  #remember({ orderId, lines }: ClearedBill, { correctionId, lines: corrected }: Correction): void {
    const sums = new Map(this.#correctedOf(orderId));
    for (const { ofLineNo, amountFen, component } of corrected) {
      sums.set(ofLineNo, (sums.get(ofLineNo) ?? 0n) + amountFen);
      const billedFen = lines.find(({ lineNo }) => lineNo === ofLineNo)?.amountFen ?? 0n;
      const leftFen = billedFen + (sums.get(ofLineNo) ?? 0n);
      const isBack = (component === 'ELECTRICITY' || component === 'BATTERY_RENT') && billedFen < 0n;
      if (isBack && leftFen > 0n) {
        this.#books.findings.push(`${correctionId} makes a credit of ${billedFen} fen for ${component} a charge of ${leftFen}`);
      }
    }
    this.#corrected.set(orderId, sums);
  }
}
