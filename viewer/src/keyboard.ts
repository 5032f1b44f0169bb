import type { App } from './panels/app-context.ts';
import { peekCovered, uncover } from './panels/covering-page.ts';
import { lookAt } from './panels/show.ts';
import { LONGER_THAN_FIRST } from './panels/time/event-jumps.tsx';
import { pauseLive, toLastEvent } from './panels/time/leave-live.ts';
import { backToLive, jumpToEvent, timeOf } from './panels/time/time-of.ts';
import { openPast } from './past/open-past.ts';
import { FIRST_BACK_MS, STEP_MS } from './time/time-step.ts';

const TURN_RAD = 0.16;
const TILT_RAD = 0.1;

/** Keys of the page; typing into a field is left alone. @returns how to stop listening */
export function listenToKeys(app: App): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    const isShown = app.session.token.peek() !== null || app.recording.peek() !== null;
    if (isShown && (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      // The browser's own search field would have it.
      event.preventDefault();
      app.look.searchOpen.value = !app.look.searchOpen.peek() && !app.recordingPage.peek();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    const typing = target?.closest('input, textarea, select') !== null && target !== null;
    if (event.key === 'Escape') {
      if (app.recordingPage.peek()) app.recordingPage.value = false;
      else if (typing) target.blur();
      else if (peekCovered(app)) uncover(app);
      else app.selection.select(null);
      return;
    }
    if (typing || !isShown || app.recordingPage.peek()) return;
    // A page over the scene covers what the other keys move.
    const isCovered = peekCovered(app);
    if (isCovered && app.past.peek() === null) return;
    // In a list the arrow keys belong to the list.
    if (event.key.startsWith('Arrow') && target?.closest('.rail, .inspector') !== null && target !== null) return;
    // Where a button has the focus, the space bar presses it.
    if (event.key === ' ' && target?.closest('button, a') !== null && target !== null) return;
    if (isCovered ? timeKey(app, event.key.toLowerCase()) : act(app, event.key)) event.preventDefault();
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

function act(app: App, key: string): boolean {
  if (key === '/') {
    const focusSearch = (): void => document.querySelector<HTMLInputElement>('#search')?.focus();
    if (app.railOpen.peek()) focusSearch();
    else {
      app.railOpen.value = true;
      requestAnimationFrame(focusSearch);
    }
    return true;
  }
  if (timeKey(app, key.toLowerCase())) return true;
  const view = app.view.peek();
  if (view === null) return false;
  const { rig } = view;
  const moves: Record<string, () => void> = {
    ArrowLeft: () => rig.nudge({ right: -0.3 }),
    ArrowRight: () => rig.nudge({ right: 0.3 }),
    ArrowUp: () => rig.nudge({ forward: 0.3 }),
    ArrowDown: () => rig.nudge({ forward: -0.3 }),
    '+': () => rig.nudge({ zoom: 0.75 }),
    '=': () => rig.nudge({ zoom: 0.75 }),
    '-': () => rig.nudge({ zoom: 1 / 0.75 }),
    q: () => rig.nudge({ turn: -TURN_RAD }),
    e: () => rig.nudge({ turn: TURN_RAD }),
    r: () => rig.nudge({ tilt: TILT_RAD }),
    v: () => rig.nudge({ tilt: -TILT_RAD }),
    f: () => follow(app),
    '0': () => view.showNetwork(),
    Home: () => view.showNetwork(),
  };
  const move = moves[key.length === 1 ? key.toLowerCase() : key];
  if (move === undefined) return false;
  if (key.startsWith('Arrow') || key === '0' || key === 'Home') app.selection.following.value = false;
  move();
  return true;
}

/** Keys of the time bar. @returns whether it is one of them */
function timeKey(app: App, key: string): boolean {
  const move = movesOf(app)[key];
  move?.();
  return move !== undefined;
}

function movesOf(app: App): Record<string, () => void> {
  const time = timeOf(app);
  if (time === null) {
    const back = (byMs: number): void => void openPast(app, app.clock.nowMs(performance.now()) - byMs);
    return { h: () => back(FIRST_BACK_MS), ',': () => back(STEP_MS), ' ': () => void pauseLive(app), p: () => void toLastEvent(app) };
  }
  const jump = (isBack: boolean): void => void jumpToEvent(app, time, { kind: time.kinds[0], back: isBack, longerThan: LONGER_THAN_FIRST });
  return {
    ' ': () => (time.isPlaying ? time.pause() : time.play()),
    l: () => backToLive(app),
    ',': () => time.seek(time.wantedMs - STEP_MS),
    '.': () => time.seek(time.wantedMs + STEP_MS),
    n: () => jump(false),
    p: () => jump(true),
  };
}

function follow(app: App): void {
  const selected = app.selection.current.peek();
  if (selected?.kind !== 'truck') return;
  if (app.selection.following.peek()) app.selection.following.value = false;
  else lookAt(app, selected);
}
