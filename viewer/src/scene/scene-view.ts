import type { Geometry } from '@corridor/protocols/http/scene';
import { Color, Vector3, type WebGLRenderer } from 'three';
import { stationIdOfPart } from '../store/bays.ts';
import type { SceneClock } from '../store/scene-clock.ts';
import type { SceneStore } from '../store/scene-store.ts';
import type { Selected, SelectionStore } from '../store/selection.ts';
import type { TrackPath } from '../store/track-store.ts';
import type { CameraAddress } from '../store/view-address.ts';
import { SCENE_PALETTES, type ThemeName } from '../theme/scene-palette.ts';
import { addressOfPose, type Footprint, poseOfAddress, writeFootprint } from './camera-address.ts';
import { CameraRig } from './camera-rig.ts';
import type { DrawnTruck } from './drawn-truck.ts';
import { COARSE_PART, FirstFrames } from './first-frames.ts';
import { FramePace } from './frame-pace.ts';
import { type Heat, type HeatKind, type HeatLayerName, heatOf, meanSocByStation } from './heat-scale.ts';
import { LabelPass } from './label-pass.ts';
import type { LabelRoom } from './label-placement.ts';
import { pickAt } from './picking.ts';
import { type DrawView, type ScenePoint, worldPoint } from './placed.ts';
import { PlacedSites } from './placed-sites.ts';
import { Relief } from './relief.ts';
import type { RoadLine } from './road-line.ts';
import type { LabelInput, LabelWords } from './scene-labels.ts';
import { SceneLayers } from './scene-layers.ts';
import { placeOf } from './scene-places.ts';
import { listenToPointer } from './scene-pointer.ts';
import { sizePicture } from './scene-renderer.ts';
import { nearestStation, type StationFrame } from './station-frames.ts';
import { terrainAltKmAt } from './terrain-field.ts';
import { type CameraPose, distanceToSeeKm, fitPose, type Insets, symbolPxIn, type WindowSize } from './view-fit.ts';

export interface SceneViewOptions {
  container: HTMLElement;
  /** The view's own from here on. */
  renderer: WebGLRenderer;
  geometry: Geometry;
  store: SceneStore;
  clock: SceneClock;
  selection: SelectionStore;
  theme: ThemeName;
  reducedMotion: boolean;
  words: () => LabelWords;
  insets: (size: WindowSize) => Insets;
  /** Where to look from at first; null: at the whole network. */
  firstCamera: () => CameraAddress | null;
  /** What a quantity of a station is in words. */
  heatText: (kind: HeatKind, heat: Heat) => string;
  /** Where labels may be: everywhere but under panels. */
  labelRoom: (size: WindowSize) => LabelRoom;
}

/** Further out than this, in whole networks, there is nothing to see. */
const ZOOM_OUT_MAX = 1.3;
const NETWORK_TILT_RAD = 0.86;
/** From a click on the small map one looks at the ground from no further. */
const GROUND_KM = 40;
/** From nearer than this the slots of a station can be read. */
const NEAR_FOCUS_KM = 0.4;

/** The 3D scene: layers on one frame loop. Panels talk to it through the stores and the few methods below. */
export class SceneView {
  readonly rig: CameraRig;
  readonly renderer: WebGLRenderer;
  private readonly options: SceneViewOptions;
  private readonly layers: SceneLayers;
  private readonly labels = new LabelPass();
  private readonly relief = new Relief();
  private theme: ThemeName;
  private readonly point: ScenePoint = { position: new Vector3(), scale: 1 };
  private readonly view: DrawView;
  private readonly step: Parameters<SceneLayers['advance']>[0];
  private readonly undo: (() => void)[] = [];
  private readonly placedSites: PlacedSites;
  private readonly firstFrames = new FirstFrames();
  private readonly pace = new FramePace();
  private readonly fittedInsets: Insets = { left: 0, right: 0, top: 0, bottom: 0 };
  private lastFrameMs = 0;
  private sized = false;
  private linked = false;
  /** Asked of the element only when it changes: asked each frame, the page would be laid out anew for it. */
  private size: WindowSize = { clientWidth: 0, clientHeight: 0 };
  /** Part of the screen's pixels along each side that are drawn. */
  private pixelPart = COARSE_PART;

