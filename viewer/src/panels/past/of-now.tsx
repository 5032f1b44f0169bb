import type { VNode } from 'preact';
import { dayAndTime } from '../../format/time.ts';
import type { PastPlayer } from '../../past/past-player.ts';
import { useApp, useWords } from '../app-context.ts';
import { backToLive } from '../time/time-of.ts';

/** In the place of a page that does not go back, while an instant of the past is chosen: nothing of now stands beside what was then. */
export function OfNow({ player }: { player: PastPlayer }): VNode {
  const app = useApp();
  const words = useWords();
  return (
    <section class="money-part of-now" data-part="of-now">
      <p>
        {words.past.ofNow} <span class="figure">{words.past.chosen(dayAndTime(player.atMs.value))}</span>
      </p>
      <button type="button" class="button primary" data-action="show-now" onClick={() => backToLive(app)}>
        {words.past.showNow}
      </button>
    </section>
  );
}
