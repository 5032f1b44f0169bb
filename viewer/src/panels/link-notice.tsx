import { X } from 'lucide';
import type { VNode } from 'preact';
import { useApp, useWords } from './app-context.ts';
import { Icon } from './icon.tsx';

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
      <button
        type="button"
        class="icon-button small"
        title={words.layers.dismiss}
        aria-label={words.layers.dismiss}
        onClick={() => (look.wrong.value = [])}
      >
        <Icon node={X} size={14} />
      </button>
    </div>
  );
}
