import { refOf } from '@corridor/actors/network/entity-ref';
import type { FoundFlags, SignalTable } from '@corridor/actors/network/signal-table';
import type { Decoded } from '@corridor/protocols/decode';
import { pvMeterIdOf, slotIdOf } from '@corridor/protocols/ids';
import type { BayTelemetry } from '@corridor/protocols/tele/bay';
import type { MeterTelemetry, PvTelemetry } from '@corridor/protocols/tele/meter';
import type { PackReading, PacksTelemetry } from '@corridor/protocols/tele/packs';
import type { SlotsTelemetry } from '@corridor/protocols/tele/slots';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';
import type { Touched } from '../projection/facts.ts';
import type { LatestReports } from '../projection/latest-reports.ts';
import type { LiveScene } from '../projection/live-scene.ts';
import type { ScopeClock } from '../writer/scope-clock.ts';
import type { Writer } from '../writer/writer.ts';
import { ForeignSightings, foreignOf, type WithForeign } from './foreign-readings.ts';
import type { PackHolders } from './pack-holders.ts';
import type { TimedTelemetry } from './telemetry-intake.ts';

export interface ReportsOptions {
  reports: LatestReports;
  signals: SignalTable;
  scene: Pick<LiveScene, 'touch'>;
  writer: Pick<Writer, 'signal'>;
  clock: Pick<ScopeClock, 'nowMs'>;
  holders: PackHolders;
  /** Readings of packs that somebody else holds. @param source `truck:T001` */
  onForeign: (source: string, readings: number) => void;
}

/** Telemetry on its way to the state: signals for the actors, last reports for the scene. */
export class Reports {
  readonly #options: ReportsOptions;
  readonly #sightings = new ForeignSightings();

  constructor(options: ReportsOptions) {
    this.#options = options;
  }

  /** @returns flags of single readings, for history */
  take(message: TimedTelemetry): ReadonlyMap<number, readonly string[]> | undefined {
    const foreign = foreignOf(this.#options.holders, message);
    if (foreign === null) return this.#takeOwn(message) ?? undefined;
    const found = foreign.own === null ? null : this.#takeOwn({ ...message, decoded: foreign.own });
    this.#tellForeign(message.decoded, foreign);
    return found === null ? foreign.flags : bothFlags(found, foreign.flags);
  }

  #takeOwn({ decoded, eventAtMs, q }: TimedTelemetry): FoundFlags | null {
    const { signals, writer, clock } = this.#options;
    const { key, envelope } = decoded;
    const atMs = clock.nowMs();
    const found = signals.ingest(key, envelope, atMs, (to, event) => writer.signal({ kind: 'signal', atMs, to, event }));
    if (!envelope.backfill) this.#remember(decoded, eventAtMs, q, found);
    return found;
  }

  #tellForeign({ subject }: TimedTelemetry['decoded'], { foreign }: WithForeign): void {
    const { writer, clock, onForeign } = this.#options;
    const atMs = clock.nowMs();
    onForeign(`${subject.source}:${subject.id}`, foreign.length);
    for (const reading of foreign) {
      const value = this.#sightings.of(subject, reading, atMs);
      if (value === null) continue;
      const event = { type: 'signal.changed', atMs, signal: 'place', value } as const;
      writer.signal({ kind: 'signal', atMs, to: refOf('pack', reading.packId), event });
    }
  }

  /** The rows are committed: the scene may show them. */
  written(messages: readonly Extract<Decoded, { ok: true }>[]): void {
    this.#options.scene.touch((touched) => {
      for (const message of messages) if (!message.envelope.backfill) touch(message, touched);
    });
  }

  #remember(
    { key, subject, envelope }: Extract<Decoded, { ok: true }>,
    atMs: number,
    said: readonly string[],
    found: FoundFlags | null,
  ): void {
    const { reports } = this.#options;
    const plain = { bootId: envelope.bootId, seq: envelope.seq, q: said };
    const headOf = (index: number) => {
      const more = found?.get(index);
      return more === undefined ? plain : { ...plain, q: [...said, ...more] };
    };
    const head = headOf(0);
    reports.lastSeenMs.set(`${subject.source}:${subject.id}`, atMs);
    switch (key) {
      case 'truck:tele:truck':
        reports.put(reports.truck, subject.id, head, atMs, envelope.data as TruckTelemetry['data']);
        return;
      case 'truck:tele:pack': {
        const reading = envelope.data as PackReading;
        reports.put(reports.pack, reading.packId, head, atMs, reading);
        return;
      }
      case 'station:tele:packs':
        for (const [index, reading] of (envelope.data as PacksTelemetry['data']).packs.entries())
          reports.put(reports.pack, reading.packId, headOf(index), atMs, reading);
        return;
      case 'station:tele:slots':
        for (const [index, reading] of (envelope.data as SlotsTelemetry['data']).slots.entries()) {
          reports.put(reports.slot, slotIdOf(subject.id, reading.evseId), headOf(index), atMs, reading);
        }
        return;
      case 'station:tele:station':
        reports.put(reports.station, subject.id, head, atMs, envelope.data as StationTelemetry['data']);
        return;
      case 'station:tele:bay': {
        const data = envelope.data as BayTelemetry['data'];
        reports.put(reports.bay, data.bayId, head, atMs, data);
        return;
      }
      case 'station:tele:meter': {
        const { stationId, meters } = envelope.data as MeterTelemetry['data'];
        for (const reading of meters) {
          reports.put(reports.meter, reading.meterId, head, atMs, { ...reading, stationId });
          if (reading.meterId === pvMeterIdOf(stationId))
            reports.put(reports.pv, stationId, head, atMs, { stationId, powerW: 0 - reading.powerW, energyWh: reading.exportWh });
        }
        return;
      }
      case 'station:tele:pv':
        reports.put(reports.pv, subject.id, head, atMs, envelope.data as PvTelemetry['data']);
        return;
      default:
        return;
    }
  }
}

/** @param found by index among those that are not foreign   @returns by index in the message as it came */
function bothFlags(found: FoundFlags, foreign: FoundFlags): FoundFlags {
  const flags = new Map(foreign);
  const foreignBefore = [...foreign.keys()].sort((one, other) => one - other);
  for (const [own, more] of found)
    flags.set(
      foreignBefore.reduce((index, each) => (each <= index ? index + 1 : index), own),
      more,
    );
  return flags;
}

function touch({ key, subject, envelope }: Extract<Decoded, { ok: true }>, touched: Touched): void {
  switch (key) {
    case 'truck:tele:truck':
      touched.trucks.add(subject.id);
      return;
    case 'truck:tele:pack':
      touched.packs.add((envelope.data as PackReading).packId);
      return;
    case 'station:tele:packs':
      for (const { packId } of (envelope.data as PacksTelemetry['data']).packs) touched.packs.add(packId);
      return;
    case 'station:tele:slots':
      for (const { evseId } of (envelope.data as SlotsTelemetry['data']).slots) touched.slots.add(slotIdOf(subject.id, evseId));
      return;
    case 'station:tele:station':
    case 'station:tele:bay':
    case 'station:tele:meter':
    case 'station:tele:pv':
      touched.stations.add(subject.id);
      return;
    default:
      return;
  }
}
