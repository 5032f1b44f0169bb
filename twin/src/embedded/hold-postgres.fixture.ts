/** For tests that kill: starts a server on the folder given and stays until it is killed. */
import { silentLog } from '../log.ts';
import { startPostgres } from './postgres.ts';

const [dir] = process.argv.slice(2);
if (dir === undefined) throw new Error('usage: hold-postgres.fixture.ts DIR');
const server = await startPostgres({ dir, log: silentLog() });
process.stdout.write(JSON.stringify({ serverPid: server.pid }));
process.stdin.resume();
await server.exited;
