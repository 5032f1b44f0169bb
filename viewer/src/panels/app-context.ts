import type { Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AgreementApi } from '../feed/agreement-api.ts';
import type { AlarmApi } from '../feed/alarm-api.ts';
import type { ApiClient } from '../feed/api-client.ts';
import type { ApprovalFeed } from '../feed/approval-feed.ts';
import type { ChargeApi } from '../feed/charge-api.ts';
import type { DataApi } from '../feed/data-api.ts';
import type { DispatchApi } from '../feed/dispatch-api.ts';
import type { DriverApi } from '../feed/driver-api.ts';
import type { ConnectionState } from '../feed/live-feed.ts';
import type { MoneyApi, Payment } from '../feed/money-api.ts';
import type { OperatorApi } from '../feed/operator-api.ts';
import type { OrderApi } from '../feed/order-api.ts';
import type { RegistrationApi } from '../feed/registration-api.ts';
import type { Session } from '../feed/session.ts';
import type { Rerating, SettlementApi } from '../feed/settlement-api.ts';
import type { Dictionary } from '../i18n/en.ts';
import type { LanguageStore } from '../i18n/language.ts';
import type { PastPlayer } from '../past/past-player.ts';
import type { RecordingPlayer } from '../recording/recording-player.ts';
import type { SceneView } from '../scene/scene-view.ts';
import type { BayCode } from '../store/bay-code.ts';
import type { DataTab } from '../store/data-place.ts';
import type { KpiHistory } from '../store/kpi-history.ts';
import type { LookStore } from '../store/look-store.ts';
import type { MoneyTab } from '../store/money-place.ts';
import type { NameStore } from '../store/name-store.ts';
import type { OperationsTab } from '../store/operations-place.ts';
import type { SceneClock } from '../store/scene-clock.ts';
import type { SceneStore } from '../store/scene-store.ts';
import type { SelectionStore } from '../store/selection.ts';
import type { TrackStore } from '../store/track-store.ts';
import type { ThemeStore } from '../theme/theme-store.ts';

export const RAIL_TABS = ['stations', 'bays', 'trucks', 'packs', 'orders', 'alarms'] as const;
export type RailTab = (typeof RAIL_TABS)[number];

/** What panels work with; made once by the composition root. */
export interface App {
  api: ApiClient;
  alarmApi: AlarmApi;
  dispatchApi: DispatchApi;
  moneyApi: MoneyApi;
  settlementApi: SettlementApi;
  agreementApi: AgreementApi;
  approvals: ApprovalFeed;
  chargeApi: ChargeApi;
  orderApi: OrderApi;
  dataApi: DataApi;
  driverApi: DriverApi;
  operatorApi: OperatorApi;
  registrationApi: RegistrationApi;
  session: Session;
  store: SceneStore;
  names: NameStore;
  clock: SceneClock;
  selection: SelectionStore;
  look: LookStore;
  tracks: TrackStore;
  language: LanguageStore;
  theme: ThemeStore;
  kpiHistory: KpiHistory;
  connection: Signal<ConnectionState>;
  lastMessageAtMs: Signal<number | null>;
  /** Counts wall seconds: what shows ages and clocks follows it. */
  second: Signal<number>;
  view: Signal<SceneView | null>;
  /** 'loading' until the scene stands, 'failed' when this device cannot draw it. */
  sceneState: Signal<'loading' | 'ready' | 'failed'>;
  railOpen: Signal<boolean>;
  railTab: Signal<RailTab>;
  legendOpen: Signal<boolean>;
  /** What plays instead of the live corridor; null: nothing does. */
  recording: Signal<RecordingPlayer | null>;
  /** Whether one is asked for a recording. */
  recordingPage: Signal<boolean>;
  /** What shows the past instead of now; null: nothing does. */
  past: Signal<PastPlayer | null>;
  /** While it is asked for how far back one can look. */
  pastOpening: Signal<boolean>;
  /** Why the past was not opened. */
  pastRefused: Signal<keyof Dictionary['past']['refused'] | null>;
  /** Part of the money view that covers the scene; null while the scene is the page. */
  moneyTab: Signal<MoneyTab | null>;
  /** What is opened in that part by its link; null: nothing, its list is shown. */
  moneyItem: Signal<string | null>;
  /** Part of the data console that covers the scene; null while it does not. */
  dataTab: Signal<DataTab | null>;
  /** Part of the operations page that covers the scene; null while it does not. */
  operationsTab: Signal<OperationsTab | null>;
  /** What the address says of what is shown on the data console or the operations page, `presence=STALE&open=P-1`. */
  pageQuery: Signal<string>;
  /** What the address asked such a page for that it does not have: `operations/queues`. */
  strangePart: Signal<string | null>;
  /** More alarms come than a person can look at: they are grouped. */
  alarmFlood: Signal<boolean>;
  /** A driver sees the own truck instead of the corridor, until he asks for the map. */
  driverPage: Signal<boolean>;
  /** Bay whose code a driver scanned, or opened the page by; null: none. */
  scannedBay: Signal<BayCode | null>;
  /** Top-up that was asked for last on this page. */
  topUp: Signal<Payment | null>;
  /** Re-rating that was asked for last on this page. */
  rerating: Signal<Rerating | null>;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('useApp outside of <AppContext.Provider>');
  return app;
}

/** Whether what is shown is now: neither the past nor a recording. */
export const isLive = ({ past, recording }: Pick<App, 'past' | 'recording'>): boolean => past.value === null && recording.value === null;

/** Over values that follow what is shown: now, or the instant of the past or of a recording. */
export function useLiveTitle(): string {
  const app = useApp();
  return isLive(app) ? app.language.words.section.live : app.language.words.recording.values;
}

/** The words of the current language; the component follows a change. */
export function useWords(): Dictionary {
  return useApp().language.words;
}
