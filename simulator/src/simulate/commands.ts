import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { violated } from '@corridor/protocols/assert';
import { EventsExceededError } from '../kernel/events-exceeded.ts';
import { comparisonOf, pairsOf } from '../planner/comparison.ts';
import { runVariants, seedsOf, type Variant, type VariantRuns, variantOf } from '../planner/experiment.ts';
import { networkWarnings } from '../planner/network-difference.ts';
import { RunFailedError, RunPool, type RunsOptions } from '../planner/run-pool.ts';
import { refuseOneRun, search, triesAtMost } from '../planner/search.ts';
import { ranked, type SweptField, type SweptVariant, sweptVariants } from '../planner/sweep.ts';
import { comparisonReport } from '../report/comparison-report.ts';
import { figureOf } from '../report/figures.ts';
import { rankingReport } from '../report/ranking-report.ts';
import { runReport } from '../report/run-report.ts';
import { ScenarioError } from '../scenario/problem.ts';
import type { ScenarioChanges } from '../scenario/read-scenario.ts';
import { scenarioText } from '../scenario/scenario-file.ts';
import { warningWords } from '../scenario/warning.ts';
import { comparisonText, figureText, rankingText, searchText } from './experiment-text.ts';
import { plural } from './plural.ts';
import { summary } from './result-text.ts';
import { type CommandStreams, type Progress, progressOf } from './run-progress.ts';
import type { CommonOptions, SimulateOptions } from './simulate-options.ts';
import { refuseUnwritable, resultText, writeExperiment, writeResult } from './write-result.ts';

type Of<Command extends SimulateOptions['command']> = Extract<SimulateOptions, { command: Command }>;

const changesOf = ({ days, seeds }: CommonOptions): ScenarioChanges => ({
  ...(days === null ? {} : { days }),
  ...(seeds === null ? {} : { seeds }),
});
const poolOf = ({ engine, threads }: CommonOptions): RunPool => new RunPool({ engine, ...(threads === null ? {} : { threads }) });

const say = ({ stderr }: CommandStreams, line: string): void => void stderr.write(`${line}\n`);

function warn(streams: CommandStreams, { warnings }: Pick<Variant, 'warnings'>): void {
  for (const warning of warnings) say(streams, `warning: ${warningWords(warning).en}`);
}

