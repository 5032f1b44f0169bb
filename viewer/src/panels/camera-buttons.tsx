import { Compass, Map as MapIcon, Minus, Plus, Scan } from 'lucide';
import type { VNode } from 'preact';
import { useApp, useWords } from './app-context.ts';
import { Icon } from './icon.tsx';

const ZOOM_STEP = 0.6;

/** What the mouse and the keys do to the camera, as buttons. */
export function CameraButtons(): VNode | null {
  const { view, selection, look } = useApp();
  const words = useWords();
  const scene = view.value;
  if (scene === null) return null;
  const northUp = (): void => {
    const pose = scene.rig.pose;
    scene.rig.flyTo({ ...pose, bearingRad: 0 }, performance.now());
  };
  const network = (): void => {
    selection.following.value = false;
    scene.showNetwork();
  };
  return (
    <div class="camera-buttons panel" role="group">
      <button
        type="button"
        class="icon-button zoom"
        title={`${words.zoomIn} (+)`}
        aria-label={words.zoomIn}
        onClick={() => scene.rig.nudge({ zoom: ZOOM_STEP })}
      >
        <Icon node={Plus} />
      </button>
      <button
        type="button"
        class="icon-button zoom"
        title={`${words.zoomOut} (−)`}
        aria-label={words.zoomOut}
        onClick={() => scene.rig.nudge({ zoom: 1 / ZOOM_STEP })}
      >
        <Icon node={Minus} />
      </button>
      <button type="button" class="icon-button" title={words.northUp} aria-label={words.northUp} onClick={northUp}>
        <Icon node={Compass} />
      </button>
      <button type="button" class="icon-button" title={`${words.wholeNetwork} (0)`} aria-label={words.wholeNetwork} onClick={network}>
        <Icon node={Scan} />
      </button>
      <button
        type="button"
        class={look.miniMapOpen.value ? 'icon-button on' : 'icon-button'}
        data-action="mini-map"
        aria-pressed={look.miniMapOpen.value}
        title={look.miniMapOpen.value ? words.layers.hideMiniMap : words.layers.showMiniMap}
        aria-label={words.layers.miniMap}
        onClick={() => (look.miniMapOpen.value = !look.miniMapOpen.value)}
      >
        <Icon node={MapIcon} />
      </button>
    </div>
  );
}
