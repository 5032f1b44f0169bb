import type { VNode } from 'preact';
import type { Waiting } from '../../feed/approval-feed.ts';
import { figure } from '../../format/quantity.ts';
import { useWords } from '../app-context.ts';

/** How many drafts wait for one's approval, beside the way to them; nothing where there is none. */
export function WaitingCount({ of }: { of: readonly Waiting[] }): VNode | null {
  const words = useWords();
  if (of.length === 0) return null;
  const count = figure(of.length);
  return (
    <b class="waiting-count figure" data-waiting={of.length} role="img" aria-label={words.approval.count(count)}>
      {count}
    </b>
  );
}
