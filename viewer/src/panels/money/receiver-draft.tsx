import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Receiver } from '../../feed/money-api.ts';
import { dayAndTime } from '../../format/time.ts';
import { isReason } from '../../store/reason-entry.ts';
import { useApp, useWords } from '../app-context.ts';
import { Person } from '../person.tsx';
import { useAct } from '../use-act.ts';

/** Where a party shall be paid out: approved by another person of the platform than who drafted it, refused also by whose it is. */
export function ReceiverDraft(props: { principalId: string; draft: NonNullable<Receiver['draft']>; changed: () => void }): VNode {
  const { principalId, draft } = props;
  const { moneyApi, session } = useApp();
  const words = useWords();
  const act = useAct();
  const decide = async (ask: () => Promise<unknown>): Promise<void> => {
    if (await act.run(ask)) props.changed();
  };
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  const isDrafter = draft.draftedBy === session.person?.userId;
  const isOpen = draft.inForceFrom === null;
  const approves = isPlatform && isOpen && !isDrafter;
  const [waiver, setWaiver] = useState('');
  const approve = (): void => {
    const reason = draft.isWaivable ? waiver.trim() : '';
    if (reason !== '' && !isReason(reason)) return act.object(words.receiver.waiverShort);
    void decide(() => moneyApi.approveReceiver(principalId, draft.account, reason === '' ? null : reason));
  };
  return (
    <>
      <span class="figure">{draft.account}</span>
      <small class="under">
        {draft.name} · {words.agreement.draftedBy} <Person id={draft.draftedBy} />
      </small>
      {draft.inForceFrom !== null && (
        <small class="under">
          {words.agreement.beginsOn} {dayAndTime(draft.inForceFrom)} ({words.receiver.wallClock})
        </small>
      )}
      {isOpen && isDrafter && <small class="under">{words.receiver.secondPerson}</small>}
      {approves && draft.isWaivable && <WaiverEntry value={waiver} choose={setWaiver} />}
      <div class="act-buttons">
        {approves && (
          <button type="button" class="button primary" data-action="approve-receiver" disabled={act.sending} onClick={approve}>
            {words.agreement.approve}
          </button>
        )}
        <button
          type="button"
          class="button"
          data-action="refuse-receiver"
          disabled={act.sending}
          onClick={() => void decide(() => moneyApi.refuseReceiver(principalId))}
        >
          {words.money.refusePayment}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </>
  );
}

/** Why a first account is in force at once; empty: it cools. */
function WaiverEntry({ value, choose }: { value: string; choose: (value: string) => void }): VNode {
  const words = useWords();
  return (
    <label class="entry">
      <span>{words.receiver.waiver}</span>
      <input name="waiver" maxLength={400} autocomplete="off" value={value} onInput={(event) => choose(event.currentTarget.value)} />
      <small class="under">{words.receiver.waiverHint}</small>
    </label>
  );
}
