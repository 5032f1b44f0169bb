import type { Charge } from '@corridor/actors/charge/charge';
import { fen, ZERO_FEN } from '@corridor/actors/ledger/fen';
import { divideHalfUp, holdForQuote } from '@corridor/actors/ledger/fen-arithmetic';
import { checkNetwork } from '@corridor/actors/order/authorisation';
import { type Bill, cashFenOf } from '@corridor/actors/order/bill';
import { rateSwap, type SwapLegs } from '@corridor/actors/rating/rate-swap';
import { type RatingTerms, ratingTermsAt } from '@corridor/actors/rating/rating-terms';
import { type SwapUsage, usageRefusal } from '@corridor/actors/rating/swap-usage';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { Prng } from '@corridor/actors/time/prng';
import { BesideSwaps } from './beside-swaps.ts';
import { billFindings, isBilledAgain } from './bill-findings.ts';
import { ClosedPeriods } from './closed-periods.ts';
import { LaterCorrections } from './later-corrections.ts';
import { MarketBooks } from './market-books.ts';
import { type BilledSwap, recomputedFindings } from './market-bundle.ts';
import { legOf, MarketPacks } from './market-packs.ts';
import { MARKET_BEGINS_MS, type Market, type MarketPack, type MarketTruck } from './random-market.ts';
import { rerateFindings } from './rerate-findings.ts';
import { Tally } from './tally.ts';

/** A swap between its hold and its end. Several are open at once, also of one carrier. */
interface OpenSwap {
  readonly orderId: string;
  readonly truck: MarketTruck;
  readonly stationId: string;
  readonly terms: RatingTerms;
  readonly usage: SwapUsage;
  readonly issued: MarketPack;
  state: 'HELD' | 'ABNORMAL';
  attempt: number;
  legs: SwapLegs | null;
  bill: Bill | null;
}

export const SWAP_ENDS = ['cleared', 'credited', 'cancelled', 'refused', 'notAllowed', 'unpriced', 'repaired', 'writtenOff'] as const;
export type SwapEnd = (typeof SWAP_ENDS)[number];

const MINUTE_MS = 60_000;
const YEAR_MS = 366 * 86_400_000;
/** How often a bill is rated again at once; all are computed again at the end. */
const BILLED_AGAIN_RATIO = 0.1;
/** Open swaps of a market at once. */
const OPEN_MAX = 6;

/**
 * Swaps of one random market through the real rating, account decisions, clearing, corrections, settlement and ledger, one step of one of
 * them at a time, with what goes wrong: no price, no credit, cancelled, no pack given, a capture that fails and is repaired or written
 * off, and every request twice at random. Beside the swaps packs are sold, packages bought, rents and penalties charged, balances
 * withdrawn, bills disputed, and periods closed.
 */
export class MarketRun {
  readonly tally = new Tally();
  readonly books: MarketBooks;
  readonly #market: Market;
  readonly #random: Prng;
  readonly #packs: MarketPacks;
  readonly #beside: BesideSwaps;
  readonly #corrections: LaterCorrections;
  readonly #periods: ClosedPeriods;
  readonly #billed: BilledSwap[] = [];
  readonly #open: OpenSwap[] = [];
  readonly #findings: string[] = [];
  /** Of the charges, so many may be disputed. */
  #knownCharges = 0;
  #begun = 0;

  constructor(market: Market, random: Prng) {
    this.#market = market;
    this.#random = random;
    this.books = new MarketBooks(random.fork('books'), market.reference, MARKET_BEGINS_MS);
    this.#packs = new MarketPacks(market, random.fork('packs'), this.tally);
    this.#beside = new BesideSwaps(market, this.books, random.fork('beside'), this.tally);
    this.#corrections = new LaterCorrections(market.platformId, this.books, random.fork('corrections'), this.tally);
    this.#periods = new ClosedPeriods(market, this.books, this.tally);
  }

