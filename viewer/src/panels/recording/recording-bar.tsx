import { Film } from 'lucide';
import type { VNode } from 'preact';
import { recordedTime } from '../../recording/recorded-time.ts';
import type { RecordingPlayer } from '../../recording/recording-player.ts';
import { useApp, useWords } from '../app-context.ts';
import { IconButton } from '../icon-button.tsx';
import { TimeBar } from '../time/time-bar.tsx';
import { WaitingCurve } from '../time/waiting-curve.tsx';
import { recordedDay } from './recorded-day.ts';

/** The time bar of a recording, with which run it is and the way to another. */
export function RecordingBar({ player }: { player: RecordingPlayer }): VNode {
  const { recordingPage } = useApp();
  const words = useWords();
  const { events, toMs, name, head } = player;
  const { scenario, seed, startsAtMs } = head;
  return (
    <TimeBar
      time={recordedTime(player)}
      marks={({ fromMs, untilMs }) => (
        <WaitingCurve events={events} toMs={toMs} fromMs={fromMs - startsAtMs} untilMs={untilMs - startsAtMs} />
      )}
      dayOf={(atMs) => recordedDay(head, atMs, words)}
    >
      <span class="time-bar-name" title={name}>
        <b>{scenario.name}</b> <small>{words.recording.runOf(words.recording.model[scenario.model], String(seed))}</small>
      </span>
      <IconButton action="another-recording" name={words.recording.openAnother} icon={Film} onClick={() => (recordingPage.value = true)} />
    </TimeBar>
  );
}
