import { ApiError } from '../feed/api-client.ts';
import { PastApi } from '../feed/past-api.ts';
import type { App } from '../panels/app-context.ts';
import { uncover } from '../panels/covering-page.ts';
import { PastPlayer } from './past-player.ts';

/** The slider goes back this far. */
const SPAN_MS_MAX = 30 * 86_400_000;

/**
 * Shows the past instead of now. An instant that cannot be shown is said, and what is shown stays.
 * @param atMs scope time; NaN: what the address has is no instant
 */
export async function openPast(app: App, atMs: number): Promise<void> {
  if (app.pastOpening.peek()) return;
  app.pastOpening.value = true;
  app.pastRefused.value = null;
  try {
    const api = new PastApi(app.api);
    const { from, until } = await api.span();
    const untilMs = Date.parse(until);
    const fromMs = Math.max(Date.parse(from), untilMs - SPAN_MS_MAX);
    const refused = refusalOf(atMs, { fromMs, untilMs });
    if (refused !== null) {
      app.pastRefused.value = refused;
      return;
    }
    uncover(app);
    app.recording.value = null;
    // The live feed ends here, before the past takes the store.
    app.past.value = new PastPlayer({ api, store: app.store, clock: app.clock, span: { fromMs, untilMs } }, atMs);
  } catch (cause) {
    app.pastRefused.value = cause instanceof ApiError && cause.signedOut ? null : 'UNREACHABLE';
  } finally {
    app.pastOpening.value = false;
  }
}

function refusalOf(atMs: number, { fromMs, untilMs }: { fromMs: number; untilMs: number }): App['pastRefused']['value'] {
  if (Number.isNaN(atMs)) return 'NO_INSTANT';
  if (atMs < fromMs) return 'BEFORE_HISTORY';
  return atMs > untilMs ? 'INSTANT_AHEAD' : null;
}
