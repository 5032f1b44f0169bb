import type { SceneKind } from '@corridor/protocols/http/scene';
import type { RecordingHead } from '@corridor/protocols/recording/recording.schema';
import { useSignal } from '@preact/signals';
import {
  BatteryCharging,
  Forklift,
  Layers,
  ListTree,
  PanelLeftClose,
  ReceiptText,
  Search,
  TriangleAlert,
  Truck,
  Warehouse,
  X,
} from 'lucide';
import type { VNode } from 'preact';
import { figure, UNKNOWN } from '../format/quantity.ts';
import type { Dictionary } from '../i18n/en.ts';
import { isOrderOpen, isTold } from '../store/condition.ts';
import { hashOfOperations } from '../store/operations-place.ts';
import { RAIL_TABS, type RailTab, useApp, useWords } from './app-context.ts';
import { useHeldOrder } from './held-order.ts';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import { LayersPanel } from './layers-panel.tsx';
import { listAlarms, listBays, listOrders, listPacks, listStations, listTrucks, normaliseSearch } from './rail-lists.ts';
import { AlarmRow, BayRow, OrderRow, PackRow, StationRow, TruckRow } from './rail-rows.tsx';
import { WindowedList } from './windowed-list.tsx';

const TAB_ICONS = {
  stations: Warehouse,
  bays: Forklift,
  trucks: Truck,
  packs: BatteryCharging,
  orders: ReceiptText,
  alarms: TriangleAlert,
} as const;
const ROW_HEIGHT_PX = 48;
/** Bays are told with their stations. */
const kindOf = (tab: RailTab): SceneKind => (tab === 'bays' ? 'stations' : tab);

/** The left rail: search and the lists that mirror every object of the scene. */
export function Rail(): VNode {
  const app = useApp();
  const words = useWords();
  const search = useSignal('');
  if (!app.railOpen.value) {
    return (
      <nav class="rail folded panel" aria-label={words.showLists}>
        <IconButton action="lists" icon={ListTree} name={words.showLists} onClick={() => (app.railOpen.value = true)} />
        <LayersButton />
        <FindButton />
      </nav>
    );
  }
  if (app.look.layersOpen.value) {
    return (
      <nav class="rail panel" aria-label={words.layers.title}>
        <LayersPanel />
      </nav>
    );
  }
  const tab = app.railTab.value;
  return (
    <nav class="rail panel" aria-label={words.tabs[tab]}>
      <div class="rail-head">
        <label class="search">
          <Icon node={Search} />
          <input
            id="search"
            type="search"
            placeholder={words.search}
            aria-label={words.search}
            value={search.value}
            onInput={(event) => (search.value = event.currentTarget.value)}
          />
          {search.value !== '' && (
            <IconButton icon={X} size={14} name={words.clearSearch} class="small" onClick={() => (search.value = '')} />
          )}
        </label>
        <FindButton />
        <LayersButton />
        <IconButton icon={PanelLeftClose} name={words.hideLists} onClick={() => (app.railOpen.value = false)} />
      </div>
      <Tabs />
      <RailList tab={tab} text={normaliseSearch(search.value)} />
    </nav>
  );
}

/** Opens the search over everything. */
function FindButton(): VNode {
  const { look, railOpen } = useApp();
  const words = useWords();
  return (
    <IconButton
      action="find"
      icon={railOpen.value ? null : Search}
      name={words.layers.findHint}
      class="find-button"
      onClick={() => (look.searchOpen.value = true)}
    >
      {railOpen.value && <kbd>Ctrl K</kbd>}
    </IconButton>
  );
}

/** Opens the layers in the rail's place; coloured while one is shown. */
function LayersButton(): VNode {
  const { look, railOpen } = useApp();
  const words = useWords();
  return (
    <IconButton
      action="layers"
      icon={Layers}
      name={words.layers.show}
      isOn={look.layer.value !== 'none'}
      onClick={() => {
        railOpen.value = true;
        look.layersOpen.value = true;
      }}
    />
  );
}

