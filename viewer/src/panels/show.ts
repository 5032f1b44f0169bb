import { batch } from '@preact/signals';
import { type Selected, sameSelection } from '../store/selection.ts';
import type { App } from './app-context.ts';
import { uncover } from './covering-page.ts';

/**
 * Selects something from a list or a link and brings it into view. An order is only opened: where it happened is one more
 * click. A truck drives on, so to show it is to follow it.
 */
export function show(app: App, selected: Selected): void {
  // One step of the history.
  batch(() => {
    uncover(app);
    app.selection.select(selected);
  });
  if (selected.kind !== 'order') lookAt(app, selected);
}

/** Layers take what is new at their next frame, which is some time off on a busy machine: before, it has no place. */
const FRAMES_MAX = 3;

/** Brings into view what is selected already. */
export function lookAt(app: App, selected: Selected, framesLeft = FRAMES_MAX): void {
  const view = app.view.peek();
  const found = view?.flyTo(selected) === true;
  app.selection.following.value = found && selected.kind === 'truck' && sameSelection(app.selection.current.peek(), selected);
  if (view === null || found || framesLeft === 0) return;
  requestAnimationFrame(() => {
    const now = app.selection.current.peek();
    if (now === null || sameSelection(now, selected)) lookAt(app, selected, framesLeft - 1);
  });
}
