import { onPaidOut } from '@corridor/actors/account/account.rules';
import { fen } from '@corridor/actors/ledger/fen';
import { accountOf } from '@corridor/actors/ledger/transfer';
import type { BillLine, ClearingShare } from '@corridor/actors/order/bill';
import type { EnergyLot } from '@corridor/actors/pack/energy-lot';
import { splitPostings, splitTransfers } from '@corridor/actors/settlement/frozen-statement';
import { type EarnedOrder, type PartnerSplit, secondarySplits } from '@corridor/actors/settlement/secondary-clearing';
import { payableAtMs, periodBeginMs, periodEndMs, statementIdOf } from '@corridor/actors/settlement/settlement-period';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { Component } from '@corridor/protocols/agreement/component';
import type { SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import { MARKET_CHANNEL, type MarketBooks } from './market-books.ts';
import type { Market } from './random-market.ts';
import type { Tally } from './tally.ts';

/** A bill or a correction, as whoever earned by it is settled. */
interface Earning {
  readonly orderId: string;
  /** Not so the correction of a charge beside swaps, which is shared with nobody. */
  readonly isOfSwap: boolean;
  readonly truckId: string;
  readonly stationId: string;
  readonly atMs: number;
  /** Net energy of a bill [Wh]; of a correction 0. */
  readonly energyWh: bigint;
  readonly lines: readonly Pick<BillLine, 'component' | 'amountFen' | 'beneficiaryId'>[];
  readonly shares: readonly ClearingShare[];
  readonly outLots: readonly EnergyLot[];
  readonly inLots: readonly EnergyLot[];
}

/** A change of an income account; `isEntry`: of a bill or a correction, which say the same themselves. */
interface Movement {
  readonly atMs: number;
  readonly amountFen: bigint;
  readonly isEntry: boolean;
}

/** Where the settlement of one principal stands. */
interface Settled {
  untilMs: number;
  carriedFen: bigint;
  /** Of statements, to be paid out at an instant. */
  payable: { statementId: string; atMs: number; amountFen: bigint }[];
  earnings: Earning[];
  /** Splits of others' statements for it, by the end of those. */
  received: { untilMs: number; amountFen: bigint }[];
}

/**
 * Periods of everybody who earns: closed as they end, with partners' splits booked, what is below zero carried over and the rest paid
 * out. Bills and corrections of a period must be what the ledger moved in it, and after the last one nothing may be left.
 */
export class ClosedPeriods {
  statements = 0;
  readonly #market: Market;
  readonly #books: MarketBooks;
  readonly #tally: Tally;
  readonly #settled = new Map<string, Settled>();
  /** Ledger movements that no period holds yet, by principal. */
  readonly #moved = new Map<string, Movement[]>();
  #readTransfers = 0;

  constructor(market: Market, books: MarketBooks, tally: Tally) {
    this.#market = market;
    this.#books = books;
    this.#tally = tally;
    for (const id of market.earnerIds) this.#settled.set(id, { untilMs: 0, carriedFen: 0n, payable: [], earnings: [], received: [] });
  }

  earned(earning: Earning): void {
    for (const principalId of new Set(earning.shares.map((share) => share.principalId))) {
      this.#settled.get(principalId)?.earnings.push(earning);
    }
  }

  /** Closes what ended by now. */
  close(): void {
    this.#readLedger();
    for (let isFound = true; isFound; ) {
      isFound = false;
      for (const [principalId, settled] of this.#settled) isFound = this.#closeNext(principalId, settled) || isFound;
    }
    for (const [principalId, settled] of this.#settled) this.#payOut(principalId, settled);
  }

  /** After everything was closed and paid: what is left on an income account is what its principal owes. */
  check(): void {
    for (const [principalId, { carriedFen, payable }] of this.#settled) {
      const leftFen = this.#books.ledger.balance(accountOf.income(principalId));
      if (leftFen !== carriedFen || payable.length > 0)
        this.#books.findings.push(`${principalId} is left with ${leftFen} fen after its last statement, which carries ${carriedFen}`);
    }
  }

  #closeNext(principalId: string, settled: Settled): boolean {
    const moved = this.#moved.get(principalId) ?? [];
    const firsts = [moved[0]?.atMs, ...settled.received.map(({ untilMs }) => untilMs - 1)].filter((atMs) => atMs !== undefined);
    if (firsts.length === 0) return false;
    const beginMs = Math.max(settled.untilMs, Math.min(...firsts));
    const agreement = this.#agreementOf(principalId, beginMs);
    const period = agreement?.period ?? 'D1';
    const fromMs = Math.max(settled.untilMs, periodBeginMs(period, beginMs));
    const untilMs = periodEndMs(period, fromMs);
    if (untilMs > this.#books.nowMs) return false;
    const inPeriod = moved.filter(({ atMs }) => atMs < untilMs);
    moved.splice(0, inPeriod.length);
    const movedFen = sumOf(inPeriod);
    const ended = settled.earnings.filter(({ atMs }) => atMs < untilMs);
    settled.earnings = settled.earnings.filter(({ atMs }) => atMs >= untilMs);
    const receivedFen = this.#received(settled, untilMs);
    const statementId = statementIdOf(principalId, fromMs, untilMs);
    const splits = secondarySplits(
      agreement?.partners ?? [],
      ended.filter(({ isOfSwap }) => isOfSwap).map((each) => earnedOf(principalId, each)),
      fromMs / 1_000,
    );
    const splitFen = this.#split({ statementId, principalId, splits }, untilMs);
    const totalFen = movedFen - splitFen + receivedFen + settled.carriedFen;
    settled.untilMs = untilMs;
    settled.carriedFen = totalFen < 0n ? totalFen : 0n;
    if (totalFen > 0n) settled.payable.push({ statementId, atMs: payableAtMs(period, untilMs), amountFen: totalFen });
    this.statements += 1;
    this.#tally.count(`statement ${period}${totalFen < 0n ? ' below zero' : ''}`);
    this.#compare(statementId, principalId, ended, inPeriod);
    return true;
  }

  #received(settled: Settled, untilMs: number): bigint {
    const now = settled.received.filter((each) => each.untilMs <= untilMs);
    settled.received = settled.received.filter((each) => each.untilMs > untilMs);
    return sumOf(now);
  }

  /** @returns what goes to others */
  #split(of: { statementId: string; principalId: string; splits: readonly PartnerSplit[] }, untilMs: number): bigint {
    this.#books.post(splitTransfers(of));
    for (const { principalId, key, amountFen } of splitPostings(of)) this.#books.tell(principalId, key, amountFen);
    let sumFen = 0n;
    for (const { partnerId, amountFen, kind } of of.splits) {
      this.#tally.count(`split ${kind}`, amountFen === 0n ? 0 : 1);
      if (partnerId === of.principalId) continue;
      sumFen += amountFen;
      this.#settled.get(partnerId)?.received.push({ untilMs, amountFen });
    }
    return sumFen;
  }

  /** Entries of the period against the ledger: orders and corrections; the rest has no entries. */
  #compare(statementId: string, principalId: string, ended: readonly Earning[], inPeriod: readonly Movement[]): void {
    const saidFen = ended.reduce((sum, { shares }) => sum + netOf(principalId, shares), 0n);
    const bookedFen = sumOf(inPeriod.filter(({ isEntry }) => isEntry));
    if (saidFen !== bookedFen) this.#books.findings.push(`${statementId}: entries say ${saidFen} fen, the ledger ${bookedFen}`);
  }

  #payOut(principalId: string, settled: Settled): void {
    const due = settled.payable.filter(({ atMs }) => atMs <= this.#books.nowMs);
    settled.payable = settled.payable.filter(({ atMs }) => atMs > this.#books.nowMs);
    for (const { statementId: key, amountFen } of due) {
      const asked = { key, channel: MARKET_CHANNEL, by: 'settlement', intentId: 'I' };
      const event = { type: 'account.paidOut', atMs: this.#books.nowMs, ...asked, amountFen: fen(amountFen) } as const;
      const code = this.#books.ask(principalId, (context, surroundings) => onPaidOut(context, event, surroundings));
      if (code !== 'PAID_OUT') this.#books.findings.push(`payout of ${key}: ${code}`);
      this.#tally.count('payout');
    }
  }

  /** The version in force, of those that the market drew. */
  #agreementOf(principalId: string, atMs: number): SettlementAgreement | null {
    const onDate = localDateOf(atMs);
    const versions = this.#market.settlements.filter((each) => each.principalId === principalId && each.effectiveFrom <= onDate);
    return versions.at(-1) ?? null;
  }

  #readLedger(): void {
    const { booked } = this.#books;
    for (const { transfer, atMs } of booked.slice(this.#readTransfers)) {
      const { key, kind, debitAccountId, creditAccountId, amountFen } = transfer;
      if (kind === 'SETTLEMENT_OUT' || key.startsWith('statement:')) continue;
      const isEntry = key.startsWith('order:') || key.startsWith('correction:');
      this.#move(debitAccountId, { atMs, amountFen: 0n - amountFen, isEntry });
      this.#move(creditAccountId, { atMs, amountFen, isEntry });
    }
    this.#readTransfers = booked.length;
  }

  #move(accountId: string, movement: Movement): void {
    if (!accountId.endsWith(INCOME)) return;
    const principalId = accountId.slice(0, -INCOME.length);
    const moved = this.#moved.get(principalId) ?? [];
    this.#moved.set(principalId, moved);
    moved.push(movement);
  }
}

