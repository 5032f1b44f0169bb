import type { Envelope } from '@corridor/protocols/envelope';
import { pvMeterIdOf } from '@corridor/protocols/ids';
import type { SourceKind } from '@corridor/protocols/subject';
import type { BayTelemetry } from '@corridor/protocols/tele/bay';
import type { MeterReading, MeterTelemetry, PvTelemetry } from '@corridor/protocols/tele/meter';
import type { PackReading, PacksTelemetry, TruckPackTelemetry } from '@corridor/protocols/tele/packs';
import type { SlotsTelemetry } from '@corridor/protocols/tele/slots';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';
import { CopyEncoder } from './copy-encoder.ts';
import { TELEMETRY_TABLE_NAMES, TELEMETRY_TABLES, type TelemetryTable } from './telemetry-table.ts';

/** A telemetry message, decoded, and what the twin found out about it. */
export type TelemetryMessage = {
  source: SourceKind;
  kind: string;
  envelope: Envelope<unknown>;
  /** When it happened, scope time, corrected for the clock of its source. */
  eventAtMs: number;
  /** Wall time. */
  ingestAtMs: number;
  /** Quality flags of the whole message: those it came with and those the twin adds. */
  q: readonly string[];
  /** More flags of single readings of an array message, by index. */
  readingFlags?: ReadonlyMap<number, readonly string[]>;
};

const TABLE_OF_KIND: Readonly<Record<string, TelemetryTable>> = {
  'station:packs': 'telemetry_pack',
  'station:slots': 'telemetry_slot',
  'station:station': 'telemetry_station',
  'station:bay': 'telemetry_bay',
  'station:meter': 'telemetry_meter',
  'station:pv': 'telemetry_meter',
  'truck:truck': 'telemetry_truck',
  'truck:pack': 'telemetry_pack',
};

/** Readings of a message: each is one row. */
export function readingsOf({ source, kind, envelope }: TelemetryMessage): number {
  switch (`${source}:${kind}`) {
    case 'station:packs':
      return (envelope.data as PacksTelemetry['data']).packs.length;
    case 'station:slots':
      return (envelope.data as SlotsTelemetry['data']).slots.length;
    case 'station:meter':
      return (envelope.data as MeterTelemetry['data']).meters.length;
    default:
      return 1;
  }
}

/** All, or the one that is asked for, with its index. */
function wanted<Reading>(readings: readonly Reading[], only: number | null): Iterable<[number, Reading]> {
  if (only === null) return readings.entries();
  const reading = readings[only];
  return reading === undefined ? [] : [[only, reading]];
}

const LOCK_LETTER = { LOCKED: 'L', UNLOCKED: 'U', UNKNOWN: '?' } as const;

/** Readings on their way into the time series: one reading, one row, encoded as they come. */
export class TelemetryBatch {
  readonly #platformId: string;
  readonly #encoders: Readonly<Record<TelemetryTable, CopyEncoder>>;

