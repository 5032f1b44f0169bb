import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { pino } from 'pino';
import { registerSandboxMerchant } from './merchant-registry.ts';
import { startSandboxRail } from './sandbox-rail.ts';

/** The sandbox payment rail as a process of its own. */
const bounded = (min: number, max: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max)) throw new InvalidArgumentError(`a number from ${min} to ${max}`);
  return value;
};

type Options = { dir: string; port: number; seed: number; lost: number; doubled: number; lateMs: number; logLevel: string };

const program = new Command('rail')
  .description('Sandbox payment rail: WeChat Pay API v3 without money')
  .addOption(new Option('--dir <dir>', 'its keys, merchants and books').env('RAIL_DIR').default(join('.data', 'rail')))
  .addOption(new Option('--port <n>', 'on 127.0.0.1').env('RAIL_PORT').default(8090).argParser(bounded(0, 65_535)))
  .addOption(new Option('--seed <n>', 'of all chance').default(1).argParser(bounded(0, 2 ** 32 - 1)))
  .addOption(new Option('--lost <ratio>', 'share of callbacks that are lost').default(0).argParser(bounded(0, 1)))
  .addOption(new Option('--doubled <ratio>', 'share of callbacks that come twice').default(0).argParser(bounded(0, 1)))
  .addOption(
    new Option('--late-ms <ms>', 'callbacks wait up to so long, and overtake each other').default(0).argParser(bounded(0, 86_400_000)),
  )
  .addOption(new Option('--log-level <level>', 'pino level').env('LOG_LEVEL').default('info'));

async function main(): Promise<void> {
  const { dir, port, seed, lost, doubled, lateMs, logLevel } = program.parse().opts<Options>();
  registerSandboxMerchant(dir);
  const log = pino({ level: logLevel, name: 'rail' });
  const faults = { seed, lostRatio: lost, doubledRatio: doubled, lateMsMax: lateMs };
  const rail = await startSandboxRail({ dir, port, faults, wallNowMs: Date.now, log });
  log.info({ url: rail.url }, 'the sandbox payment rail is up');
  process.send?.({ type: 'up' });
  const over = Promise.withResolvers<void>();
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, () => over.resolve());
  await over.promise;
  await rail.stop();
  // The channel to whoever started us would keep the process alive.
  process.exit(0);
}

try {
  await main();
} catch (cause) {
  process.stderr.write(`rail: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
}
