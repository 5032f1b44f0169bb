import { batch, effect } from '@preact/signals';
import type { App } from './panels/app-context.ts';
import { isCovered, peekCovered } from './panels/covering-page.ts';
import { RECORDING_HASH } from './recording/recording-place.ts';
import { bayFromHash, hashOfBayLink } from './store/bay-code.ts';
import { dataTabFromHash, hashOfData } from './store/data-place.ts';
import { hashOfMoneyTab, keepsQuery, moneyPlaceFromHash } from './store/money-place.ts';
import { hashOfOperations, operationsTabFromHash } from './store/operations-place.ts';
import { isSomewhereElse, queryOfHash } from './store/place-query.ts';
import { hashOfSelection, selectionFromHash } from './store/selection.ts';
import { strangePartOf } from './store/strange-part.ts';
import { searchWithView, type ViewAddress, viewFromSearch } from './store/view-address.ts';

/** In the state of entries of the history that the page itself wrote: their camera is flown to when somebody goes back. */
const OWN = { corridor: true } as const;

/**
 * The address shows the same picture again: what is selected or which page is open after the `#`, camera, layer and heights in the search.
 * Whatever is selected is an entry of the history; camera and layer belong to the entry that they were seen in.
 */
export function joinAddress(app: App): void {
  app.selection.select(selectionFromHash(location.hash));
  noteWrongHash(app);
  let isFirst = true;
  effect(() => {
    const selected = hashOfSelection(app.selection.current.value) || hashOfAwaitedBay(app);
    const place = app.moneyTab.value === null ? selected : hashOfMoneyTab(app.moneyTab.value, app.moneyItem.value);
    const page = app.operationsTab.value === null ? place : hashOfOperations(app.operationsTab.value);
    const covering = app.dataTab.value === null ? page : hashOfData(app.dataTab.value);
    const query = keepsPlace(app) ? app.pageQuery.value : '';
    const hash = app.recordingPage.value ? RECORDING_HASH : covering + (query === '' ? '' : `?${query}`);
    if (hash !== location.hash) {
      // What could not be shown at the start is not somewhere to go back to.
      if (isFirst || !isUnderstood(location.hash) || isScanned(location.hash) || !isSomewhereElse(location.hash, hash))
        history.replaceState(OWN, '', addressWith(hash));
      else history.pushState(OWN, '', addressWith(hash));
    }
    isFirst = false;
    if (hash !== '') app.look.wrong.value = app.look.wrong.peek().filter((what) => what !== 'object');
  });
  effect(() => {
    // Each second, and whenever the layer or the heights change.
    const { layer, relief, grade } = app.look;
    if (app.second.value < 0 || layer.value === null || relief.value === undefined || grade.value === undefined) return;
    keepView(app);
  });
  // The entry that the page was opened with can be gone back to like the others.
  history.replaceState(OWN, '', addressWith(location.hash));
  window.addEventListener('popstate', ({ state }) => {
    // Browsers tell of another hash alone by `hashchange`, of another search too by this only.
    takeHash(app);
    if (isOwn(state)) openAddress(app, location.search, location.hash);
  });
  window.addEventListener('hashchange', () => takeHash(app));
}

/** Whoever has yet to sign in comes to the bay that he scanned, also by way of a provider: it sends him back to the address. */
function hashOfAwaitedBay({ session, scannedBay }: App): string {
  return session.signedIn.value || scannedBay.value === null ? '' : hashOfBayLink(scannedBay.value.bayId);
}

/** A code was taken note of: the address that it was is not somewhere to go back to. */
const isScanned = (hash: string): boolean => bayFromHash(hash) !== null && selectionFromHash(hash) === null;

/** Opens a view that was kept: an entry of the history like everything that is gone to. */
export function goToAddress(app: App, address: string): void {
  const at = address.indexOf('#');
  const search = at < 0 ? address : address.slice(0, at);
  const hash = at < 0 ? '' : address.slice(at);
  history.pushState(OWN, '', addressOf(searchKept(search), hash));
  takeHash(app);
  openAddress(app, location.search, location.hash);
}

