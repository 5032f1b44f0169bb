import type { AlarmView } from '@corridor/protocols/http/scene';

/** ISA-18.2: with more than ten alarms in ten minutes nobody looks at each any more; below five it is over. */
const FLOOD_ABOVE = 10;
const FLOOD_ENDS_BELOW = 5;

/** @param raisedLately in the last ten minutes; null: not known, so nothing changes */
export function nextFlood(isFlood: boolean, raisedLately: number | null): boolean {
  if (raisedLately === null) return isFlood;
  return isFlood ? raisedLately >= FLOOD_ENDS_BELOW : raisedLately > FLOOD_ABOVE;
}

/** Alarms of one cause at one place. */
export interface AlarmGroup {
  readonly id: string;
  readonly code: string;
  /** null: they are at no station. */
  readonly stationId: string | null;
  /** Highest of them. */
  readonly level: number;
  /** Oldest first. */
  readonly alarms: readonly AlarmView[];
}

/** By station and cause: highest level first, then the largest, then by name, so that nothing jumps by the time of a member. */
export function groupAlarms(alarms: readonly AlarmView[]): AlarmGroup[] {
  const groups = new Map<string, AlarmView[]>();
  for (const alarm of alarms) {
    const id = `${alarm.stationId ?? ''}/${alarm.code}`;
    const known = groups.get(id);
    if (known === undefined) groups.set(id, [alarm]);
    else known.push(alarm);
  }
  return [...groups.entries()]
    .map(([id, members]) => groupOf(id, members.toSorted(byTime)))
    .toSorted((a, b) => b.level - a.level || b.alarms.length - a.alarms.length || (a.id < b.id ? -1 : 1));
}

function groupOf(id: string, alarms: readonly AlarmView[]): AlarmGroup {
  const level = Math.max(...alarms.map((alarm) => alarm.level));
  return { id, code: alarms[0]?.code ?? '', stationId: alarms[0]?.stationId ?? null, level, alarms };
}

const byTime = (a: AlarmView, b: AlarmView): number => Date.parse(a.raisedAt) - Date.parse(b.raisedAt) || (a.id < b.id ? -1 : 1);

/** The one that was raised first of those that stand; null: none stands. */
export function firstOut(alarms: readonly AlarmView[]): AlarmView | null {
  return alarms.toSorted(byTime)[0] ?? null;
}
