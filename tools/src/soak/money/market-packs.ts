import type { PackLeg } from '@corridor/actors/network/actor-event';
import { addLots, chargedLots, drawFromLots, lotsEnergyWh } from '@corridor/actors/pack/energy-lot.rules';
import { packEnergyWh } from '@corridor/actors/rating/pack-energy';
import { openingRentRateOf, rentRateOf } from '@corridor/actors/rating/rent-rate';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import { pvPricingOf } from '@corridor/actors/tariff/pv-price';
import { pricedPeriodAt, tariffCutsMs } from '@corridor/actors/tariff/time-of-use';
import type { Prng } from '@corridor/actors/time/prng';
import { OwnerDues } from './owner-dues.ts';
import type { Market, MarketPack, MarketTruck } from './random-market.ts';
import type { Tally } from './tally.ts';

const MINUTE_MS = 60_000;
const SOH_PERCENT_MIN = 60;

/** Packs of a market: what is in them and where they are, and what their owners must come to by that. */
export class MarketPacks {
  readonly dues = new OwnerDues();
  readonly #market: Market;
  readonly #random: Prng;
  readonly #tally: Tally;
  #rejoined = 0;

  constructor(market: Market, random: Prng, tally: Tally) {
    this.#market = market;
    this.#random = random;
    this.#tally = tally;
    for (const { pack, carrierId } of market.trucks) if (pack !== null) this.#join(pack, carrierId);
  }

  /** A pack that the station may issue now, charged, with its rate frozen; null: none, or its owner has no rate. */
  issue(stationId: string, ownerIds: readonly string[], nowMs: number): MarketPack | null {
    const stock = this.#market.stock.get(stationId) ?? [];
    const index = this.#random.integer(0, stock.length - 1);
    const pack = stock[index];
    if (pack === undefined || !ownerIds.includes(pack.ownerId)) return null;
    this.#age(pack);
    const rate = this.#market.reference.batteryRate(pack, localDateOf(nowMs));
    const rent = rate === undefined ? null : rentRateOf(rate, pack.sohPercent);
    if (rent === null) return null;
    stock.splice(index, 1);
    this.#fill(pack, stationId, nowMs);
    pack.rentOwnerId = pack.ownerId;
    pack.rentNanoYuanPerKwh = rent;
    return pack;
  }

  putBack(stationId: string, pack: MarketPack): void {
    this.#market.stock.get(stationId)?.push(pack);
  }

  /** @param issued null: none was given, and the one that was kept stays */
  handOver(swap: { truck: MarketTruck; stationId: string; issued: MarketPack }, returned: MarketPack, issued: MarketPack | null): void {
    this.putBack(swap.stationId, returned);
    if (issued === null) this.putBack(swap.stationId, swap.issued);
    swap.truck.pack = issued;
    swap.truck.odometerAtSwapM = swap.truck.odometerM;
  }

  /** A pack that is kept for a truck goes on being charged, and wears, until it is handed over. */
  charge(pack: MarketPack, stationId: string, nowMs: number): void {
    this.#fill(pack, stationId, nowMs);
    this.#age(pack);
    this.#agreeAgain(pack, nowMs);
  }

