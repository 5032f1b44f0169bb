import type { Billing, BillingOf } from '@corridor/protocols/agreement/billing';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { fen } from '../ledger/fen.ts';
import type { EventOf, PackLeg } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { silentSignals } from '../network/empty-surroundings.ts';
import type { Surroundings } from '../network/reference.ts';
import { ReferenceStore } from '../network/reference-store.ts';
import type { OrderInput } from './order-input.ts';

/** 2026-11-22 12:00 in the zone of the tariffs. */
export const NOON_MS = Date.parse('2026-11-22T12:00:00+08:00');

/** One station, two carriers, three drivers, trucks that wear two interfaces, and one tariff. */
export const networkFile: NetworkFile = {
  platformId: 'PF',
  principals: [
    { id: 'PF', kind: 'PLATFORM', name: 'Platform', nameZh: '平台' },
    { id: 'SO1', kind: 'STATION_OPERATOR', name: 'Operator', nameZh: '运营商' },
    { id: 'BO1', kind: 'BATTERY_OWNER', name: 'Owner 1', nameZh: '业主一' },
    { id: 'BO2', kind: 'BATTERY_OWNER', name: 'Owner 2', nameZh: '业主二' },
    { id: 'C1', kind: 'CARRIER', name: 'Carrier 1', nameZh: '承运一' },
    { id: 'C2', kind: 'CARRIER', name: 'Carrier 2', nameZh: '承运二' },
  ],
  packTypes: [
    { code: 'LFP350', nominalWh: 350_000, massKg: 4_000, nominalVoltageV: 618, interfaceType: 'TOP-A' },
    { code: 'SIDE300', nominalWh: 300_000, massKg: 3_500, nominalVoltageV: 618, interfaceType: 'SIDE-B' },
  ],
  stations: [
    {
      id: 'HH1',
      siteId: 'HH',
      name: 'Huanghua',
      nameZh: '黄骅站',
      operatorId: 'SO1',
      direction: 'BOTH',
      chainageM: 41_300,
      lat: 38.3,
      lon: 117.3,
      gridRegion: 'HEBEI_SOUTH',
      bays: 1,
      slots: 8,
      chargerPowerW: 240_000,
      gridLimitW: 2_000_000,
      pvPeakW: 0,
      interfaceTypes: ['TOP-A'],
      targetSocPercent: 90,
      maxSocPercent: 95,
    },
  ],
  packs: [],
  trucks: (
    [
      ['T1', 'C1', 'TOP-A'],
      ['T2', 'C1', 'TOP-A'],
      ['T3', 'C2', 'TOP-A'],
      ['T4', 'C1', 'SIDE-B'],
    ] as const
  ).map(([id, carrierId, interfaceType]) => ({
    id,
    vin: `LCT4X2BEV2600000${id.slice(1)}`,
    plate: `冀J1000${id}`,
    rfid: `E28000000117000${id}`,
    carrierId,
    interfaceType,
    tareMassKg: 15_100,
    initialChainageM: 0,
    initialDirection: 'WEST',
    replayed: false,
  })),
  drivers: [
    {
      id: 'D1',
      name: 'One',
      carrierId: 'C1',
      idToken: { idToken: 'CT-1', type: 'Central' },
      truckIds: ['T1', 'T2', 'T4', 'T9'],
      certifiedUntil: '2030-12-31',
    },
    {
      id: 'D2',
      name: 'Two',
      carrierId: 'C2',
      idToken: { idToken: 'CT-2', type: 'Central' },
      truckIds: ['T3', 'T1'],
      certifiedUntil: '2030-12-31',
    },
    {
      id: 'D3',
      name: 'Three',
      carrierId: 'C1',
      idToken: { idToken: 'CT-3', type: 'Central' },
      truckIds: ['T2'],
      certifiedUntil: '2026-11-21',
    },
  ],
  alliances: [{ id: 'CORRIDOR', name: 'Corridor', stationIds: ['HH1'], packOwnerIds: ['BO1', 'BO2'] }],
  contracts: [contractOf('C1', '2035-12-31'), contractOf('C2', '2035-12-31')],
  tariffs: [
    {
      id: 'TOU-1',
      gridRegion: 'HEBEI_SOUTH',
      effectiveFrom: '2025-01-01',
      seasons: [{ months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], hours: [{ period: 'FLAT', ranges: [[0, 24]] }] }],
      prices: [{ period: 'FLAT', priceNanoYuanPerKwh: '650000000' }],
      source: 'test',
      unconfirmed: false,
    },
  ],
  stationRates: [{ id: 'SR', stationId: 'HH1', effectiveFrom: '2025-01-01', serviceNanoYuanPerKwh: '400000000', handlingFen: '1000' }],
  batteryRates: [],
  openingTopUps: [],
};

