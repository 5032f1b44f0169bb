import { Pause } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { REGISTERED_KINDS, type RegisteredKind } from '../../feed/registration-api.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { useAct } from '../use-act.ts';
import { Choice } from './list-tools.tsx';

/** What came with the first start stands in no list of registrations before its first change: here it is suspended by its id. */
export function WithoutPapers({ changed }: { changed: () => void }): VNode {
  const { registrationApi } = useApp();
  const words = useWords();
  const [kind, setKind] = useState<RegisteredKind>('TRUCK');
  const [id, setId] = useState('');
  const [reason, setReason] = useState('');
  const [done, setDone] = useState<string | null>(null);
  const act = useAct();
  const send = async (): Promise<void> => {
    setDone(null);
    if (id.trim() === '') return act.object(words.registration.idMissing);
    if (reason.trim() === '') return act.object(words.registration.reasonMissing);
    if (!(await act.run(() => registrationApi.act(kind, id.trim(), 'suspend', { reason: reason.trim() })))) return;
    setDone(id.trim());
    setId('');
    changed();
  };
  return (
    <section class="money-part" data-part="without-papers">
      <h2>{words.registration.withoutPapers}</h2>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class="list-head">
          <Choice
            name="suspend-kind"
            label={words.money.type}
            value={kind}
            choose={(value) => setKind(REGISTERED_KINDS.find((one) => one === value) ?? kind)}
            options={REGISTERED_KINDS.map((one) => [one, words.registration.kind[one]] as const)}
          />
          <label class="entry">
            <span>{words.field.id}</span>
            <input name="suspend-id" autocomplete="off" maxLength={64} value={id} onInput={(event) => setId(event.currentTarget.value)} />
          </label>
          <label class="entry">
            <span>{words.registration.reasonFor}</span>
            <input
              name="suspend-reason"
              autocomplete="off"
              maxLength={200}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="button" data-action="suspend-by-id" disabled={act.sending}>
            <Icon node={Pause} size={14} />
            {words.registration.verb.suspend}
          </button>
        </div>
        <p class="alarm-text" role="alert">
          {act.problem}
        </p>
        {done !== null && <p role="status">{words.registration.suspended(done)}</p>}
        <p class="nothing">{words.registration.withoutPapersNote}</p>
      </form>
    </section>
  );
}
