import { violated } from '@corridor/protocols/assert';
import { readScenario, type ScenarioChanges } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import type { Warning } from '../scenario/warning.ts';
import { type Result, resultOf } from './result.ts';
import type { RunPool, RunsOptions } from './run-pool.ts';
import type { ExceededRun, SeedResult } from './seed-worker.ts';

const DAY_MS = 86_400_000;

/** A scenario that is to be run, checked. */
export interface Variant {
  text: string;
  changes: ScenarioChanges;
  scenario: Scenario;
  warnings: readonly Warning[];
}

/** Its runs; fewer than asked for when a person stopped them, or some took too many events. */
export interface VariantRuns {
  result: Result;
  results: readonly SeedResult[];
  exceeded: readonly ExceededRun[];
}

/** @throws ScenarioError */
export const variantOf = (text: string, changes: ScenarioChanges): Variant => ({ text, changes, ...readScenario(text, changes) });

export const seedsOf = ({ seeds }: Scenario): number[] => Array.from({ length: seeds.count }, (_, index) => seeds.first + index);

const exceededWarning = ({ seed, eventsMax, atMs, causes }: ExceededRun): Warning => ({
  path: '/eventsMax',
  value: String(eventsMax),
  code: 'EVENTS_EXCEEDED',
  seed,
  byDay: atMs / DAY_MS,
  causes,
});

export interface ExperimentOptions extends RunsOptions {
  seeds?: readonly number[];
  withLines?: boolean;
  /** Where the first run of the first variant is recorded. */
  recordTo?: string | null;
}

/**
 * All variants with the same seeds, so that their runs can be compared pair by pair (common random numbers). Seed by seed, so that
 * who stops them on the way has pairs.
 * @param seeds those of the first variant where none are given
 */
export async function runVariants(
  pool: RunPool,
  variants: readonly Variant[],
  { seeds, withLines = false, recordTo = null, ...options }: ExperimentOptions = {},
): Promise<VariantRuns[]> {
  const [first] = variants;
  if (first === undefined) return [];
  const chosen = seeds ?? seedsOf(first.scenario);
  const [firstSeed = violated('an experiment without seeds')] = chosen;
  const orders = chosen.flatMap((seed) =>
    variants.map(({ text, changes }) => ({ text, changes, seed, withLines, recordTo: null as string | null })),
  );
  // The first run stands for all.
  if (orders[0]) orders[0].recordTo = recordTo;
  const ends = await pool.run(orders, options);
  return variants.map(({ scenario, warnings }, index) => {
    const own = ends.filter((_, at) => at % variants.length === index);
    const results = own.flatMap((end) => (end?.kind === 'done' ? [end.result] : []));
    const exceeded = own.flatMap((end) => (end?.kind === 'exceeded' ? [end.exceeded] : []));
    const told = [...warnings, ...exceeded.map(exceededWarning)];
    return { result: resultOf({ ...scenario, seeds: { first: firstSeed, count: chosen.length } }, results, told), results, exceeded };
  });
}
