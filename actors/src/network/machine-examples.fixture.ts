import type { GatewayFaultData } from '@corridor/protocols/evt/gateway';
import { type BayContext, bayMachineOf } from '../bay/bay.machine.ts';
import { gatewayMachineOf } from '../gateway/gateway.machine.ts';
import type { GatewayContext } from '../gateway/gateway.rules.ts';
import { packMachineOf } from '../pack/pack.machine.ts';
import type { PackContext } from '../pack/pack.rules.ts';
import { slotMachineOf } from '../slot/slot.machine.ts';
import type { SlotContext } from '../slot/slot.rules.ts';
import { stationMachineOf } from '../station/station.machine.ts';
import type { StationContext } from '../station/station.rules.ts';
import { swapMachineOf } from '../swap/swap.machine.ts';
import type { SwapContext } from '../swap/swap.rules.ts';
import { truckMachineOf } from '../truck/truck.machine.ts';
import type { TruckContext } from '../truck/truck.rules.ts';
import type { EventOf } from './actor-event.ts';
import { NOON_MS, smallFile } from './corridor.fixture.ts';
import { silentSignals } from './empty-surroundings.ts';
import type { EntityKind } from './entity-ref.ts';
import { ReferenceStore } from './reference-store.ts';

export const atMs = NOON_MS + 60_000;
const smallReference = ReferenceStore.of(smallFile(), () => 100_000);
const [recorded] = smallFile().trucks;
if (recorded) smallReference.apply({ trucks: [{ ...recorded, id: 'R01', replayed: true }] });
export const surroundings = { reference: smallReference, signals: silentSignals, nowMs: () => atMs };

/** An event of every type that a kind of actor takes. */
export type EventsOf<K extends EntityKind> = { [T in EventOf[K]['type']]: Extract<EventOf[K], { type: T }> };

const signals = {
  'signal.stale': { type: 'signal.stale', atMs },
  'signal.fresh': { type: 'signal.fresh', atMs },
} as const;

// ── gateway ────────────────────────────────────────────────────────────────────────────────────────
export const gatewayContext: GatewayContext = {
  id: 'HH1',
  source: 'station',
  bootId: 3,
  firmware: '1.0',
  silentSinceMs: null,
  skewedSinceMs: null,
};
export const gatewayEvents: EventsOf<'gateway'> = {
  ...signals,
  'signal.crossed': { type: 'signal.crossed', atMs, signal: 'commsRttMs', side: 'ABOVE', value: 900 },
  'signal.changed': { type: 'signal.changed', atMs, signal: 'state', value: 'OPERATIVE' },
  'gateway.onlineReported': { type: 'gateway.onlineReported', atMs, bootId: 4, firmware: '1.1' },
  'gateway.offlineReported': { type: 'gateway.offlineReported', atMs, reason: 'maintenance' },
  'gateway.backfillBegun': { type: 'gateway.backfillBegun', atMs },
  'gateway.backfillEnded': { type: 'gateway.backfillEnded', atMs },
  'gateway.gapDetected': { type: 'gateway.gapDetected', atMs, missingFrom: 4, missingTo: 6 },
  'gateway.gapSkipped': { type: 'gateway.gapSkipped', atMs, missingFrom: 4, missingTo: 6 },
  'gateway.clockSkewed': { type: 'gateway.clockSkewed', atMs, offsetMs: 28_800_000 },
  'gateway.revoked': { type: 'gateway.revoked', atMs },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'station:HH1', eventType: 'station.gatewayOnline' },
};
const gatewayContexts = {
  neverSeen: { ...gatewayContext, bootId: 0, firmware: null },
  online: gatewayContext,
  backfilling: gatewayContext,
  offline: { ...gatewayContext, silentSinceMs: NOON_MS },
  revoked: { ...gatewayContext, silentSinceMs: NOON_MS },
};

