import { ExternalLink } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Payment } from '../../feed/money-api.ts';
import { yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip, DayTime, Field } from '../figures.tsx';
import { Icon } from '../icon.tsx';

const FOLLOW_MS = 2_000;
const MINUTE_MS = 60_000;

/** Where one pays; an address that is no web page is not opened. */
export function cashierOf({ cashierUrl }: Payment): string | null {
  if (cashierUrl === null || !URL.canParse(cashierUrl, location.href)) return null;
  const url = new URL(cashierUrl, location.href);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}

/** A payment that somebody pays at the cashier, followed until it is decided. */
export function PaymentCard(props: {
  payment: Payment;
  /** Takes what the twin says of it now. */
  follow: (payment: Payment) => void;
  close: () => void;
  /** What closing leads to. */
  closeWord: string;
}): VNode {
  const { payment } = props;
  const { names, language, second } = useApp();
  const words = useWords();
  const lost = useFollowed(payment, props.follow);
  const cashier = cashierOf(payment);
  const isOpen = payment.state === 'REQUESTED';
  // The provider's clock is that of the wall: what it leaves is a time that is the same on every clock.
  const leftMin =
    second.value < 0 || payment.expiresAt === null ? null : Math.ceil((Date.parse(payment.expiresAt) - Date.now()) / MINUTE_MS);
  return (
    <div data-payment={payment.id} data-state={payment.state} aria-live="polite">
      <Chip condition={isOpen ? 'wait' : payment.state === 'CONFIRMED' ? 'active' : 'alarm'}>
        {words.money.payment[payment.state] ?? payment.state}
      </Chip>
      <p class="payment-amount figure">{yuan(payment.amountFen)}</p>
      <dl class="fields padded">
        <Field label={words.money.party}>{names.nameOf(payment.principalId, language.chinese)}</Field>
        {payment.statementId !== null && <Field label={words.money.statement}>{payment.statementId}</Field>}
        <Field label={words.money.requestedAt}>
          <DayTime at={payment.requestedAt} />
        </Field>
        {isOpen && leftMin !== null && (
          <Field label={words.money.expires}>{leftMin > 0 ? words.ago.minutes(leftMin) : words.money.expired}</Field>
        )}
        {payment.settledAt !== null && (
          <Field label={words.money.bookedAt}>
            <DayTime at={payment.settledAt} />
          </Field>
        )}
      </dl>
      {lost && isOpen && <p class="alarm-text">{words.signIn.unreachable}</p>}
      {payment.detail !== null && <p class="prose">{words.money.refusal[payment.detail] ?? payment.detail}</p>}
      <div class="payment-actions">
        {isOpen && cashier !== null && (
          <a class="button primary" href={cashier} target="_blank" rel="noopener">
            <Icon node={ExternalLink} size={14} />
            {words.money.cashier}
          </a>
        )}
        <button type="button" class="button" data-action="another" onClick={props.close}>
          {props.closeWord}
        </button>
      </div>
    </div>
  );
}

/** Asks how the payment stands until it is decided. @returns true while the last question was not answered */
function useFollowed({ id, state }: Payment, follow: (payment: Payment) => void): boolean {
  const { moneyApi } = useApp();
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
          follow(now);
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