  constructor(platformId: string) {
    this.#platformId = platformId;
    this.#encoders = {
      telemetry_pack: new CopyEncoder(),
      telemetry_slot: new CopyEncoder(),
      telemetry_station: new CopyEncoder(),
      telemetry_truck: new CopyEncoder(),
      telemetry_meter: new CopyEncoder(),
      telemetry_bay: new CopyEncoder(),
    };
  }

  get rows(): number {
    return TELEMETRY_TABLE_NAMES.reduce((sum, table) => sum + this.#encoders[table].rows, 0);
  }

  rowsOf(table: TelemetryTable): number {
    return this.#encoders[table].rows;
  }

  /** The rows of a table in COPY's binary format. */
  copyOf(table: TelemetryTable): Buffer {
    return this.#encoders[table].finish();
  }

  clear(): void {
    for (const table of TELEMETRY_TABLE_NAMES) this.#encoders[table].clear();
  }

  /**
   * All of its readings or none.
   * @param only index of the one reading that is wanted
   * @returns readings added; 0 for a kind that is no telemetry
   * @throws ValueOutOfRangeError
   */
  add(message: TelemetryMessage, only: number | null = null): number {
    const table = TABLE_OF_KIND[`${message.source}:${message.kind}`];
    if (table === undefined) return 0;
    const encoder = this.#encoders[table];
    encoder.mark();
    try {
      return this.#encode(message, only);
    } catch (cause) {
      encoder.undo();
      throw cause;
    }
  }

  #encode(message: TelemetryMessage, only: number | null): number {
    const { data } = message.envelope;
    switch (`${message.source}:${message.kind}`) {
      case 'station:packs':
        return this.#packs(message, data as PacksTelemetry['data'], only);
      case 'station:slots':
        return this.#slots(message, data as SlotsTelemetry['data'], only);
      case 'station:station':
        return this.#station(message, data as StationTelemetry['data']);
      case 'station:bay':
        return this.#bay(message, data as BayTelemetry['data']);
      case 'station:meter':
        return this.#meters(message, data as MeterTelemetry['data'], only);
      case 'station:pv':
        return this.#pv(message, data as PvTelemetry['data']);
      case 'truck:truck':
        return this.#truck(message, data as TruckTelemetry['data']);
      case 'truck:pack':
        return this.#pack(message, data as TruckPackTelemetry['data'], 0);
      default:
        return 0;
    }
  }

  #begin(table: TelemetryTable): CopyEncoder {
    const encoder = this.#encoders[table];
    encoder.row(TELEMETRY_TABLES[table].length);
    encoder.text(this.#platformId);
    return encoder;
  }

  #tail(row: CopyEncoder, message: TelemetryMessage, index: number): void {
    const { envelope } = message;
    row.timestamptz(message.eventAtMs);
    row.timestamptz(message.ingestAtMs);
    row.int4(envelope.bootId);
    row.int8(envelope.seq);
    row.bool(envelope.backfill);
    const more = message.readingFlags?.get(index);
    row.textArray(more === undefined ? message.q : [...message.q, ...more]);
  }

  #packs(message: TelemetryMessage, { packs }: PacksTelemetry['data'], only: number | null): number {
    for (const [index, pack] of wanted(packs, only)) this.#pack(message, pack, index);
    return only === null ? packs.length : 1;
  }

  #pack(message: TelemetryMessage, pack: PackReading, index: number): number {
    const row = this.#begin('telemetry_pack');
    row.text(pack.packId);
    row.text(message.envelope.src);
    row.text(pack.typeCode);
    row.text(pack.location.kind);
    row.text(pack.location.id);
    row.float4(pack.socPercent);
    row.float4(pack.sohPercent);
    row.int4(pack.energyWh);
    row.float4(pack.voltageV);
    row.float4(pack.currentA);
    row.float4(pack.powerW);
    row.float4(pack.cellVmaxV);
    row.float4(pack.cellVminV);
    row.float4(pack.cellTmaxC);
    row.float4(pack.cellTminC);
    row.float4(pack.insulationOhm);
    row.bool(pack.contactor === 'CLOSED');
    row.float4(pack.cycles);
    row.int8(pack.throughputWh);
    row.textArray(pack.faultCodes);
    this.#tail(row, message, index);
    return 1;
  }

  #slots(message: TelemetryMessage, { stationId, slots }: SlotsTelemetry['data'], only: number | null): number {
    for (const [index, slot] of wanted(slots, only)) {
      const row = this.#begin('telemetry_slot');
      row.text(stationId);
      row.int4(slot.evseId);
      row.text(slot.slotState);
      row.text(slot.packId);
      row.text(slot.chargingState);
      row.float4(slot.setpointW);
      row.float4(slot.powerW);
      row.float4(slot.voltageV);
      row.float4(slot.currentA);
      row.int8(slot.meterWh);
      row.float4(slot.plugTempC);
      row.bool(slot.smoke);
      row.bool(slot.doorOpen);
      this.#tail(row, message, index);
    }
    return only === null ? slots.length : 1;
  }

  #station(message: TelemetryMessage, data: StationTelemetry['data']): number {
    const row = this.#begin('telemetry_station');
    row.text(data.stationId);
    row.text(data.state);
    row.int4(data.readyPacks);
    row.int4(data.chargingPacks);
    row.int4(data.emptySlots);
    row.int4(data.queueLength);
    row.int8(data.estWaitMs);
    row.float4(data.gridPowerW);
    row.float4(data.gridLimitW);
    row.float4(data.pvPowerW);
    row.float4(data.auxPowerW);
    row.text(data.activeTariffPeriod);
    row.float4(data.ambientC);
    row.float4(data.windMps);
    row.float4(data.commsRttMs);
    this.#tail(row, message, 0);
    return 1;
  }

  #truck(message: TelemetryMessage, data: TruckTelemetry['data']): number {
    const row = this.#begin('telemetry_truck');
    row.text(data.truckId);
    row.float8(data.lat);
    row.float8(data.lon);
    row.float4(data.altM);
    row.float8(data.chainageM);
    row.text(data.direction);
    row.float4(data.speedKmh);
    row.float4(data.headingDeg);
    row.float8(data.odometerM);
    row.text(data.vehicleState);
    row.float4(data.grossMassKg);
    row.text(data.packId);
    row.float4(data.socPercent);
    row.text(data.socSource);
    row.float4(data.packVoltageV);
    row.float4(data.packCurrentA);
    row.float4(data.motorPowerW);
    row.float4(data.auxPowerW);
    row.float4(data.ambientC);
    row.int8(data.alarmBits);
    row.int2(data.alarmLevel);
    row.text(data.destinationStationId);
    row.text(data.tripId);
    this.#tail(row, message, 0);
    return 1;
  }

  #meters(message: TelemetryMessage, { stationId, meters }: MeterTelemetry['data'], only: number | null): number {
    for (const [index, meter] of wanted(meters, only)) this.#meter(message, stationId, meter, index);
    return only === null ? meters.length : 1;
  }

  /** PV is a meter that feeds in. */
  #pv(message: TelemetryMessage, { stationId, powerW, energyWh }: PvTelemetry['data']): number {
    return this.#meter(
      message,
      stationId,
      { meterId: pvMeterIdOf(stationId), kind: 'PV', importWh: 0, exportWh: energyWh, powerW: -powerW },
      0,
    );
  }

  #meter(message: TelemetryMessage, stationId: string, meter: MeterReading, index: number): number {
    const row = this.#begin('telemetry_meter');
    row.text(stationId);
    row.text(meter.meterId);
    row.text(meter.kind);
    row.int8(meter.importWh);
    row.int8(meter.exportWh);
    row.float4(meter.powerW);
    this.#tail(row, message, index);
    return 1;
  }

  #bay(message: TelemetryMessage, data: BayTelemetry['data']): number {
    const row = this.#begin('telemetry_bay');
    row.text(data.stationId);
    row.text(data.bayId);
    row.text(data.bayState);
    row.text(data.truckId);
    row.text(data.step);
    row.float4(data.craneXM);
    row.float4(data.craneYM);
    row.float4(data.craneZM);
    row.float4(data.loadKg);
    const { l1, l2, l3, l4 } = data.lockSensors;
    row.text(LOCK_LETTER[l1] + LOCK_LETTER[l2] + LOCK_LETTER[l3] + LOCK_LETTER[l4]);
    row.bool(data.hvOff);
    row.bool(data.wheelChock);
    row.bool(data.personDetected);
    this.#tail(row, message, 0);
    return 1;
  }
}
