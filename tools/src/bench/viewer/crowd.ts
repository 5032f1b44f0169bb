import type { PackView, Scene, SlotView, StationView, TruckView, WsMessage } from '@corridor/protocols/http/scene';

/** How many of each there are. */
export interface CrowdSize {
  trucks: number;
  stations: number;
  slotsPerStation: number;
}

type Diff = Extract<WsMessage, { type: 'diff' }>;

/** As twins flush: this often. */
export const FLUSH_MS = 50;
/** Each reports this often, evenly spread over the time: trucks and stations as in the field, packs in the rack when their charge moved a bit. */
const TRUCK_EVERY_MS = 10_000;
const STATION_EVERY_MS = 5_000;
const SLOT_EVERY_MS = 60_000;
const ROAD_M = { from: 5_000, until: 529_000 } as const;
/** One slot in eight is empty. */
const EMPTY_EVERY = 8;
/** One bay in four is at work, its crane on the move. */
const BUSY_EVERY = 4;
const DAY_MS = 86_400_000;

/** A made-up corridor in which everything moves: all of it at an instant, and what reports in each 50 ms. A function of time alone. */
export class Crowd {
  readonly #size: CrowdSize;
  readonly #startMs: number;

  constructor(size: CrowdSize, startMs: number) {
    this.#size = size;
    this.#startMs = startMs;
  }

  get slots(): number {
    return this.#size.stations * this.#size.slotsPerStation;
  }

