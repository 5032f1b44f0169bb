import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError, readTwinConfig, type TwinConfig } from './config.ts';
import { createLog, type Log } from './log.ts';
import { type RunningTwin, startTwin } from './start-twin.ts';

/** Exit codes: 0 asked to stop; 70 a bug or a lost database, start again; 78 cannot start like this, do not. */
const EXIT_FAILED = 70;
const EXIT_CONFIG = 78;
const STOP_MS_MAX = 15_000;
/** Errors after which another start may succeed: whoever supervises us tries again. */
const PASSING = ['DATABASE_UNREACHABLE', 'NATS_UNREACHABLE'];

const VIEWER_DIR = fileURLToPath(new URL('../../viewer/dist', import.meta.url));

/** An error that says in one line what to do, for people. */
function isPlain(cause: unknown): cause is Error & { code: string } {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && !cause.code.startsWith('ERR_');
}

function readConfig(): TwinConfig {
  try {
    return readTwinConfig(process.env);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    process.stderr.write(`${cause.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

function endStarting(cause: unknown, log: Log): never {
  if (!isPlain(cause)) {
    log.fatal({ err: cause }, 'the twin could not start');
    process.exit(EXIT_FAILED);
  }
  process.stderr.write(`${cause.message}\n`);
  process.exit(PASSING.includes(cause.code) ? EXIT_FAILED : EXIT_CONFIG);
}

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog({ name: 'twin', level: config.logLevel });
  const over = Promise.withResolvers<{ cause: unknown } | null>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => over.resolve(null));
  // Started by another process over a channel: its end is ours.
  process.once('disconnect', () => over.resolve(null));
  let twin: RunningTwin;
  try {
    twin = await startTwin({
      config,
      log,
      viewerDir: existsSync(VIEWER_DIR) ? VIEWER_DIR : null,
      onFatal: (cause) => over.resolve({ cause }),
    });
  } catch (cause) {
    return endStarting(cause, log);
  }
  process.send?.({ type: 'up', url: twin.url });
  const failure = await over.promise;
  setTimeout(() => process.exit(EXIT_FAILED), STOP_MS_MAX).unref();
  if (failure) {
    // What is in memory may be ahead of the database: nothing of it may be written, the next process restores.
    log.fatal({ err: failure.cause }, 'the twin cannot go on');
    process.exit(EXIT_FAILED);
  }
  await twin.stop();
  log.info('stopped');
  process.exit(0);
}

await main();
