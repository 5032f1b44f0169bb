import type { Kpis, PackView, Scene, SlotView, StationView, TruckView } from '@corridor/protocols/http/scene';
import type { RecordedState } from '@corridor/protocols/recording/recorded-state';
import type { RecordedPack, RecordedStation, RecordedTruck, RecordingHead } from '@corridor/protocols/recording/recording.schema';
import { slopePerHour, trackAt } from '@corridor/protocols/recording/track';
import { recordedCrane } from './recorded-crane.ts';
import { type RecordedOrders, sumOrNull } from './recorded-orders.ts';

const METRES_PER_KM = 1_000;
const PERCENT = 100;

/** What a recorded state looks like, in the views that the scene and the panels know from the live corridor. */
export function recordedScene(
  head: RecordingHead,
  state: RecordedState,
  { atMs, swapsBefore, orders }: { atMs: number; swapsBefore: number; orders: RecordedOrders },
): Scene {
  const scopeAt = new Date(head.startsAtMs + atMs).toISOString();
  const at: Instant = { head, atMs, scopeAt, orders };
  const packs = [...state.packs.values()].map((pack) => packView(at, pack));
  const bySlot = new Map(packs.map((pack) => [pack.location.id, pack]));
  const socOf = new Map(packs.map((pack) => [pack.id, pack.socPercent]));
  const slots = head.stations.flatMap(({ id, slots: count }) =>
    Array.from({ length: count }, (_, index) => slotView(id, index + 1, bySlot)),
  );
  const stations = head.stations.map((still) =>
    stationView(at, still, { now: state.stations.get(still.id), slots, sunW: state.sunW.get(still.id) ?? null }),
  );
  const trucks = [...state.trucks.values()].map((truck) => truckView(at, truck, socOf));
  const kpis = kpisOf({ scopeAt, state, stations, trucks, swapsBefore, orders });
  return { scopeAt, factor: 1, stations, slots, packs, trucks, orders: [...orders.views], alarms: [], kpis };
}

interface Instant {
  head: RecordingHead;
  atMs: number;
  scopeAt: string;
  orders: RecordedOrders;
}

function packView({ head, atMs, scopeAt }: Instant, pack: RecordedPack): PackView {
  const contentWh = trackAt(pack.contentWh, atMs);
  const { sohPercent = head.pack.sohPercent } = pack;
  const capacityWh = head.pack.capacityWh * (sohPercent / head.pack.sohPercent);
  const isCharged = pack.place.kind === 'SLOT';
  return {
    id: pack.id,
    typeCode: head.pack.typeCode,
    ownerId: null,
    state: STATE_OF_PLACE[pack.place.kind],
    location: pack.place,
    socPercent: contentWh === null ? null : (contentWh / capacityWh) * PERCENT,
    sohPercent,
    energyWh: contentWh,
    tempMaxC: null,
    powerW: isCharged ? slopePerHour(pack.contentWh, atMs) : null,
    voltageV: null,
    currentA: null,
    cycles: null,
    q: [],
    updatedAt: scopeAt,
  };
}

const STATE_OF_PLACE = { TRUCK: 'inTruck', SLOT: 'inRack', TRANSFER: 'inTransfer' } as const satisfies Record<
  RecordedPack['place']['kind'],
  string
>;

function slotView(stationId: string, evseId: number, packs: ReadonlyMap<string, PackView>): SlotView {
  const id = `${stationId}-${evseId}`;
  const pack = packs.get(id);
  const powerW = pack?.powerW ?? null;
  const isCharging = powerW !== null && powerW > 0;
  return {
    id,
    stationId,
    evseId,
    state: pack === undefined ? 'empty' : isCharging ? 'charging' : 'holdsPack',
    slotState: pack === undefined ? 'EMPTY' : 'HOLDS_PACK',
    chargingState: isCharging ? 'CHARGING' : 'IDLE',
    packId: pack?.id ?? null,
    socPercent: pack?.socPercent ?? null,
    powerW,
    reservedFor: null,
  };
}

type StillStation = RecordingHead['stations'][number];