function contractOf(carrierId: string, validUntil: string): NetworkFile['contracts'][number] {
  return {
    id: `CT-${carrierId}`,
    carrierId,
    allianceIds: ['CORRIDOR'],
    validFrom: '2025-01-01',
    validUntil,
    splitRule: 'LOTS',
    holdMarginBasisPoints: 500,
    holdStepFen: '1000',
    commissionServiceBasisPoints: 500,
    commissionRentBasisPoints: 300,
    settlementPeriod: 'M1',
  };
}

/** Carrier 1 prepays a quantity to the platform, which then pays owners and operators. */
export const packageBilling: BillingOf<'PACKAGE'> = {
  mode: 'PACKAGE',
  issuerId: 'PF',
  replaces: ['ELECTRICITY', 'SERVICE', 'BATTERY_RENT', 'SWAP_HANDLING'],
  offers: [
    { id: 'KWH-1000', name: '1,000 kWh', unit: 'Wh', quantity: 1_000_000, priceFen: '90000', validDays: 30 },
    { id: 'SWAP-2', name: '2 swaps', unit: 'swap', quantity: 2, priceFen: '50001', validDays: 10 },
  ],
};

/** Carrier 1 is billed by a mode. */
export const aReferenceBilledBy = (billing: Billing) => aReference({ contracts: [{ ...contractOf('C1', '2035-12-31'), billing }] });

export const aReference = (over: Partial<NetworkFile> = {}, requiredWh: number | null = 200_000) =>
  ReferenceStore.of({ ...networkFile, ...over }, () => requiredWh);

export const someSurroundings = (nowMs: () => number = () => NOON_MS, reference = aReference()): Surroundings => ({
  reference,
  signals: silentSignals,
  nowMs,
});

export function anOrderInput(over: Partial<OrderInput> = {}): OrderInput {
  const truck = networkFile.trucks.find(({ id }) => id === (over.truckId ?? 'T1'));
  const isLocal = (over.initiation ?? 'LOCAL') === 'LOCAL';
  return {
    orderId: 'O1',
    initiation: 'LOCAL',
    begin: 'CHECKED',
    backfill: false,
    stationId: 'HH1',
    bayId: isLocal ? 'HH1-B1' : null,
    requestId: isLocal ? 1 : null,
    truckId: 'T1',
    idToken: { idToken: 'CT-1', type: 'Central' },
    plate: isLocal ? (truck?.plate ?? null) : null,
    rfid: isLocal ? (truck?.rfid ?? null) : null,
    vin: isLocal ? (truck?.vin ?? null) : null,
    packSerialNumber: isLocal ? 'P-IN' : null,
    packSocPercent: isLocal ? 20 : null,
    odometerM: null,
    intentId: isLocal ? null : 'I-quote',
    ...over,
  };
}

export function aLeg(over: Partial<PackLeg> = {}): PackLeg {
  const energyWh = over.energyWh ?? 60_000;
  return {
    packId: 'P-IN',
    typeCode: 'LFP350',
    ownerId: 'BO1',
    socPercent: 20,
    sohPercent: 90,
    nominalWh: 350_000,
    energyWh,
    lots: energyWh === 0 ? [] : [{ energyWh, period: 'FLAT', priceNanoYuanPerKwh: 650_000_000n, stationId: 'HH1', source: 'GRID' }],
    rentNanoYuanPerKwh: 300_000_000n,
    ...over,
  };
}
export const legIn = (over: Partial<PackLeg> = {}) => aLeg(over);
export const legOut = (over: Partial<PackLeg> = {}) =>
  aLeg({ packId: 'P-OUT', ownerId: 'BO2', energyWh: 300_000, socPercent: 95, ...over });

type OrderEvent = EventOf['order'];
const atMs = NOON_MS;

