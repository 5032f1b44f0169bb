import type { AlarmView, Kpis, OrderSummary, PackView, Scene, SlotView, StationView, TruckView } from '@corridor/protocols/http/scene';
import { SWAP_STATES } from '@corridor/protocols/swap-step';

/**
 * A made-up but plausible scene as a function of time alone: same instant, same scene. For the browser tests, screenshots
 * and work on the page without a twin; nothing of it is in the product.
 */
export const FIXTURE_START_MS = Date.parse('2026-11-22T02:20:00Z');
export const TRUCK_COUNT = 60;
const SLOTS = 8;
const NOMINAL_WH = 350_000;

const STATIONS = [
  ['HH1', 'Huanghua', '黄骅站', 41_300, 'BOTH', 'SO1', 38.30179, 117.31184],
  ['HJ1', 'Hejian West', '河间西行站', 159_900, 'WEST', 'SO1', 38.50361, 116.08069],
  ['HJ2', 'Hejian East', '河间东行站', 159_900, 'EAST', 'SO1', 38.50361, 116.08069],
  ['BD1', 'Baoding West', '保定西行站', 225_100, 'WEST', 'SO1', 38.7857, 115.45858],
  ['BD2', 'Baoding East', '保定东行站', 225_100, 'EAST', 'SO2', 38.7857, 115.45858],
  ['FP1', 'Fuping', '阜平站', 338_300, 'BOTH', 'SO2', 38.8757, 114.2167],
  ['FX1', 'Fuping West, westbound', '阜平西服务区西行站', 352_900, 'WEST', 'SO2', 38.87911, 114.06155],
  ['FX2', 'Fuping West, eastbound', '阜平西服务区东行站', 352_900, 'EAST', 'SO2', 38.87911, 114.06155],
  ['RC1', 'Rucun', '茹村站', 435_700, 'BOTH', 'SO3', 38.79, 113.3],
  ['YP1', 'Yuanping Aluminium Avenue', '原平铝业大道站', 529_800, 'BOTH', 'SO3', 38.73052, 112.74754],
] as const;
const ROAD_M = [5_000, 529_800] as const;
/** Each station has another hour of the tariff, so that a picture has them all. */
const TARIFF = [
  { priceNanoYuanPerKwh: '850000000', tariffPeriod: 'FLAT' },
  { priceNanoYuanPerKwh: '1180000000', tariffPeriod: 'PEAK' },
  { priceNanoYuanPerKwh: '1350000000', tariffPeriod: 'SHARP' },
  { priceNanoYuanPerKwh: '560000000', tariffPeriod: 'VALLEY' },
  { priceNanoYuanPerKwh: '410000000', tariffPeriod: 'DEEP_VALLEY' },
] as const;

/** Trucks that stand somewhere all the time: what they show must be on the screen in every test. */
const IN_BAY: Record<string, string> = { T007: 'BD1', T019: 'FP1', T033: 'HJ2' };
const QUEUED: Record<string, string> = { T008: 'BD1', T009: 'BD1', T020: 'FP1' };
const STRANDED = 'T042';
const SILENT = 'T050';

export const noise = (seed: number): number => {
  const x = Math.sin(seed * 127.1 + 311.7) * 43_758.5453;
  return x - Math.floor(x);
};
const iso = (atMs: number): string => new Date(atMs).toISOString();
const id3 = (n: number): string => String(n).padStart(3, '0');

function stationOf(id: string): (typeof STATIONS)[number] {
  const found = STATIONS.find(([known]) => known === id);
  if (found === undefined) throw new Error(`no station ${id}`);
  return found;
}

