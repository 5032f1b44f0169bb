import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ActKind, ActsOf, Asked } from '../feed/operator-api.ts';
import type { Person } from '../feed/person.ts';
import { isReason } from '../store/reason-entry.ts';
import { isLive, useApp, useWords } from './app-context.ts';
import { Section } from './section.tsx';
import { useAct } from './use-act.ts';

/** Whether somebody acts for the platform, or in a role for the company that a thing belongs to. */
export function actsFor(person: Person | null, role: 'STATION_OPERATOR' | 'CARRIER', ownerId: string | null | undefined): boolean {
  if (person === null || person.roles.includes('DRIVER')) return false;
  if (person.roles.includes('PLATFORM_OPERATOR')) return true;
  return person.roles.includes(role) && ownerId !== null && ownerId !== undefined && ownerId === person.principalId;
}

/** Buttons for what a person may do with a thing now, with why; whether it is possible, the twin says. */
export function OperatorActs<K extends ActKind>({ kind, id, acts }: { kind: K; id: string; acts: readonly ActsOf[K][] }): VNode | null {
  const app = useApp();
  const { operatorApi } = app;
  const words = useWords();
  // Nothing is done to the corridor because of what is past or recorded.
  if (acts.length === 0 || !isLive(app)) return null;
  return (
    <Section title={words.act.title} name="acts" folded>
      <NotedAct>
        {(send, sending) =>
          acts.map((act) => (
            <button
              key={act}
              type="button"
              class="button"
              data-action={act}
              disabled={sending}
              onClick={() => send((asked) => operatorApi.do(kind, id, act, asked))}
            >
              {words.act[kind][act] ?? act}
            </button>
          ))
        }
      </NotedAct>
    </Section>
  );
}

type Send = (act: (asked: Asked) => Promise<unknown>) => void;

/**
 * A field for why, and what is done with it: nothing is done without a reason.
 * @param told what is said once the twin took it; without it, that it is done. What a station has to do is not done then
 */
export function NotedAct({ children, told }: { children: (send: Send, sending: boolean) => ComponentChildren; told?: VNode }): VNode {
  const words = useWords();
  const [note, setNote] = useState('');
  const [done, setDone] = useState(false);
  const act = useAct();
  const perform = async (what: (asked: Asked) => Promise<unknown>): Promise<void> => {
    const said = note.trim();
    if (!isReason(said)) return act.object(words.operations.reasonShort);
    const isDone = await act.runOnce((key) => what({ key, note: said }));
    setDone(isDone);
    if (isDone) setNote('');
  };
  const send: Send = (what) => void perform(what);
  return (
    <div class="alarm-acts">
      <label class="entry">
        <span>{words.money.note}</span>
        <input
          name="act-note"
          maxLength={400}
          autocomplete="off"
          value={note}
          onInput={(event) => {
            setNote(event.currentTarget.value);
            setDone(false);
          }}
        />
      </label>
      <div class="alarm-buttons">{children(send, act.sending)}</div>
      <p class={act.problem === null ? 'done-text' : 'alarm-text'} role="alert">
        {act.problem ?? (done ? (told ?? words.act.done) : null)}
      </p>
    </div>
  );
}
