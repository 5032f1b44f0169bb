import { violated } from '@corridor/protocols/assert';
import type { EquipmentKind, EquipmentRow, SohEstimateView } from '@corridor/protocols/http/equipment';
import type { PackDefinition } from '@corridor/protocols/network-file';
import type { MeterReading } from '@corridor/protocols/tele/meter';
import type { Report } from '../projection/latest-reports.ts';
import type { LiveScene } from '../projection/live-scene.ts';
import { maskPack, packView, placeOfPack, sightOfPack } from '../projection/pack-view.ts';
import type { Rights } from '../projection/rights.ts';
import { maySeeSlot } from '../projection/slot-view.ts';
import { PackRow } from './pack-row.ts';
import { presenceOf, sourceOfPlace } from './presence.ts';
import { SlotRow } from './slot-row.ts';

export interface EquipmentOptions {
  readonly scene: LiveScene;
  readonly rights: Rights;
  readonly estimateOf: (packId: string) => SohEstimateView | null;
}

/**
 * Key equipment that the caller may see, each with its last report: what the views of the scene show of it, and nothing they mask. Rows may
 * look their values up when they are asked: they are as of now, and to be copied where they stay.
 */
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
  const estimateOf = (packId: string) => estimateFor(packId, options);
  const rows: EquipmentRow[] = [];
  for (const definition of live.reference.packs()) {
    const place = placeOfPack(definition, live);
    const sight = sightOfPack({ ownerId: definition.ownerId, location: place }, rights, live);
    if (sight === 'WHOLE') rows.push(new PackRow(definition, place, live, estimateOf));
    if (sight === 'CAB') rows.push(cabRow(definition, options));
  }
  return rows;
}

/** A pack on the truck of the caller: from the cab one does not see what it is worth. */
function cabRow(definition: PackDefinition, { scene: { live }, rights }: EquipmentOptions): EquipmentRow {
  const view = maskPack(packView(definition, live), rights, live) ?? violated(`${definition.id} is seen and not seen`);
  return {
    kind: 'pack',
    id: view.id,
    ownerId: view.ownerId,
    place: view.location,
    state: view.state,
    presence: presenceOf(live.reports.pack.get(view.id), sourceOfPlace(view.location), live),
    tempC: view.tempMaxC,
    voltageV: view.voltageV,
    currentA: view.currentA,
    powerW: view.powerW,
    energyWh: view.energyWh,
    socPercent: view.socPercent,
    sohPercent: view.sohPercent,
    sohEstimate: null,
    reportedAt: view.updatedAt,
    q: view.q,
  };
}

/** Of a pack that is seen whole; an owner does not see what was found while it was another's. */
function estimateFor(packId: string, { scene, rights, estimateOf }: EquipmentOptions): SohEstimateView | null {
  const estimate = estimateOf(packId);
  if (estimate === null || rights.kind !== 'BATTERY_OWNER') return estimate;
  return scene.live.owners.ownerAt('PACK', packId, Date.parse(estimate.estimatedAt)) === rights.principalId ? estimate : null;
}

function slotRows({ scene: { live }, rights }: EquipmentOptions): EquipmentRow[] {
  const rows: EquipmentRow[] = [];
  for (const station of live.reference.stations()) {
    for (let evseId = 1; evseId <= station.slots; evseId += 1) {
      const row = new SlotRow(station, evseId, live);
      if (maySeeSlot(row, rights, live)) rows.push(row);
    }
  }
  return rows;
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