// ── station ────────────────────────────────────────────────────────────────────────────────────────
export const fault: GatewayFaultData = {
  faultId: 'F1',
  code: 'GANTRY_FAULT',
  level: 2,
  scope: 'bay',
  scopeId: 'HH1-B1',
  detail: 'encoder drift',
};
export const stationContext: StationContext = {
  id: 'HH1',
  online: true,
  closed: false,
  equipment: 'OPERATIVE',
  faults: [],
  stock: [
    {
      evseId: 1,
      packId: 'LFP350-0001',
      issuable: true,
      energyWh: 300_000,
      socPercent: 95,
      sohPercent: 95,
      ownerId: 'BO1',
      typeCode: 'LFP350',
    },
    {
      evseId: 2,
      packId: 'LFP350-0002',
      issuable: true,
      energyWh: 310_000,
      socPercent: 95,
      sohPercent: 98,
      ownerId: 'BO2',
      typeCode: 'LFP350',
    },
    {
      evseId: 3,
      packId: 'LFP350-0003',
      issuable: false,
      energyWh: 90_000,
      socPercent: 30,
      sohPercent: 95,
      ownerId: 'BO1',
      typeCode: 'LFP350',
    },
  ],
  reservations: [],
  lastRequestId: 4,
};
export const stationEvents: EventsOf<'station'> = {
  ...signals,
  'signal.crossed': { type: 'signal.crossed', atMs, signal: 'windMps', side: 'ABOVE', value: 14 },
  'signal.changed': { type: 'signal.changed', atMs, signal: 'state', value: 'DEGRADED' },
  'station.gatewayOnline': { type: 'station.gatewayOnline', atMs },
  'station.gatewayOffline': { type: 'station.gatewayOffline', atMs },
  'station.faultRaised': { type: 'station.faultRaised', atMs, fault },
  'station.faultCleared': { type: 'station.faultCleared', atMs, fault },
  'station.inventoryReported': {
    type: 'station.inventoryReported',
    atMs,
    slots: [{ evseId: 1, slotState: 'HOLDS_PACK', packId: 'LFP350-0001', socPercent: 95, sohPercent: 95 }],
  },
  'station.stockChanged': {
    type: 'station.stockChanged',
    atMs,
    evseId: 4,
    packId: 'LFP350-0004',
    issuable: true,
    energyWh: 300_000,
    socPercent: 95,
    sohPercent: 95,
    ownerId: 'BO1',
    typeCode: 'LFP350',
  },
  'station.reservationRequested': {
    type: 'station.reservationRequested',
    atMs,
    orderId: 'O1',
    requestId: 7,
    truckId: 'T001',
    interfaceType: 'TOP-A',
    requiredEnergyWh: 200_000,
    minSohPercent: 80,
    packOwnerIds: ['BO1', 'BO2'],
  },
  'station.reservationReleased': { type: 'station.reservationReleased', atMs, orderId: 'O1' },
  'station.operatorAct': { type: 'station.operatorAct', atMs, act: 'CLOSE', evseId: null, by: 'ops' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'order:O1', eventType: 'order.packReserved' },
};
const stationContexts = {
  offline: { ...stationContext, online: false },
  closed: { ...stationContext, closed: true },
  estop: { ...stationContext, equipment: 'ESTOP' },
  inoperative: { ...stationContext, equipment: 'INOPERATIVE' },
  degraded: { ...stationContext, equipment: 'DEGRADED' },
  operative: stationContext,
};

// ── bay ────────────────────────────────────────────────────────────────────────────────────────────
export const bayContext: BayContext = {
  id: 'HH1-B1',
  stationId: 'HH1',
  swapId: null,
  orderId: null,
  truckId: null,
  faultCodes: [],
  blockedSinceMs: null,
};
const swapId = 'HH1-7';
export const bayEvents: EventsOf<'bay'> = {
  ...signals,
  'signal.crossed': { type: 'signal.crossed', atMs, signal: 'loadKg', side: 'ABOVE', value: 4_100 },
  'signal.changed': { type: 'signal.changed', atMs, signal: 'bayState', value: 'FREE' },
  'bay.truckArrived': { type: 'bay.truckArrived', atMs, swapId, truckId: 'T001' },
  'bay.swapBegan': { type: 'bay.swapBegan', atMs, swapId, orderId: 'O1' },
  'bay.suspended': { type: 'bay.suspended', atMs, swapId, reason: 'INTERLOCK_WIND' },
  'bay.resumed': { type: 'bay.resumed', atMs, swapId },
  'bay.blocked': { type: 'bay.blocked', atMs, swapId, reason: 'ABORTED_NO_PACK' },
  'bay.released': { type: 'bay.released', atMs, swapId },
  'bay.faultRaised': { type: 'bay.faultRaised', atMs, code: 'GANTRY_FAULT' },
  'bay.faultCleared': { type: 'bay.faultCleared', atMs, code: 'GANTRY_FAULT' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'swap:HH1-7', eventType: 'swap.reported' },
};
const busyBay = { ...bayContext, swapId, truckId: 'T001' };
const bayContexts = {
  free: bayContext,
  occupied: busyBay,
  swapping: { ...busyBay, orderId: 'O1' },
  suspended: { ...busyBay, orderId: 'O1' },
  blocked: { ...busyBay, orderId: 'O1', blockedSinceMs: NOON_MS },
  fault: { ...bayContext, faultCodes: ['GANTRY_FAULT'] },
};

