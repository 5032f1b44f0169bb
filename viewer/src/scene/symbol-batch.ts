import { type InstancedBufferGeometry, Mesh, type ShaderMaterial } from 'three';
import { LEG_FIELDS, LEG_SIZE } from './leg.ts';
import { BOX_INDEXES } from './part-geometry.ts';
import { RowBuffer } from './row-buffer.ts';

export interface SymbolMaterials {
  material: ShaderMaterial;
  shadow?: ShaderMaterial;
}

/** Ground 0, road 1 and 2, symbols, their shadows, markers 5. */
const SYMBOL_ORDER = 3;
const SHADOW_ORDER = 4;

/** Floats of one instance that say where it stands when it does not move: see `leg.ts` for what does. */
const FIXED_PLACE = { iAnchor: LEG_FIELDS.iAnchor } as const;
/** What it looks like there: offset and scale in metres of its frame, tint and pulse. */
const LOOK = { iOffset: { at: 0, size: 3 }, iScale: { at: 3, size: 3 }, iTint: { at: 6, size: 4 } } as const;
const LOOK_SIZE = 10;

export interface SymbolBatchOptions extends SymbolMaterials {
  /** Instances that there is room for at first. */
  capacity?: number;
  /** true: its rows have legs, along which the shader moves them. */
  moves?: boolean;
  /** A batch whose rows stand where this one's do: their places are written and uploaded once. It grows before this one. */
  standsWith?: SymbolBatch;
}

/**
 * Many copies of one model in one draw call. Rows are dense: 0..count-1. Setters write into the buffers only; `flush` marks
 * what changed for upload. Growing doubles the buffers.
 */
export class SymbolBatch {
  readonly meshes: readonly Mesh[];
  readonly places: RowBuffer;
  private readonly looks: RowBuffer;
  private capacity: number;
  private readonly geometry: InstancedBufferGeometry;
  private readonly standsWith: SymbolBatch | null;

  /** @param options with `shadow`, the shadow of the same instances is drawn in a second call */
  constructor(geometry: InstancedBufferGeometry, { material, shadow, capacity = 64, moves = false, standsWith }: SymbolBatchOptions) {
    this.geometry = geometry;
    this.capacity = capacity;
    this.standsWith = standsWith ?? null;
    this.places = standsWith?.places ?? new RowBuffer(moves ? LEG_SIZE : FIXED_PLACE.iAnchor.size, capacity);
    this.looks = new RowBuffer(LOOK_SIZE, capacity);
    this.bind();
    this.geometry.instanceCount = 0;
    this.meshes = (shadow === undefined ? [material] : [material, shadow]).map((used, pass) => {
      const mesh = new Mesh(geometry, used);
      mesh.frustumCulled = false;
      mesh.renderOrder = pass === 1 ? SHADOW_ORDER : SYMBOL_ORDER;
      return mesh;
    });
  }

  get count(): number {
    return this.geometry.instanceCount;
  }

  set count(value: number) {
    if (value > this.capacity) {
      while (this.capacity < value) this.capacity *= 2;
      this.grow();
    }
    this.geometry.instanceCount = value;
  }

  /** Not for a batch that stands with another. */
  setAnchor(row: number, xKm: number, altKm: number, zKm: number, yawRad: number): void {
    this.places.set4(row, LEG_FIELDS.iAnchor.at, xKm, altKm, zKm, yawRad);
  }

  setOffset(row: number, xM: number, yM: number, zM: number): void {
    this.looks.set3(row, LOOK.iOffset.at, xM, yM, zM);
  }

  setScale(row: number, x: number, y: number, z: number): void {
    this.looks.set3(row, LOOK.iScale.at, x, y, z);
  }

  /** Colour 0..1 and how strongly it pulses, 0..1. */
  setTint(row: number, r: number, g: number, b: number, pulse: number): void {
    this.looks.set4(row, LOOK.iTint.at, r, g, b, pulse);
  }

  /** Draws the model's first boxes only. @param count null: all of them */
  drawBoxes(count: number | null): void {
    this.geometry.setDrawRange(0, count === null ? Number.POSITIVE_INFINITY : count * BOX_INDEXES);
  }

  flush(): void {
    if (this.standsWith === null) this.places.flush();
    this.looks.flush();
  }

  dispose(): void {
    for (const mesh of this.meshes) mesh.removeFromParent();
    this.geometry.dispose();
  }

  private grow(): void {
    // The GPU buffers of replaced attributes go with the geometry's own dispose event, which three rebuilds from.
    this.geometry.dispose();
    if (this.standsWith === null) this.places.grow(this.capacity);
    this.looks.grow(this.capacity);
    this.bind();
  }

  private bind(): void {
    const places = this.places.stride === LEG_SIZE ? LEG_FIELDS : FIXED_PLACE;
    for (const [name, field] of Object.entries(places)) this.geometry.setAttribute(name, this.places.attributeOf(field));
    for (const [name, field] of Object.entries(LOOK)) this.geometry.setAttribute(name, this.looks.attributeOf(field));
  }
}
