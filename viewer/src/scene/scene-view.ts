import type { Geometry } from '@corridor/protocols/http/scene';
import { Color, Scene, Vector3, WebGLRenderer } from 'three';
import type { SceneClock } from '../store/scene-clock.ts';
import type { SceneStore } from '../store/scene-store.ts';
import type { Selected, SelectionStore } from '../store/selection.ts';
import { SCENE_PALETTES, type ScenePalette, type ThemeName } from '../theme/scene-palette.ts';
import { CameraRig } from './camera-rig.ts';
import { CraneLayer } from './crane-layer.ts';
import { lightScene } from './daylight.ts';
import { FramePace } from './frame-pace.ts';
import { createFrameUniforms, exaggerationAt } from './frame-uniforms.ts';
import { LabelLayer } from './label-layer.ts';
import type { LabelRoom } from './label-placement.ts';
import { MarkerLayer } from './marker-layer.ts';
import { pickAt } from './picking.ts';
import { type DrawView, type ScenePoint, worldPoint } from './placed.ts';
import { projectionAround } from './projection.ts';
import { RoadLayer } from './road-layer.ts';
import { emptyRoadSample, RoadLine } from './road-line.ts';
import { type LabelWords, labelSpecs, type PlacedSite } from './scene-labels.ts';
import { drawMarkers } from './scene-markers.ts';
import { placeOf, type ScenePlaces } from './scene-places.ts';
import { listenToPointer } from './scene-pointer.ts';
import { createShadowMaterial } from './shadow-material.ts';
import { framesOf, nearestStation, type StationFrame } from './station-frames.ts';
import { StationLayer } from './station-layer.ts';
import { createSymbolMaterial, emptyPalette } from './symbol-material.ts';
import { buildTerrainField, terrainAltKmAt } from './terrain-field.ts';
import { TerrainLayer } from './terrain-layer.ts';
import { TruckLayer } from './truck-layer.ts';
import { type CameraPose, distanceToSeeKm, fitPose, type Insets, symbolPxIn } from './view-fit.ts';

export interface SceneViewOptions {
  container: HTMLElement;
  geometry: Geometry;
  store: SceneStore;
  clock: SceneClock;
  selection: SelectionStore;
  theme: ThemeName;
  reducedMotion: boolean;
  words: () => LabelWords;
  insets: () => Insets;
  /** Where labels may be: everywhere but under panels. */
  labelRoom: () => LabelRoom;
  onFrame?: (atMs: number) => void;
}

const DPR_MAX = 2;
const PALETTE_PARTS = ['body', 'dark', 'light', 'steel', 'ground', 'mark', 'glass', 'panel', 'load'] as const;
const TRUCK_FAR_WIDEN = 2.3;
/** Further out than this, in whole networks, there is nothing to see. */
const ZOOM_OUT_MAX = 1.3;
const LABEL_INTERVAL_MS = 400;
/** From nearer than this the slots of a station can be read. */
const NEAR_FOCUS_KM = 0.4;
const LIGHT_INTERVAL_MS = 1_000;

/** The 3D scene: layers on one frame loop. Panels talk to it through the stores and the few methods below. */
export class SceneView {
  readonly rig: CameraRig;
  readonly renderer: WebGLRenderer;
  private readonly options: SceneViewOptions;
  private readonly scene = new Scene();
  private readonly frame = createFrameUniforms();
  private readonly palette = emptyPalette();
  private readonly fixedMaterials = {
    material: createSymbolMaterial({ frame: this.frame, palette: this.palette }),
    shadow: createShadowMaterial({ frame: this.frame }),
  };
  private readonly truckMaterials = {
    material: createSymbolMaterial({ frame: this.frame, palette: this.palette, farWiden: TRUCK_FAR_WIDEN }),
    shadow: createShadowMaterial({ frame: this.frame, farWiden: TRUCK_FAR_WIDEN }),
  };
  private readonly road: RoadLine;
  private readonly terrain: TerrainLayer;
  private readonly roadLayer: RoadLayer;
  private readonly stations: StationLayer;
  private readonly cranes: CraneLayer;
  private readonly trucks: TruckLayer;
  private readonly markers: MarkerLayer;
  private readonly labels = new LabelLayer();
  private frames: Map<string, StationFrame> = new Map();
  private theme: ThemeName;
  private sceneColours: ScenePalette;
  private readonly stateColours = { accent: new Color(), wait: new Color(), alarm: new Color(), hover: new Color() };
  private readonly origin: { latDeg: number; lonDeg: number };
  private readonly point: ScenePoint = { position: new Vector3(), scale: 1 };
  private readonly view: DrawView;
  private readonly undo: (() => void)[] = [];
  private readonly sites: PlacedSite[];
  private readonly pace = new FramePace();
  private readonly fittedInsets: Insets = { left: 0, right: 0, top: 0, bottom: 0 };
  private lastFrameMs = 0;
  private nextLabelsAtMs = 0;
  private nextLightAtMs = 0;
  private sized = false;

