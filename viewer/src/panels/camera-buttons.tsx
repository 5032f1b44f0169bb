import { Compass, Map as MapIcon, Minus, Plus, Scan } from 'lucide';
import type { VNode } from 'preact';
import { useApp, useWords } from './app-context.ts';
import { IconButton } from './icon-button.tsx';

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
      <IconButton
        icon={Plus}
        name={words.zoomIn}
        hint={`${words.zoomIn} (+)`}
        class="zoom"
        onClick={() => scene.rig.nudge({ zoom: ZOOM_STEP })}
      />
      <IconButton
        icon={Minus}
        name={words.zoomOut}
        hint={`${words.zoomOut} (−)`}
        class="zoom"
        onClick={() => scene.rig.nudge({ zoom: 1 / ZOOM_STEP })}
      />
      <IconButton icon={Compass} name={words.northUp} onClick={northUp} />
      <IconButton icon={Scan} name={words.wholeNetwork} hint={`${words.wholeNetwork} (0)`} onClick={network} />
      <IconButton
        action="mini-map"
        icon={MapIcon}
        name={words.layers.miniMap}
        hint={look.miniMapOpen.value ? words.layers.hideMiniMap : words.layers.showMiniMap}
        isOn={look.miniMapOpen.value}
        aria-pressed={look.miniMapOpen.value}
        onClick={() => (look.miniMapOpen.value = !look.miniMapOpen.value)}
      />
    </div>
  );
}
