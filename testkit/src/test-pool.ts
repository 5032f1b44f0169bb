import pg from 'pg';

/**
 * Connections for a test's own questions.
 *
 * `pool.end()` returns before the sockets are closed: a server that is stopped right after it still says so to them (57P01),
 * the pool passes that on, and an `error` that nobody listens to ends the test's process.
 *
 * @param options.max connections, 1 or more
 */
export function openTestPool(options: { url: string; max: number }): pg.Pool {
  const pool = new pg.Pool({ connectionString: options.url, max: options.max });
  pool.on('error', () => {}); // of a connection that nobody uses; a query under way is told by its own rejection
  return pool;
}
