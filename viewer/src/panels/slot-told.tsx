import type { CommandView } from '@corridor/protocols/http/command-view';
import type { SlotView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import type { Dictionary } from '../i18n/en.ts';
import { isLive, useApp, useWords } from './app-context.ts';
import { DayTime } from './figures.tsx';
import { CommandState } from './operations/command-state.tsx';
import { commandText } from './operations/command-text.ts';
import { usePolled } from './polled.ts';
import { Section } from './section.tsx';

const LOOK_EVERY_MS = 3_000;

/** Whether the station knows that its slot was set aside, or taken into use again: the books say so at once, the station when it is heard. */
export function SlotTold({ slot: { stationId, evseId, state } }: { slot: SlotView }): VNode | null {
  const app = useApp();
  const words = useWords();
  const asked = { source: 'station', id: stationId, evseId: String(evseId), verb: 'slot.availability' };
  const { value } = usePolled(JSON.stringify(asked), () => app.dispatchApi.commands(asked, null), LOOK_EVERY_MS, state);
  const [last] = value?.items ?? [];
  const isHeard = app.store.version.stations.value >= 0 && app.store.records.stations.get(stationId)?.connectivity === 'ONLINE';
  if (last === undefined || !isLive(app)) return null;
  const hint = hintOf(last, isHeard, words);
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

function hintOf({ state }: CommandView, isHeard: boolean, { dispatch }: Dictionary): string | null {
  if (state === 'ACCEPTED') return dispatch.toldAfterSwap;
  return (state === 'PENDING' || state === 'SENT') && !isHeard ? dispatch.toldLater : null;
}
