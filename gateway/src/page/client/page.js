import { h } from 'preact';
import { Bay } from './bay.js';
import { codeText, figure, fill, kw, timeOf } from './language.js';
import { actNames, Commands, Expected, Faults, Orders, PageActs } from './logs.js';
import { Rack } from './rack.js';

/** @typedef {import('./language.js').Texts} Texts */
/** @typedef {import('./main.js').Model} Model */
/** @typedef {import('./main.js').Acts} Acts */
/** @typedef {import('../page-view.ts').StationView} StationView */

/** Scope time now: the station's word, carried on by its factor. @param {Model} model */
const nowMs = ({ clock, connected }) => clock.atMs + (connected ? (performance.now() - clock.heardAtMs) * clock.factor : 0);

/** @param {{ view: StationView, texts: Texts }} props */
function LinkChip({ view, texts }) {
  const { state, sinceMs } = view.link;
  const since = { at: timeOf(sinceMs) };
  const word =
    state === 'UP'
      ? texts.online
      : state === 'UNANSWERED'
        ? fill(texts.unanswered, since)
        : state === 'REFUSED'
          ? fill(texts.refusedLink, since)
          : state === 'CONNECTING'
            ? texts.connecting
            : fill(texts.away, since);
  const waiting = view.waitingEvents === 0 ? texts.nothingWaits : fill(texts.waitingEvents, { n: view.waitingEvents });
  const refused = view.refusedMessages === 0 ? [] : [fill(texts.refusedMessages, { n: view.refusedMessages })];
  const kind = state === 'UP' ? 'quiet' : state === 'REFUSED' ? 'alarm' : 'wait';
  return h('p', { class: 'link', 'data-link': state }, [
    h('span', { class: `chip ${kind}` }, word),
    h('span', { class: 'muted' }, [waiting, ...refused].join(' · ')),
  ]);
}

/** @param {{ model: Model, acts: Acts, texts: Texts }} props */
function SignOn({ model, acts, texts }) {
  if (model.station === null) return null;
  if (!model.station.mayAct) return h('span', { class: 'chip quiet' }, texts.readOnly);
  if (model.token !== null)
    return [
      h('span', { class: 'chip quiet', 'data-person': '' }, model.person ?? texts.stationToken),
      h('button', { type: 'button', onClick: () => acts.signOff() }, texts.signOff),
    ];
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const field = event.target instanceof HTMLFormElement ? event.target.elements.namedItem('token') : null;
    if (field instanceof HTMLInputElement && field.value !== '') void acts.signOn(field.value.trim());
  };
  return h('form', { class: 'sign-on', onSubmit: submit }, [
    h('label', null, [texts.token, ' ', h('input', { name: 'token', type: 'password', autocomplete: 'off', required: true })]),
    h('button', { type: 'submit' }, texts.signOn),
  ]);
}

/** @param {import('./main.js').Station} station @param {Model['language']} language */
export const nameOf = (station, language) => (language === 'zh-CN' ? station.nameZh : station.name);

/** @param {{ model: Model, acts: Acts, texts: Texts }} props */
function Head({ model, acts, texts }) {
  const { station, view, theme, language } = model;
  const other = theme === 'dark' ? 'light' : 'dark';
  const otherLanguage = language === 'en' ? 'zh-CN' : 'en';
  return h('header', null, [
    h('div', { class: 'head-row' }, [
      h('h1', null, station === null ? texts.title : [nameOf(station, language), ' ', h('span', { class: 'muted' }, station.stationId)]),
      view && h('span', { class: `chip ${stateKind(view.state)}`, 'data-state': view.state }, codeText(texts, view.state)),
      h('time', { class: 'clock', title: texts.zone }, view === null ? '' : timeOf(nowMs(model))),
      h('div', { class: 'tools' }, [
        h('button', { type: 'button', lang: otherLanguage, onClick: () => acts.speak(otherLanguage) }, texts.language),
        h('button', { type: 'button', onClick: () => acts.paint(other) }, other === 'dark' ? texts.themeDark : texts.themeLight),
        h(SignOn, { model, acts, texts }),
      ]),
    ]),
    view && h(LinkChip, { view, texts }),
  ]);
}

/** @param {string} state */
const stateKind = (state) => (state === 'OPERATIVE' ? 'quiet' : state === 'DEGRADED' ? 'wait' : 'alarm');

/** @param {{ view: StationView, texts: Texts }} props */
function Figures({ view, texts }) {
  /** @type {[string, string, string?][]} */
  const figures = [
    [texts.queue, String(view.queueLength)],
    [texts.wait, `${Math.round(view.estWaitMs / 60_000)} ${texts.minutes}`],
    [texts.ready, String(view.readyPacks)],
    [texts.charging, String(view.chargingPacks)],
    [texts.empty, String(view.emptySlots)],
    [texts.grid, kw(view.gridPowerW), fill(texts.gridOf, { limit: kw(view.gridLimitW) })],
    [texts.pv, kw(view.pvPowerW)],
    [texts.wind, figure(view.windMps, 'm/s')],
    [texts.outside, figure(view.ambientC, '°C')],
  ];
  return h(
    'dl',
    { class: 'figures' },
    figures.map(([name, value, note]) =>
      h('div', { key: name }, [h('dt', null, name), h('dd', null, [value, note === undefined ? null : h('small', null, ` ${note}`)])]),
    ),
  );
}

/** What became of the last act, and whether the page still hears its station. @param {{ model: Model, texts: Texts }} props */
function Told({ model, texts }) {
  const { told, view, connected } = model;
  const lost = view === null ? texts.loading : connected ? null : fill(texts.stale, { at: timeOf(model.clock.atMs) });
  const names = actNames(texts);
  const act = told?.act ? names[told.act.kind] : '';
  const said =
    told === null ? null : told.code === null ? fill(texts.done, { what: act }) : fill(texts.refused, { why: codeText(texts, told.code) });
  return h('div', { role: 'status', class: 'told' }, [
    lost === null ? null : h('p', { class: 'wait' }, lost),
    said === null ? null : h('p', { class: told?.code == null ? 'quiet' : 'wait' }, said),
  ]);
}

/** @param {{ model: Model, acts: Acts, texts: Texts }} props */
export function Page({ model, acts, texts }) {
  const { view, station } = model;
  const mayAct = station?.mayAct === true && model.token !== null && model.connected;
  const shared = { acts, texts, mayAct };
  return [
    h('a', { class: 'skip', href: '#bays' }, texts.skip),
    h(Head, { model, acts, texts }),
    h('main', { id: 'bays', class: model.connected ? '' : 'stale' }, [
      h(Told, { model, texts }),
      ...(view === null || station === null
        ? []
        : [
            h(Figures, { view, texts }),
            h(Faults, { view, texts }),
            h('div', { class: 'columns' }, [
              h(
                'section',
                { class: 'bays', 'aria-label': texts.bays },
                view.bays.map((bay) =>
                  h(Bay, { key: bay.bayId, bay, steps: station.steps, nowMs: nowMs(model), readOnly: !station.mayAct, ...shared }),
                ),
              ),
              h('div', { class: 'side' }, [h(Rack, { slots: view.slots, ...shared }), h(Expected, { view, texts })]),
            ]),
            h(Orders, { log: model.orders, acts, texts }),
            h(Commands, { log: model.commands, acts, texts }),
            h(PageActs, { log: model.acts, acts, texts }),
          ]),
    ]),
  ];
}
