/** The twin writes how a line of a bill was computed as figures between a few fixed English phrases. */
const CHINESE: readonly (readonly [phrase: string, word: string])[] = [
  ['; rate frozen when the pack was issued', '；费率于发放电池包时锁定'],
  ['; at most what is left to pay, ', '；以应付余额为限 '],
  ['; incentive ', '；优惠 '],
  ['; contract ', '；合同 '],
  [' yuan/kWh and month', ' 元/(kWh·月)'],
  ['; charged: ', '；充电来源：'],
  ['; rate ', '；费率 '],
  [' yuan/kWh', ' 元/kWh'],
  [', rounded ', '，四舍五入为 '],
  [' yuan', ' 元'],
  [' OPENING ', ' 期初存量 '],
  [' GRID ', ' 电网 '],
  [' PV ', ' 光伏 '],
  [' out - ', ' 发放 − '],
  [' in; ', ' 归还；'],
  ['1 swap ', '1 次换电 '],
  ['a pack was kept, and the truck did not come', '已为其保留电池包，车辆未到'],
  [' min after the swap, ', ' 分钟（换电后停留），免费 '],
  [' free: ', ' 分钟：'],
  [' min: ', ' 分钟：'],
  [' came back at ', ' 交回时 '],
  [' SOC, below ', ' SOC，低于 '],
  ['waived until ', '免除，至 '],
  ['waived at ', '免除，换电站 '],
  ['waived for a truck that waited ', '免除，因车辆等待 '],
];

/** The figures stay as they are; only the words between them are said in the reader's language. */
export function derivationText(derivation: string, chinese: boolean): string {
  let text = derivation.replaceAll(' x ', ' × ');
  if (chinese) for (const [phrase, word] of CHINESE) text = text.replaceAll(phrase, word);
  return text;
}