  constructor(options: SceneViewOptions) {
    this.options = options;
    this.theme = options.theme;
    this.sceneColours = SCENE_PALETTES[options.theme];
    const { road, terrain } = options.geometry;
    const first = road[0];
    const last = road.at(-1);
    if (first === undefined || last === undefined) throw new RangeError('geometry without a road');
    this.origin = { latDeg: (first.lat + last.lat) / 2, lonDeg: (first.lon + last.lon) / 2 };
    const projection = projectionAround(this.origin.latDeg, this.origin.lonDeg);
    this.road = new RoadLine(road, projection);
    const field = buildTerrainField(terrain, projection, this.road);
    this.renderer = new WebGLRenderer({ antialias: true, stencil: true, powerPreference: 'high-performance' });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, DPR_MAX));
    this.renderer.domElement.className = 'scene-canvas';
    options.container.append(this.renderer.domElement, this.labels.element);
    this.rig = new CameraRig(options.container, (xKm, zKm) => terrainAltKmAt(field, xKm, zKm));
    this.rig.reducedMotion = options.reducedMotion;
    this.terrain = new TerrainLayer(field, this.frame, this.renderer.extensions.has('OES_texture_float_linear'));
    this.roadLayer = new RoadLayer(this.road, this.frame);
    this.stations = new StationLayer(this.fixedMaterials);
    this.cranes = new CraneLayer(this.fixedMaterials);
    this.trucks = new TruckLayer(this.truckMaterials, this.road, projection);
    this.markers = new MarkerLayer(this.frame);
    this.scene.add(
      this.terrain.mesh,
      ...this.roadLayer.meshes,
      this.stations.group,
      this.cranes.group,
      this.trucks.group,
      this.markers.group,
    );
    this.view = { symbolPx: 11, kmPerPixelAtOneKm: 0, focusKm: 0, exaggeration: 1, camera: this.rig.camera };
    this.sites = this.placeSites();
    this.setTheme(options.theme);
    this.takeSnapshot();
    this.listen();
  }

  /** Draws frame after frame, or rests while a page covers the scene. Rests at first. */
  setDrawing(drawing: boolean): void {
    this.renderer.setAnimationLoop(drawing ? (atMs) => this.drawFrame(atMs) : null);
  }

  setTheme(theme: ThemeName): void {
    this.theme = theme;
    const palette = SCENE_PALETTES[theme];
    this.sceneColours = palette;
    this.frame.uFogColour.value.setStyle(palette.fog, '');
    // Unlike our shaders, three encodes the clear colour itself.
    this.renderer.setClearColor(new Color(palette.fog), 1);
    for (const [at, part] of PALETTE_PARTS.entries()) this.palette[at]?.setStyle(palette[part], '');
    this.stateColours.accent.setStyle(palette.accent, '');
    this.stateColours.hover.setStyle(palette.accent, '');
    this.stateColours.wait.setStyle(palette.wait, '');
    this.stateColours.alarm.setStyle(palette.alarm, '');
    this.terrain.paint(palette);
    this.roadLayer.paint(palette);
    this.stations.paint(palette, this.options.store.records);
    this.trucks.repaint();
    this.nextLightAtMs = 0;
  }

  /** Texts changed (language): labels are written anew. */
  refreshLabels(): void {
    this.nextLabelsAtMs = 0;
  }

  showNetwork(fly = true): void {
    const pose = this.networkPose();
    this.rig.controls.maxDistance = pose.distanceKm * ZOOM_OUT_MAX;
    if (fly) this.rig.flyTo(pose, performance.now());
    else this.rig.jumpTo(pose);
    this.rig.untouched = true;
  }

  /** Panels came or went while the whole network is shown: it is fitted into what is free now. */
  private keepNetworkInView(insets: Insets): void {
    this.frame.uSymbolPx.value = symbolPxIn(this.options.container, insets);
    const before = this.fittedInsets;
    const same = before.left === insets.left && before.right === insets.right && before.bottom === insets.bottom;
    if (same) return;
    Object.assign(before, insets);
    if (this.rig.untouched) this.showNetwork();
  }

  private get places(): ScenePlaces {
    return { trucks: this.trucks, frames: this.frames, records: this.options.store.records };
  }

  /** Brings an object into view; false when it has no place in the scene. */
  flyTo(selected: Selected): boolean {
    const place = placeOf(this.places, selected);
    if (place === null) return false;
    const [cos, sin] = [Math.cos(place.at.yawRad) / 1000, Math.sin(place.at.yawRad) / 1000];
    const xKm = place.at.xKm + cos * place.xM + sin * place.zM;
    const zKm = place.at.zKm + cos * place.zM - sin * place.xM;
    // Stations are looked at from the road, a little from the side, so that the rack stands in a row.
    const bearingRad = selected.kind === 'truck' ? this.rig.pose.bearingRad : Math.PI - place.at.yawRad + 0.45;
    const distanceKm = Math.max(
      place.lookKm,
      distanceToSeeKm(place.widthKm, this.options.container, this.options.insets(), this.rig.fovDeg),
    );
    this.rig.flyTo({ xKm, zKm, distanceKm, bearingRad, tiltRad: 0.95 }, performance.now());
    return true;
  }

  /** What is drawn at a point of the container, CSS pixels. */
  pick(xPx: number, yPx: number, radiusPx: number): Selected | null {
    const { clientWidth: widthPx, clientHeight: heightPx } = this.options.container;
    return pickAt(
      {
        camera: this.rig.camera,
        widthPx,
        heightPx,
        view: this.view,
        frames: this.frames,
        trucks: this.trucks,
        records: this.options.store.records,
      },
      xPx,
      yPx,
      radiusPx,
    );
  }

  /** Screen position of a truck or station, CSS pixels of the container; null when it is not drawn. */
  screenOf(selected: Selected): { xPx: number; yPx: number } | null {
    const place = placeOf(this.places, selected);
    if (place === null) return null;
    worldPoint(place.at, { xM: place.xM, yM: 2, zM: place.zM }, this.view, this.point);
    const projected = this.point.position.project(this.rig.camera);
    if (projected.z > 1) return null;
    const { clientWidth: widthPx, clientHeight: heightPx } = this.options.container;
    return { xPx: (projected.x * 0.5 + 0.5) * widthPx, yPx: (0.5 - projected.y * 0.5) * heightPx };
  }

  dispose(): void {
    this.renderer.setAnimationLoop(null);
    for (const step of this.undo) step();
    this.rig.dispose();
    for (const layer of [this.terrain, this.roadLayer, this.stations, this.cranes, this.trucks, this.markers, this.labels]) layer.dispose();
    for (const { material, shadow } of [this.fixedMaterials, this.truckMaterials]) {
      material.dispose();
      shadow.dispose();
    }
    this.renderer.dispose();
    this.renderer.domElement.remove();
  }

  private networkPose(): CameraPose {
    const { clientWidth: widthPx, clientHeight: heightPx } = this.options.container;
    const points = [];
    for (let i = 0; i < this.road.count; i += 25) {
      points.push({ xKm: this.road.xKm[i] as number, altKm: this.road.altKm[i] as number, zKm: this.road.zKm[i] as number });
    }
    return fitPose(points, { widthPx, heightPx, fovDeg: this.rig.fovDeg, insets: this.options.insets(), tiltRad: 0.86, exaggerationAt });
  }

  private takeSnapshot(): void {
    const { store } = this.options;
    this.layOutStations();
    const everything = {
      reset: true,
      upserted: { stations: [], slots: [], packs: [], orders: [], alarms: [], trucks: [...store.records.trucks.keys()] },
      removed: { stations: [], slots: [], packs: [], orders: [], alarms: [], trucks: [] },
    };
    this.trucks.update(everything, store.records, this.frames, this.options.clock.nowMs(performance.now()));
  }

  private layOutStations(): void {
    this.frames = framesOf(this.options.store.records, this.road);
    this.stations.layOut(this.options.store.records, this.frames);
    this.cranes.layOut(this.options.store.records, this.frames);
  }

  private listen(): void {
    const { store, container } = this.options;
    this.undo.push(
      store.onChange((change) => {
        if (change.reset || !this.stations.knows(change)) this.layOutStations();
        else this.stations.update(change, store.records);
        this.cranes.update(change.upserted.stations, store.records);
        if (change.upserted.packs.length > 0) this.cranes.showLoads(store.records);
        this.trucks.update(change, store.records, this.frames, this.options.clock.nowMs(performance.now()));
      }),
    );
    this.undo.push(
      listenToPointer({
        container,
        selection: this.options.selection,
        pick: (xPx, yPx, radiusPx) => this.pick(xPx, yPx, radiusPx),
        flyTo: (selected) => this.flyTo(selected),
      }),
    );
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(container);
    this.undo.push(() => observer.disconnect());
    // three brings its objects back, but not the clear colour.
    const restored = (): void => this.setTheme(this.theme);
    this.renderer.domElement.addEventListener('webglcontextrestored', restored);
    this.undo.push(() => this.renderer.domElement.removeEventListener('webglcontextrestored', restored));
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.options.container;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.renderer.setSize(clientWidth, clientHeight);
    this.rig.resize(clientWidth, clientHeight);
    if (!this.sized) {
      this.sized = true;
      Object.assign(this.fittedInsets, this.options.insets());
      this.showNetwork(false);
    }
  }

  private drawFrame(atMs: number): void {
    if (!this.sized || this.pace.skips(atMs, this.rig.busy)) return;
    const elapsedS = Math.min((atMs - this.lastFrameMs) / 1000, 0.25);
    this.lastFrameMs = atMs;
    const { clock, selection, reducedMotion } = this.options;
    const sceneNowMs = clock.nowMs(performance.now());
    if (clock.known) this.trucks.advance(sceneNowMs, elapsedS, reducedMotion);
    this.cranes.advance(elapsedS, reducedMotion);
    this.follow();
    const insets = this.options.insets();
    this.keepNetworkInView(insets);
    this.rig.centreIn(insets, elapsedS);
    this.rig.update(atMs);
    this.writeUniforms(elapsedS);
    if (atMs >= this.nextLightAtMs && clock.known) {
      this.nextLightAtMs = atMs + LIGHT_INTERVAL_MS;
      lightScene(this.frame, this.sceneColours, sceneNowMs, this.origin.latDeg, this.origin.lonDeg);
    }
    const marked = { selected: selection.current.peek(), hovered: selection.hovered.peek() };
    drawMarkers(this.markers, this.places, marked, this.stateColours);
    this.renderer.render(this.scene, this.rig.camera);
    this.drawLabels(atMs);
    this.options.onFrame?.(atMs);
  }

  private writeUniforms(elapsedS: number): void {
    const focusKm = this.rig.distanceKm;
    const kmPerPixel = (2 * Math.tan((this.rig.fovDeg * Math.PI) / 360)) / Math.max(this.options.container.clientHeight, 1);
    this.frame.uFocusKm.value = focusKm;
    this.frame.uKmPerPixel.value = kmPerPixel;
    this.frame.uExaggeration.value = exaggerationAt(focusKm);
    this.frame.uFogNearKm.value = focusKm * 1.35 + 6;
    this.frame.uFogFarKm.value = focusKm * 3.4 + 50;
    if (!this.options.reducedMotion) this.frame.uTimeS.value = (this.frame.uTimeS.value + elapsedS) % 3600;
    this.view.symbolPx = this.frame.uSymbolPx.value;
    this.view.kmPerPixelAtOneKm = kmPerPixel;
    this.view.focusKm = focusKm;
    this.view.exaggeration = this.frame.uExaggeration.value;
  }

  private follow(): void {
    const { selection } = this.options;
    const selected = selection.current.peek();
    if (!selection.following.peek() || selected?.kind !== 'truck') return;
    const truck = this.trucks.get(selected.id);
    if (truck?.visible !== true) return;
    worldPoint(truck, truck.offset, this.view, this.point);
    this.rig.carry(this.point.position.x, this.point.position.z);
  }

  private drawLabels(atMs: number): void {
    const { store, selection } = this.options;
    if (atMs >= this.nextLabelsAtMs) {
      this.nextLabelsAtMs = atMs + LABEL_INTERVAL_MS;
      this.labels.setAll(
        labelSpecs({
          records: store.records,
          sites: this.sites,
          frames: this.frames,
          trucks: this.trucks,
          selected: selection.current.peek(),
          hovered: selection.hovered.peek(),
          focusKm: this.view.focusKm,
          words: this.options.words(),
          nearStationId: this.nearStation(),
        }),
      );
    }
    this.labels.update(this.view, this.options.labelRoom(), atMs);
  }

  private nearStation(): string | null {
    if (this.view.focusKm > NEAR_FOCUS_KM) return null;
    const selected = this.options.selection.current.peek();
    const { x, z } = this.rig.controls.target;
    return nearestStation(this.frames, x, z, selected?.kind === 'station' ? selected.id : null);
  }

  private placeSites(): PlacedSite[] {
    const sample = emptyRoadSample();
    return this.options.geometry.sites.map((site) => {
      this.road.sample(site.chainageM, sample);
      return { site, at: { xKm: sample.xKm, altKm: sample.altKm, zKm: sample.zKm, yawRad: 0 } };
    });
  }
}
