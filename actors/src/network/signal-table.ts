import type { Envelope, QualityFlag } from '@corridor/protocols/envelope';
import { bayIdOf, slotIdOf } from '@corridor/protocols/ids';
import type { BayTelemetry } from '@corridor/protocols/tele/bay';
import type { PackReading, PacksTelemetry } from '@corridor/protocols/tele/packs';
import type { SlotReading, SlotsTelemetry } from '@corridor/protocols/tele/slots';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';
import { COUNTER_RESET, flagMask, flagNames, INVALID, timeFlags } from './data-quality.ts';
import { refOf } from './entity-ref.ts';
import { eventTimeMs } from './event-time.ts';
import { fixFlags } from './plausible-fix.ts';
import { takePlausibleSoc } from './plausible-soc.ts';
import type { Reference, SignalReader } from './reference.ts';
import {
  BAY_TEXTS,
  PACK_NUMBERS,
  PACK_TEXTS,
  SIGNAL_KINDS,
  type SignalKind,
  SLOT_NUMBERS,
  SLOT_TEXTS,
  STATION_NUMBERS,
  STATION_TEXTS,
  TRUCK_NUMBERS,
  TRUCK_TEXTS,
} from './signal-columns.ts';
import { SignalRows, type StoredSignalRow, TextPool } from './signal-rows.ts';
import { type Crossable, SIDE_BITS, type SignalSink, SignalTeller, THRESHOLDS_MAX } from './signal-teller.ts';
import { SourceWatch } from './source-watch.ts';
import type { Threshold } from './threshold.ts';

const CELL_THRESHOLDS: readonly Threshold[] = [
  { at: 55, hysteresis: 2 },
  { at: 60, hysteresis: 2 },
];
const TRUCK_SOC_THRESHOLDS: readonly Threshold[] = [
  { at: 3, hysteresis: 1 },
  { at: 15, hysteresis: 1 },
  { at: 30, hysteresis: 1 },
];

const PACK_SOC: Crossable = { kind: 'pack', signal: 'socPercent', shift: SIDE_BITS.first };
const PACK_HEAT: Crossable = { kind: 'pack', signal: 'cellTmaxC', shift: SIDE_BITS.second };
const TRUCK_SOC: Crossable = { kind: 'truck', signal: 'socPercent', shift: SIDE_BITS.first };
const SLOT_STATE = { column: 0, kind: 'slot', signal: 'slotState' } as const;
const STATION_STATE = { column: 0, kind: 'station', signal: 'state' } as const;
const BAY_STATE = { column: 0, kind: 'bay', signal: 'bayState' } as const;
const VEHICLE_STATE = { column: 0, kind: 'truck', signal: 'vehicleState' } as const;

/** Data-quality flags by index of the reading in its message. */
export type FoundFlags = ReadonlyMap<number, readonly QualityFlag[]>;

interface Order {
  source: number;
  bootId: number;
  seq: number;
  atMs: number;
  flags: number;
}

/**
 * Numbers are not modes: telemetry only changes last values here, and an actor hears of it when a value crosses something,
 * a text changes, or a source falls silent. About a microsecond a reading, without allocation but for what is told.
 */
export class SignalTable implements SignalReader {
  readonly #reference: Reference;
  readonly #pool = new TextPool();
  readonly #packs = new SignalRows(PACK_NUMBERS, PACK_TEXTS, this.#pool);
  readonly #slots = new SignalRows(SLOT_NUMBERS, SLOT_TEXTS, this.#pool);
  readonly #stations = new SignalRows(STATION_NUMBERS, STATION_TEXTS, this.#pool);
  readonly #trucks = new SignalRows(TRUCK_NUMBERS, TRUCK_TEXTS, this.#pool);
  readonly #bays = new SignalRows([], BAY_TEXTS, this.#pool);
  readonly #teller = new SignalTeller(this.#pool);
  #issueThresholds: readonly Threshold[] = [];
  readonly #slotRows = new Map<string, Int32Array>();
  readonly #order: Order = { source: 0, bootId: 0, seq: 0, atMs: 0, flags: 0 };
  readonly sources: SourceWatch;
  /** What the message in hand deserves beside what was said of it; null as long as that is nothing. */
  #found: Map<number, readonly QualityFlag[]> | null = null;
  /** Readings about entities that are not registered: dropped and counted. */
  unknownReadings = 0;

