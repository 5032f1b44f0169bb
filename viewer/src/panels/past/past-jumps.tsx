import { SCENE_EVENT_KINDS, type SceneEvent, type SceneEventKind } from '@corridor/protocols/http/scene';
import { useSignal } from '@preact/signals';
import { SkipBack, SkipForward } from 'lucide';
import type { VNode } from 'preact';
import type { PastPlayer } from '../../past/past-player.ts';
import { SELECTABLE } from '../../store/selection.ts';
import { type App, useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { lookAt } from '../show.ts';

type Wanted = SceneEventKind | 'ANY';
const WANTED: readonly Wanted[] = ['ANY', ...SCENE_EVENT_KINDS];

/** To the next or the last event of a kind, with the camera on it. */
export function PastJumps({ player }: { player: PastPlayer }): VNode {
  const app = useApp();
  const words = useWords();
  const kind = useSignal<Wanted>('ANY');
  const none = useSignal<'noneLater' | 'noneEarlier' | null>(null);
  const jump = async (back: boolean): Promise<void> => {
    none.value = null;
    const wanted = kind.peek();
    const event = await player.jump(wanted === 'ANY' ? null : wanted, back);
    if (event !== null) showEvent(app, event);
    else if (player.problem.peek() === null) none.value = back ? 'noneEarlier' : 'noneLater';
  };
  const button = (back: boolean): VNode => {
    const name = back ? words.past.previous : words.past.next;
    return (
      <button
        type="button"
        class="icon-button"
        data-action={back ? 'previous-event' : 'next-event'}
        title={name}
        aria-label={name}
        onClick={() => void jump(back)}
      >
        <Icon node={back ? SkipBack : SkipForward} />
      </button>
    );
  };
  return (
    <div class="time-bar-jumps">
      {button(true)}
      <select
        data-field="event"
        aria-label={words.past.eventKind}
        value={kind.value}
        onChange={({ currentTarget }) => {
          kind.value = WANTED.find((each) => each === currentTarget.value) ?? 'ANY';
          none.value = null;
        }}
      >
        {WANTED.map((each) => (
          <option key={each} value={each}>
            {words.past.event[each]}
          </option>
        ))}
      </select>
      {button(false)}
      <span class="time-bar-none" role="status">
        {none.value === null ? '' : words.past[none.value]}
      </span>
    </div>
  );
}

/** What it is about is opened; the camera goes there as soon as its scene is drawn. */
function showEvent(app: App, { kind, id, scope, scopeId }: SceneEvent): void {
  const about = SELECTABLE.find((each) => each === scope);
  const selected = kind === 'ALARM' ? ({ kind: 'alarm', id } as const) : about === undefined ? null : { kind: about, id: scopeId };
  app.selection.select(selected);
  if (about === undefined || about === 'order' || about === 'alarm') return;
  const place = { kind: about, id: scopeId };
  requestAnimationFrame(() => requestAnimationFrame(() => lookAt(app, place)));
}
