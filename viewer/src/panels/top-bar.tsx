import { Activity, ClipboardList, Film, type IconNode, Languages, TriangleAlert, Truck, Wallet } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { figure } from '../format/quantity.ts';
import { alarmCondition, isTold } from '../store/condition.ts';
import { dataTabsOf, hashOfData } from '../store/data-place.ts';
import { hashOfMoneyTab, moneyTabsOf } from '../store/money-place.ts';
import { hashOfOperations, operationsTabsOf } from '../store/operations-place.ts';
import { hashOfSelection } from '../store/selection.ts';
import { useApp, useWords } from './app-context.ts';
import { ConnectionBadge } from './connection-badge.tsx';
import { uncover } from './covering-page.ts';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import { KpiStrip } from './kpi-strip.tsx';
import { WaitingCount } from './money/waiting-count.tsx';
import { SceneClockText } from './scene-clock-text.tsx';
import { SettingsMenu } from './settings-menu.tsx';

/** Network, clock of the scene, key figures, alarms, connection, language, theme, person. */
export function TopBar(): VNode {
  const words = useWords();
  const played = useApp().recording.value?.head.scenario.name;
  return (
    <header class="top-bar">
      <div class="brand">
        <BrandMark />
        <span class="brand-text">
          <b>{played === undefined ? words.network : played}</b>
          <small>{played === undefined ? words.networkKind : words.recording.title}</small>
        </span>
      </div>
      <SceneClockText />
      <KpiStrip />
      <div class="top-right">
        <LiveLinks />
        <ConnectionBadge />
        <LanguageButton />
        <SettingsMenu />
      </div>
    </header>
  );
}

/** A truck's way between two packs: the product's mark. */
function BrandMark(): VNode {
  return (
    <svg class="brand-mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <rect x="1" y="4" width="9" height="16" rx="2.5" class="mark-a" />
      <rect x="14" y="4" width="9" height="16" rx="2.5" class="mark-b" />
      <path d="M6 9.5h10.5m0 0-3-3m3 3-3 3M18 15H7.500m0 0 3-3m-3 3 3 3" class="mark-line" />
    </svg>
  );
}

/** To what is of now: a recording has its money in its bar and no alarms, and of the past money and alarms of then are shown. */
function LiveLinks(): VNode | null {
  const { recording, past } = useApp();
  if (recording.value !== null) return null;
  if (past.value !== null) {
    return (
      <>
        <MoneyLink />
        <AlarmButton />
      </>
    );
  }
  return (
    <>
      <DriverLink />
      <OperationsLink />
      <DataLink />
      <MoneyLink />
      <AlarmButton />
      <RecordingLink />
    </>
  );
}

function RecordingLink(): VNode {
  const { recordingPage } = useApp();
  const words = useWords();
  return (
    <IconButton
      action="recording"
      icon={Film}
      name={words.recording.title}
      hint={words.recording.open}
      class="money-link"
      onClick={() => (recordingPage.value = true)}
    >
      <span>{words.recording.title}</span>
    </IconButton>
  );
}

/** A driver's way back from the map. */
function DriverLink(): VNode | null {
  const app = useApp();
  const { session, driverPage, selection } = app;
  const words = useWords();
  if (session.person?.roles.includes('DRIVER') !== true) return null;
  return (
    <IconButton
      action="my-truck"
      icon={Truck}
      name={words.driver.title}
      class="money-link"
      onClick={() => {
        uncover(app);
        selection.select(null);
        driverPage.value = true;
      }}
    >
      <span>{words.driver.title}</span>
    </IconButton>
  );
}

/** To a page over the scene, and from it back to what was selected. */
function PageLink(props: {
  action: string;
  isOpen: boolean;
  hash: string;
  icon: IconNode;
  hint: string;
  children: ComponentChildren;
}): VNode {
  const { selection } = useApp();
  return (
    <a
      class={props.isOpen ? 'icon-button money-link on' : 'icon-button money-link'}
      data-action={props.action}
      href={props.isOpen ? hashOfSelection(selection.current.value) || '#' : props.hash}
      aria-current={props.isOpen ? 'page' : undefined}
      title={props.hint}
    >
      <Icon node={props.icon} />
      {props.children}
    </a>
  );
}

/** To what has to be done; a driver and a visitor have nothing there. */
function OperationsLink(): VNode | null {
  const { session, operationsTab } = useApp();
  const words = useWords();
  const [first] = operationsTabsOf(session.person?.roles ?? []);
  if (first === undefined) return null;
  const link = { action: 'operations', isOpen: operationsTab.value !== null, hash: hashOfOperations(first), icon: ClipboardList };
  return (
    <PageLink {...link} hint={words.operations.title}>
      <span>{words.operations.open}</span>
    </PageLink>
  );
}

/** To what the equipment reports. */
function DataLink(): VNode | null {
  const { session, dataTab } = useApp();
  const words = useWords();
  const [first] = dataTabsOf(session.person?.roles ?? []);
  if (first === undefined) return null;
  return (
    <PageLink action="data" isOpen={dataTab.value !== null} hash={hashOfData(first)} icon={Activity} hint={words.data.title}>
      <span>{words.data.open}</span>
    </PageLink>
  );
}

/** To the money view; who has nothing there has no link. */
function MoneyLink(): VNode | null {
  const { session, moneyTab, approvals, past } = useApp();
  const words = useWords();
  const [first] = moneyTabsOf(session.person?.roles ?? []);
  if (first === undefined) return null;
  return (
    <PageLink action="money" isOpen={moneyTab.value !== null} hash={hashOfMoneyTab(first)} icon={Wallet} hint={words.money.open}>
      <span>{words.money.title}</span>
      {past.value === null && <WaitingCount of={approvals.waiting.value} />}
    </PageLink>
  );
}

function AlarmButton(): VNode {
  const app = useApp();
  const { store, railOpen, railTab } = app;
  const words = useWords();
  const alarms = store.version.alarms.value < 0 ? [] : [...store.records.alarms.values()].filter(isTold);
  const severe = alarms.some((alarm) => alarmCondition(alarm) === 'alarm');
  return (
    <button
      type="button"
      class={`alarm-button${alarms.length === 0 ? '' : severe ? ' alarm' : ' wait'}`}
      data-alarms={alarms.length}
      title={words.tabs.alarms}
      aria-label={`${words.tabs.alarms}: ${alarms.length}`}
      onClick={() => {
        uncover(app);
        railTab.value = 'alarms';
        railOpen.value = true;
      }}
    >
      <Icon node={TriangleAlert} />
      <span class="figure">{figure(alarms.length)}</span>
    </button>
  );
}

function LanguageButton(): VNode {
  const { language } = useApp();
  const words = useWords();
  return (
    <IconButton
      action="language"
      icon={Languages}
      name={`${words.language} ${language.chinese ? 'EN' : '中'}`}
      hint={words.language}
      class="language-button"
      onClick={() => language.choose(language.chinese ? 'en' : 'zh-CN')}
    >
      <span>{language.chinese ? 'EN' : '中'}</span>
    </IconButton>
  );
}
