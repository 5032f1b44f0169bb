import { meanMsOf } from './distribution.ts';
import type { BreakdownsPlan } from './faults.schema.ts';
import type { Problem } from './problem.ts';
import type { Scenario } from './scenario.schema.ts';
import type { Warning } from './warning.ts';

const DAY_MS = 86_400_000;
/** A failure and its repair are one event each, whatever follows from them. */
const EVENTS_PER_FAULT = 2;

/** Units that a fault is posed for, in all stations that it names. */
function unitsOf({ stations }: Scenario, { part, stationId }: BreakdownsPlan): number {
  const posed = stations.filter(({ id }) => stationId === undefined || id === stationId);
  return posed.reduce((sum, { chargers, bays }) => sum + { charger: chargers, bay: bays, station: 1 }[part], 0);
}

/** Faults of which a run would be so full that it never ends: said before it runs, and of the field that is wrong. */
export function faultProblems(scenario: Scenario): Problem[] {
  const { faults = [], days, eventsMax } = scenario;
  return faults.flatMap((fault, index): Problem[] => {
    if (fault.kind !== 'breakdowns') return [];
    const count = (unitsOf(scenario, fault) * days * DAY_MS) / (fault.mtbfMs + meanMsOf(fault.repairTime));
    if (count * EVENTS_PER_FAULT <= eventsMax) return [];
    const told = Math.round(count).toLocaleString('en');
    const allowed = `longer: ${told} faults of a ${fault.part} and their repairs are to be expected in ${days} days, and eventsMax allows ${eventsMax} events`;
    return [{ path: `/faults/${index}/mtbfMs`, value: String(fault.mtbfMs), allowed }];
  });
}

/** Units that are out of order for longer than they work. */
export function faultWarnings({ faults = [] }: Scenario): Warning[] {
  return faults.flatMap((fault, index): Warning[] => {
    if (fault.kind !== 'breakdowns') return [];
    const repairMs = meanMsOf(fault.repairTime);
    if (fault.mtbfMs >= repairMs) return [];
    const path = `/faults/${index}/mtbfMs`;
    return [{ path, value: String(fault.mtbfMs), code: 'REPAIRS_OUTLAST_WORK', downRatio: repairMs / (fault.mtbfMs + repairMs) }];
  });
}
