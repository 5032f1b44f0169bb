/** A text in both languages; a reader sees one of them. */
export interface Words {
  en: string;
  zh: string;
}

export const words = (en: string, zh: string): Words => ({ en, zh });
/** What is the same in both, such as an id. */
export const name = (text: string): Words => ({ en: text, zh: text });
