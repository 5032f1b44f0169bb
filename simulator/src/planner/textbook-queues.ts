import { erlangB, erlangC, machineRepairman, meanWaitMd1, meanWaitMmc } from './queue-formulas.ts';

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
];

/** A queue without a closed form, simulated elsewhere and independently: what was found, and how exact that is. */
export interface SimulatedQueue {
  file: string;
  kpi: string;
  found: number;
  tolerance: number;
}

export const SIMULATED_QUEUES: readonly SimulatedQueue[] = [
  { file: 'queue-m-d-7-charging.json', kpi: 'waitMsMean', found: 94_800, tolerance: 0.02 * 94_800 },
  { file: 'queue-m-d-7-charging.json', kpi: 'waitedRatio', found: 0.124, tolerance: 0.002 },
  // Told in whole seconds and hundredths.
  { file: 'queue-bay-and-packs.json', kpi: 'waitMsMean', found: 184_000, tolerance: 0.02 * 184_000 },
  { file: 'queue-bay-and-packs.json', kpi: 'waitedOver5MinRatio', found: 0.16, tolerance: 0.01 },
];
