import type { VNode } from 'preact';
import { useWords } from '../app-context.ts';

/** Marks the alarm that was raised first of those that stand. */
export function FirstOutMark(): VNode {
  const words = useWords();
  return (
    <span class="chip plain" title={words.operations.firstOutHint}>
      {words.operations.firstOut}
    </span>
  );
}
