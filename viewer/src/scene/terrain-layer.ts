import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DataTexture,
  DataUtils,
  FloatType,
  HalfFloatType,
  LinearFilter,
  Mesh,
  RGBAFormat,
  ShaderMaterial,
  Vector4,
} from 'three';
import type { ScenePalette } from '../theme/scene-palette.ts';
import { FOG_GLSL, type FrameUniforms } from './frame-uniforms.ts';
import type { TerrainField } from './terrain-field.ts';

const VERTEX = /* glsl */ `
  uniform float uExaggeration;
  uniform vec4 uGrid;
  varying vec2 vAt;
  varying float vDistanceKm;
  void main() {
    vAt = (position.xz - uGrid.xy) * uGrid.zw;
    vec4 view = viewMatrix * vec4(position.x, max(position.y, -0.004) * uExaggeration, position.z, 1.0);
    vDistanceKm = -view.z;
    gl_Position = projectionMatrix * view;
  }
`;

const FRAGMENT = /* glsl */ `
  uniform vec3 uLow;
  uniform vec3 uMid;
  uniform vec3 uHigh;
  uniform vec3 uWater;
  uniform vec3 uContour;
  uniform float uContourStrength;
  uniform float uReliefContrast;
  uniform float uExaggeration;
  uniform float uFocusKm;
  uniform vec3 uSunDirection;
  uniform sampler2D uField;
  varying vec2 vAt;
  varying float vDistanceKm;
  ${FOG_GLSL}

  float contour(float altKm, float stepKm) {
    float level = altKm / stepKm;
    float width = fwidth(level);
    float line = abs(fract(level - 0.5) - 0.5) / max(width, 1e-4);
    // Where lines would merge into a grey they fade out instead.
    return (1.0 - clamp(line - 0.35, 0.0, 1.0)) * (1.0 - smoothstep(0.12, 0.42, width));
  }

  void main() {
    // Height, slopes and nearness of the edge come from a texture that is finer than the mesh.
    vec4 field = texture2D(uField, vAt);
    float altKm = field.x;
    float height = clamp(altKm / 1.9, 0.0, 1.0);
    float rise = sqrt(height);
    vec3 colour = rise < 0.55 ? mix(uLow, uMid, rise / 0.55) : mix(uMid, uHigh, (rise - 0.55) / 0.45);

    vec3 normal = normalize(vec3(-field.y, 1.0 / max(uExaggeration, 4.5), -field.z));
    vec3 northWest = normalize(vec3(-0.55, 0.75, -0.5));
    float flatLight = dot(vec3(0.0, 1.0, 0.0), northWest);
    // Mostly the map-maker's light from the north-west: by day the sun comes from the other side and would cancel it.
    float shade = (dot(normal, northWest) - flatLight) * 0.85;
    shade += (dot(normal, uSunDirection) - uSunDirection.y) * 0.15;
    // Slopes in shadow stay readable: this is a map, not a photograph.
    colour *= clamp(1.0 + uReliefContrast * shade, 0.62, 1.5);

    float water = 1.0 - smoothstep(-0.0022, 0.0, altKm);
    float land = 1.0 - water;
    float fine = contour(altKm, 0.1) * (1.0 - smoothstep(40.0, 200.0, uFocusKm)) * 0.8;
    fine = max(fine, contour(altKm, 0.02) * (1.0 - smoothstep(10.0, 30.0, uFocusKm)) * 0.45);
    float coarse = contour(altKm, 0.5);
    colour = mix(colour, uContour, max(fine, coarse) * uContourStrength * land * step(0.015, altKm));
    colour = mix(colour, uWater, water);

    colour = withFog(colour, vDistanceKm);
    gl_FragColor = vec4(mix(uFogColour, colour, smoothstep(0.0, 1.0, field.w)), 1.0);
  }
`;

/** Edge of the known ground: it fades into the background over this distance rather than ending in a cliff. */
const FADE_KM = 26;
/** The mesh has every second point of the field; the shading has them all. */
const MESH_STEP = 2;
/** From afar every fourth point is enough for the shape: a quarter of the triangles, most of what a picture without a GPU costs. */
const COARSE_STEP = 2;
const COARSE_FROM_KM = 120;

/** The ground: one indexed mesh for the shape, one texture of the whole field for colour, contours and shading. */
export class TerrainLayer {
  readonly mesh: Mesh;
  private readonly geometry = new BufferGeometry();
  private readonly material: ShaderMaterial;
  private readonly texture: DataTexture;
  /** Indexes of all triangles; those of the coarse mesh follow them. */
  private readonly fineCount: number;
  private readonly coarseCount: number;

