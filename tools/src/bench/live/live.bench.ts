import { assert } from '@corridor/protocols/assert';
import { NodeProcess } from '@corridor/testkit/node-process';
import { startPipeRig } from '../ingest/pipe-run.ts';
import type { Bench } from '../metric.ts';
import type { Watched, WatchTask } from './watch-scene.ts';

/** 1,000 slots and as many packs, each reported twice and a half a second. */
const SIZE = { stations: 20, slotsPerStation: 50, trucks: 60, packs: 1_060 };
const READINGS_PER_S = 5_000;
const GOAL_MS = 150;

/** From the time a report was due at its gateway until it is in a client's hands. */
export const liveBench: Bench = {
  name: 'live',
  about: 'gateway publish to WebSocket client at 5,000 readings/s, 20 clients in five classes of rights',
  async run(context) {
    const seconds = context.smoke ? 2 : 30;
    context.say(`${READINGS_PER_S.toLocaleString('en')} readings/s for ${seconds} s`);
    await using rig = await startPipeRig(SIZE);
    await rig.start('actors');
    const clients = new NodeProcess({
      name: 'watch-scene',
      script: new URL('./watch-scene.ts', import.meta.url),
      args: [rig.url],
    });
    await using _clients = { [Symbol.asyncDispose]: async () => void (await clients.stop()) };
    clients.start();
    await clients.message();
    await rig.send({ kind: 'open', readingsPerS: READINGS_PER_S, seconds: Math.ceil(seconds / 5), bootId: 0 });
    clients.send({ kind: 'begin' } satisfies WatchTask);
    await rig.send({ kind: 'open', readingsPerS: READINGS_PER_S, seconds, bootId: 0 });
    clients.send({ kind: 'report' } satisfies WatchTask);
    const { views, messages, bytes, p50Ms, p99Ms, maxMs } = (await clients.message()) as Watched;
    assert(views > 0, 'nothing arrived');
    context.say(`${messages} messages, ${Math.round(bytes / 1e6)} MB, looked at ${views} views; longest ${maxMs} ms`);
    context.report({ metric: 'p50_ms', value: p50Ms, unit: 'ms' });
    context.report({ metric: 'p99_ms', value: p99Ms, unit: 'ms', goal: GOAL_MS, direction: 'at-most' });
  },
};
