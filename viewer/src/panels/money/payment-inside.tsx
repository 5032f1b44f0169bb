import { RotateCw } from 'lucide';
import type { VNode } from 'preact';
import type { Payment } from '../../feed/money-api.ts';
import { hashOfMoneyTab } from '../../store/money-place.ts';
import { useApp, useWords } from '../app-context.ts';
import { DayTime, Field } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { Person } from '../person.tsx';
import { type Act, useAct } from '../use-act.ts';

/** What is known of a payment, and what a second person decides of it, or begins anew. */
export function PaymentInside({ payment, changed }: { payment: Payment; changed: () => void }): VNode {
  const { moneyApi, session } = useApp();
  const words = useWords();
  const act = useAct();
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  // A payment back that was paid in part is held until its rest is begun anew.
  const isStuck = payment.direction === 'WITHDRAWAL' && payment.state === 'REQUESTED' && payment.detail !== null;
  const retries = isPlatform && ((payment.direction === 'PAYOUT' && payment.state === 'FAILED') || isStuck);
  return (
    <>
      <dl class="fields terms">
        <Field label={words.money.paymentNo} wide>
          {payment.id}
        </Field>
        {payment.statementId !== null && (
          <Field label={words.money.statement} wide>
            <a class="link" href={hashOfMoneyTab('statements', payment.statementId)}>
              {payment.statementId}
            </a>
          </Field>
        )}
        <Field label={words.money.requestedBy}>
          <Person id={payment.requestedBy} />
        </Field>
        {payment.paidAt !== null && (
          <Field label={words.money.paidAtProvider}>
            <DayTime at={payment.paidAt} />
          </Field>
        )}
        {payment.settledAt !== null && (
          <Field label={words.money.bookedAt}>
            <DayTime at={payment.settledAt} />
          </Field>
        )}
        {payment.providerRef !== null && (
          <Field label={words.money.providerRef} wide>
            {payment.providerRef}
          </Field>
        )}
      </dl>
      {payment.detail !== null && <p class="prose">{words.money.refusal[payment.detail] ?? payment.detail}</p>}
      {payment.direction === 'WITHDRAWAL' && payment.state === 'DRAFTED' && <Decision payment={payment} act={act} changed={changed} />}
      {retries && (
        <div class="act-buttons">
          <button
            type="button"
            class="button primary"
            data-action="retry-payout"
            disabled={act.sending}
            onClick={() => void act.run(() => moneyApi.retryPayout(payment.id)).then((done) => done && changed())}
          >
            <Icon node={RotateCw} size={14} />
            {isStuck ? words.money.retryRest : words.money.retryPayout}
          </button>
        </div>
      )}
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
    </>
  );
}

/** The second person's; who drafted it may still refuse it. */
function Decision({ payment, act, changed }: { payment: Payment; act: Act; changed: () => void }): VNode | null {
  const { moneyApi, session } = useApp();
  const words = useWords();
  const roles = session.person?.roles ?? [];
  if (!roles.includes('PLATFORM_OPERATOR') && !roles.includes('CARRIER')) return null;
  const isDrafter = payment.requestedBy === session.person?.userId;
  const verbs = isDrafter ? (['refuse'] as const) : (['approve', 'refuse'] as const);
  return (
    <>
      {isDrafter && <p class="prose">{words.money.secondPerson}</p>}
      <div class="act-buttons">
        {verbs.map((verb) => (
          <button
            key={verb}
            type="button"
            class={verb === 'approve' ? 'button primary' : 'button'}
            data-action={`${verb}-payment`}
            disabled={act.sending}
            onClick={() => void act.run(() => moneyApi.decidePayment(payment.id, verb)).then((done) => done && changed())}
          >
            {words.money[`${verb}Payment`]}
          </button>
        ))}
      </div>
    </>
  );
}
