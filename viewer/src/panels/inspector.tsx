import { useSignalEffect } from '@preact/signals';
import { ArrowLeft, Crosshair, LocateFixed, LocateOff, X } from 'lucide';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { SelectableKind, Selected } from '../store/selection.ts';
import { ActorInspector } from './actor-inspector.tsx';
import { AlarmInspector } from './alarm-inspector.tsx';
import { useApp, useWords } from './app-context.ts';
import { BayInspector } from './bay-inspector.tsx';
import { IconButton } from './icon-button.tsx';
import { OrderInspector } from './order-inspector.tsx';
import { PackInspector } from './pack-inspector.tsx';
import { lookAt } from './show.ts';
import { SlotInspector } from './slot-inspector.tsx';
import { StationInspector } from './station-inspector.tsx';
import { TruckInspector } from './truck-inspector.tsx';

const INSPECTORS: Record<SelectableKind, (props: { id: string }) => VNode | null> = {
  station: StationInspector,
  bay: BayInspector,
  slot: SlotInspector,
  truck: TruckInspector,
  pack: PackInspector,
  order: OrderInspector,
  alarm: AlarmInspector,
  actor: ActorInspector,
};

/** The right panel: what is selected, live. */
export function Inspector(): VNode | null {
  const app = useApp();
  const { selection, recording } = app;
  const words = useWords();
  const selected = selection.current.value;
  const body = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    // A new selection is read from its top.
    if (selection.current.value !== null && body.current !== null) body.current.scrollTop = 0;
  });
  if (selected === null) return null;
  // Those that there are are of now.
  if (recording.value !== null && (selected.kind === 'alarm' || selected.kind === 'actor')) return null;
  const Body = INSPECTORS[selected.kind];
  const following = selection.following.value;
  return (
    <aside
      class="inspector panel"
      aria-label={`${words.kind[selected.kind]} ${selected.id}`}
      data-inspects={`${selected.kind}/${selected.id}`}
    >
      <div class="inspector-bar">
        {selection.canGoBack && <IconButton icon={ArrowLeft} name={words.back} onClick={() => selection.back()} />}
        <span class="grow">{words.kind[selected.kind]}</span>
        {canFollow(selected) && (
          <IconButton
            action="follow"
            icon={following ? LocateOff : LocateFixed}
            name={following ? words.stopFollowing : words.follow}
            hint={`${following ? words.stopFollowing : words.follow} (F)`}
            isOn={following}
            aria-pressed={following}
            onClick={() => (following ? (selection.following.value = false) : lookAt(app, selected))}
          />
        )}
        <IconButton action="fly" icon={Crosshair} name={words.flyTo} onClick={() => lookAt(app, selected)} />
        <IconButton icon={X} name={words.closeInspector} hint={`${words.closeInspector} (Esc)`} onClick={() => selection.select(null)} />
      </div>
      <div class="inspector-body" ref={body}>
        <Body key={`${selected.kind}/${selected.id}`} id={selected.id} />
        {recording.value !== null && <p class="nothing padded">{words.recording.notIn}</p>}
      </div>
    </aside>
  );
}

function canFollow(selected: Selected): boolean {
  return selected.kind === 'truck';
}
