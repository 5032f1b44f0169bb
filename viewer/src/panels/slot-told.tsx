import type { CommandView } from '@corridor/protocols/http/command-view';
import type { SlotView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { isLive, useApp, useWords } from './app-context.ts';
import { DayTime } from './figures.tsx';
import { CommandState, useIsUnheard } from './operations/command-state.tsx';
import { commandText } from './operations/command-text.ts';
import { usePolled } from './polled.ts';
import { Section } from './section.tsx';

const LOOK_EVERY_MS = 3_000;

/** Whether the station knows that its slot was set aside, or taken into use again: the books say so at once, the station when it is heard. */
export function SlotTold({ slot: { stationId, evseId, state } }: { slot: SlotView }): VNode | null {
  const app = useApp();
  const asked = { source: 'station', id: stationId, evseId: String(evseId), verb: 'slot.availability' };
  const { value } = usePolled(JSON.stringify(asked), () => app.dispatchApi.commands(asked, null), LOOK_EVERY_MS, state);
  const [last] = value?.items ?? [];
  return last === undefined || !isLive(app) ? null : <Told last={last} />;
}

function Told({ last }: { last: CommandView }): VNode {
  const words = useWords();
  const isUnheard = useIsUnheard(last);
  const hint = isUnheard ? words.dispatch.toldLaterHint : last.state === 'ACCEPTED' ? words.dispatch.toldAfterSwap : null;
  return (
    <Section title={words.dispatch.toldStation} name="slot-told">
      <div class="sent-commands" aria-live="polite">
        <b>{commandText(last, words)}</b> <CommandState of={last} />{' '}
        <small>
          <DayTime at={last.issuedAt} />
        </small>
      </div>
      {hint !== null && <p class="prose">{hint}</p>}
    </Section>
  );
}
