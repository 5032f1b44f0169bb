import { ExternalLink } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../../feed/api-client.ts';
import type { Payment } from '../../feed/money-api.ts';
import { newRequestKey } from '../../feed/request-key.ts';
import { fenOfEntry } from '../../format/amount-entry.ts';
import { yuan } from '../../format/money.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Chip, Field } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { Choice } from './list-tools.tsx';

const FOLLOW_MS = 2_000;

/** Paying in: asked for here, paid at the provider's cashier in a new tab, followed until the provider has said how it ended. */
export function TopUp(): VNode {
  const { topUp } = useApp();
  return <section class="money-part top-up">{topUp.value === null ? <TopUpForm /> : <PaymentCard payment={topUp.value} />}</section>;
}

/** What is being typed, and how it is sent: for which carrier, how much, and why it was refused. */
function useTopUpRequest() {
  const { moneyApi, session, topUp } = useApp();
  const words = useWords();
  const { value: accounts } = useFetched('accounts', () => moneyApi.accounts());
  const [chosen, setChosen] = useState<string | null>(null);
  const [entry, setEntry] = useState('');
  const [key, setKey] = useState(newRequestKey);
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const carriers = (accounts ?? []).flatMap(({ kind, principalId }) => (kind === 'PREPAID' && principalId !== null ? [principalId] : []));
  const carrierId = chosen ?? carriers.find((id) => id === session.person?.principalId) ?? carriers[0];
  const amountFen = fenOfEntry(entry);
  const send = async (): Promise<void> => {
    if (amountFen === null) return setProblem(words.money.amountInvalid);
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
      setProblem(words.money.refused(words.money.refusal[code] ?? error.message));
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

/** Where one pays; an address that is no web page is not opened. */
function cashierOf({ cashierUrl }: Payment): string | null {
  if (cashierUrl === null || !URL.canParse(cashierUrl, location.href)) return null;
  const url = new URL(cashierUrl, location.href);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}

function PaymentCard({ payment }: { payment: Payment }): VNode {
  const { names, language, topUp } = useApp();
  const words = useWords();
  const lost = useFollowed(payment);
  const cashier = cashierOf(payment);
  const isOpen = payment.state === 'REQUESTED';
  return (
    <div data-payment={payment.id} data-state={payment.state} aria-live="polite">
      <Chip condition={isOpen ? 'wait' : payment.state === 'CONFIRMED' ? 'active' : 'alarm'}>
        {words.money.payment[payment.state] ?? payment.state}
      </Chip>
      <p class="payment-amount figure">{yuan(payment.amountFen)}</p>
      <dl class="fields padded">
        <Field label={words.money.carrier}>{names.nameOf(payment.principalId, language.chinese)}</Field>
        {isOpen && payment.expiresAt !== null && <Field label={words.money.expires}>{dayAndTime(payment.expiresAt)}</Field>}
        {payment.paidAt !== null && <Field label={words.money.paid}>{dayAndTime(payment.paidAt)}</Field>}
      </dl>
      {lost && isOpen && <p class="alarm-text">{words.signIn.unreachable}</p>}
      {payment.detail !== null && <p class="prose">{payment.detail}</p>}
      <div class="payment-actions">
        {isOpen && cashier !== null && (
          <a class="button primary" href={cashier} target="_blank" rel="noopener">
            <Icon node={ExternalLink} size={14} />
            {words.money.cashier}
          </a>
        )}
        <button type="button" class="button" data-action="another" onClick={() => (topUp.value = null)}>
          {words.money.another}
        </button>
      </div>
    </div>
  );
}

/** Asks how the payment stands until it is decided. @returns true while the last question was not answered */
function useFollowed({ id, state }: Payment): boolean {
  const { moneyApi, topUp } = useApp();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (state !== 'REQUESTED') return undefined;
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const now = await moneyApi.payment(id);
        if (ended) return;
        setLost(false);
        if (now.state !== 'REQUESTED') {
          topUp.value = now;
          return;
        }
      } catch {
        // Said beside the state, and asked again: the payment goes on without this page.
        if (ended) return;
        setLost(true);
      }
      timer = setTimeout(() => void ask(), FOLLOW_MS);
    };
    timer = setTimeout(() => void ask(), FOLLOW_MS);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [id, state]);
  return lost;
}
