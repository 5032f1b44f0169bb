import type { Selected } from '../store/selection.ts';
import type { App } from './app-context.ts';

/**
 * Selects something from a list or a link and brings it into view. An order is only opened: where it happened is one more
 * click. A truck drives on, so to show it is to follow it.
 */
export function show(app: App, selected: Selected): void {
  app.moneyTab.value = null;
  app.selection.select(selected);
  if (selected.kind !== 'order') lookAt(app, selected);
}

/** Brings into view what is selected already. */
export function lookAt(app: App, selected: Selected): void {
  const found = app.view.peek()?.flyTo(selected) === true;
  app.selection.following.value = found && selected.kind === 'truck';
}
