import type { Signal } from '@preact/signals';
import { Landmark } from 'lucide';
import type { VNode } from 'preact';
import { useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';

/** In a time bar: opens the balances and open holds of its instant. */
export function BooksButton({ open }: { open: Signal<boolean> }): VNode {
  const words = useWords();
  return (
    <button
      type="button"
      class={open.value ? 'icon-button labelled on' : 'icon-button labelled'}
      data-action="books"
      aria-expanded={open.value}
      title={words.past.books}
      aria-label={words.past.books}
      onClick={() => (open.value = !open.value)}
    >
      <Icon node={Landmark} />
      <span>{words.past.books}</span>
    </button>
  );
}
