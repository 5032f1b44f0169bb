import { fen, ZERO_FEN } from '@corridor/actors/ledger/fen';
import { holdForQuote } from '@corridor/actors/ledger/fen-arithmetic';
import type { PackLeg } from '@corridor/actors/network/actor-event';
import { type Bill, cashFenOf } from '@corridor/actors/order/bill';
import { addLots, chargedLots, drawFromLots, lotsEnergyWh } from '@corridor/actors/pack/energy-lot.rules';
import { rateSwap, type SwapLegs } from '@corridor/actors/rating/rate-swap';
import { type RatingTerms, ratingTermsAt } from '@corridor/actors/rating/rating-terms';
import { rentRateOf } from '@corridor/actors/rating/rent-rate';
import type { SwapUsage } from '@corridor/actors/rating/swap-usage';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import { pricedPeriodAt, tariffCutsMs } from '@corridor/actors/tariff/time-of-use';
import type { Prng } from '@corridor/actors/time/prng';
import { billFindings, isBilledAgain } from './bill-findings.ts';
import { MarketBooks } from './market-books.ts';
import { OwnerDues } from './owner-dues.ts';
import { MARKET_BEGINS_MS, type Market, type MarketPack, type MarketTruck } from './random-market.ts';

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

export const SWAP_ENDS = ['cleared', 'credited', 'cancelled', 'refused', 'unpriced', 'repaired', 'writtenOff'] as const;
export type SwapEnd = (typeof SWAP_ENDS)[number];

const MINUTE_MS = 60_000;
/** Open swaps of a market at once. */
const OPEN_MAX = 6;

/**
 * Swaps of one random market through the real rating, account decisions, clearing and ledger, one step of one of them at a
 * time, with what goes wrong: no price, no credit, cancelled, no pack given, a capture that fails and is repaired or written
 * off, and every request twice at random.
 */
export class MarketRun {
  readonly ends: Record<SwapEnd, number> = {
    cleared: 0,
    credited: 0,
    cancelled: 0,
    refused: 0,
    unpriced: 0,
    repaired: 0,
    writtenOff: 0,
  };
  readonly books: MarketBooks;
  readonly #market: Market;
  readonly #random: Prng;
  readonly #dues = new OwnerDues();
  readonly #open: OpenSwap[] = [];
  readonly #findings: string[] = [];
  #nowMs = MARKET_BEGINS_MS;
  #begun = 0;

  constructor(market: Market, random: Prng) {
    this.#market = market;
    this.#random = random;
    this.books = new MarketBooks(random.fork('books'), market.platformId);
    for (const { pack, carrierId } of market.trucks) if (pack !== null) this.#join(pack, carrierId);
    for (const [stationId, packs] of market.stock) for (const pack of packs) this.#charge(pack, stationId);
  }

