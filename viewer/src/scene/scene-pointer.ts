import type { Selected, SelectionStore } from '../store/selection.ts';
import { sameSelection } from '../store/selection.ts';
import { PICK_PX } from './picking.ts';

export interface PointerScene {
  container: HTMLElement;
  selection: SelectionStore;
  pick: (xPx: number, yPx: number, radiusPx: number) => Selected | null;
  flyTo: (selected: Selected) => void;
}

/** A press that moves further than this is a drag, not a click. */
const CLICK_PX = 5;

/** What a label names; null: not on one that can be selected. */
function namedBy(target: EventTarget | null): Selected | null {
  const label = target instanceof Element ? target.closest<HTMLElement>('.label[data-id]') : null;
  const kind = label?.dataset['kind'];
  const id = label?.dataset['id'];
  return id !== undefined && (kind === 'station' || kind === 'truck' || kind === 'slot' || kind === 'bay') ? { kind, id } : null;
}

/** Click selects, double-click flies there (and follows a truck), hovering marks. @returns how to stop listening */
export function listenToPointer({ container, selection, pick, flyTo }: PointerScene): () => void {
  const undo: (() => void)[] = [];
  const on = <K extends keyof HTMLElementEventMap>(type: K, handler: (event: HTMLElementEventMap[K]) => void): void => {
    container.addEventListener(type, handler);
    undo.push(() => container.removeEventListener(type, handler));
  };
  const hitOf = (event: MouseEvent, radiusPx: number, named: Selected | null): Selected | null => {
    if (named !== null) return named;
    const box = container.getBoundingClientRect();
    return pick(event.clientX - box.left, event.clientY - box.top, radiusPx);
  };
  let press: { xPx: number; yPx: number; moved: boolean } | null = null;
  /** What the label names that was pressed last: the controls capture the pointer, so that what follows a press has no label as its target. */
  let pressed: Selected | null = null;
  let fingers = 0;

  on('pointerdown', (event) => {
    fingers++;
    press = { xPx: event.clientX, yPx: event.clientY, moved: fingers > 1 };
    pressed = namedBy(event.target);
  });
  on('pointermove', (event) => {
    if (press !== null && !press.moved && Math.hypot(event.clientX - press.xPx, event.clientY - press.yPx) > CLICK_PX) {
      press.moved = true;
      // Dragging the ground away ends following; turning and zooming do not.
      if (event.buttons === 1) selection.following.value = false;
    }
    if (event.pointerType !== 'mouse' || event.buttons !== 0) return;
    const hit = hitOf(event, PICK_PX.mouse, namedBy(event.target));
    if (!sameSelection(hit, selection.hovered.peek())) selection.hovered.value = hit;
    container.style.cursor = hit === null ? '' : 'pointer';
  });
  on('pointerup', (event) => {
    fingers = Math.max(fingers - 1, 0);
    const ended = press;
    press = null;
    if (ended === null || ended.moved || event.button !== 0) return;
    selection.select(hitOf(event, event.pointerType === 'mouse' ? PICK_PX.mouse : PICK_PX.touch, pressed));
  });
  on('pointercancel', () => {
    fingers = 0;
    press = null;
  });
  on('pointerleave', () => {
    selection.hovered.value = null;
  });
  on('dblclick', (event) => {
    const hit = hitOf(event, PICK_PX.mouse, pressed);
    if (hit === null) return;
    selection.select(hit);
    flyTo(hit);
    selection.following.value = hit.kind === 'truck';
  });
  return () => {
    for (const step of undo) step();
  };
}