  constructor(options: SceneViewOptions) {
    this.options = options;
    this.theme = options.theme;
    const { geometry, store, clock, container, reducedMotion } = options;
    this.renderer = options.renderer;
    // To ask how a shader compiled is to wait for it; that each draws is what the browser tests look at.
    this.renderer.debug.checkShaderErrors = false;
    this.renderer.domElement.className = 'scene-canvas';
    this.layers = new SceneLayers({ geometry, store, clock, renderer: this.renderer });
    container.append(this.renderer.domElement, this.labels.element);
    const { field } = this.layers;
    this.rig = new CameraRig(container, (xKm, zKm) => terrainAltKmAt(field, xKm, zKm), this.relief);
    this.rig.reducedMotion = reducedMotion;
    this.view = { symbolPx: 11, kmPerPixelAtOneKm: 0, focusKm: 0, exaggeration: 1, camera: this.rig.camera };
    this.step = { atMs: 0, sceneNowMs: Number.NaN, elapsedS: 0, reducedMotion, view: this.view, target: this.rig.controls.target };
    this.placedSites = new PlacedSites(geometry.sites, this.layers.road);
    this.setTheme(options.theme);
    this.layers.takeAll();
    // Compiled on the GPU's side while this one waits for what is to be drawn.
    this.renderer.compile(this.layers.scene, this.rig.camera);
    this.listen();
  }

  /** Draws frame after frame, or rests while a page covers the scene. Rests at first. */
  setDrawing(drawing: boolean): void {
    this.renderer.setAnimationLoop(drawing ? (atMs) => this.drawFrame(atMs) : null);
  }

  setTheme(theme: ThemeName): void {
    this.theme = theme;
    // Unlike our shaders, three encodes the clear colour itself.
    this.renderer.setClearColor(new Color(SCENE_PALETTES[theme].fog), 1);
    this.layers.paint(theme);
  }

  /** Texts changed (language): labels are written anew. */
  refreshLabels(): void {
    this.labels.refresh();
  }

  setHeat(kind: HeatLayerName): void {
    this.layers.showHeat(kind);
    this.labels.refresh();
  }

  /** @param path of the selected truck; null: none is drawn */
  showTrack(path: TrackPath | null): void {
    this.layers.track.show(path);
    this.labels.refresh();
  }

  /** Colours the road by how steep it is. */
  setGrade(shown: boolean): void {
    this.layers.showGrade(shown);
  }

  /** @param factor on heights; null: by distance */
  setRelief(factor: number | null): void {
    this.relief.chosen = factor;
    if (this.rig.untouched && this.sized) this.showNetwork(false);
  }

  showNetwork(fly = true): void {
    const pose = this.networkPose();
    this.rig.controls.maxDistance = pose.distanceKm * ZOOM_OUT_MAX;
    if (fly) this.rig.flyTo(pose, performance.now());
    else this.rig.jumpTo(pose);
    this.rig.untouched = true;
  }

  /** Where the camera is; null while it shows the whole network by itself. */
  get cameraAddress(): CameraAddress | null {
    return this.rig.untouched ? null : addressOfPose(this.rig.pose, this.layers.projection);
  }

  /** @param camera null: the whole network */
  lookFrom(camera: CameraAddress | null, fly: boolean): void {
    if (camera === null) return this.showNetwork(fly);
    this.moveTo(poseOfAddress(camera, this.layers.projection), fly);
  }

  /** Looks at a point of the plane, from near enough to see what is there. */
  lookAtGround(xKm: number, zKm: number, fly: boolean): void {
    const { pose } = this.rig;
    this.moveTo({ ...pose, xKm, zKm, distanceKm: Math.min(pose.distanceKm, GROUND_KM) }, fly);
  }

  /** What of the ground is seen now. */
  writeFootprint(out: Footprint): void {
    writeFootprint(out, this.rig.camera, { yKm: this.rig.controls.target.y, focusKm: this.rig.distanceKm });
  }

  /** Towns along the road. */
  get sites(): Geometry['sites'] {
    return this.options.geometry.sites;
  }

