import { emptyFootprint } from '../scene/camera-address.ts';
import { type HeatLayerName, heatColour, heatOf, meanSocByStation } from '../scene/heat-scale.ts';
import type { SceneView } from '../scene/scene-view.ts';
import { cssColour } from '../scene/soc-ramp.ts';
import type { StationFrame } from '../scene/station-frames.ts';
import { type Condition, stationCondition } from '../store/condition.ts';
import type { Records } from '../store/scene-store.ts';
import { SCENE_PALETTES, type ThemeName } from '../theme/scene-palette.ts';
import type { MiniMapPlan } from './mini-map-plan.ts';

const footprint = emptyFootprint();
const TRUCK_PX = 1.5;
/** More trucks than this on the small map would be one smear. */
const TRUCKS_DRAWN_MAX = 2_000;
const DOT_PX = { few: 4, many: 2 } as const;
const FEW_STATIONS = 40;

export interface MiniMapPicture {
  view: SceneView;
  plan: MiniMapPlan;
  records: Records;
  theme: ThemeName;
  layer: HeatLayerName;
  /** Station that the keyboard stands on; null: none. */
  focusedId: string | null;
}

/** On a map as small as this a truck takes a minute for a pixel: what stands on it is drawn anew this often. */
const CONTENT_INTERVAL_MS = 1_000;

/**
 * The whole corridor: road, trucks, stations in the colour of the layer or of their state, and what the camera sees. Only the
 * last follows the camera; the rest is kept as a picture of its own.
 */
export class MiniMapDrawing {
  readonly #context: CanvasRenderingContext2D;
  readonly #content: CanvasRenderingContext2D;
  readonly #seen = emptyFootprint();
  #drawn: Omit<MiniMapPicture, 'view' | 'records'> | null = null;
  #nextContentAtMs = 0;

