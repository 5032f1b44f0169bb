import { AUTHORISATION_WORDS } from '@corridor/protocols/authorisation-words';
import { AUTHORISATION_REASONS } from '@corridor/protocols/reason-code';
import type { Interval } from '../planner/interval.ts';
import type { KpiIntervals } from '../planner/result.ts';
import { name, type Words, words } from '../scenario/words.ts';
import { shown, signed } from './shown-number.ts';

/** What a figure is about: a table's headings, in their order. */
export const FIGURE_GROUPS = {
  waits: words('Waits', '等待'),
  swaps: words('Swaps and trips', '换电与行程'),
  stations: words('Stations', '换电站'),
  packs: words('Packs', '电池'),
  energy: words('Energy', '能源'),
  carbon: words('Carbon', '碳排放'),
  money: words('Money', '资金'),
  orders: words('Orders', '订单'),
  others: words('Checks and others', '校验及其他'),
} as const;

/** A figure as people read it. */
export interface Figure {
  kpi: string;
  group: keyof typeof FIGURE_GROUPS;
  label: Words;
  unit: string;
  /** So many of the figure's own unit make one. */
  scale: number;
  /** Whether less of it is better; null: neither. */
  lessIsBetter: boolean | null;
}

type Row = readonly [kpi: string, en: string, zh: string, unit?: keyof typeof SCALES, lessIsBetter?: boolean];

/** Of a unit that people read, in units of figures: ms, ratios, Wh, W, fen, kg, m. */
const SCALES = {
  '': 1,
  min: 60_000,
  '%': 0.01,
  MWh: 1e6,
  kWh: 1_000,
  MW: 1e6,
  '¥': 100,
  t: 1_000,
  km: 1_000,
  '¥/kWh': 100,
  'kWh/km': 1_000,
} as const;

