import { h } from 'preact';
import { codeText, fill, kw } from './language.js';

/** @typedef {import('./language.js').Texts} Texts */
/** @typedef {import('./main.js').Acts} Acts */
/** @typedef {import('../page-view.ts').SlotView} SlotView */

/** @param {SlotView} slot @param {Texts} texts */
function notesOf(slot, texts) {
  return [
    slot.ready ? texts.slotReady : null,
    slot.powerW > 0 ? kw(slot.powerW) : null,
    slot.chargingState === 'FAULT' || slot.chargingState === 'SUSPENDED' ? codeText(texts, slot.chargingState) : null,
    slot.reserved ? texts.slotReserved : null,
    slot.promisedTo === null ? null : fill(texts.slotPromised, { truck: `${slot.promisedTo.truckId} · ${slot.promisedTo.plate}` }),
    slot.setAside ? texts.slotSetAside : null,
    slot.locked ? texts.slotLocked : null,
    slot.smoke ? texts.slotSmoke : null,
    slot.doorOpen ? texts.slotDoor : null,
  ].filter((note) => note !== null);
}

/** @param {{ slot: SlotView, acts: Acts, texts: Texts, mayAct: boolean }} props */
function Slot({ slot, acts, texts, mayAct }) {
  const name = fill(texts.slot, { n: slot.evseId });
  const { socPercent } = slot;
  const kind = slot.smoke || slot.chargingState === 'FAULT' ? 'alarm' : slot.quarantine === null && !slot.setAside ? '' : 'wait';
  return h('li', { class: `slot ${kind} ${slot.powerW > 0 ? 'charges' : ''}`, 'data-slot': slot.evseId }, [
    h('div', { class: 'slot-head' }, [
      h('span', { class: 'muted' }, [h('span', { class: 'unseen' }, name), h('span', { 'aria-hidden': 'true' }, slot.evseId)]),
      h('strong', null, !slot.holdsPack ? texts.slotEmpty : socPercent === null ? texts.slotUnknown : `${socPercent.toFixed(1)} %`),
    ]),
    socPercent === null ? null : h('meter', { min: 0, max: 100, value: socPercent, 'aria-label': `${name} SOC` }),
    h('small', { class: 'pack' }, slot.packId ?? ''),
    h('small', null, notesOf(slot, texts).join(' · ')),
    slot.quarantine === null ? null : h('small', { class: 'wait-text' }, `${texts.quarantine}: ${codeText(texts, slot.quarantine)}`),
    slot.quarantine === null || !mayAct
      ? null
      : h(
          'button',
          {
            type: 'button',
            'aria-label': `${texts.actLift} ${name}`,
            onClick: () => void acts.act({ kind: 'QUARANTINE_LIFTED', evseId: slot.evseId }),
          },
          texts.actLift,
        ),
  ]);
}

/** @param {{ slots: SlotView[], acts: Acts, texts: Texts, mayAct: boolean }} props */
export function Rack({ slots, acts, texts, mayAct }) {
  return h('section', { class: 'panel' }, [
    h('h2', null, texts.slots),
    h(
      'ul',
      { class: 'rack' },
      slots.map((slot) => h(Slot, { key: slot.evseId, slot, acts, texts, mayAct })),
    ),
  ]);
}