  /** @param silenceMsMin no source is silent before this, in scope ms: a second of wall time is many at a high factor */
  constructor({ reference, silenceMsMin = () => 0 }: { reference: Reference; silenceMsMin?: () => number }) {
    this.#reference = reference;
    for (const { targetSocPercent } of reference.stations()) this.#noteTarget(targetSocPercent);
    this.sources = new SourceWatch(silenceMsMin);
  }

  /**
   * Takes a telemetry message into the table. What comes from the offline buffer is history, not state.
   * @param atMs scope time of taking it
   * @returns flags that its values deserve, by index of the reading; null when nothing is wrong with any
   */
  ingest(key: string, envelope: Envelope<unknown>, atMs: number, emit: SignalSink): FoundFlags | null {
    if (envelope.backfill) return null;
    this.#found = null;
    const order = this.#order;
    order.source = this.#pool.codeOf(envelope.src);
    order.bootId = envelope.bootId;
    order.seq = envelope.seq;
    order.atMs = eventTimeMs(envelope, atMs);
    order.flags =
      timeFlags({ sentMs: Date.parse(envelope.tsSend), happenedMs: order.atMs, atMs }) | (envelope.q.length > 0 ? flagMask(envelope.q) : 0);
    switch (key) {
      case 'station:tele:packs':
        for (const [index, reading] of (envelope.data as PacksTelemetry['data']).packs.entries()) this.#pack(reading, index, emit);
        break;
      case 'truck:tele:pack':
        this.#pack(envelope.data as PackReading, 0, emit);
        break;
      case 'station:tele:slots':
        this.#slotsOf(envelope.src, (envelope.data as SlotsTelemetry['data']).slots, emit);
        break;
      case 'station:tele:station':
        this.#station(envelope.src, envelope.data as StationTelemetry['data'], emit);
        break;
      case 'truck:tele:truck':
        this.#truck(envelope.src, envelope.data as TruckTelemetry['data'], emit);
        break;
      case 'station:tele:bay':
        this.#bay(envelope.src, envelope.data as BayTelemetry['data'], emit);
        break;
      default:
        break;
    }
    this.#hear(key, envelope.src, atMs, emit);
    return this.#found;
  }

  /** @returns the flags for the row: of the message, and found in the reading */
  #flagged(index: number, found: number): number {
    if (found !== 0) (this.#found ??= new Map()).set(index, flagNames(found));
    return this.#order.flags | found;
  }

  /** Tells the gateways of sources that fell silent. Call it about once a second of wall time. */
  sweep(atMs: number, emit: SignalSink): void {
    this.sources.sweep(atMs, (id) => emit(refOf('gateway', id), { type: 'signal.stale', atMs }));
  }

  /** A source whose credentials were withdrawn begins anew: its numbers say nothing any more, its values stay. */
  forgetSource(id: string): void {
    for (const kind of SIGNAL_KINDS) this.#rows(kind).forgetSource(this.#pool.codeOf(id));
  }

  number(kind: Exclude<SignalKind, 'bay'>, id: string, signal: string): number {
    return this.#rows(kind).number(id, signal);
  }

  text(kind: SignalKind, id: string, signal: string): string | null {
    return this.#rows(kind).text(id, signal);
  }

  reportedAtMs(kind: SignalKind, id: string): number {
    const rows = this.#rows(kind);
    const row = rows.find(id);
    return row < 0 ? Number.NaN : (rows.reportedAtMs[row] ?? Number.NaN);
  }

  /** Data-quality flags of the last report: what was said and what was found. The array is shared. */
  flags(kind: SignalKind, id: string): readonly QualityFlag[] {
    const rows = this.#rows(kind);
    const row = rows.find(id);
    return flagNames(row < 0 ? 0 : (rows.flags[row] ?? 0));
  }

