import { startCorridor, type TestCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Effect } from '@corridor/actors/network/effect';
import type { PackContext } from '@corridor/actors/pack/pack.rules';
import { startTestDatabase } from '@corridor/testkit/test-database';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileOfThree, type Histories, happen, historiesOf, lastingOf, STATIONS, TRUCKS, writeMovesOf } from './custody.fixture.ts';

function gapsOf(histories: Histories): string[] {
  return [...histories].flatMap(([packId, rows]) =>
    rows.flatMap(({ since, until }, index) => {
      const next = rows[index + 1];
      const follows = next === undefined ? until === null : until === next.since;
      return follows ? [] : [`${packId}: the place of ${since} ends at ${until}, the next one begins at ${next?.since}`];
    }),
  );
}

/** Where the pack says that it is, and its holder says the same. */
function placeByActors(corridor: TestCorridor, packId: string): string {
  const { place } = corridor.context(`pack:${packId}`) as PackContext;
  const ref = place.kind === 'TRUCK' ? (`truck:${place.id}` as const) : (`slot:${place.id}` as const);
  const holder = corridor.context(ref) as { packId: string | null };
  return holder.packId === packId ? `${place.kind}:${place.id}` : `${place.kind}:${place.id}, which holds ${holder.packId}`;
}

const visit = fc.record({ station: fc.nat(STATIONS.length - 1), truck: fc.nat(TRUCKS - 1), counted: fc.boolean() });
/** Whose event is delivered next, and whether a batch ends there. */
const delivery = fc.record({ station: fc.nat(STATIONS.length - 1), cut: fc.boolean() });

it('has the same history of every pack, whichever station is heard first', async () => {
  await using test = await startTestDatabase();
  const { database } = test;
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(visit, { minLength: 2, maxLength: 10 }),
      fc.array(delivery, { maxLength: 120 }),
      async (visits, deliveries) => {
        run += 1;
        const platformId = `P${run}`;
        const corridor = startCorridor({ file: fileOfThree() });
        const { network } = corridor;
        const write = async (effects: readonly Effect[]) => writeMovesOf(database, platformId, effects);
        await write(corridor.effects);
        const { journals, histories } = happen(corridor, visits);
        const deliver = (station: number) => {
          const next = journals[station]?.shift();
          if (next !== undefined) network.step({ ...next, atMs: Math.max(next.atMs, network.nowMs) });
        };
        for (const { station, cut } of deliveries) {
          deliver(station);
          if (cut) await write(corridor.drain().effects);
        }
        for (const [station, journal] of journals.entries()) while (journal.length > 0) deliver(station);
        await write(corridor.drain().effects);

        const told = await historiesOf(database, platformId);
        expect(gapsOf(told)).toEqual([]);
        expect(lastingOf(told)).toEqual(histories);
        for (const [packId, rows] of told) expect(rows.at(-1)?.place).toBe(placeByActors(corridor, packId));
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 20) },
  );
});
