import { isToken } from '@corridor/protocols/ids';

/**
 * Where the pages of stations are: `HH1=http://10.0.0.5:8090 HH2=https://…`.
 * @returns by station; or the part that is none
 */
export function stationPagesIn(text: string): ReadonlyMap<string, string> | { wrong: string } {
  const pages = new Map<string, string>();
  for (const part of text.split(/\s+/)) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const [stationId, url] = [part.slice(0, at), part.slice(at + 1)];
    const protocol = URL.parse(url)?.protocol;
    if (at < 1 || !isToken(stationId) || pages.has(stationId) || (protocol !== 'http:' && protocol !== 'https:')) return { wrong: part };
    pages.set(stationId, url);
  }
  return pages;
}
