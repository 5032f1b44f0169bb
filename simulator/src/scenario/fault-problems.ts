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

/** How many faults of a kind are to be expected in a run. */
function expectedFaults(scenario: Scenario, fault: NonNullable<Scenario['faults']>[number]): number {
  if (fault.kind === 'blackout') return 1;
  // Motions that fail fail within swaps: how many there are nobody knows beforehand.
  if (fault.kind === 'motions') return 0;
  return (unitsOf(scenario, fault) * scenario.days * DAY_MS) / (fault.mtbfMs + meanMsOf(fault.repairTime));
}

/** Faults of which a run would be so full that it never ends: said before it runs, and of the field that is wrong; of all together where none is alone. */
export function faultProblems(scenario: Scenario): Problem[] {
  const { faults = [], days, eventsMax } = scenario;
  const fills = (count: number): boolean => count * EVENTS_PER_FAULT > eventsMax;
  const told = (count: number, what: string): string =>
    `${Math.round(count).toLocaleString('en')} ${what} and their repairs are to be expected in ${days} days, and eventsMax allows ${eventsMax} events`;
  const alone = faults.flatMap((fault, index): Problem[] => {
    if (fault.kind !== 'breakdowns') return [];
    const count = expectedFaults(scenario, fault);
    if (!fills(count)) return [];
    return [
      { path: `/faults/${index}/mtbfMs`, value: String(fault.mtbfMs), allowed: `longer: ${told(count, `faults of a ${fault.part}`)}` },
    ];
  });
  if (alone.length > 0) return alone;
  const counts = faults.map((fault) => expectedFaults(scenario, fault));
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (!fills(all)) return [];
  const most = `most of them by /faults/${counts.indexOf(Math.max(...counts))}`;
  return [{ path: '/faults', value: `${faults.length} of them`, allowed: `fewer or rarer: together ${told(all, 'faults')}; ${most}` }];
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
