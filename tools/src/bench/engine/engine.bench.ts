import { join } from 'node:path';
import { NOON_MS, startCorridor } from '@corridor/actors/network/corridor.fixture';
import type { EngineName } from '@corridor/actors/network/engines';
import { deedArbitrary, RandomTraffic } from '@corridor/actors/network/random-traffic.fixture';
import { assert } from '@corridor/protocols/assert';
import { NodeProcess } from '@corridor/testkit/node-process';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { sample } from 'fast-check';
import { type Bench, type BenchContext, median } from '../metric.ts';
import type { EngineBytesMeasured } from './measure-engine-bytes.ts';
import type { EngineRoundAsked } from './measure-engine-speed.ts';
import { recordTrace, writeTrace } from './recorded-trace.ts';
import type { Replayed } from './replayed-trace.ts';

const DEEDS_SEED = 20_261_122;
const WHOLE = { hours: 14, deeds: 300, rounds: 9, twins: 20_000 };
const SMOKE = { hours: 4, deeds: 30, rounds: 1, twins: 500 };
const GOAL_RATIO = 10;
/** The compiled engine runs the trace so often a round, so that a round takes about as long as XState's. */
const REPEATS = 8;
/**
 * Of XState; the compiled engine runs as long, 400 times: two thirds of what one of two threads runs in 100 replications of a week. A trace
 * has 84 swaps, and V8 optimises what is called once a swap after thousands of calls: until some 200 runs the compiled engine takes a third
 * more. XState, whose few functions are called all the time, is as fast after ten.
 */
const WARM_RUNS = 50;

/** How much faster the compiled engine runs the same events of the same machines than XState does, and how much less its actors take. */
export const engineBench: Bench = {
  name: 'engine',
  about: 'events/s of a recorded trace of the full model and bytes per actor, compiled machines against XState',
  async run(context) {
    const size = context.smoke ? SMOKE : WHOLE;
    await reportTrace(context, size);
    reportNetwork(context, size);
    await reportBytes(context, size.twins);
  },
};

/** Actors alone: what a network does around them is outside. Rounds alternate, so that a busy machine is busy for both. */
async function reportTrace(context: BenchContext, { hours, rounds }: typeof WHOLE): Promise<void> {
  using folder = temporaryFolder();
  const traceFile = join(folder.path, 'trace');
  writeTrace(traceFile, recordTrace(hours));
  await using xstate = new EngineProcess('xstate', traceFile);
  await using compiled = new EngineProcess('compiled', traceFile);
  // Nobody measures a cold engine.
  const warm = {
    xstate: await xstate.round(context.smoke ? 1 : WARM_RUNS),
    compiled: await compiled.round(context.smoke ? 1 : REPEATS * WARM_RUNS),
  };
  assertSame(warm.xstate, warm.compiled);
  context.say(`${warm.xstate.events} events, ${warm.xstate.emitted} emitted, ${warm.xstate.changed} changes, alike under both engines`);
  const perSecond = { xstate: [] as number[], compiled: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    perSecond.xstate.push(rateOf(await xstate.round(1)));
    perSecond.compiled.push(rateOf(await compiled.round(REPEATS)));
  }
  for (const engine of ['xstate', 'compiled'] as const)
    context.report({ case: engine, metric: 'events_per_s', value: median(perSecond[engine]), unit: '1/s' });
  const ratios = perSecond.compiled.map((compiled, round) => compiled / (perSecond.xstate[round] ?? Number.NaN));
  context.report({ metric: 'compiled_to_xstate', value: median(ratios), unit: 'x', goal: GOAL_RATIO, direction: 'at-least' });
}

/** One engine in a process of its own. */
class EngineProcess {
  readonly #process: NodeProcess;

  constructor(engine: EngineName, traceFile: string) {
    const script = new URL('./measure-engine-speed.ts', import.meta.url);
    this.#process = new NodeProcess({ name: `engine ${engine}`, script, args: [engine, traceFile] });
    this.#process.start();
  }

  /** A run of the trace, the mean of so many. */
  async round(repeats: number): Promise<Replayed> {
    const asked: EngineRoundAsked = { repeats };
    this.#process.send(asked);
    return (await this.#process.message()) as Replayed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
  }
}

const rateOf = ({ events, elapsedMs }: Replayed) => (events / elapsedMs) * 1_000;

function assertSame(one: Replayed, other: Replayed): void {
  assert(one.emitted === other.emitted && one.changed === other.changed, 'the engines did not do the same');
}

/** The whole network with the same traffic: routing, records of transitions and encoded snapshots too, which no engine makes faster. */
function reportNetwork(context: BenchContext, { deeds, rounds }: typeof WHOLE): void {
  const played = sample(deedArbitrary, { numRuns: deeds, seed: DEEDS_SEED });
  const elapsed = (engine: EngineName) => {
    const corridor = startCorridor({ engine, awakeMax: Number.POSITIVE_INFINITY });
    const traffic = new RandomTraffic(corridor, NOON_MS);
    const before = process.threadCpuUsage();
    for (const deed of played) traffic.play(deed);
    traffic.end();
    const { user, system } = process.threadCpuUsage(before);
    return user + system;
  };
  elapsed('xstate');
  elapsed('compiled');
  const ratios = Array.from({ length: Math.ceil(rounds / 2) }, () => elapsed('xstate') / elapsed('compiled'));
  context.report({ case: 'whole network', metric: 'speed_ratio', value: median(ratios), unit: 'x' });
}

async function reportBytes(context: BenchContext, twins: number): Promise<void> {
  for (const [engine, sleeps] of [
    ['xstate', 'awake'],
    ['xstate', 'asleep'],
    ['compiled', 'awake'],
  ] as const) {
    const child = new NodeProcess({
      name: 'measure-engine-bytes',
      script: new URL('./measure-engine-bytes.ts', import.meta.url),
      args: [engine, sleeps, String(twins)],
      nodeFlags: ['--expose-gc'],
    });
    child.start();
    const { actors, bytes } = (await child.message()) as EngineBytesMeasured;
    context.report({
      case: engine === 'xstate' ? `xstate ${sleeps}` : engine,
      metric: 'bytes_per_actor',
      value: bytes / actors,
      unit: 'B',
    });
  }
}
