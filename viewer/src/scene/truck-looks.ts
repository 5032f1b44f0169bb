import { type Mesh } from 'three';
import type { DrawnTruck } from './drawn-truck.ts';
import type { RowBuffer } from './row-buffer.ts';
import { SymbolBatch, type SymbolMaterials } from './symbol-batch.ts';
import { LOAD_BASE_Y_M, TRUCK_BOXES_AFAR, truckBodyGeometry, truckLoadGeometry, truckPackGeometry } from './truck-model.ts';
import { isStaleCondition, type TruckTint, tintOfTruck } from './truck-tint.ts';

/** A tractor with trailer and pack weighs about 19 t; what is above it is load, up to 49 t. */
const EMPTY_KG = 19_500;
const FULL_KG = 49_000;

/** Bodies, packs and loads of all trucks in three draw calls; where they are is the business of `TruckLegs`. */
export class TruckLooks {
  readonly #bodies: SymbolBatch;
  readonly #packs: SymbolBatch;
  readonly #loads: SymbolBatch;
  readonly #tint: TruckTint = { r: 0, g: 0, b: 0 };

  constructor(materials: SymbolMaterials) {
    this.#bodies = new SymbolBatch(truckBodyGeometry(), { ...materials, capacity: 128, moves: true });
    this.#packs = new SymbolBatch(truckPackGeometry(), { ...materials, capacity: 128, standsWith: this.#bodies });
    this.#loads = new SymbolBatch(truckLoadGeometry(), { ...materials, capacity: 128, standsWith: this.#bodies });
  }

  get meshes(): readonly Mesh[] {
    return this.#batches().flatMap(({ meshes }) => meshes);
  }

  /** Where each row is. */
  get places(): RowBuffer {
    return this.#bodies.places;
  }

  set count(value: number) {
    for (const batch of this.#batches()) batch.count = value;
  }

  flush(): void {
    this.#bodies.flush();
    this.#packs.flush();
    this.#loads.flush();
  }

  /** Metres beside the truck's leg. */
  setOffset(row: number, xM: number, zM: number): void {
    this.#bodies.setOffset(row, xM, 0, zM);
    this.#packs.setOffset(row, xM, 0, zM);
    this.#loads.setOffset(row, xM, LOAD_BASE_Y_M, zM);
  }

  /** @param quiet the scene's colours say something else than the charge */
  colour({ row, view, visible, stale }: DrawnTruck, quiet: boolean): void {
    const tint = this.#tint;
    tintOfTruck(view, { stale: stale || isStaleCondition(view), quiet }, tint);
    this.#bodies.setTint(row, tint.r, tint.g, tint.b, 0);
    this.#packs.setTint(row, tint.r, tint.g, tint.b, 0);
    const size = visible ? 1 : 0;
    this.#bodies.setScale(row, size, size, size);
    const pack = view.packId === null ? 0 : size;
    this.#packs.setScale(row, pack, pack, pack);
    const load = view.grossMassKg === null ? 0 : Math.min(Math.max((view.grossMassKg - EMPTY_KG) / (FULL_KG - EMPTY_KG), 0), 1);
    this.#loads.setScale(row, size, load > 0.05 ? 0.3 + load * 1.3 : 0, size);
  }

  /** From afar a truck is its cab and trailer: of very many, packs, loads and shadows are smaller than a pixel. */
  setPlain(isPlain: boolean): void {
    for (const batch of [this.#packs, this.#loads]) for (const mesh of batch.meshes) mesh.visible = !isPlain;
    const shadow = this.#bodies.meshes[1];
    if (shadow !== undefined) shadow.visible = !isPlain;
    this.#bodies.drawBoxes(isPlain ? TRUCK_BOXES_AFAR : null);
  }

  dispose(): void {
    for (const batch of this.#batches()) batch.dispose();
  }

  #batches(): SymbolBatch[] {
    return [this.#bodies, this.#packs, this.#loads];
  }
}
