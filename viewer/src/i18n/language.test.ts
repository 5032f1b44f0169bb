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

/** One of each form that the twin writes, with what a Chinese reader reads. */
const DERIVATIONS: readonly (readonly [derivation: string, chinese: string])[] = [
  [
    '338.173 kWh x 0.65 yuan/kWh = 219.81245, rounded 219.81 yuan; charged: BD1 OPENING 326.066, BD1 GRID 12.107',
    '338.173 kWh × 0.65 元/kWh = 219.81245，四舍五入为 219.81 元；充电来源：BD1 期初存量 326.066, BD1 电网 12.107',
  ],
  [
    '12.107 kWh x 0.65 yuan/kWh = 7.87 yuan; charged: tariff TOU-HEBEI-1 at the time of the swap',
    '12.107 kWh × 0.65 元/kWh = 7.87 元；按换电时刻的电价 TOU-HEBEI-1',
  ],
  [
    '263.952 kWh x 0.2 yuan/kWh = 52.79 yuan; P1: 96 % SOC x 97.5 % SOH x 282 kWh = 263.952 kWh; rate frozen when the pack was issued',
    '263.952 kWh × 0.2 元/kWh = 52.79 元；P1: 96 % SOC × 97.5 % SOH × 282 kWh = 263.952 kWh；费率于发放电池包时锁定',
  ],
  [
    '263.952 out - 51.3 in; 212.652 kWh x 0.3 yuan/kWh = 63.8 yuan; rate SR-HH1-1',
    '263.952 发放 − 51.3 归还；212.652 kWh × 0.3 元/kWh = 63.8 元；费率 SR-HH1-1',
  ],
  ['1 swap x 10.00 yuan; rate SR-HH1-1', '1 次换电 × 10.00 元；费率 SR-HH1-1'],
  [
    '-12 kWh x 0.1 yuan/kWh, rounded 1.20 yuan; at most what is left to pay, 1.00 yuan; incentive NIGHT',
    '-12 kWh × 0.1 元/kWh，四舍五入为 1.20 元；以应付余额为限 1.00 元；优惠 NIGHT',
  ],
  [
    '2 min after the swap, 0 free: 2 x 1 min: 40.00 yuan; contract CT-C1-2',
    '2 分钟（换电后停留），免费 0 分钟：2 × 1 分钟：40.00 元；合同 CT-C1-2',
  ],
  ['a pack was kept, and the truck did not come: 50.00 yuan; contract CT-C1', '已为其保留电池包，车辆未到：50.00 元；合同 CT-C1'],
  ['P1 came back at 8 % SOC, below 15 %: 30.00 yuan; contract CT-C1', 'P1 交回时 SOC 为 8 %，低于 15 %：30.00 元；合同 CT-C1'],
  ['waived at HH1, BD1', '免除，换电站 HH1, BD1'],
  ['waived until 2026-12-31', '免除，至 2026-12-31'],
  ['waived for a truck that waited 30 min', '免除，因车辆等待 30 分钟'],
  [
    'pack P1: 282 kWh x 0.5 yuan/kWh and month x 12 of 30 days = 56.40 yuan; contract CT-C2',
    '电池包 P1：282 kWh × 0.5 元/(kWh·月) × 12/30 天 = 56.40 元；合同 CT-C2',
  ],
  [
    'rent is paid by the month; replaces BATTERY_RENT 13.2: 13.20 yuan; 0.00 - (13.20) = -13.20 yuan; contract CT-C2',
    '租金按月支付；替代 电池租金 13.2，合计 13.20 元；0.00 - (13.20) = -13.20 元；合同 CT-C2',
  ],
  [
    '12.345 km x 2.5 yuan/km = 30.86 yuan; replaces ELECTRICITY 20, SERVICE 8: 28.00 yuan; 30.86 - (28.00) = 2.86 yuan; contract CT-C3',
    '12.345 km × 2.5 元/km = 30.86 元；替代 电费 20, 服务费 8，合计 28.00 元；30.86 - (28.00) = 2.86 元；合同 CT-C3',
  ],
  [
    'package PK-1: 12 kWh of 500 kWh for 600.00 yuan = 14.40 yuan; covers 12 kWh of 20 kWh; replaces SERVICE 3: 3.00 yuan; 14.40 - (3.00) = 11.40 yuan; contract CT-C1',
    '套餐 PK-1：余 500 kWh 计 600.00 元，用 12 kWh = 14.40 元；抵扣 20 kWh 中的 12 kWh；替代 服务费 3，合计 3.00 元；14.40 - (3.00) = 11.40 元；合同 CT-C1',
  ],
  [
    'meter 12 kWh x 0.96 - billed 11 kWh = 0.52 kWh; 0.52 kWh x 0.65 yuan/kWh = 0.34 yuan; of the line 3.00 of 12.00 yuan still stand: 0.09 yuan',
    '电表 12 kWh × 0.96 − 已计费 11 kWh = 0.52 kWh；0.52 kWh × 0.65 元/kWh = 0.34 元；该行 12.00 元中仍有 3.00 元：0.09 元',
  ],
  ['what PACKAGE includes, 5 of 9 Wh of 3.00 yuan: -1.67 yuan', '“预付套餐”已含 3.00 元的 5/9 Wh：-1.67 元'],
  ['what PER_SWAP includes: -3.00 yuan', '“按次”已含：-3.00 元'],
  ['100 kWh of PV lots x 0.1 yuan/kWh = 10.00 yuan', '100 kWh 光伏电量 × 0.1 元/kWh = 10.00 元'],
  ['5 % of GROSS 100.00 = 5.00 yuan', '总额 100.00 × 5 % = 5.00 元'],
  ['Shapley weight 3 of 10, of a pool of 20 % of SERVICE 100.00 = 20.00 yuan', '沙普利权重 3/10，分配池：服务费 100.00 × 20 % = 20.00 元'],
];

it.each(DERIVATIONS)('says the words of a derivation in Chinese and leaves its figures alone: %s', (derivation, chinese) => {
  const language = new LanguageStore(storage(), ['zh']);
  const said = derivationText(derivation, language);
  expect(said).toBe(chinese);
  const figures = (text: string): string[] => [...text.matchAll(/\d+(?:\.\d+)?/g)].map(([figure]) => figure).toSorted();
  expect(figures(said)).toEqual(figures(derivation));
});

it('says the codes of a derivation in English too, and leaves what a person wrote as it was written', () => {
  const english = new LanguageStore(storage(), ['en']);
  expect(derivationText('5 % of BATTERY_RENT 100.00 = 5.00 yuan', english)).toBe('5 % of battery rent 100.00 = 5.00 yuan');
  expect(derivationText('1 kWh x 2 yuan/kWh = 2 yuan; charged: BD1 PV 0.5, BD1 GRID 0.5', english)).toContain('BD1 PV 0.5, BD1 grid 0.5');
  const chinese = new LanguageStore(storage(), ['zh']);
  expect(derivationText('50.00 + (-20.00) = 30.00 yuan; came; 2 x 5 min: late', chinese)).toBe(
    '50.00 + (-20.00) = 30.00 元；came; 2 x 5 min: late',
  );
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
