import { Scale } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Dispute, DisputedBill } from '../../feed/settlement-api.ts';
import { hashOfMoneyTab } from '../../store/money-place.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { useAct } from '../use-act.ts';

/** Objecting to the bill of an order, or to a charge; the platform, which is no party, is not asked. */
export function RaiseDispute({ bill }: { bill: DisputedBill }): VNode | null {
  const { settlementApi, session } = useApp();
  const words = useWords();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [raised, setRaised] = useState<Dispute | null>(null);
  const act = useAct();
  const roles = session.person?.roles ?? [];
  if (roles.includes('PLATFORM_OPERATOR') || roles.includes('DRIVER')) return null;
  if (raised !== null)
    return (
      <p class="prose" data-raised={raised.id} role="status">
        {words.money.raised}{' '}
        <a class="link" href={hashOfMoneyTab('disputes')}>
          {words.money.tab.disputes}
        </a>
      </p>
    );
  if (!open)
    return (
      <button type="button" class="button" data-action="dispute" onClick={() => setOpen(true)}>
        <Icon node={Scale} size={14} />
        {words.money.raise}
      </button>
    );
  const send = async (): Promise<void> => {
    await act.run(async () => setRaised(await settlementApi.raiseDispute(bill, { reason: reason.trim() })));
  };
  return (
    <form
      class="act-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="entry">
        <span>{words.money.whatIsWrong}</span>
        <textarea
          name="dispute-reason"
          rows={2}
          maxLength={2000}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <div class="act-buttons">
        <button type="submit" class="button primary" data-action="raise-dispute" disabled={act.sending || reason.trim() === ''}>
          {words.money.raise}
        </button>
        <button type="button" class="button" onClick={() => setOpen(false)}>
          {words.money.cancel}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </form>
  );
}
