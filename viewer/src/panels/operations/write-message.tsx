import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { newRequestKey } from '../../feed/request-key.ts';
import { useApp, useWords } from '../app-context.ts';
import { Choice } from '../money/list-tools.tsx';
import { useAct } from '../use-act.ts';

const KINDS = ['truck', 'station', 'principal'] as const;
type Kind = (typeof KINDS)[number];

/** A message to a truck, a station or a company. Whom one may write to, the twin says. */
export function WriteMessage({ sent }: { sent: () => void }): VNode {
  const { dispatchApi } = useApp();
  const words = useWords();
  const act = useAct();
  const [kind, setKind] = useState<Kind>('truck');
  const recipients = useRecipients(kind);
  const [chosenId, setChosen] = useState('');
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [key, setKey] = useState(newRequestKey);
  const id = recipients.some(([known]) => known === chosenId) ? chosenId : (recipients[0]?.[0] ?? '');
  const send = async (): Promise<void> => {
    if (title.trim() === '' || text.trim() === '') return act.object(words.money.noteMissing);
    if (!(await act.run(() => dispatchApi.write({ to: `${kind}:${id}`, title: title.trim(), text: text.trim(), key })))) return;
    setTitle('');
    setText('');
    setKey(newRequestKey());
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
          choose={(value) => setKind(KINDS.find((each) => each === value) ?? 'truck')}
        />
        <Choice name="recipient" label={words.dispatch.recipientId} value={id} options={recipients} choose={setChosen} />
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
        <button type="button" class="button" data-action="write" disabled={act.sending || id === ''} onClick={() => void send()}>
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
function useRecipients(kind: Kind): readonly (readonly [id: string, word: string])[] {
  const { store, names, language } = useApp();
  if (kind === 'principal') return names.ids().map((id) => [id, names.nameOf(id, language.chinese)] as const);
  if (kind === 'station') return store.version.stations.value < 0 ? [] : [...store.records.stations.keys()].map((id) => [id, id] as const);
  const trucks = store.version.trucks.value < 0 ? [] : [...store.records.trucks.values()];
  return trucks.map(({ id, plate }) => [id, plate === null ? id : `${id} · ${plate}`] as const);
}
