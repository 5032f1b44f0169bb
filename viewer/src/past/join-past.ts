import { effect } from '@preact/signals';
import type { App } from '../panels/app-context.ts';
import { openPast } from './open-past.ts';
import { instantFromSearch, searchWithInstant } from './past-place.ts';

/** The address keeps the instant, so that a link shows the same picture; and nothing past is taken for live. */
export function joinPast(app: App): void {
  let linkedMs = instantFromSearch(location.search);
  effect(() => {
    if (!app.session.signedIn.value) {
      // The next person may see less of it.
      if (app.past.peek() !== null) linkedMs = app.past.peek()?.wantedMs.peek() ?? null;
      app.past.value = null;
      return;
    }
    if (linkedMs === null) return;
    const atMs = linkedMs;
    linkedMs = null;
    void openPast(app, atMs);
  });
  effect(() => {
    if (app.recording.value !== null) app.past.value = null;
  });
  let before = app.past.peek();
  effect(() => {
    const past = app.past.value;
    if (past === before) return;
    before?.close();
    before = past;
    app.kpiHistory.clear();
    if (past !== null) {
      app.selection.following.value = false;
      return;
    }
    app.store.clear();
    app.clock.forget();
  });
  effect(() => {
    const atMs = app.past.value?.wantedMs.value ?? linkedMs;
    // While it is opened the address says where to.
    if (app.pastOpening.value || (atMs !== null && Number.isNaN(atMs))) return;
    const search = searchWithInstant(location.search, atMs);
    if (search !== location.search) history.replaceState(history.state, '', location.pathname + search + location.hash);
  });
}
