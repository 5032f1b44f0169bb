import type { Signal } from '@preact/signals';
import { Landmark } from 'lucide';
import type { VNode } from 'preact';
import { useWords } from '../app-context.ts';
import { IconButton } from '../icon-button.tsx';

/** In a time bar: opens the balances and open holds of its instant. */
export function BooksButton({ open }: { open: Signal<boolean> }): VNode {
  const words = useWords();
  return (
    <IconButton
      action="books"
      icon={Landmark}
      name={words.past.books}
      isOn={open.value}
      class="labelled"
      aria-expanded={open.value}
      onClick={() => (open.value = !open.value)}
    >
      <span>{words.past.books}</span>
    </IconButton>
  );
}
