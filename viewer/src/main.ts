import '@fontsource-variable/inter/wght.css';
import './theme/tokens.css';
import './theme/base.css';
import './theme/layout.css';
import './theme/panels.css';
import './theme/inspector.css';
import './theme/money.css';
import './theme/settlement.css';
import './theme/operations.css';
import './theme/data.css';
import './theme/driver.css';
import './theme/driver-trip.css';
import './theme/recording.css';
import './theme/past.css';
import './theme/layers.css';
import './theme/find.css';
import { effect, signal, untracked } from '@preact/signals';
import { h, render } from 'preact';
import { AgreementApi } from './feed/agreement-api.ts';
import { AlarmApi } from './feed/alarm-api.ts';
import { ApiClient, type AuthConfig } from './feed/api-client.ts';
import { ApprovalFeed } from './feed/approval-feed.ts';
import { ChargeApi } from './feed/charge-api.ts';
import { DataApi } from './feed/data-api.ts';
import { DispatchApi } from './feed/dispatch-api.ts';
import { DriverApi } from './feed/driver-api.ts';
import { KeptSignIn } from './feed/kept-sign-in.ts';
import { type ConnectionState, LiveFeed } from './feed/live-feed.ts';
import { MoneyApi } from './feed/money-api.ts';
import { OperatorApi } from './feed/operator-api.ts';
import { OrderApi } from './feed/order-api.ts';
import { finishProviderSignIn } from './feed/provider-sign-in.ts';
import { RegistrationApi } from './feed/registration-api.ts';
import { Session } from './feed/session.ts';
import { SettlementApi } from './feed/settlement-api.ts';
import { type SharedSignIn, sharedSignIn } from './feed/shared-sign-in.ts';
import { LanguageStore } from './i18n/language.ts';
import { joinAddress } from './join-address.ts';
import { joinTrack } from './join-track.ts';
import { listenToKeys } from './keyboard.ts';
import { Root } from './panels/app.tsx';
import type { App } from './panels/app-context.ts';
import { isCovered } from './panels/covering-page.ts';
import { joinPast } from './past/join-past.ts';
import { RECORDING_HASH } from './recording/recording-place.ts';
import { mountScene } from './scene-mount.ts';
import { nextFlood } from './store/alarm-flood.ts';
import { bayFromHash } from './store/bay-code.ts';
import { dataTabFromHash } from './store/data-place.ts';
import { KpiHistory } from './store/kpi-history.ts';
import { LookStore } from './store/look-store.ts';
import { moneyPlaceFromHash, moneyTabsOf } from './store/money-place.ts';
import { NameStore } from './store/name-store.ts';
import { operationsTabFromHash } from './store/operations-place.ts';
import { queryOfHash } from './store/place-query.ts';
import { SceneClock } from './store/scene-clock.ts';
import { SceneStore } from './store/scene-store.ts';
import { SelectionStore } from './store/selection.ts';
import { strangePartOf } from './store/strange-part.ts';
import { TrackStore } from './store/track-store.ts';
import { ThemeStore } from './theme/theme-store.ts';

/** The composition root: makes the stores, joins feed, scene and panels. */
function createApp(session: Session): App {
  const api = new ApiClient({
    base: '',
    tokenOf: () => session.token.peek(),
    renew: (refused) => session.renew(refused),
    onRefused: (refused) => session.endRefused(refused),
    onNotRegistered: () => (session.registered.value = false),
  });
  return {
    api,
    alarmApi: new AlarmApi(api),
    dispatchApi: new DispatchApi(api),
    moneyApi: new MoneyApi(api),
    settlementApi: new SettlementApi(api),
    agreementApi: new AgreementApi(api),
    approvals: new ApprovalFeed(api),
    chargeApi: new ChargeApi(api),
    orderApi: new OrderApi(api),
    dataApi: new DataApi(api),
    driverApi: new DriverApi(api),
    operatorApi: new OperatorApi(api),
    registrationApi: new RegistrationApi(api),
    session,
    store: new SceneStore(),
    names: new NameStore(),
    clock: new SceneClock(),
    selection: new SelectionStore(),
    tracks: new TrackStore(localStorage),
    look: new LookStore(location.search, localStorage, window.innerWidth >= 900),
    language: new LanguageStore(localStorage, navigator.languages),
    theme: new ThemeStore(localStorage, window.matchMedia('(prefers-color-scheme: dark)')),
    kpiHistory: new KpiHistory(),
    connection: signal<ConnectionState>('connecting'),
    lastMessageAtMs: signal<number | null>(null),
    second: signal(0),
    view: signal(null),
    sceneState: signal<'loading' | 'ready' | 'failed'>('loading'),
    railOpen: signal(window.innerWidth >= 900),
    railTab: signal<App['railTab']['value']>('stations'),
    legendOpen: signal(window.innerWidth >= 900),
    recording: signal(null),
    past: signal(null),
    pastOpening: signal(false),
    pastRefused: signal(null),
    recordingPage: signal(location.hash === RECORDING_HASH),
    moneyTab: signal(moneyPlaceFromHash(location.hash)?.tab ?? null),
    moneyItem: signal(moneyPlaceFromHash(location.hash)?.itemId ?? null),
    dataTab: signal(dataTabFromHash(location.hash)),
    operationsTab: signal(operationsTabFromHash(location.hash)),
    pageQuery: signal(queryOfHash(location.hash)),
    strangePart: signal(strangePartOf(location.hash)),
    alarmFlood: signal(false),
    driverPage: signal(true),
    scannedBay: signal(bayFromHash(location.hash)),
    topUp: signal(null),
    rerating: signal(null),
  };
}

