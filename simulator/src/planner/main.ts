import { ScenarioError } from '../scenario/problem.ts';
import { compareScenarios, runOne, searchLeast, sweepFields } from './commands.ts';
import { say } from './run-progress.ts';
import { type SimulateOptions, simulateOptions } from './simulate-options.ts';

const EXIT_BAD_SCENARIO = 2;
/** As a shell tells of a process that was interrupted. */
const EXIT_INTERRUPTED = 130;

function commanded(options: SimulateOptions, signal: AbortSignal): Promise<boolean> {
  switch (options.command) {
    case 'run':
      return runOne(options, signal);
    case 'compare':
      return compareScenarios(options, signal);
    case 'sweep':
      return sweepFields(options, signal);
    case 'search':
      return searchLeast(options, signal);
  }
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
try {
  const isComplete = await commanded(simulateOptions(process.argv.slice(2)), stop.signal);
  if (!isComplete) process.exitCode = EXIT_INTERRUPTED;
} catch (cause) {
  const isKnown = cause instanceof Error && 'code' in cause;
  say(`simulate: ${isKnown ? cause.message : cause instanceof Error ? cause.stack : String(cause)}`);
  process.exitCode = cause instanceof ScenarioError ? EXIT_BAD_SCENARIO : 1;
}
