import { ArrowLeft } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hashOfMoneyTab, type MoneyTab, moneyTabsOf } from '../../store/money-place.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { AbnormalOrders } from './abnormal-orders.tsx';
import { Accounts } from './accounts.tsx';
import { Agreements } from './agreements.tsx';
import { Clearing } from './clearing.tsx';
import { Disputes } from './disputes.tsx';
import { MoneyOrders } from './money-orders.tsx';
import { Payments } from './payments.tsx';
import { Reconciliation } from './reconciliation.tsx';
import { Rerate } from './rerate.tsx';
import { Statements } from './statements.tsx';
import { TopUp } from './top-up.tsx';

/** The money of whoever is signed in, over the scene. */
export function MoneyPage({ tab }: { tab: MoneyTab }): VNode {
  const { session, moneyTab, names, language } = useApp();
  const words = useWords();
  const { person } = session;
  const tabs = moneyTabsOf(person?.roles ?? []);
  const shown = tabs.find((one) => one === tab) ?? tabs[0];
  const principal = person?.principalId ?? null;
  const bar = useRef<HTMLElement>(null);
  // A phone shows a part of the tabs: the current one is among them.
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [shown]);
  return (
    <main class="money" aria-label={words.money.title}>
      <header class="money-head">
        <button
          type="button"
          class="icon-button"
          data-action="close-money"
          title={words.money.close}
          aria-label={words.money.close}
          onClick={() => (moneyTab.value = null)}
        >
          <Icon node={ArrowLeft} />
        </button>
        <h1>
          {words.money.title}
          <small>{principal === null ? (person?.name ?? '') : names.nameOf(principal, language.chinese)}</small>
        </h1>
        <nav ref={bar} class="money-tabs" aria-label={words.money.title}>
          {tabs.map((one) => (
            <a key={one} href={hashOfMoneyTab(one)} data-money-tab={one} aria-current={one === shown ? 'page' : undefined}>
              {words.money.tab[one]}
            </a>
          ))}
        </nav>
      </header>
      <div class="money-body">
        {shown === undefined && <p class="nothing">{words.money.noAccounts}</p>}
        {shown === 'account' && <Accounts />}
        {shown === 'orders' && <MoneyOrders />}
        {shown === 'clearing' && <Clearing />}
        {shown === 'disputes' && <Disputes />}
        {shown === 'agreements' && <Agreements />}
        {shown === 'payments' && <Payments />}
        {shown === 're-rate' && <Rerate />}
        {shown === 'abnormal' && <AbnormalOrders />}
        {shown === 'reconciliation' && <Reconciliation />}
        {shown === 'statements' && <Statements />}
        {shown === 'top-up' && <TopUp />}
      </div>
    </main>
  );
}
