import { h } from 'preact';
import { aboutOf } from './about.js';
import { codeText, dayAndTimeOf, orDash, timeOf } from './language.js';

/** @typedef {import('./language.js').Texts} Texts */
/** @typedef {import('./main.js').Acts} Acts */
/** @typedef {import('../page-view.ts').StationView} StationView */
/** @typedef {import('./main.js').OrderLogEntry} OrderLogEntry */
/** @typedef {import('./main.js').CommandLogEntry} CommandLogEntry */

/** @param {{ name: string, none: string, columns: string[], rows: { key: string, cells: string[], kind?: string }[] }} props */
function Table({ name, none, columns, rows }) {
  if (rows.length === 0) return h('p', { class: 'muted' }, none);
  return h(
    'div',
    { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': name },
    h('table', null, [
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map((column) => h('th', { key: column, scope: 'col' }, column)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map(({ key, cells, kind = '' }) =>
          h(
            'tr',
            { key, class: kind },
            cells.map((cell, index) => h('td', { key: index }, cell)),
          ),
        ),
      ),
    ]),
  );
}

/** @param {{ log: { more: boolean, before: string | null }, last: string | undefined, turn: (before: string | null) => void, texts: Texts, name: string }} props */
function Turning({ log, last, turn, texts, name }) {
  if (log.before === null && !log.more) return null;
  return h('nav', { class: 'buttons', 'aria-label': name }, [
    h('button', { type: 'button', disabled: log.before === null, onClick: () => turn(null) }, texts.newest),
    h('button', { type: 'button', disabled: !log.more || last === undefined, onClick: () => turn(last ?? null) }, texts.older),
  ]);
}

/** @param {Texts} texts @param {string} outcome */
function endText(texts, outcome) {
  /** @type {Record<string, string>} */
  const ends = texts.ends;
  return ends[outcome] ?? outcome;
}

/** @param {{ log: import('./main.js').Model['orders'], acts: Acts, texts: Texts }} props */
export function Orders({ log, acts, texts }) {
  const rows = log.entries.map(({ orderNo, requestId, truckId, openedAtMs, endedAtMs, outcome }) => ({
    key: orderNo,
    cells: [
      dayAndTimeOf(openedAtMs),
      orderNo,
      String(requestId),
      orDash(truckId),
      endedAtMs === null ? '—' : timeOf(endedAtMs),
      outcome === null ? texts.underWay : endText(texts, outcome),
    ],
  }));
  const turn = (/** @type {string | null} */ before) => void acts.turn('orders', before);
  return h('section', { class: 'panel', 'data-log': 'orders' }, [
    h('h2', null, texts.orders),
    h(Table, {
      name: texts.orders,
      none: texts.noOrders,
      columns: [texts.at, texts.orderNo, texts.swap, texts.truck, texts.ended, texts.outcome],
      rows,
    }),
    h(Turning, { log, last: log.entries.at(-1)?.orderNo, turn, texts, name: texts.orders }),
  ]);
}

/** @param {{ result: string, statusInfo?: { reasonCode: string } } | null} answer @param {Texts} texts */
const answerText = (answer, texts) =>
  answer === null
    ? texts.underWay
    : [answer.result, answer.statusInfo?.reasonCode]
        .filter((code) => code !== undefined)
        .map((code) => codeText(texts, code))
        .join(' · ');

/** @param {{ log: import('./main.js').Model['commands'], acts: Acts, texts: Texts }} props */
export function Commands({ log, acts, texts }) {
  const rows = log.entries.map(({ commandId, verb, receivedAtMs, args, reply, result }) => ({
    key: commandId,
    cells: [
      dayAndTimeOf(receivedAtMs),
      texts.verbs[verb],
      aboutOf(/** @type {object} */ (args), texts),
      answerText(reply, texts),
      answerText(result, texts),
    ],
  }));
  const turn = (/** @type {string | null} */ before) => void acts.turn('commands', before);
  return h('section', { class: 'panel', 'data-log': 'commands' }, [
    h('h2', null, texts.commands),
    h(Table, {
      name: texts.commands,
      none: texts.noCommands,
      columns: [texts.at, texts.command, texts.about, texts.answer, texts.outcome],
      rows,
    }),
    h(Turning, { log, last: log.entries.at(-1)?.commandId, turn, texts, name: texts.commands }),
  ]);
}

/** Who did what on this page. @param {{ log: import('./main.js').Model['acts'], acts: Acts, texts: Texts }} props */
export function PageActs({ log, acts, texts }) {
  const names = actNames(texts);
  const rows = log.entries.map(({ actId, atMs, person, act: { kind, ...about } }) => ({
    key: actId,
    cells: [dayAndTimeOf(atMs), person ?? texts.stationToken, names[kind], aboutOf(about, texts)],
  }));
  const turn = (/** @type {string | null} */ before) => void acts.turn('acts', before);
  return h('section', { class: 'panel', 'data-log': 'acts' }, [
    h('h2', null, texts.acts),
    h(Table, { name: texts.acts, none: texts.noActs, columns: [texts.at, texts.person, texts.actOf, texts.about], rows }),
    h(Turning, { log, last: log.entries.at(-1)?.actId, turn, texts, name: texts.acts }),
  ]);
}

/** @param {Texts} texts */
export const actNames = (texts) => ({
  RESUME_CONFIRMED: texts.actResume,
  IDENTITY_CONFIRMED: texts.actIdentify,
  ABORT: texts.actAbort,
  GIVEN_UP: texts.actGiveUp,
  QUARANTINE_LIFTED: texts.actLift,
});

/** @param {{ view: StationView, texts: Texts }} props */
export function Faults({ view, texts }) {
  if (view.faults.length === 0) return h('p', { class: 'muted no-faults' }, texts.noFaults);
  return h('section', { class: 'panel faults' }, [
    h('h2', null, texts.faults),
    h(Table, {
      name: texts.faults,
      none: texts.noFaults,
      columns: [texts.level, texts.what, texts.where, texts.detail],
      rows: view.faults.map(({ faultId, level, code, scopeId, detail }) => ({
        key: faultId,
        cells: [String(level), codeText(texts, code), scopeId, detail],
        kind: level === 3 ? 'alarm-text' : '',
      })),
    }),
  ]);
}

/** @param {{ view: StationView, texts: Texts }} props */
export function Expected({ view, texts }) {
  return h('section', { class: 'panel' }, [
    h('h2', null, texts.expected),
    h(Table, {
      name: texts.expected,
      none: texts.noneExpected,
      columns: [texts.truck, texts.plate, texts.comesBy],
      rows: view.expected.map(({ requestId, truckId, plate, expiresAtMs }) => ({
        key: String(requestId),
        cells: [truckId, plate, timeOf(expiresAtMs)],
      })),
    }),
  ]);
}
