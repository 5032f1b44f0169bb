import type { Geometry } from '@corridor/protocols/http/scene';
import { Color, Scene, type Vector3, type WebGLRenderer } from 'three';
import type { SceneClock } from '../store/scene-clock.ts';
import type { Records, SceneChange, SceneStore } from '../store/scene-store.ts';
import type { Selected } from '../store/selection.ts';
import { SCENE_PALETTES, type ScenePalette, type ThemeName } from '../theme/scene-palette.ts';
import { CraneLayer } from './crane-layer.ts';
import { lightScene } from './daylight.ts';
import { createFrameUniforms } from './frame-uniforms.ts';
import { HeatLayer } from './heat-layer.ts';
import type { HeatLayerName } from './heat-scale.ts';
import { MarkerLayer } from './marker-layer.ts';
import type { DrawView } from './placed.ts';
import { type Projection, projectionAround } from './projection.ts';
import { RoadLayer } from './road-layer.ts';
import { RoadLine } from './road-line.ts';
import { drawMarkers } from './scene-markers.ts';
import type { ScenePlaces } from './scene-places.ts';
import { createShadowMaterial } from './shadow-material.ts';
import { framesOf, type StationFrame } from './station-frames.ts';
import { StationLayer } from './station-layer.ts';
import { createSymbolMaterial, emptyPalette } from './symbol-material.ts';
import { buildTerrainField, type TerrainField } from './terrain-field.ts';
import { TerrainLayer } from './terrain-layer.ts';
import { TrackLayer } from './track-layer.ts';
import { TruckLayer } from './truck-layer.ts';

const PALETTE_PARTS = ['body', 'dark', 'light', 'steel', 'ground', 'mark', 'glass', 'panel', 'load'] as const;
const TRUCK_FAR_WIDEN = 2.3;
const LIGHT_INTERVAL_MS = 1_000;
/** Which racks are near enough to be drawn is looked at this often. */
const DETAIL_INTERVAL_MS = 300;
const PLAIN_ABOVE_STATIONS = 100;
const PLAIN_BEYOND_KM = 60;
/** Columns follow what the stations report this often. */
const HEAT_INTERVAL_MS = 500;

export interface LayersOptions {
  geometry: Geometry;
  store: SceneStore;
  clock: SceneClock;
  renderer: WebGLRenderer;
}

