import { h } from 'preact';
import { codeText, durationText, fill, orDash, timeOf } from './language.js';

/** @typedef {import('./language.js').Texts} Texts */
/** @typedef {import('./main.js').Acts} Acts */
/** @typedef {import('./main.js').Station['steps']} Steps */
/** @typedef {import('../page-view.ts').BayView} BayView */
/** @typedef {import('../page-view.ts').SwapView} SwapView */

/** What the bay is doing, in a word and a colour: grey unless a person is wanted. @param {SwapView | null} swap @param {Texts} texts */
function stateOf(swap, texts) {
  if (swap === null) return { word: texts.bayFree, kind: 'quiet' };
  if (swap.prompt !== null) return { word: texts.bayWaits, kind: 'alarm' };
  return swap.ended === null ? { word: texts.bayBusy, kind: 'energy' } : { word: texts.bayLeaves, kind: 'quiet' };
}

/** The step under way as a sentence. @param {SwapView} swap @param {Texts} texts */
function phaseText(swap, texts) {
  const known = /** @type {Record<string, string>} */ (texts.phases)[swap.phase];
  return known ?? (swap.step === null ? texts.wayBack : (texts.stepNames[swap.step] ?? texts.wayBack));
}

/** @param {{ swap: SwapView, texts: Texts }} props */
function SwapFacts({ swap, texts }) {
  /** @type {[string, string][]} */
  const facts = [
    [texts.truck, [swap.plate, swap.truckId].filter((each) => each !== null).join(' · ')],
    [texts.swap, `${swap.requestId} · ${swap.initiation === 'LOCAL' ? texts.local : texts.remote}`],
    [texts.order, orDash(swap.orderId)],
    [texts.arrived, timeOf(swap.arrivedAtMs)],
    [texts.oldPackTo, orDash(swap.depositEvseId)],
    [texts.newPackFrom, orDash(swap.issueEvseId)],
  ];
  return h(
    'dl',
    { class: 'facts' },
    facts.map(([name, value]) => h('div', { key: name }, [h('dt', null, name), h('dd', null, orDash(value))])),
  );
}

/** @param {{ swap: SwapView, steps: Steps, nowMs: number, texts: Texts }} props */
function StepUnderWay({ swap, steps, nowMs, texts }) {
  const nominalMs = steps.find(({ step }) => step === swap.step)?.durationMs ?? null;
  const elapsedMs = Math.max(0, nowMs - swap.stepStartedAtMs);
  const overMs = nominalMs === null ? 0 : elapsedMs - nominalMs;
  const text = phaseText(swap, texts);
  // What is held does not work, and its time begins anew when it goes on.
  if (swap.held !== null) return h('div', { class: 'now' }, h('p', null, h('strong', null, text)));
  const times = [
    durationText(elapsedMs),
    ...(nominalMs === null ? [] : [fill(texts.nominal, { t: durationText(nominalMs) })]),
    ...(overMs > 0 ? [fill(texts.over, { t: durationText(overMs) })] : []),
    ...(swap.attempt > 1 ? [fill(texts.attempt, { n: swap.attempt })] : []),
    ...(swap.deadlineAtMs === null ? [] : [fill(texts.until, { at: timeOf(swap.deadlineAtMs) })]),
  ];
  return h('div', { class: 'now' }, [
    h('p', null, [h('strong', null, text), ' ', h('span', { class: overMs > 0 ? 'times wait-text' : 'times muted' }, times.join(' · '))]),
    nominalMs === null
      ? null
      : h('progress', { max: nominalMs, value: Math.min(elapsedMs, nominalMs), class: overMs > 0 ? 'over' : '', 'aria-label': text }),
  ]);
}

