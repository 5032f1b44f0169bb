import { type Words, words } from './words.ts';

/** What sets the events of a run off: each of them follows from something that was due. */
const CAUSES = {
  ARRIVALS: words('trucks and loads that come', '车辆与货物到达'),
  /** In the coarse model their time in bays, too. */
  TRUCKS: words('trucks on their ways', '车辆行程'),
  SWAPS: words('steps of swaps', '换电步骤'),
  CHARGES: words('charges of packs', '电池充电'),
  /** Each quarter of an hour. */
  POWER: words('power that is shared anew', '充电功率重新分配'),
  FAULTS: words('faults and their repairs', '故障与修复'),
  STAFF: words('people who come to bays and slots', '人员到场处理'),
  SETTLEMENT: words('settlement', '结算'),
  /** What its actors wait for. */
  PLATFORM: words('deadlines of the platform', '平台时限'),
  WARM_UP: words('the end of the warm-up', '预热期结束'),
} as const;
export type EventCause = keyof typeof CAUSES;
export const EVENT_CAUSES = Object.keys(CAUSES) as EventCause[];

/** What part of all events something set off. */
export interface CauseShare {
  cause: EventCause;
  /** 0..1 */
  ratio: number;
}

/** As many as an author needs to see what fills his run. */
const TOLD_MAX = 3;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** When a run was stopped, and what made so many events. @param atMs of the run   @param causes the most frequent first */
export function stoppedWords({ atMs, causes }: { atMs: number; causes: readonly CauseShare[] }): Words {
  const day = (atMs / DAY_MS).toFixed(2);
  const nth = Math.floor(atMs / DAY_MS) + 1;
  const time = new Date(Math.floor(atMs / SECOND_MS) * SECOND_MS).toISOString().slice(11, 19);
  const told = causes.slice(0, TOLD_MAX).map(({ cause, ratio }) => ({ of: CAUSES[cause], percent: `${Math.round(ratio * 100)} %` }));
  return words(
    `by day ${day} of the run (day ${nth}, ${time}), set off by ${told.map(({ of, percent }) => `${of.en} ${percent}`).join(', ')}`,
    `运行到第 ${day} 天（第 ${nth} 日 ${time}），起因：${told.map(({ of, percent }) => `${of.zh} ${percent}`).join('、')}`,
  );
}