// ── slot ───────────────────────────────────────────────────────────────────────────────────────────
const condition = { issuable: true, energyWh: 300_000, socPercent: 95, sohPercent: 95, ownerId: 'BO1', typeCode: 'LFP350' };
const packId = 'LFP350-0001';
export const slotContext: SlotContext = {
  id: 'HH1-1',
  stationId: 'HH1',
  evseId: 1,
  packId,
  condition,
  charging: false,
  reservedFor: null,
  setAside: false,
  quarantine: null,
  faultCodes: [],
  reported: 'HOLDS_PACK',
  quarantinedSinceMs: null,
};
export const chargeData = {
  transactionId: 'TX1',
  evseId: 1,
  packId,
  gridRegisterWh: 20_000,
  pvRegisterWh: 5_000,
  socPercent: 60,
  sohPercent: 95,
  reason: null,
};
export const slotEvents: EventsOf<'slot'> = {
  ...signals,
  'signal.crossed': { type: 'signal.crossed', atMs, signal: 'plugTempC', side: 'ABOVE', value: 80 },
  'signal.changed': { type: 'signal.changed', atMs, signal: 'slotState', value: 'UNAVAILABLE' },
  'slot.packInserted': { type: 'slot.packInserted', atMs, packId: 'LFP350-0009', orderId: 'O1' },
  'slot.packRemoved': { type: 'slot.packRemoved', atMs, packId, orderId: 'O1' },
  'slot.chargeReported': { type: 'slot.chargeReported', atMs, event: 'updated', charge: chargeData },
  'slot.packCondition': { type: 'slot.packCondition', atMs, packId, ...condition },
  'slot.reserved': { type: 'slot.reserved', atMs, orderId: 'O1' },
  'slot.reservationReleased': { type: 'slot.reservationReleased', atMs, orderId: 'O1' },
  'slot.setAside': { type: 'slot.setAside', atMs, by: 'ops' },
  'slot.returned': { type: 'slot.returned', atMs, by: 'ops' },
  'slot.quarantined': { type: 'slot.quarantined', atMs, reason: 'PACK_HOT' },
  'slot.faultRaised': { type: 'slot.faultRaised', atMs, code: 'CHARGER_DOWN' },
  'slot.faultCleared': { type: 'slot.faultCleared', atMs, code: 'CHARGER_DOWN' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'pack:GHOST', eventType: 'pack.charged' },
};
const idleSlot = { ...slotContext, condition: { ...condition, issuable: false, socPercent: 40 } };
const slotContexts = {
  empty: { ...slotContext, packId: null, condition: null, reported: 'EMPTY' },
  idle: idleSlot,
  charging: { ...idleSlot, charging: true },
  ready: slotContext,
  reserved: { ...slotContext, reservedFor: 'O1' },
  setAside: { ...slotContext, setAside: true },
  quarantined: { ...slotContext, quarantine: 'PACK_HOT', quarantinedSinceMs: NOON_MS },
  faulted: { ...slotContext, faultCodes: ['CHARGER_DOWN'] },
};