function Tabs(): VNode {
  const app = useApp();
  const words = useWords();
  return (
    <div class="tabs" role="tablist">
      {RAIL_TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          aria-selected={app.railTab.value === tab}
          data-tab={tab}
          title={words.tabs[tab]}
          onClick={() => (app.railTab.value = tab)}
        >
          <Icon node={TAB_ICONS[tab]} />
          <span class="tab-name">{words.tabs[tab]}</span>
          <span class="tab-count">{countOf(app, tab)}</span>
        </button>
      ))}
    </div>
  );
}

function countOf(app: ReturnType<typeof useApp>, tab: RailTab): number | string {
  if (isUnrecorded(tab, app.recording.value?.head ?? null)) return UNKNOWN;
  // Reading the version makes the count follow its list.
  if (app.store.version[kindOf(tab)].value < 0) return 0;
  if (tab === 'bays') return [...app.store.records.stations.values()].reduce((sum, { bays }) => sum + bays.length, 0);
  if (tab === 'alarms') return [...app.store.records.alarms.values()].filter(isTold).length;
  // The list keeps a fixed number of ended ones: their count says nothing.
  if (tab === 'orders') return [...app.store.records.orders.values()].filter(isOrderOpen).length;
  return app.store.records[tab].size;
}

function RailList({ tab, text }: { tab: RailTab; text: string }): VNode {
  const { store, recording } = useApp();
  const words = useWords();
  const { records } = store;
  // Each list follows its own kind; stations show their slots.
  const versions = [store.version[kindOf(tab)].value, tab === 'stations' ? store.version.slots.value : 0];
  const held = useHeldOrder(tab);
  const list = <Item extends { id: string }>(fresh: Item[], row: (item: Item) => VNode): VNode => {
    const items = held.hold(fresh);
    if (items.length === 0)
      return <p class="nothing">{text === '' ? whyNone(tab, recording.value?.head ?? null, words) : words.nothingFound}</p>;
    return <WindowedList items={items} keyOf={(item) => item.id} rowHeightPx={ROW_HEIGHT_PX} label={words.tabs[tab]} row={row} />;
  };
  const lists: Record<RailTab, () => VNode> = {
    stations: () => list(listStations(records, text), (station) => <StationRow station={station} />),
    bays: () => list(listBays(records, text), (each) => <BayRow {...each} />),
    trucks: () => list(listTrucks(records, text), (truck) => <TruckRow truck={truck} />),
    packs: () => list(listPacks(records, text), (pack) => <PackRow pack={pack} />),
    orders: () => list(listOrders(records, text), (order) => <OrderRow order={order} />),
    alarms: () => list(listAlarms(records, text), (alarm) => <AlarmRow alarm={alarm} />),
  };
  return (
    <div class="rail-list" role="tabpanel" data-version={versions.join('.')} {...held.pointer}>
      {tab === 'alarms' && <FloodLine />}
      {lists[tab]()}
    </div>
  );
}

const isUnrecorded = (tab: RailTab, recorded: RecordingHead | null): boolean =>
  recorded !== null && (tab === 'alarms' || (tab === 'orders' && recorded.principals === null));

/** A list is empty because there is nothing, or because a recording does not have it. */
function whyNone(tab: RailTab, recorded: RecordingHead | null, words: Dictionary): string {
  if (isUnrecorded(tab, recorded)) return tab === 'alarms' ? words.recording.noAlarms : words.recording.noBooks;
  return tab === 'alarms' ? words.noOpenAlarms : words.noneYet;
}

/** Too many to look at each: the way to where they are grouped. */
function FloodLine(): VNode | null {
  const { alarmFlood, store } = useApp();
  const words = useWords();
  if (!alarmFlood.value) return null;
  return (
    <a class="flood-line" href={hashOfOperations('alarms')}>
      {words.operations.flood(figure(store.kpis.value?.alarmsRaisedLately ?? null))}
    </a>
  );
}
