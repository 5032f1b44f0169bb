import { ScenarioError } from '../scenario/problem.ts';
import { type CommandEnd, compareScenarios, runOne, searchLeast, sweepFields } from './commands.ts';
import type { CommandStreams } from './run-progress.ts';
import { EXIT_NO_SENSE, type SimulateOptions, simulateOptions } from './simulate-options.ts';

const EXIT_FAILED = 1;
const EXIT_UNANSWERED = 3;
/** 130: as a shell tells of a process that was interrupted. */
const EXIT_OF: Readonly<Record<CommandEnd, number>> = { complete: 0, exceeded: EXIT_FAILED, unanswered: EXIT_UNANSWERED, interrupted: 130 };

function commanded(options: SimulateOptions, streams: CommandStreams): Promise<CommandEnd> {
  switch (options.command) {
    case 'run':
      return runOne(options, streams);
    case 'compare':
      return compareScenarios(options, streams);
    case 'sweep':
      return sweepFields(options, streams);
    case 'search':
      return searchLeast(options, streams);
  }
}

/** `npm run simulate`. @returns the exit code */
export async function simulateCommand(argv: readonly string[], streams: CommandStreams): Promise<number> {
  try {
    return EXIT_OF[await commanded(simulateOptions(argv), streams)];
  } catch (cause) {
    const isKnown = cause instanceof Error && 'code' in cause;
    streams.stderr.write(`simulate: ${isKnown ? cause.message : cause instanceof Error ? cause.stack : String(cause)}\n`);
    return cause instanceof ScenarioError ? EXIT_NO_SENSE : EXIT_FAILED;
  }
}