/** Everything that is drawn: the layers, the materials that they share, and what they take from the store. */
export class SceneLayers {
  readonly scene = new Scene();
  readonly frame = createFrameUniforms();
  readonly projection: Projection;
  readonly road: RoadLine;
  readonly field: TerrainField;
  readonly trucks: TruckLayer;
  readonly heat: HeatLayer;
  readonly track: TrackLayer;
  frames: ReadonlyMap<string, StationFrame> = new Map();
  readonly #store: SceneStore;
  readonly #clock: SceneClock;
  readonly #palette = emptyPalette();
  readonly #fixedMaterials = {
    material: createSymbolMaterial({ frame: this.frame, palette: this.#palette }),
    shadow: createShadowMaterial({ frame: this.frame }),
  };
  readonly #truckMaterials = {
    material: createSymbolMaterial({ frame: this.frame, palette: this.#palette, farWiden: TRUCK_FAR_WIDEN }),
    shadow: createShadowMaterial({ frame: this.frame, farWiden: TRUCK_FAR_WIDEN }),
  };
  readonly #terrain: TerrainLayer;
  readonly #roadLayer: RoadLayer;
  readonly #stations: StationLayer;
  readonly #cranes: CraneLayer;
  readonly #markers: MarkerLayer;
  readonly #stateColours = { accent: new Color(), wait: new Color(), alarm: new Color() };
  readonly #marked: { selected: Selected | null; hovered: Selected | null } = { selected: null, hovered: null };
  readonly #places: ScenePlaces;
  readonly #origin: { latDeg: number; lonDeg: number };
  #colours: ScenePalette = SCENE_PALETTES.light;
  #nextLightAtMs = 0;
  #nextHeatAtMs = 0;
  #nextDetailAtMs = 0;

  /** @throws RangeError when the geometry has no road */
  constructor({ geometry, store, clock, renderer }: LayersOptions) {
    this.#store = store;
    this.#clock = clock;
    const { road, terrain } = geometry;
    const first = road[0];
    const last = road.at(-1);
    if (first === undefined || last === undefined) throw new RangeError('geometry without a road');
    this.#origin = { latDeg: (first.lat + last.lat) / 2, lonDeg: (first.lon + last.lon) / 2 };
    this.projection = projectionAround(this.#origin.latDeg, this.#origin.lonDeg);
    this.road = new RoadLine(road, this.projection);
    this.field = buildTerrainField(terrain, this.projection, this.road);
    this.#terrain = new TerrainLayer(this.field, this.frame, renderer.extensions.has('OES_texture_float_linear'));
    this.#roadLayer = new RoadLayer(this.road, this.frame);
    this.#stations = new StationLayer(this.#fixedMaterials);
    this.#cranes = new CraneLayer(this.#fixedMaterials);
    this.trucks = new TruckLayer(this.#truckMaterials, this.road, this.projection, this.frame.uDrawnS);
    this.heat = new HeatLayer(this.#fixedMaterials);
    this.#markers = new MarkerLayer(this.frame);
    this.track = new TrackLayer(this.road, this.frame, () => clock.nowMs(performance.now()) - this.trucks.delay.delayMs);
    const groups = [this.#stations, this.#cranes, this.heat, this.trucks, this.#markers].map(({ group }) => group);
    this.scene.add(this.#terrain.mesh, ...this.#roadLayer.meshes, this.track.mesh, ...groups);
    this.#places = { trucks: this.trucks, frames: this.frames, records: store.records };
  }

  /** Where things stand; the object is the layers' own. */
  get places(): ScenePlaces {
    return this.#places;
  }

  paint(theme: ThemeName): void {
    const palette = SCENE_PALETTES[theme];
    this.#colours = palette;
    this.frame.uFogColour.value.setStyle(palette.fog, '');
    for (const [at, part] of PALETTE_PARTS.entries()) this.#palette[at]?.setStyle(palette[part], '');
    this.#stateColours.accent.setStyle(palette.accent, '');
    this.#stateColours.wait.setStyle(palette.wait, '');
    this.#stateColours.alarm.setStyle(palette.alarm, '');
    this.#terrain.paint(palette);
    this.#roadLayer.paint(palette, theme);
    this.track.paint(palette);
    this.#stations.paint(palette, this.#store.records);
    this.heat.paint(theme, this.#store.records);
    this.trucks.repaint();
    this.#nextLightAtMs = 0;
  }

  /** Colours stations by a quantity; trucks keep their colour only where that is the charge. */
  showHeat(kind: HeatLayerName): void {
    this.heat.show(kind, this.#store.records);
    this.trucks.setQuiet(kind !== 'none' && kind !== 'soc');
  }

  /** Colours the road by how steep it is. */
  showGrade(shown: boolean): void {
    this.#roadLayer.showGrade(shown);
  }

  /** Everything that the store has. */
  takeAll(): void {
    this.#layOutStations();
    const ids = { stations: [], slots: [], packs: [], orders: [], alarms: [], trucks: [...this.#store.records.trucks.keys()] };
    const everything = { reset: true, upserted: ids, removed: { ...ids, trucks: [] } };
    this.trucks.update(everything, this.#store.records, this.frames, this.#clock.nowMs(performance.now()));
  }

  take(change: SceneChange): void {
    const { records } = this.#store;
    if (change.reset || !this.#stations.knows(change)) this.#layOutStations();
    else this.#stations.update(change, records);
    this.#cranes.update(change.upserted.stations, records);
    this.#cranes.updateLoads(change.upserted.packs, records);
    this.#cranes.updateLoads(change.removed.packs, records);
    this.trucks.update(change, records, this.frames, this.#clock.nowMs(performance.now()));
  }

  /** Moves what moves; allocates nothing. @param sceneNowMs NaN before the first message */
  advance(step: { atMs: number; sceneNowMs: number; elapsedS: number; reducedMotion: boolean; view: DrawView; target: Vector3 }): void {
    const { atMs, sceneNowMs, elapsedS, reducedMotion, view, target } = step;
    const isKnown = Number.isFinite(sceneNowMs);
    if (isKnown) this.trucks.advance(sceneNowMs, elapsedS, reducedMotion);
    this.#cranes.advance(elapsedS, reducedMotion);
    if (this.heat.shown !== 'none' && atMs >= this.#nextHeatAtMs) {
      this.#nextHeatAtMs = atMs + HEAT_INTERVAL_MS;
      this.heat.show(this.heat.shown, this.#store.records);
    }
    this.heat.advance(view, elapsedS, reducedMotion);
    if (atMs >= this.#nextDetailAtMs) {
      this.#nextDetailAtMs = atMs + DETAIL_INTERVAL_MS;
      this.#stations.lookAt({ xKm: target.x, zKm: target.z, focusKm: view.focusKm }, this.#store.records);
      this.trucks.setDetail(view.focusKm);
      // Of so many stations seen from afar one stands before the other: cranes and shadows cannot be told apart.
      const isPlain = this.frames.size > PLAIN_ABOVE_STATIONS && view.focusKm > PLAIN_BEYOND_KM;
      this.#stations.setPlain(isPlain);
      this.#cranes.group.visible = !isPlain;
      this.#terrain.lookFrom(view.focusKm);
    }
    if (!isKnown || atMs < this.#nextLightAtMs) return;
    this.#nextLightAtMs = atMs + LIGHT_INTERVAL_MS;
    lightScene(this.frame, this.#colours, sceneNowMs, this.#origin.latDeg, this.#origin.lonDeg);
  }

  mark(selected: Selected | null, hovered: Selected | null): void {
    this.#marked.selected = selected;
    this.#marked.hovered = hovered;
    drawMarkers(this.#markers, this.#places, this.#stations.alarmed, this.#marked, this.#stateColours);
  }

  dispose(): void {
    for (const layer of [this.#terrain, this.#roadLayer, this.#stations, this.#cranes, this.trucks, this.heat, this.track, this.#markers])
      layer.dispose();
    for (const { material, shadow } of [this.#fixedMaterials, this.#truckMaterials]) {
      material.dispose();
      shadow.dispose();
    }
  }

  #layOutStations(): void {
    const records: Records = this.#store.records;
    this.frames = framesOf(records, this.road);
    this.#places.frames = this.frames;
    this.#stations.layOut(records, this.frames);
    this.#cranes.layOut(records, this.frames);
    this.heat.layOut(this.frames, records);
  }
}
