import type { LanguageStore } from './language.ts';

type Form = readonly [form: RegExp, said: string];

/** The twin writes how a line was computed as figures between a few fixed English phrases; longer ones come before their parts. */
const CHINESE: readonly Form[] = [
  // What a mode of billing makes of the rated lines.
  [/package (\S+): (\S+ \S+) of (\S+ \S+) for (\S+) yuan = /g, '套餐 $1：余 $3 计 $4 元，用 $2 = '],
  [/; covers (\S+ \S+) of (\S+ \S+);/g, '；抵扣 $2 中的 $1;'],
  [/; replaces (.*?): (\S+) yuan/g, '；替代 $1，合计 $2 元'],
  [/rent is paid by the month/g, '租金按月支付'],
  [/no pack was given/g, '未发放电池包'],
  [/what (.+?) includes, (\d+) of (\d+) Wh of (\S+) yuan: /g, '“$1”已含 $4 元的 $2/$3 Wh：'],
  [/what (.+?) includes: /g, '“$1”已含：'],
  // Rents of months, and penalties.
  [/^pack (\S+): /g, '电池包 $1：'],
  [/(\d+) of (\d+) days/g, '$1/$2 天'],
  [/a pack was kept, and the truck did not come: /g, '已为其保留电池包，车辆未到：'],
  [/ min after the swap, (\S+) free: /g, ' 分钟（换电后停留），免费 $1 分钟：'],
  [/ came back at (\S+) % SOC, below (\S+) %: /g, ' 交回时 SOC 为 $1 %，低于 $2 %：'],
  [/waived until /g, '免除，至 '],
  [/waived at /g, '免除，换电站 '],
  [/waived for a truck that waited (\S+) min/g, '免除，因车辆等待 $1 分钟'],
  // Corrections.
  [/^meter (\S+) kWh x (\S+) - billed (\S+) kWh = /g, '电表 $1 kWh x $2 − 已计费 $3 kWh = '],
  [/; of the line (\S+) of (\S+) yuan still stand: /g, '；该行 $2 元中仍有 $1 元：'],
  // Shares of partners.
  [/ kWh of PV lots/g, ' kWh 光伏电量'],
  [/^Shapley weight (\S+) of (\S+), of a pool of (\S+) % of (.+?) (\S+) = /g, '沙普利权重 $1/$2，分配池：$4 $5 x $3 % = '],
  [/^(\S+) % of (.+?) (\S+) = /g, '$2 $3 x $1 % = '],
  // Lines of swaps.
  [/; charged: tariff (\S+) at the time of the swap/g, '；按换电时刻的电价 $1'],
  [/; charged: /g, '；充电来源：'],
  [/; rate frozen when the pack was issued/g, '；费率于发放电池包时锁定'],
  [/; at most what is left to pay, /g, '；以应付余额为限 '],
  [/; incentive /g, '；优惠 '],
  [/; contract /g, '；合同 '],
  [/; rate /g, '；费率 '],
  [/ out - (\S+) in; /g, ' 发放 − $1 归还；'],
  [/(\d+) swaps?\b/g, '$1 次换电'],
  [/ yuan\/kWh and month/g, ' 元/(kWh·月)'],
  [/ yuan\/(kWh|km)/g, ' 元/$1'],
  [/, rounded /g, '，四舍五入为 '],
  [/ yuan/g, ' 元'],
  [/ min: /g, ' 分钟：'],
  [/元: /g, '元：'],
  [/; /g, '；'],
];

/** Behind what a dispute changed stands why, in the words of whoever decided. */
const IN_OWN_WORDS = /^(\S+ \+ \(\S+\) = \S+ yuan); ([\s\S]*)$/;
const CODE = /[A-Z]+(?:_[A-Z]+)*/g;
/** Where codes of components, bases, modes and sources stand. */
const CODED = [/replaces .*?:/g, /% of [A-Z_]+ /g, /what [A-Z_]+ includes/g, / (?:OPENING|GRID|PV) (?=\d)/g];

/** The figures stay as they are; the words between them are said in the reader's language. */
export function derivationText(derivation: string, language: LanguageStore): string {
  const [, sum, why] = IN_OWN_WORDS.exec(derivation) ?? [];
  if (sum !== undefined && why !== undefined) return `${derivationText(sum, language)}${language.chinese ? '；' : '; '}${why}`;
  const wordOf = (code: string): string => {
    const word = language.words.agreement.mode[code] ?? language.words.derivation[code] ?? language.codeWord(code);
    return language.chinese || code === 'PV' ? word : word.toLowerCase();
  };
  let text = derivation;
  for (const coded of CODED) text = text.replaceAll(coded, (part) => part.replaceAll(CODE, wordOf));
  if (language.chinese) for (const [form, said] of CHINESE) text = text.replaceAll(form, said);
  return text.replaceAll(' x ', ' × ');
}