  /** Energy from grid and PV over some hours, cut at the tariff's boundaries. */
  #fill(pack: MarketPack, stationId: string, nowMs: number): void {
    const { reference } = this.#market;
    const room = Math.max(0, capacityWh(pack) - lotsEnergyWh(pack.lots));
    const gridWh = this.#random.integer(0, Math.floor(room * 0.8));
    const pvWh = this.#random.chance(0.3) ? this.#random.integer(0, room - gridWh) : 0;
    const fromMs = nowMs - this.#random.integer(1, 240) * MINUTE_MS;
    const tariffOf = (id: string, onDate: string) => reference.tariffOf(id, onDate);
    const priceAt = (atMs: number) => pricedPeriodAt(tariffOf, stationId, atMs);
    const cutsMs = tariffCutsMs(tariffOf, stationId, fromMs, nowMs);
    const pv = pvPricingOf((id, onDate) => reference.stationRate(id, onDate), stationId, fromMs, nowMs);
    const charged = chargedLots({ pv, stationId, gridWh, pvWh, fromMs, toMs: nowMs, cutsMs, priceAt });
    if (charged !== null) pack.lots = addLots(pack.lots, charged.lots);
  }

  /** What a pack is given out at is agreed at the hand-over: by its wear another step of its rate counts, or another rate since its hold. */
  #agreeAgain(pack: MarketPack, nowMs: number): void {
    const rate = this.#market.reference.batteryRate(pack, localDateOf(nowMs));
    const rent = rate === undefined ? null : openingRentRateOf(rate, pack.sohPercent);
    if (rent === null) return;
    if (rent !== pack.rentNanoYuanPerKwh) this.#tally.count('rate of a pack changed before its hand-over');
    pack.rentOwnerId = pack.ownerId;
    pack.rentNanoYuanPerKwh = rent;
  }

  drive(truck: MarketTruck, pack: MarketPack, ratio: number): void {
    const { left, drawn } = drawFromLots(pack.lots, Math.floor(lotsEnergyWh(pack.lots) * ratio));
    this.dues.drawn(truck.carrierId, rentOf(pack), drawn);
    pack.lots = left;
    truck.odometerM += Math.round(lotsEnergyWh(drawn) / 1.7);
  }

  /** A pack changes its owner, in a rack or on the road: what it was issued at, and to whom, holds until it is back. */
  sell(): void {
    const inRack = [...this.#market.stock.values()].flat();
    const onRoad = this.#market.trucks.flatMap(({ pack }) => (pack === null ? [] : [pack]));
    const isInRack = this.#random.chance(0.5);
    const packs = isInRack ? inRack : onRoad;
    if (packs.length === 0) return;
    this.#random.pick(packs).ownerId = this.#random.pick(this.#market.ownerIds);
    this.#tally.count(isInRack ? 'pack sold in a rack' : 'pack sold on the road');
  }

  /** A truck left without a pack is brought one, outside of any order. */
  rejoin(truck: MarketTruck): MarketPack {
    this.#rejoined += 1;
    const ownerId = this.#random.pick(this.#market.ownerIds);
    const packId = `${truck.truckId}-R${this.#rejoined}`;
    const rent = { rentOwnerId: ownerId, rentNanoYuanPerKwh: 0n };
    const pack: MarketPack = { packId, ownerId, sohPercent: 90, nominalWh: 282_000, lots: [], ...rent };
    this.#join(pack, truck.carrierId);
    truck.pack = pack;
    return pack;
  }

  /** What owners and electricity came to, against what was drawn and is still on board. */
  findings(): string[] {
    for (const { pack, carrierId } of this.#market.trucks) if (pack !== null) this.dues.drawn(carrierId, rentOf(pack), pack.lots);
    const { agreements } = this.#market;
    const isSplitByTime = (recipient: string) =>
      agreements.contracts.some(({ carrierId, splitRule }) => recipient === `electricity ${carrierId}` && splitRule === 'SWAP_TIME');
    return this.dues.findings(isSplitByTime);
  }

  /** A pack that is on board when its truck joins was not issued by an order: nobody paid what is in it. */
  #join(pack: MarketPack, carrierId: string): void {
    const energyWh = this.#random.integer(0, capacityWh(pack));
    pack.lots = [{ energyWh, period: 'FLAT', priceNanoYuanPerKwh: 650_000_000n, stationId: '-', source: 'OPENING' }];
    pack.rentNanoYuanPerKwh = BigInt(this.#random.integer(0, 600_000_000));
    this.dues.drawn(carrierId, rentOf(pack), pack.lots, -1n);
  }

  /** A pack wears, as far as what is in it still fits. */
  #age(pack: MarketPack): void {
    const sohPercent = Math.max(SOH_PERCENT_MIN, Math.round(pack.sohPercent * 10 - this.#random.integer(0, 1)) / 10);
    if (capacityWh({ ...pack, sohPercent }) >= lotsEnergyWh(pack.lots)) pack.sohPercent = sohPercent;
  }
}

const capacityWh = ({ nominalWh, sohPercent }: MarketPack): number => packEnergyWh({ socPercent: 100, sohPercent, nominalWh });
const rentOf = ({ rentOwnerId, rentNanoYuanPerKwh }: MarketPack) => ({ ownerId: rentOwnerId, rentNanoYuanPerKwh });

/** As it is measured: SOC to a millionth of a percent, which gives the energy to the Wh. */
export function legOf({ packId, rentOwnerId, sohPercent, nominalWh, lots, rentNanoYuanPerKwh }: MarketPack): PackLeg {
  const energyWh = lotsEnergyWh(lots);
  const socPercent = Math.min(100, Math.round((energyWh / ((nominalWh * sohPercent) / 100)) * 1e8) / 1e6);
  return {
    packId,
    typeCode: 'LFP282',
    ownerId: rentOwnerId,
    socPercent,
    sohPercent,
    nominalWh,
    energyWh,
    lots: [...lots],
    rentNanoYuanPerKwh,
  };
}