export function truckAt(n: number, atMs: number): TruckView {
  const id = `T${id3(n)}`;
  const elapsedS = (atMs - FIXTURE_START_MS) / 1000;
  const [low, high] = ROAD_M;
  const span = high - low;
  const speedMps = 17 + noise(n) * 6;
  const travelled = noise(n + 40) * 2 * span + speedMps * elapsedS;
  const phase = travelled % (2 * span);
  let westbound = phase < span;
  let chainageM = westbound ? low + phase : high - (phase - span);
  let vehicleState: TruckView['vehicleState'] = noise(n + 90) < 0.06 ? 'RESTING' : 'DRIVING';
  const stands = IN_BAY[id] ?? QUEUED[id];
  if (stands !== undefined) {
    const [, , , stationM, direction] = stationOf(stands);
    chainageM = stationM;
    westbound = direction !== 'EAST';
    vehicleState = id in IN_BAY ? 'IN_BAY' : 'QUEUEING';
  } else if (id === STRANDED) {
    chainageM = 301_000;
    vehicleState = 'STRANDED';
  } else if (vehicleState === 'RESTING') chainageM = 20_000 + noise(n + 7) * 480_000;
  const moving = vehicleState === 'DRIVING';
  const silent = id === SILENT;
  const socPercent = stands === undefined ? 95 - ((travelled / 1000 + n * 13) % 170) * 0.48 : 16 + noise(n) * 12;
  const reportedMs = silent ? FIXTURE_START_MS - 400_000 : Math.floor(atMs / 10_000) * 10_000;
  return {
    id,
    plate: `冀J1${String(n).padStart(4, '0')}D`,
    carrierId: `C${1 + (n % 4)}`,
    state: moving ? 'driving' : (vehicleState?.toLowerCase() ?? 'unknown'),
    vehicleState,
    connectivity: silent ? 'OFFLINE' : 'ONLINE',
    replayed: n === TRUCK_COUNT,
    lat: 38.5,
    lon: 115.5,
    altM: 20 + Math.max(0, chainageM - 250_000) / 400,
    chainageM,
    direction: westbound ? 'WEST' : 'EAST',
    speedKmh: moving && !silent ? speedMps * 3.6 : 0,
    headingDeg: westbound ? 285 : 105,
    odometerM: 81_000_000 + travelled,
    grossMassKg: n % 9 === 0 ? 19_100 : 49_000,
    packId: `LFP350-${String(70 + n).padStart(4, '0')}`,
    socPercent,
    motorPowerW: moving ? 120_000 + noise(n + elapsedS) * 60_000 : 0,
    destinationStationId: stands ?? null,
    etaAt: null,
    orderId: id in IN_BAY ? orderIdOf(id) : null,
    q: n % 17 === 0 ? ['GPS_DRIFT'] : [],
    reportedAt: iso(reportedMs),
  };
}

export const orderIdOf = (truckId: string): string => `O-${truckId}`;

function slotAt(stationId: string, evseId: number, atMs: number): SlotView {
  const at = STATIONS.findIndex(([id]) => id === stationId);
  const vacant = evseId === 1 + ((at * 3) % SLOTS);
  const base = 18 + noise(at * 10 + evseId) * 95;
  const socPercent = vacant ? null : Math.min(base + ((atMs - FIXTURE_START_MS) / 60_000) * 0.6, 95);
  const charging = socPercent !== null && socPercent < 95;
  return {
    id: `${stationId}-${evseId}`,
    stationId,
    evseId,
    state: vacant ? 'empty' : charging ? 'charging' : 'ready',
    slotState: vacant ? 'EMPTY' : 'HOLDS_PACK',
    chargingState: charging ? 'CHARGING' : vacant ? 'IDLE' : 'CONNECTED',
    packId: vacant ? null : `LFP350-${String(at * 7 + (evseId > 1 + ((at * 3) % SLOTS) ? evseId - 1 : evseId)).padStart(4, '0')}`,
    socPercent,
    powerW: charging ? 215_000 + noise(evseId) * 25_000 : 0,
    reservedFor: null,
  };
}

const locksAs = (lock: 'LOCKED' | 'UNLOCKED' | 'UNKNOWN') => ({ l1: lock, l2: lock, l3: lock, l4: lock });
/** Nobody there, and a truck whose pack is being changed. */
const FREE_BAY = { locks: locksAs('UNKNOWN'), hvOff: false, wheelChock: false, personDetected: false };
const WORKED_BAY = { locks: { ...locksAs('UNLOCKED'), l3: 'LOCKED' as const }, hvOff: true, wheelChock: true, personDetected: false };

/** The gantry of a serving bay goes to and fro between rack and truck. */
function craneAt(elapsedS: number): { craneXM: number; craneYM: number; craneZM: number; step: string } {
  const part = (elapsedS % 300) / 300;
  const steps = SWAP_STATES.slice(0, 15);
  const step = steps[Math.floor(part * steps.length)] ?? 'LIFTING';
  const across = 0.5 - 0.5 * Math.cos(part * Math.PI * 4);
  return {
    craneXM: 11.2 * (0.5 + 0.5 * Math.sin(part * Math.PI * 2)),
    craneYM: 6 * across,
    craneZM: 1.2 + 3.3 * Math.abs(Math.sin(part * Math.PI * 6)),
    step,
  };
}

