import { onChargeRequested } from '@corridor/actors/account/charge.emissions';
import { onDepositRequested, onDepositReturnRequested } from '@corridor/actors/account/deposit.emissions';
import { depositsOf, depositTermsOf } from '@corridor/actors/account/deposit.rules';
import { onPackageBought, onPackagesExpired } from '@corridor/actors/account/package.emissions';
import { packagesOf } from '@corridor/actors/account/package.rules';
import { onWithdrawalEnded, onWithdrawalRequested } from '@corridor/actors/account/withdrawal.emissions';
import type { Charge } from '@corridor/actors/charge/charge';
import { type Incident, penaltyChargeOf } from '@corridor/actors/charge/penalty-charge';
import { rentChargesOf } from '@corridor/actors/charge/rent-charge';
import { fen } from '@corridor/actors/ledger/fen';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { Prng } from '@corridor/actors/time/prng';
import { OwnershipBook } from '@corridor/twin/rights/ownership-book';
import { MARKET_CHANNEL, type MarketBooks } from './market-books.ts';
import { MARKET_BEGINS_MS, type Market, type MarketTruck } from './random-market.ts';
import type { Tally } from './tally.ts';

const BY = { by: 'soak', intentId: 'I' } as const;

/** What carriers buy, owe, deposit and take back beside swaps, by the rules of their accounts. */
export class BesideSwaps {
  /** Booked ones. */
  readonly charges: Charge[] = [];
  readonly #market: Market;
  readonly #books: MarketBooks;
  readonly #random: Prng;
  readonly #tally: Tally;
  /** Asked again and again, until the balance reaches. */
  readonly #due: Charge[] = [];
  /** What trucks did, by the bill of which nothing is due yet: each is rated when it is booked, and its station may be sold before. */
  readonly #incidents: Incident[] = [];
  readonly #stations: OwnershipBook;
  /** Newest instant of them [ms]. */
  #lastIncidentMs = 0;
  /** The same as `#stations` in another way, for the check. */
  readonly #sales: { stationId: string; atMs: number; fromId: string; toId: string }[] = [];
  readonly #withdrawals: { carrierId: string; key: string }[] = [];
  #acts = 0;

  constructor(market: Market, books: MarketBooks, random: Prng, tally: Tally) {
    this.#market = market;
    this.#books = books;
    this.#random = random;
    this.#tally = tally;
    this.#stations = new OwnershipBook(market.reference);
  }

  /** One deed of one carrier. */
  act(): void {
    const carrierId = this.#random.pick(this.#market.carrierIds);
    this.#acts += 1;
    this.#expirePackages();
    this.#actOf(carrierId);
    // Afterwards: a station may be sold between what a truck did there and its booking.
    this.#payDue();
  }

