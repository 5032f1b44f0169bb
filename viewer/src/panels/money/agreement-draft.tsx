import { FilePlus2 } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { AgreementKind, AgreementVersion } from '../../feed/agreement-api.ts';
import { day } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { useAct } from '../use-act.ts';
import { nextVersionText } from './next-version.ts';
import { SettlementDraft } from './settlement-draft.tsx';

const DAY_MS = 86_400_000;
const ROWS = 14;

interface DraftProps {
  kind: AgreementKind;
  /** The version that the new one follows; null: the first of its kind. */
  from: AgreementVersion | null;
  drafted: () => void;
}

/** A new version: of settlement by its fields, of all else as its text, because prices are as different as their contracts. */
export function DraftAgreement({ kind, from, drafted }: DraftProps): VNode | null {
  const { session } = useApp();
  const words = useWords();
  const [open, setOpen] = useState(false);
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const isParty = from?.parties.includes(session.person?.principalId ?? '') === true;
  const isSettlement = kind === 'settlement-agreements';
  // The text of a version is begun from another one.
  const may = isSettlement ? isPlatform : from !== null && (isPlatform || isParty);
  if (!may) return null;
  const close = (): void => setOpen(false);
  const done = (): void => {
    close();
    drafted();
  };
  if (!open)
    return (
      <div class="act-buttons new-version">
        <button type="button" class="button" data-action="new-version" onClick={() => setOpen(true)}>
          <Icon node={FilePlus2} size={14} />
          {from === null ? words.agreement.newAgreement : words.agreement.newVersion}
        </button>
      </div>
    );
  if (isSettlement)
    return <SettlementDraft from={from?.kind === 'settlement-agreements' ? from.definition : null} cancel={close} drafted={done} />;
  return from === null ? null : <TextDraft from={from} cancel={close} drafted={done} />;
}

function TextDraft({ from, cancel, drafted }: { from: AgreementVersion; cancel: () => void; drafted: () => void }): VNode {
  const { agreementApi, clock } = useApp();
  const words = useWords();
  const [text, setText] = useState(() => nextVersionText(from, day(clock.nowMs(performance.now()) + DAY_MS)));
  const act = useAct();
  const send = async (): Promise<void> => {
    let definition: unknown;
    try {
      definition = JSON.parse(text);
    } catch {
      return act.object(words.agreement.notJson);
    }
    if (await act.run(() => agreementApi.draft(from.kind, definition))) drafted();
  };
  return (
    <form
      class="act-form wide"
      data-form="draft"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="entry">
        <span>{words.agreement.draftHint}</span>
        <textarea
          name="definition"
          class="code-entry"
          rows={ROWS}
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div class="act-buttons">
        <button type="submit" class="button primary" data-action="draft" disabled={act.sending}>
          {words.agreement.draft}
        </button>
        <button type="button" class="button" onClick={cancel}>
          {words.money.cancel}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </form>
  );
}
