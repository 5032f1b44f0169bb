import { useSignal } from '@preact/signals';
import { Film } from 'lucide';
import type { VNode } from 'preact';
import { clockTime } from '../../format/time.ts';
import { recordedTime } from '../../recording/recorded-time.ts';
import type { RecordingPlayer } from '../../recording/recording-player.ts';
import { useApp, useWords } from '../app-context.ts';
import { IconButton } from '../icon-button.tsx';
import { BooksButton } from '../past/books-button.tsx';
import { BooksPanel } from '../past/books-panel.tsx';
import { TimeBar } from '../time/time-bar.tsx';
import { WaitingCurve } from '../time/waiting-curve.tsx';
import { recordedDay } from './recorded-day.ts';

/** The time bar of a recording, with which run it is, its balances and open holds, and the way to another. */
export function RecordingBar({ player }: { player: RecordingPlayer }): VNode {
  const { recordingPage } = useApp();
  const words = useWords();
  const { events, toMs, name, head } = player;
  const { scenario, seed, startsAtMs } = head;
  const booksOpen = useSignal(false);
  return (
    <>
      {booksOpen.value && <RecordedBooks player={player} onClose={() => (booksOpen.value = false)} />}
      <TimeBar
        time={recordedTime(player)}
        marks={({ fromMs, untilMs }) => (
          <WaitingCurve events={events} toMs={toMs} fromMs={fromMs - startsAtMs} untilMs={untilMs - startsAtMs} />
        )}
        dayOf={(atMs) => recordedDay(head, atMs, words)}
      >
        <BooksButton open={booksOpen} />
        <span class="time-bar-name" title={name}>
          <b>{scenario.name}</b> <small>{words.recording.runOf(words.recording.model[scenario.model], String(seed))}</small>
        </span>
        <IconButton
          action="another-recording"
          name={words.recording.openAnother}
          icon={Film}
          onClick={() => (recordingPage.value = true)}
        />
      </TimeBar>
    </>
  );
}

function RecordedBooks({ player, onClose }: { player: RecordingPlayer; onClose: () => void }): VNode {
  const words = useWords();
  const { head, books } = player;
  const nowMs = head.startsAtMs + player.atMs.value;
  return (
    <BooksPanel
      books={books.value}
      at={`${recordedDay(head, nowMs, words)} ${clockTime(nowMs)}`}
      note={head.principals === null ? words.recording.noBooks : words.recording.noJournal}
      onClose={onClose}
    />
  );
}
