import { assert } from '@corridor/protocols/assert';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { NOON_MS, restartable, startCorridor } from './corridor.fixture.ts';
import { deedArbitrary, RandomTraffic } from './random-traffic.fixture.ts';
import type { StoredSnapshot } from './snapshot-codec.ts';

/** Everything that a host would see, with the JSON that a database would hold. */
const byRef = (snapshots: Iterable<StoredSnapshot>) =>
  [...snapshots]
    .map((stored) => JSON.stringify({ ...stored, due: stored.due.map(({ timer, event, dueAtMs }) => ({ timer, event, dueAtMs })) }))
    .sort();

const bigintText = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);

it('does the same whether its actors stay awake, sleep at once, or are restored from what was stored', () => {
  fc.assert(
    fc.property(fc.array(deedArbitrary, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (deeds, every) => {
      const awake = startCorridor();
      const restarted = restartable(startCorridor({ awakeMax: 1 }));
      let inputs = 0;
      const traffics = [
        new RandomTraffic(awake, NOON_MS),
        new RandomTraffic(restarted, NOON_MS, () => {
          inputs += 1;
          if (inputs % every === 0) restarted.restart();
        }),
      ];
      for (const traffic of traffics) {
        for (const deed of deeds) traffic.play(deed);
        traffic.end();
      }
      assert(inputs > 0, 'nothing was played');
      expect(JSON.stringify(restarted.effects, bigintText)).toBe(JSON.stringify(awake.effects, bigintText));
      expect(byRef(restarted.network.snapshots())).toEqual(byRef(awake.network.snapshots()));
    }),
    { numRuns: Number(process.env['RUNS'] ?? 12) },
  );
});

it('stores what it has: what was drained restores to the same actors', () => {
  const corridor = restartable(startCorridor());
  const before = byRef(corridor.network.snapshots());
  corridor.restart();
  expect(byRef(corridor.network.snapshots())).toEqual(before);
});