const ROWS: Readonly<Record<keyof typeof FIGURE_GROUPS, readonly Row[]>> = {
  waits: [
    ['waitMsMean', 'mean wait', '平均等待', 'min', true],
    ['waitMsP95', '95 % wait less than', '95 % 等待不超过', 'min', true],
    ['waitMsP99', '99 % wait less than', '99 % 等待不超过', 'min', true],
    ['waitMsMean.out', 'mean wait, going out', '平均等待（去程）', 'min', true],
    ['waitMsMean.back', 'mean wait, coming back', '平均等待（回程）', 'min', true],
    ['waitMsP95.out', '95 % wait less than, going out', '95 % 等待不超过（去程）', 'min', true],
    ['waitMsP95.back', '95 % wait less than, coming back', '95 % 等待不超过（回程）', 'min', true],
    ['waitingAtEnd', 'wait still at the end', '结束时仍在等待', '', true],
    ['waitingAtEndRatio', 'wait still at the end, of all that came', '结束时仍在等待占比', '%', true],
    ['waitedRatio', 'wait at all', '需要等待', '%', true],
    ['waitedOver5MinRatio', 'wait over 5 min', '等待超过 5 分钟', '%', true],
    ['waitedOver15MinRatio', 'wait over 15 min', '等待超过 15 分钟', '%', true],
    ['lostRatio', 'turned away', '未能换电', '%', true],
  ],
  swaps: [
    ['arrivals', 'arrivals in the time that counts', '统计期内到达'],
    ['swapsPerDay', 'swaps a day', '每日换电'],
    ['tripsPerDay', 'round trips a day', '每日往返', '', false],
    ['loadsWaitingMean', 'loads without a truck, mean', '平均等车货物', '', true],
    ['loadsWaitingMost', 'loads without a truck, most', '最多等车货物', '', true],
    ['strandingsPerTrip', 'strandings a trip', '每趟抛锚', '%', true],
    ['distanceMPerTruckDay', 'driven a truck and day', '每车每日里程', 'km', false],
    ['towedMPerTruckDay', 'towed a truck and day', '每车每日拖车里程', 'km', true],
    ['downtimeMsPerTrip', 'waits, swaps and tows in a trip', '每趟停驶（含拖车）', 'min', true],
    ['downtimeMsPer550Km', 'waits, swaps and tows in 550 km', '每 550 km 停驶（含拖车）', 'min', true],
    ['consumptionWhPerKm', 'consumption', '能耗', 'kWh/km', true],
  ],
  stations: [
    ['swapsPerBayPerDay', 'swaps a bay and day', '每换电位每日换电'],
    ['waitingTrucksMean', 'trucks that wait, mean', '平均排队车辆', '', true],
    ['bayBusyRatio', 'bays taken', '换电位占用', '%'],
    ['readyPacksMean', 'packs that are ready, mean', '平均可用电池'],
    ['chargerBusyRatio', 'chargers taken', '充电机占用', '%'],
    ['chargerAvailableRatio', 'chargers not broken', '充电机可用率', '%', false],
    ['bayAvailableRatio', 'bays not broken', '换电位可用率', '%', false],
    ['powerAvailableRatio', 'stations with power', '供电可用率', '%', false],
    ['chargerFailuresPerDay', 'chargers that break a day', '每日充电机故障', '', true],
    ['bayFailuresPerDay', 'bays that break a day', '每日换电位故障', '', true],
    ['powerFailuresPerDay', 'power cuts a day', '每日停电', '', true],
    ['staffCallsPerDay', 'calls for people a day', '每日人工呼叫', '', true],
    ['bayStoodRatio', 'bays that stand until people have come', '换电位等待人工占比', '%', true],
    ['freedTrucksPerDay', 'trucks let out on their old pack a day', '每日带原电池放行车辆', '', true],
    ['clearedTrucksPerDay', 'trucks given a pack by hand a day', '每日人工装电池车辆', '', true],
    ['handedOutWhPerDay', 'in packs given by hand a day', '每日人工装出电量', 'kWh', true],
    ['slotsOutMean', 'slots out of use, mean', '平均停用仓位', '', true],
    ['returnedWhMean', 'left in a pack that is returned', '归还电池剩余电量', 'kWh'],
  ],
  packs: [
    ['swapsPerPackPerDay', 'swaps a pack and day', '每块电池每日换电', '', false],
    ['packsOnTrucksRatio', 'packs that are on trucks', '在车电池占比', '%'],
    ['packCyclesPerDay', 'full cycles a pack and day', '每块电池每日等效循环'],
    ['packIssuedRatioMean', 'full when given out', '发出时电量', '%'],
    ['packReturnedRatioMean', 'full when returned', '归还时电量', '%'],
    ['packSohRatioMean', 'health at the end, mean', '结束时健康度均值', '%', false],
    ['packSohRatioLeast', 'health at the end, weakest pack', '结束时最低健康度', '%', false],
    ['packsRenewedPerYear', 'packs that get new cells a year', '每年更换电芯的电池', '', true],
    ['packSohRatioAfter5Years', 'health after 5 years of this use', '按此使用 5 年后健康度', '%', false],
    ['packYearsTo80Percent', 'years to 80 % health', '降至 80 % 健康度的年数', '', false],
  ],
  energy: [
    ['chargedWhPerDay', 'charged into packs a day', '每日充入电池', 'MWh'],
    ['gridWhPerDay', 'from the grid a day', '每日网电', 'MWh', true],
    ['pvWhPerDay', 'from the sun a day', '每日光伏', 'MWh', false],
    ['pvRatio', 'of it from the sun', '光伏占比', '%', false],
    ['gridPowerWPeak', 'peaks of all stations', '各站峰值功率之和', 'MW', true],
    ['gridWhSharpPerDay', 'from the grid a day, sharp', '每日网电（尖）', 'MWh', true],
    ['gridWhPeakPerDay', 'from the grid a day, peak', '每日网电（峰）', 'MWh', true],
    ['gridWhFlatPerDay', 'from the grid a day, flat', '每日网电（平）', 'MWh'],
    ['gridWhValleyPerDay', 'from the grid a day, valley', '每日网电（谷）', 'MWh'],
    ['gridWhDeepValleyPerDay', 'from the grid a day, deep valley', '每日网电（深谷）', 'MWh'],
    ['energyCostFenPerDay', 'energy cost a day', '每日电费', '¥', true],
    ['energyCostFenPerKwh', 'energy into packs costs', '充入电池电费单价', '¥/kWh', true],
  ],
  carbon: [
    ['dieselKgCo2PerDay', 'diesel would give off a day', '柴油车每日排放', 't'],
    ['gridKgCo2PerDay', 'the grid gives off a day', '电网每日排放', 't', true],
    ['savedTailpipeKgCo2PerDay', 'CO₂ saved a day, exhausts only', '每日减碳（只计尾气）', 't', false],
    ['savedNetKgCo2PerDay', 'CO₂ saved a day, grid counted', '每日减碳（计入电网）', 't', false],
    ['savedGreenKmKgCo2PerDay', 'CO₂ saved a day, green kilometres only', '每日减碳（只计绿电里程）', 't', false],
  ],
  money: [
    ['billsPerDay', 'bills a day', '每日账单'],
    ['payableFenPerDay', 'payable a day', '每日应付', '¥'],
    ['payableFenPerBill', 'payable a bill', '每单应付', '¥'],
    ['statements', 'statements', '结算单数量'],
    ['creditedFenPerDay', 'paid back a day where no pack was given', '每日未发电池退款', '¥', true],
    ['unbilledFenPerDay', 'abnormal orders a day, by their quotes', '每日异常订单报价金额', '¥', true],
  ],
  orders: [
    ['refusedOrdersPerDay', 'orders refused a day', '每日被拒订单', '', true],
    ['abnormalOrdersPerDay', 'abnormal orders a day', '每日异常订单', '', true],
    ['alarmsPerDay', 'alarms a day', '每日告警', '', true],
  ],
  others: [
    ['energyImbalanceWh', 'energy that is missing', '能量差额', 'kWh'],
    ['ledgerSumFen', 'sum of all balances', '账户余额总和', '¥'],
  ],
};

