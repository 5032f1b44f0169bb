import type { NetworkFile } from '@corridor/protocols/network-file';
import type { Db } from '@corridor/twin/db/db';
import { MarkedSettlement } from './marked-settlement.ts';
import type { Asker, Marks } from './marks.ts';

/** Draws from 0 to below `below`. */
export type Draw = (below: number) => number;

/** Ids of things of all parties, to ask for. */
export interface MarkedWorld {
  readonly orders: string[];
  readonly accounts: string[];
  readonly stations: string[];
  readonly packs: string[];
  readonly trucks: string[];
  readonly drivers: string[];
  readonly disputes: readonly string[];
  readonly statements: readonly string[];
  readonly payments: readonly string[];
}

interface Parties {
  readonly carrierId: string;
  readonly driverId: string;
  readonly operatorId: string;
  readonly packOwnerIds: readonly string[];
  /** Of the offer that the carrier is billed by: somebody who has neither the station nor a pack; null: there is none. */
  readonly issuerId: string | null;
}

const platform = ({ kind }: Asker) => kind === 'ALL';
const isOneOf = (asker: Asker, kind: Asker['kind'], ids: readonly string[]) =>
  asker.kind === kind && asker.id !== null && ids.includes(asker.id);
const takesPart = (parties: Parties) => (asker: Asker) =>
  platform(asker) ||
  isOneOf(asker, 'CARRIER', [parties.carrierId]) ||
  isOneOf(asker, 'DRIVER', [parties.driverId]) ||
  isOneOf(asker, 'STATION_OPERATOR', [parties.operatorId]) ||
  isOneOf(asker, 'BATTERY_OWNER', parties.packOwnerIds) ||
  isIssuer(asker, parties);
const isIssuer = (asker: Asker, { issuerId }: Parties) => asker.kind !== 'DRIVER' && issuerId !== null && asker.id === issuerId;
/** Everybody who earns by the order, once. */
const earnersOf = ({ operatorId, packOwnerIds, issuerId }: Parties): string[] => [
  ...new Set([operatorId, ...packOwnerIds, ...(issuerId === null ? [] : [issuerId])]),
];

const HOUR_MS = 3_600_000;

/**
 * Fills a seeded database with marked rows: orders with bills, shares, transfers and events, telemetry, alarms, notices. Some packs are sold
 * half way. Whose a mark is, is decided here by plain lists, not by the program's own rules.
 */
export class MarkedRows {
  readonly #db: Db;
  readonly #file: NetworkFile;
  readonly #marks: Marks;
  readonly #draw: Draw;
  readonly #startMs: number;
  readonly #soldTo = new Map<string, string>();
  readonly #settlement: MarkedSettlement;

  /** @param startMs after everything was registered, scope time */
  constructor(options: { db: Db; file: NetworkFile; marks: Marks; draw: Draw; startMs: number }) {
    this.#db = options.db;
    this.#file = options.file;
    this.#marks = options.marks;
    this.#draw = options.draw;
    this.#startMs = options.startMs;
    this.#settlement = new MarkedSettlement(options);
  }