const INCOME = accountOf.income('');
const sumOf = (all: readonly { amountFen: bigint }[]): bigint => all.reduce((sum, { amountFen }) => sum + amountFen, 0n);

const netOf = (principalId: string, shares: readonly ClearingShare[]): bigint =>
  shares.reduce((sum, share) => (share.principalId === principalId ? sum + share.netFen : sum), 0n);

/** What secondary clearing goes by. */
function earnedOf(principalId: string, earning: Earning): EarnedOrder {
  const { orderId, truckId, stationId, atMs, energyWh, lines, shares, outLots, inLots } = earning;
  const grossFen: Partial<Record<Component, bigint>> = {};
  for (const { component, amountFen, beneficiaryId } of lines) {
    if (beneficiaryId === principalId) grossFen[component] = (grossFen[component] ?? 0n) + amountFen;
  }
  const pvWh: Record<string, bigint> = {};
  for (const [lots, sign] of [[outLots, 1n] as const, [inLots, -1n] as const]) {
    for (const lot of lots) {
      if (lot.source === 'PV') pvWh[lot.stationId] = (pvWh[lot.stationId] ?? 0n) + sign * BigInt(lot.energyWh);
    }
  }
  return { orderId, truckId, stationId, atMs, energyWh, netFen: netOf(principalId, shares), grossFen, pvWh };
}