  sceneAt(atMs: number): Scene {
    const { trucks, stations } = this.#size;
    const slots = numbers(this.slots).map((n) => this.#slot(n, atMs));
    const onTrucks = numbers(trucks).map((n) => this.#packOn(n, atMs));
    return {
      scopeAt: iso(atMs),
      factor: 1,
      stations: numbers(stations).map((n) => this.#station(n, atMs)),
      slots,
      packs: [...slots.flatMap((slot, n) => (slot.packId === null ? [] : [this.#packIn(slot, n, atMs)])), ...onTrucks],
      trucks: numbers(trucks).map((n) => this.#truck(n, atMs)),
      orders: [],
      alarms: [],
      kpis: this.#kpis(atMs),
    };
  }

  /** What reports in one flush. @param tick flushes since the start */
  diffAt(tick: number, seq: number): Diff {
    const atMs = this.#startMs + tick * FLUSH_MS;
    const { trucks, stations } = this.#size;
    const slots = due(this.slots, tick, SLOT_EVERY_MS).map((n) => this.#slot(n, atMs));
    const packs = due(this.slots, tick, SLOT_EVERY_MS).flatMap((n) => {
      const slot = this.#slot(n, atMs);
      return slot.packId === null ? [] : [this.#packIn(slot, n, atMs)];
    });
    return {
      type: 'diff',
      seq,
      scopeAt: iso(atMs),
      factor: 1,
      upsert: {
        trucks: due(trucks, tick, TRUCK_EVERY_MS).map((n) => this.#truck(n, atMs)),
        stations: due(stations, tick, STATION_EVERY_MS).map((n) => this.#station(n, atMs)),
        slots,
        packs,
      },
      remove: {},
      ...(tick % 20 === 0 ? { kpis: this.#kpis(atMs) } : {}),
    };
  }

  #truck(n: number, atMs: number): TruckView {
    const span = ROAD_M.until - ROAD_M.from;
    const speedMps = 16 + noise(n) * 7;
    const way = (noise(n + 0.5) * 2 * span + (speedMps * (atMs - this.#startMs)) / 1_000) % (2 * span);
    const isWestbound = way < span;
    return {
      id: idOf('TR', n, 5),
      plate: `冀J${String(n).padStart(5, '0')}D`,
      carrierId: `C${1 + (n % 4)}`,
      state: 'driving',
      vehicleState: 'DRIVING',
      connectivity: 'ONLINE',
      replayed: false,
      lat: 38.5,
      lon: 115.5,
      altM: 60,
      chainageM: isWestbound ? ROAD_M.from + way : ROAD_M.until - (way - span),
      direction: isWestbound ? 'WEST' : 'EAST',
      speedKmh: speedMps * 3.6,
      headingDeg: isWestbound ? 285 : 105,
      odometerM: 80_000_000 + n,
      grossMassKg: n % 3 === 0 ? 19_000 : 49_000,
      packId: idOf('LFP-T', n, 5),
      socPercent: 20 + ((noise(n + 0.25) * 75 + (atMs - this.#startMs) / 60_000) % 75),
      motorPowerW: 140_000,
      destinationStationId: stationId(n % this.#size.stations),
      etaAt: null,
      orderId: null,
      q: [],
      reportedAt: iso(atMs),
    };
  }

  #station(n: number, atMs: number): StationView {
    const { stations } = this.#size;
    const isBusy = n % BUSY_EVERY === 0;
    const turn = ((atMs - this.#startMs) / 40_000 + noise(n)) * 2 * Math.PI;
    const id = stationId(n);
    return {
      id,
      name: `Station ${n + 1}`,
      nameZh: `换电站 ${n + 1}`,
      operatorId: `SO${1 + (n % 3)}`,
      lat: 38.5,
      lon: 115.5,
      chainageM: ROAD_M.from + ((ROAD_M.until - ROAD_M.from) * n) / Math.max(stations - 1, 1),
      direction: n % 2 === 0 ? 'WEST' : 'EAST',
      state: 'OPERATIVE',
      connectivity: 'ONLINE',
      lastSeenAt: iso(atMs),
      queueLength: n % 4,
      estWaitMs: (n % 4) * 300_000,
      readyPacks: n % 9,
      chargingPacks: 6,
      emptySlots: 2,
      gridPowerW: 1_400_000,
      gridLimitW: 4_000_000,
      pvPowerW: 90_000,
      ambientC: 8,
      priceNanoYuanPerKwh: '850000000',
      tariffPeriod: 'FLAT',
      bays: [
        {
          id: `${id}-B1`,
          state: isBusy ? 'swapping' : 'free',
          bayState: isBusy ? 'SWAPPING' : 'FREE',
          truckId: null,
          orderId: null,
          step: isBusy ? 'LIFTING' : null,
          craneXM: isBusy ? 11 * (0.5 + 0.5 * Math.sin(turn)) : 0,
          craneYM: isBusy ? 3 + 3 * Math.cos(turn) : 0,
          craneZM: isBusy ? 1.2 + 3 * Math.abs(Math.sin(turn * 2)) : 4.5,
          interlocks: {
            locks: { l1: 'UNLOCKED', l2: 'UNLOCKED', l3: 'UNLOCKED', l4: 'UNLOCKED' },
            hvOff: isBusy,
            wheelChock: isBusy,
            personDetected: false,
          },
        },
      ],
    };
  }

  #slot(n: number, atMs: number): SlotView {
    const { slotsPerStation } = this.#size;
    const at = stationId(Math.floor(n / slotsPerStation));
    const evseId = (n % slotsPerStation) + 1;
    const isEmpty = n % EMPTY_EVERY === 0;
    const socPercent = isEmpty ? null : 15 + ((noise(n) * 80 + (atMs - this.#startMs) / 60_000) % 80);
    const isCharging = socPercent !== null && socPercent < 90;
    return {
      id: `${at}-${evseId}`,
      stationId: at,
      evseId,
      state: isEmpty ? 'empty' : isCharging ? 'charging' : 'ready',
      slotState: isEmpty ? 'EMPTY' : 'HOLDS_PACK',
      chargingState: isCharging ? 'CHARGING' : 'IDLE',
      packId: isEmpty ? null : idOf('LFP-S', n, 5),
      socPercent,
      powerW: isCharging ? 220_000 : 0,
      reservedFor: null,
    };
  }

  #packIn(slot: SlotView, n: number, atMs: number): PackView {
    return packOf(slot.packId ?? '', { kind: 'SLOT', id: slot.id }, { n, socPercent: slot.socPercent, powerW: slot.powerW, atMs });
  }

  #packOn(n: number, atMs: number): PackView {
    const { packId, id, socPercent } = this.#truck(n, atMs);
    return packOf(packId ?? '', { kind: 'TRUCK', id }, { n, socPercent, powerW: -140_000, atMs });
  }

  #kpis(atMs: number): Scene['kpis'] {
    return {
      scopeAt: iso(atMs),
      trucksOnRoad: this.#size.trucks,
      trucksWaiting: 0,
      stationsOnline: this.#size.stations,
      packsReady: this.slots,
      swapsToday: Math.floor((atMs % DAY_MS) / 1_000),
      swapsTotal: 100_000,
      ordersAbnormal: 0,
      billedTodayFen: '123456789',
      energyTodayWh: 1e9,
      gridPowerW: 1.4e6 * this.#size.stations,
      pvPowerW: 9e4 * this.#size.stations,
      meanWaitMs: 200_000,
      alarmsRaisedLately: 0,
    };
  }
}

function packOf(
  id: string,
  location: PackView['location'],
  { n, socPercent, powerW, atMs }: { n: number; socPercent: number | null; powerW: number | null; atMs: number },
): PackView {
  return {
    id,
    typeCode: 'LFP350',
    ownerId: `BO${1 + (n % 3)}`,
    state: location.kind === 'SLOT' ? 'inRack' : 'inTruck',
    location,
    socPercent,
    sohPercent: 94,
    energyWh: socPercent === null ? null : Math.round(socPercent * 3_300),
    tempMaxC: 28,
    powerW,
    voltageV: 640,
    currentA: powerW === null ? null : powerW / 640,
    cycles: 300,
    q: [],
    updatedAt: iso(atMs),
  };
}

/** Numbers of those that report in a flush. */
function due(count: number, tick: number, everyMs: number): number[] {
  const flushes = everyMs / FLUSH_MS;
  const from = Math.floor(((tick % flushes) * count) / flushes);
  const until = Math.floor((((tick % flushes) + 1) * count) / flushes);
  return Array.from({ length: until - from }, (_, index) => from + index);
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const iso = (atMs: number): string => new Date(atMs).toISOString();
const idOf = (prefix: string, n: number, digits: number): string => `${prefix}${String(n).padStart(digits, '0')}`;
const stationId = (n: number): string => idOf('ST', n, 3);

/** Even between 0 and 1, the same for the same number. */
function noise(seed: number): number {
  const x = Math.sin(seed * 127.1 + 311.7) * 43_758.5453;
  return x - Math.floor(x);
}
