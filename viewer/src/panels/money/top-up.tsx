import { ExternalLink } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../../feed/api-client.ts';
import { newRequestKey } from '../../feed/request-key.ts';
import { fenOfEntry } from '../../format/amount-entry.ts';
import { yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Icon } from '../icon.tsx';
import { Choice } from './list-tools.tsx';
import { cashierOf, PaymentCard } from './payment-card.tsx';

/** More digits than that no payment has; below it the twin knows the limit, which is configuration. */
const DIGITS_MAX = 12;

/** Paying in: asked for here, paid at the provider's cashier in a new tab, followed until the provider has said how it ended. */
export function TopUp(): VNode {
  const { topUp } = useApp();
  const words = useWords();
  const close = (): void => {
    topUp.value = null;
  };
  return (
    <section class="money-part top-up">
      {topUp.value === null ? (
        <TopUpForm />
      ) : (
        <PaymentCard
          payment={topUp.value}
          follow={(now) => {
            topUp.value = now;
          }}
          close={close}
          closeWord={words.money.another}
        />
      )}
    </section>
  );
}

/** What is being typed, and how it is sent: for which carrier, how much, and why it was refused. */
function useTopUpRequest() {
  const { moneyApi, session, topUp } = useApp();
  const words = useWords();
  const { value: accounts } = useFetched('accounts', () => moneyApi.accounts());
  const { value: rail } = useFetched('rail', () => moneyApi.rail());
  const [chosen, setChosen] = useState<string | null>(null);
  const [entry, setEntry] = useState('');
  const [key, setKey] = useState(newRequestKey);
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const carriers = (accounts ?? []).flatMap(({ kind, principalId }) => (kind === 'PREPAID' && principalId !== null ? [principalId] : []));
  const carrierId = chosen ?? carriers.find((id) => id === session.person?.principalId) ?? carriers[0];
  const amountFen = fenOfEntry(entry);
  const refusalOf = (code: string, otherwise: string): string => {
    const why = words.money.refusal[code] ?? words.code[code] ?? otherwise;
    const hasLimit = code === 'AMOUNT_ABOVE_LIMIT' && rail !== null;
    return words.money.refused(hasLimit ? words.money.limitOf(why, yuan(rail.topUpFenMax)) : why);
  };
  const send = async (): Promise<void> => {
    if (amountFen === null) return setProblem(words.money.amountInvalid);
    const isAbove = amountFen.length > DIGITS_MAX || (rail !== null && BigInt(amountFen) > BigInt(rail.topUpFenMax));
    if (isAbove) return setProblem(refusalOf('AMOUNT_ABOVE_LIMIT', ''));
    if (carrierId === undefined || sending) return;
    setSending(true);
    setProblem(null);
    try {
      const payment = await moneyApi.topUp({ carrierId, amountFen, key });
      const cashier = cashierOf(payment);
      if (cashier !== null) window.open(cashier, '_blank', 'noopener');
      topUp.value = payment;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const code = error.status === 0 ? 'UNREACHABLE' : (error.problemCode ?? '');
      setProblem(refusalOf(code, error.message));
    } finally {
      setSending(false);
    }
  };
  const change = (take: () => void): void => {
    take();
    setKey(newRequestKey());
    setProblem(null);
  };
  return { carriers, carrierId, amountFen, entry, problem, sending, send, change, setChosen, setEntry };
}

function TopUpForm(): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const { carriers, carrierId, amountFen, entry, problem, sending, send, change, setChosen, setEntry } = useTopUpRequest();
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {carriers.length > 1 && (
        <Choice
          name="carrier"
          label={words.money.carrier}
          value={carrierId ?? ''}
          choose={(id) => change(() => setChosen(id))}
          options={carriers.map((id) => [id, names.nameOf(id, language.chinese)] as const)}
        />
      )}
      <label class="entry">
        <span>{words.money.amountYuan}</span>
        <input
          name="amount"
          class="amount-entry"
          inputMode="decimal"
          autocomplete="off"
          placeholder={words.money.amountHint}
          value={entry}
          aria-invalid={problem !== null}
          aria-describedby="top-up-problem"
          onInput={(event) => {
            const { value } = event.currentTarget;
            change(() => setEntry(value));
          }}
        />
      </label>
      <p id="top-up-problem" class="alarm-text" role="alert">
        {problem}
      </p>
      <button type="submit" class="button primary" data-action="top-up" disabled={sending || carrierId === undefined}>
        <Icon node={ExternalLink} size={14} />
        {words.money.request}
        {amountFen !== null && <span class="figure">{yuan(amountFen)}</span>}
      </button>
      <p class="nothing">{words.money.cashierNote}</p>
    </form>
  );
}
