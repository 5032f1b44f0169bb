import { X } from 'lucide';
import type { VNode } from 'preact';
import { useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';

/** Closes what is opened beside a list. */
export function CloseDetail({ close }: { close: () => void }): VNode {
  const words = useWords();
  return (
    <button
      type="button"
      class="icon-button"
      data-action="close-detail"
      title={words.data.close}
      aria-label={words.data.close}
      onClick={close}
    >
      <Icon node={X} size={16} />
    </button>
  );
}
