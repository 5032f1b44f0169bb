import { BufferAttribute, BufferGeometry, Color, Mesh, ShaderMaterial } from 'three';
import type { ScenePalette } from '../theme/scene-palette.ts';
import { FOG_GLSL, type FrameUniforms } from './frame-uniforms.ts';
import type { TerrainField } from './terrain-field.ts';

const VERTEX = /* glsl */ `
  attribute vec2 slope;
  attribute float edge;
  uniform float uExaggeration;
  varying float vAltKm;
  varying vec2 vSlope;
  varying float vEdge;
  varying float vDistanceKm;
  varying vec2 vPlane;
  void main() {
    vAltKm = position.y;
    vSlope = slope;
    vEdge = edge;
    vPlane = position.xz;
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
  varying float vAltKm;
  varying vec2 vSlope;
  varying float vEdge;
  varying float vDistanceKm;
  varying vec2 vPlane;
  ${FOG_GLSL}

  float contour(float altKm, float stepKm) {
    float level = altKm / stepKm;
    float width = fwidth(level);
    float line = abs(fract(level - 0.5) - 0.5) / max(width, 1e-4);
    // Where lines would merge into a grey they fade out instead.
    return (1.0 - clamp(line - 0.35, 0.0, 1.0)) * (1.0 - smoothstep(0.12, 0.42, width));
  }

  void main() {
    float height = clamp(vAltKm / 1.9, 0.0, 1.0);
    float rise = sqrt(height);
    vec3 colour = rise < 0.55 ? mix(uLow, uMid, rise / 0.55) : mix(uMid, uHigh, (rise - 0.55) / 0.45);

    vec3 normal = normalize(vec3(-vSlope.x, 1.0 / max(uExaggeration * 0.9, 1.6), -vSlope.y));
    vec3 northWest = normalize(vec3(-0.55, 0.75, -0.5));
    float flatLight = dot(vec3(0.0, 1.0, 0.0), northWest);
    float shade = (dot(normal, northWest) - flatLight) * 0.62;
    shade += (dot(normal, uSunDirection) - uSunDirection.y) * 0.38;
    colour *= 1.0 + uReliefContrast * shade;

    float water = 1.0 - smoothstep(-0.0022, 0.0, vAltKm);
    float land = 1.0 - water;
    float fine = contour(vAltKm, 0.1) * (1.0 - smoothstep(25.0, 160.0, uFocusKm)) * 0.7;
    float coarse = contour(vAltKm, 0.5);
    colour = mix(colour, uContour, max(fine, coarse) * uContourStrength * land * step(0.03, vAltKm));
    colour = mix(colour, uWater, water);

    colour = withFog(colour, vDistanceKm);
    gl_FragColor = vec4(mix(uFogColour, colour, smoothstep(0.0, 1.0, vEdge)), 1.0);
  }
`;

/** Edge of the known ground: it fades into the background over this distance rather than ending in a cliff. */
const FADE_KM = 26;

/** The ground: one indexed mesh, heights and slopes per vertex, coloured by height and shaded in the fragment. */
export class TerrainLayer {
  readonly mesh: Mesh;
  private readonly geometry = new BufferGeometry();
  private readonly material: ShaderMaterial;

  constructor(field: TerrainField, frame: FrameUniforms) {
    this.fillGeometry(field);
    this.material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: {
        ...frame,
        uLow: { value: new Color() },
        uMid: { value: new Color() },
        uHigh: { value: new Color() },
        uWater: { value: new Color() },
        uContour: { value: new Color() },
        uContourStrength: { value: 0 },
        uReliefContrast: { value: 0.7 },
      },
    });
    this.mesh = new Mesh(this.geometry, this.material);
    this.mesh.frustumCulled = false;
  }

  paint(palette: ScenePalette): void {
    const colour = (name: string, text: string): void => {
      const uniform = this.material.uniforms[name];
      if (uniform?.value instanceof Color) uniform.value.setStyle(text, '');
    };
    colour('uLow', palette.terrainLow);
    colour('uMid', palette.terrainMid);
    colour('uHigh', palette.terrainHigh);
    colour('uWater', palette.water);
    colour('uContour', palette.contour);
    const strength = this.material.uniforms['uContourStrength'];
    if (strength !== undefined) strength.value = palette.contourStrength;
  }

  dispose(): void {
    this.mesh.removeFromParent();
    this.geometry.dispose();
    this.material.dispose();
  }

  private fillGeometry(field: TerrainField): void {
    const { columns, rows } = field;
    const positions = new Float32Array(columns * rows * 3);
    const slopes = new Float32Array(columns * rows * 2);
    const edges = new Float32Array(columns * rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        positions[at * 3] = field.x0Km + column * field.stepXKm;
        positions[at * 3 + 1] = field.altKm[at] as number;
        positions[at * 3 + 2] = field.z0Km + row * field.stepZKm;
        slopes[at * 2] = field.slopeX[at] as number;
        slopes[at * 2 + 1] = field.slopeZ[at] as number;
        const toEdgeKm = Math.min(column * field.stepXKm, (columns - 1 - column) * field.stepXKm, row * field.stepZKm, (rows - 1 - row) * field.stepZKm);
        edges[at] = Math.min(toEdgeKm / FADE_KM, 1);
      }
    }
    const indexes = new Uint32Array((columns - 1) * (rows - 1) * 6);
    let next = 0;
    for (let row = 0; row < rows - 1; row++) {
      for (let column = 0; column < columns - 1; column++) {
        const northWest = row * columns + column;
        const southWest = northWest + columns;
        indexes.set([northWest, southWest, northWest + 1, northWest + 1, southWest, southWest + 1], next);
        next += 6;
      }
    }
    this.geometry.setAttribute('position', new BufferAttribute(positions, 3));
    this.geometry.setAttribute('slope', new BufferAttribute(slopes, 2));
    this.geometry.setAttribute('edge', new BufferAttribute(edges, 1));
    this.geometry.setIndex(new BufferAttribute(indexes, 1));
  }
}
