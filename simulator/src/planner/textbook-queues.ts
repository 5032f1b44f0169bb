import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { constantServiceQueue, erlangB, erlangC, machineRepairman, meanWaitMd1, meanWaitMmc } from './queue-formulas.ts';

const HOUR_MS = 3_600_000;
const SWAP_MS = 300_000;

/** A shipped scenario that poses a queue of which theory knows the answer. */
export interface TextbookQueue {
  /** File in the folder of scenarios. */
  file: string;
  /** A figure of its station, and what it should be. */
  kpi: string;
  closedForm: number;
}

export const TEXTBOOK_QUEUES: readonly TextbookQueue[] = [
  { file: 'queue-m-m-1.json', kpi: 'waitMsMean', closedForm: meanWaitMmc({ servers: 1, rate: 6 / HOUR_MS, service: SWAP_MS }) },
  { file: 'queue-m-d-1.json', kpi: 'waitMsMean', closedForm: meanWaitMd1({ rate: 6 / HOUR_MS, service: SWAP_MS }) },
  { file: 'queue-m-m-2.json', kpi: 'waitMsMean', closedForm: meanWaitMmc({ servers: 2, rate: 10 / HOUR_MS, service: SWAP_MS }) },
  { file: 'queue-m-m-2.json', kpi: 'waitedRatio', closedForm: erlangC(2, (10 * SWAP_MS) / HOUR_MS) },
  { file: 'queue-erlang-b.json', kpi: 'lostRatio', closedForm: erlangB(7, 5) },
  {
    file: 'queue-repairman.json',
    kpi: 'waitMsMean',
    closedForm: machineRepairman({ customers: 20, away: 2 * HOUR_MS, service: SWAP_MS }).wait,
  },
  {
    file: 'queue-repairman.json',
    kpi: 'bayBusyRatio',
    closedForm: machineRepairman({ customers: 20, away: 2 * HOUR_MS, service: SWAP_MS }).busyRatio,
  },
  { file: 'queue-m-m-7-charging.json', kpi: 'waitMsMean', closedForm: meanWaitMmc({ servers: 7, rate: 4 / HOUR_MS, service: HOUR_MS }) },
  { file: 'queue-m-m-7-charging.json', kpi: 'waitedRatio', closedForm: erlangC(7, 4) },
  {
    file: 'queue-m-d-7-charging.json',
    kpi: 'waitMsMean',
    closedForm: constantServiceQueue({ servers: 7, rate: 4 / HOUR_MS, service: HOUR_MS }).wait,
  },
  {
    file: 'queue-m-d-7-charging.json',
    kpi: 'waitedRatio',
    closedForm: constantServiceQueue({ servers: 7, rate: 4 / HOUR_MS, service: HOUR_MS }).waitedRatio,
  },
];

/** A shipped queue with more or fewer trucks and packs, simulated elsewhere and independently: what was found, and how exact that is. */
export interface SimulatedQueue {
  file: string;
  perHour: number;
  packs: number;
  kpi: string;
  found: number;
  tolerance: number;
}

/** Mean wait [s] and share of those who wait, by trucks an hour. */
const CONSTANT_CHARGING = [
  { perHour: 3, wait: 21.8, waited: 0.035 },
  { perHour: 4, wait: 94.8, waited: 0.124 },
  { perHour: 5, wait: 316, waited: 0.303 },
  { perHour: 5.5, wait: 578, waited: 0.433 },
  { perHour: 6, wait: 1143, waited: 0.591 },
  { perHour: 6.5, wait: 2900, waited: 0.78 },
];

/** Mean wait [s] and share of those who wait longer than five minutes, by packs and trucks an hour. */
const BAY_AND_PACKS = [
  { packs: 7, perHour: 2, wait: 33, waited: 0.02 },
  { packs: 7, perHour: 3, wait: 74, waited: 0.06 },
  { packs: 7, perHour: 4, wait: 184, waited: 0.16 },
  { packs: 7, perHour: 5, wait: 499, waited: 0.35 },
  { packs: 7, perHour: 5.5, wait: 897, waited: 0.49 },
  { packs: 7, perHour: 6, wait: 1914, waited: 0.67 },
  { packs: 8, perHour: 2, wait: 31, waited: 0.02 },
  { packs: 8, perHour: 3, wait: 57, waited: 0.04 },
  { packs: 8, perHour: 4, wait: 110, waited: 0.1 },
  { packs: 8, perHour: 5, wait: 237, waited: 0.22 },
  { packs: 8, perHour: 5.5, wait: 362, waited: 0.3 },
  { packs: 8, perHour: 6, wait: 579, waited: 0.41 },
];

const WAIT_TOLERANCE = 0.02;

export const SIMULATED_QUEUES: readonly SimulatedQueue[] = [
  ...CONSTANT_CHARGING.flatMap(({ perHour, wait, waited }) => {
    const queue = { file: 'queue-m-d-7-charging.json', perHour, packs: 7 };
    return [
      { ...queue, kpi: 'waitMsMean', found: wait * 1000, tolerance: WAIT_TOLERANCE * wait * 1000 },
      { ...queue, kpi: 'waitedRatio', found: waited, tolerance: 0.002 },
    ];
  }),
  ...BAY_AND_PACKS.flatMap(({ packs, perHour, wait, waited }) => {
    const queue = { file: 'queue-bay-and-packs.json', perHour, packs };
    return [
      { ...queue, kpi: 'waitMsMean', found: wait * 1000, tolerance: WAIT_TOLERANCE * wait * 1000 },
      // Told in hundredths.
      { ...queue, kpi: 'waitedOver5MinRatio', found: waited, tolerance: 0.01 },
    ];
  }),
];

/** The scenario of a simulated queue: the shipped one, with its trucks an hour and its packs. */
export function scenarioOf({ file, perHour, packs }: Pick<SimulatedQueue, 'file' | 'perHour' | 'packs'>): Scenario {
  const scenario = shippedScenario(file);
  return {
    ...scenario,
    stations: scenario.stations.map((station) => ({ ...station, packs, chargers: packs })),
    fleets: scenario.fleets.map((fleet) => (fleet.kind === 'visits' ? { ...fleet, arrivals: { kind: 'poisson', perHour } } : fleet)),
  };
}
