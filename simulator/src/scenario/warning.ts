import { assertNever } from '@corridor/protocols/assert';
import { type CauseShare, stoppedWords } from './event-cause.ts';
import { type Words, words } from './words.ts';

/** Why somebody is warned, with the figures that its words need. */
export type WarningReason =
  | { code: 'NOBODY_PLANS_TO_SWAP' }
  | { code: 'RESERVE_USED'; stationIds: readonly string[] }
  /** Energy at the peak of the way, and what a pack holds that is about to get new cells [Wh]. */
  | { code: 'AGED_PACKS_TOO_WEAK'; towardsId: string; peakWh: number; contentWh: number }
  | { code: 'TRUCKS_TOO_FEW'; askedPerHour: number; possiblePerHour: number }
  /** `load`: how many times over its part is busy, 1 or more. */
  | { code: 'STATION_OVERLOADED'; part: keyof typeof PARTS; trucksPerHour: number; load: number }
  | { code: 'CHARGE_TIME_TOO_SHORT'; neededW: number; limitedBy: 'CHARGER' | 'CONNECTION'; limitW: number }
  /** `downRatio`: of all time, 0..1. */
  | { code: 'REPAIRS_OUTLAST_WORK'; downRatio: number }
  | { code: 'ONLY_FULL_MODEL_BILLS' }
  | { code: 'STAFF_NOT_CALLED' }
  | { code: 'LIMIT_SIGNAL_NOT_FOLLOWED'; charging: string }
  | { code: 'REGION_WITHOUT_PRICES' }
  | { code: 'TARIFF_OF_NO_STATION'; gridRegion: string }
  | { code: 'PRICES_NOT_ASKED'; chooseStation: string }
  /** `ratio`: of all that came, 0..1. */
  | { code: 'WAITING_AT_END'; trucks: number; ratio: number }
  /** Loads that wait for a truck; `ratio`: of all that came, 0..1. */
  | { code: 'LOADS_WAIT_AT_END'; loads: number; ratio: number; growthPerDay: number }
  /** `causes`: what set the events off, the most frequent first. */
  | { code: 'EVENTS_EXCEEDED'; seed: number; byDay: number; causes: readonly CauseShare[] }
  /** `ofFirst`: what the scenario has that it is compared with. */
  | { code: 'NETWORKS_UNRELATED'; part: keyof typeof NETWORK_PARTS; ofFirst: string };

/** A scenario that can be run and probably does not say what its author means, or what its runs showed: worth a line, not a refusal. */
export type Warning = {
  /** As in JSON Pointer: `/stations/0/bays`. */
  path: string;
  /** What stands there, shortened; null: nothing does. */
  value: string | null;
} & WarningReason;

/** A queue grows for as long as the run lasts, so that its figures say how long that was and little else. */
export const growsWithoutBound = ({ code }: Pick<Warning, 'code'>): boolean => code === 'TRUCKS_TOO_FEW' || code === 'STATION_OVERLOADED';

const PARTS = {
  BAYS: words('the bays', '换电位'),
  CONNECTION: words('what the connection can charge', '电网接入可充的电量'),
  PACKS_AND_CHARGERS: words('packs and chargers', '电池与充电机'),
} as const;

const NETWORK_PARTS = { sites: '地点', roads: '道路', stations: '换电站' } as const;

const kw = (powerW: number): string => `${Math.round(powerW / 1_000)} kW`;
const noEffect = (en: string, zh: string): Words => words(`it has no effect: ${en}`, `不起作用：${zh}`);

function chargeTimeWords({ neededW, limitedBy, limitW }: WarningReason & { code: 'CHARGE_TIME_TOO_SHORT' }): Words {
  const limit =
    limitedBy === 'CHARGER'
      ? words(`chargerPowerW gives ${kw(limitW)}`, `chargerPowerW 只有 ${kw(limitW)}`)
      : words(`gridLimitW leaves each charger ${kw(limitW)} when all charge`, `全部充电时 gridLimitW 只给每台 ${kw(limitW)}`);
  return words(
    `longer: it takes ${kw(neededW)} in the mean, and ${limit.en}; times hold as they are given, and powers told of this station cannot be had`,
    `应更长：平均需要 ${kw(neededW)}，而${limit.zh}；时间按给定值执行，该站给出的功率实际达不到`,
  );
}

const unrelatedWords = ({ part, ofFirst }: WarningReason & { code: 'NETWORKS_UNRELATED' }): Words =>
  words(
    `the first scenario has none of these, but ${ofFirst}: two networks are compared, not two plans for one`,
    `第一个场景没有这些${NETWORK_PARTS[part]}，而有 ${ofFirst}：比较的是两个网络，而不是同一网络的两种方案`,
  );

function exceededWords({ seed, byDay, causes }: WarningReason & { code: 'EVENTS_EXCEEDED' }): Words {
  const stopped = stoppedWords({ atMs: byDay * 86_400_000, causes });
  return words(
    `more events than that happened with seed ${seed} ${stopped.en}; the figures of this run are missing, and may be the worst`,
    `种子 ${seed} 的${stopped.zh}，已超过该事件数；缺少其结果，且可能是最差的`,
  );
}