/** All steps, what is behind, under way and to come. @param {{ swap: SwapView | null, steps: Steps, texts: Texts }} props */
function StepList({ swap, steps, texts }) {
  return h(
    'ol',
    { class: 'steps', 'aria-label': texts.steps },
    steps.map(({ step, durationMs }) => {
      const state = swap === null ? 'next' : swap.step === step ? 'now' : step <= swap.stepDone ? 'done' : 'next';
      const word = { done: texts.stepDone, now: texts.stepNow, next: texts.stepNext }[state];
      return h('li', { key: step, class: state, 'data-step': step, 'aria-current': state === 'now' ? 'step' : undefined }, [
        h('span', { class: 'mark', 'aria-hidden': 'true' }, { done: '✓', now: '▶', next: '·' }[state]),
        h('span', { class: 'step-name' }, texts.stepNames[step] ?? String(step)),
        h('span', { class: 'unseen' }, word),
        h('span', { class: 'muted' }, durationMs === 0 ? '' : `${durationMs / 1000} s`),
      ]);
    }),
  );
}

/** Under a heading that says what they are. @param {Texts} texts @param {string} code */
function interlockName(texts, code) {
  const name = codeText(texts, code).replace(/^(Interlock: |联锁：)/, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** @param {{ bay: BayView, texts: Texts }} props */
function Interlocks({ bay, texts }) {
  const allClear = bay.interlocks.every(({ tripped }) => !tripped);
  return h('div', { class: 'interlocks' }, [
    h('h3', null, [texts.interlocks, ' ', h('span', { class: 'muted' }, allClear ? texts.allClear : '')]),
    h(
      'ul',
      null,
      bay.interlocks.map(({ code, tripped, counts }) => {
        const name = interlockName(texts, code);
        const word = !tripped ? texts.clear : counts ? texts.holds : texts.tripped;
        const kind = !tripped ? 'quiet' : counts ? 'alarm' : 'wait';
        return h('li', { key: code, class: kind, 'data-interlock': code, 'data-tripped': tripped }, [
          h('span', { class: 'mark', 'aria-hidden': 'true' }, tripped ? '■' : '○'),
          h('span', null, name),
          h('span', { class: tripped ? '' : 'unseen' }, ` ${word}`),
        ]);
      }),
    ),
  ]);
}

/** What stands in a field of the form that was sent. @param {SubmitEvent} event @param {string} name */
function typedIn(event, name) {
  const field = event.target instanceof HTMLFormElement ? event.target.elements.namedItem(name) : null;
  return field instanceof HTMLInputElement ? field.value.trim() : '';
}

/** Who this truck is, said by a person. @param {{ bay: BayView, swap: SwapView, acts: Acts, texts: Texts, mayAct: boolean }} props */
function IdentityForm({ bay, swap, acts, texts, mayAct }) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const [truckId, plate] = [typedIn(event, 'truckId'), typedIn(event, 'plate')];
    void acts.act({ kind: 'IDENTITY_CONFIRMED', bayId: bay.bayId, truckId, plate });
  };
  const field = { required: true, autocomplete: 'off', disabled: !mayAct };
  return h('form', { class: 'identity', onSubmit: submit }, [
    h('label', null, [texts.truckId, h('input', { ...field, name: 'truckId', defaultValue: swap.truckId ?? '', maxLength: 64 })]),
    h('label', null, [texts.plate, h('input', { ...field, name: 'plate', defaultValue: swap.plate ?? '', maxLength: 16 })]),
    h('button', { type: 'submit', class: 'primary', disabled: !mayAct }, texts.actIdentify),
  ]);
}

/** @param {{ bay: BayView, acts: Acts, texts: Texts, mayAct: boolean }} props */
function GiveUp({ bay, acts, texts, mayAct }) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const detail = typedIn(event, 'detail');
    if (detail !== '') void acts.act({ kind: 'GIVEN_UP', bayId: bay.bayId, detail });
  };
  return h('details', { class: 'give-up' }, [
    h('summary', null, texts.actGiveUp),
    h('form', { onSubmit: submit }, [
      h('p', null, texts.giveUpAbout),
      h('label', null, [
        texts.giveUpWhy,
        h('input', { name: 'detail', required: true, maxLength: 400, autocomplete: 'off', disabled: !mayAct }),
      ]),
      h('button', { type: 'submit', disabled: !mayAct }, texts.giveUpSure),
    ]),
  ]);
}