  /** @returns what did not hold */
  run(swaps: number): string[] {
    for (const carrierId of this.#market.carrierIds) this.books.topUp(carrierId, this.#someMoney());
    while (this.#begun < swaps || this.#open.length > 0) {
      const mayBegin = this.#begun < swaps && this.#open.length < Math.min(OPEN_MAX, this.#market.trucks.length);
      if (mayBegin && (this.#open.length === 0 || this.#random.chance(0.4))) this.#begin();
      else this.#advance(this.#random.pick(this.#open));
    }
    this.#settleDues();
    this.books.check();
    return [...this.#findings, ...this.books.findings];
  }

  /** Enough for a month, for a swap or for nothing. */
  readonly #someMoney = () => fen(BigInt(this.#random.integer(1, this.#random.pick([1_000, 60_000, 900_000]))));

  #begin(): void {
    const random = this.#random;
    const truck = random.pick(this.#market.trucks.filter(({ isBusy }) => !isBusy));
    const { carrierId } = truck;
    this.#nowMs += random.integer(0, 20 * MINUTE_MS);
    this.#begun += 1;
    const orderId = `O${this.#begun}`;
    if (random.chance(0.1)) this.books.topUp(carrierId, this.#someMoney());
    if (truck.pack === null) this.#rejoin(truck);
    const stationId = random.pick(this.#market.stationIds);
    const found = ratingTermsAt(this.#market.reference, { stationId, carrierId, atMs: this.#nowMs });
    const issued = this.#packFor(stationId);
    if (!found.ok || issued === null || truck.pack === null) return this.#end('unpriced');
    this.#drive(truck, truck.pack, random.nextRatio());
    const { terms } = found;
    const readyPacks = this.#market.stock.get(stationId)?.length ?? null;
    const usage: SwapUsage = {
      distanceSinceSwapM: truck.odometerM - truck.odometerAtSwapM,
      readyPacks,
      waitedMs: random.chance(0.5) ? null : random.integer(0, 150 * MINUTE_MS),
      packageGrant: null,
    };
    const quote = rateSwap(terms, { out: legOf(issued), in: legOf(truck.pack) }, usage);
    const { holdMarginBasisPoints: marginBasisPoints, holdStepFen } = terms.contract;
    const amountFen = holdForQuote({ quotedFen: cashFenOf(quote), marginBasisPoints, stepFen: fen(BigInt(holdStepFen)) });
    const ask = { orderId, attempt: 1, amountFen, driverId: `D-${truck.truckId}` };
    if (this.books.hold(carrierId, ask, random.chance(0.01)) !== 'held') {
      this.#market.stock.get(stationId)?.push(issued);
      return this.#end('refused');
    }
    truck.isBusy = true;
    this.#open.push({ orderId, truck, stationId, terms, usage, issued, state: 'HELD', attempt: 1, legs: null, bill: null });
  }

  #advance(swap: OpenSwap): void {
    if (swap.state === 'ABNORMAL') return this.#repair(swap);
    const { orderId, truck, stationId, issued } = swap;
    const stock = this.#market.stock.get(stationId) ?? [];
    const returned = truck.pack;
    if (returned === null || this.#random.chance(0.04)) {
      this.books.release(truck.carrierId, orderId);
      stock.push(issued);
      return this.#close(swap, 'cancelled');
    }
    // Both packs went on changing since the quote.
    this.#drive(truck, returned, this.#random.nextRatio() * 0.1);
    this.#charge(issued, stationId);
    const noPack = this.#random.chance(0.02);
    const legs: SwapLegs = { out: noPack ? null : legOf(issued), in: legOf(returned) };
    const bill = rateSwap(swap.terms, legs, swap.usage);
    this.#findings.push(...billFindings(orderId, bill));
    if (!isBilledAgain(bill, swap.terms, structuredClone(legs), structuredClone(swap.usage)))
      this.#findings.push(`order ${orderId} is billed otherwise again`);
    stock.push(returned);
    if (noPack) stock.push(issued);
    truck.pack = noPack ? null : issued;
    truck.odometerAtSwapM = truck.odometerM;
    swap.legs = legs;
    swap.bill = bill;
    if (this.books.capture(truck.carrierId, { orderId, amountFen: cashFenOf(bill) }) === 'captured') {
      return this.#clear(swap, bill, noPack ? 'credited' : 'cleared');
    }
    this.books.release(truck.carrierId, orderId);
    swap.state = 'ABNORMAL';
  }

  /** A person repairs it once there is money, or gives it up. */
  #repair(swap: OpenSwap): void {
    const { orderId, truck, bill, legs } = swap;
    if (bill === null || legs === null) return;
    if (this.#random.chance(0.2)) {
      this.#dues.unpaid(truck.carrierId, legs);
      return this.#close(swap, 'writtenOff');
    }
    if (this.#random.chance(0.6)) this.books.topUp(truck.carrierId, fen(BigInt(this.#random.integer(1, 200_000))));
    swap.attempt += 1;
    const amountFen = holdForQuote({ quotedFen: cashFenOf(bill), marginBasisPoints: 0, stepFen: fen(1n) });
    const held = this.books.hold(truck.carrierId, { orderId, attempt: swap.attempt, amountFen, driverId: null }, false);
    if (held !== 'held') return;
    const captured = this.books.capture(truck.carrierId, { orderId, amountFen: cashFenOf(bill) });
    if (captured !== 'captured') this.#findings.push(`repair of ${orderId}: ${captured}`);
    this.#clear(swap, bill, 'repaired');
  }

  #clear(swap: OpenSwap, bill: Bill, end: SwapEnd): void {
    const { orderId, truck } = swap;
    this.books.clear({ orderId, carrierId: truck.carrierId, bill });
    this.#dues.billed(truck.carrierId, bill);
    this.#close(swap, end);
  }

  #close(swap: OpenSwap, end: SwapEnd): void {
    swap.truck.isBusy = false;
    this.#open.splice(this.#open.indexOf(swap), 1);
    this.#end(end);
  }

  #end(end: SwapEnd): void {
    this.ends[end] += 1;
  }

  /** A pack that the station may issue now, charged, with its rate frozen; null: none, or its owner has no rate. */
  #packFor(stationId: string): MarketPack | null {
    const stock = this.#market.stock.get(stationId) ?? [];
    const index = this.#random.integer(0, stock.length - 1);
    const pack = stock[index];
    if (pack === undefined) return null;
    const rate = this.#market.reference.batteryRate(pack, localDateOf(this.#nowMs));
    const rent = rate === undefined ? null : rentRateOf(rate, pack.sohPercent);
    if (rent === null) return null;
    stock.splice(index, 1);
    this.#charge(pack, stationId);
    pack.rentNanoYuanPerKwh = rent;
    pack.sohPercent = Math.max(60, pack.sohPercent - 0.1 * this.#random.integer(0, 1));
    return pack;
  }

  /** Energy from grid and PV over some hours, cut at the tariff's boundaries. */
  #charge(pack: MarketPack, stationId: string): void {
    const { reference } = this.#market;
    const room = Math.max(0, pack.nominalWh - lotsEnergyWh(pack.lots));
    const gridWh = this.#random.integer(0, Math.floor(room * 0.8));
    const pvWh = this.#random.chance(0.3) ? this.#random.integer(0, room - gridWh) : 0;
    const fromMs = this.#nowMs - this.#random.integer(1, 240) * MINUTE_MS;
    const tariffOf = (id: string, onDate: string) => reference.tariffOf(id, onDate);
    const priceAt = (atMs: number) => pricedPeriodAt(tariffOf, stationId, atMs);
    const cutsMs = tariffCutsMs(tariffOf, stationId, fromMs, this.#nowMs);
    const pv = reference.stationRate(stationId, localDateOf(this.#nowMs))?.pvNanoYuanPerKwh;
    const pvNanoYuanPerKwh = pv === undefined ? null : BigInt(pv);
    const charged = chargedLots({ pvNanoYuanPerKwh, stationId, gridWh, pvWh, fromMs, toMs: this.#nowMs, cutsMs, priceAt });
    if (charged !== null) pack.lots = addLots(pack.lots, charged.lots);
  }

  #drive(truck: MarketTruck, pack: MarketPack, ratio: number): void {
    const { left, drawn } = drawFromLots(pack.lots, Math.floor(lotsEnergyWh(pack.lots) * ratio));
    this.#dues.drawn(truck.carrierId, pack, drawn);
    pack.lots = left;
    truck.odometerM += Math.round(lotsEnergyWh(drawn) / 1.7);
  }

  /** A pack that is on board when its truck joins was not issued by an order: nobody paid what is in it. */
  #join(pack: MarketPack, carrierId: string): void {
    pack.lots = [
      {
        energyWh: this.#random.integer(0, pack.nominalWh),
        period: 'FLAT',
        priceNanoYuanPerKwh: 650_000_000n,
        stationId: '-',
        source: 'OPENING',
      },
    ];
    pack.rentNanoYuanPerKwh = BigInt(this.#random.integer(0, 600_000_000));
    this.#dues.drawn(carrierId, pack, pack.lots, -1n);
  }

  /** A truck left without a pack is brought one, outside of any order. */
  #rejoin(truck: MarketTruck): void {
    const ownerId = this.#random.pick(this.#market.ownerIds);
    const packId = `${truck.truckId}-R${this.#begun}`;
    const pack: MarketPack = { packId, ownerId, sohPercent: 90, nominalWh: 282_000, lots: [], rentNanoYuanPerKwh: 0n };
    this.#join(pack, truck.carrierId);
    truck.pack = pack;
  }

  #settleDues(): void {
    for (const { pack, carrierId } of this.#market.trucks) if (pack !== null) this.#dues.drawn(carrierId, pack, pack.lots);
    const { reference, carrierIds } = this.#market;
    const isSplitByTime = (recipient: string) =>
      carrierIds.some(
        (carrierId) =>
          recipient === `electricity ${carrierId}` &&
          [MARKET_BEGINS_MS, this.#nowMs].some((atMs) => reference.contractOf(carrierId, localDateOf(atMs))?.splitRule === 'SWAP_TIME'),
      );
    this.#findings.push(...this.#dues.findings(isSplitByTime));
    if (this.books.booksOf(this.#market.platformId).heldFen !== ZERO_FEN) this.#findings.push('the platform holds money');
  }
}

function legOf({ packId, ownerId, sohPercent, nominalWh, lots, rentNanoYuanPerKwh }: MarketPack): PackLeg {
  const energyWh = lotsEnergyWh(lots);
  const socPercent = Math.min(100, Math.round((energyWh / nominalWh) * 1_000) / 10);
  return { packId, typeCode: 'LFP282', ownerId, socPercent, sohPercent, nominalWh, energyWh, lots: [...lots], rentNanoYuanPerKwh };
}