  async write(orders: number): Promise<MarkedWorld> {
    await this.#sellPacks();
    const ids: string[] = [];
    for (let no = 0; no < orders; no += 1) ids.push(await this.#order(no));
    for (let no = 0; no < orders; no += 1) await this.#telemetry(no);
    for (let no = 0; no < orders; no += 1) await this.#liveData(no);
    await this.#notices(orders);
    await this.#settlement.ofPrincipals(this.#startMs);
    const { disputes, statements, payments } = this.#settlement;
    return {
      orders: ids,
      accounts: this.#file.principals.flatMap(({ id, kind }) => (kind === 'CARRIER' ? [`${id}_prepaid`, `${id}_held`] : [`${id}_income`])),
      stations: this.#file.stations.map(({ id }) => id),
      packs: this.#file.packs.map(({ id }) => id),
      trucks: this.#file.trucks.map(({ id }) => id),
      drivers: this.#file.drivers.map(({ id }) => id),
      disputes,
      statements,
      payments,
    };
  }

  /** What a twin does not start on. */
  writeDrivers = async (): Promise<void> => this.#settlement.ofDrivers(this.#startMs);

  #pick<T>(from: readonly T[]): T {
    const one = from[this.#draw(from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  #saleMs = (): number => this.#startMs + 12 * HOUR_MS;
  #atMs = (): number => this.#startMs + this.#draw(24 * HOUR_MS);
  #ownerAt(packId: string, atMs: number): string {
    const buyer = this.#soldTo.get(packId);
    if (buyer !== undefined && atMs >= this.#saleMs()) return buyer;
    return this.#file.packs.find(({ id }) => id === packId)?.ownerId ?? '';
  }

  async #sellPacks(): Promise<void> {
    const owners = this.#file.principals.filter(({ kind }) => kind === 'BATTERY_OWNER');
    for (const pack of this.#file.packs) {
      if (this.#draw(3) > 0) continue;
      const buyer = this.#pick(owners.filter(({ id }) => id !== pack.ownerId)).id;
      this.#soldTo.set(pack.id, buyer);
      const at = new Date(this.#saleMs());
      await this.#run(`update ownership set valid_until = $2 where asset_kind = 'PACK' and asset_id = $1 and valid_until is null`, [
        pack.id,
        at,
      ]);
      await this.#run(`insert into ownership values ('PF', 'PACK', $1, $2, $3, null)`, [pack.id, buyer, at]);
    }
  }

  async #order(no: number): Promise<string> {
    const station = this.#pick(this.#file.stations);
    const driver = this.#pick(this.#file.drivers);
    const packs = [this.#pick(this.#file.packs).id, this.#pick(this.#file.packs).id] as const;
    const atMs = this.#atMs();
    const packOwnerIds = packs.map((id) => this.#ownerAt(id, atMs));
    const { operatorId } = station;
    const issuerId = no % 2 === 0 ? this.#somebodyElse([operatorId, ...packOwnerIds]) : null;
    const parties: Parties = { carrierId: driver.carrierId, driverId: driver.id, operatorId, packOwnerIds, issuerId };
    const mine = takesPart(parties);
    const pays = (asker: Asker) =>
      platform(asker) || isOneOf(asker, 'CARRIER', [parties.carrierId]) || isOneOf(asker, 'DRIVER', [parties.driverId]);
    const at = new Date(atMs);
    const orderId = `${station.id}-${this.#marks.text(mine)}`;
    const requestId = 100_001 + 2 * no;
    await this.#run(
      `insert into swap_order values ('PF', $1, 'CLEARED', null, 'LOCAL', $2, $2 || '-B1', $3, $4, $5, $6, $7, $8, 1, 1, $9, 0, 1000, 2000, null, $10, $10)`,
      [orderId, station.id, requestId, this.#pick(driver.truckIds), driver.id, parties.carrierId, ...packs, this.#number(pays), at],
    );
    await this.#lines(orderId, parties, at);
    await this.#basis({ orderId, stationId: station.id, packIds: packs, at }, parties);
    await this.#settlement.ofOrder({ orderId, carrierId: parties.carrierId, driverId: parties.driverId, earners: earnersOf(parties), at });
    await this.#happened(
      { orderId, stationId: station.id, requestId, truckId: driver.truckIds[0] ?? '', packId: packs[1], at, no },
      parties,
    );
    return orderId;
  }

  /** The swap and what became of the order: for whose truck, station or pack it was. The issuer has the order and his line. */
  async #happened(
    order: { orderId: string; stationId: string; requestId: number; truckId: string; packId: string; at: Date; no: number },
    parties: Parties,
  ): Promise<void> {
    const { orderId, stationId, requestId, truckId, packId, at, no } = order;
    const moved = takesPart({ ...parties, issuerId: null });
    const movedIt = (asker: Asker) => moved(asker) && asker.kind !== 'DRIVER';
    const pays = (asker: Asker) => platform(asker) || isOneOf(asker, 'CARRIER', [parties.carrierId]);
    await this.#run(
      `insert into swap values ('PF', $1 || '-' || $2::text, $1, $2::integer, $1 || '-B1', 'completed', 17, null, $3, null, null, $4, $5, $5, $5)`,
      [stationId, requestId, orderId, this.#marks.text(moved), at],
    );
    const changed = `insert into actor_transition values ('PF', $1, $2, $3, 1, $4, 'a', 'b', $5)`;
    await this.#run(changed, ['order', orderId, at, no, this.#marks.text(takesPart(parties))]);
    await this.#run(changed, ['swap', `${stationId}-${requestId}`, at, no, this.#marks.text(moved)]);
    await this.#run(
      `insert into swap_event values ('PF', 'station:' || $1, 900, $2, $2, 'evt.swap', $1 || '-' || $3::text, $4, $4, false, null, $5)`,
      [stationId, no, requestId, at, JSON.stringify({ data: { note: this.#marks.text(movedIt) } })],
    );
    await this.#run(`insert into reservation values ('PF', $1, $2, $3, $4, 1, $5, $5, $5, $6)`, [
      orderId,
      stationId,
      truckId,
      packId,
      at,
      this.#marks.text(moved),
    ]);
    await this.#run(`insert into alarm values ('PF', $1, 'TEST', 1, 'order', $2, $3, $4, $4)`, [
      `alarm-o-${no}`,
      orderId,
      this.#marks.text(moved),
      at,
    ]);
    // What a person measured of both packs; what each line was changed by.
    const noted = `insert into audit_log (platform_id, at, user_id, action, entity_kind, entity_id, after) values ('PF', $1, 'x', $2, 'order', $3, $4)`;
    const toStation = (asker: Asker) => pays(asker) || isOneOf(asker, 'STATION_OPERATOR', [parties.operatorId]);
    await this.#run(noted, [at, 'order.repair', orderId, JSON.stringify({ note: this.#marks.text(toStation) })]);
    await this.#run(noted, [at, 'correction.book', orderId, JSON.stringify({ note: this.#marks.text(pays) })]);
  }

  async #lines(orderId: string, parties: Parties, at: Date): Promise<void> {
    for (const [index, earner] of earnersOf(parties).entries()) {
      const theirs = (asker: Asker) =>
        platform(asker) || isOneOf(asker, 'CARRIER', [parties.carrierId]) || (asker.kind !== 'DRIVER' && asker.id === earner);
      const isOffer = earner === parties.issuerId;
      // A component each: the driver reads their sums.
      const amount = this.#number((asker) => theirs(asker) || isOneOf(asker, 'DRIVER', [parties.driverId]));
      await this.#run(`insert into order_line values ('PF', $1, $2, $5, 'NONE', 'line', 1, 'Wh', 1, $6, 600, $3, null, null, $4)`, [
        orderId,
        index + 1,
        earner,
        this.#marks.text(theirs),
        isOffer ? 'MODE_ADJUSTMENT' : `RENT-${index}`,
        amount,
      ]);
      const owned = earner === parties.operatorId ? 'STATION_OPERATOR' : 'BATTERY_OWNER';
      const role = isOffer ? 'ISSUER' : owned;
      const share = this.#number((asker) => platform(asker) || (asker.kind !== 'DRIVER' && asker.id === earner));
      await this.#run(`insert into clearing_entry values ('PF', $1, $2, $3, $4, 0, $4, $5)`, [orderId, earner, role, share, at]);
      const moved = (asker: Asker) =>
        platform(asker) || (asker.kind !== 'DRIVER' && (asker.id === earner || asker.id === parties.carrierId));
      await this.#run(
        `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, order_id, at, batch_no)
         values ('PF', $1, 'SWAP_EXPENSE', $2 || '_prepaid', $3 || '_income', 1, $4, $5, 0)`,
        [this.#marks.text(moved), parties.carrierId, earner, orderId, at],
      );
    }
  }

  /** What the bill was made of: each figure of a leg is its operator's, its owner's or both's, and none of it the issuer's. */
  async #basis(
    order: { orderId: string; stationId: string; packIds: readonly [string, string]; at: Date },
    parties: Parties,
  ): Promise<void> {
    const { carrierId, operatorId, packOwnerIds } = parties;
    const { contracts, stationRates, tariffs } = this.#file;
    const pays = (asker: Asker) => platform(asker) || isOneOf(asker, 'CARRIER', [carrierId]);
    const operates = (asker: Asker) => pays(asker) || isOneOf(asker, 'STATION_OPERATOR', [operatorId]);
    const leg = (packId: string, ownerId: string) => {
      const owns = (asker: Asker) => pays(asker) || isOneOf(asker, 'BATTERY_OWNER', [ownerId]);
      const lot = {
        energyWh: 1,
        period: 'FLAT',
        priceNanoYuanPerKwh: `${this.#number(operates)}`,
        stationId: order.stationId,
        source: 'GRID',
      };
      const energyWh = this.#number((asker) => operates(asker) || owns(asker));
      const rentNanoYuanPerKwh = `${this.#number(owns)}`;
      return { packId, ownerId, socPercent: 50, sohPercent: 95, nominalWh: 282_000, energyWh, lots: [lot], rentNanoYuanPerKwh };
    };
    const [back, issued] = order.packIds;
    const packageId = this.#marks.text((asker) => pays(asker) || isIssuer(asker, parties));
    const basis = {
      ratedAtMs: order.at.getTime(),
      stationId: order.stationId,
      carrierId,
      contractId: contracts.find((contract) => contract.carrierId === carrierId)?.id,
      stationRateId: stationRates.find(({ stationId }) => stationId === order.stationId)?.id,
      tariffId: tariffs[0]?.id,
      out: leg(issued, packOwnerIds[1] ?? ''),
      in: leg(back, packOwnerIds[0] ?? ''),
      usage: {
        distanceSinceSwapM: null,
        readyPacks: null,
        waitedMs: null,
        packageGrant: { packageId, unit: 'swap', quantity: '1', amountFen: '1' },
      },
    };
    await this.#run(`insert into order_basis values ('PF', $1, $2, $3)`, [order.orderId, JSON.stringify(basis), order.at]);
  }

  #somebodyElse(ids: readonly string[]): string {
    return this.#pick(
      this.#file.principals.filter(({ id, kind }) => (kind === 'STATION_OPERATOR' || kind === 'BATTERY_OWNER') && !ids.includes(id)),
    ).id;
  }

  #number = (mayRead: (asker: Asker) => boolean): number => this.#marks.number(mayRead);

  async #telemetry(seq: number): Promise<void> {
    const atMs = this.#atMs();
    const at = new Date(atMs);
    const pack = this.#pick(this.#file.packs);
    const owner = this.#ownerAt(pack.id, atMs);
    const ofPack = this.#marks.text((asker) => platform(asker) || isOneOf(asker, 'BATTERY_OWNER', [owner]));
    await this.#run(
      `insert into telemetry_pack (platform_id, pack_id, src, type_code, location_kind, location_id, contactor_closed, cycles, throughput_wh, fault_codes, ts_event, ts_ingest, boot_id, seq, backfill, q)
       values ('PF', $1, 'x', $2, 'STORE', $3, true, 1, 1, '{}', $4, $4, 900, $5, false, '{}')`,
      [pack.id, pack.typeCode, ofPack, at, seq],
    );
    // At what it was charged is the operators' business.
    await this.#run(`insert into energy_lot values ('PF', $1, $2, 1, 'FLAT', $3, 'HH1', 'GRID', $4)`, [
      pack.id,
      900 + seq,
      this.#number(platform),
      at,
    ]);
    const truck = this.#pick(this.#file.trucks);
    const drivers = this.#file.drivers.filter(({ truckIds }) => truckIds.includes(truck.id)).map(({ id }) => id);
    const ofTruck = this.#marks.text(
      (asker) => platform(asker) || isOneOf(asker, 'CARRIER', [truck.carrierId]) || isOneOf(asker, 'DRIVER', drivers),
    );
    await this.#run(
      `insert into telemetry_truck (platform_id, truck_id, vehicle_state, soc_source, alarm_bits, alarm_level, trip_id, ts_event, ts_ingest, boot_id, seq, backfill, q)
       values ('PF', $1, 'DRIVING', 'NONE', 0, 0, $2, $3, $3, 900, $4, false, '{}')`,
      [truck.id, ofTruck, at, seq],
    );
    const station = this.#pick(this.#file.stations);
    const ofStation = this.#marks.text((asker) => platform(asker) || isOneOf(asker, 'STATION_OPERATOR', [station.operatorId]));
    await this.#run(
      `insert into telemetry_station (platform_id, station_id, state, ready_packs, charging_packs, empty_slots, queue_length, est_wait_ms, grid_power_w, grid_limit_w, pv_power_w, aux_power_w, active_tariff_period, ts_event, ts_ingest, boot_id, seq, backfill, q)
       values ('PF', $1, 'OPERATIVE', 1, 1, 1, 1, 1, 1, 1, 1, 1, $2, $3, $3, 900, $4, false, '{}')`,
      [station.id, ofStation, at, seq],
    );
  }

  /** What the live data console shows beside readings. */
  async #liveData(seq: number): Promise<void> {
    const atMs = this.#atMs();
    const at = new Date(atMs);
    const pack = this.#pick(this.#file.packs);
    const owner = this.#ownerAt(pack.id, atMs);
    const operators = this.#file.principals.filter(({ kind }) => kind === 'STATION_OPERATOR').map(({ id }) => id);
    // And to the station that has it, whichever that is.
    const ofPack = (asker: Asker) =>
      platform(asker) || isOneOf(asker, 'BATTERY_OWNER', [owner]) || isOneOf(asker, 'STATION_OPERATOR', operators);
    await this.#run(
      `insert into pack_soh (platform_id, pack_id, estimated_at, method, soh_percent, low_percent, high_percent, pairs, first_rest_at, last_rest_at)
       values ('PF', $1, $2::timestamptz + $4 * interval '1 ms', $3, 90, 88, 92, 4, $2, $2)`,
      [pack.id, at, this.#marks.text(ofPack), seq],
    );
    const station = this.#pick(this.#file.stations);
    const truck = this.#pick(this.#file.trucks);
    const drivers = this.#file.drivers.filter(({ truckIds }) => truckIds.includes(truck.id)).map(({ id }) => id);
    const ofStation = (asker: Asker) => platform(asker) || isOneOf(asker, 'STATION_OPERATOR', [station.operatorId]);
    const ofTruck = (asker: Asker) => platform(asker) || isOneOf(asker, 'CARRIER', [truck.carrierId]) || isOneOf(asker, 'DRIVER', drivers);
    for (const [source, mayRead] of [
      [`station:${station.id}`, ofStation],
      [`truck:${truck.id}`, ofTruck],
    ] as const) {
      await this.#run(`insert into lane_hour values ('PF', $1, $2, $3, 1, 0, 0, 0, 0)`, [source, this.#marks.text(mayRead), at]);
      await this.#run(`insert into lane_gap values ('PF', $1, $2, 900, 1, 2, $3, $3)`, [source, this.#marks.text(mayRead), at]);
    }
  }

  async #notices(count: number): Promise<void> {
    for (let no = 0; no < count; no += 1) {
      const at = new Date(this.#atMs());
      const station = this.#pick(this.#file.stations);
      const truck = this.#pick(this.#file.trucks);
      const drivers = this.#file.drivers.filter(({ truckIds }) => truckIds.includes(truck.id)).map(({ id }) => id);
      const ofStation = (asker: Asker) => platform(asker) || isOneOf(asker, 'STATION_OPERATOR', [station.operatorId]);
      const ofTruck = (asker: Asker) =>
        platform(asker) || isOneOf(asker, 'CARRIER', [truck.carrierId]) || isOneOf(asker, 'DRIVER', drivers);
      const alarm = `insert into alarm values ('PF', $1, 'TEST', 1, $2, $3, $4, $5, $5)`;
      await this.#run(alarm, [`alarm-s-${no}`, 'station', station.id, this.#marks.text(ofStation), at]);
      await this.#run(alarm, [`alarm-t-${no}`, 'truck', truck.id, this.#marks.text(ofTruck), at]);
      const principal = this.#pick(this.#file.principals).id;
      const notice = `insert into notification (platform_id, recipient, title, body, at) values ('PF', $1, 'test', $2, $3)`;
      const addressed = (asker: Asker) => platform(asker) || (asker.kind !== 'DRIVER' && asker.id === principal);
      await this.#run(notice, [`principal:${principal}`, this.#marks.text(addressed), at]);
      await this.#run(notice, [`truck:${truck.id}`, this.#marks.text(ofTruck), at]);
      await this.#audit(station, truck, at);
    }
  }

  async #audit(station: { id: string; operatorId: string }, truck: { id: string; carrierId: string }, at: Date): Promise<void> {
    const pack = this.#pick(this.#file.packs).id;
    const entries = [
      ['station', station.id, 'STATION_OPERATOR', station.operatorId],
      ['truck', truck.id, 'CARRIER', truck.carrierId],
      ['pack', pack, 'BATTERY_OWNER', this.#ownerAt(pack, at.getTime())],
    ] as const;
    for (const [kind, id, role, owner] of entries) {
      const mark = this.#marks.text((asker) => platform(asker) || isOneOf(asker, role, [owner]));
      await this.#run(
        `insert into audit_log (platform_id, at, user_id, action, entity_kind, entity_id, after) values ('PF', $1, 'x', 'test', $2, $3, $4)`,
        [at, kind, id, JSON.stringify({ note: mark })],
      );
    }
  }

  #run = async (text: string, values: unknown[]): Promise<void> => {
    await this.#db.query({ text, values });
  };
}