export function stationAt(at: number, atMs: number): StationView {
  const [id, name, nameZh, chainageM, direction, operatorId, lat, lon] = STATIONS[at] ?? STATIONS[0];
  const elapsedS = (atMs - FIXTURE_START_MS) / 1000 + at * 80;
  const truckId = Object.keys(IN_BAY).find((truck) => IN_BAY[truck] === id) ?? null;
  const queueLength = Object.values(QUEUED).filter((station) => station === id).length;
  const slots = Array.from({ length: SLOTS }, (_, i) => slotAt(id, i + 1, atMs));
  const charging = slots.filter((slot) => slot.chargingState === 'CHARGING');
  const crane = craneAt(elapsedS);
  const offline = id === 'RC1';
  return {
    id,
    name,
    nameZh,
    operatorId,
    lat,
    lon,
    chainageM,
    direction,
    state: id === 'HJ1' ? 'DEGRADED' : 'OPERATIVE',
    connectivity: offline ? 'OFFLINE' : 'ONLINE',
    lastSeenAt: iso(offline ? FIXTURE_START_MS - 600_000 : atMs),
    queueLength,
    estWaitMs: queueLength * 300_000 + (truckId === null ? 0 : 140_000),
    readyPacks: slots.filter((slot) => (slot.socPercent ?? 0) >= 90).length,
    chargingPacks: charging.length,
    emptySlots: 1,
    gridPowerW: charging.reduce((sum, slot) => sum + (slot.powerW ?? 0), 42_000),
    gridLimitW: 2_000_000,
    pvPowerW: 96_000 + noise(at) * 60_000,
    ambientC: 4.5 - at * 0.8,
    ...(TARIFF[at % TARIFF.length] ?? TARIFF[0]),
    bays: [
      {
        id: `${id}-B1`,
        state: truckId === null ? 'free' : 'swapping',
        bayState: truckId === null ? 'FREE' : 'SWAPPING',
        truckId,
        orderId: truckId === null ? null : orderIdOf(truckId),
        step: truckId === null ? null : crane.step,
        craneXM: truckId === null ? 0 : crane.craneXM,
        craneYM: truckId === null ? 0 : crane.craneYM,
        craneZM: truckId === null ? 4.5 : crane.craneZM,
        interlocks: truckId === null ? FREE_BAY : WORKED_BAY,
      },
    ],
  };
}

function packs(slots: readonly SlotView[], trucks: readonly TruckView[]): PackView[] {
  const view = (id: string, n: number, location: PackView['location'], socPercent: number | null, powerW: number): PackView => {
    const sohPercent = 99 - noise(n + 5) * 14;
    return {
      id,
      typeCode: 'LFP350',
      ownerId: `BO${1 + (n % 3)}`,
      state: location.kind === 'SLOT' ? 'inRack' : 'inTruck',
      location,
      socPercent,
      sohPercent,
      energyWh: socPercent === null ? null : Math.round((socPercent / 100) * (sohPercent / 100) * NOMINAL_WH),
      tempMaxC: 21 + noise(n) * 12,
      powerW,
      voltageV: 610 + (socPercent ?? 50) * 0.4,
      currentA: powerW / 630,
      cycles: 120 + noise(n + 2) * 900,
      q: [],
      updatedAt: null,
    };
  };
  const inSlots = slots.flatMap((slot, n) =>
    slot.packId === null ? [] : [view(slot.packId, n, { kind: 'SLOT', id: slot.id }, slot.socPercent, slot.powerW ?? 0)],
  );
  const onTrucks = trucks.flatMap((truck, n) =>
    truck.packId === null ? [] : [view(truck.packId, n + 80, { kind: 'TRUCK', id: truck.id }, truck.socPercent, -(truck.motorPowerW ?? 0))],
  );
  return [...inSlots, ...onTrucks];
}

function orders(atMs: number): OrderSummary[] {
  const order = (id: string, n: number, fields: Partial<OrderSummary>): OrderSummary => ({
    id,
    state: 'CLEARED',
    reason: null,
    stationId: STATIONS[n % 10]?.[0] ?? 'HH1',
    bayId: `${STATIONS[n % 10]?.[0] ?? 'HH1'}-B1`,
    truckId: `T${id3(1 + ((n * 7) % 60))}`,
    carrierId: `C${1 + (n % 4)}`,
    requestId: 100 + n,
    initiation: n % 3 === 0 ? 'REMOTE' : 'LOCAL',
    returnPackId: `LFP350-${String(71 + n).padStart(4, '0')}`,
    issuePackId: `LFP350-${String(1 + n).padStart(4, '0')}`,
    quotedFen: '29057',
    heldFen: '31000',
    payableFen: '28900',
    swapState: null,
    createdAt: iso(FIXTURE_START_MS - n * 420_000),
    updatedAt: iso(FIXTURE_START_MS - n * 420_000 + 300_000),
    ...fields,
  });
  const running = Object.entries(IN_BAY).map(([truckId, stationId], i) =>
    order(orderIdOf(truckId), 0, {
      state: 'IN_PROGRESS',
      stationId,
      bayId: `${stationId}-B1`,
      truckId,
      payableFen: null,
      swapState:
        stationAt(
          STATIONS.findIndex(([id]) => id === stationId),
          atMs,
        ).bays[0]?.step ?? null,
      createdAt: iso(FIXTURE_START_MS - 60_000 + i * 1000),
    }),
  );
  const past = Array.from({ length: 14 }, (_, i) => {
    const n = i + 1;
    if (n === 4) return order(`O-${1000 + n}`, n, { state: 'ABNORMAL', reason: 'BATTERY_OUT_TIMEOUT', payableFen: null });
    if (n === 7) return order(`O-${1000 + n}`, n, { state: 'REJECTED', reason: 'NO_CREDIT', payableFen: null, heldFen: null });
    return order(`O-${1000 + n}`, n, { payableFen: String(24_000 + Math.round(noise(n) * 12_000)) });
  });
  return [...running, ...past];
}