/** Figures that every run may have, in the order in which they are told. */
export const FIGURES: readonly Figure[] = Object.entries(FIGURE_GROUPS).flatMap(([key]) => {
  const group = key as keyof typeof FIGURE_GROUPS;
  return ROWS[group].map(([kpi, en, zh, unit = '', lessIsBetter = null]) => ({
    kpi,
    group,
    label: words(en, zh),
    unit,
    scale: SCALES[unit],
    lessIsBetter,
  }));
});

/** In the midst of a sentence. */
function refusalWords(reason: (typeof AUTHORISATION_REASONS)[number]): Words {
  const { en, zh } = AUTHORISATION_WORDS[reason];
  return words(en.charAt(0).toLowerCase() + en.slice(1), zh);
}

const STOOD = 'bayStoodMsPerDay.';

/** For what bays stand until people have come. */
const STOOD_WORDS: Readonly<Record<string, Words>> = {
  UNLOCK: words('locks do not open', '锁止机构打不开'),
  LIFT: words('lifting fails', '起吊失败'),
  MOVE_IN: words('the way to the slot is blocked', '入仓路径受阻'),
  PICK: words('packs in slots report faults', '仓内电池报故障'),
  MOVE_OUT: words('the way to the truck is blocked', '出仓路径受阻'),
  SEAT: words('packs do not seat', '电池落座失败'),
  LOCK: words('locks do not close', '锁止机构锁不上'),
  SELF_CHECK: words('self-checks fail', '自检不通过'),
  NO_PACK: words('no pack is left', '无电池可发'),
};

const REFUSED = 'refusedOrdersPerDay.';
/** Figures of one principal each. */
const OF_PRINCIPAL: readonly (readonly [prefix: string, en: (id: string) => string, zh: (id: string) => string])[] = [
  ['incomeFenPerDay.', (id) => `income of ${id} a day`, (id) => `${id} 每日收入`],
  ['paidOutFenPerDay.', (id) => `paid out to ${id} a day`, (id) => `每日付给 ${id}`],
  ['collectedFenPerDay.', (id) => `paid in by ${id} a day, whose statement was below zero`, (id) => `${id} 每日补缴（结算单为负）`],
  ['owedFenAtEnd.', (id) => `owed to ${id} at the end`, (id) => `结束时欠 ${id}`],
];
/** Figures of one fleet each. */
const OF_FLEET: typeof OF_PRINCIPAL = [
  ['loadsWaitingMean.', (id) => `loads that wait for a truck of ${id}, mean`, (id) => `等待 ${id} 车辆的货物均值`],
  ['loadsWaitingMost.', (id) => `loads that wait for a truck of ${id}, most`, (id) => `等待 ${id} 车辆的货物最大值`],
  ['loadsWaitingAtEnd.', (id) => `loads that wait for a truck of ${id} still at the end`, (id) => `结束时仍在等待 ${id} 车辆的货物`],
  ['loadsWaitingAtEndRatio.', (id) => `the same, of all loads of ${id}`, (id) => `结束时仍在等待 ${id} 车辆的货物占比`],
  [
    'loadsWaitingGrowthPerDay.',
    (id) => `by how many they become more with each day, for a truck of ${id}`,
    (id) => `等待 ${id} 车辆的货物每日增加数`,
  ],
  [
    'loadsWaitingLeast.',
    (id) => `fewest at any time of the last third, for a truck of ${id}`,
    (id) => `最后三分之一时段等待 ${id} 车辆的货物最小值`,
  ],
];
const PLAIN = { unit: '', scale: 1, lessIsBetter: null } as const;
const KNOWN = new Map(FIGURES.map((figure) => [figure.kpi, figure]));