  /** @param floatFilter the GPU filters 32-bit textures; otherwise 16 bits must do */
  constructor(field: TerrainField, frame: FrameUniforms, floatFilter: boolean) {
    const { fine, coarse } = this.fillGeometry(field);
    this.fineCount = fine;
    this.coarseCount = coarse;
    this.texture = fieldTexture(field, floatFilter);
    const halfX = 0.5 / field.columns;
    const halfZ = 0.5 / field.rows;
    const grid = new Vector4(
      field.x0Km - halfX * field.columns * field.stepXKm,
      field.z0Km - halfZ * field.rows * field.stepZKm,
      1 / (field.columns * field.stepXKm),
      1 / (field.rows * field.stepZKm),
    );
    this.material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: {
        ...frame,
        uField: { value: this.texture },
        uGrid: { value: grid },
        uLow: { value: new Color() },
        uMid: { value: new Color() },
        uHigh: { value: new Color() },
        uWater: { value: new Color() },
        uContour: { value: new Color() },
        uContourStrength: { value: 0 },
        uReliefContrast: { value: 0 },
      },
    });
    this.mesh = new Mesh(this.geometry, this.material);
    this.mesh.frustumCulled = false;
  }

  /** @param focusKm distance to what is looked at */
  lookFrom(focusKm: number): void {
    if (focusKm >= COARSE_FROM_KM) this.geometry.setDrawRange(this.fineCount, this.coarseCount);
    else this.geometry.setDrawRange(0, this.fineCount);
  }

  paint(palette: ScenePalette): void {
    const colours = {
      uLow: palette.terrainLow,
      uMid: palette.terrainMid,
      uHigh: palette.terrainHigh,
      uWater: palette.water,
      uContour: palette.contour,
    };
    for (const [name, text] of Object.entries(colours)) {
      const value: unknown = this.material.uniforms[name]?.value;
      if (value instanceof Color) value.setStyle(text, '');
    }
    const numbers = { uContourStrength: palette.contourStrength, uReliefContrast: palette.reliefContrast };
    for (const [name, value] of Object.entries(numbers)) {
      const uniform = this.material.uniforms[name];
      if (uniform !== undefined) uniform.value = value;
    }
  }

  dispose(): void {
    this.mesh.removeFromParent();
    this.geometry.dispose();
    this.texture.dispose();
    this.material.dispose();
  }

  private fillGeometry(field: TerrainField): { fine: number; coarse: number } {
    const columns = Math.floor((field.columns - 1) / MESH_STEP) + 1;
    const rows = Math.floor((field.rows - 1) / MESH_STEP) + 1;
    const positions = new Float32Array(columns * rows * 3);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const at = (row * columns + column) * 3;
        positions[at] = field.x0Km + column * MESH_STEP * field.stepXKm;
        positions[at + 1] = field.altKm[row * MESH_STEP * field.columns + column * MESH_STEP] as number;
        positions[at + 2] = field.z0Km + row * MESH_STEP * field.stepZKm;
      }
    }
    const fine = trianglesOf(columns, rows, 1);
    const coarse = trianglesOf(columns, rows, COARSE_STEP);
    const indexes = new Uint32Array(fine.length + coarse.length);
    indexes.set(fine);
    indexes.set(coarse, fine.length);
    this.geometry.setAttribute('position', new BufferAttribute(positions, 3));
    this.geometry.setIndex(new BufferAttribute(indexes, 1));
    return { fine: fine.length, coarse: coarse.length };
  }
}

/** Indexes of two triangles for each cell of so many points across, to the edges of the grid. */
function trianglesOf(columns: number, rows: number, step: number): Uint32Array {
  const across = Math.ceil((columns - 1) / step);
  const down = Math.ceil((rows - 1) / step);
  const indexes = new Uint32Array(across * down * 6);
  let next = 0;
  for (let i = 0; i < down; i++) {
    const north = i * step * columns;
    const south = Math.min((i + 1) * step, rows - 1) * columns;
    for (let k = 0; k < across; k++) {
      const west = k * step;
      const east = Math.min(west + step, columns - 1);
      indexes[next] = north + west;
      indexes[next + 1] = south + west;
      indexes[next + 2] = north + east;
      indexes[next + 3] = north + east;
      indexes[next + 4] = south + west;
      indexes[next + 5] = south + east;
      next += 6;
    }
  }
  return indexes;
}

/** Height, both slopes and nearness of the edge (0..1) of every point of the field. */
function fieldTexture(field: TerrainField, floatFilter: boolean): DataTexture {
  const { columns, rows } = field;
  const values = new Float32Array(columns * rows * 4);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const toEdgeKm = Math.min(Math.min(column, columns - 1 - column) * field.stepXKm, Math.min(row, rows - 1 - row) * field.stepZKm);
      values[at * 4] = field.altKm[at] as number;
      values[at * 4 + 1] = field.slopeX[at] as number;
      values[at * 4 + 2] = field.slopeZ[at] as number;
      values[at * 4 + 3] = Math.min(toEdgeKm / FADE_KM, 1);
    }
  }
  const texture = floatFilter
    ? new DataTexture(values, columns, rows, RGBAFormat, FloatType)
    : new DataTexture(
        Uint16Array.from(values, (value) => DataUtils.toHalfFloat(value)),
        columns,
        rows,
        RGBAFormat,
        HalfFloatType,
      );
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}
