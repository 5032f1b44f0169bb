import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { day, dayAndTime } from '../../format/time.ts';
import type { PastPlayer } from '../../past/past-player.ts';
import { pastTime } from '../../past/past-time.ts';
import { useApp } from '../app-context.ts';
import { isCovered } from '../covering-page.ts';
import { PastMarks } from '../time/past-marks.tsx';
import { TimeBar } from '../time/time-bar.tsx';
import { BooksButton } from './books-button.tsx';
import { BooksPanel } from './books-panel.tsx';

/** The time bar of the past, with the balances and open holds of the instant beside it. */
export function PastBar({ player }: { player: PastPlayer }): VNode {
  const app = useApp();
  const booksOpen = useSignal(false);
  const hasBooks = !isCovered(app);
  return (
    <>
      {hasBooks && booksOpen.value && (
        <BooksPanel books={player.books.value} at={dayAndTime(player.atMs.value)} onClose={() => (booksOpen.value = false)} />
      )}
      <TimeBar time={pastTime(player)} marks={(span) => <PastMarks span={span} />} dayOf={day}>
        {hasBooks && <BooksButton open={booksOpen} />}
      </TimeBar>
    </>
  );
}
