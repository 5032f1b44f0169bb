import { readFileSync } from 'node:fs';
import { problemText, ScenarioError } from '../scenario/problem.ts';
import { readScenario } from '../scenario/read-scenario.ts';
import { progressLine } from './progress-line.ts';
import { resultOf, summary } from './result.ts';
import { runSeeds } from './run-seeds.ts';
import { type SimulateOptions, simulateOptions } from './simulate-options.ts';
import { resultText, writeResult } from './write-result.ts';

/** As a shell tells of a process that was interrupted. */
const EXIT_INTERRUPTED = 130;
const EXIT_BAD_SCENARIO = 2;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function simulate({ file, seeds, days, out, engine, json, threads }: SimulateOptions): Promise<void> {
  const text = readFileSync(file, 'utf8');
  const changes = { ...(days === null ? {} : { days }), ...(seeds === null ? {} : { seeds }) };
  const { scenario, warnings } = readScenario(text, changes);
  for (const warning of warnings) say(`warning: ${problemText(warning)}`);
  const { first, count } = scenario.seeds;
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const progress = progressOf(count);
  const results = await runSeeds({
    text,
    changes,
    engine,
    seeds: Array.from({ length: count }, (_, index) => first + index),
    ...(threads === null ? {} : { threads }),
    ...progress,
    signal: stop.signal,
  });
  progress.end();
  const result = resultOf(scenario, results, warnings);
  if (out !== null) writeResult(out, result, results);
  process.stdout.write(json ? resultText(result) : `${summary(result)}\n`);
  if (result.complete) return;
  say(`interrupted: ${results.length} of ${count} runs are complete${out === null ? '' : ` and written to ${out}`}`);
  process.exitCode = EXIT_INTERRUPTED;
}

/** A bar on a terminal; elsewhere one line a run. */
function progressOf(runs: number): { onProgress: (doneRuns: number) => void; onDone: (seed: number) => void; end: () => void } {
  const { stderr } = process;
  const startedMs = performance.now();
  const clear = '\r\u001b[2K';
  if (!stderr.isTTY) return { onProgress: () => undefined, onDone: (seed) => say(`seed ${seed} done`), end: () => undefined };
  return {
    onProgress: (doneRuns) => void stderr.write(`${clear}${progressLine({ doneRuns, runs, elapsedMs: performance.now() - startedMs })}`),
    onDone: () => undefined,
    end: () => void stderr.write(clear),
  };
}

try {
  await simulate(simulateOptions(process.argv.slice(2)));
} catch (cause) {
  const isKnown = cause instanceof Error && 'code' in cause;
  say(`simulate: ${isKnown ? cause.message : cause instanceof Error ? cause.stack : String(cause)}`);
  process.exitCode = cause instanceof ScenarioError ? EXIT_BAD_SCENARIO : 1;
}
