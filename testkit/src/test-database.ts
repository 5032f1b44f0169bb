import { type Database, openDatabase } from '@corridor/twin/db/db';
import { migrate } from '@corridor/twin/db/migrate';
import { silentLog } from '@corridor/twin/log';
import { startTestPostgres, type TestPostgres } from './test-postgres.ts';

/** A migrated, empty database on a server of its own: `await using test = await startTestDatabase();` */
export type TestDatabase = { readonly database: Database; readonly postgres: TestPostgres; [Symbol.asyncDispose](): Promise<void> };

export async function startTestDatabase(): Promise<TestDatabase> {
  const postgres = await startTestPostgres({ migrated: true });
  const database = openDatabase({ url: postgres.url, log: silentLog(), name: 'test' });
  await migrate(database);
  return {
    database,
    postgres,
    async [Symbol.asyncDispose]() {
      await database.close();
      await postgres[Symbol.asyncDispose]();
    },
  };
}
