/** For tests that kill: starts the servers of a test and stays until it is killed. */
import { startTestNats } from './test-nats.ts';
import { startTestPostgres } from './test-postgres.ts';

const [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()]);
process.stdout.write(JSON.stringify({ pids: [nats.pid(), postgres.pid()], dir: postgres.dir }));
process.stdin.resume();
