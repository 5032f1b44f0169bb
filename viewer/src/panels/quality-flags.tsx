import type { VNode } from 'preact';
import { useApp, useWords } from './app-context.ts';

/** Data-quality flags of the last report; nothing when there are none. */
export function QualityFlags({ flags }: { flags: readonly string[] }): VNode | null {
  const { language } = useApp();
  const words = useWords();
  if (flags.length === 0) return null;
  return (
    <p class="flags">
      <span>{words.section.quality}</span>
      {flags.map((flag) => (
        <span key={flag} class="chip wait" title={flag}>
          {language.codeWord(flag)}
        </span>
      ))}
    </p>
  );
}
