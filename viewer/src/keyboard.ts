import type { App } from './panels/app-context.ts';
import { peekCovered, uncover } from './panels/covering-page.ts';
import { lookAt } from './panels/show.ts';
import { openPast } from './past/open-past.ts';
import { FIRST_BACK_MS, STEP_MS } from './past/time-step.ts';

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
    // The money view covers what the other keys move.
    if (typing || !isShown || peekCovered(app) || app.recordingPage.peek()) return;
    // In a list the arrow keys belong to the list.
    if (event.key.startsWith('Arrow') && target?.closest('.rail, .inspector') !== null && target !== null) return;
    // Where a button has the focus, the space bar presses it.
    if (event.key === ' ' && target?.closest('button, a') !== null && target !== null) return;
    if (act(app, event.key)) event.preventDefault();
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
  if (key === ' ') return playOrPause(app);
  const timed = timeKey(app, key.toLowerCase());
  if (timed !== null) return timed;
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

/** Keys of the time bar. @returns null for a key that is none of them */
function timeKey(app: App, key: string): boolean | null {
  const past = app.past.peek();
  if (key === 'h' && past === null && app.recording.peek() === null) {
    void openPast(app, app.clock.nowMs(performance.now()) - FIRST_BACK_MS);
    return true;
  }
  if (key === 'l' && app.recording.peek() !== null) {
    app.recording.value = null;
    return true;
  }
  if (past === null) return null;
  const moves: Record<string, () => void> = {
    l: () => (app.past.value = null),
    ',': () => past.seek(past.wantedMs.peek() - STEP_MS),
    '.': () => past.seek(past.wantedMs.peek() + STEP_MS),
    n: () => void past.jump(null, false),
    p: () => void past.jump(null, true),
  };
  const move = moves[key];
  move?.();
  return move === undefined ? null : true;
}

function playOrPause(app: App): boolean {
  const player = app.recording.peek() ?? app.past.peek();
  if (player?.playing.peek() === true) player.pause();
  else player?.play();
  return player !== null;
}

function follow(app: App): void {
  const selected = app.selection.current.peek();
  if (selected?.kind !== 'truck') return;
  if (app.selection.following.peek()) app.selection.following.value = false;
  else lookAt(app, selected);
}