  /** What things stand at, for a smaller map of them. */
  get plan(): { road: RoadLine; frames: ReadonlyMap<string, StationFrame>; trucks: readonly DrawnTruck[] } {
    return { road: this.layers.road, frames: this.layers.frames, trucks: this.layers.trucks.drawn };
  }

  /** Brings an object into view; false when it has no place in the scene. */
  flyTo(selected: Selected): boolean {
    const place = placeOf(this.layers.places, selected);
    if (place === null) return false;
    const [cos, sin] = [Math.cos(place.at.yawRad) / 1000, Math.sin(place.at.yawRad) / 1000];
    const xKm = place.at.xKm + cos * place.xM + sin * place.zM;
    const zKm = place.at.zKm + cos * place.zM - sin * place.xM;
    // Stations are looked at from the road, a little from the side, so that the rack stands in a row.
    const bearingRad = selected.kind === 'truck' ? this.rig.pose.bearingRad : Math.PI - place.at.yawRad + 0.45;
    const distanceKm = Math.max(place.lookKm, distanceToSeeKm(place.widthKm, this.size, this.options.insets(this.size), this.rig.fovDeg));
    this.rig.flyTo({ xKm, zKm, distanceKm, bearingRad, tiltRad: 0.95 }, performance.now());
    return true;
  }

  /** What is drawn at a point of the container, CSS pixels. */
  pick(xPx: number, yPx: number, radiusPx: number): Selected | null {
    const { clientWidth: widthPx, clientHeight: heightPx } = this.size;
    const scene = { camera: this.rig.camera, widthPx, heightPx, view: this.view, ...this.layers.places };
    return pickAt(scene, xPx, yPx, radiusPx);
  }

  dispose(): void {
    this.renderer.setAnimationLoop(null);
    for (const step of this.undo) step();
    this.rig.dispose();
    this.layers.dispose();
    this.labels.dispose();
    this.renderer.dispose();
    this.renderer.domElement.remove();
  }

  private moveTo(pose: CameraPose, fly: boolean): void {
    if (fly) this.rig.flyTo(pose, performance.now());
    else this.rig.jumpTo(pose);
  }

  /** Panels came or went while the whole network is shown: it is fitted into what is free now. */
  private keepNetworkInView(insets: Insets): void {
    this.layers.frame.uSymbolPx.value = symbolPxIn(this.size, insets);
    const before = this.fittedInsets;
    const same = before.left === insets.left && before.right === insets.right && before.bottom === insets.bottom;
    if (same) return;
    Object.assign(before, insets);
    if (this.rig.untouched) this.showNetwork();
  }

  private networkPose(): CameraPose {
    const { clientWidth: widthPx, clientHeight: heightPx } = this.size;
    const { road } = this.layers;
    const points = [];
    for (let i = 0; i < road.count; i += 25) {
      points.push({ xKm: road.xKm[i] as number, altKm: road.altKm[i] as number, zKm: road.zKm[i] as number });
    }
    const exaggerationAt = (focusKm: number): number => this.relief.at(focusKm);
    const insets = this.options.insets(this.size);
    return fitPose(points, { widthPx, heightPx, fovDeg: this.rig.fovDeg, insets, tiltRad: NETWORK_TILT_RAD, exaggerationAt });
  }

  private listen(): void {
    const { store, container } = this.options;
    this.undo.push(store.onChange((change) => this.layers.take(change)));
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
    this.size = { clientWidth, clientHeight };
    sizePicture(this.renderer, this.size, this.pixelPart);
    this.rig.resize(clientWidth, clientHeight);
    if (!this.sized) {
      this.sized = true;
      Object.assign(this.fittedInsets, this.options.insets(this.size));
      this.lookFrom(this.options.firstCamera(), false);
    }
  }

