import { ConfigError, readConfig, settingLines } from '@corridor/twin/config';
import { Command } from 'commander';
import { Corridor } from './corridor.ts';
import { StatusLine } from './status-line.ts';
import { StopRequests } from './stop-requests.ts';

/**
 * `npm start`: the whole corridor on embedded defaults. Ctrl-C stops it in order; the data stays, and the next start goes
 * on where this one stopped.
 */
new Command('npm start --')
  .description(
    'Starts the whole corridor on embedded defaults: twin, gateways, traffic, payment rail and viewer. Ctrl-C stops it in order; the data stays.',
  )
  .addHelpText('after', `\nIt takes no arguments. What can be set is in the environment:\n${settingLines().join('\n')}`)
  .parse();
const line = new StatusLine(process.stdout);

/** Errors that tell in one line what to do have a constant code of ours. */
function lineOf(cause: unknown): string {
  if (cause instanceof ConfigError) return cause.message;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.message;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

async function main(): Promise<number> {
  const asked = Promise.withResolvers<null>();
  const requests = new StopRequests();
  const corridor = new Corridor({ config: readConfig(process.env), root: new URL('../../../', import.meta.url), line });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const request = requests.of(signal, performance.now());
      if (request === 'STOP') line.say('Stopping: everything that was taken is written first …');
      if (request === 'STILL') line.say('Still stopping. Once more ends everything at once.');
      if (request === 'FORCE') {
        corridor.kill();
        process.exit(130);
      }
      asked.resolve(null);
    });
  }
  try {
    const cause = await Promise.race([corridor.run(), asked.promise]);
    if (cause === null) return 0;
    line.say(cause);
    return 1;
  } finally {
    await corridor.stop();
    if (requests.isAsked) line.say('Stopped. The data stays; the next start goes on from here.');
  }
}

try {
  process.exit(await main());
} catch (cause) {
  process.stderr.write(`${lineOf(cause)}\n`);
  process.exit(1);
}