async function withProgress<T>(
  runs: number,
  streams: CommandStreams,
  deed: (options: Omit<Progress, 'end'> & { signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const { end, ...progress } = progressOf(runs, streams);
  try {
    return await deed({ ...progress, signal: streams.signal });
  } finally {
    end();
  }
}

/** Runs end at once when the first lacks a figure: who misspelt it need not wait for all. */
function endedWithout(kpi: string, options: Omit<Progress, 'end'> & { signal: AbortSignal }): RunsOptions {
  const stop = new AbortController();
  return {
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
    onDone: (seed, result) => {
      options.onDone(seed);
      if (!(kpi in result.run.total)) stop.abort();
    },
  };
}

/** Where nothing was completed nothing is written: an earlier result stays. */
function tellIncomplete(streams: CommandStreams, { done, runs, out }: { done: number; runs: number; out: string | null }): CommandEnd {
  const end = streams.signal.aborted ? 'interrupted' : 'exceeded';
  const why = end === 'interrupted' ? 'interrupted' : 'not all runs ended';
  const written = out === null ? '' : done > 0 ? ` and written to ${out}` : `; nothing is written to ${out}`;
  say(streams, `${why}: ${done} of ${runs} runs are complete${written}`);
  return end;
}

/** Warnings that runs gave beside those of the scenario, which were told before. */
function warnOfRuns(streams: CommandStreams, { result }: VariantRuns, { warnings }: Variant): void {
  for (const warning of result.warnings.slice(warnings.length)) say(streams, `warning: ${warningWords(warning).en}`);
}

/** @throws RunFailedError where runs took too many events, and none is complete */
function refuseNone(runs: readonly VariantRuns[]): void {
  const [first] = runs.flatMap(({ exceeded }) => exceeded);
  if (first === undefined || runs.some(({ results }) => results.length > 0)) return;
  const { message, code } = new EventsExceededError(first);
  throw new RunFailedError({ seed: first.seed, code, message });
}

/** Whether all runs were made: a person stopped them, or some took too many events; `unanswered`: they were, and found nothing. */
export type CommandEnd = 'complete' | 'interrupted' | 'exceeded' | 'unanswered';

export async function runOne(options: Of<'run'>, streams: CommandStreams): Promise<CommandEnd> {
  const { out, recordTo } = options;
  const variant = variantOf(scenarioText(options.file), changesOf(options));
  warn(streams, variant);
  refuseUnwritable(out);
  const { count } = variant.scenario.seeds;
  const recorded = recordTo === null ? null : await recordingOf(recordTo, variant);
  await using pool = poolOf(options);
  const [runs] = await withProgress(count, streams, (progress) =>
    runVariants(pool, [variant], { ...progress, withLines: out !== null, recordTo }),
  ).finally(() => recorded?.tidy());
  if (runs === undefined) throw new TypeError('a scenario without runs');
  refuseNone([runs]);
  const { result, results } = runs;
  if (out !== null && results.length > 0) writeResult(out, { result, results, report: runReport(result) });
  streams.stdout.write(options.json ? resultText(result) : `${summary(result)}\n`);
  warnOfRuns(streams, runs, variant);
  const end = result.complete ? 'complete' : tellIncomplete(streams, { done: results.length, runs: count, out });
  if (recorded !== null) say(streams, recorded.text(results.some(({ run }) => run.seed === variant.scenario.seeds.first)));
  return end;
}

/** What cannot be recorded is said before it is run. @throws ScenarioError */
async function recordingOf(path: string, { scenario }: Variant): Promise<{ tidy: () => void; text: (isWhole: boolean) => string }> {
  const { headOf, recordedText, unfinishedPath } = await import('../recording/recording-file.ts');
  headOf(scenario, scenario.seeds.first);
  refuseUnwritable(dirname(path), '--record');
  return {
    tidy: () => rmSync(unfinishedPath(path), { force: true }),
    text: (isWhole) => (isWhole ? recordedText(path, scenario) : 'nothing was recorded: the first run is not complete'),
  };
}

/** @throws ScenarioError that says in which of the two files something is wrong */
function oneOfTwo(file: string, changes: ScenarioChanges): Variant {
  try {
    return variantOf(scenarioText(file), changes);
  } catch (cause) {
    if (!(cause instanceof ScenarioError)) throw cause;
    throw new ScenarioError(cause.problems.map((problem) => ({ ...problem, path: `${file} ${problem.path}` })));
  }
}

/** Two scenarios, paired by seed. */
export async function compareScenarios(options: Of<'compare'>, streams: CommandStreams): Promise<CommandEnd> {
  const variants = [options.file, options.other].map((file) => oneOfTwo(file, changesOf(options)));
  for (const variant of variants) warn(streams, variant);
  const [one, other] = variants;
  if (one === undefined || other === undefined) throw new TypeError('two scenarios are compared');
  const counted = ({ scenario: { days, warmUpDays } }: Variant) => `${days} days, ${warmUpDays} of them warm-up`;
  if (counted(one) !== counted(other))
    throw new ScenarioError([{ path: '/days', value: counted(other), allowed: `the same as the first: ${counted(one)}` }]);
  warn(streams, { warnings: networkWarnings(one.scenario, other.scenario) });
  refuseUnwritable(options.out);
  const seeds = seedsOf(one.scenario);
  await using pool = poolOf(options);
  const runs = await withProgress(seeds.length * 2, streams, (progress) => runVariants(pool, variants, { ...progress, seeds }));
  const [first, second] = runs;
  if (first === undefined || second === undefined) throw new TypeError('two scenarios are compared');
  refuseNone(runs);
  const comparison = comparisonOf(first.result, second.result);
  const pairs = pairsOf(first.result, second.result).length;
  if (options.out !== null && pairs > 0)
    writeExperiment(options.out, { name: 'compare.json', found: comparison, report: comparisonReport(comparison) });
  streams.stdout.write(options.json ? resultText(comparison) : `${comparisonText(comparison)}\n`);
  warnOfRuns(streams, first, one);
  warnOfRuns(streams, second, other);
  return comparison.complete ? 'complete' : tellIncomplete(streams, { done: pairs * 2, runs: seeds.length * 2, out: options.out });
}

const askedText = (fields: readonly SweptField[]): string =>
  fields.map(({ pointer, values }) => `${pointer}=${values.join(',')}`).join(' ');

/** Why the first setting cannot be run. */
const refusalOf = ([first]: readonly SweptVariant[]): string => first?.refused ?? violated('a sweep of no settings');

/** All combinations of some fields' values, ranked. */
export async function sweepFields(options: Of<'sweep'>, streams: CommandStreams): Promise<CommandEnd> {
  const { fields, ranking, out } = options;
  const all = sweptVariants(scenarioText(options.file), fields, changesOf(options));
  const possible = all.flatMap(({ variant }) => variant ?? []);
  if (possible[0] === undefined)
    throw new ScenarioError([{ path: '--set', value: askedText(fields), allowed: `values that can be run: ${refusalOf(all)}` }]);
  refuseUnwritable(out);
  const seeds = seedsOf(possible[0].scenario);
  const budget = possible.length * seeds.length;
  const impossible = all.length - possible.length;
  const others = impossible === 0 ? '' : `, ${impossible} of them cannot be run`;
  say(streams, `${plural(all.length, 'scenario')}${others}; ${plural(seeds.length, 'run')} each: ${plural(budget, 'run')}`);
  await using pool = poolOf(options);
  const runs = await withProgress(budget, streams, (progress) =>
    runVariants(pool, possible, { ...endedWithout(ranking.kpi, progress), seeds }),
  );
  refuseNone(runs);
  const rows = ranked(
    ranking,
    all.map(({ values, variant, refused }) => ({
      values,
      refused,
      result: variant === null ? null : (runs[possible.indexOf(variant)]?.result ?? null),
    })),
  );
  const done = runs.reduce((sum, { results }) => sum + results.length, 0);
  const complete = done === budget;
  const found = { version: 1, kind: 'sweep', complete, ranking, fields, variants: rows };
  const report = () => rankingReport({ question: { kind: 'sweep', ranking }, variants: rows, complete, runs: done });
  if (out !== null && done > 0) writeExperiment(out, { name: 'sweep.json', found, report: report() });
  streams.stdout.write(options.json ? resultText(found) : `${rankingText(rows, ranking)}\n`);
  return complete ? 'complete' : tellIncomplete(streams, { done, runs: budget, out });
}

/** The least number for which a goal holds. */
export async function searchLeast(options: Of<'search'>, streams: CommandStreams): Promise<CommandEnd> {
  const { pointer, from, to, goal, each, triesMax, out } = options;
  const changes = changesOf(options);
  const text = scenarioText(options.file);
  const { scenario } = variantOf(text, changes);
  refuseOneRun(scenario);
  refuseUnwritable(out);
  const tries = triesAtMost({ text, pointer, from, to, each, triesMax });
  say(streams, `at most ${tries} scenarios of ${scenario.seeds.count} runs: ${tries * scenario.seeds.count} runs`);
  await using pool = poolOf(options);
  const end = await withProgress(tries * scenario.seeds.count, streams, (progress) => {
    let before = 0;
    return search({ text, changes, pointer, from, to, goal, each, triesMax }, async (variant) => {
      const [runs] = await runVariants(pool, [variant], {
        ...endedWithout(goal.kpi, progress),
        onProgress: (done) => progress.onProgress(before + done),
      });
      if (runs === undefined) throw new TypeError('a scenario without runs');
      before += runs.results.length;
      const figure = runs.result.total[goal.kpi];
      progress.say(`${goal.kpi}: ${figure ? figureText(figureOf(goal.kpi), figure) : 'no figure'}`);
      return runs;
    });
  });
  const runs = end.tried.reduce((sum, each) => sum + (each.runs?.results.length ?? 0), 0);
  const rows = end.tried.map(({ values, figure, refused, holds, runs }) => ({
    values,
    figure,
    refused,
    holds,
    result: runs?.result ?? null,
  }));
  const best = rows[end.tried.findIndex((each) => each === end.best)] ?? null;
  const found = { version: 1, kind: 'search', complete: end.complete, goal, field: pointer, from, to, runs, best, tried: rows };
  const report = () =>
    rankingReport({
      question: { kind: 'search', goal, best: best?.values ?? null },
      variants: rows.map((row) => ({ ...row, isLikeBest: row.holds })),
      complete: end.complete,
      runs,
    });
  if (out !== null && runs > 0) writeExperiment(out, { name: 'search.json', found, report: report() });
  streams.stdout.write(options.json ? resultText(found) : `${searchText(end, { runs, goal })}\n`);
  const isStopped = streams.signal.aborted && !end.complete;
  if (isStopped) return tellIncomplete(streams, { done: runs, runs: tries * scenario.seeds.count, out });
  if (end.best !== null) return 'complete';
  say(streams, `no answer: ${goal.kpi}${goal.sense}${goal.bound} does not hold with ${pointer}=${to}, the most that was asked for`);
  return 'unanswered';
}