  #actOf(carrierId: string): void {
    switch (this.#random.integer(0, 3)) {
      case 3:
        return this.#sellStation();
      case 0:
        return this.#withdraw(carrierId);
      case 1:
        return this.#endWithdrawal();
      default:
        return this.#deposit(this.#random.pick(this.#market.trucks));
    }
  }

  /** Bills that are not made yet are still by the terms of their begin; penalties go to whose it was when they happened. */
  #sellStation(): void {
    const { reference, stationIds, earnerIds } = this.#market;
    const station = reference.station(this.#random.pick(stationIds));
    const operatorIds = earnerIds.filter((id) => reference.principal(id)?.kind === 'STATION_OPERATOR');
    if (station === undefined) return;
    const { id: stationId, operatorId: fromId } = station;
    const toId = this.#random.pick(operatorIds);
    const { nowMs: atMs } = this.#books;
    // From the instant of the sale it is the buyer's: what was booked at that instant would be of neither.
    if (this.#lastIncidentMs === atMs) return;
    if (!this.#sales.some((sale) => sale.stationId === stationId))
      this.#stations.put('STATION', stationId, { principalId: fromId, fromMs: MARKET_BEGINS_MS, untilMs: null });
    this.#stations.put('STATION', stationId, { principalId: toId, fromMs: atMs, untilMs: null });
    this.#sales.push({ stationId, atMs, fromId, toId });
    reference.apply({ stations: [{ ...station, operatorId: toId }] });
    this.#tally.count('station sold');
  }

  /** What a truck did; its contract may have a penalty for it. */
  incur(incident: Incident): void {
    this.#incidents.push(incident);
    this.#lastIncidentMs = Math.max(this.#lastIncidentMs, incident.ratedAtMs);
  }

  /** Everything that happened is rated, paid as far as there is money, and looked at. @returns what did not hold */
  end(): string[] {
    this.#payDue();
    return this.charges.flatMap((charge) => this.#strangersOf(charge));
  }

  /** Who was paid for a penalty and had not the station when it happened. */
  #strangersOf({ chargeId, stationId, basis, lines, shares }: Charge): string[] {
    if (stationId === null || !('ratedAtMs' in basis)) return [];
    const { ratedAtMs } = basis;
    const sales = this.#sales.filter((sale) => sale.stationId === stationId);
    const before = sales.findLast(({ atMs }) => atMs <= ratedAtMs)?.toId ?? sales[0]?.fromId;
    const operatorId = before ?? this.#market.reference.station(stationId)?.operatorId;
    if (operatorId !== this.#market.reference.station(stationId)?.operatorId) this.#tally.count('penalty of a station sold since');
    const paid = [
      ...lines.map(({ beneficiaryId }) => beneficiaryId),
      ...shares.filter(({ role }) => role === 'STATION_OPERATOR').map(({ principalId }) => principalId),
    ];
    const strangers = [...new Set(paid)].filter((id) => id !== operatorId);
    return strangers.map((id) => `charge ${chargeId} is paid to ${id}, when it happened ${stationId} was of ${operatorId}`);
  }

  #rateIncidents(): void {
    for (const incident of this.#incidents.splice(0)) {
      const operatorId = this.#stations.ownerAt('STATION', incident.stationId, incident.ratedAtMs) ?? undefined;
      const rated = penaltyChargeOf(this.#market.reference, incident, operatorId);
      if (rated.is === 'CHARGE') this.#due.push(rated.charge);
      else this.#tally.count(`incident ${rated.is}`);
    }
  }

  /** @param month `2026-11`, which is over */
  monthOver(month: string): void {
    for (const { truckId, carrierId, pack } of this.#market.trucks) {
      if (pack === null) continue;
      const { packId, nominalWh } = pack;
      const rented = { truckId, carrierId, packId, nominalWh, fromDate: null, untilDate: null, stay: 1 };
      this.#due.push(...rentChargesOf(this.#market.reference, rented, month));
    }
    this.#payDue();
  }

  #payDue(): void {
    this.#rateIncidents();
    for (const charge of this.#due.splice(0)) {
      const event = { type: 'account.chargeRequested', atMs: this.#books.nowMs, charge, intentId: 'I' } as const;
      const code = this.#books.ask(charge.carrierId, (context, surroundings) => onChargeRequested(context, event, surroundings));
      if (code === 'NO_CREDIT') {
        this.#tally.count('charge without credit');
        this.#due.push(charge);
      } else {
        if (code !== 'CHARGED') this.#books.findings.push(`charge ${charge.chargeId}: ${code}`);
        this.#tally.count(charge.payableFen === 0n ? 'charge waived' : `charge ${charge.kind}`);
        this.charges.push(charge);
      }
    }
  }

  /** Of an offer of its contract, if that has any. */
  buyPackage(carrierId: string): void {
    this.#acts += 1;
    const { billing } = this.#market.reference.contractOf(carrierId, localDateOf(this.#books.nowMs)) ?? {};
    if (billing?.mode !== 'PACKAGE') return;
    const offerId = this.#random.pick(billing.offers).id;
    const event = { type: 'account.packageBought', atMs: this.#books.nowMs, packageId: `PK${this.#acts}`, offerId, ...BY } as const;
    const code = this.#books.ask(carrierId, (context, surroundings) => onPackageBought(context, event, surroundings));
    this.#tally.count(code === 'PACKAGE_BOUGHT' ? 'package bought' : 'package refused');
  }

  #expirePackages(): void {
    for (const carrierId of this.#market.carrierIds) {
      const left = () => packagesOf(this.#books.booksOf(carrierId)).filter(({ quantity }) => quantity > 0n).length;
      const before = left();
      const event = { type: 'account.packagesExpired', atMs: this.#books.nowMs } as const;
      this.#books.ask(carrierId, (context, surroundings) => onPackagesExpired(context, event, surroundings));
      this.#tally.count('package expired', before - left());
    }
  }

  #withdraw(carrierId: string): void {
    const { prepaidFen } = this.#books.booksOf(carrierId);
    const amountFen = fen(BigInt(Math.floor(Number(prepaidFen) * this.#random.nextRatio() * 1.1)));
    const key = `W${this.#acts}`;
    const event = { type: 'account.withdrawalRequested', atMs: this.#books.nowMs, key, amountFen, ...BY } as const;
    const code = this.#books.ask(carrierId, (context, surroundings) => onWithdrawalRequested(context, event, surroundings));
    this.#tally.count(code === 'WITHDRAWAL_HELD' ? 'withdrawal held' : 'withdrawal refused');
    if (code === 'WITHDRAWAL_HELD') this.#withdrawals.push({ carrierId, key });
  }

  #endWithdrawal(): void {
    const [open] = this.#withdrawals.splice(0, 1);
    if (open === undefined) return;
    const paidBy = this.#random.chance(0.7) ? MARKET_CHANNEL : null;
    const event = { type: 'account.withdrawalEnded', atMs: this.#books.nowMs, key: open.key, paidBy, ...BY } as const;
    this.#books.ask(open.carrierId, (context, surroundings) => onWithdrawalEnded(context, event, surroundings));
    this.#tally.count(paidBy === null ? 'withdrawal failed' : 'withdrawal paid');
  }

  /** The truck joins, or if it has, leaves with other energy on board. */
  #deposit({ truckId, carrierId }: MarketTruck): void {
    const { reference, platformId } = this.#market;
    const contract = reference.contractOf(carrierId, localDateOf(this.#books.nowMs));
    const terms = depositTermsOf(contract ?? {}, platformId);
    const energyWh = BigInt(this.#random.integer(0, 282_000));
    const asked = { atMs: this.#books.nowMs, truckId, energyWh, terms, intentId: 'I' } as const;
    const isJoined = depositsOf(this.#books.booksOf(carrierId)).some((deposit) => deposit.truckId === truckId);
    const code = isJoined
      ? this.#books.ask(carrierId, (context, surroundings) =>
          onDepositReturnRequested(context, { type: 'account.depositReturnRequested', ...asked }, surroundings),
        )
      : this.#books.ask(carrierId, (context, surroundings) =>
          onDepositRequested(context, { type: 'account.depositRequested', ...asked }, surroundings),
        );
    this.#tally.count(`deposit ${code}`);
  }
}
