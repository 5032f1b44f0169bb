import { X } from 'lucide';
import type { VNode } from 'preact';
import { useApp, useWords } from './app-context.ts';
import { IconButton } from './icon-button.tsx';

/** Says what of the address could not be shown; the rest is. */
export function LinkNotice(): VNode | null {
  const { look, language } = useApp();
  const words = useWords();
  const wrong = look.wrong.value;
  if (wrong.length === 0) return null;
  const parts = wrong.map((what) => words.layers.wrongPart[what]).join(language.chinese ? '、' : ', ');
  return (
    <div class="link-notice panel" role="status" data-wrong={wrong.join(' ')}>
      <span>
        {words.layers.wrong} {parts}
        {language.chinese ? '。' : '. '}
        {words.layers.wrongRest}
      </span>
      <IconButton icon={X} size={14} name={words.layers.dismiss} class="small" onClick={() => (look.wrong.value = [])} />
    </div>
  );
}
