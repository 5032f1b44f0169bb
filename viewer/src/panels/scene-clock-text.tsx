import type { VNode } from 'preact';
import { figure } from '../format/quantity.ts';
import { clockTime, day, ZONE_NAME } from '../format/time.ts';
import type { PastPlayer } from '../past/past-player.ts';
import type { RecordingPlayer } from '../recording/recording-player.ts';
import { useApp, useWords } from './app-context.ts';
import { recordedDay } from './recording/recorded-day.ts';

/** The scene's own clock and how fast it runs. */
export function SceneClockText(): VNode {
  const { clock, second, recording, past } = useApp();
  const words = useWords();
  const played = recording.value;
  if (played !== null) return <RecordedClockText player={played} />;
  if (past.value !== null) return <PastClockText player={past.value} />;
  const nowMs = second.value < 0 ? Number.NaN : clock.nowMs(performance.now());
  const factor = figure(clock.factor, Number.isInteger(clock.factor) ? 0 : 1);
  return (
    <span class="scene-clock" title={`${words.clock.scene}: ${day(nowMs)} ${clockTime(nowMs)}, ${ZONE_NAME}`}>
      <span class="clock-day figure">{day(nowMs)}</span>
      <time class="clock-time figure">{clockTime(nowMs)}</time>
      {clock.known && (
        <span class={clock.factor === 1 ? 'factor' : 'factor fast'} title={words.clock.factorHint(factor)}>
          {words.clock.factor(factor)}
        </span>
      )}
    </span>
  );
}

/** The instant that is played. A run without a date has days that are counted. */
function RecordedClockText({ player }: { player: RecordingPlayer }): VNode {
  const words = useWords();
  const nowMs = player.head.startsAtMs + player.atMs.value;
  const date = recordedDay(player.head, nowMs, words);
  return (
    <span class="scene-clock" title={`${words.clock.scene}: ${date} ${clockTime(nowMs)}, ${ZONE_NAME}`}>
      <span class="clock-day figure">{date}</span>
      <time class="clock-time figure">{clockTime(nowMs)}</time>
      {player.playing.value && <span class="factor fast">{words.clock.factor(figure(player.speed.value))}</span>}
    </span>
  );
}

/** The instant that everything on the screen belongs to. */
function PastClockText({ player }: { player: PastPlayer }): VNode {
  const words = useWords();
  const atMs = player.atMs.value;
  return (
    <span class="scene-clock" title={`${words.past.values}: ${day(atMs)} ${clockTime(atMs)}, ${ZONE_NAME}`}>
      <span class="clock-day figure">{day(atMs)}</span>
      <time class="clock-time figure">{clockTime(atMs)}</time>
      {player.playing.value && <span class="factor fast">{words.clock.factor(figure(player.speed.value))}</span>}
    </span>
  );
}