function alarms(): AlarmView[] {
  return [
    alarm({ id: 'A-1', code: 'TRUCK_STRANDED', level: 3, scope: 'truck', scopeId: STRANDED, detail: `${STRANDED} cannot go on` }, 22),
    alarm(
      {
        id: 'A-2',
        code: 'GATEWAY_OFFLINE',
        level: 2,
        scope: 'gateway',
        scopeId: 'RC1',
        detail: 'its heartbeat is missing',
        stationId: 'RC1',
        args: { cause: 'HEARTBEAT_MISSING', said: '' },
      },
      10,
    ),
    alarm(
      { id: 'A-3', code: 'CHARGER_DOWN', level: 1, scope: 'slot', scopeId: 'HJ1-4', detail: 'charger gives no power', stationId: 'HJ1' },
      41,
    ),
    alarm(
      {
        id: 'A-4',
        code: 'SLOT_TWO_PACKS',
        level: 2,
        scope: 'slot',
        scopeId: 'HH1-3',
        detail: 'LFP350-0007 came where the books had LFP350-0003',
        args: { packId: 'LFP350-0007', otherPackId: 'LFP350-0003' },
        stationId: 'HH1',
        acts: ['ACKNOWLEDGE', 'CLOSE', 'SHELVE'],
      },
      65,
    ),
    alarm(
      {
        id: 'A-5',
        code: 'CHARGER_DOWN',
        level: 1,
        scope: 'slot',
        scopeId: 'BD1-3',
        detail: 'charger gives no power',
        stationId: 'BD1',
        state: 'SHELVED',
        shelf: {
          since: iso(FIXTURE_START_MS - 20 * 60_000),
          until: iso(FIXTURE_START_MS + 40 * 60_000),
          by: 'ops',
          reason: 'the fitter comes at noon',
        },
        acts: ['ACKNOWLEDGE', 'SHELVE', 'UNSHELVE'],
      },
      180,
    ),
  ];
}

function alarm(
  of: Pick<AlarmView, 'id' | 'code' | 'level' | 'scope' | 'scopeId' | 'detail'> & Partial<AlarmView>,
  minutesAgo: number,
): AlarmView {
  return {
    args: {},
    state: 'UNACKNOWLEDGED',
    raisedAt: iso(FIXTURE_START_MS - minutesAgo * 60_000),
    escalatedAt: null,
    clearedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    closedAt: null,
    closedBy: null,
    closeReason: null,
    stationId: null,
    shelf: null,
    suppressedBy: null,
    acts: ['ACKNOWLEDGE'],
    ...of,
  };
}

export function sceneAt(atMs: number, factor: number): Scene {
  const trucks = Array.from({ length: TRUCK_COUNT }, (_, i) => truckAt(i + 1, atMs));
  const stations = STATIONS.map((_, at) => stationAt(at, atMs));
  const slots = STATIONS.flatMap(([id]) => Array.from({ length: SLOTS }, (_, i) => slotAt(id, i + 1, atMs)));
  return {
    scopeAt: iso(atMs),
    factor,
    stations,
    slots,
    packs: packs(slots, trucks),
    trucks,
    orders: orders(atMs),
    alarms: alarms(),
    kpis: kpisAt(atMs, stations),
  };
}

export function kpisAt(atMs: number, stations: readonly StationView[]): Kpis {
  const minutes = (atMs - FIXTURE_START_MS) / 60_000;
  const swaps = 83 + Math.floor(minutes * 0.8);
  return {
    scopeAt: iso(atMs),
    trucksOnRoad: 51,
    trucksWaiting: 3,
    stationsOnline: stations.filter((station) => station.connectivity === 'ONLINE').length,
    packsReady: stations.reduce((sum, station) => sum + (station.readyPacks ?? 0), 0),
    swapsToday: swaps,
    swapsTotal: 4_120 + swaps,
    ordersAbnormal: 1,
    billedTodayFen: String(swaps * 28_733),
    energyTodayWh: swaps * 214_000,
    gridPowerW: stations.reduce((sum, station) => sum + (station.gridPowerW ?? 0), 0),
    pvPowerW: stations.reduce((sum, station) => sum + (station.pvPowerW ?? 0), 0),
    meanWaitMs: 252_000 + Math.sin(minutes / 7) * 40_000,
    alarmsRaisedLately: 2,
  };
}
