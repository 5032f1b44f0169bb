import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { heatText } from '../format/heat-text.ts';
import { heatOf, meanSocByStation } from '../scene/heat-scale.ts';
import type { SceneView } from '../scene/scene-view.ts';
import { type App, useApp, useWords } from './app-context.ts';
import { peekCovered } from './covering-page.ts';
import { MiniMapDrawing, type MiniMapPicture } from './mini-map-picture.ts';
import { groundAt, planOf } from './mini-map-plan.ts';
import { listStations } from './rail-lists.ts';
import { show } from './show.ts';

/** A small map follows the camera at this pace. */
const DRAW_INTERVAL_MS = 120;
const WIDTH_PX = { wide: 266, narrow: 240 } as const;

/** The whole corridor in small: where the camera looks, click or drag to go there; with the keys from station to station. */
export function MiniMap(): VNode | null {
  const app = useApp();
  const scene = app.view.value;
  if (scene === null || !app.look.miniMapOpen.value) return null;
  return <MiniMapOf key={app.recording.value === null ? 'live' : 'recording'} scene={scene} />;
}

function MiniMapOf({ scene }: { scene: SceneView }): VNode {
  const app = useApp();
  const words = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const at = useSignal(-1);
  const hasFocus = useSignal(false);
  const plan = planOf(scene.plan.road, window.innerWidth < 900 ? WIDTH_PX.narrow : WIDTH_PX.wide);
  const ordered = app.store.version.stations.value < 0 ? [] : listStations(app.store.records, '');
  const focused = ordered[at.value];
  const focusedId = hasFocus.value && focused !== undefined ? focused.id : null;
  useDrawing(app, canvas, () => {
    const { theme, look, store } = app;
    return { view: scene, plan, records: store.records, theme: theme.theme.peek(), layer: look.layer.peek(), focusedId };
  });
  const go = (event: PointerEvent, fly: boolean): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { xKm, zKm } = groundAt(plan, event.clientX - box.left, event.clientY - box.top);
    app.selection.following.value = false;
    scene.lookAtGround(xKm, zKm, fly);
  };
  const goToStation = (index: number): void => {
    const bounded = Math.min(Math.max(index, 0), ordered.length - 1);
    const frame = scene.plan.frames.get(ordered[bounded]?.id ?? '');
    if (frame === undefined) return;
    at.value = bounded;
    app.selection.following.value = false;
    scene.lookAtGround(frame.xKm, frame.zKm, true);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, () => void> = {
      ArrowRight: () => goToStation(at.value < 0 ? 0 : at.value - 1),
      ArrowUp: () => goToStation(at.value < 0 ? 0 : at.value - 1),
      ArrowLeft: () => goToStation(at.value + 1),
      ArrowDown: () => goToStation(at.value + 1),
      Home: () => goToStation(0),
      End: () => goToStation(ordered.length - 1),
      Enter: () => focused !== undefined && show(app, { kind: 'station', id: focused.id }),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  };
  return (
    <div
      class="mini-map panel"
      role="slider"
      tabIndex={0}
      aria-label={words.layers.miniMap}
      aria-valuemin={0}
      aria-valuemax={Math.max(ordered.length - 1, 0)}
      aria-valuenow={Math.max(at.value, 0)}
      aria-valuetext={focused === undefined ? words.wholeNetwork : stationText(app, focused.id)}
      title={words.layers.miniMapHint}
      data-focused={focusedId}
      onKeyDown={onKeyDown}
      onFocus={() => (hasFocus.value = true)}
      onBlur={() => (hasFocus.value = false)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event, true);
      }}
      onPointerMove={(event) => event.buttons === 1 && go(event, false)}
    >
      <canvas ref={canvas} style={{ width: `${plan.widthPx}px`, height: `${plan.heightPx}px` }} data-mini-map={plan.heightPx} />
    </div>
  );
}

/** Name of a station, and what the chosen layer says of it. */
function stationText({ store, look, language }: App, id: string): string {
  const station = store.records.stations.get(id);
  if (station === undefined) return id;
  const name = `${id} ${language.chinese ? station.nameZh : station.name}`;
  const layer = look.layer.peek();
  if (layer === 'none') return name;
  const meanSoc = layer === 'soc' ? meanSocByStation(store.slotsAt(id)) : null;
  return `${name}, ${heatText(layer, heatOf(layer, station, meanSoc?.get(id) ?? null), language.words)}`;
}

/** Draws again and again at a calm pace, with whatever `pictureOf` was last. */
function useDrawing(app: App, canvas: { current: HTMLCanvasElement | null }, pictureOf: () => MiniMapPicture): void {
  const latest = useRef(pictureOf);
  latest.current = pictureOf;
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined) return undefined;
    const { clientWidth, clientHeight } = element;
    element.width = Math.round(clientWidth * window.devicePixelRatio);
    element.height = Math.round(clientHeight * window.devicePixelRatio);
    const drawing = new MiniMapDrawing(context);
    let nextMs = 0;
    let request = 0;
    const onFrame = (nowMs: number): void => {
      request = requestAnimationFrame(onFrame);
      if (nowMs < nextMs || peekCovered(app)) return;
      nextMs = nowMs + DRAW_INTERVAL_MS;
      drawing.draw(latest.current(), nowMs);
    };
    request = requestAnimationFrame(onFrame);
    return () => cancelAnimationFrame(request);
  }, [app, canvas]);
}
