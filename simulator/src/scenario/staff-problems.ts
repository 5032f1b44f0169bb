import { type MotionsPlan, STAFFED_MOTIONS } from './faults.schema.ts';
import { type Problem, shown } from './problem.ts';
import type { Scenario, StationPlan } from './scenario.schema.ts';
import type { Warning } from './warning.ts';

/** Whether people may have to come when it fails. */
const isStaffed = ({ motion }: MotionsPlan): boolean => STAFFED_MOTIONS.some((staffed) => staffed === motion);

/** Where people have to come, somebody must be there; and they cannot try for ever. */
export function staffProblems({ faults = [], stations, model }: Scenario): Problem[] {
  // The coarse model refuses motions themselves.
  if (model !== 'full') return [];
  const problems: Problem[] = [];
  const isTold = new Set<number>();
  for (const [index, fault] of faults.entries()) {
    if (fault.kind !== 'motions' || !isStaffed(fault)) continue;
    const path = `/faults/${index}`;
    if (fault.failureRatio === 1)
      problems.push({ path: `${path}/failureRatio`, value: '1', allowed: `below 1: no swap would ever get past ${fault.motion}` });
    for (const [at, station] of stations.entries()) {
      if (station.staff !== undefined || !isAt(fault, station) || isTold.has(at)) continue;
      isTold.add(at);
      const allowed = `{resumeTime, clearTime, slotTime}: after ${fault.motion} fails (${path}) somebody has to come to ${station.id}`;
      problems.push({ path: `/stations/${at}/staff`, value: null, allowed });
    }
  }
  return problems;
}

const isAt = ({ stationId }: MotionsPlan, { id }: StationPlan): boolean => stationId === undefined || stationId === id;

/** People whom nobody ever calls. */
export function staffWarnings({ faults = [], stations }: Scenario): Warning[] {
  return stations.flatMap((station, at): Warning[] => {
    const isCalled = faults.some((fault) => fault.kind === 'motions' && isStaffed(fault) && isAt(fault, station));
    return station.staff === undefined || isCalled
      ? []
      : [{ path: `/stations/${at}/staff`, value: shown(station.staff), code: 'STAFF_NOT_CALLED' }];
  });
}
