import type { Geometry, StationView } from '@corridor/protocols/http/scene';
import { effect } from '@preact/signals';
import type { WebGLRenderer } from 'three';
import { heatText } from './format/heat-text.ts';
import { figure, percent, power } from './format/quantity.ts';
import type { Dictionary } from './i18n/en.ts';
import type { App } from './panels/app-context.ts';
import { isCovered } from './panels/covering-page.ts';
import { lookAt } from './panels/show.ts';
import type { LabelRoom } from './scene/label-placement.ts';
import type { LabelWords } from './scene/scene-labels.ts';
import { createSceneRenderer } from './scene/scene-renderer.ts';
import { SceneView } from './scene/scene-view.ts';
import type { Insets, WindowSize } from './scene/view-fit.ts';
import { sameSelection } from './store/selection.ts';

const RETRY_MS = 2_000;

/** Brings the scene into its element once the geometry is there; tries again until it is. @returns how to take it out */
export function mountScene(app: App, element: HTMLElement): () => void {
  let ended = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  const undo: (() => void)[] = [];
  const load = async (renderer: WebGLRenderer, asked: Promise<Geometry>): Promise<void> => {
    let geometry: Geometry;
    try {
      geometry = await asked;
    } catch {
      // The connection badge says what is wrong; the scene comes as soon as the twin answers.
      if (!ended) retryTimer = setTimeout(() => void load(renderer, geometryOf(app)), RETRY_MS);
      return;
    }
    if (ended) return;
    // The view's own from here on.
    undo.splice(0, undo.length, stage(app, element, renderer, geometry));
  };
  app.sceneState.value = 'loading';
  // The GPU makes its context while the geometry is on its way.
  const asked = geometryOf(app);
  const renderer = createSceneRenderer(element);
  if (renderer === null) {
    app.sceneState.value = 'failed';
    asked.catch(() => undefined);
    return () => undefined;
  }
  undo.push(() => renderer.dispose());
  void load(renderer, asked);
  return () => {
    ended = true;
    clearTimeout(retryTimer);
    for (const step of undo) step();
  };
}

async function geometryOf(app: App): Promise<Geometry> {
  return app.recording.peek()?.head.geometry ?? app.api.geometry();
}

function stage(app: App, element: HTMLElement, renderer: WebGLRenderer, geometry: Geometry): () => void {
  const insets: Insets = { left: 0, right: 0, top: 0, bottom: 0 };
  const room: LabelRoom = { ...insets, widthPx: 0, heightPx: 0 };
  const view = new SceneView({
    container: element,
    renderer,
    geometry,
    store: app.store,
    clock: app.clock,
    selection: app.selection,
    theme: app.theme.theme.peek(),
    reducedMotion: window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    words: () => labelWords(app),
    firstCamera: () => app.look.takeLinkedCamera(),
    heatText: (kind, heat) => heatText(kind, heat, app.language.words),
    insets: (size) => writeInsets(insets, size, placesOf(app)),
    labelRoom: (size) => writeLabelRoom(room, size, placesOf(app)),
  });
  const isCameraLinked = app.look.hasLinkedCamera;
  app.view.value = view;
  app.sceneState.value = 'ready';
  if (isCameraLinked) followLinked(app);
  else lookAtLinked(app);
  const stops = [
    effect(() => view.setTheme(app.theme.theme.value)),
    effect(() => view.setHeat(app.look.layer.value)),
    effect(() => view.setGrade(app.look.grade.value)),
    effect(() => view.setRelief(app.look.relief.value)),
    effect(() => view.showTrack(app.tracks.path.value)),
    effect(() => view.setDrawing(!isCovered(app))),
    effect(() => {
      if (app.language.current.value !== undefined) view.refreshLabels();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    app.view.value = null;
    view.dispose();
  };
}

/** A link that has a camera, too, shows its picture, and goes on with the truck that it follows. */
function followLinked(app: App): void {
  const linked = app.selection.current.peek();
  app.selection.following.value = app.look.takeLinkFollowing() && linked?.kind === 'truck';
}

/** A link to an object opens with the camera on it, once the scene has heard of it. */
function lookAtLinked(app: App): void {
  const linked = app.selection.current.peek();
  if (linked === null || linked.kind === 'order') return;
  const stop = app.store.loaded.subscribe((loaded) => {
    if (!loaded) return;
    // Two frames later the layers have the records and the camera has its first, whole view to fly from.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        stop();
        if (sameSelection(app.selection.current.peek(), linked)) lookAt(app, linked);
      }),
    );
  });
}

