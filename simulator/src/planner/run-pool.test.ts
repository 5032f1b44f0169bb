import { expect, it } from 'vitest';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { RunPool } from './run-pool.ts';

it('names the seed of a run that outgrows its thread, because a queue without bound keeps every truck', async () => {
  const queue = shippedScenario('queue-m-m-1.json');
  const flooded = {
    ...queue,
    fleets: queue.fleets.map((fleet) => ({ ...fleet, arrivals: { kind: 'poisson', perHour: 10_000 } })),
  };
  await using pool = new RunPool({ engine: 'compiled', threads: 1, heapMb: 96 });
  const order = { text: JSON.stringify(flooded), changes: {}, seed: 7, withLines: false, recordTo: null };
  await expect(pool.run([order])).rejects.toMatchObject({
    code: 'RUN_TOO_LARGE',
    seed: 7,
    message: expect.stringMatching(/^SEED=7: the run needs more memory than a thread has/),
  });
});
