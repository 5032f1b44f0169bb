import { Maximize, Minus, Plus, X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { MachineChart as ServedChart } from '../feed/api-client.ts';
import { useWords } from './app-context.ts';
import { ChartPicture, useDrawn } from './chart-picture.tsx';
import { IconButton } from './icon-button.tsx';
import { useStateWord } from './state-word.ts';

const ZOOM_STEP = 1.25;
const ZOOM_MAX = 2;
const ZOOM_MIN = 0.2;
/** A chart of a few states is drawn larger than it is laid out, but not as on a poster. */
const FIT_MAX = 1.6;
/** What the head and the edges of the dialog take of the window, px. */
const AROUND_PX = { wide: 64, high: 140 } as const;

/** A whole chart with all that is inside of its states, as large as the window, to zoom and to move about in by pointer and keys. */
export function ChartDialog(props: { chart: ServedChart; machine: string; state: string; close: () => void }): VNode {
  const words = useWords();
  const wordOf = useStateWord();
  const dialog = useRef<HTMLDialogElement>(null);
  const room = useRef({ widthPx: window.innerWidth - AROUND_PX.wide, heightPx: window.innerHeight - AROUND_PX.high });
  const drawn = useDrawn(props.chart, () => true, room.current, 'all');
  const fit = drawn === null ? 1 : Math.min(FIT_MAX, room.current.widthPx / drawn.width, room.current.heightPx / drawn.height);
  // Smaller than this nobody reads it: one moves about in it instead.
  const [zoom, setZoom] = useState<number>(Math.max(fit, 0.7));
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector('.node.current')?.scrollIntoView({ block: 'center', inline: 'center' });
  }, []);
  const zoomBy = (factor: number): void => setZoom((before) => Math.min(Math.max(before * factor, ZOOM_MIN), ZOOM_MAX));
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === '+' || event.key === '=') zoomBy(ZOOM_STEP);
    else if (event.key === '-') zoomBy(1 / ZOOM_STEP);
    else if (event.key === '0') setZoom(fit);
    // What the dialog understands is not for the scene below it.
    event.stopPropagation();
  };
  const title = `${words.chart.machine[props.machine] ?? props.machine} · ${wordOf(props.state)}`;
  return (
    <dialog ref={dialog} class="chart-dialog" aria-label={title} onClose={props.close} onKeyDown={onKey}>
      <header>
        <h2>{title}</h2>
        {(
          [
            ['zoom-out', words.chart.zoomOut, Minus, () => zoomBy(1 / ZOOM_STEP)],
            ['fit', words.chart.fit, Maximize, () => setZoom(fit)],
            ['zoom-in', words.chart.zoomIn, Plus, () => zoomBy(ZOOM_STEP)],
            ['close', words.chart.close, X, () => dialog.current?.close()],
          ] as const
        ).map(([name, word, icon, act]) => (
          <IconButton key={name} icon={icon} name={word} data-chart={name} onClick={act} />
        ))}
      </header>
      {drawn !== null && (
        <Movable label={words.chart.whole}>
          <div style={{ width: `${drawn.width * zoom}px`, margin: 'auto', flex: 'none' }}>
            <ChartPicture drawn={drawn} machine={props.machine} state={props.state} widthPx={drawn.width * zoom} />
          </div>
        </Movable>
      )}
    </dialog>
  );
}

/** Scrolls by wheel and arrow keys, and by dragging. */
function Movable({ label, children }: { label: string; children: VNode }): VNode {
  const dragged = useRef<{ x: number; y: number } | null>(null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <div
      class="chart-room"
      role="region"
      aria-label={label}
      tabIndex={0}
      onPointerDown={(event) => {
        if (event.pointerType !== 'mouse') return;
        dragged.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const from = dragged.current;
        if (from === null) return;
        event.currentTarget.scrollBy(from.x - event.clientX, from.y - event.clientY);
        dragged.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerUp={() => {
        dragged.current = null;
      }}
    >
      {children}
    </div>
  );
}
