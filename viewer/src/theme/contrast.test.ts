import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** WCAG 2.2 AA: of text, and of what tells the state of a control. */
const TEXT_MIN = 4.5;
const MARK_MIN = 3;
const CSS = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

/** Colours of a theme; the dark one changes what it names. */
function tokensOf(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const [light = '', dark = ''] = CSS.split(':root[data-theme="dark"]');
  const found = (block: string) =>
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [name, hex] as const);
  return new Map([...found(light), ...(theme === 'dark' ? found(dark) : [])]);
}

/** Relative luminance, 0 (black) to 1 (white). */
function luminanceOf(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['light', 'dark'] as const)('colours of the %s theme', (theme) => {
  const tokens = tokensOf(theme);
  const colour = (name: string): string => {
    const hex = tokens.get(name);
    if (hex === undefined) throw new Error(`no colour --${name}`);
    return hex;
  };
  const grounds = ['paper', 'panel', 'panel-soft'];
  const words = ['text', 'muted', 'accent', 'energy', 'wait', 'alarm'];
  const pairs = [
    ...words.flatMap((word) => grounds.map((ground) => [word, ground] as const)),
    ...['accent', 'energy', 'wait', 'alarm'].map((word) => [word, `${word}-soft`] as const),
  ];
  it.each(pairs)('--%s can be read on --%s', (word, ground) => {
    expect(contrastOf(colour(word), colour(ground))).toBeGreaterThanOrEqual(TEXT_MIN);
  });

  it('tells a primary button and what it says apart', () => {
    const written = theme === 'dark' ? '#0f1417' : '#ffffff';
    expect(contrastOf(written, colour('accent'))).toBeGreaterThanOrEqual(TEXT_MIN);
    for (const ground of grounds) expect(contrastOf(colour('accent'), colour(ground))).toBeGreaterThanOrEqual(MARK_MIN);
  });
});
