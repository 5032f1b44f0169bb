import type { Envelope } from '@corridor/protocols/envelope';
import type { PackReading } from '@corridor/protocols/tele/packs';
import type { SlotReading } from '@corridor/protocols/tele/slots';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';

/** A telemetry message as the decoder gives it. */
export function telemetry(src: string, seq: number, atMs: number, data: unknown, over: Partial<Envelope<unknown>> = {}): Envelope<unknown> {
  const at = new Date(atMs).toISOString();
  return { schema: 'tele/1', src, bootId: 1, seq, tsEvent: at, tsSend: at, backfill: false, q: [], data, ...over };
}

export const packReading = (over: Partial<PackReading> = {}): PackReading => ({
  packId: 'LFP350-0001',
  typeCode: 'LFP350',
  location: { kind: 'SLOT', id: 'HH1-1' },
  socPercent: 60,
  sohPercent: 95,
  energyWh: 199_500,
  voltageV: 620,
  currentA: 0,
  powerW: 0,
  cellVmaxV: 3.3,
  cellVminV: 3.2,
  cellTmaxC: 25,
  cellTminC: 23,
  insulationOhm: 500_000,
  contactor: 'CLOSED',
  cycles: 120,
  throughputWh: 42_000_000,
  faultCodes: [],
  ...over,
});

export const slotReading = (over: Partial<SlotReading> = {}): SlotReading => ({
  evseId: 1,
  slotState: 'HOLDS_PACK',
  packId: 'LFP350-0001',
  chargingState: 'CHARGING',
  setpointW: 240_000,
  powerW: 240_000,
  voltageV: 620,
  currentA: 380,
  meterWh: 1_000_000,
  plugTempC: 30,
  smoke: false,
  doorOpen: false,
  ...over,
});

export const stationReading = (over: Partial<StationTelemetry['data']> = {}): StationTelemetry['data'] => ({
  stationId: 'HH1',
  state: 'OPERATIVE',
  readyPacks: 3,
  chargingPacks: 4,
  emptySlots: 1,
  queueLength: 0,
  estWaitMs: 0,
  gridPowerW: 900_000,
  gridLimitW: 2_000_000,
  pvPowerW: 0,
  auxPowerW: 12_000,
  activeTariffPeriod: 'FLAT',
  ambientC: 5,
  windMps: 3,
  commsRttMs: 20,
  ...over,
});

export const truckReading = (over: Partial<TruckTelemetry['data']> = {}): TruckTelemetry['data'] => ({
  truckId: 'T001',
  vin: null,
  plate: null,
  lat: 38.3,
  lon: 117.3,
  altM: 5,
  chainageM: 41_000,
  direction: 'WEST',
  speedKmh: 72,
  headingDeg: 260,
  odometerM: 100_000,
  vehicleState: 'DRIVING',
  grossMassKg: 49_000,
  packId: 'LFP350-0071',
  socPercent: 55,
  socSource: 'BMS',
  packVoltageV: 610,
  packCurrentA: -180,
  motorPowerW: 110_000,
  auxPowerW: 4_000,
  ambientC: 5,
  alarmBits: 0,
  alarmLevel: 0,
  destinationStationId: 'HJ1',
  tripId: null,
  ...over,
});
