import { type EquipmentKind, type EquipmentRow, type Presence, type SohEstimateView } from '@corridor/protocols/http/equipment';
import { slotIdOf } from '@corridor/protocols/ids';
import type { MeterReading } from '@corridor/protocols/tele/meter';
import { connectivityOf } from '../projection/connectivity.ts';
import type { Report } from '../projection/latest-reports.ts';
import type { LiveFacts } from '../projection/live-facts.ts';
import type { LiveScene } from '../projection/live-scene.ts';
import type { Rights } from '../projection/rights.ts';

/** Idle equipment is told of every minute: what is silent for longer while its source is heard has stopped telling. */
const STALE_MS = 180_000;

export interface EquipmentOptions {
  readonly scene: LiveScene;
  readonly rights: Rights;
  readonly estimateOf: (packId: string) => SohEstimateView | null;
}

/** Key equipment that the caller may see, each with its last report: what the views of the scene show of it, and nothing they mask. */
export function equipmentRows(kind: EquipmentKind, options: EquipmentOptions): EquipmentRow[] {
  return ROWS[kind](options);
}

const ROWS: Readonly<Record<EquipmentKind, (options: EquipmentOptions) => EquipmentRow[]>> = {
  pack: packRows,
  slot: slotRows,
  meter: meterRows,
  truck: truckRows,
};

function packRows(options: EquipmentOptions): EquipmentRow[] {
  const { scene, rights } = options;
  const { live } = scene;
  return scene.packsFor(rights).map((view) => {
    const report = live.reports.pack.get(view.id);
    return {
      kind: 'pack',
      id: view.id,
      ownerId: view.ownerId,
      place: view.location,
      state: view.state,
      presence: presenceOf(report, sourceOfPlace(view.location), live),
      tempC: view.tempMaxC,
      voltageV: view.voltageV,
      currentA: view.currentA,
      powerW: view.powerW,
      energyWh: view.energyWh,
      socPercent: view.socPercent,
      sohPercent: view.sohPercent,
      sohEstimate: estimateFor(view.id, options),
      reportedAt: view.updatedAt,
      q: view.q,
    };
  });
}

/** From the cab one does not see what a pack is worth, and an owner not what was found while it was another's. */
function estimateFor(packId: string, { scene, rights, estimateOf }: EquipmentOptions): SohEstimateView | null {
  if (rights.kind === 'CARRIER' || rights.kind === 'DRIVER') return null;
  const estimate = estimateOf(packId);
  if (estimate === null || rights.kind !== 'BATTERY_OWNER') return estimate;
  return scene.live.owners.ownerAt('PACK', packId, Date.parse(estimate.estimatedAt)) === rights.principalId ? estimate : null;
}

function slotRows({ scene, rights }: EquipmentOptions): EquipmentRow[] {
  const { live } = scene;
  return scene.slotsFor(rights).map((view) => {
    const report = live.reports.slot.get(slotIdOf(view.stationId, view.evseId));
    return {
      kind: 'slot',
      id: view.id,
      ownerId: live.reference.station(view.stationId)?.operatorId ?? null,
      place: { kind: 'STATION', id: view.stationId },
      state: view.state,
      presence: presenceOf(report, view.stationId, live),
      tempC: report?.data.plugTempC ?? null,
      voltageV: report?.data.voltageV ?? null,
      currentA: report?.data.currentA ?? null,
      powerW: view.powerW,
      energyWh: report?.data.meterWh ?? null,
      socPercent: view.socPercent,
      sohPercent: null,
      sohEstimate: null,
      ...told(report),
    };
  });
}

/** Of the caller's own stations, because a meter has no view in the scene. */
function meterRows({ scene, rights }: EquipmentOptions): EquipmentRow[] {
  const { live } = scene;
  const rows: EquipmentRow[] = [];
  for (const [meterId, report] of live.reports.meter) {
    const { stationId } = report.data;
    const operatorId = live.reference.station(stationId)?.operatorId ?? null;
    if (rights.kind !== 'ALL' && !(rights.kind === 'STATION_OPERATOR' && rights.principalId === operatorId)) continue;
    rows.push({
      kind: 'meter',
      id: meterId,
      ownerId: operatorId,
      place: { kind: 'STATION', id: stationId },
      state: report.data.kind,
      presence: presenceOf(report, stationId, live),
      tempC: null,
      voltageV: null,
      currentA: null,
      powerW: report.data.powerW,
      energyWh: registerOf(report.data),
      socPercent: null,
      sohPercent: null,
      sohEstimate: null,
      ...told(report),
    });
  }
  return rows;
}

/** What the sun gave is told as fed in, all else as drawn. */
const registerOf = ({ kind, importWh, exportWh }: MeterReading): number => (kind === 'PV' ? exportWh : importWh);

function truckRows({ scene, rights }: EquipmentOptions): EquipmentRow[] {
  const { live } = scene;
  return scene.trucksFor(rights).map((view) => {
    // Who sees the truck only because it comes, or carries a pack, is not shown its values.
    const isWhole = view.carrierId !== null;
    const report = live.reports.truck.get(view.id);
    return {
      kind: 'truck',
      id: view.id,
      ownerId: view.carrierId,
      place: isWhole && view.packId !== null ? { kind: 'TRUCK', id: view.id } : null,
      state: view.state,
      presence: isWhole ? presenceOf(report, view.id, live) : view.reportedAt === null ? 'NEVER_SEEN' : 'ONLINE',
      tempC: isWhole ? (report?.data.ambientC ?? null) : null,
      voltageV: isWhole ? (report?.data.packVoltageV ?? null) : null,
      currentA: isWhole ? (report?.data.packCurrentA ?? null) : null,
      powerW: view.motorPowerW,
      energyWh: null,
      socPercent: view.socPercent,
      sohPercent: null,
      sohEstimate: null,
      reportedAt: view.reportedAt,
      q: view.q,
    };
  });
}

const told = (report: Report<unknown> | undefined): Pick<EquipmentRow, 'reportedAt' | 'q'> => ({
  reportedAt: report === undefined ? null : new Date(report.atMs).toISOString(),
  q: [...(report?.q ?? [])],
});

/** Station or truck whose gateway speaks of a pack that is there; null: nobody does. */
function sourceOfPlace({ kind, id }: { kind: string; id: string }): string | null {
  if (kind === 'TRUCK') return id;
  return kind === 'SLOT' || kind === 'TRANSFER' ? id.slice(0, id.lastIndexOf('-')) : null;
}

function presenceOf(report: Report<unknown> | undefined, sourceId: string | null, live: LiveFacts): Presence {
  if (report === undefined) return 'NEVER_SEEN';
  const connectivity = sourceId === null ? 'ONLINE' : connectivityOf(live.stateOf('gateway', sourceId));
  if (connectivity === 'OFFLINE') return 'OFFLINE';
  return live.nowMs() - report.atMs > STALE_MS ? 'STALE' : 'ONLINE';
}
