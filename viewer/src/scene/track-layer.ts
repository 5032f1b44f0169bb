import { BufferAttribute, BufferGeometry, Color, CustomBlending, Mesh, ShaderMaterial } from 'three';
import { clockTime, day } from '../format/time.ts';
import type { TrackPath } from '../store/track-store.ts';
import type { ScenePalette } from '../theme/scene-palette.ts';
import { FOG_GLSL, type FrameUniforms } from './frame-uniforms.ts';
import type { LabelSpec } from './label-layer.ts';
import { emptyRoadSample, type RoadLine } from './road-line.ts';
import { marksOf, piecesOf, spanOf, type TrackMark, type TrackPiece } from './track-line.ts';

const VERTEX = /* glsl */ `
  attribute vec2 tangent2;
  attribute float lane;
  attribute float side;
  attribute vec2 corner;
  attribute float atS;
  attribute float guessed;
  attribute float alongKm;
  uniform float uExaggeration;
  uniform float uKmPerPixel;
  varying vec2 vCorner;
  varying float vSide;
  varying float vAtS;
  varying float vGuessed;
  varying float vAlong;
  varying float vDistanceKm;
  void main() {
    vec3 base = vec3(position.x, position.y * uExaggeration, position.z);
    float pixelKm = uKmPerPixel * distance(cameraPosition, base);
    vec3 right = vec3(-tangent2.y, 0.0, tangent2.x);
    // In its own carriageway from near, beside the middle of the line from afar.
    vec3 world = base + right * (lane * max(0.0068, 1.3 * pixelKm) + side * max(0.003, 2.3 * pixelKm));
    vec4 view = viewMatrix * vec4(world, 1.0);
    view.xy += corner * max(0.008, 4.2 * pixelKm);
    vCorner = corner;
    vSide = side;
    vAtS = atS;
    vGuessed = guessed;
    vAlong = alongKm / (pixelKm * 9.0);
    vDistanceKm = -view.z;
    gl_Position = projectionMatrix * view;
    view.xyz -= normalize(view.xyz) * (0.007 + pixelKm * 8.0);
    vec4 pulled = projectionMatrix * view;
    gl_Position.z = pulled.z / pulled.w * gl_Position.w;
  }
`;

const FRAGMENT = /* glsl */ `
  uniform vec3 uAccent;
  uniform vec3 uCasing;
  uniform float uFromS;
  uniform float uDrawnS;
  varying vec2 vCorner;
  varying float vSide;
  varying float vAtS;
  varying float vGuessed;
  varying float vAlong;
  varying float vDistanceKm;
  ${FOG_GLSL}
  void main() {
    float r = length(vCorner);
    float roundPixel = fwidth(r);
    float sidePixel = fwidth(vSide);
    // Reports run ahead of the truck, which is drawn between two of them.
    if (vAtS > uDrawnS) discard;
    float age = clamp((uDrawnS - vAtS) / max(uDrawnS - uFromS, 1.0), 0.0, 1.0);
    float alpha = mix(1.0, 0.6, age);
    vec3 colour = uAccent;
    if (r > 0.0) {
      alpha = 1.0 - smoothstep(1.0 - roundPixel, 1.0, r);
      colour = mix(uAccent, uCasing, smoothstep(0.62 - roundPixel, 0.62, r));
    } else {
      alpha *= 1.0 - smoothstep(1.0 - sidePixel, 1.0, abs(vSide));
      if (vGuessed > 0.5) alpha *= step(0.5, fract(vAlong)) * 0.8;
    }
    if (alpha < 0.01) discard;
    gl_FragColor = vec4(withFog(colour, vDistanceKm), alpha);
  }
`;

/** Numbers of one vertex: place, tangent, lane, side, corner, time, guessed, way. */
const ATTRIBUTES = [
  ['position', 3],
  ['tangent2', 2],
  ['lane', 1],
  ['side', 1],
  ['corner', 2],
  ['atS', 1],
  ['guessed', 1],
  ['alongKm', 1],
] as const;
type AttributeName = (typeof ATTRIBUTES)[number][0];

const CORNERS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;
const MARK_SPOTS = [
  { widths: 0.5, xPx: 9, heights: 0.5, yPx: 3 },
  { widths: -0.5, xPx: -9, heights: -0.5, yPx: -3 },
  { widths: 0, xPx: 0, heights: 0.5, yPx: 10 },
] as const;
const ON_GROUND = { xM: 0, yM: 0, zM: 0 } as const;

/**
 * Where the selected truck or pack was: a line in the carriageway that it took, paler the longer ago, dashed where nothing was heard, with whole times
 * along it. Its geometry is made when the track changes; a frame writes one number.
 */
export class TrackLayer {
  readonly mesh: Mesh;
  /** Times along the track, for the labels. */
  labels: readonly LabelSpec[] = [];
  readonly #road: RoadLine;
  readonly #material: ShaderMaterial;
  readonly #colours = { accent: new Color(), casing: new Color() };
  readonly #drawn = { fromS: { value: 0 }, untilS: { value: 0 } };
  readonly #sample = emptyRoadSample();
  /** Seconds in 32 bits are told from here, so that they keep their fractions. */
  #originMs = 0;

