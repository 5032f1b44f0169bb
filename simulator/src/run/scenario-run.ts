import type { EngineName } from '@corridor/actors/network/engines';
import type { Kpis } from '../measures/kpis.ts';
import type { FleetLoads } from '../measures/load-queue.ts';
import type { HourlySums, SwapRow, UnendedWait } from '../measures/measures.ts';
import type { RunRecorder } from '../recording/recording-file.ts';
import type { WatchedWorld } from '../recording/watched-world.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';

/** What is asked of either model. */
export interface RunOptions {
  scenario: Scenario;
  seed: number;
  engine: EngineName;
  /** Also give each swap and sums by the hour. */
  detailed?: boolean;
  /** How much of the horizon is done, 0..1. */
  onProgress?: ((doneRatio: number) => void) | undefined;
  /** What drives the run and looks on. */
  record?: ((world: WatchedWorld) => RunRecorder) | undefined;
}

/** A statement of a run. Times since the epoch [ms], money in fen. */
export interface StatementLine {
  statementId: string;
  principalId: string;
  period: string;
  fromMs: number;
  untilMs: number;
  payableAtMs: number;
  ordersFen: bigint;
  othersFen: bigint;
  carriedInFen: bigint;
  totalFen: bigint;
  state: string;
}

/** One run with one seed. */
export interface ScenarioRun {
  seed: number;
  events: number;
  total: Kpis;
  /** In the order of the scenario. */
  stations: readonly { id: string; kpis: Kpis }[];
  swaps: readonly SwapRow[] | null;
  /** Of trucks that wait when the run ends. */
  unendedWaits: readonly UnendedWait[];
  hourly: readonly (HourlySums | null)[];
  /** Of fleets that set out when a load comes. */
  loads: readonly FleetLoads[];
  /** Absent where nobody is settled. */
  statements?: readonly StatementLine[];
}
