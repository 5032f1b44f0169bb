import { X } from 'lucide';
import type { VNode } from 'preact';
import { useWords } from '../app-context.ts';
import { IconButton } from '../icon-button.tsx';

/** Closes what is opened beside a list. */
export function CloseDetail({ close }: { close: () => void }): VNode {
  const words = useWords();
  return <IconButton action="close-detail" icon={X} size={16} name={words.data.close} onClick={close} />;
}
