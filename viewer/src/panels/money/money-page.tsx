import { ArrowLeft } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hashOfMoneyTab, type MoneyTab, moneyTabsOf } from '../../store/money-place.ts';
import { useApp, useWords } from '../app-context.ts';
import { uncover } from '../covering-page.ts';
import { IconButton } from '../icon-button.tsx';
import { AsOf } from '../past/as-of.tsx';
import { OfNow } from '../past/of-now.tsx';
import { StrangePart } from '../use-place.tsx';
import { AbnormalOrders } from './abnormal-orders.tsx';
import { Accounts } from './accounts.tsx';
import { Agreements } from './agreements.tsx';
import { Charges } from './charges.tsx';
import { Clearing } from './clearing.tsx';
import { Disputes } from './disputes.tsx';
import { MoneyOrders } from './money-orders.tsx';
import { Packages } from './packages.tsx';
import { Payments } from './payments.tsx';
import { Reconciliation } from './reconciliation.tsx';
import { Registrations } from './registrations.tsx';
import { Rerate } from './rerate.tsx';
import { Statements } from './statements.tsx';
import { TopUp } from './top-up.tsx';
import { WAITING_AT } from './waiting-approvals.tsx';
import { WaitingCount } from './waiting-count.tsx';

/** The money of whoever is signed in, over the scene. */
export function MoneyPage({ tab }: { tab: MoneyTab }): VNode {
  const app = useApp();
  const { session, names, language, approvals } = app;
  const words = useWords();
  const { person } = session;
  const tabs = moneyTabsOf(person?.roles ?? []);
  // A link to the money view as such leads to the first part that there is; a link to a part that one may not see says so.
  const shown = tabs.find((one) => one === tab) ?? (tab === 'account' ? tabs[0] : undefined);
  const principal = person?.principalId ?? null;
  const past = app.past.value;
  const bar = useRef<HTMLElement>(null);
  // A phone shows a part of the tabs: the current one is among them.
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [shown]);
  return (
    <main class="money" aria-label={words.money.title}>
      <header class="money-head">
        <IconButton action="close-money" icon={ArrowLeft} name={words.money.close} onClick={() => uncover(app)} />
        <h1>
          {words.money.title}
          <small>{principal === null ? (person?.name ?? '') : names.nameOf(principal, language.chinese)}</small>
        </h1>
        <nav ref={bar} class="money-tabs" aria-label={words.money.title}>
          {tabs.map((one) => (
            <a key={one} href={hashOfMoneyTab(one)} data-money-tab={one} aria-current={one === shown ? 'page' : undefined}>
              {words.money.tab[one]}
              {past === null && <WaitingCount of={approvals.waiting.value.filter(({ kind }) => WAITING_AT[one]?.includes(kind))} />}
            </a>
          ))}
        </nav>
      </header>
      {past !== null && shown !== undefined && GOES_BACK.has(shown) && <AsOf player={past} />}
      <StrangePart />
      <div class="money-body">
        {shown === undefined && <NoAccess first={tabs[0]} />}
        {shown !== undefined && (past === null || GOES_BACK.has(shown) ? <MoneyPart tab={shown} /> : <OfNow player={past} />)}
      </div>
    </main>
  );
}

/** Parts that are shown as they were while one looks back; the others are of now. */
const GOES_BACK: ReadonlySet<MoneyTab> = new Set(['account', 'orders', 'abnormal']);

const PARTS: Readonly<Record<MoneyTab, () => VNode>> = {
  account: Accounts,
  orders: MoneyOrders,
  packages: Packages,
  charges: Charges,
  clearing: Clearing,
  disputes: Disputes,
  agreements: Agreements,
  registrations: Registrations,
  payments: Payments,
  're-rate': Rerate,
  abnormal: AbnormalOrders,
  reconciliation: Reconciliation,
  statements: Statements,
  'top-up': TopUp,
};

function MoneyPart({ tab }: { tab: MoneyTab }): VNode {
  const Part = PARTS[tab];
  return <Part key={tab} />;
}

/** For a part that the role does not have; the way to one that it has. */
function NoAccess({ first }: { first: MoneyTab | undefined }): VNode {
  const words = useWords();
  if (first === undefined) return <p class="nothing">{words.money.noAccounts}</p>;
  return (
    <section class="money-part" data-part="no-access">
      <p>{words.money.noAccess}</p>
      <a class="link" href={hashOfMoneyTab(first)}>
        {words.money.tab[first]}
      </a>
    </section>
  );
}
