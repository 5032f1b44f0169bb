import type { VNode } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type App, AppContext, useApp, useWords } from './app-context.ts';
import { CameraButtons } from './camera-buttons.tsx';
import { isCovered } from './covering-page.ts';
import { FindDialog } from './find-dialog.tsx';
import { Inspector } from './inspector.tsx';
import { Legend } from './legend.tsx';
import { LinkNotice } from './link-notice.tsx';
import { MiniMap } from './mini-map.tsx';
import { PastBar } from './past/past-bar.tsx';
import { Rail } from './rail.tsx';
import { RecordingBar } from './recording/recording-bar.tsx';
import { RecordingPage } from './recording/recording-page.tsx';
import { SignIn } from './sign-in.tsx';
import { LiveBar } from './time/live-bar.tsx';
import { TopBar } from './top-bar.tsx';

const MoneyPage = lazy(() => import('./money/money-page.tsx').then((module) => ({ default: module.MoneyPage })));
const DataPage = lazy(() => import('./data/data-page.tsx').then((module) => ({ default: module.DataPage })));
const OperationsPage = lazy(() => import('./operations/operations-page.tsx').then((module) => ({ default: module.OperationsPage })));
const OwnRegistration = lazy(() => import('./driver/own-registration.tsx').then((module) => ({ default: module.OwnRegistration })));
const DriverPage = lazy(() => import('./driver/driver-page.tsx').then((module) => ({ default: module.DriverPage })));

export interface RootProps {
  app: App;
  /** Puts the scene into the element; returns how to take it out. */
  mountScene: (element: HTMLElement) => () => void;
}

export function Root({ app, mountScene }: RootProps): VNode {
  const signedIn = app.session.token.value !== null;
  return (
    <AppContext.Provider value={app}>
      {signedIn || app.recording.value !== null ? <SignedIn mountScene={mountScene} /> : <SignIn />}
      <RecordingPage />
    </AppContext.Provider>
  );
}

/** To a driver the own truck, which needs no scene; to all others, and when he follows a link, the corridor. */
function SignedIn({ mountScene }: { mountScene: RootProps['mountScene'] }): VNode {
  const app = useApp();
  const { session, driverPage, selection, scannedBay, recording, past } = app;
  if (!session.registered.value) {
    return (
      <Suspense fallback={<main class="driver" aria-busy="true" />}>
        <OwnRegistration />
      </Suspense>
    );
  }
  const isDriver = session.person?.roles.includes('DRIVER') === true;
  const selected = selection.current.value;
  // A bay that a driver comes with is one that he stands at: his page says what he may do there.
  const isScanned = selected?.kind === 'bay' && selected.id === scannedBay.value?.bayId;
  const isLinked = (selected !== null && !isScanned) || isCovered(app) || recording.value !== null || past.value !== null;
  if (!isDriver || !driverPage.value || isLinked) return <Console mountScene={mountScene} />;
  return (
    <Suspense fallback={<main class="driver" aria-busy="true" />}>
      <DriverPage />
    </Suspense>
  );
}

function Console({ mountScene }: { mountScene: RootProps['mountScene'] }): VNode {
  const app = useApp();
  const { connection, selection, railOpen, recording, past } = app;
  const recorded = recording.value;
  const isTimed = recorded !== null || past.value !== null;
  const isFresh = isTimed || connection.value === 'live' || connection.value === 'connecting';
  const classes = ['console', isFresh ? '' : 'aged', isTimed ? 'recorded' : '', past.value === null ? '' : 'past'];
  if (selection.current.value !== null) classes.push('inspecting');
  if (railOpen.value) classes.push('rail-open');
  return (
    <div class={classes.filter((name) => name !== '').join(' ')}>
      <Stage key={recorded === null ? 'live' : recorded.head.scenario.sha256} mountScene={mountScene} />
      <TopBar />
      <LinkNotice />
      <FindDialog />
      {isCovered(app) ? (
        <Suspense fallback={<main class="money" aria-busy="true" />}>
          <CoveringPage />
        </Suspense>
      ) : (
        <>
          <Rail />
          <Inspector />
          <div class="bottom-left">
            <div class="keys-of-map">
              <MiniMap />
              <Legend />
            </div>
            <CameraButtons />
            {!isTimed && <LiveBar />}
          </div>
          {recorded !== null && <RecordingBar player={recorded} />}
        </>
      )}
      {past.value !== null && <PastBar player={past.value} />}
    </div>
  );
}

function CoveringPage(): VNode | null {
  const { moneyTab, operationsTab, dataTab } = useApp();
  if (dataTab.value !== null) return <DataPage tab={dataTab.value} />;
  if (operationsTab.value !== null) return <OperationsPage tab={operationsTab.value} />;
  return moneyTab.value === null ? null : <MoneyPage tab={moneyTab.value} />;
}

function Stage({ mountScene }: { mountScene: RootProps['mountScene'] }): VNode {
  const { sceneState } = useApp();
  const words = useWords();
  const element = useRef<HTMLDivElement>(null);
  // Not after the first painting of the page: the scene is what takes longest.
  useLayoutEffect(() => (element.current === null ? undefined : mountScene(element.current)), [mountScene]);
  return (
    <>
      <div class="stage" ref={element} role="application" aria-label={words.sceneLabel} tabIndex={0} data-scene={sceneState.value} />
      {sceneState.value !== 'ready' && <p class="stage-note">{sceneState.value === 'loading' ? words.loading : words.noScene}</p>}
    </>
  );
}
