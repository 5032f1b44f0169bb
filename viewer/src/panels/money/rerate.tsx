import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Draft } from '../../feed/settlement-api.ts';
import { figure } from '../../format/quantity.ts';
import { day, instantOfDay } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { NotFetched } from '../not-fetched.tsx';
import { useAct } from '../use-act.ts';
import { DayEntry } from './list-tools.tsx';
import { RerateResult } from './rerate-result.tsx';

const FOLLOW_MS = 1_000;

/** What a past period would have cost under drafts: chosen here, computed by the twin, nothing is changed. */
export function Rerate(): VNode {
  const { rerating } = useApp();
  const words = useWords();
  useFollowed();
  const shown = rerating.value;
  return (
    <>
      <section class="money-part" data-part="re-rate">
        <p class="prose">{words.money.rerateNote}</p>
        <RerateForm />
        {shown !== null && shown.state !== 'DONE' && (
          <p class={shown.state === 'FAILED' ? 'alarm-text' : 'nothing'} role="status">
            {shown.state === 'FAILED'
              ? words.money.rerateFailed
              : words.money.rerating(figure(shown.done), shown.total === null ? '…' : figure(shown.total))}
          </p>
        )}
      </section>
      {shown?.state === 'DONE' && <RerateResult rerating={shown} />}
    </>
  );
}

/** Asks how far it is until it is done. */
function useFollowed(): void {
  const { settlementApi, rerating } = useApp();
  const running = rerating.value?.state === 'RUNNING' ? rerating.value.id : null;
  useEffect(() => {
    if (running === null) return undefined;
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const now = await settlementApi.rerating(running);
        if (ended) return;
        rerating.value = now;
        if (now.state !== 'RUNNING') return;
      } catch {
        // Asked again: the twin goes on without this page.
        if (ended) return;
      }
      timer = setTimeout(() => void ask(), FOLLOW_MS);
    };
    void ask();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [running]);
}

function RerateForm(): VNode {
  const { settlementApi, rerating, clock, language } = useApp();
  const words = useWords();
  const { value: drafts, state, retry } = useFetched('drafts', () => settlementApi.drafts());
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const act = useAct();
  const today = day(clock.nowMs(performance.now()));
  const begin = async (): Promise<void> => {
    const [start, end] = [instantOfDay(from === '' ? today : from), instantOfDay(until === '' ? today : until, 1)];
    if (start >= end) return act.object(words.money.periodEmpty);
    const picked = (drafts ?? []).filter((draft) => chosen.includes(keyOf(draft)));
    await act.run(async () => {
      rerating.value = await settlementApi.beginRerating(picked, start, end);
    });
  };
  const toggle = (key: string): void => setChosen(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]);
  return (
    <form
      class="rerate-form"
      onSubmit={(event) => {
        event.preventDefault();
        void begin();
      }}
    >
      <fieldset>
        <legend>{words.money.drafts}</legend>
        {drafts === null && <NotFetched state={state} retry={retry} />}
        {drafts?.length === 0 && <p class="nothing">{words.money.noDrafts}</p>}
        {drafts?.map((draft) => (
          <label key={keyOf(draft)} class="tick">
            <input
              type="checkbox"
              name="draft"
              value={draft.id}
              checked={chosen.includes(keyOf(draft))}
              onChange={() => toggle(keyOf(draft))}
            />
            <span>{draft.id}</span>
            <small>{words.money.draftKind[draft.path] ?? language.codeWord(draft.path)}</small>
          </label>
        ))}
      </fieldset>
      <div class="list-head">
        <DayEntry name="from" label={words.money.from} value={from === '' ? today : from} choose={setFrom} />
        <DayEntry name="until" label={words.money.until} value={until === '' ? today : until} choose={setUntil} />
        <button type="submit" class="button primary" data-action="re-rate" disabled={act.sending || rerating.value?.state === 'RUNNING'}>
          {words.money.rerate}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </form>
  );
}

/** Ids are unique within a kind of agreement only. */
const keyOf = ({ path, id }: Draft): string => `${path}/${id}`;
