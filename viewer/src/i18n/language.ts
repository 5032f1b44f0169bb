import { type Signal, signal } from '@preact/signals';
import { type Dictionary, en } from './en.ts';
import { zhCn } from './zh-cn.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export const DICTIONARIES: Record<Language, Dictionary> = { 'zh-CN': zhCn, en };

const KEY = 'corridor.language';

/** What was chosen before, else the first of the browser's languages that we have, else Chinese. */
export function initialLanguage(stored: string | null, preferred: readonly string[]): Language {
  const chosen = LANGUAGES.find((language) => language === stored);
  if (chosen !== undefined) return chosen;
  for (const tag of preferred) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (tag.toLowerCase().startsWith('en')) return 'en';
  }
  return 'zh-CN';
}

/** The language of the page; components that read `words` follow it. */
export class LanguageStore {
  readonly current: Signal<Language>;
  private readonly storage: Storage;

  constructor(storage: Storage, preferred: readonly string[]) {
    this.storage = storage;
    this.current = signal(initialLanguage(storage.getItem(KEY), preferred));
  }

  get words(): Dictionary {
    return DICTIONARIES[this.current.value];
  }

  get chinese(): boolean {
    return this.current.value === 'zh-CN';
  }

  choose(language: Language): void {
    this.storage.setItem(KEY, language);
    this.current.value = language;
  }

  /** Word of a code or state; an unknown one is made readable, never hidden. */
  codeWord(code: string): string {
    const words = this.words.code;
    const known = words[code] ?? words[code.replaceAll(/[.\s-]/g, '_').toUpperCase()] ?? words[snakeOf(code)];
    if (known !== undefined) return known;
    // A step that did not come about: SWAP_ABORTED_LIFTED.
    const missed = /^SWAP_ABORTED_(.+)$/.exec(code)?.[1];
    if (missed !== undefined && words[`ABORTED_${missed}`] === undefined) return this.words.swapAborted(this.codeWord(missed));
    // A swap's end is told by how it ended: SWAP_ABORTED_SAFE, SWAP_LOST.
    const ended = /^SWAP_(.+)$/.exec(code)?.[1];
    if (ended !== undefined) return this.words.swapEnded(this.codeWord(ended));
    return code.replaceAll('_', ' ');
  }
}

/** `transferIn` -> `TRANSFER_IN` */
function snakeOf(code: string): string {
  return code.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}
