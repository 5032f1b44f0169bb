import { onCorrectionRequested } from '@corridor/actors/account/correction.emissions';
import type { BillLine } from '@corridor/actors/order/bill';
import { commissionOf } from '@corridor/actors/rating/rating-terms';
import { type BillOf, type Correction, correctionOf } from '@corridor/actors/settlement/correction';
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

/** A bill of a swap that was cleared, or a charge that was booked, as far as its corrections need it. */
type ClearedBill = BillOf & {
  readonly carrierId: string;
  readonly contract: Contract;
  readonly lines: readonly BillLine[];
  readonly clearedAtMs: number;
  /** What a meter corrects a bill by; null: a charge, which none measures. */
  readonly metered: { readonly nominalWh: number; readonly usage: Omit<BilledMode, 'billing'> } | null;
};
const nameOf = ({ orderId, chargeId }: BillOf): string => chargeId ?? orderId;

/** What changes bills afterwards: meters that found another energy, and disputes over months, several of one order too. */
export class LaterCorrections {
  readonly booked: { correction: Correction; contractId: string; atMs: number }[] = [];
  readonly #books: MarketBooks;
  readonly #random: Prng;
  readonly #platformId: string;
  readonly #tally: Tally;
  readonly #bills: ClearedBill[] = [];
  /** By bill and line, what corrections added. */
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
    const again = this.#bills.filter((each) => this.#corrected.has(nameOf(each)));
    const charges = this.#bills.filter(({ chargeId }) => chargeId !== null);
    // There are few charges beside so many swaps.
    const preferred = [again.filter(({ chargeId }) => chargeId !== null), again, charges];
    const some = preferred.find((bills) => bills.length > 0 && this.#random.chance(0.3)) ?? this.#bills;
    const bill = this.#random.pick(some);
    const isMetered = nowMs - bill.clearedAtMs > METERED_MS_MAX || this.#metered.has(nameOf(bill)) || this.#random.chance(0.5);
    return isMetered || bill.metered === null || bill.orderId === null
      ? this.#dispute(bill)
      : this.#meter(bill, bill.orderId, bill.metered);
  }

  #meter(bill: ClearedBill, orderId: string, { nominalWh, usage }: Exclude<ClearedBill['metered'], null>): Correction | null {
    const { lines, contract } = bill;
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
    // A charge has one or two.
    const lines = bill.lines.filter(() => this.#random.chance(bill.chargeId === null ? 0.4 : 0.7));
    const changes = lines.map(({ lineNo, amountFen }) => ({
      lineNo,
      deltaFen: -(amountFen * BigInt(this.#random.integer(0, 110))) / 100n,
    }));
    const correctedFen = this.#correctedOf(nameOf(bill));
    const found = disputeCorrectionLines(
      { lines: bill.lines, correctedFen, floorFen: bill.chargeId === null ? null : 0n },
      changes,
      'counted twice',
    );
    if (!found.ok) {
      this.#tally.count(`dispute ${found.reason}`);
      return null;
    }
    if (this.#corrected.has(nameOf(bill))) this.#tally.count(`dispute of a corrected ${bill.chargeId === null ? 'order' : 'charge'}`);
    return this.#book(bill, { correctionId: `dispute:${disputeId}`, cause: 'DISPUTE', disputeId, reason: 'counted twice' }, found.drafts);
  }

  #correctedOf = (name: string): ReadonlyMap<number, bigint> => this.#corrected.get(name) ?? new Map();

  #book(
    bill: ClearedBill,
    of: Pick<Correction, 'correctionId' | 'cause' | 'disputeId' | 'reason'>,
    drafts: Parameters<typeof correctionOf>[1],
  ): Correction | null {
    const { orderId, chargeId, carrierId, contract } = bill;
    const ofBill = chargeId === null ? { orderId, chargeId } : { orderId: null, chargeId };
    const terms = { platformId: this.#platformId, commission: commissionOf(contract) };
    const correction = correctionOf({ ...of, ...ofBill, carrierId, by: 'soak' }, drafts, terms);
    const event = { type: 'account.correctionRequested', atMs: this.#books.nowMs, correction, intentId: 'I' } as const;
    const code = this.#books.ask(carrierId, (context, surroundings) => onCorrectionRequested(context, event, surroundings));
    this.#tally.count(`${of.cause === 'METER' ? 'meter' : 'dispute'}${chargeId === null ? '' : ' of a charge'} ${code}`);
    if (code !== 'CORRECTED') return null;
    this.booked.push({ correction, contractId: contract.id, atMs: this.#books.nowMs });
    this.#remember(bill, correction);
    return correction;
  }

  /** No line may come to be its opposite, whatever corrected it in whatever order, and no charge pay its carrier. */
  #remember(bill: ClearedBill, { correctionId, lines: corrected }: Correction): void {
    const { lines, chargeId } = bill;
    const sums = new Map(this.#correctedOf(nameOf(bill)));
    for (const { ofLineNo, amountFen, component } of corrected) {
      sums.set(ofLineNo, (sums.get(ofLineNo) ?? 0n) + amountFen);
      const billedFen = lines.find(({ lineNo }) => lineNo === ofLineNo)?.amountFen ?? 0n;
      const leftFen = billedFen + (sums.get(ofLineNo) ?? 0n);
      const isBack = (component === 'ELECTRICITY' || component === 'BATTERY_RENT') && billedFen < 0n;
      if (isBack && leftFen > 0n) {
        this.#books.findings.push(`${correctionId} makes a credit of ${billedFen} fen for ${component} a charge of ${leftFen}`);
      }
    }
    const leftFen = [...lines.map(({ amountFen }) => amountFen), ...sums.values()].reduce((sum, amountFen) => sum + amountFen, 0n);
    if (chargeId !== null && leftFen < 0n) this.#books.findings.push(`${correctionId} leaves ${leftFen} fen of ${chargeId}`);
    this.#corrected.set(nameOf(bill), sums);
  }
}