/** What it waits for. @param {SwapView} swap @param {BayView} bay @param {Texts} texts */
function promptText(swap, bay, texts) {
  const { prompt } = swap;
  if (prompt === null) return null;
  if (prompt.kind === 'CONFIRM_IDENTITY') return texts.promptIdentity;
  if (prompt.kind === 'CLEAR_BAY') return texts.promptClear;
  const stands = bay.interlocks.filter(({ tripped, counts }) => tripped && counts).map(({ code }) => codeText(texts, code));
  return stands.length === 0 ? texts.promptResume : fill(texts.promptResumeStands, { why: stands.join('、') });
}

/** @param {{ bay: BayView, swap: SwapView, acts: Acts, texts: Texts, mayAct: boolean, readOnly: boolean }} props */
function Wanted({ bay, swap, acts, texts, mayAct, readOnly }) {
  const prompt = promptText(swap, bay, texts);
  return h('div', { class: 'wanted' }, [
    swap.held === null
      ? null
      : h(
          'p',
          { class: 'alarm-text' },
          fill(texts.heldSince, { at: timeOf(swap.held.sinceMs), why: codeText(texts, swap.held.reasonCode) }),
        ),
    prompt === null ? null : h('p', { class: 'prompt' }, prompt),
    // On a page where nobody can sign on, there is nothing to be done.
    readOnly ? null : h(SwapActs, { bay, swap, acts, texts, mayAct }),
  ]);
}

/** @param {{ bay: BayView, swap: SwapView, acts: Acts, texts: Texts, mayAct: boolean }} props */
function SwapActs({ bay, swap, acts, texts, mayAct }) {
  const { bayId } = bay;
  const anyAct = swap.acts.resume || swap.acts.identify || swap.acts.abort || swap.acts.giveUp;
  return [
    swap.acts.identify ? h(IdentityForm, { bay, swap, acts, texts, mayAct }) : null,
    anyAct && !mayAct ? h('p', { class: 'muted' }, texts.signOnToAct) : null,
    h('div', { class: 'buttons' }, [
      swap.held === null
        ? null
        : h(
            'button',
            {
              type: 'button',
              class: 'primary',
              disabled: !mayAct || !swap.acts.resume,
              onClick: () => void acts.act({ kind: 'RESUME_CONFIRMED', bayId }),
            },
            texts.actResume,
          ),
      swap.acts.abort
        ? h('button', { type: 'button', disabled: !mayAct, onClick: () => void acts.act({ kind: 'ABORT', bayId }) }, texts.actAbort)
        : null,
    ]),
    swap.acts.giveUp ? h(GiveUp, { bay, acts, texts, mayAct }) : null,
  ];
}

/** How it ended, or that it is being aborted. @param {{ swap: SwapView, texts: Texts }} props */
function Ending({ swap, texts }) {
  if (swap.ended === null)
    return swap.abortReasonCode === null
      ? null
      : h('p', { class: 'wait-text' }, fill(texts.aborting, { why: codeText(texts, swap.abortReasonCode) }));
  const why = swap.endReasonCode === null ? '' : ` · ${codeText(texts, swap.endReasonCode)}`;
  return h('p', null, [h('strong', null, texts.ends[swap.ended]), why]);
}

/** @param {{ bay: BayView, steps: Steps, nowMs: number, acts: Acts, texts: Texts, mayAct: boolean, readOnly: boolean }} props */
export function Bay({ bay, steps, nowMs, acts, texts, mayAct, readOnly }) {
  const { swap } = bay;
  const { word, kind } = stateOf(swap, texts);
  return h('article', { class: 'panel bay', 'data-bay': bay.bayId }, [
    h('div', { class: 'panel-head' }, [h('h2', null, fill(texts.bay, { id: bay.bayId })), h('span', { class: `chip ${kind}` }, word)]),
    swap === null
      ? h('p', { class: 'muted' }, texts.noSwap)
      : [
          h(Ending, { swap, texts }),
          swap.ended === null ? h(StepUnderWay, { swap, steps, nowMs, texts }) : h('p', null, phaseText(swap, texts)),
          h(Wanted, { key: swap.requestId, bay, swap, acts, texts, mayAct, readOnly }),
          h(SwapFacts, { swap, texts }),
        ],
    h('div', { class: 'bay-lists' }, [h(StepList, { swap, steps, texts }), h(Interlocks, { bay, texts })]),
  ]);
}
