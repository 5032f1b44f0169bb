import { h, render } from 'preact';
import { follow, personOf, read, send } from './feed.js';
import { browserLanguage, textsOf } from './language.js';
import { nameOf, Page } from './page.js';

/** @typedef {import('./language.js').Language} Language */
/** @typedef {import('../../ports/local-panel.ts').PanelAct} PanelAct */
/** @typedef {{ stationId: string, name: string, nameZh: string, steps: { step: number, event: string, durationMs: number }[], mayAct: boolean }} Station */
/** @template E @typedef {{ entries: E[], more: boolean, before: string | null }} LogPage */
/** @typedef {import('../../journal/journal-log.ts').OrderLogEntry} OrderLogEntry */
/** @typedef {import('../../journal/journal-log.ts').CommandLogEntry} CommandLogEntry */
/** @typedef {import('../../journal/journal-log.ts').PageActEntry} PageActEntry */

/** What the page knows: every change of it draws the page anew. */
const model = {
  /** @type {Station | null} */
  station: null,
  /** @type {import('../page-view.ts').StationView | null} */
  view: null,
  /** Scope time as the station last told it, and when that was here. */
  clock: { atMs: 0, factor: 1, heardAtMs: 0 },
  connected: false,
  /** @type {LogPage<OrderLogEntry>} */
  orders: { entries: [], more: false, before: null },
  /** @type {LogPage<CommandLogEntry>} */
  commands: { entries: [], more: false, before: null },
  /** @type {LogPage<PageActEntry>} */
  acts: { entries: [], more: false, before: null },
  language: /** @type {Language} */ (localStorage.getItem('station.language') ?? browserLanguage()),
  theme: localStorage.getItem('station.theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
  /** Kept for this tab only. */
  token: sessionStorage.getItem('station.token'),
  /** Whose it is; null: the station's. */
  person: sessionStorage.getItem('station.person'),
  /** What became of the last act. @type {{ act: PanelAct | null, code: string | null } | null} */
  told: null,
};

/** @typedef {typeof model} Model */

/** @param {Partial<Model>} change */
function change(change) {
  Object.assign(model, change);
  draw();
}

/** The logs as they are now, on the page that is open. */
async function readLogs() {
  /** @param {string | null} before */
  const query = (before) => (before === null ? '' : `?before=${encodeURIComponent(before)}`);
  const [orders, commands, acts] = await Promise.all([
    read(`/api/orders${query(model.orders.before)}`),
    read(`/api/commands${query(model.commands.before)}`),
    read(`/api/acts${query(model.acts.before)}`),
  ]);
  change({
    orders: { ...orders, before: model.orders.before },
    commands: { ...commands, before: model.commands.before },
    acts: { ...acts, before: model.acts.before },
  });
}

let logRevision = -1;
let reading = false;
/** One reading at a time, at most one a second. */
async function refreshLogs() {
  if (reading || model.view === null || model.view.logRevision === logRevision) return;
  reading = true;
  logRevision = model.view.logRevision;
  try {
    await readLogs();
  } catch {
    // Told by the feed, which is cut off as well; asked for again then.
    logRevision = -1;
  }
  reading = false;
}

const acts = {
  /** @param {PanelAct} act */
  async act(act) {
    const code = await send(act, model.token ?? '');
    if (code === 'TOKEN_WRONG') acts.signOff();
    change({ told: { act, code } });
  },
  /** @param {string} token */
  async signOn(token) {
    const person = await personOf(token);
    if ('code' in person) return change({ told: { act: null, code: person.code } });
    sessionStorage.setItem('station.token', token);
    if (person.name !== null) sessionStorage.setItem('station.person', person.name);
    change({ token, person: person.name, told: null });
  },
  signOff() {
    sessionStorage.removeItem('station.token');
    sessionStorage.removeItem('station.person');
    change({ token: null, person: null, told: null });
  },
  /** @param {Language} language */
  speak(language) {
    localStorage.setItem('station.language', language);
    change({ language });
  },
  /** @param {string} theme */
  paint(theme) {
    localStorage.setItem('station.theme', theme);
    change({ theme });
  },
  /** @param {'orders' | 'commands' | 'acts'} log @param {string | null} before */
  async turn(log, before) {
    model[log].before = before;
    await readLogs().catch(() => change({ connected: false }));
  },
};

/** @typedef {typeof acts} Acts */

function draw() {
  const { language, theme, station } = model;
  document.documentElement.lang = language;
  document.documentElement.dataset['theme'] = theme;
  document.title = station === null ? textsOf(language).title : `${station.stationId} ${nameOf(station, language)}`;
  render(h(Page, { model: { ...model }, acts, texts: textsOf(language) }), document.body);
}

follow({
  clock: (clock) => {
    model.clock = { ...clock, heardAtMs: performance.now() };
  },
  view: (view) => change({ view }),
  connected: (connected) => change({ connected }),
});
setInterval(() => {
  void refreshLogs();
  draw();
}, 1_000);
draw();
/** Until the station has said who it is. */
async function introduce() {
  try {
    change({ station: await read('/api/station') });
  } catch {
    setTimeout(() => void introduce(), 1_000);
  }
}
void introduce();
