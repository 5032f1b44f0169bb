import type { Prng } from '@corridor/actors/time/prng';
import type { Envelope } from '@corridor/protocols/envelope';
import { slotIdOf } from '@corridor/protocols/ids';
import type { PackReading, PacksTelemetry } from '@corridor/protocols/tele/packs';
import type { SlotReading, SlotsTelemetry } from '@corridor/protocols/tele/slots';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';

const NOMINAL_WH = 350_000;

/** Two decimals, as a BMS reports. */
const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));

/** A pack in the middle of a charge, or on the road. */
export function packReading(packId: string, location: PackReading['location'], prng: Prng): PackReading {
  const socPercent = rounded(prng.uniform(20, 85), 1);
  const currentA = rounded(location.kind === 'SLOT' ? prng.uniform(100, 250) : prng.uniform(-300, 100), 1);
  const voltageV = rounded(560 + socPercent + prng.uniform(-3, 3), 1);
  const cellV = voltageV / 192;
  return {
    packId,
    typeCode: 'LFP350',
    location,
    socPercent,
    sohPercent: 95,
    energyWh: Math.round((socPercent / 100) * 0.95 * NOMINAL_WH),
    voltageV,
    currentA,
    powerW: Math.round(voltageV * currentA),
    cellVmaxV: rounded(cellV + 0.012, 3),
    cellVminV: rounded(cellV - 0.011, 3),
    cellTmaxC: rounded(prng.uniform(24, 38), 1),
    cellTminC: rounded(prng.uniform(18, 24), 1),
    insulationOhm: 1_500_000,
    contactor: 'CLOSED',
    cycles: rounded(prng.uniform(10, 900), 1),
    throughputWh: prng.integer(3_000_000, 300_000_000),
    faultCodes: [],
  };
}

export function slotReading(evseId: number, packId: string | null, prng: Prng): SlotReading {
  const voltageV = packId === null ? null : rounded(prng.uniform(580, 650), 1);
  const currentA = packId === null ? null : rounded(prng.uniform(100, 250), 1);
  return {
    evseId,
    slotState: packId === null ? 'EMPTY' : 'HOLDS_PACK',
    packId,
    chargingState: packId === null ? 'IDLE' : 'CHARGING',
    setpointW: packId === null ? 0 : 160_000,
    powerW: Math.round((voltageV ?? 0) * (currentA ?? 0)),
    voltageV,
    currentA,
    meterWh: prng.integer(1_000_000, 900_000_000),
    plugTempC: packId === null ? null : rounded(prng.uniform(20, 45), 1),
    smoke: false,
    doorOpen: false,
  };
}

export function truckReading(truckId: string, packId: string | null, prng: Prng): TruckTelemetry['data'] {
  return {
    truckId,
    vin: null,
    plate: null,
    lat: rounded(prng.uniform(38.2, 38.9), 5),
    lon: rounded(prng.uniform(112.8, 117.3), 5),
    altM: rounded(prng.uniform(5, 900), 1),
    chainageM: rounded(prng.uniform(1_000, 480_000), 1),
    direction: 'WEST',
    speedKmh: rounded(prng.uniform(40, 80), 1),
    headingDeg: rounded(prng.uniform(250, 290), 1),
    odometerM: prng.integer(10_000_000, 400_000_000),
    vehicleState: 'DRIVING',
    grossMassKg: 49_000,
    packId,
    socPercent: rounded(prng.uniform(35, 85), 1),
    socSource: 'BMS',
    packVoltageV: rounded(prng.uniform(580, 640), 1),
    packCurrentA: rounded(prng.uniform(-300, 50), 1),
    motorPowerW: prng.integer(20_000, 200_000),
    auxPowerW: 3_000,
    ambientC: 4,
    alarmBits: 0,
    alarmLevel: 0,
    destinationStationId: null,
    tripId: 'TRIP-1',
  };
}

export interface MessageHead {
  src: string;
  bootId: number;
  seq: number;
  /** Scope time, ms. */
  atMs: number;
}

/** @param type as in the schema's name, `tele.packs` */
export function telemetryEnvelope<Data>(type: string, head: MessageHead, data: Data): Envelope<Data> {
  const at = new Date(head.atMs).toISOString();
  return { schema: `${type}/1`, src: head.src, bootId: head.bootId, seq: head.seq, tsEvent: at, tsSend: at, backfill: false, q: [], data };
}

export const packsMessage = (head: MessageHead, packs: PackReading[]): Envelope<PacksTelemetry['data']> =>
  telemetryEnvelope('tele.packs', head, { stationId: head.src, packs });

export const slotsMessage = (head: MessageHead, slots: SlotReading[]): Envelope<SlotsTelemetry['data']> =>
  telemetryEnvelope('tele.slots', head, { stationId: head.src, slots });

export const slotPlace = (stationId: string, evseId: number): PackReading['location'] => ({
  kind: 'SLOT',
  id: slotIdOf(stationId, evseId),
});
