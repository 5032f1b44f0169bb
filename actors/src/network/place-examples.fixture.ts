import type { GatewayFaultData } from '@corridor/protocols/evt/gateway';
import type { BayContext } from '../bay/bay.machine.ts';
import type { GatewayContext } from '../gateway/gateway.rules.ts';
import type { SlotContext } from '../slot/slot.rules.ts';
import type { StationContext } from '../station/station.rules.ts';
import { NOON_MS } from './corridor.fixture.ts';
import { atMs, type EventsOf, signals } from './example-surroundings.fixture.ts';

// ── gateway ────────────────────────────────────────────────────────────────────────────────────────
export const gatewayContext: GatewayContext = {
  id: 'HH1',
  source: 'station',
  bootId: 3,
  firmware: '1.0',
  silentSinceMs: null,
  skewedSinceMs: null,
  lockedOutSinceMs: null,
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
  'gateway.lockedOut': { type: 'gateway.lockedOut', atMs, reason: 'BOOT_WENT_BACK' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'station:HH1', eventType: 'station.gatewayOnline' },
};
export const gatewayContexts = {
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
    saidAt: new Date(atMs).toISOString(),
    timeBelieved: true,
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
  'station.operatorAct': { type: 'station.operatorAct', atMs, act: 'SLOT_SET_ASIDE', evseId: 1, by: 'ops' },
  'station.opened': { type: 'station.opened', atMs, partyId: 'SO1' },
  'station.closed': { type: 'station.closed', atMs, partyId: 'SO1' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'order:O1', eventType: 'order.packReserved' },
};
export const stationContexts = {
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
  leaving: null,
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
  'bay.released': { type: 'bay.released', atMs, swapId, served: { orderId: 'O1', truckId: 'T001' } },
  'bay.faultRaised': { type: 'bay.faultRaised', atMs, code: 'GANTRY_FAULT' },
  'bay.faultCleared': { type: 'bay.faultCleared', atMs, code: 'GANTRY_FAULT' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'swap:HH1-7', eventType: 'swap.reported' },
};
const busyBay = { ...bayContext, swapId, truckId: 'T001' };
export const bayContexts = {
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
  'slot.packCondition': { type: 'slot.packCondition', atMs, packId, ...condition, energyWh: condition.energyWh - 1_000 },
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
export const slotContexts = {
  empty: { ...slotContext, packId: null, condition: null, reported: 'EMPTY' },
  idle: idleSlot,
  charging: { ...idleSlot, charging: true },
  ready: slotContext,
  reserved: { ...slotContext, reservedFor: 'O1' },
  setAside: { ...slotContext, setAside: true },
  quarantined: { ...slotContext, quarantine: 'PACK_HOT', quarantinedSinceMs: NOON_MS },
  faulted: { ...slotContext, faultCodes: ['CHARGER_DOWN'] },
};
