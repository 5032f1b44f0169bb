import type { SlotView, StationView } from '@corridor/protocols/http/scene';
import { Color, Group } from 'three';
import { type Condition, stationCondition } from '../store/condition.ts';
import type { Records, SceneChange } from '../store/scene-store.ts';
import type { ScenePalette } from '../theme/scene-palette.ts';
import { socColour } from './soc-ramp.ts';
import type { StationFrame } from './station-frames.ts';
import { packGeometry, slotFrameGeometry, stationBaseGeometry, stationFlagGeometry, stationRoofGeometry } from './station-model.ts';
import { slotPosition } from './station-plan.ts';
import { SymbolBatch, type SymbolMaterials } from './symbol-batch.ts';

/** Stations with their racks: five draw calls for any number of stations and slots. */
export class StationLayer {
  readonly group = new Group();
  private readonly bases: SymbolBatch;
  private readonly roofs: SymbolBatch;
  private readonly flags: SymbolBatch;
  private readonly slotFrames: SymbolBatch;
  private readonly packs: SymbolBatch;
  private readonly stationRow = new Map<string, number>();
  private readonly slotRow = new Map<string, number>();
  private readonly flagColours: Record<Condition, Color> = {
    normal: new Color(),
    active: new Color(),
    wait: new Color(),
    alarm: new Color(),
    offline: new Color(),
  };

  constructor(materials: SymbolMaterials) {
    this.bases = new SymbolBatch(stationBaseGeometry(), materials, 16);
    this.roofs = new SymbolBatch(stationRoofGeometry(), materials, 16);
    this.flags = new SymbolBatch(stationFlagGeometry(), materials, 16);
    this.slotFrames = new SymbolBatch(slotFrameGeometry(), materials, 128);
    this.packs = new SymbolBatch(packGeometry(), materials, 128);
    for (const batch of this.batches()) this.group.add(...batch.meshes);
  }

  paint(palette: ScenePalette, records: Records): void {
    this.flagColours.normal.setStyle(palette.light, '');
    this.flagColours.active.setStyle('#0aa58a', '');
    this.flagColours.wait.setStyle(palette.wait, '');
    this.flagColours.alarm.setStyle(palette.alarm, '');
    this.flagColours.offline.setStyle(palette.idle, '');
    for (const station of records.stations.values()) this.raiseFlag(station);
    this.flush();
  }

  /** Lays everything out anew: stations or slots came or went. */
  layOut(records: Records, frames: ReadonlyMap<string, StationFrame>): void {
    this.stationRow.clear();
    this.slotRow.clear();
    for (const batch of [this.bases, this.roofs, this.flags]) batch.count = frames.size;
    let row = 0;
    for (const [id, frame] of frames) {
      this.stationRow.set(id, row);
      for (const batch of [this.bases, this.roofs, this.flags]) placeAt(batch, row, frame, 0, 0);
      row++;
    }
    const slots = [...records.slots.values()].filter((slot) => frames.has(slot.stationId));
    this.slotFrames.count = slots.length;
    this.packs.count = slots.length;
    for (const [at, slot] of slots.entries()) {
      this.slotRow.set(slot.id, at);
      const frame = frames.get(slot.stationId);
      if (frame === undefined) continue;
      const { xM, zM } = slotPosition(slot.evseId, frame.slots);
      placeAt(this.slotFrames, at, frame, xM, zM);
      placeAt(this.packs, at, frame, xM, zM);
      this.fillSlot(slot);
    }
    for (const station of records.stations.values()) this.raiseFlag(station);
    this.flush();
  }

  update(change: SceneChange, records: Records): void {
    for (const id of change.upserted.slots) {
      const slot = records.slots.get(id);
      if (slot !== undefined) this.fillSlot(slot);
    }
    for (const id of change.upserted.stations) {
      const station = records.stations.get(id);
      if (station !== undefined) this.raiseFlag(station);
    }
    this.flush();
  }

  /** true when the layer knows all of these; otherwise it must be laid out anew. */
  knows(change: SceneChange): boolean {
    return change.upserted.stations.every((id) => this.stationRow.has(id)) && change.upserted.slots.every((id) => this.slotRow.has(id));
  }

  dispose(): void {
    for (const batch of this.batches()) batch.dispose();
    this.group.removeFromParent();
  }

  private fillSlot(slot: SlotView): void {
    const row = this.slotRow.get(slot.id);
    if (row === undefined) return;
    const present = slot.packId !== null;
    const size = present ? 1 : 0;
    const colour = socColour(slot.socPercent);
    this.packs.setScale(row, size, size, size);
    this.packs.setTint(row, colour.r, colour.g, colour.b, (slot.powerW ?? 0) > 500 ? 1 : 0);
  }

  private raiseFlag(station: StationView): void {
    const row = this.stationRow.get(station.id);
    if (row === undefined) return;
    const condition = stationCondition(station);
    const colour = this.flagColours[condition];
    this.flags.setTint(row, colour.r, colour.g, colour.b, 0);
    // An unreachable station's flag hangs: the shape says it too.
    this.flags.setScale(row, 1, 1, 1);
  }

  private flush(): void {
    for (const batch of this.batches()) batch.flush();
  }

  private batches(): SymbolBatch[] {
    return [this.bases, this.roofs, this.flags, this.slotFrames, this.packs];
  }
}

function placeAt(batch: SymbolBatch, row: number, frame: StationFrame, xM: number, zM: number): void {
  batch.setAnchor(row, frame.xKm, frame.altKm, frame.zKm, frame.yawRad);
  batch.setOffset(row, xM, 0, zM);
  batch.setScale(row, 1, 1, 1);
}
