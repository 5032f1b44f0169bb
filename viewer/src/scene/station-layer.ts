import type { SlotView, StationView } from '@corridor/protocols/http/scene';
import { Color, Group } from 'three';
import { type Condition, stationCondition } from '../store/condition.ts';
import type { Records, SceneChange } from '../store/scene-store.ts';
import type { ScenePalette } from '../theme/scene-palette.ts';
import { racksInDetail, sameIds } from './rack-detail.ts';
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
  private frames: ReadonlyMap<string, StationFrame> = new Map();
  private readonly slotsOf = new Map<string, string[]>();
  private readonly knownSlots = new Set<string>();
  /** Stations whose racks are drawn; null: all. */
  private detailed: ReadonlySet<string> | null = null;
  private lookedAt: { xKm: number; zKm: number; focusKm: number } | null = null;
  /** Stations whose flag says so. */
  readonly alarmed = new Set<string>();
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
    this.bases = new SymbolBatch(stationBaseGeometry(), { ...materials, capacity: 16 });
    this.roofs = new SymbolBatch(stationRoofGeometry(), { ...materials, capacity: 16 });
    this.flags = new SymbolBatch(stationFlagGeometry(), { ...materials, capacity: 16 });
    this.slotFrames = new SymbolBatch(slotFrameGeometry(), { ...materials, capacity: 128 });
    this.packs = new SymbolBatch(packGeometry(), { ...materials, capacity: 128 });
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
    this.frames = frames;
    this.lookedAt = null;
    this.stationRow.clear();
    this.alarmed.clear();
    for (const batch of [this.bases, this.roofs, this.flags]) batch.count = frames.size;
    let row = 0;
    for (const [id, frame] of frames) {
      this.stationRow.set(id, row);
      for (const batch of [this.bases, this.roofs, this.flags]) placeAt(batch, row, frame, 0, 0);
      row++;
    }
    this.slotsOf.clear();
    this.knownSlots.clear();
    for (const slot of records.slots.values()) {
      this.knownSlots.add(slot.id);
      if (!frames.has(slot.stationId)) continue;
      const ids = this.slotsOf.get(slot.stationId);
      if (ids === undefined) this.slotsOf.set(slot.stationId, [slot.id]);
      else ids.push(slot.id);
    }
    this.fillRacks(records);
    for (const station of records.stations.values()) this.raiseFlag(station);
    this.flush();
  }

  /**
   * Of very many racks, only those near what is looked at are drawn slot by slot, and none from afar, where a slot is smaller than a pixel.
   */
  lookAt(at: { xKm: number; zKm: number; focusKm: number }, records: Records): void {
    if (this.lookedAt !== null && at.xKm === this.lookedAt.xKm && at.zKm === this.lookedAt.zKm && at.focusKm === this.lookedAt.focusKm)
      return;
    this.lookedAt = at;
    const wanted = racksInDetail(this.frames, this.knownSlots.size, at);
    if (sameIds(wanted, this.detailed)) return;
    this.detailed = wanted;
    this.fillRacks(records);
    this.flush();
  }

  /** @param plain without shadows */
  setPlain(plain: boolean): void {
    for (const { meshes } of this.batches()) {
      const shadow = meshes[1];
      if (shadow !== undefined) shadow.visible = !plain;
    }
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
    return change.upserted.stations.every((id) => this.stationRow.has(id)) && change.upserted.slots.every((id) => this.knownSlots.has(id));
  }

  dispose(): void {
    for (const batch of this.batches()) batch.dispose();
    this.group.removeFromParent();
  }

  private fillRacks(records: Records): void {
    this.slotRow.clear();
    const ids = [...this.slotsOf].flatMap(([stationId, slotIds]) => (this.detailed?.has(stationId) === false ? [] : slotIds));
    this.slotFrames.count = ids.length;
    this.packs.count = ids.length;
    for (const [row, id] of ids.entries()) {
      const slot = records.slots.get(id);
      const frame = slot === undefined ? undefined : this.frames.get(slot.stationId);
      if (slot === undefined || frame === undefined) continue;
      this.slotRow.set(id, row);
      const { xM, zM } = slotPosition(slot.evseId, frame.slots);
      placeAt(this.slotFrames, row, frame, xM, zM);
      placeAt(this.packs, row, frame, xM, zM);
      this.fillSlot(slot);
    }
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
    if (condition === 'alarm') this.alarmed.add(station.id);
    else this.alarmed.delete(station.id);
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