  private drawFrame(atMs: number): void {
    const hasRecords = this.options.store.records.stations.size > 0;
    if (!this.linked) this.linkPrograms();
    if (!this.sized || this.firstFrames.waits(atMs, hasRecords) || this.pace.skips(atMs, this.rig.busy)) return;
    this.pixelPart = this.firstFrames.pixelPart(hasRecords);
    sizePicture(this.renderer, this.size, this.pixelPart);
    // What is left out from afar is left out of the first picture, too.
    this.view.focusKm = this.rig.distanceKm;
    const elapsedS = Math.min((atMs - this.lastFrameMs) / 1000, 0.25);
    this.lastFrameMs = atMs;
    const { clock, selection } = this.options;
    this.step.atMs = atMs;
    this.step.elapsedS = elapsedS;
    this.step.sceneNowMs = clock.nowMs(performance.now());
    this.layers.advance(this.step);
    this.follow();
    const insets = this.options.insets(this.size);
    this.keepNetworkInView(insets);
    this.rig.centreIn(insets, elapsedS);
    this.rig.update(atMs);
    this.writeUniforms(elapsedS);
    this.layers.mark(selection.current.peek(), selection.hovered.peek());
    this.renderer.render(this.layers.scene, this.rig.camera);
    this.labels.draw(this.labelInput, this.view, this.options.labelRoom(this.size), atMs);
  }

  /** Before anything is drawn: asked for between the first draws, each program is answered only after all that was drawn before it. */
  private linkPrograms(): void {
    this.linked = true;
    for (const program of this.renderer.info.programs ?? []) {
      program.getUniforms();
      program.getAttributes();
    }
  }

  private writeUniforms(elapsedS: number): void {
    const { frame } = this.layers;
    const focusKm = this.rig.distanceKm;
    const kmPerPixel = (2 * Math.tan((this.rig.fovDeg * Math.PI) / 360)) / Math.max(this.size.clientHeight, 1);
    frame.uFocusKm.value = focusKm;
    frame.uKmPerPixel.value = kmPerPixel;
    frame.uExaggeration.value = this.relief.at(focusKm);
    frame.uFogNearKm.value = focusKm * 1.35 + 6;
    frame.uFogFarKm.value = focusKm * 3.4 + 50;
    if (!this.options.reducedMotion) frame.uTimeS.value = (frame.uTimeS.value + elapsedS) % 3600;
    this.view.symbolPx = frame.uSymbolPx.value;
    this.view.kmPerPixelAtOneKm = kmPerPixel;
    this.view.focusKm = focusKm;
    this.view.exaggeration = frame.uExaggeration.value;
  }

  private follow(): void {
    const { selection } = this.options;
    const selected = selection.current.peek();
    if (!selection.following.peek() || selected?.kind !== 'truck') return;
    const truck = this.layers.trucks.get(selected.id);
    if (truck?.visible !== true) return;
    worldPoint(truck, truck.offset, this.view, this.point);
    this.rig.carry(this.point.position.x, this.point.position.z);
  }

  private readonly labelInput = (): LabelInput => {
    const { store, selection, words } = this.options;
    return {
      records: store.records,
      slotsAt: (stationId) => store.slotsAt(stationId),
      sites: this.placedSites.unnamed(this.layers.frames),
      frames: this.layers.frames,
      trucks: this.layers.trucks,
      selected: selection.current.peek(),
      hovered: selection.hovered.peek(),
      focusKm: this.view.focusKm,
      focus: this.rig.controls.target,
      words: words(),
      heat: this.labelHeat(),
      nearStationId: this.nearStation(),
      trackLabels: this.layers.track.labels,
    };
  };

  private labelHeat(): LabelInput['heat'] {
    const { heat } = this.layers;
    const kind = heat.shown;
    if (kind === 'none') return null;
    const meanSoc = kind === 'soc' ? meanSocByStation(this.options.store.records.slots.values()) : null;
    return {
      topOf: (stationId) => heat.topOf(stationId),
      textOf: (station) => this.options.heatText(kind, heatOf(kind, station, meanSoc?.get(station.id) ?? null)),
    };
  }

  private nearStation(): string | null {
    if (this.view.focusKm > NEAR_FOCUS_KM) return null;
    const selected = this.options.selection.current.peek();
    const { x, z } = this.rig.controls.target;
    return nearestStation(this.layers.frames, x, z, selected === null ? null : stationMeant(selected));
  }
}

function stationMeant({ kind, id }: Selected): string | null {
  if (kind === 'station') return id;
  return kind === 'bay' || kind === 'slot' ? stationIdOfPart(id) : null;
}
