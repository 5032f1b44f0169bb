import { useSignal } from '@preact/signals';
import { SkipBack, SkipForward } from 'lucide';
import type { VNode } from 'preact';
import type { JumpKind, SceneTime } from '../../time/scene-time.ts';
import { useApp, useWords } from '../app-context.ts';
import { IconButton } from '../icon-button.tsx';
import { jumpToEvent } from './time-of.ts';

/** Trucks in a queue that is jumped to. */
export const LONGER_THAN_FIRST = 2;
const LONGER_THAN_MAX = 99;

/** To the next or the last event of a kind, with the camera on it. */
export function EventJumps({ time }: { time: SceneTime }): VNode {
  const app = useApp();
  const words = useWords();
  const kind = useSignal<JumpKind>(time.kinds[0]);
  const longerThan = useSignal(LONGER_THAN_FIRST);
  const none = useSignal<'noneLater' | 'noneEarlier' | null>(null);
  const jump = async (back: boolean): Promise<void> => {
    none.value = null;
    const found = await jumpToEvent(app, time, { kind: kind.peek(), back, longerThan: longerThan.peek() });
    if (!found && time.problem === null) none.value = back ? 'noneEarlier' : 'noneLater';
  };
  return (
    <div class="time-bar-jumps">
      <IconButton action="previous-event" name={words.time.previous} icon={SkipBack} onClick={() => void jump(true)} />
      <select
        data-field="event"
        aria-label={words.time.eventKind}
        value={kind.value}
        onChange={({ currentTarget }) => {
          kind.value = time.kinds.find((each) => each === currentTarget.value) ?? time.kinds[0];
          none.value = null;
        }}
      >
        {time.kinds.map((each) => (
          <option key={each} value={each}>
            {words.time.event[each]}
          </option>
        ))}
      </select>
      {kind.value === 'QUEUE' && (
        <input
          type="number"
          class="figure"
          data-field="longer-than"
          aria-label={words.time.longerThan}
          min={0}
          max={LONGER_THAN_MAX}
          value={longerThan.value}
          onInput={({ currentTarget }) =>
            (longerThan.value = Math.min(Math.max(Math.floor(currentTarget.valueAsNumber || 0), 0), LONGER_THAN_MAX))
          }
        />
      )}
      <IconButton action="next-event" name={words.time.next} icon={SkipForward} onClick={() => void jump(false)} />
      <span class="time-bar-none" role="status">
        {none.value === null ? '' : words.time[none.value]}
      </span>
    </div>
  );
}
