import { useSignal } from '@preact/signals';
import { Landmark } from 'lucide';
import type { VNode } from 'preact';
import { day } from '../../format/time.ts';
import type { PastPlayer } from '../../past/past-player.ts';
import { pastTime } from '../../past/past-time.ts';
import { useApp, useWords } from '../app-context.ts';
import { isCovered } from '../covering-page.ts';
import { Icon } from '../icon.tsx';
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
          <button
            type="button"
            class={booksOpen.value ? 'icon-button labelled on' : 'icon-button labelled'}
            data-action="books"
            aria-expanded={booksOpen.value}
            title={words.past.books}
            aria-label={words.past.books}
            onClick={() => (booksOpen.value = !booksOpen.value)}
          >
            <Icon node={Landmark} />
            <span>{words.past.books}</span>
          </button>
        )}
      </TimeBar>
    </>
  );
}
