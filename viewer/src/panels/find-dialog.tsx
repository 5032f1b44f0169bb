import { useSignal } from '@preact/signals';
import {
  BatteryCharging,
  Bookmark,
  Forklift,
  type IconNode,
  Layers,
  MapPin,
  ReceiptText,
  Search,
  SquareStack,
  TriangleAlert,
  Truck,
  Warehouse,
  Workflow,
} from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { figure } from '../format/quantity.ts';
import { goToAddress } from '../join-address.ts';
import { HEAT_LAYERS } from '../scene/heat-scale.ts';
import type { SelectableKind } from '../store/selection.ts';
import { type App, useApp, useWords } from './app-context.ts';
import { uncover } from './covering-page.ts';
import { type Found, findEverything } from './find-everything.ts';
import { Icon } from './icon.tsx';
import { show } from './show.ts';

const ICONS: Record<SelectableKind | 'place' | 'view' | 'layer', IconNode> = {
  station: Warehouse,
  bay: Forklift,
  slot: SquareStack,
  truck: Truck,
  pack: BatteryCharging,
  order: ReceiptText,
  alarm: TriangleAlert,
  actor: Workflow,
  place: MapPin,
  view: Bookmark,
  layer: Layers,
};
const OPTION_ID = (at: number): string => `find-option-${at}`;

/** Ctrl K: one field that finds objects of every kind, places, kept views and layers, and goes there. */
export function FindDialog(): VNode | null {
  const { look } = useApp();
  return look.searchOpen.value ? <Dialog /> : null;
}

function Dialog(): VNode {
  const app = useApp();
  const words = useWords();
  const text = useSignal('');
  const at = useSignal(0);
  const input = useRef<HTMLInputElement>(null);
  useFocusWithin(input);
  // The list keeps still while somebody reads it, and is made anew with what is typed.
  const found = useMemo(() => find(app, text.value), [app, text.value]);
  const close = (): void => {
    app.look.searchOpen.value = false;
  };
  const choose = (one: Found | undefined): void => {
    if (one === undefined) return;
    close();
    goTo(app, one);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, () => void> = {
      ArrowDown: () => (at.value = Math.min(at.value + 1, Math.max(found.length - 1, 0))),
      ArrowUp: () => (at.value = Math.max(at.value - 1, 0)),
      Enter: () => choose(found[at.value]),
      Escape: close,
      // The field is all there is to stand on.
      Tab: () => undefined,
    };
    const step = steps[event.key];
    event.stopPropagation();
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  return (
    // A press beside the card closes it; the keys have Esc.
    <div class="find-page" onPointerDown={(event) => event.target === event.currentTarget && close()}>
      <div class="find-card panel" role="dialog" aria-modal="true" aria-label={words.layers.findTitle} onKeyDown={onKeyDown}>
        <label class="find-field">
          <Icon node={Search} />
          <input
            ref={input}
            type="text"
            role="combobox"
            aria-expanded={found.length > 0}
            aria-controls="find-list"
            aria-activedescendant={found.length > 0 ? OPTION_ID(at.value) : undefined}
            aria-label={words.layers.find}
            placeholder={words.layers.find}
            autocomplete="off"
            spellcheck={false}
            value={text.value}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value;
              at.value = 0;
            }}
          />
          <kbd>Esc</kbd>
        </label>
        <ul id="find-list" role="listbox" aria-label={words.layers.findTitle} hidden={found.length === 0}>
          {found.map((one, index) => (
            <Option key={one.key} one={one} id={OPTION_ID(index)} isOn={index === at.value} onChoose={() => choose(one)} />
          ))}
        </ul>
        <Foot isAsked={text.value.trim() !== ''} count={found.length} />
      </div>
    </div>
  );
}

function Foot({ isAsked, count }: { isAsked: boolean; count: number }): VNode {
  const words = useWords();
  const said = count === 0 ? words.nothingFound : words.layers.findCount(figure(count));
  return (
    <p class="find-foot" role="status">
      {isAsked ? said : words.layers.findKeys}
    </p>
  );
}

function Option({ one, id, isOn, onChoose }: { one: Found; id: string; isOn: boolean; onChoose: () => void }): VNode {
  const { language } = useApp();
  const words = useWords();
  const element = useRef<HTMLLIElement>(null);
  const { target } = one;
  const kind = target.to === 'object' ? target.selected.kind : target.to;
  const kindName = target.to === 'object' ? words.kind[target.selected.kind] : words.layers.findKind[target.to];
  useEffect(() => {
    if (isOn) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isOn]);
  return (
    <li ref={element} id={id} role="option" aria-selected={isOn} data-found={one.key} onClick={onChoose}>
      <Icon node={ICONS[kind]} />
      <b>{kind === 'alarm' ? language.codeWord(one.name) : one.name}</b>
      <span>{one.detail}</span>
      <small>{kindName}</small>
    </li>
  );
}

function find(app: App, text: string): Found[] {
  const { store, look, language } = app;
  const words = language.words;
  return findEverything(text, {
    records: store.records,
    sites: app.view.peek()?.sites ?? [],
    views: look.views.all.peek(),
    layers: HEAT_LAYERS.map((layer) => ({ layer, name: words.layers.name[layer] })),
    chinese: language.chinese,
  });
}

function goTo(app: App, { target }: Found): void {
  switch (target.to) {
    case 'object':
      return show(app, target.selected);
    case 'place':
      uncover(app);
      app.selection.following.value = false;
      app.view.peek()?.lookFrom({ latDeg: target.site.lat, lonDeg: target.site.lon, ...PLACE_FROM }, true);
      return undefined;
    case 'view':
      return goToAddress(app, target.view.address);
    case 'layer':
      app.look.layer.value = target.layer;
      return undefined;
  }
}

/** From where one looks at a town. */
const PLACE_FROM = { distanceKm: 12, bearingDeg: 0, tiltDeg: 50 } as const;

/** Takes the focus, and gives it back to whoever had it. */
function useFocusWithin(input: { current: HTMLInputElement | null }): void {
  // At once: what is typed next is meant for it.
  useLayoutEffect(() => {
    const before = document.activeElement;
    input.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [input]);
}
