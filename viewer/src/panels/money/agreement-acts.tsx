import { Check, Undo2 } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { AgreementVersion } from '../../feed/agreement-api.ts';
import { day } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { useAct } from '../use-act.ts';

/** What may still be done with a version: approved by somebody else than its author, or withdrawn while it is not in force. */
export function AgreementActs({ version, changed }: { version: AgreementVersion; changed: () => void }): VNode | null {
  const { agreementApi, session, clock } = useApp();
  const words = useWords();
  const [note, setNote] = useState('');
  const act = useAct();
  const person = session.person;
  const isParty = person?.principalId !== null && version.parties.includes(person?.principalId ?? '');
  const isPlatform = person?.roles.includes('PLATFORM_OPERATOR') === true;
  const hasApproved = version.approvals.some(({ principalId }) => principalId === person?.principalId);
  const isAuthor = version.draftedBy !== null && version.draftedBy === person?.userId;
  const approves = version.state === 'DRAFT' && isParty && !hasApproved;
  const isOpen =
    version.state === 'DRAFT' || (version.state === 'APPROVED' && isLater(version.beginsOn, day(clock.nowMs(performance.now()))));
  const withdraws = isOpen && (isParty || isPlatform);
  if (!approves && !withdraws) return null;
  const needsNote = version.kind !== 'settlement-agreements';
  const withdraw = async (): Promise<void> => {
    if (needsNote && note.trim() === '') return act.object(words.money.noteMissing);
    if (await act.run(() => agreementApi.withdraw(version, note.trim()))) changed();
  };
  return (
    <div class="act-form" data-form="agreement">
      {approves && isAuthor && <p class="prose">{words.agreement.secondPerson}</p>}
      {withdraws && needsNote && (
        <label class="entry">
          <span>{words.agreement.withdrawNote}</span>
          <input
            name="withdraw-note"
            maxLength={400}
            autocomplete="off"
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
      )}
      <div class="act-buttons">
        {approves && !isAuthor && (
          <button
            type="button"
            class="button primary"
            data-action="approve"
            disabled={act.sending}
            onClick={() => void act.run(() => agreementApi.approve(version)).then((done) => done && changed())}
          >
            <Icon node={Check} size={14} />
            {words.agreement.approve}
          </button>
        )}
        {withdraws && (
          <button type="button" class="button" data-action="withdraw-agreement" disabled={act.sending} onClick={() => void withdraw()}>
            <Icon node={Undo2} size={14} />
            {words.agreement.withdraw}
          </button>
        )}
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </div>
  );
}

/** Local days as text are ordered as they are in time. */
const isLater = (beginsOn: string | null, today: string): boolean => beginsOn === null || beginsOn > today;
