import { QUALITY_FLAGS } from '@corridor/protocols/envelope';
import { ABNORMAL_REASONS, AUTHORISATION_REASONS, INTERLOCKS } from '@corridor/protocols/reason-code';
import { SWAP_STATES } from '@corridor/protocols/swap-step';
import { TARIFF_PERIODS } from '@corridor/protocols/tariff-period';
import { BAY_STATES } from '@corridor/protocols/tele/bay';
import { CHARGING_STATES, SLOT_STATES } from '@corridor/protocols/tele/slots';
import { STATION_STATES } from '@corridor/protocols/tele/station';
import { VEHICLE_STATES } from '@corridor/protocols/tele/truck';
import { expect, it } from 'vitest';
import { derivationText } from './derivation.ts';
import { DICTIONARIES, initialLanguage, LanguageStore } from './language.ts';

/** A Storage in memory: what a browser gives, in Node. */
function storage(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
    key: () => null,
    get length() {
      return values.size;
    },
  };
}

/** Paths of all words of a dictionary, with whether the word is a text or a sentence made from values. */
function pathsOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, word]: [string, unknown]) =>
    typeof word === 'object' && word !== null ? pathsOf(word, `${prefix}${key}.`) : [`${prefix}${key}: ${typeof word}`],
  );
}

it('has the same words in both languages, down to each code', () => {
  expect(pathsOf(DICTIONARIES['zh-CN']).sort()).toEqual(pathsOf(DICTIONARIES.en).sort());
});

it('has no empty word', () => {
  for (const dictionary of Object.values(DICTIONARIES)) {
    const empty = JSON.stringify(dictionary).match(/"[^"]+":""/g);
    expect(empty).toBeNull();
  }
});

it('takes the stored choice first, then the first browser language that it has, then Chinese', () => {
  expect(initialLanguage('en', ['zh-CN'])).toBe('en');
  expect(initialLanguage(null, ['fr-FR', 'en-GB', 'zh'])).toBe('en');
  expect(initialLanguage('klingon', ['zh-Hans-CN'])).toBe('zh-CN');
  expect(initialLanguage(null, ['fr'])).toBe('zh-CN');
});

it('names a code in any spelling, and shows an unknown one as it comes', () => {
  const language = new LanguageStore(storage(), ['en']);
  expect(language.codeWord('IN_BAY')).toBe('In bay');
  expect(language.codeWord('inBay')).toBe('In bay');
  expect(language.codeWord('in_bay')).toBe('In bay');
  expect(language.codeWord('NEVER_HEARD_OF')).toBe('NEVER HEARD OF');
  language.choose('zh-CN');
  expect(language.codeWord('SWAPPING')).toBe('换电中');
});

it('knows every code that the protocols name', () => {
  const codes = [
    ...AUTHORISATION_REASONS,
    ...ABNORMAL_REASONS,
    ...INTERLOCKS,
    ...SWAP_STATES,
    ...BAY_STATES,
    ...VEHICLE_STATES,
    ...SLOT_STATES,
    ...CHARGING_STATES,
    ...STATION_STATES,
    ...TARIFF_PERIODS,
    ...QUALITY_FLAGS,
  ];
  for (const dictionary of Object.values(DICTIONARIES)) {
    expect(codes.filter((code) => dictionary.code[code] === undefined)).toEqual([]);
  }
});

it('remembers the choice', () => {
  const kept = storage();
  new LanguageStore(kept, ['en']).choose('zh-CN');
  expect(new LanguageStore(kept, ['en']).chinese).toBe(true);
});

it('says the words of a derivation in Chinese and leaves its figures alone', () => {
  const derivation = '338.173 kWh x 0.65 yuan/kWh = 219.81245, rounded 219.81 yuan; charged: BD1 OPENING 326.066, BD1 GRID 12.107';
  expect(derivationText(derivation, true)).toBe(
    '338.173 kWh × 0.65 元/kWh = 219.81245，四舍五入为 219.81 元；充电来源：BD1 期初存量 326.066, BD1 电网 12.107',
  );
  expect(derivationText(derivation, false)).toContain('yuan/kWh');
});