/** The part of the address that shows this view again, at any time. */
export function viewAddressOf(app: App): string {
  const camera = app.view.peek()?.cameraAddress ?? null;
  return searchWithView('', shownBy(app, camera)) + hashOfSelection(app.selection.current.peek());
}

function shownBy({ look, selection }: App, camera: ViewAddress['camera']): ViewAddress {
  const { layer, grade, relief } = look;
  return { camera, layer: layer.peek(), grade: grade.peek(), relief: relief.peek(), following: selection.following.peek() };
}

function openAddress(app: App, search: string, hash: string): void {
  const { view, wrong } = viewFromSearch(search);
  batch(() => {
    app.look.layer.value = view.layer;
    app.look.grade.value = view.grade;
    app.look.relief.value = view.relief;
    app.look.wrong.value = wrong;
    const selected = selectionFromHash(hash);
    // A page over the scene leaves the selection under it as it is.
    if (!PAGES.some((read) => read(hash) !== null) && hash !== RECORDING_HASH) app.selection.select(selected);
    app.view.peek()?.lookFrom(view.camera, true);
    app.selection.following.value = view.following && selected?.kind === 'truck';
  });
}

function takeHash(app: App): void {
  batch(() => {
    app.scannedBay.value = bayFromHash(location.hash) ?? app.scannedBay.value;
    const place = moneyPlaceFromHash(location.hash);
    app.recordingPage.value = location.hash === RECORDING_HASH;
    // What was selected stays so while one is asked for a file.
    if (app.recordingPage.value) return;
    app.moneyTab.value = place?.tab ?? null;
    app.moneyItem.value = place?.itemId ?? null;
    app.operationsTab.value = operationsTabFromHash(location.hash);
    app.dataTab.value = dataTabFromHash(location.hash);
    app.pageQuery.value = queryOfHash(location.hash);
    app.strangePart.value = strangePartOf(location.hash);
    noteWrongHash(app);
    // What was selected stays so under a page over the scene.
    if (!isCovered(app)) app.selection.select(selectionFromHash(location.hash));
  });
}

/** Whether the page that is shown keeps in the address how it is narrowed. */
function keepsPlace({ moneyTab, moneyItem, operationsTab, dataTab }: App): boolean {
  if (operationsTab.value !== null || dataTab.value !== null) return true;
  return moneyTab.value !== null && keepsQuery({ tab: moneyTab.value, itemId: moneyItem.value });
}

/** What is wrong stays told until something else is selected: an address without anything says nothing of it. */
function noteWrongHash(app: App): void {
  const { hash } = location;
  const others = app.look.wrong.peek().filter((what) => what !== 'object');
  if (hash !== '') app.look.wrong.value = isUnderstood(hash) ? others : [...others, 'object'];
}

const PAGES: readonly ((hash: string) => unknown)[] = [moneyPlaceFromHash, operationsTabFromHash, dataTabFromHash];

function isUnderstood(hash: string): boolean {
  return hash === '' || hash === RECORDING_HASH || [...PAGES, selectionFromHash, bayFromHash].some((read) => read(hash) !== null);
}

/** Writes the view into the address of this entry, once the camera rests. */
function keepView(app: App): void {
  const view = app.view.peek();
  if (view === null || view.rig.busy || peekCovered(app)) return;
  const search = searchWithView(location.search, shownBy(app, view.cameraAddress));
  if (search !== location.search) history.replaceState(OWN, '', addressOf(search, location.hash));
}

/** A kept view says nothing of the instant: the one that is looked at stays. */
function searchKept(search: string): string {
  const at = new URLSearchParams(location.search).get('at');
  if (at === null) return search;
  return `${search === '' ? '?' : `${search}&`}at=${at}`;
}

const addressOf = (search: string, hash: string): string => location.pathname + search + hash;
const addressWith = (hash: string): string => addressOf(location.search, hash);

function isOwn(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'corridor' in state;
}