  /** Every row, JSON-safe, to be stored now and then; what it misses comes with the next report. */
  *checkpoint(): Iterable<StoredSignalRow & { kind: SignalKind }> {
    for (const kind of SIGNAL_KINDS) for (const row of this.#rows(kind).stored()) yield { kind, ...row };
  }

  /** @param atMs scope time now: sources get their time to speak before they count as silent */
  restore(rows: Iterable<StoredSignalRow & { kind: SignalKind }>, atMs: number): void {
    for (const row of rows) {
      this.#rows(row.kind).restore(row);
      if (row.kind === 'station' || row.kind === 'truck') this.sources.expect(row.id, row.kind, atMs);
    }
  }

  #rows(kind: SignalKind): SignalRows<string, string> {
    switch (kind) {
      case 'pack':
        return this.#packs;
      case 'slot':
        return this.#slots;
      case 'station':
        return this.#stations;
      case 'truck':
        return this.#trucks;
      case 'bay':
        return this.#bays;
    }
  }

  #hear(key: string, src: string, atMs: number, emit: SignalSink): void {
    const isTruck = key.startsWith('truck:');
    const isKnown = isTruck ? this.#trucks.find(src) >= 0 : this.#stations.find(src) >= 0;
    if (!isKnown && (isTruck ? this.#reference.truck(src) : this.#reference.station(src)) === undefined) return;
    const isMoving = isTruck && this.#trucks.number(src, 'speedKmh') > 0;
    const isNews = this.sources.hear(src, isTruck ? 'truck' : 'station', isMoving, atMs);
    if (isNews) emit(refOf('gateway', src), { type: 'signal.fresh', atMs });
  }

  // ── packs ────────────────────────────────────────────────────────────────────────────────────────
  #pack(reading: PackReading, index: number, emit: SignalSink): void {
    const rows = this.#packs;
    let row = rows.find(reading.packId);
    if (row < 0) {
      if (this.#reference.pack(reading.packId) === undefined) {
        this.unknownReadings += 1;
        return;
      }
      row = rows.add(reading.packId);
    }
    const { source, bootId, seq, atMs } = this.#order;
    if (!rows.isNewer(row, source, bootId, seq)) return;
    if (rows.source[row] !== source && atMs < (rows.reportedAtMs[row] ?? 0)) return;
    const nominalWh = this.#reference.packType(reading.typeCode)?.nominalWh ?? 0;
    const found = takePlausibleSoc(rows, row, reading, atMs, nominalWh);
    const { numbers } = rows;
    const at = rows.at(row, 0);
    put(numbers, at + 1, reading.sohPercent);
    put(numbers, at + 2, reading.energyWh);
    put(numbers, at + 3, reading.voltageV);
    put(numbers, at + 4, reading.currentA);
    put(numbers, at + 5, reading.powerW);
    put(numbers, at + 6, reading.cellTmaxC);
    put(numbers, at + 7, reading.cellTminC);
    numbers[at + 8] = reading.cycles;
    rows.flags[row] = this.#flagged(index, found & ~INVALID) | found;
    rows.take(row, this.#order);
    this.#packTold(row, reading, emit);
  }

  #packTold(row: number, reading: PackReading, emit: SignalSink): void {
    const rows = this.#packs;
    const { numbers, texts } = rows;
    const { atMs } = this.#order;
    this.#teller.cross(rows, row, PACK_SOC, this.#issueThresholds, numbers[rows.at(row, 0)] ?? Number.NaN, atMs, emit);
    this.#teller.cross(rows, row, PACK_HEAT, CELL_THRESHOLDS, numbers[rows.at(row, 6)] ?? Number.NaN, atMs, emit);
    const at = rows.textAt(row, 0);
    const [kind, id] = [this.#pool.codeOf(reading.location.kind), this.#pool.codeOf(reading.location.id)];
    const faults = reading.faultCodes.length === 0 ? 0 : this.#pool.codeOf(reading.faultCodes.join(','));
    const isAnnounced = this.#teller.isAnnounced(rows, row);
    const isElsewhere = texts[at] !== kind || texts[at + 1] !== id;
    const isOtherwiseFaulty = texts[at + 2] !== faults || (!isAnnounced && faults !== 0);
    texts[at] = kind;
    texts[at + 1] = id;
    texts[at + 2] = faults;
    this.#teller.announce(rows, row);
    const to = refOf('pack', reading.packId);
    if (isElsewhere || !isAnnounced) {
      const value = `${reading.location.kind}:${reading.location.id}`;
      emit(to, { type: 'signal.changed', atMs, signal: 'place', value });
    }
    if (isOtherwiseFaulty) emit(to, { type: 'signal.changed', atMs, signal: 'faultCodes', value: this.#pool.textOf(faults) });
  }

  /** SOC at which some station may issue a pack: crossing one makes the pack look again whether it is fit for its own. */
  #noteTarget(at: number): void {
    const known = this.#issueThresholds;
    if (known.length === THRESHOLDS_MAX || known.some((threshold) => threshold.at === at)) return;
    this.#issueThresholds = [...known, { at, hysteresis: 1 }].sort((one, other) => one.at - other.at);
  }

  // ── slots ────────────────────────────────────────────────────────────────────────────────────────
  #slotsOf(stationId: string, readings: readonly SlotReading[], emit: SignalSink): void {
    const rowOf = this.#slotRowsOf(stationId);
    if (rowOf === null) {
      this.unknownReadings += readings.length;
      return;
    }
    const rows = this.#slots;
    const { source, bootId, seq } = this.#order;
    for (const [index, reading] of readings.entries()) {
      const row = rowOf[reading.evseId] ?? -1;
      if (row < 0) {
        this.unknownReadings += 1;
        continue;
      }
      if (!rows.isNewer(row, source, bootId, seq)) continue;
      const { numbers, texts } = rows;
      const at = rows.at(row, 0);
      const isReset = reading.meterWh < (numbers[at + 4] ?? 0);
      numbers[at] = reading.powerW;
      numbers[at + 1] = reading.setpointW;
      put(numbers, at + 2, reading.voltageV);
      put(numbers, at + 3, reading.currentA);
      numbers[at + 4] = reading.meterWh;
      put(numbers, at + 5, reading.plugTempC);
      rows.flags[row] = this.#flagged(index, isReset ? COUNTER_RESET : 0);
      rows.take(row, this.#order);
      const textAt = rows.textAt(row, 0);
      this.#teller.change(rows, row, SLOT_STATE, reading.slotState, this.#order.atMs, emit);
      texts[textAt + 1] = this.#pool.codeOf(reading.chargingState);
      texts[textAt + 2] = this.#pool.codeOf(reading.packId);
    }
  }

  #slotRowsOf(stationId: string): Int32Array | null {
    const known = this.#slotRows.get(stationId);
    if (known) return known;
    const definition = this.#reference.station(stationId);
    if (definition === undefined) return null;
    const rowOf = new Int32Array(definition.slots + 1).fill(-1);
    for (let evseId = 1; evseId <= definition.slots; evseId += 1) rowOf[evseId] = this.#slots.add(slotIdOf(stationId, evseId));
    this.#slotRows.set(stationId, rowOf);
    this.#noteTarget(definition.targetSocPercent);
    return rowOf;
  }

  // ── stations, bays, trucks ───────────────────────────────────────────────────────────────────────
  #station(id: string, data: StationTelemetry['data'], emit: SignalSink): void {
    const rows = this.#stations;
    const row = this.#rowFor(rows, id, this.#reference.station(id) !== undefined);
    if (row < 0) return;
    const at = rows.at(row, 0);
    const { numbers } = rows;
    numbers[at] = data.readyPacks;
    numbers[at + 1] = data.chargingPacks;
    numbers[at + 2] = data.emptySlots;
    numbers[at + 3] = data.queueLength;
    numbers[at + 4] = data.estWaitMs;
    numbers[at + 5] = data.gridPowerW;
    numbers[at + 6] = data.gridLimitW;
    numbers[at + 7] = data.pvPowerW;
    put(numbers, at + 8, data.ambientC);
    put(numbers, at + 9, data.windMps);
    rows.flags[row] = this.#order.flags;
    rows.take(row, this.#order);
    this.#teller.change(rows, row, STATION_STATE, data.state, this.#order.atMs, emit);
  }

  #bay(stationId: string, data: BayTelemetry['data'], emit: SignalSink): void {
    const definition = this.#reference.station(stationId);
    const bays = Array.from({ length: definition?.bays ?? 0 }, (_, index): string => bayIdOf(stationId, index + 1));
    const row = this.#rowFor(this.#bays, data.bayId, bays.includes(data.bayId));
    if (row < 0) return;
    const rows = this.#bays;
    rows.flags[row] = this.#order.flags;
    rows.take(row, this.#order);
    this.#teller.change(rows, row, BAY_STATE, data.bayState, this.#order.atMs, emit);
    rows.texts[rows.textAt(row, 1)] = this.#pool.codeOf(data.truckId);
    rows.texts[rows.textAt(row, 2)] = this.#pool.codeOf(data.step);
  }

  #truck(id: string, data: TruckTelemetry['data'], emit: SignalSink): void {
    const rows = this.#trucks;
    const row = this.#rowFor(rows, id, this.#reference.truck(id) !== undefined);
    if (row < 0) return;
    const at = rows.at(row, 0);
    const { numbers, texts } = rows;
    const isIncomplete = data.lat === null || data.lon === null || data.socPercent === null;
    let found = 0;
    if (data.lat !== null && data.lon !== null) {
      found |= fixFlags(rows, row, { lat: data.lat, lon: data.lon, atMs: this.#order.atMs, odometerM: data.odometerM ?? Number.NaN });
    }
    if ((data.odometerM ?? Number.POSITIVE_INFINITY) < (numbers[at + 6] ?? 0)) found |= COUNTER_RESET;
    put(numbers, at, data.lat);
    put(numbers, at + 1, data.lon);
    put(numbers, at + 2, data.altM);
    put(numbers, at + 3, data.chainageM);
    put(numbers, at + 4, data.speedKmh);
    put(numbers, at + 5, data.headingDeg);
    put(numbers, at + 6, data.odometerM);
    put(numbers, at + 7, data.grossMassKg);
    put(numbers, at + 8, data.socPercent);
    put(numbers, at + 9, data.motorPowerW);
    rows.flags[row] = this.#flagged(0, found) | (isIncomplete ? INVALID : 0);
    rows.take(row, this.#order);
    this.#teller.change(rows, row, VEHICLE_STATE, data.vehicleState, this.#order.atMs, emit);
    const textAt = rows.textAt(row, 0);
    texts[textAt + 1] = this.#pool.codeOf(data.direction);
    texts[textAt + 2] = this.#pool.codeOf(data.packId);
    texts[textAt + 3] = this.#pool.codeOf(data.destinationStationId);
    this.#teller.cross(rows, row, TRUCK_SOC, TRUCK_SOC_THRESHOLDS, numbers[at + 8] ?? Number.NaN, this.#order.atMs, emit);
  }

  // ── telling ──────────────────────────────────────────────────────────────────────────────────────
  /** Row of an entity that may report, -1 when it is unknown or the message is not newer. */
  #rowFor(rows: SignalRows<string, string>, id: string, isKnown: boolean): number {
    const found = rows.find(id);
    if (found < 0 && !isKnown) {
      this.unknownReadings += 1;
      return -1;
    }
    const row = found < 0 ? rows.add(id) : found;
    const { source, bootId, seq } = this.#order;
    return rows.isNewer(row, source, bootId, seq) ? row : -1;
  }
}

/** Unknown stays what it was last known to be; the reading is flagged INVALID. */
function put(numbers: Float64Array, at: number, value: number | null): void {
  if (value !== null) numbers[at] = value;
}
