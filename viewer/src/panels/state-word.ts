import { useApp, useWords } from './app-context.ts';

/** The word of a state: `HELD.waiting` as that of each with the way inside, regions side by side with a bar. */
export function useStateWord(): (state: string) => string {
  const { language } = useApp();
  const words = useWords();
  const wordOf = (name: string): string => words.chart.state[name] ?? language.codeWord(name);
  return (state) =>
    state
      .split('|')
      .map((path) => path.split('.').map(wordOf).join(' › '))
      .join(' | ');
}
