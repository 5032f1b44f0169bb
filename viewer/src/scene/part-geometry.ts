import { BufferAttribute, InstancedBufferGeometry } from 'three';

/**
 * Colour of a face: an index into the palette, or one of these. `TINT` is the instance's own colour; `FAR_TINT` is the
 * palette's `body` that turns into the instance's colour when the symbol is seen from afar; `GLOW` is the tint, unlit.
 */
export const PART = {
  body: 0,
  dark: 1,
  light: 2,
  steel: 3,
  ground: 4,
  mark: 5,
  glass: 6,
  panel: 7,
  load: 8,
  tint: 12,
  farTint: 13,
  glow: 14,
} as const;
export type PartName = keyof typeof PART;
export const PALETTE_SIZE = 9;

export interface Box {
  /** Metres; x forward, y up, z to the right. */
  x: readonly [number, number];
  y: readonly [number, number];
  z: readonly [number, number];
  part: PartName;
  /** Narrows the top along x or z by this many metres on each end (a heap, a wind deflector). */
  taperX?: number;
  taperZ?: number;
}

/** Indexes of a box: five faces of two triangles, as none is seen from below. */
export const BOX_INDEXES = 30;

type Corner = readonly [number, number, number];

/** Collects boxes and quads into one indexed geometry with per-vertex part and shade. */
export class PartGeometryBuilder {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly parts: number[] = [];
  private readonly shades: number[] = [];
  private readonly indexes: number[] = [];

  box({ x, y, z, part, taperX = 0, taperZ = 0 }: Box): this {
    const [x0, x1] = x;
    const [y0, y1] = y;
    const [z0, z1] = z;
    const low: Corner[] = [
      [x0, y0, z0],
      [x1, y0, z0],
      [x1, y0, z1],
      [x0, y0, z1],
    ];
    const high: Corner[] = [
      [x0 + taperX, y1, z0 + taperZ],
      [x1 - taperX, y1, z0 + taperZ],
      [x1 - taperX, y1, z1 - taperZ],
      [x0 + taperX, y1, z1 - taperZ],
    ];
    this.quad([high[0], high[3], high[2], high[1]], part);
    for (let side = 0; side < 4; side++) {
      const next = (side + 1) % 4;
      this.quad([low[side], high[side], high[next], low[next]], part);
    }
    return this;
  }

  /** Counter-clockwise seen from outside. The lower corners are shaded a little, as if the ground were near. */
  quad(corners: readonly (Corner | undefined)[], part: PartName): this {
    const [a, b, c, d] = corners;
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new RangeError('a quad has four corners');
    const u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]] as const;
    const v = [d[0] - a[0], d[1] - a[1], d[2] - a[2]] as const;
    const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]] as const;
    const length = Math.hypot(...normal) || 1;
    const topY = Math.max(a[1], b[1], c[1], d[1]);
    const first = this.parts.length;
    for (const corner of [a, b, c, d]) {
      this.positions.push(...corner);
      this.normals.push(normal[0] / length, normal[1] / length, normal[2] / length);
      this.parts.push(PART[part]);
      this.shades.push(corner[1] < topY - 0.05 ? 0.84 : 1);
    }
    this.indexes.push(first, first + 1, first + 2, first, first + 2, first + 3);
    return this;
  }

  build(): InstancedBufferGeometry {
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(new Float32Array(this.positions), 3));
    geometry.setAttribute('normal', new BufferAttribute(new Float32Array(this.normals), 3));
    geometry.setAttribute('part', new BufferAttribute(new Float32Array(this.parts), 1));
    geometry.setAttribute('shade', new BufferAttribute(new Float32Array(this.shades), 1));
    geometry.setIndex(this.indexes);
    return geometry;
  }
}