  /** @returns what did not hold */
  run(swaps: number): string[] {
    for (const carrierId of this.#market.carrierIds) this.books.topUp(carrierId, this.#someMoney());
    while (this.#begun < swaps || this.#open.length > 0) {
      const mayBegin = this.#begun < swaps && this.#open.length < Math.min(OPEN_MAX, this.#market.trucks.length);
      if (mayBegin && (this.#open.length === 0 || this.#random.chance(0.4))) this.#begin();
      else this.#advance(this.#random.pick(this.#open));
      if (this.#random.chance(0.05)) this.#beside.act();
      if (this.#random.chance(0.03)) this.#packs.sell();
      if (this.#random.chance(0.03)) this.#correct();
    }
    this.#findings.push(...this.#beside.end());
    this.#closeAll();
    this.books.check();
    this.tally.count('statements', this.#periods.statements);
    const found = [...this.#findings, ...this.#packs.findings(), ...this.books.findings];
    return found.length > 0 ? found : [...this.#recomputed(), ...rerateFindings(this.#market, this.#billed, this.#random, this.tally)];
  }

  /** Nothing happens any more: every period ends, and what the last splits moved comes into one more. */
  #closeAll(): void {
    for (let years = 0; years < 2; years += 1) {
      this.books.nowMs += YEAR_MS;
      this.#periods.close();
    }
    this.#periods.check();
  }

  /** Enough for a month, for a swap or for nothing. */
  readonly #someMoney = () => fen(BigInt(this.#random.integer(1, this.#random.pick([1_000, 60_000, 900_000]))));

  /** Time goes on; months that are over are charged, periods that ended are closed. */
  #pass(durationMs: number): void {
    const before = localDateOf(this.books.nowMs);
    this.books.nowMs += durationMs;
    const now = localDateOf(this.books.nowMs);
    if (before.slice(0, 7) === now.slice(0, 7)) return;
    this.#beside.monthOver(before.slice(0, 7));
    this.#periods.close();
  }

  #begin(): void {
    const random = this.#random;
    const truck = random.pick(this.#market.trucks.filter(({ isBusy }) => !isBusy));
    const { carrierId } = truck;
    this.#pass(random.integer(0, 2 * this.#market.paceMs));
    this.#begun += 1;
    const orderId = `O${this.#begun}`;
    if (random.chance(0.1)) this.books.topUp(carrierId, this.#someMoney());
    if (random.chance(0.2)) this.#beside.buyPackage(carrierId);
    const returned = truck.pack ?? this.#packs.rejoin(truck);
    const stationId = random.pick(this.#market.stationIds);
    const at = { stationId, carrierId, atMs: this.books.nowMs };
    const access = checkNetwork(this.#market.reference, at);
    const found = ratingTermsAt(this.#market.reference, at);
    if (!access.ok) return this.#end('notAllowed');
    const issued = found.ok ? this.#packs.issue(stationId, access.packOwnerIds, this.books.nowMs) : null;
    if (!found.ok || issued === null) return this.#end('unpriced');
    this.#packs.drive(truck, returned, random.nextRatio());
    const { terms } = found;
    const usage = this.#usageOf(orderId, truck, terms, { out: legOf(issued), in: legOf(returned) }, stationId);
    const swap: OpenSwap = { orderId, truck, stationId, terms, usage, issued, state: 'HELD', attempt: 1, legs: null, bill: null };
    if (usageRefusal(terms, usage) !== null || !this.#isHeld(swap, returned)) {
      this.books.release(carrierId, orderId);
      this.#packs.putBack(stationId, issued);
      return this.#end('refused');
    }
    truck.isBusy = true;
    this.#open.push(swap);
  }

  #usageOf(orderId: string, truck: MarketTruck, { contract }: RatingTerms, legs: SwapLegs, stationId: string): SwapUsage {
    const random = this.#random;
    const netWh = BigInt((legs.out?.energyWh ?? 0) - legs.in.energyWh);
    const wantedWh = netWh <= 0n ? 0n : divideHalfUp(netWh * BigInt(10_000 + contract.holdMarginBasisPoints), 10_000n);
    const { billing } = contract;
    return {
      distanceSinceSwapM: random.chance(0.01) ? null : truck.odometerM - truck.odometerAtSwapM,
      readyPacks: random.chance(0.1) ? null : (this.#market.stock.get(stationId)?.length ?? null),
      waitedMs: random.chance(0.5) ? null : random.integer(0, 150 * MINUTE_MS),
      packageGrant:
        billing?.mode === 'PACKAGE' ? this.books.grant(truck.carrierId, { orderId, issuerId: billing.issuerId, wantedWh }) : null,
    };
  }

  #isHeld({ orderId, terms, usage, issued, truck }: OpenSwap, returned: MarketPack): boolean {
    const quote = rateSwap(terms, { out: legOf(issued), in: legOf(returned) }, usage);
    const { holdMarginBasisPoints: marginBasisPoints, holdStepFen } = terms.contract;
    const amountFen = holdForQuote({ quotedFen: cashFenOf(quote), marginBasisPoints, stepFen: fen(BigInt(holdStepFen)) });
    const ask = { orderId, attempt: 1, amountFen, driverId: `D-${truck.truckId}` };
    return this.books.hold(truck.carrierId, ask, this.#random.chance(0.01));
  }

  #advance(swap: OpenSwap): void {
    this.#pass(this.#random.integer(0, 30 * MINUTE_MS));
    if (swap.state === 'ABNORMAL') return this.#repair(swap);
    const { orderId, truck, stationId, issued, terms } = swap;
    const { carrierId, truckId } = truck;
    const returned = truck.pack;
    if (returned === null || this.#random.chance(0.04)) {
      this.books.release(carrierId, orderId);
      this.#packs.putBack(stationId, issued);
      const ofOrder = { orderId, stationId, truckId, carrierId, ratedAtMs: terms.atMs };
      this.#beside.incur({ kind: 'NO_SHOW', ...ofOrder, stayedMs: null });
      return this.#close(swap, 'cancelled');
    }
    // Both packs went on changing since the quote.
    this.#packs.drive(truck, returned, this.#random.nextRatio() * 0.1);
    this.#packs.charge(issued, stationId, this.books.nowMs);
    const noPack = this.#random.chance(0.02);
    const legs: SwapLegs = { out: noPack ? null : legOf(issued), in: legOf(returned) };
    const bill = this.#bill(swap, legs, swap.usage);
    this.#packs.handOver(swap, returned, noPack ? null : issued);
    swap.legs = legs;
    swap.bill = bill;
    if (this.#market.reference.contractOf(carrierId, localDateOf(this.books.nowMs)) !== terms.contract)
      this.tally.count('contract ended mid-swap');
    if (this.books.capture(carrierId, { orderId, bill })) {
      this.#clear(swap, bill, swap.usage, noPack ? 'credited' : 'cleared');
      return;
    }
    this.books.release(carrierId, orderId);
    swap.state = 'ABNORMAL';
  }

  #bill({ orderId, terms }: OpenSwap, legs: SwapLegs, usage: SwapUsage): Bill {
    const bill = rateSwap(terms, legs, usage);
    this.#findings.push(...billFindings(orderId, bill));
    const isLookedAt = this.#random.chance(BILLED_AGAIN_RATIO);
    if (isLookedAt && !isBilledAgain(bill, terms, structuredClone(legs), structuredClone(usage)))
      this.#findings.push(`order ${orderId} is billed otherwise again`);
    return bill;
  }

  /** A person repairs it once there is money, or gives it up. What was granted of a package is free again: it is billed without. */
  #repair(swap: OpenSwap): void {
    const { orderId, truck, legs } = swap;
    if (legs === null) return;
    if (this.#random.chance(0.2)) {
      this.#packs.dues.unpaid(truck.carrierId, legs);
      return this.#close(swap, 'writtenOff');
    }
    if (this.#random.chance(0.6)) this.books.topUp(truck.carrierId, fen(BigInt(this.#random.integer(1, 200_000))));
    swap.attempt += 1;
    const usage = { ...swap.usage, packageGrant: null };
    const bill = this.#bill(swap, legs, usage);
    const amountFen = holdForQuote({ quotedFen: cashFenOf(bill), marginBasisPoints: 0, stepFen: fen(1n) });
    if (!this.books.hold(truck.carrierId, { orderId, attempt: swap.attempt, amountFen, driverId: null }, false)) return;
    if (!this.books.capture(truck.carrierId, { orderId, bill })) this.#findings.push(`repair of ${orderId} is not captured`);
    this.#clear(swap, bill, usage, 'repaired');
  }

  #clear(swap: OpenSwap, bill: Bill, usage: SwapUsage, end: SwapEnd): void {
    const { orderId, truck, stationId, terms, legs } = swap;
    if (legs === null) return;
    const { carrierId, truckId } = truck;
    const { nowMs } = this.books;
    this.books.clear({ orderId, carrierId, bill });
    this.#packs.dues.billed(carrierId, bill);
    const { contract, stationRate, priceNow, atMs: ratedAtMs } = terms;
    const named = { contractId: contract.id, stationRateId: stationRate.id, tariffId: priceNow.tariffId };
    this.#billed.push({ orderId, truckId, billedAtMs: nowMs, bill, basis: { ratedAtMs, stationId, carrierId, ...named, ...legs, usage } });
    const ofOrder = { orderId, truckId, stationId };
    const { lines, shares, energyOutWh, energyInWh } = bill;
    const energy = { energyWh: BigInt(energyOutWh - energyInWh), outLots: legs.out?.lots ?? [], inLots: legs.in.lots };
    this.#periods.earned({ ...ofOrder, isOfSwap: true, atMs: nowMs, lines, shares, ...energy });
    const used = { packageGrant: usage.packageGrant, netWh: energy.energyWh };
    const metered = { nominalWh: legs.in.nominalWh, usage: used };
    this.#corrections.cleared({ orderId, chargeId: null, carrierId, contract, lines, clearedAtMs: nowMs, metered });
    this.tally.count(`billed ${contract.billing?.mode ?? 'PER_KWH'}${bill.packageDraw === null ? '' : ' of a package'}`);
    for (const { component } of lines) if (['INCENTIVE', 'PENALTY', 'WAIVER'].includes(component)) this.tally.count(`line ${component}`);
    if (end === 'cleared' && this.#random.chance(0.1)) {
      const stayedMs = this.#random.integer(0, 120 * MINUTE_MS);
      this.#beside.incur({ kind: 'OVERSTAY', ...ofOrder, carrierId, ratedAtMs: nowMs, stayedMs });
    }
    this.#close(swap, end);
  }

  #correct(): void {
    const { charges } = this.#beside;
    for (; this.#knownCharges < charges.length; this.#knownCharges += 1) this.#mayBeDisputed(charges[this.#knownCharges]);
    const correction = this.#corrections.act();
    if (correction === null) return;
    const { orderId, chargeId, lines, shares } = correction;
    const billed = this.#billed.find((each) => each.orderId === orderId);
    const id = chargeId ?? orderId;
    const of = { orderId: id, truckId: id, stationId: billed?.basis.stationId ?? '', isOfSwap: chargeId === null };
    const nothing = { energyWh: 0n, outLots: [], inLots: [] };
    this.#periods.earned({ ...of, atMs: this.books.nowMs, lines, shares, ...nothing });
  }

  #mayBeDisputed(charge: Charge | undefined): void {
    const contract = this.#market.agreements.contracts.find(({ id }) => id === charge?.contractId);
    if (charge === undefined || contract === undefined) return;
    const { chargeId, carrierId, lines } = charge;
    this.#corrections.cleared({ orderId: null, chargeId, carrierId, contract, lines, clearedAtMs: this.books.nowMs, metered: null });
  }

  #close(swap: OpenSwap, end: SwapEnd): void {
    swap.truck.isBusy = false;
    this.#open.splice(this.#open.indexOf(swap), 1);
    this.#end(end);
  }

  readonly #end = (end: SwapEnd): void => this.tally.count(`swap ${end}`);

  #recomputed(): string[] {
    const { platformId, agreements, parties } = this.#market;
    if (this.books.booksOf(platformId).heldFen !== ZERO_FEN) return ['the platform holds money'];
    const { booked: corrections } = this.#corrections;
    const hasWrittenOff = this.tally.counts.has('swap writtenOff');
    const records = { platformId, hasWrittenOff, swaps: this.#billed, corrections, charges: this.#beside.charges, agreements };
    return recomputedFindings(records, this.books, parties);
  }
}