  /** @throws RangeError when the browser gives no second canvas */
  constructor(context: CanvasRenderingContext2D) {
    const { canvas } = context;
    const content = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height }).getContext('2d');
    if (content === null) throw new RangeError('no canvas for the small map');
    this.#context = context;
    this.#content = content;
  }

  /** Draws what is new; nothing when nothing is. */
  draw(of: MiniMapPicture, atMs: number): void {
    of.view.writeFootprint(footprint);
    const isSameContent = this.#drawn !== null && sameContent(this.#drawn, of) && atMs < this.#nextContentAtMs;
    if (isSameContent && footprint.every((km, i) => km === this.#seen[i])) return;
    this.#seen.set(footprint);
    if (!isSameContent) {
      const { plan, theme, layer, focusedId } = of;
      this.#drawn = { plan, theme, layer, focusedId };
      this.#nextContentAtMs = atMs + CONTENT_INTERVAL_MS;
      drawContent(this.#content, of);
    }
    const { width, height } = this.#context.canvas;
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, width, height);
    scaleToScreen(this.#context);
    drawSeen(this.#context, of, SCENE_PALETTES[of.theme].accent);
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.drawImage(this.#content.canvas, 0, 0);
  }
}

function sameContent(a: Omit<MiniMapPicture, 'view' | 'records'>, b: MiniMapPicture): boolean {
  return a.plan.widthPx === b.plan.widthPx && a.theme === b.theme && a.layer === b.layer && a.focusedId === b.focusedId;
}

function scaleToScreen(context: CanvasRenderingContext2D): void {
  const ratio = window.devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

function drawContent(context: CanvasRenderingContext2D, of: MiniMapPicture): void {
  const { plan, theme } = of;
  const palette = SCENE_PALETTES[theme];
  scaleToScreen(context);
  context.clearRect(0, 0, plan.widthPx, plan.heightPx);
  drawRoad(context, of, palette.steel);
  drawTrucks(context, of, palette.contour);
  drawStations(context, of);
}

function drawRoad(context: CanvasRenderingContext2D, { view, plan }: MiniMapPicture, colour: string): void {
  const { road } = view.plan;
  context.beginPath();
  for (let i = 0; i < road.count; i += 4) {
    context.lineTo(plan.xPx + (road.xKm[i] as number) * plan.pxPerKm, plan.zPx + (road.zKm[i] as number) * plan.pxPerKm);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.stroke();
}

function drawTrucks(context: CanvasRenderingContext2D, { view, plan }: MiniMapPicture, colour: string): void {
  const { trucks } = view.plan;
  const step = Math.ceil(trucks.length / TRUCKS_DRAWN_MAX);
  context.fillStyle = colour;
  for (let i = 0; i < trucks.length; i += step) {
    const truck = trucks[i];
    if (truck?.visible !== true) continue;
    context.fillRect(
      plan.xPx + truck.xKm * plan.pxPerKm - TRUCK_PX / 2,
      plan.zPx + truck.zKm * plan.pxPerKm - TRUCK_PX / 2,
      TRUCK_PX,
      TRUCK_PX,
    );
  }
}

const CONDITION_COLOURS = (theme: ThemeName): Record<Condition, string> => {
  const { idle, wait, alarm } = SCENE_PALETTES[theme];
  return { normal: idle, active: '#0aa58a', wait, alarm, offline: 'transparent' };
};

function drawStations(context: CanvasRenderingContext2D, { view, plan, records, theme, layer, focusedId }: MiniMapPicture): void {
  const palette = SCENE_PALETTES[theme];
  const { frames } = view.plan;
  const radius = frames.size > FEW_STATIONS ? DOT_PX.many : DOT_PX.few;
  const byCondition = CONDITION_COLOURS(theme);
  const meanSoc = layer === 'soc' ? meanSocByStation(records.slots.values()) : null;
  const byColour = new Map<string, StationFrame[]>();
  for (const frame of frames.values()) {
    const station = records.stations.get(frame.id);
    if (station === undefined) continue;
    const colour =
      layer === 'none'
        ? byCondition[stationCondition(station)]
        : cssColour(heatColour(layer, heatOf(layer, station, meanSoc?.get(frame.id) ?? null).share, theme));
    const alike = byColour.get(colour);
    if (alike === undefined) byColour.set(colour, [frame]);
    else alike.push(frame);
  }
  for (const [colour, alike] of byColour) {
    context.beginPath();
    for (const frame of alike) addDot(context, plan, frame, radius);
    context.fillStyle = colour;
    context.fill();
    context.strokeStyle = palette.contour;
    context.lineWidth = 0.75;
    context.stroke();
  }
  const focused = focusedId === null ? undefined : frames.get(focusedId);
  if (focused === undefined) return;
  context.beginPath();
  addDot(context, plan, focused, radius);
  context.strokeStyle = palette.accent;
  context.lineWidth = 2.5;
  context.stroke();
}

function addDot(context: CanvasRenderingContext2D, plan: MiniMapPlan, { xKm, zKm, yawRad }: StationFrame, radius: number): void {
  // Two stations at one place face each other across the road.
  const aside = radius * 0.9;
  const x = plan.xPx + xKm * plan.pxPerKm + Math.sin(yawRad) * aside;
  const y = plan.zPx + zKm * plan.pxPerKm + Math.cos(yawRad) * aside;
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function drawSeen(context: CanvasRenderingContext2D, { view, plan }: MiniMapPicture, colour: string): void {
  context.beginPath();
  for (let i = 0; i < footprint.length; i += 2) {
    context.lineTo(plan.xPx + (footprint[i] as number) * plan.pxPerKm, plan.zPx + (footprint[i + 1] as number) * plan.pxPerKm);
  }
  context.closePath();
  context.globalAlpha = 0.12;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
  // From near what is seen is smaller than a pixel: a cross-hair says where it is.
  const { x, z } = view.rig.controls.target;
  const [xPx, yPx] = [plan.xPx + x * plan.pxPerKm, plan.zPx + z * plan.pxPerKm];
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(xPx + dx * 7, yPx + dy * 7);
    context.lineTo(xPx + dx * 12, yPx + dy * 12);
  }
  context.lineWidth = 1.5;
  context.stroke();
}