/** Who signs in again finds the picture as it was; to anybody else nothing is shown of what only the one before him might see. */
function joinPerson(app: App): void {
  let shownTo: string | null = null;
  effect(() => {
    if (!app.session.signedIn.value) return;
    const userId = untracked(() => app.session.person?.userId ?? null);
    if (shownTo !== null && shownTo !== userId) {
      app.store.clear();
      app.clock.forget();
      app.kpiHistory.clear();
    }
    shownTo = userId;
  });
}

/** A driver signs in, and out, in all tabs. A tab that slept is told nothing of what the others did, so it looks when it is shown. */
function joinTabs({ session }: App, shared: SharedSignIn): void {
  const follow = (): void => void session.follow();
  shared.listen(follow);
  window.addEventListener('pageshow', follow);
  document.addEventListener('visibilitychange', follow);
}

/** Keeps a live feed while somebody is signed in. */
function joinFeed(app: App): void {
  effect(() => {
    if (!app.session.signedIn.value) {
      app.topUp.value = null;
      app.rerating.value = null;
      app.driverPage.value = true;
      return undefined;
    }
    if (!app.session.registered.value) return undefined;
    // The past and a recording have the scene for themselves; the way back begins with a new snapshot.
    if (app.recording.value !== null || app.past.value !== null) return undefined;
    const feed = new LiveFeed({
      ticket: async () => (await app.api.ticket()).ticket,
      urlOf: (ticket) => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws?ticket=${encodeURIComponent(ticket)}`,
      onMessage: (message) => {
        // The rest of a snapshot is of its instant.
        const at = message.type === 'snapshot' ? message.scene : message.type === 'diff' ? message : null;
        if (at !== null) app.clock.observe(Date.parse(at.scopeAt), at.factor, performance.now());
        app.store.apply(message);
      },
      onSignedOut: () => !app.session.signedIn.peek(),
    });
    const stop = effect(() => {
      app.connection.value = feed.state.value;
      app.lastMessageAtMs.value = feed.lastMessageAtMs.value;
    });
    const retry = (): void => feed.retryNow();
    window.addEventListener('online', retry);
    // Names are a comfort: without them ids are shown.
    const takeNames = (answer: unknown): void => {
      // A recording has its own.
      if (app.recording.peek() === null) app.names.take(answer);
    };
    app.api.principals().then(takeNames, () => takeNames([]));
    const takeConfig = ({ claims, demoUsers }: AuthConfig): void => {
      app.session.learn(claims);
      app.names.takePeople(demoUsers ?? []);
    };
    app.api.authConfig().then(takeConfig, () => app.names.takePeople([]));
    return () => {
      window.removeEventListener('online', retry);
      stop();
      feed.close();
      app.lastMessageAtMs.value = null;
    };
  });
}

/** Looks for what waits for the approval of whoever is signed in, and approves anything at all. */
function joinApprovals(app: App): void {
  effect(() => (moneyTabsOf(app.session.person?.roles ?? []).includes('agreements') ? app.approvals.start() : undefined));
}

function joinPage(app: App): void {
  effect(() => {
    document.documentElement.dataset['theme'] = app.theme.theme.value;
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', app.theme.theme.value === 'dark' ? '#0f1417' : '#f6f7f8');
  });
  effect(() => {
    document.documentElement.lang = app.language.current.value;
    document.title = `${app.language.words.network} · ${app.language.words.product}`;
  });
  effect(() => {
    const kpis = app.store.kpis.value;
    if (kpis === null) return;
    if (app.past.peek() !== null) app.kpiHistory.rewind(Date.parse(kpis.scopeAt));
    app.kpiHistory.add(kpis);
    app.alarmFlood.value = nextFlood(app.alarmFlood.peek(), kpis.alarmsRaisedLately);
  });
  joinAddress(app);
  setInterval(() => app.second.value++, 1_000);
}

/** Whoever goes to the money, to operations or to the data console, which are of now, leaves a recording; and nothing recorded is taken for live. */
function joinRecording(app: App): void {
  effect(() => {
    if (isCovered(app) && app.recording.value !== null) app.recording.value = null;
  });
  let before = app.recording.peek();
  effect(() => {
    const recording = app.recording.value;
    if (recording === before) return;
    before?.close();
    before = recording;
    app.kpiHistory.clear();
    if (recording !== null) {
      app.names.take(recording.head.principals ?? []);
      return;
    }
    app.store.clear();
    app.clock.forget();
    app.selection.select(null);
  });
}

async function start(): Promise<void> {
  // First, because it puts back the address that everything else reads.
  const returned = await finishProviderSignIn().catch(() => 'REFUSED' as const);
  const shared = sharedSignIn();
  const app = createApp(await Session.open(new KeptSignIn(sessionStorage, shared)));
  joinPage(app);
  joinRecording(app);
  joinPast(app);
  // Whatever the provider objected to, the sign-in page is the place to try again from; who signed in in another tab stays so.
  if (returned === 'REFUSED') app.session.expired.value = !app.session.signedIn.peek();
  else if (returned !== null) void app.session.signIn(returned);
  joinTabs(app, shared);
  joinPerson(app);
  joinFeed(app);
  joinApprovals(app);
  joinTrack(app);
  listenToKeys(app);
  const root = document.querySelector('#app');
  if (root === null) throw new Error('index.html has no #app');
  render(h(Root, { app, mountScene: (element) => mountScene(app, element) }), root);
  // Han glyphs come in small pieces as they are needed; the page does not wait for their style sheet.
  void import('./theme/han-fonts.ts');
}

void start();