/** One event of each kind, as a normal order hears them; a new kind does not compile until it is here. */
export const orderEvents: { [T in OrderEvent['type']]: Extract<OrderEvent, { type: T }> } = {
  'order.begun': { type: 'order.begun', atMs },
  'order.truckBooked': {
    type: 'order.truckBooked',
    atMs,
    carrierId: 'C1',
    packId: 'P-IN',
    socPercent: 21,
    grossMassKg: 40_000,
    direction: 'WEST',
    destinationChainageM: null,
    odometerM: 184_000_000,
    odometerAtSwapM: 183_850_000,
    waitedMs: null,
  },
  'order.truckRefused': { type: 'order.truckRefused', atMs, reason: 'CONCURRENT_ORDER' },
  'order.packReserved': { type: 'order.packReserved', atMs, packId: 'P-OUT', evseId: 3, requestId: 1, readyPacks: 4 },
  'order.reservationRefused': { type: 'order.reservationRefused', atMs, reason: 'NO_BATTERY_AVAILABLE' },
  'order.legQuoted': { type: 'order.legQuoted', atMs, leg: 'IN', pack: legIn() },
  'order.legRefused': { type: 'order.legRefused', atMs, leg: 'IN', reason: 'PACK_CUSTODY_MISMATCH' },
  'order.confirmed': { type: 'order.confirmed', atMs, by: 'D1', intentId: 'I-confirm', onBehalf: false, tellsDriver: false },
  'order.cancelled': { type: 'order.cancelled', atMs, by: 'D1', reason: 'DRIVER_CHANGED_MIND', intentId: 'I-cancel' },
  'order.packageGranted': {
    type: 'order.packageGranted',
    atMs,
    grant: { packageId: 'PK1', unit: 'Wh', quantity: 200_000n, amountFen: fen(20_000n) },
  },
  'order.held': { type: 'order.held', atMs, amountFen: fen(40_000n) },
  'order.holdRefused': { type: 'order.holdRefused', atMs, reason: 'NO_CREDIT' },
  'order.commandAnswered': {
    type: 'order.commandAnswered',
    atMs,
    commandId: 'O1-start',
    result: 'REJECTED',
    reasonCode: 'INTERLOCK_WIND',
  },
  'order.truckDocked': {
    type: 'order.truckDocked',
    atMs,
    bayId: 'HH1-B1',
    packSerialNumber: 'P-IN',
    packSocPercent: 15,
    odometerM: 184_040_000,
  },
  'order.truckChanged': { type: 'order.truckChanged', atMs, truckId: 'T2' },
  'order.swapStepped': { type: 'order.swapStepped', atMs, event: 'positioned', step: 3, bayId: 'HH1-B1', backfill: false },
  'order.legMeasured': { type: 'order.legMeasured', atMs, leg: 'IN', pack: legIn() },
  'order.legWithdrawn': { type: 'order.legWithdrawn', atMs, leg: 'IN', packId: 'P-IN', byOrderId: 'O2' },
  'order.legUnknown': { type: 'order.legUnknown', atMs, leg: 'IN', packId: 'P-XX', reason: 'BATTERY_UNKNOWN' },
  'order.swapEnded': { type: 'order.swapEnded', atMs, outcome: 'ABORTED_SAFE', reason: 'PARKING', step: 2 },
  'order.captured': { type: 'order.captured', atMs, capturedFen: fen(34_700n), releasedFen: fen(5_300n) },
  'order.captureRefused': { type: 'order.captureRefused', atMs, reason: 'CAPTURE_ABOVE_CREDIT' },
  'order.meterCompared': { type: 'order.meterCompared', atMs, leg: 'IN', meteredWh: 280_000, billedWh: 240_000, nominalWh: 350_000 },
  'order.repaired': { type: 'order.repaired', atMs, by: 'ops', note: 'checked', measured: null, intentId: 'I-repair' },
  'order.writtenOff': { type: 'order.writtenOff', atMs, by: 'ops', note: 'small', intentId: 'I-off' },
  'delivery.bounced': { type: 'delivery.bounced', atMs, to: 'pack:P-IN', eventType: 'pack.legRequested' },
};
export const quotedOut = { ...orderEvents['order.legQuoted'], leg: 'OUT', pack: legOut() } as const;
export const measuredOut = { ...orderEvents['order.legMeasured'], leg: 'OUT', pack: legOut() } as const;

/** What was emitted, one by one. */
export const flat = (emitted: readonly Emitted[]): Emitted[] =>
  emitted.flatMap((each) => (each.type === 'many' ? flat(each.emitted) : [each]));