function loadsWords(of: WarningReason & { code: 'LOADS_WAIT_AT_END' }): Words {
  const told = (count: number): string => count.toLocaleString('en', { maximumFractionDigits: 1 });
  const [loads, growth, percent] = [told(of.loads), told(of.growthPerDay), (of.ratio * 100).toFixed(0)];
  return words(
    `more trucks, or fewer departures: ${loads} loads wait for one when a run ends, ${percent} % of those that came, and ${growth} more with each day; the fleet does not carry what is asked`,
    `车辆应更多，或发车更少：运行结束时有 ${loads} 批货物在等车，占到达货物的 ${percent} %，且每日增加 ${growth} 批；车队运力不足`,
  );
}

function waitingWords(of: WarningReason & { code: 'WAITING_AT_END' }): Words {
  const trucks = of.trucks.toLocaleString('en', { maximumFractionDigits: 1 });
  const percent = (of.ratio * 100).toFixed(0);
  return words(
    `${trucks} trucks wait here when a run ends, ${percent} % of those that came: their waits are not over, and counted with what they are by then`,
    `运行结束时仍有 ${trucks} 辆车在此等待，占到站车辆的 ${percent} %：其等待未结束，按当时已等时间计`,
  );
}

function outlastWords({ downRatio }: WarningReason & { code: 'REPAIRS_OUTLAST_WORK' }): Words {
  const percent = (downRatio * 100).toPrecision(3);
  return words(
    `longer: repairs take longer in the mean, so that each unit is out of order ${percent} % of the time`,
    `应更长：平均修复时间比它更长，每个单元有 ${percent} % 的时间不可用`,
  );
}

/** Why, in words that follow the path and what stands there. */
export function reasonWords(of: WarningReason): Words {
  switch (of.code) {
    case 'NOBODY_PLANS_TO_SWAP':
      return words('no truck plans to swap here when nobody waits elsewhere', '别处无人排队时，没有车辆计划在此换电');
    case 'RESERVE_USED':
      return words(
        `loaded trucks reach ${of.stationIds.join(', ')} only by using the reserve`,
        `重载车辆须动用保留电量才能到达 ${of.stationIds.join('、')}`,
      );
    case 'AGED_PACKS_TOO_WEAK': {
      const [peak, content] = [of.peakWh, of.contentWh].map((wh) => `${(wh / 1_000).toFixed(1)} kWh`);
      return words(
        `higher: packs so weak hold ${content}, and the way to ${of.towardsId} takes ${peak} at its peak; trucks strand before packs get new cells`,
        `应更高：如此老化的电池只有 ${content}，到 ${of.towardsId} 的路段峰值需要 ${peak}；更换电芯之前车辆会抛锚`,
      );
    }
    case 'TRUCKS_TOO_FEW': {
      const [asked, possible] = [of.askedPerHour.toFixed(2), of.possiblePerHour.toFixed(2)];
      return words(
        `more trucks: ${asked} trips an hour are asked for, and they make at most ${possible}; departures queue without bound`,
        `车辆应更多：每小时要求 ${asked} 趟，最多能跑 ${possible} 趟；发车队列无限增长`,
      );
    }
    case 'STATION_OVERLOADED': {
      const { en, zh } = PARTS[of.part];
      const [perHour, load] = [of.trucksPerHour.toFixed(2), of.load.toFixed(2)];
      return words(
        `more: ${perHour} trucks an hour keep ${en} busy ${load} times over, so the queue grows without bound`,
        `应更多：每小时 ${perHour} 辆车使${zh}负荷达 ${load} 倍，队列无限增长`,
      );
    }
    case 'CHARGE_TIME_TOO_SHORT':
      return chargeTimeWords(of);
    case 'REPAIRS_OUTLAST_WORK':
      return outlastWords(of);
    case 'ONLY_FULL_MODEL_BILLS':
      return noEffect('only the full model bills', '只有 full 模型计费');
    case 'STAFF_NOT_CALLED':
      return noEffect('no motion fails here after which people have to come', '此站没有需要人员到场的动作失败');
    case 'LIMIT_SIGNAL_NOT_FOLLOWED':
      return noEffect(
        `only charging "limit-following" keeps to it, not "${of.charging}"`,
        `只有 charging “limit-following” 遵守，“${of.charging}” 不遵守`,
      );
    case 'REGION_WITHOUT_PRICES':
      return noEffect('there are neither tariffs nor carbon', '既无 tariffs 也无 carbon');
    case 'TARIFF_OF_NO_STATION':
      return noEffect(`no station has the gridRegion ${of.gridRegion}`, `没有站属于 gridRegion ${of.gridRegion}`);
    case 'PRICES_NOT_ASKED':
      return noEffect(
        `only chooseStation "cheapest" asks for prices, not "${of.chooseStation}"`,
        `只有 chooseStation “cheapest” 查询电价，“${of.chooseStation}” 不查询`,
      );
    case 'LOADS_WAIT_AT_END':
      return loadsWords(of);
    case 'WAITING_AT_END':
      return waitingWords(of);
    case 'EVENTS_EXCEEDED':
      return exceededWords(of);
    case 'NETWORKS_UNRELATED':
      return unrelatedWords(of);
    default:
      return assertNever(of, 'warning');
  }
}

/** A whole line: where, what stands there, and why. */
export function warningWords(warning: Warning): Words {
  const { en, zh } = reasonWords(warning);
  const path = warning.path === '' ? '/' : warning.path;
  return words(`${path}: ${warning.value ?? 'missing'}; ${en}`, `${path}：${warning.value ?? '缺失'}；${zh}`);
}
