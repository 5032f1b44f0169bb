import type { Words } from '../scenario/words.ts';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** In running text. */
export const said = ({ en, zh }: Words): string =>
  en === zh ? escaped(en) : `<span class="en" lang="en">${escaped(en)}</span><span class="zh" lang="zh-CN">${escaped(zh)}</span>`;

/** In a picture. @param attributes of both texts */
export const drawn = ({ en, zh }: Words, attributes: string): string =>
  en === zh
    ? `<text ${attributes}>${escaped(en)}</text>`
    : `<text ${attributes} class="en" lang="en">${escaped(en)}</text><text ${attributes} class="zh" lang="zh-CN">${escaped(zh)}</text>`;
