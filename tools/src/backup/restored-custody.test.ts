import { restartable, startCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Input } from '@corridor/actors/network/input';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestDatabase } from '@corridor/testkit/test-database';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { backUp, restoreBackup } from '@corridor/twin/db/backup';
import { type Database, openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { fileOfThree, happen, historiesOf, lastingOf, writeMovesOf } from '@corridor/twin/writer/custody.fixture';
import { expect, it } from 'vitest';
import { verifyDatabase } from '../verify/verify-database.ts';

it('has the same custody after a restore whose stations send again in another order', async () => {
  await using first = await startTestDatabase();
  await using second = await startTestPostgres();
  using folder = temporaryFolder();
  const corridor = startCorridor({ file: fileOfThree() });
  await first.database.pool.query("insert into platform values ('PF', 'Platform', now())");
  await writeMovesOf(first.database, 'PF', corridor.effects);
  const visits = [0, 1, 2, 0, 1, 0, 2, 1].map((station, index) => ({ station, truck: index % 3, counted: index % 2 === 0 }));
  const { journals, histories } = happen(corridor, visits);
  await backUp(first.database, folder.path, silentLog());
  const restored = restartable({ ...corridor, stored: new Map(corridor.stored) });
  restored.restart();

  const take = async (database: Database, host: typeof corridor, inputs: readonly Input[]) => {
    for (const input of inputs) host.network.step({ ...input, atMs: Math.max(input.atMs, host.network.nowMs) });
    await writeMovesOf(database, 'PF', host.drain().effects);
  };
  const inOrder = journals.flat().toSorted((one, other) => one.atMs - other.atMs);
  await take(first.database, corridor, inOrder);
  const again = openDatabase({ url: second.url, log: silentLog(), name: 'test' });
  try {
    await restoreBackup(again, folder.path, silentLog());
    // Each station tells all that it has before the next one is heard, the last one first.
    for (const journal of journals.toReversed()) await take(again, restored, journal);
    expect(corridor.effects.some(({ type }) => type === 'custody.passed')).toBe(true);
    for (const database of [first.database, again]) {
      expect((await verifyDatabase(database)).findings).toEqual([]);
      expect(lastingOf(await historiesOf(database, 'PF'))).toEqual(histories);
    }
  } finally {
    await again.close();
  }
});