  /** @param drawnMs scope time of what is drawn, unix ms; NaN before the first message */
  constructor(road: RoadLine, frame: FrameUniforms, drawnMs: () => number) {
    this.#road = road;
    this.#material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: {
        ...frame,
        uAccent: { value: this.#colours.accent },
        uCasing: { value: this.#colours.casing },
        uFromS: this.#drawn.fromS,
        uDrawnS: this.#drawn.untilS,
      },
      // As the road: after the ground and before everything that stands on it.
      blending: CustomBlending,
      depthWrite: false,
    });
    this.mesh = new Mesh(new BufferGeometry(), this.#material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 2.5;
    this.mesh.visible = false;
    this.mesh.onBeforeRender = () => {
      const nowMs = drawnMs();
      if (Number.isFinite(nowMs)) this.#drawn.untilS.value = (nowMs - this.#originMs) / 1_000;
    };
  }

  paint(palette: ScenePalette): void {
    this.#colours.accent.setStyle(palette.accent, '');
    this.#colours.casing.setStyle(palette.light, '');
  }

  /** @param path null: none is drawn */
  show(path: TrackPath | null): void {
    const pieces = path === null ? [] : piecesOf(path);
    const marks = path === null ? [] : marksOf(path);
    this.mesh.visible = pieces.length + marks.length > 0;
    const timeText = path !== null && spanOf(path) > DAY_MS ? dayText : minuteText;
    this.labels = marks.map((mark) => this.#label(mark, timeText));
    if (!this.mesh.visible) return;
    this.#originMs = path?.runs[0]?.[0]?.atMs ?? 0;
    this.#drawn.fromS.value = 0;
    this.mesh.geometry.dispose();
    this.mesh.geometry = this.#geometryOf(pieces, marks);
  }

  dispose(): void {
    this.mesh.removeFromParent();
    this.mesh.geometry.dispose();
    this.#material.dispose();
  }

  #geometryOf(pieces: readonly TrackPiece[], marks: readonly TrackMark[]): BufferGeometry {
    const rows: Record<AttributeName, number[]> = {
      position: [],
      tangent2: [],
      lane: [],
      side: [],
      corner: [],
      atS: [],
      guessed: [],
      alongKm: [],
    };
    const indexes: number[] = [];
    for (const piece of pieces) this.#addPiece(piece, rows, indexes);
    for (const mark of marks) this.#addMark(mark, rows, indexes);
    const geometry = new BufferGeometry();
    for (const [name, size] of ATTRIBUTES) geometry.setAttribute(name, new BufferAttribute(new Float32Array(rows[name]), size));
    geometry.setIndex(indexes);
    return geometry;
  }

  #addPiece({ from, to, guessed }: TrackPiece, rows: Record<AttributeName, number[]>, indexes: number[]): void {
    const lane = to.chainageM > from.chainageM ? 1 : -1;
    const lengthM = Math.abs(to.chainageM - from.chainageM);
    const steps = Math.max(1, Math.ceil(lengthM / this.#road.stepM));
    for (let step = 0; step <= steps; step++) {
      const part = step / steps;
      const chainageM = from.chainageM + (to.chainageM - from.chainageM) * part;
      const atS = (from.atMs + (to.atMs - from.atMs) * part - this.#originMs) / 1_000;
      for (const side of [-1, 1]) this.#addVertex(rows, chainageM, { lane, side, corner: [0, 0], atS, guessed: guessed ? 1 : 0 });
      if (step === 0) continue;
      const at = rows.lane.length - 2;
      indexes.push(at - 2, at - 1, at, at, at - 1, at + 1);
    }
  }

  #addMark({ fromMs, chainageM }: TrackMark, rows: Record<AttributeName, number[]>, indexes: number[]): void {
    const at = rows.lane.length;
    const atS = (fromMs - this.#originMs) / 1_000;
    for (const corner of CORNERS) this.#addVertex(rows, chainageM, { lane: 0, side: 0, corner, atS, guessed: 0 });
    indexes.push(at, at + 1, at + 2, at, at + 2, at + 3);
  }

  #addVertex(
    rows: Record<AttributeName, number[]>,
    chainageM: number,
    row: { lane: number; side: number; corner: readonly [number, number]; atS: number; guessed: number },
  ): void {
    const sample = this.#sample;
    this.#road.sample(chainageM, sample);
    rows.position.push(sample.xKm, sample.altKm, sample.zKm);
    rows.tangent2.push(sample.tangentX, sample.tangentZ);
    rows.lane.push(row.lane);
    rows.side.push(row.side);
    rows.corner.push(...row.corner);
    rows.atS.push(row.atS);
    rows.guessed.push(row.guessed);
    rows.alongKm.push(chainageM / 1_000);
  }

  #label({ fromMs, untilMs, chainageM }: TrackMark, timeText: (ms: number) => string): LabelSpec {
    this.#road.sample(chainageM, this.#sample);
    const { xKm, altKm, zKm } = this.#sample;
    return {
      key: `mark:${fromMs}`,
      at: { xKm, altKm, zKm, yawRad: 0 },
      offset: ON_GROUND,
      kind: 'mark',
      selects: null,
      text: untilMs > fromMs ? `${timeText(fromMs)}–${timeText(untilMs)}` : timeText(fromMs),
      detail: '',
      dot: '',
      priority: 5,
      spots: MARK_SPOTS,
      body: null,
    };
  }
}

const DAY_MS = 86_400_000;
/** 11-22 14:00 */
const dayText = (ms: number): string => `${day(ms).slice('YYYY-'.length)} ${minuteText(ms)}`;
const minuteText = (ms: number): string => clockTime(ms).slice(0, 'HH:MM'.length);
