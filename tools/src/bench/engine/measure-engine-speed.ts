import type { EngineName } from '@corridor/actors/network/engines';
import { assert } from '@corridor/protocols/assert';
import { readTrace } from './recorded-trace.ts';
import { type Replayed, TraceReplay } from './replayed-trace.ts';

/** A process of its own, with an engine and the file of a trace, so that functions of machines learn one engine's calls alone, as in a simulation. */
export interface EngineRoundAsked {
  /** How often the trace is run. */
  repeats: number;
}

function round(replay: TraceReplay, { repeats }: EngineRoundAsked): Replayed {
  const runs = Array.from({ length: repeats }, () => replay.run());
  const [first] = runs;
  assert(first !== undefined, 'nothing was run');
  return { ...first, elapsedMs: runs.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / repeats };
}

const [, , engine = '', traceFile = ''] = process.argv;
assert(engine === 'xstate' || engine === 'compiled', `no engine "${engine}"`);
const replay = new TraceReplay(engine satisfies EngineName, readTrace(traceFile));
process.on('message', (asked: EngineRoundAsked) => process.send?.(round(replay, asked)));
process.on('disconnect', () => process.exit());
