/** @typedef {import('../page-view.ts').StationView} StationView */
/** @typedef {{ atMs: number, factor: number }} Clock */
/** @typedef {{ clock(clock: Clock): void, view(view: StationView): void, connected(is: boolean): void }} FeedHooks */

/** The station tells its clock each second: what is silent for longer [ms] is cut off, whatever the browser believes. */
const SILENT_MS = 5_000;

/** Follows the station for ever; the browser connects anew by itself. @param {FeedHooks} hooks */
export function follow(hooks) {
  let source = open();
  let heardAtMs = performance.now();
  function open() {
    const events = new EventSource('/api/events');
    events.addEventListener('clock', (event) => {
      heardAtMs = performance.now();
      hooks.clock(JSON.parse(event.data));
      hooks.connected(true);
    });
    events.addEventListener('view', (event) => hooks.view(JSON.parse(event.data)));
    events.addEventListener('error', () => hooks.connected(false));
    return events;
  }
  setInterval(() => {
    if (performance.now() - heardAtMs < SILENT_MS) return;
    heardAtMs = performance.now();
    hooks.connected(false);
    source.close();
    source = open();
  }, 1_000);
}

/** @template T @param {string} path @returns {Promise<T>} */
export async function read(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/**
 * Whose token it is.
 * @param {string} token
 * @returns {Promise<{ name: string | null } | { code: string }>} or why it does not count
 */
export async function personOf(token) {
  try {
    const response = await fetch('/api/person', { headers: { authorization: `Bearer ${token}` } });
    return await response.json();
  } catch {
    return { code: 'NOT_REACHED' };
  }
}

/**
 * Sends an act of a person at the station.
 * @param {import('../../ports/local-panel.ts').PanelAct} act @param {string} token
 * @returns {Promise<string | null>} code of the refusal; null = done
 */
export async function send(act, token) {
  try {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch('/api/acts', { method: 'POST', headers, body: JSON.stringify(act) });
    return response.ok ? null : (await response.json()).code;
  } catch {
    return 'NOT_REACHED';
  }
}
