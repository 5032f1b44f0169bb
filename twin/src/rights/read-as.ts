import pg from 'pg';
import type { Database, Db } from '../db/db.ts';
import { bookOwnerOf, type Rights } from '../projection/rights.ts';

/** Role of the database that owns nothing and sees what the caller may see: see migration 15. */
const ROLE = 'corridor_app';

/** Text that binds the transaction it is sent in to the caller's rows. */
export function actAs(rights: Rights): string {
  const settings = {
    'corridor.rights': rights.kind,
    'corridor.principal': bookOwnerOf(rights) ?? '',
    'corridor.driver': rights.kind === 'DRIVER' ? rights.driverId : '',
  };
  const set = Object.entries(settings).map(([name, value]) => `set local ${name} = ${pg.escapeLiteral(value)}`);
  return [`set local role ${ROLE}`, ...set].join('; ');
}

/**
 * Queries that see what the caller may see, each in a transaction of its own that reads only. A condition that a query lacks costs rows,
 * not secrets.
 */
export function readAs(database: Database, rights: Rights): Db {
  const begin = `begin read only; ${actAs(rights)}`;
  return {
    async query<Row extends pg.QueryResultRow>(config: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
      const client = await database.pool.connect();
      let isOver = false;
      try {
        await client.query(begin);
        const result = await client.query<Row>(config);
        await client.query('commit');
        isOver = true;
        return result;
      } catch (cause) {
        isOver = await client.query('rollback').then(
          () => true,
          () => false, // the connection is gone, and with it the transaction; the cause is thrown below
        );
        throw cause;
      } finally {
        // A connection that may still act for a caller goes back to nobody.
        client.release(!isOver);
      }
    },
  };
}
