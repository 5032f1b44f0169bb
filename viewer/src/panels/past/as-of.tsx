import type { VNode } from 'preact';
import { dayAndTime } from '../../format/time.ts';
import type { PastPlayer } from '../../past/past-player.ts';
import { useWords } from '../app-context.ts';

/** Says of which instant everything on the page is. */
export function AsOf({ player }: { player: PastPlayer }): VNode {
  const words = useWords();
  const atMs = player.atMs.value;
  return (
    <p class="as-of figure" role="status" data-as-of={new Date(atMs).toISOString()}>
      {words.past.asOf(dayAndTime(atMs))}
    </p>
  );
}
