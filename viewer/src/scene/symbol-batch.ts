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
  private restChanged = false;
  private readonly geometry: InstancedBufferGeometry;

  /** @param shadow draws the shadow of the same instances in a second call */
  constructor(geometry: InstancedBufferGeometry, { material, shadow }: SymbolMaterials, capacity = 64) {
    this.geometry = geometry;
    this.capacity = capacity;
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

  setAnchor(row: number, xKm: number, altKm: number, zKm: number, yawRad: number): void {
    this.anchors.setXYZW(row, xKm, altKm, zKm, yawRad);
    this.anchorsChanged = true;
  }

  setOffset(row: number, xM: number, yM: number, zM: number): void {
    this.offsets.setXYZ(row, xM, yM, zM);
    this.restChanged = true;
  }

  setScale(row: number, x: number, y: number, z: number): void {
    this.scales.setXYZ(row, x, y, z);
    this.restChanged = true;
  }

  /** Colour 0..1 and how strongly it pulses, 0..1. */
  setTint(row: number, r: number, g: number, b: number, pulse: number): void {
    this.tints.setXYZW(row, r, g, b, pulse);
    this.restChanged = true;
  }

  flush(): void {
    if (this.anchorsChanged) this.anchors.needsUpdate = true;
    if (this.restChanged) {
      this.offsets.needsUpdate = true;
      this.scales.needsUpdate = true;
      this.tints.needsUpdate = true;
    }
    this.anchorsChanged = false;
    this.restChanged = false;
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
    this.anchors = make('iAnchor', ANCHOR, 0);
    this.offsets = make('iOffset', OFFSET, 1);
    this.scales = make('iScale', SCALE, 2);
    this.tints = make('iTint', TINT, 3);
    this.anchorsChanged = true;
    this.restChanged = true;
  }
}
