import pg from 'pg';

/**
 * Connections for a test's own questions.
 *
 * `pool.end()` returns before the sockets are closed, and by then the pool listens to them no more: a server stopped right
 * after it would say so (57P01) to nobody, which ends the test's process.
 *
 * @param options.max connections, 1 or more
 */
export function openTestPool(options: { url: string; max: number }): pg.Pool {
  const pool = new pg.Pool({ connectionString: options.url, max: options.max });
  pool.on('connect', (client) => client.on('error', () => {})); // a query under way is told by its own rejection
  return pool;
}
