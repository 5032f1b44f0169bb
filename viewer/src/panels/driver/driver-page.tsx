import type { TruckView } from '@corridor/protocols/http/scene';
import { CircleUser, Map as MapIcon, ReceiptText, RefreshCw } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { percent } from '../../format/quantity.ts';
import { useApp, useWords } from '../app-context.ts';
import { ageText, ConnectionBadge } from '../connection-badge.tsx';
import { Figure, SocBar } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { IconButton } from '../icon-button.tsx';
import { Choice } from '../money/list-tools.tsx';
import { SettingsMenu } from '../settings-menu.tsx';
import { DriverBills } from './driver-bills.tsx';
import { DriverNotices } from './driver-notices.tsx';
import { Papers } from './papers.tsx';
import { startShell } from './shell.ts';
import { SwapScreen } from './swap-screen.tsx';

const TABS = [
  ['swap', RefreshCw],
  ['bills', ReceiptText],
  ['me', CircleUser],
] as const;
type Tab = (typeof TABS)[number][0];

/** What a driver needs on the road, one decision at a time: where to swap, the swap as it runs, what it cost, and the own papers. */
export function DriverPage(): VNode {
  const words = useWords();
  const [tab, setTab] = useState<Tab>('swap');
  useEffect(startShell, []);
  return (
    <div class="driver">
      <DriverHead title={words.driver.tab[tab]} />
      <main class="driver-body" aria-label={words.driver.tab[tab]} data-driver-tab={tab}>
        <LostLine />
        <DriverNotices />
        {tab === 'swap' && <OwnTruck />}
        {tab === 'bills' && <DriverBills />}
        {tab === 'me' && <Papers />}
      </main>
      <nav class="driver-tabs" aria-label={words.driver.title}>
        {TABS.map(([name, icon]) => (
          <button key={name} type="button" data-tab={name} aria-current={tab === name ? 'page' : undefined} onClick={() => setTab(name)}>
            <Icon node={icon} size={24} />
            {words.driver.tab[name]}
          </button>
        ))}
      </nav>
    </div>
  );
}

function DriverHead({ title }: { title: string }): VNode {
  const { driverPage } = useApp();
  const words = useWords();
  return (
    <header class="driver-head">
      <h1>{title}</h1>
      <ConnectionBadge />
      <IconButton
        action="map"
        icon={MapIcon}
        size={24}
        name={words.driver.map}
        onClick={() => {
          driverPage.value = false;
        }}
      />
      <SettingsMenu />
    </header>
  );
}

/** The values stay while the line is down; how old they are is said in words. */
function LostLine(): VNode | null {
  const { connection, lastMessageAtMs, second } = useApp();
  const words = useWords();
  const lastAtMs = lastMessageAtMs.value;
  if (connection.value === 'live' || connection.value === 'connecting' || second.value < 0) return null;
  return (
    <p class="driver-lost" role="status">
      {lastAtMs === null ? words.driver.lostNever : words.driver.lost(ageText(Date.now() - lastAtMs, words))}
    </p>
  );
}

function OwnTruck(): VNode {
  const { store } = useApp();
  const words = useWords();
  const [chosenId, setChosen] = useState<string | null>(null);
  const trucks = store.version.trucks.value < 0 ? [] : [...store.records.trucks.values()];
  const truck = trucks.find(({ id }) => id === chosenId) ?? trucks[0];
  if (truck === undefined) {
    return store.loaded.value ? <p class="driver-card">{words.driver.noTruck}</p> : <div class="skeleton tall" aria-busy="true" />;
  }
  return (
    <>
      {trucks.length > 1 && (
        <Choice
          name="truck"
          label={words.field.truck}
          value={truck.id}
          choose={setChosen}
          options={trucks.map(({ id, plate }) => [id, plate ?? id] as const)}
        />
      )}
      <TruckStrip truck={truck} />
      <SwapScreen key={truck.id} truck={truck} />
    </>
  );
}

/** Which truck, and how full: a line, because the decision is below it. */
function TruckStrip({ truck }: { truck: TruckView }): VNode {
  const { language } = useApp();
  return (
    <section class="driver-truck" data-driver-part="truck">
      <b class="driver-plate">{truck.plate ?? truck.id}</b>
      <span class="driver-state">{language.codeWord(truck.vehicleState ?? truck.state)}</span>
      <SocBar socPercent={truck.socPercent} wide />
      <b class="driver-soc">
        <Figure of={percent(truck.socPercent)} />
      </b>
    </section>
  );
}