// ── pack ───────────────────────────────────────────────────────────────────────────────────────────
export const packContext: PackContext = {
  id: packId,
  place: { kind: 'SLOT', id: 'HH1-1' },
  socPercent: 50,
  sohPercent: 95,
  lots: [{ energyWh: 166_250, period: 'FLAT', priceNanoYuanPerKwh: 650_000_000n, stationId: 'HH1', source: 'GRID' }],
  rentNanoYuanPerKwh: null,
  charge: null,
  charging: false,
  refill: null,
  hotSinceMs: null,
  faultText: null,
  quarantine: null,
  disputedSinceMs: null,
  claim: null,
};
const handOver = { swapId, orderId: 'O1', stationId: 'HH1' };
export const packEvents: EventsOf<'pack'> = {
  ...signals,
  'signal.crossed': { type: 'signal.crossed', atMs, signal: 'socPercent', side: 'ABOVE', value: 91 },
  'signal.changed': { type: 'signal.changed', atMs, signal: 'faultCodes', value: 'E17' },
  'pack.legRequested': {
    type: 'pack.legRequested',
    atMs,
    orderId: 'O1',
    leg: 'OUT',
    socPercent: null,
    expectedPlace: { kind: 'SLOT', id: 'HH1-1' },
  },
  'pack.returned': {
    type: 'pack.returned',
    atMs,
    ...handOver,
    evseId: 2,
    battery: { evseId: 2, serialNumber: packId, soC: 30, soH: 94 },
  },
  'pack.issued': {
    type: 'pack.issued',
    atMs,
    ...handOver,
    truckId: 'T001',
    battery: { evseId: 1, serialNumber: packId, soC: 95, soH: 94 },
  },
  'pack.charged': { type: 'pack.charged', atMs, event: 'updated', stationId: 'HH1', charge: chargeData },
  'pack.seen': {
    type: 'pack.seen',
    atMs,
    place: { kind: 'SLOT', id: 'HH1-5' },
    socPercent: 50,
    sohPercent: 95,
    evidence: 'INVENTORY',
  },
  'pack.custodyCorrected': { type: 'pack.custodyCorrected', atMs, place: { kind: 'STORE', id: 'DEPOT' }, by: 'ops' },
  'pack.quarantined': { type: 'pack.quarantined', atMs, reason: 'SELF_CHECK_FAILED' },
  'pack.cleared': { type: 'pack.cleared', atMs, by: 'ops' },
  'pack.claimRipened': { type: 'pack.claimRipened' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'order:O1', eventType: 'order.legMeasured' },
};
const packContexts = {
  onTruck: { ...packContext, place: { kind: 'TRUCK', id: 'T001' }, rentNanoYuanPerKwh: 300_000_000n },
  charging: { ...packContext, charging: true },
  issuable: { ...packContext, socPercent: 95 },
  idle: packContext,
  inTransfer: { ...packContext, place: { kind: 'TRANSFER', id: 'HH1' } },
  inStore: { ...packContext, place: { kind: 'STORE', id: 'DEPOT' } },
  quarantined: { ...packContext, quarantine: 'SELF_CHECK_FAILED' },
  disputed: { ...packContext, disputedSinceMs: NOON_MS },
};

// ── truck ──────────────────────────────────────────────────────────────────────────────────────────
export const truckContext: TruckContext = {
  id: 'T001',
  packId,
  vehicleState: 'PARKED',
  orderId: null,
  blockedFor: null,
  strandedSinceMs: null,
};
export const truckEvents: EventsOf<'truck'> = {
  ...signals,
  'signal.crossed': { type: 'signal.crossed', atMs, signal: 'socPercent', side: 'BELOW', value: 14 },
  'signal.changed': { type: 'signal.changed', atMs, signal: 'vehicleState', value: 'DRIVING' },
  'truck.reported': {
    type: 'truck.reported',
    atMs,
    event: 'stranded',
    report: {
      truckId: 'T001',
      tripId: null,
      direction: 'WEST',
      chainageM: 90_000,
      grossMassKg: 49_000,
      packId,
      socPercent: 2,
      detail: null,
    },
  },
  'truck.bookingRequested': { type: 'truck.bookingRequested', atMs, orderId: 'O1', stationId: 'HH1' },
  'truck.bookingReleased': { type: 'truck.bookingReleased', atMs, orderId: 'O1' },
  'truck.docked': { type: 'truck.docked', atMs, stationId: 'HH1', bayId: 'HH1-B1' },
  'truck.packRemoved': { type: 'truck.packRemoved', atMs, packId, orderId: 'O1' },
  'truck.packFitted': { type: 'truck.packFitted', atMs, packId: 'LFP350-0009', orderId: 'O1' },
  'truck.released': { type: 'truck.released', atMs, stationId: 'HH1' },
  'truck.blocked': { type: 'truck.blocked', atMs, reason: 'PAYMENT_CAPTURE_FAILED', by: 'order:O1' },
  'truck.unblocked': { type: 'truck.unblocked', atMs, by: 'ops' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'order:O1', eventType: 'order.truckBooked' },
};
const truckContexts = {
  parked: truckContext,
  driving: { ...truckContext, vehicleState: 'DRIVING' },
  queueing: { ...truckContext, vehicleState: 'QUEUEING' },
  inBay: { ...truckContext, vehicleState: 'IN_BAY' },
  resting: { ...truckContext, vehicleState: 'RESTING' },
  loading: { ...truckContext, vehicleState: 'LOADING' },
  stranded: { ...truckContext, vehicleState: 'STRANDED', strandedSinceMs: NOON_MS },
  blocked: { ...truckContext, blockedFor: 'PAYMENT_CAPTURE_FAILED', vehicleState: 'DRIVING' },
  replayed: { ...truckContext, id: 'R01' },
};

