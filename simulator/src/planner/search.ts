import { ScenarioError } from '../scenario/problem.ts';
import type { ScenarioChanges } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import type { VariantRuns } from './experiment.ts';
import type { Interval } from './interval.ts';
import { type SweptVariant, sweptVariant, variedFields } from './sweep.ts';

/** A figure and the bound that it must keep. */
export interface Goal {
  kpi: string;
  sense: '<' | '>';
  bound: number;
}

export interface SearchQuestion {
  text: string;
  changes: ScenarioChanges;
  /** With `*` for any: all that it means are set alike first. */
  pointer: string;
  from: number;
  to: number;
  goal: Goal;
  /** Then each field on its own is lowered as far as the goal holds. */
  each: boolean;
  /** Scenarios that may be tried. */
  triesMax: number;
}

/** A setting that was tried. */
export interface Try {
  values: SweptVariant['values'];
  figure: Interval | null;
  refused: string | null;
  /** false also where a person stopped the runs before they were all made: that proves nothing. */
  holds: boolean;
  /** Fewer than asked for when they were stopped, or took too many events. */
  runs: VariantRuns | null;
}

/** Whether a person stopped the runs of this one. */
export const isUnfinished = ({ runs }: Pick<Try, 'runs'>): boolean =>
  runs !== null && runs.results.length + runs.exceeded.length < runs.result.scenario.seeds.count;

export interface SearchEnd {
  tried: readonly Try[];
  /** The last setting for which the goal held; null: none did. */
  best: Try | null;
  /** false: the budget, or a person, ended it. */
  complete: boolean;
}

/** `waitMsP95<600000` @returns null when it is no goal */
export function goalOf(text: string): Goal | null {
  const found = /^([^\s<>]+)\s*([<>])\s*(-?[\d.]+(?:e\d+)?)$/.exec(text.trim());
  const [, kpi, sense, bound] = found ?? [];
  if (kpi === undefined || (sense !== '<' && sense !== '>') || Number.isNaN(Number(bound))) return null;
  return { kpi, sense, bound: Number(bound) };
}

/** Tries that it takes at most, before any is made. */
export function triesAtMost({ text, pointer, from, to, each, triesMax }: Omit<SearchQuestion, 'goal' | 'changes'>): number {
  const halvings = Math.ceil(Math.log2(to - from + 1)) + 1;
  const fields = variedFields(JSON.parse(text), pointer, '--field').length;
  return Math.min(triesMax, halvings + (each ? fields * (to - from) : 0));
}

/**
 * The goal holds where even the worse end of the 95 % interval keeps it, in a setting of which every run was completed and has the figure, and in
 * which no queue grows without bound: in a longer run it would not hold.
 */
function holdsIn({ kpi, sense, bound }: Goal, { result, results, exceeded }: VariantRuns): boolean {
  if (exceeded.length > 0) return false;
  const figure = result.total[kpi];
  if (!figure || figure.low === null || figure.high === null || figure.runs < results.length || !result.isStable) return false;
  return sense === '<' ? figure.high < bound : figure.low > bound;
}

/** @throws ScenarioError where there is one run: it has no interval, by which a goal is judged */
export function refuseOneRun({ seeds }: Scenario): void {
  if (seeds.count < 2)
    throw new ScenarioError([
      { path: '/seeds/count', value: String(seeds.count), allowed: 'at least 2: a goal is judged by the interval over runs' },
    ]);
}

/**
 * The least whole number for which a goal holds, by halving: more of it must never do harm. A setting that cannot be run counts as one that
 * fails; the greatest must be one that can.
 * @param run makes the runs of a variant; fewer than asked for: a person stopped them, and the search with them
 */
export async function search(
  question: SearchQuestion,
  run: (variant: NonNullable<SweptVariant['variant']>) => Promise<VariantRuns>,
): Promise<SearchEnd> {
  const { text, changes, pointer, from, to, goal, each, triesMax } = question;
  const base: unknown = JSON.parse(text);
  const fields = variedFields(base, pointer, '--field');
  const tried: Try[] = [];
  let best: Try | null = null;
  let isStopped = false;

  const attempt = async (values: SweptVariant['values']): Promise<boolean> => {
    const { variant, refused } = sweptVariant(base, values, changes);
    const runs = variant === null ? null : await run(variant);
    isStopped = isUnfinished({ runs });
    if (runs !== null && runs.results.length + runs.exceeded.length === 0) return false;
    const figure = runs?.result.total[goal.kpi] ?? null;
    if (runs !== null && runs.results.length > 0 && !(goal.kpi in runs.result.total))
      throw new ScenarioError([{ path: '--goal', value: goal.kpi, allowed: `one of ${Object.keys(runs.result.total).join(', ')}` }]);
    const made: Try = { values, figure, refused, holds: runs !== null && !isStopped && holdsIn(goal, runs), runs };
    tried.push(made);
    if (made.holds) best = made;
    return made.holds;
  };
  const mayGoOn = () => !isStopped && tried.length < triesMax;

  let low = from;
  let high = to;
  const isPossible = await attempt({ [pointer]: to });
  const [greatest] = tried;
  if (greatest && greatest.refused !== null)
    throw new ScenarioError([{ path: '--to', value: String(to), allowed: `a setting that can be run: ${greatest.refused}` }]);
  if (!isPossible) return { tried, best, complete: !isStopped };
  while (low < high && mayGoOn()) {
    const middle = Math.floor((low + high) / 2);
    if (await attempt({ [pointer]: middle })) high = middle;
    else low = middle + 1;
  }
  if (each) {
    const values = Object.fromEntries(fields.map((field) => [field, high]));
    for (const field of fields) {
      while ((values[field] ?? from) > from && mayGoOn()) {
        const less = { ...values, [field]: (values[field] ?? from) - 1 };
        if (!(await attempt(less))) break;
        values[field] = less[field] ?? from;
      }
    }
  }
  return { tried, best, complete: !isStopped && low >= high && (!each || tried.length < triesMax) };
}
