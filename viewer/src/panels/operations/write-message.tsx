import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { isReason } from '../../store/reason-entry.ts';
import { useApp, useWords } from '../app-context.ts';
import { Choice } from '../money/list-tools.tsx';
import { useAct } from '../use-act.ts';

const KINDS = ['truck', 'station', 'principal'] as const;
type Kind = (typeof KINDS)[number];
type Recipient = readonly [id: string, word: string];

/** A message to a truck, a station or a company. Whom one may write to, the twin says. Nobody is chosen beforehand: he would be told what is meant for another. */
export function WriteMessage({ sent }: { sent: () => void }): VNode {
  const { dispatchApi } = useApp();
  const words = useWords();
  const act = useAct();
  const [kind, setKind] = useState<Kind>('truck');
  const recipients = useRecipients(kind);
  const [to, setTo] = useState<Recipient | null>(null);
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  // The list changes while one writes: he whom one writes to stays.
  const offered = to === null || recipients.some(([id]) => id === to[0]) ? recipients : [to, ...recipients];
  const send = async (): Promise<void> => {
    if (to === null) return act.object(words.dispatch.chooseRecipient);
    if (title.trim() === '' || !isReason(text)) return act.object(words.operations.reasonShort);
    if (!(await act.runOnce((key) => dispatchApi.write({ to: `${kind}:${to[0]}`, title: title.trim(), text: text.trim(), key })))) return;
    setTo(null);
    setTitle('');
    setText('');
    sent();
  };
  return (
    <div class="alarm-acts" data-form="message">
      <h2>{words.dispatch.write}</h2>
      <div class="alarm-buttons">
        <Choice
          name="recipient-kind"
          label={words.dispatch.recipient}
          value={kind}
          options={KINDS.map((each) => [each, words.dispatch.kind[each] ?? each] as const)}
          choose={(value) => {
            setKind(KINDS.find((each) => each === value) ?? 'truck');
            setTo(null);
          }}
        />
        <Choice
          name="recipient"
          label={words.dispatch.recipientId}
          value={to?.[0] ?? ''}
          options={[['', words.dispatch.choose], ...offered]}
          choose={(id) => setTo(offered.find(([known]) => known === id) ?? null)}
        />
      </div>
      <label class="entry">
        <span>{words.dispatch.title}</span>
        <input name="title" maxLength={120} autocomplete="off" value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <label class="entry">
        <span>{words.dispatch.text}</span>
        <input name="text" maxLength={400} autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <div class="alarm-buttons">
        <button type="button" class="button" data-action="write" disabled={act.sending} onClick={() => void send()}>
          {words.dispatch.send}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </div>
  );
}

/** Of a kind, those that the page knows. */
function useRecipients(kind: Kind): readonly Recipient[] {
  const { store, names, language } = useApp();
  if (kind === 'principal') return names.ids().map((id) => [id, names.nameOf(id, language.chinese)] as const);
  if (kind === 'station') return store.version.stations.value < 0 ? [] : [...store.records.stations.keys()].map((id) => [id, id] as const);
  const trucks = store.version.trucks.value < 0 ? [] : [...store.records.trucks.values()];
  return trucks.map(({ id, plate }) => [id, plate === null ? id : `${id} · ${plate}`] as const);
}