function stationView(
  { head, scopeAt, orders }: Instant,
  still: StillStation,
  { now, slots: all, sunW }: { now: RecordedStation | undefined; slots: readonly SlotView[]; sunW: number | null },
): StationView {
  const { id, name, nameZh, lat, lon, chainageM, direction, gridLimitW } = still;
  const slots = all.filter(({ stationId }) => stationId === id);
  const chargedW = slots.reduce((sum, { powerW }) => sum + (powerW ?? 0), 0);
  const bays = now?.bays ?? [];
  const busy = bays.filter(({ truckId }) => truckId !== null).length;
  const queueLength = now?.queue.length ?? 0;
  return {
    id,
    name,
    nameZh,
    operatorId: null,
    lat,
    lon,
    chainageM,
    direction,
    state: now?.isDark === true ? 'inoperative' : 'operative',
    connectivity: 'ONLINE',
    lastSeenAt: scopeAt,
    queueLength,
    estWaitMs: bays.length === 0 ? null : ((queueLength + busy) * still.meanSwapMs) / bays.length,
    readyPacks: now?.readyPacks ?? null,
    chargingPacks: slots.filter(({ chargingState }) => chargingState === 'CHARGING').length,
    emptySlots: slots.filter(({ slotState }) => slotState === 'EMPTY').length,
    // The sun serves the chargers first; what it gives beyond them goes nowhere in a run.
    gridPowerW: Math.max(0, chargedW * head.gridWhPerContentWh - (sunW ?? 0)),
    gridLimitW,
    pvPowerW: sunW,
    ambientC: null,
    priceNanoYuanPerKwh: null,
    tariffPeriod: null,
    bays: bays.map(({ truckId, isDown, step, evseId }, index) => ({
      id: `${id}-B${index + 1}`,
      state: isDown ? 'faulted' : truckId === null ? 'free' : 'swapping',
      bayState: isDown ? 'FAULT' : truckId === null ? 'FREE' : 'SWAPPING',
      truckId,
      orderId: truckId === null ? null : orders.underWayOf(truckId),
      step,
      ...recordedCrane(step, evseId, still.slots),
      interlocks: null,
    })),
  };
}

function truckView({ atMs, scopeAt, orders }: Instant, truck: RecordedTruck, socOf: ReadonlyMap<string, number | null>): TruckView {
  const { id, state, stationId, packId, chainageM, isWestbound, grossMassKg } = truck;
  const isDriving = state === 'DRIVING';
  const arrivesMs = isDriving ? chainageM.at(-1)?.[0] : undefined;
  const startsAtMs = Date.parse(scopeAt) - atMs;
  return {
    id,
    plate: null,
    carrierId: null,
    state: state.toLowerCase(),
    vehicleState: state,
    connectivity: null,
    replayed: true,
    lat: null,
    lon: null,
    altM: null,
    chainageM: trackAt(chainageM, atMs),
    direction: isWestbound ? 'WEST' : 'EAST',
    speedKmh: isDriving ? Math.abs(slopePerHour(chainageM, atMs)) / METRES_PER_KM : 0,
    headingDeg: null,
    odometerM: null,
    grossMassKg,
    packId,
    socPercent: packId === null ? null : (socOf.get(packId) ?? null),
    motorPowerW: null,
    destinationStationId: isDriving ? stationId : null,
    etaAt: arrivesMs === undefined ? null : new Date(startsAtMs + arrivesMs).toISOString(),
    orderId: orders.underWayOf(id),
    q: [],
    reportedAt: scopeAt,
  };
}

interface Counted {
  scopeAt: string;
  state: RecordedState;
  stations: StationView[];
  trucks: TruckView[];
  swapsBefore: number;
  orders: RecordedOrders;
}

/** What is not recorded is unknown, not 0. */
function kpisOf({ scopeAt, state, stations, trucks, swapsBefore, orders }: Counted): Kpis {
  const swapsTotal = swapsOf(state);
  const sum = (figure: (station: StationView) => number | null): number => stations.reduce((total, each) => total + (figure(each) ?? 0), 0);
  return {
    scopeAt,
    trucksOnRoad: trucks.filter(({ vehicleState }) => vehicleState === 'DRIVING').length,
    trucksWaiting: sum(({ queueLength }) => queueLength),
    stationsOnline: stations.filter((station) => station.state === 'operative').length,
    packsReady: sum(({ readyPacks }) => readyPacks),
    swapsToday: swapsTotal - swapsBefore,
    swapsTotal,
    ordersAbnormal: orders.abnormal,
    billedTodayFen: orders.today?.payableFen.toString() ?? null,
    energyTodayWh: orders.today?.energyWh ?? null,
    gridPowerW: sum(({ gridPowerW }) => gridPowerW),
    pvPowerW: sumOrNull(stations.map(({ pvPowerW }) => pvPowerW)),
    meanWaitMs: null,
    alarmsRaisedLately: null,
  };
}

/** Since the first moment. */
export const swapsOf = ({ stations }: RecordedState): number => [...stations.values()].reduce((sum, { swaps }) => sum + swaps, 0);