/** One that has no words of its own is told under its name, in its own unit. */
export function figureOf(kpi: string): Figure {
  const known = KNOWN.get(kpi);
  if (known) return known;
  for (const [prefix, en, zh] of OF_PRINCIPAL) {
    if (!kpi.startsWith(prefix)) continue;
    const id = kpi.slice(prefix.length);
    return { ...PLAIN, kpi, group: 'money', label: words(en(id), zh(id)), unit: '¥', scale: 100 };
  }
  for (const [prefix, en, zh] of OF_FLEET) {
    if (!kpi.startsWith(prefix)) continue;
    const id = kpi.slice(prefix.length);
    const unit = prefix.endsWith('Ratio.') ? '%' : '';
    return { ...PLAIN, kpi, group: 'swaps', label: words(en(id), zh(id)), unit, scale: SCALES[unit], lessIsBetter: true };
  }
  const stood = kpi.startsWith(STOOD) ? STOOD_WORDS[kpi.slice(STOOD.length)] : undefined;
  if (stood) {
    const label = words(`bays stand a day: ${stood.en}`, `每日换电位停滞：${stood.zh}`);
    return { ...PLAIN, kpi, group: 'stations', label, unit: 'min', scale: SCALES.min, lessIsBetter: true };
  }
  const reason = AUTHORISATION_REASONS.find((each) => kpi === `${REFUSED}${each}`);
  if (reason) {
    const { en, zh } = refusalWords(reason);
    return { ...PLAIN, kpi, group: 'orders', label: words(`refused a day: ${en}`, `每日被拒：${zh}`), lessIsBetter: true };
  }
  return { ...PLAIN, kpi, group: 'others', label: name(kpi) };
}

/** All that some figures hold, group by group; a reason for which nothing was refused and nothing stood needs no line. */
export function figuresOf(total: KpiIntervals): Figure[] {
  const isIdle = (kpi: string) => (kpi.startsWith(REFUSED) || kpi.startsWith(STOOD)) && total[kpi]?.mean === 0;
  const others = Object.keys(total).filter((kpi) => !KNOWN.has(kpi) && !isIdle(kpi));
  const all = [...FIGURES.filter(({ kpi }) => total[kpi]), ...others.filter((kpi) => total[kpi]).map(figureOf)];
  return Object.keys(FIGURE_GROUPS).flatMap((group) => all.filter((figure) => figure.group === group));
}

/** Reasons for which orders were refused, with how many a day, most first. */
export const refusalsOf = (total: KpiIntervals): { label: Words; interval: Interval }[] =>
  AUTHORISATION_REASONS.flatMap((reason) => {
    const interval = total[`${REFUSED}${reason}`];
    return interval && interval.mean > 0 ? [{ label: refusalWords(reason), interval }] : [];
  }).sort((one, other) => other.interval.mean - one.interval.mean);

/** For what bays stood, with how long a day, longest first. */
export const standsOf = (total: KpiIntervals): { label: Words; interval: Interval }[] =>
  Object.entries(STOOD_WORDS)
    .flatMap(([cause, label]) => {
      const interval = total[`${STOOD}${cause}`];
      return interval && interval.mean > 0 ? [{ label, interval }] : [];
    })
    .sort((one, other) => other.interval.mean - one.interval.mean);

/** In people's unit. */
export const inUnits = ({ scale }: Figure, { mean, low, high }: Interval): Pick<Interval, 'mean' | 'low' | 'high'> => ({
  mean: mean / scale,
  low: low === null ? null : low / scale,
  high: high === null ? null : high / scale,
});

const withUnit = (text: string, unit: string): string => (unit === '' ? text : `${text} ${unit}`);

export const inUnit = ({ scale, unit }: Figure, value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : withUnit(shown(value / scale), unit);

export function intervalText(figure: Figure, interval: Interval): string {
  const { low, high } = inUnits(figure, interval);
  return low === null || high === null ? '—' : `${shown(low)} … ${shown(high)}`;
}

/** A difference may be small beside its figure: its digits are those of its interval. */
export const differenceText = ({ scale, unit }: Figure, value: number): string => withUnit(signed(value / scale), unit);

export const differenceIntervalText = ({ scale }: Figure, { low, high }: Interval): string =>
  low === null || high === null ? '—' : `${signed(low / scale)} … ${signed(high / scale)}`;
