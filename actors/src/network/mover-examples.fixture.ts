import type { PackContext } from '../pack/pack.rules.ts';
import type { SwapContext } from '../swap/swap.rules.ts';
import type { TruckContext } from '../truck/truck.rules.ts';
import { NOON_MS } from './corridor.fixture.ts';
import { atMs, type EventsOf, signals } from './example-surroundings.fixture.ts';
import { chargeData } from './place-examples.fixture.ts';

const swapId = 'HH1-7';
const packId = 'LFP350-0001';

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
  'pack.legBilled': { type: 'pack.legBilled', atMs, orderId: 'O1', swapId, leg: 'IN' },
  'pack.returned': {
    type: 'pack.returned',
    atMs,
    ...handOver,
    truckId: 'T001',
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
export const packContexts = {
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
  queueingSinceMs: null,
  odometerAtSwapM: null,
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
  'truck.swapBilled': { type: 'truck.swapBilled', atMs, orderId: 'O1', odometerM: 184_000_000 },
  'truck.docked': { type: 'truck.docked', atMs, stationId: 'HH1', bayId: 'HH1-B1' },
  'truck.packRemoved': { type: 'truck.packRemoved', atMs, packId, orderId: 'O1' },
  'truck.packFitted': { type: 'truck.packFitted', atMs, packId: 'LFP350-0009', orderId: 'O1' },
  'truck.released': { type: 'truck.released', atMs, stationId: 'HH1' },
  'truck.blocked': { type: 'truck.blocked', atMs, reason: 'PAYMENT_CAPTURE_FAILED', by: 'order:O1' },
  'truck.unblocked': { type: 'truck.unblocked', atMs, by: 'ops' },
  'truck.stopped': { type: 'truck.stopped', atMs, partyId: 'C1' },
  'truck.letGo': { type: 'truck.letGo', atMs, partyId: 'C1' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'order:O1', eventType: 'order.truckBooked' },
};
export const truckContexts = {
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
  'swap.bayTaken': { type: 'swap.bayTaken', atMs, truckId: 'T002' },
  'swap.abortAsked': { type: 'swap.abortAsked', atMs, by: 'ops', note: 'truck in the wrong bay' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'pack:GHOST', eventType: 'pack.returned' },
};
const swapAt = (step: number) => ({ ...swapContext, step });
const endedSwap = { ...swapContext, step: 14, endedAtMs: NOON_MS };
export const swapContexts = {
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
