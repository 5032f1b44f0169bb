import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('does one thing of a key at a time, in the order asked for, whatever becomes of it, and others beside it', async () => {
  const asked = fc.array(fc.record({ key: fc.constantFrom('A', 'B'), fails: fc.boolean() }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), asked, async (scheduler, works) => {
      const turns = new Turns();
      const busy = new Set<string>();
      const begun: number[] = [];
      const results = works.map(({ key, fails }, index) =>
        turns.run(key, async () => {
          expect(busy.has(key)).toBe(false);
          busy.add(key);
          begun.push(index);
          await scheduler.schedule(Promise.resolve());
          busy.delete(key);
          if (fails) throw new Error(`work ${index}`);
          return index;
        }),
      );
      const ended = Promise.allSettled(results);
      await scheduler.waitFor(ended);
      for (const [index, result] of (await ended).entries()) {
        if (works[index]?.fails === true) expect(result).toMatchObject({ status: 'rejected', reason: { message: `work ${index}` } });
        else expect(result).toEqual({ status: 'fulfilled', value: index });
      }
      for (const key of ['A', 'B']) {
        const ofKey = begun.filter((index) => works[index]?.key === key);
        expect(ofKey).toEqual(ofKey.toSorted((one, other) => one - other));
      }
      expect(begun).toHaveLength(works.length);
    }),
  );
});

it('begins what waits for nobody at once, also beside a key that is taken', async () => {
  const turns = new Turns();
  const first = Promise.withResolvers<string>();
  const begun: string[] = [];
  const taken = turns.run('A', () => first.promise);
  const behind = turns.run('A', async () => begun.push('A'));
  const beside = turns.run('B', async () => begun.push('B'));
  await beside;
  expect(begun).toEqual(['B']);
  first.resolve('done');
  expect(await taken).toBe('done');
  await behind;
  expect(begun).toEqual(['B', 'A']);
});
