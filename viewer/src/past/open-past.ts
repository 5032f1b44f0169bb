import { ApiError } from '../feed/api-client.ts';
import { PastApi } from '../feed/past-api.ts';
import type { App } from '../panels/app-context.ts';
import { PastPlayer } from './past-player.ts';

/** The slider goes back this far. */
const SPAN_MS_MAX = 30 * 86_400_000;

/**
 * Shows the past instead of now. An instant that cannot be shown is said, and what is shown stays.
 * @param asked scope time; NaN: what the address has is no instant; `now`: the last instant that there is
 */
export async function openPast(app: App, asked: number | 'now'): Promise<void> {
  if (app.pastOpening.peek()) return;
  app.pastOpening.value = true;
  app.pastRefused.value = null;
  try {
    const api = new PastApi(app.api);
    const { from, until } = await api.span();
    const untilMs = Date.parse(until);
    const fromMs = Math.max(Date.parse(from), untilMs - SPAN_MS_MAX);
    const atMs = asked === 'now' ? untilMs : asked;
    const refused = refusalOf(atMs, { fromMs, untilMs });
    if (refused !== null) {
      app.pastRefused.value = refused;
      return;
    }
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
