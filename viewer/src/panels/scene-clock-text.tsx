import type { VNode } from 'preact';
import { figure } from '../format/quantity.ts';
import { clockTime, day, ZONE_NAME } from '../format/time.ts';
import { useApp, useWords } from './app-context.ts';

/** The scene's own clock and how fast it runs. */
export function SceneClockText(): VNode {
  const { clock, second } = useApp();
  const words = useWords();
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
