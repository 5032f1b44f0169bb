import { DynamicDrawUsage, InstancedBufferAttribute, type InstancedBufferGeometry, Mesh, type ShaderMaterial } from 'three';

export interface SymbolMaterials {
  material: ShaderMaterial;
  shadow?: ShaderMaterial;
}

/** Ground 0, road 1 and 2, symbols, their shadows, markers 5. */
const SYMBOL_ORDER = 3;
const SHADOW_ORDER = 4;
/** Floats of one instance: anchor (x km, alt km, z km, yaw), offset and scale in metres of its frame, tint and pulse. */
const ANCHOR = 4;
const OFFSET = 3;
const SCALE = 3;
const TINT = 4;

export interface SymbolBatchOptions extends SymbolMaterials {
  /** Instances that there is room for at first. */
  capacity?: number;
  /** A batch whose rows stand where this one's do: their places are written and uploaded once. It grows before this one. */
  standsWith?: SymbolBatch;
}

/**
 * Many copies of one model in one draw call. Rows are dense: 0..count-1. Setters write into the buffers only; `flush` marks
 * what changed for upload. Growing doubles the buffers.
 */
export class SymbolBatch {
  readonly meshes: readonly Mesh[];
  private capacity: number;
  private anchors!: InstancedBufferAttribute;
  private offsets!: InstancedBufferAttribute;
  private scales!: InstancedBufferAttribute;
  private tints!: InstancedBufferAttribute;
  private anchorsChanged = false;
  private offsetsChanged = false;
  private scalesChanged = false;
  private tintsChanged = false;
  private readonly geometry: InstancedBufferGeometry;
  private readonly standsWith: SymbolBatch | null;

  /** @param options with `shadow`, the shadow of the same instances is drawn in a second call */
  constructor(geometry: InstancedBufferGeometry, { material, shadow, capacity = 64, standsWith }: SymbolBatchOptions) {
    this.geometry = geometry;
    this.capacity = capacity;
    this.standsWith = standsWith ?? null;
    this.allocate(null);
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
      this.allocate([this.anchors, this.offsets, this.scales, this.tints]);
    }
    this.geometry.instanceCount = value;
  }

  /** Not for a batch that stands with another. */
  setAnchor(row: number, xKm: number, altKm: number, zKm: number, yawRad: number): void {
    const { array } = this.anchors;
    const at = row * ANCHOR;
    array[at] = xKm;
    array[at + 1] = altKm;
    array[at + 2] = zKm;
    array[at + 3] = yawRad;
    this.anchorsChanged = true;
  }

  /** Uploads nothing where nothing changed: what drives along the road keeps its lane. */
  setOffset(row: number, xM: number, yM: number, zM: number): void {
    const { array } = this.offsets;
    const at = row * OFFSET;
    const x = Math.fround(xM);
    const y = Math.fround(yM);
    const z = Math.fround(zM);
    if (array[at] === x && array[at + 1] === y && array[at + 2] === z) return;
    array[at] = x;
    array[at + 1] = y;
    array[at + 2] = z;
    this.offsetsChanged = true;
  }

  setScale(row: number, x: number, y: number, z: number): void {
    this.scales.setXYZ(row, x, y, z);
    this.scalesChanged = true;
  }

  /** Colour 0..1 and how strongly it pulses, 0..1. */
  setTint(row: number, r: number, g: number, b: number, pulse: number): void {
    this.tints.setXYZW(row, r, g, b, pulse);
    this.tintsChanged = true;
  }

  flush(): void {
    if (this.anchorsChanged) this.anchors.needsUpdate = true;
    if (this.offsetsChanged) this.offsets.needsUpdate = true;
    if (this.scalesChanged) this.scales.needsUpdate = true;
    if (this.tintsChanged) this.tints.needsUpdate = true;
    this.anchorsChanged = false;
    this.offsetsChanged = false;
    this.scalesChanged = false;
    this.tintsChanged = false;
  }

  dispose(): void {
    for (const mesh of this.meshes) mesh.removeFromParent();
    this.geometry.dispose();
  }

  private allocate(old: InstancedBufferAttribute[] | null): void {
    const make = (name: string, size: number, at: number): InstancedBufferAttribute => {
      const array = new Float32Array(this.capacity * size);
      const before = old?.[at];
      if (before !== undefined) array.set(before.array);
      const attribute = new InstancedBufferAttribute(array, size);
      attribute.setUsage(DynamicDrawUsage);
      this.geometry.setAttribute(name, attribute);
      return attribute;
    };
    // The GPU buffers of replaced attributes go with the geometry's own dispose event, which three rebuilds from.
    if (old !== null) this.geometry.dispose();
    this.anchors = this.standsWith?.anchors ?? make('iAnchor', ANCHOR, 0);
    this.geometry.setAttribute('iAnchor', this.anchors);
    this.offsets = make('iOffset', OFFSET, 1);
    this.scales = make('iScale', SCALE, 2);
    this.tints = make('iTint', TINT, 3);
    this.anchorsChanged = this.standsWith === null;
    this.offsetsChanged = true;
    this.scalesChanged = true;
    this.tintsChanged = true;
  }
}
