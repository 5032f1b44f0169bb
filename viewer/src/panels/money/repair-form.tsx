import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Measured, PackReading } from '../../feed/settlement-api.ts';
import { useApp, useWords } from '../app-context.ts';
import { useAct } from '../use-act.ts';

const SOC_PERCENT = /^\d{1,3}(\.\d{1,3})?$/;

interface Entry {
  packId: string;
  soc: string;
}

/** Ends an abnormal order: billed by what was measured, or written off; each with why. */
export function RepairForm({ order, changed }: { order: OrderSummary; changed: () => void }): VNode {
  const { settlementApi } = useApp();
  const words = useWords();
  const [note, setNote] = useState('');
  const [cameIn, setIn] = useState<Entry>({ packId: order.returnPackId ?? '', soc: '' });
  const [wentOut, setOut] = useState<Entry>({ packId: order.issuePackId ?? '', soc: '' });
  const act = useAct();
  const end = async (how: (why: string) => Promise<unknown>): Promise<void> => {
    if (note.trim() === '') return act.object(words.money.noteMissing);
    if (await act.run(() => how(note.trim()))) changed();
  };
  const repair = async (): Promise<void> => {
    const measured = measuredOf(cameIn, wentOut);
    if (measured === 'INVALID') return act.object(words.money.readingInvalid);
    await end((why) => settlementApi.repair(order.id, why, measured));
  };
  return (
    <form
      class="act-form"
      data-form="repair"
      onSubmit={(event) => {
        event.preventDefault();
        void repair();
      }}
    >
      <div class="list-head">
        <ReadingEntry name="in" label={words.money.cameIn} entry={cameIn} change={setIn} />
        <ReadingEntry name="out" label={words.money.wentOut} entry={wentOut} change={setOut} />
      </div>
      <label class="entry">
        <span>{words.money.note}</span>
        <input name="repair-note" maxLength={400} autocomplete="off" value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <div class="act-buttons">
        <button type="submit" class="button primary" data-action="repair" disabled={act.sending}>
          {words.money.repair}
        </button>
        <button
          type="button"
          class="button"
          data-action="write-off"
          disabled={act.sending}
          onClick={() => void end((why) => settlementApi.writeOff(order.id, why))}
        >
          {words.money.writeOff}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </form>
  );
}

/** Without a figure of the SOC the station's own stands; null when nothing was measured. */
function measuredOf(cameIn: Entry, wentOut: Entry): Measured | null | 'INVALID' {
  const [taken, given] = [readingOf(cameIn), readingOf(wentOut)];
  if (taken === 'INVALID' || given === 'INVALID') return 'INVALID';
  if (taken === null && given === null) return null;
  return { ...(taken === null ? {} : { in: taken }), ...(given === null ? {} : { out: given }) };
}

function readingOf({ packId, soc }: Entry): PackReading | null | 'INVALID' {
  const text = soc.trim();
  if (text === '') return null;
  const socPercent = Number(text);
  return SOC_PERCENT.test(text) && socPercent <= 100 && packId.trim() !== '' ? { packId: packId.trim(), socPercent } : 'INVALID';
}

function ReadingEntry(props: { name: string; label: string; entry: Entry; change: (entry: Entry) => void }): VNode {
  const { name, label, entry, change } = props;
  const words = useWords();
  return (
    <fieldset class="reading">
      <legend>{label}</legend>
      <label class="entry">
        <span>{words.field.pack}</span>
        <input
          name={`pack-${name}`}
          autocomplete="off"
          value={entry.packId}
          onInput={(event) => change({ ...entry, packId: event.currentTarget.value })}
        />
      </label>
      <label class="entry">
        <span>SOC %</span>
        <input
          name={`soc-${name}`}
          inputMode="decimal"
          autocomplete="off"
          value={entry.soc}
          onInput={(event) => change({ ...entry, soc: event.currentTarget.value })}
        />
      </label>
    </fieldset>
  );
}
