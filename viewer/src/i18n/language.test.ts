import { ALARM_CODES, type AlarmCode, STATION_FAULT_CODES } from '@corridor/protocols/alarm-code';
import { QUALITY_FLAGS } from '@corridor/protocols/envelope';
import { ABNORMAL_REASONS, AUTHORISATION_REASONS, INTERLOCKS } from '@corridor/protocols/reason-code';
import { SWAP_STATES } from '@corridor/protocols/swap-step';
import { TARIFF_PERIODS } from '@corridor/protocols/tariff-period';
import { BAY_STATES } from '@corridor/protocols/tele/bay';
import { CHARGING_STATES, SLOT_STATES } from '@corridor/protocols/tele/slots';
import { STATION_STATES } from '@corridor/protocols/tele/station';
import { VEHICLE_STATES } from '@corridor/protocols/tele/truck';
import { describe, expect, it } from 'vitest';
import { alarmText, isInOwnWords } from './alarm-text.ts';
import { derivationText } from './derivation.ts';
import { DICTIONARIES, initialLanguage, LANGUAGES, LanguageStore } from './language.ts';

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
  const overstay = '2 min after the swap, 0 free: 2 x 1 min: 40.00 yuan; contract CT-C1-2';
  expect(derivationText(overstay, true)).toBe('2 分钟（换电后停留），免费 0 分钟：2 × 1 分钟：40.00 元；合同 CT-C1-2');
});

describe('what an alarm says', () => {
  const NAMES = /\{[^A-Za-z}]*([A-Za-z]+)(?::code)?\}/g;
  it.each(Object.entries(ALARM_CODES))('names only arguments of %s, in both languages', (code, { args }) => {
    for (const { alarm } of Object.values(DICTIONARIES)) {
      const named = [...alarm.text[code as AlarmCode].matchAll(NAMES)].map(([, name = '']) => name);
      expect(named.toSorted()).toEqual([...args].toSorted());
    }
  });
  it('has a word for each code of an alarm, in both languages', () => {
    for (const chosen of LANGUAGES) {
      const language = new LanguageStore(storage(), []);
      language.choose(chosen);
      for (const code of [...Object.keys(ALARM_CODES), ...STATION_FAULT_CODES]) expect(language.codeWord(code), code).not.toContain('_');
      for (const code of [...Object.keys(ALARM_CODES), ...STATION_FAULT_CODES])
        expect(language.codeWord(code), code).not.toBe(code.replaceAll('_', ' '));
    }
  });
  it('is said in the language of the page, and as it was told where an argument is missing', () => {
    const language = new LanguageStore(storage(), []);
    const args = { placeKind: 'SLOT', placeId: 'HH1-3', otherKind: 'TRUCK', otherId: 'T001' };
    const alarm = { code: 'PACK_ELSEWHERE', scope: 'pack', detail: 'reported at TRUCK T001', args };
    language.choose('zh-CN');
    expect(alarmText(alarm, language)).toBe('被报告在车辆 T001，登记在仓位 HH1-3');
    expect(alarmText({ ...alarm, args: {} }, language)).toBe('reported at TRUCK T001');
    language.choose('en');
    expect(alarmText(alarm, language)).toBe('Reported on truck T001; the books have it in slot HH1-3');
    const offline = { code: 'GATEWAY_OFFLINE', scope: 'gateway', detail: '' };
    expect(alarmText({ ...offline, args: { cause: 'HEARTBEAT_MISSING', said: '' } }, language)).toBe('No heartbeat');
    expect(alarmText({ ...offline, args: { cause: 'STOPPED', said: 'bye' } }, language)).toBe('It was stopped: bye');
  });
  it('keeps the words of a station beside ours, and says what it watches for in the language of the page', () => {
    const language = new LanguageStore(storage(), []);
    language.choose('zh-CN');
    const fault = { scope: 'slot', detail: 'charger gives no power', args: {} };
    expect(alarmText({ ...fault, code: 'CHARGER_DOWN' }, language)).toBe('充电机无输出');
    expect(alarmText({ ...fault, code: 'LIFT_FAILED' }, language)).toBe('换电站上报');
    expect(isInOwnWords({ ...fault, code: 'LIFT_FAILED' })).toBe(true);
    // The same code from the platform itself is no quotation.
    expect([isInOwnWords({ code: 'PACK_HOT', scope: 'slot' }), isInOwnWords({ code: 'PACK_HOT', scope: 'pack' })]).toEqual([true, false]);
  });
});
