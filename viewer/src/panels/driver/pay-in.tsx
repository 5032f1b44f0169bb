import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Payment } from '../../feed/money-api.ts';
import { newRequestKey } from '../../feed/request-key.ts';
import { fenOfEntry } from '../../format/amount-entry.ts';
import { useApp, useWords } from '../app-context.ts';
import { cashierOf, PaymentCard } from '../money/payment-card.tsx';
import { useSteadyAct } from './use-steady-act.ts';

const FEN_PER_YUAN = 100n;
/** Proposed amounts are whole hundreds of yuan: what is left serves the next swap. */
const STEP_FEN = 10_000n;
const PROPOSED_FEN = 50_000n;
/** A twelve-digit amount is above the limit of any provider. */
const DIGITS_MAX = 12;

/** Money into the carrier's balance at the payment provider, from the road. @param amountFen that was short; null: not known */
export function PayIn({ amountFen }: { amountFen: string | null }): VNode {
  const { session } = useApp();
  const words = useWords();
  const [payment, setPayment] = useState<Payment | null>(null);
  const carrierId = session.person?.principalId ?? null;
  if (carrierId === null) return <p>{words.driver.refusedOther.todo}</p>;
  return (
    <div class="driver-pay" data-driver-part="pay-in">
      <h3>{words.driver.payInTitle}</h3>
      {payment === null ? (
        <PayInForm carrierId={carrierId} proposedFen={proposalFor(amountFen)} asked={setPayment} />
      ) : (
        <>
          <PaymentCard payment={payment} follow={setPayment} close={() => setPayment(null)} closeWord={words.money.another} />
          {payment.state === 'CONFIRMED' && (
            <p role="status" data-paid-in>
              {words.driver.paidIn}
            </p>
          )}
        </>
      )}
    </div>
  );
}

function proposalFor(amountFen: string | null): bigint {
  if (amountFen === null) return PROPOSED_FEN;
  return ((BigInt(amountFen) + STEP_FEN - 1n) / STEP_FEN) * STEP_FEN;
}

function PayInForm(props: { carrierId: string; proposedFen: bigint; asked: (payment: Payment) => void }): VNode {
  const { moneyApi } = useApp();
  const words = useWords();
  const act = useSteadyAct();
  const [entry, setEntry] = useState(() => (props.proposedFen / FEN_PER_YUAN).toString());
  const [key, renew] = useState(newRequestKey);
  const amountFen = fenOfEntry(entry);
  const isGood = amountFen !== null && amountFen.length <= DIGITS_MAX;
  const ask = async (): Promise<void> => {
    if (!isGood) return;
    const outcome = await act.run(async () => {
      const payment = await moneyApi.topUp({ carrierId: props.carrierId, amountFen, key });
      const cashier = cashierOf(payment);
      if (cashier !== null) window.open(cashier, '_blank', 'noopener');
      props.asked(payment);
    });
    if (outcome === 'REFUSED') renew(newRequestKey());
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <label class="entry">
        <span>{words.driver.amount}</span>
        <input
          name="pay-amount"
          inputMode="decimal"
          autocomplete="off"
          value={entry}
          aria-invalid={!isGood}
          onInput={(event) => {
            setEntry(event.currentTarget.value);
            renew(newRequestKey());
          }}
        />
      </label>
      <p class="driver-note">{words.driver.payInNote}</p>
      <button type="submit" class="button primary" data-action="ask-pay-in" disabled={!isGood || act.state !== 'idle'}>
        {words.driver.payIn}
      </button>
      <p class="alarm-text" role="alert">
        {isGood
          ? act.refusal !== null && (words.money.refusal[act.refusal] ?? words.driver.refused[act.refusal]?.why ?? act.refusal)
          : words.money.amountInvalid}
      </p>
    </form>
  );
}
