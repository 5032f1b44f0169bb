import type { VNode } from 'preact';
import { useApp, useWords } from './app-context.ts';

/** Who did something, by name; the user id on hover, and instead of a name that is not known. */
export function Person({ id }: { id: string }): VNode {
  const { names, language, session } = useApp();
  const words = useWords();
  const own = session.person?.userId === id ? session.person.name : undefined;
  return <span title={id}>{names.personOf(id, language.chinese) ?? own ?? words.systemUser[id] ?? id}</span>;
}