function labelWords(app: App): LabelWords {
  const words = app.language.words;
  return {
    chinese: app.language.chinese,
    ready: (packs) => words.readyOf(packs),
    percent: (value) => {
      const set = percent(value);
      return `${set.figure}${set.unit}`;
    },
    count: (value) => figure(value),
    station: (station) => stationText(station, words),
    bay: ({ bayState, step }) => (step === null && bayState === null ? '' : app.language.codeWord(step ?? bayState ?? '')),
    power: (powerW) => powerText(powerW),
  };
}

function powerText(powerW: number): string {
  const { figure: size, unit } = power(powerW);
  return `${size} ${unit}`;
}

/** What one reads of a station from near. */
function stationText({ readyPacks, queueLength, gridPowerW, pvPowerW }: StationView, words: Dictionary): string {
  const parts = [
    words.readyOf(figure(readyPacks)),
    queueLength === null || queueLength === 0 ? null : `${words.field.queue} ${figure(queueLength)}`,
    gridPowerW === null ? null : `${words.field.gridPower} ${powerText(gridPowerW)}`,
    pvPowerW === null ? null : `${words.field.pvPower} ${powerText(pvPowerW)}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

const NARROW_PX = 900;
/** A sheet at the bottom of a narrow window covers at most this part of it. */
const SHEET_PART = 0.64;

interface PanelPlaces {
  railOpen: boolean;
  inspecting: boolean;
  /** Whether there is one at the bottom that needs room. */
  timeBar: boolean;
}
const placesOf = (app: App): PanelPlaces => ({
  railOpen: app.railOpen.peek(),
  inspecting: app.selection.current.peek() !== null,
  timeBar: app.past.peek() !== null || app.recording.peek() !== null,
});
const TIME_BAR_PX = { wide: 112, narrow: 204 } as const;

/** Where panels are, with a small gap; read every frame, so one object is written anew. */
function writeLabelRoom(
  room: LabelRoom,
  { clientWidth, clientHeight }: WindowSize,
  { railOpen, inspecting, timeBar }: PanelPlaces,
): LabelRoom {
  const narrow = clientWidth < NARROW_PX;
  room.widthPx = clientWidth;
  room.heightPx = clientHeight;
  room.left = narrow ? 6 : railOpen ? 340 : 8;
  room.right = narrow ? 6 : inspecting ? 384 : 8;
  room.top = narrow ? 104 : 58;
  const barPx = timeBar ? TIME_BAR_PX[narrow ? 'narrow' : 'wide'] : 0;
  room.bottom = barPx + (narrow && (inspecting || railOpen) ? clientHeight * SHEET_PART - barPx : 8);
  return room;
}

/** Room to keep free around what is looked at; read every frame, so one object is written anew. */
function writeInsets(insets: Insets, { clientWidth, clientHeight }: WindowSize, { railOpen, inspecting, timeBar }: PanelPlaces): Insets {
  const narrow = clientWidth < NARROW_PX;
  insets.left = narrow ? 30 : railOpen ? 412 : 96;
  insets.right = narrow ? 30 : inspecting ? 400 : 56;
  insets.top = narrow ? 140 : 122;
  const barPx = timeBar ? TIME_BAR_PX[narrow ? 'narrow' : 'wide'] : 0;
  insets.bottom = narrow ? (inspecting || railOpen ? clientHeight * SHEET_PART : 120 + barPx) : 64 + barPx;
  return insets;
}
