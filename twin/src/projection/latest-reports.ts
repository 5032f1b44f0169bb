import type { BayTelemetry } from '@corridor/protocols/tele/bay';
import type { MeterReading, PvTelemetry } from '@corridor/protocols/tele/meter';
import type { PackReading } from '@corridor/protocols/tele/packs';
import type { SlotReading } from '@corridor/protocols/tele/slots';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';

/** What orders the reports of a source. */
export interface ReportHead {
  readonly bootId: number;
  readonly seq: number;
  readonly q: readonly string[];
}

/** Newest report about one thing: what it says, when that was, and the flags it came with. */
export interface Report<Data> {
  readonly atMs: number;
  readonly bootId: number;
  readonly seq: number;
  readonly q: readonly string[];
  readonly data: Data;
}
export type TruckReport = Report<TruckTelemetry['data']>;
export type PackReport = Report<PackReading>;
export type SlotReport = Report<SlotReading>;
export type StationReport = Report<StationTelemetry['data']>;
export type BayReport = Report<BayTelemetry['data']>;
/** A meter is known by its id alone; its report says where it stands. */
export type MeterReport = Report<MeterReading & { stationId: string }>;
export type PvReport = Report<PvTelemetry['data']>;

/**
 * Last report of everything, for the scene: state takes only what is newer in the order of its source. Two sources may
 * speak of one pack (the truck that carries it, the station that takes it): then the later time wins.
 */
export class LatestReports {
  readonly truck = new Map<string, TruckReport>();
  readonly pack = new Map<string, PackReport>();
  readonly slot = new Map<string, SlotReport>();
  readonly station = new Map<string, StationReport>();
  readonly bay = new Map<string, BayReport>();
  /** As heard since the start. */
  readonly meter = new Map<string, MeterReport>();
  readonly pv = new Map<string, PvReport>();
  /** Source -> when something live of it was last seen, scope ms. */
  readonly lastSeenMs = new Map<string, number>();

  /** @returns false when something newer is known already */
  put<Data>(reports: Map<string, Report<Data>>, id: string, head: ReportHead, atMs: number, data: Data): boolean {
    const known = reports.get(id);
    if (known && isNewer(known, head, atMs)) return false;
    reports.set(id, { atMs, bootId: head.bootId, seq: head.seq, q: head.q, data });
    return true;
  }

  /** PV power of a site [W]: its station's report and its PV meter tell it, each with a period of its own; what was told last. */
  pvPowerW(stationId: string): number | null {
    const [told, metered] = [this.station.get(stationId), this.pv.get(stationId)];
    if (told === undefined || metered === undefined) return metered?.data.powerW ?? told?.data.pvPowerW ?? null;
    return metered.atMs > told.atMs ? metered.data.powerW : told.data.pvPowerW;
  }
}

function isNewer(known: Report<unknown>, head: ReportHead, atMs: number): boolean {
  if (known.bootId === head.bootId) return known.seq >= head.seq && known.atMs >= atMs;
  return known.atMs > atMs;
}
