import type { PackView, StationView } from '@corridor/protocols/http/scene';
import { Group } from 'three';
import type { Records } from '../store/scene-store.ts';
import { socColour } from './soc-ramp.ts';
import type { StationFrame } from './station-frames.ts';
import { gantryGeometry, gripperGeometry, packGeometry, ropeGeometry, trolleyGeometry } from './station-model.ts';
import { craneOfBay, parkedCrane, STATION_PLAN } from './station-plan.ts';
import { SymbolBatch, type SymbolMaterials } from './symbol-batch.ts';

interface Crane {
  row: number;
  frame: StationFrame;
  xM: number;
  yM: number;
  zM: number;
  targetXM: number;
  targetYM: number;
  targetZM: number;
  moving: boolean;
}

/** Time constant with which a crane closes in on its last report. */
const EASE_S = 0.35;
const STILL_M = 0.02;

/** Gantry cranes, one per bay: each moves to where its bay last reported it. */
export class CraneLayer {
  readonly group = new Group();
  private readonly gantries: SymbolBatch;
  private readonly trolleys: SymbolBatch;
  private readonly ropes: SymbolBatch;
  private readonly grippers: SymbolBatch;
  private readonly loads: SymbolBatch;
  private readonly cranes = new Map<string, Crane>();
  /** Bay in whose crane a pack hangs. */
  private readonly bayOfLoad = new Map<string, string>();

  constructor(materials: SymbolMaterials) {
    this.gantries = new SymbolBatch(gantryGeometry(), { ...materials, capacity: 16 });
    this.trolleys = new SymbolBatch(trolleyGeometry(), { ...materials, capacity: 16 });
    this.ropes = new SymbolBatch(ropeGeometry(), { ...materials, capacity: 16 });
    this.grippers = new SymbolBatch(gripperGeometry(), { ...materials, capacity: 16 });
    this.loads = new SymbolBatch(packGeometry(), { ...materials, capacity: 16 });
    for (const batch of this.batches()) this.group.add(...batch.meshes);
  }

  layOut(records: Records, frames: ReadonlyMap<string, StationFrame>): void {
    const before = new Map(this.cranes);
    this.cranes.clear();
    for (const station of records.stations.values()) {
      const frame = frames.get(station.id);
      if (frame === undefined) continue;
      for (const bay of station.bays) {
        const old = before.get(bay.id);
        this.cranes.set(bay.id, { ...(old ?? craneAtRest(frame)), row: this.cranes.size, frame, moving: true });
      }
      this.aim(station);
    }
    for (const batch of this.batches()) batch.count = this.cranes.size;
    this.showAllLoads(records);
    this.advance(0, true);
  }

  update(stationIds: readonly string[], records: Records): void {
    for (const id of stationIds) {
      const station = records.stations.get(id);
      if (station !== undefined) this.aim(station);
    }
  }

  /** The pack on each hook: the one whose location is its bay. */
  private showAllLoads(records: Records): void {
    for (const crane of this.cranes.values()) this.loads.setScale(crane.row, 0, 0, 0);
    this.bayOfLoad.clear();
    for (const pack of records.packs.values()) this.hang(pack);
    this.loads.flush();
  }

  /** Packs that came to a hook or left it; of all others nothing is looked at. */
  updateLoads(packIds: readonly string[], records: Records): void {
    for (const id of packIds) {
      const before = this.bayOfLoad.get(id);
      const pack = records.packs.get(id);
      if (before !== undefined && pack?.location.id !== before) this.letGo(id, before);
      if (pack !== undefined) this.hang(pack);
    }
    this.loads.flush();
  }

  private letGo(packId: string, bayId: string): void {
    this.bayOfLoad.delete(packId);
    const crane = this.cranes.get(bayId);
    if (crane !== undefined && ![...this.bayOfLoad.values()].includes(bayId)) this.loads.setScale(crane.row, 0, 0, 0);
  }

  private hang({ id, location, socPercent }: PackView): void {
    if (location.kind !== 'TRANSFER') return;
    const crane = this.cranes.get(location.id);
    if (crane === undefined) return;
    this.bayOfLoad.set(id, location.id);
    const colour = socColour(socPercent);
    this.loads.setScale(crane.row, 1, 1, 1);
    this.loads.setTint(crane.row, colour.r, colour.g, colour.b, 0);
  }

  /** @param elapsedS wall seconds since the last frame @param atOnce without easing */
  advance(elapsedS: number, atOnce: boolean): void {
    const part = atOnce ? 1 : 1 - Math.exp(-elapsedS / EASE_S);
    let any = false;
    for (const crane of this.cranes.values()) {
      if (!crane.moving) continue;
      any = true;
      crane.xM += (crane.targetXM - crane.xM) * part;
      crane.yM += (crane.targetYM - crane.yM) * part;
      crane.zM += (crane.targetZM - crane.zM) * part;
      const left = Math.abs(crane.targetXM - crane.xM) + Math.abs(crane.targetYM - crane.yM) + Math.abs(crane.targetZM - crane.zM);
      crane.moving = left > STILL_M;
      this.place(crane);
    }
    if (any) for (const batch of this.batches()) batch.flush();
  }

  dispose(): void {
    for (const batch of this.batches()) batch.dispose();
    this.group.removeFromParent();
  }

  private aim(station: StationView): void {
    for (const bay of station.bays) {
      const crane = this.cranes.get(bay.id);
      if (crane === undefined) continue;
      const at = craneOfBay(bay, crane.frame.slots);
      crane.targetXM = at.xM;
      crane.targetYM = at.yM;
      crane.targetZM = at.zM;
      crane.moving = true;
    }
  }

  private place({ row, frame, xM, yM, zM }: Crane): void {
    const ropeM = Math.max(STATION_PLAN.bridgeY - yM - 0.5, 0.1);
    for (const batch of this.batches()) batch.setAnchor(row, frame.xKm, frame.altKm, frame.zKm, frame.yawRad);
    this.gantries.setOffset(row, xM, 0, 0);
    this.gantries.setScale(row, 1, 1, 1);
    this.trolleys.setOffset(row, xM, STATION_PLAN.bridgeY + 1.1, zM);
    this.trolleys.setScale(row, 1, 1, 1);
    this.ropes.setOffset(row, xM, yM + 0.5, zM);
    this.ropes.setScale(row, 1, ropeM, 1);
    this.grippers.setOffset(row, xM, yM, zM);
    this.grippers.setScale(row, 1, 1, 1);
    this.loads.setOffset(row, xM, yM - 3, zM);
  }

  private batches(): SymbolBatch[] {
    return [this.gantries, this.trolleys, this.ropes, this.grippers, this.loads];
  }
}

function craneAtRest(frame: StationFrame): Crane {
  const at = parkedCrane(frame.slots);
  return { row: 0, frame, ...at, targetXM: at.xM, targetYM: at.yM, targetZM: at.zM, moving: true };
}