// ── swap ───────────────────────────────────────────────────────────────────────────────────────────
export const swapContext: SwapContext = {
  stationId: 'HH1',
  requestId: 7,
  bayId: 'HH1-B1',
  truckId: 'T001',
  orderId: 'O1',
  initiation: 'LOCAL',
  step: 1,
  refused: false,
  issuePackId: null,
  returnPackId: packId,
  packsIn: [],
  packsOut: [],
  reason: null,
  beganAtMs: NOON_MS,
  heardAtMs: NOON_MS,
  endedAtMs: null,
};
export const swapReport: EventsOf<'swap'>['swap.reported'] = {
  type: 'swap.reported',
  atMs,
  event: 'lifted',
  bayId: 'HH1-B1',
  truckId: 'T001',
  plate: null,
  idToken: { idToken: 'CT-090000', type: 'Central' },
  step: 6,
  orderId: null,
  batteryData: [],
  reasonCode: null,
  interlock: null,
  recoverable: false,
  initiation: null,
  rfid: null,
  vin: null,
  packSerialNumber: null,
  packSocPercent: null,
  odometerM: null,
  backfill: false,
};
export const swapEvents: EventsOf<'swap'> = {
  'swap.reported': swapReport,
  'swap.authorised': { type: 'swap.authorised', atMs, orderId: 'O1', issuePackId: 'LFP350-0002', issueEvseId: 2, returnPackId: packId },
  'swap.refused': { type: 'swap.refused', atMs, orderId: 'O1', reason: 'NO_CREDIT' },
  'swap.operatorAct': { type: 'swap.operatorAct', atMs, act: 'ABORT', by: 'ops' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'pack:GHOST', eventType: 'pack.returned' },
};
const swapAt = (step: number) => ({ ...swapContext, step });
const endedSwap = { ...swapContext, step: 14, endedAtMs: NOON_MS };
const swapContexts = {
  QUEUED: swapAt(-1),
  IDENTIFYING: swapAt(0),
  AUTHORIZING: swapAt(1),
  POSITIONING: swapAt(2),
  SECURING: swapAt(3),
  UNLOCKING: swapAt(4),
  LIFTING: swapAt(5),
  TRANSFER_IN: swapAt(6),
  BATTERY_IN: swapAt(7),
  PICKING: swapAt(8),
  TRANSFER_OUT: swapAt(9),
  SEATING: swapAt(10),
  LOCKING: swapAt(11),
  SELF_CHECK: swapAt(12),
  RELEASING: swapAt(13),
  SUSPENDED: swapAt(4),
  COMPLETED: endedSwap,
  REJECTED: endedSwap,
  ABORTED_SAFE: endedSwap,
  ABORTED_NO_PACK: endedSwap,
  FAILED: endedSwap,
  LOST: endedSwap,
};

/** Every machine of an asset, a context for each of its states, an event of each of its types. */
export const examples = {
  gateway: { machine: gatewayMachineOf(surroundings), contexts: gatewayContexts, events: gatewayEvents },
  station: { machine: stationMachineOf(surroundings), contexts: stationContexts, events: stationEvents },
  bay: { machine: bayMachineOf(surroundings), contexts: bayContexts, events: bayEvents },
  slot: { machine: slotMachineOf(surroundings), contexts: slotContexts, events: slotEvents },
  pack: { machine: packMachineOf(surroundings), contexts: packContexts, events: packEvents },
  truck: { machine: truckMachineOf(surroundings), contexts: truckContexts, events: truckEvents },
  swap: { machine: swapMachineOf(surroundings), contexts: swapContexts, events: swapEvents },
} as const;
