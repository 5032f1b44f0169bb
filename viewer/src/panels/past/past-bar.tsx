import { useSignal } from '@preact/signals';
import { Landmark } from 'lucide';
import type { VNode } from 'preact';
import { day } from '../../format/time.ts';
import type { PastPlayer } from '../../past/past-player.ts';
import { pastTime } from '../../past/past-time.ts';
import { useApp, useWords } from '../app-context.ts';
import { isCovered } from '../covering-page.ts';
import { IconButton } from '../icon-button.tsx';
import { PastMarks } from '../time/past-marks.tsx';
import { TimeBar } from '../time/time-bar.tsx';
import { BooksPanel } from './books-panel.tsx';

/** The time bar of the past, with the balances and open holds of the instant beside it. */
export function PastBar({ player }: { player: PastPlayer }): VNode {
  const app = useApp();
  const words = useWords();
  const booksOpen = useSignal(false);
  const hasBooks = !isCovered(app);
  return (
    <>
      {hasBooks && booksOpen.value && <BooksPanel player={player} onClose={() => (booksOpen.value = false)} />}
      <TimeBar time={pastTime(player)} marks={(span) => <PastMarks span={span} />} dayOf={day}>
        {hasBooks && (
          <IconButton
            action="books"
            icon={Landmark}
            name={words.past.books}
            isOn={booksOpen.value}
            class="labelled"
            aria-expanded={booksOpen.value}
            onClick={() => (booksOpen.value = !booksOpen.value)}
          >
            <span>{words.past.books}</span>
          </IconButton>
        )}
      </TimeBar>
    </>
  );
}
