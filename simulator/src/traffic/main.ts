import { type Logger, pino } from 'pino';
import { startTraffic, type Traffic } from './start-traffic.ts';
import { type TrafficConfig, TrafficConfigError, trafficConfig } from './traffic-config.ts';

const STATUS_EVERY_MS = 30_000;
/** A stop that hangs (a server that is gone for good) is ended after this. */
const STOP_MS_MAX = 15_000;

/** Ends the process with one line when an error says what to do, with its stack when it is a bug. */
function fail(cause: unknown): never {
  const known = cause instanceof Error && typeof (cause as { code?: unknown }).code === 'string';
  process.stderr.write(known ? `traffic: ${cause.message}\n` : `traffic: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
  process.exit(1);
}

function readConfig(): TrafficConfig {
  try {
    return trafficConfig(process.argv.slice(2), process.env);
  } catch (cause) {
    if (!(cause instanceof TrafficConfigError)) throw cause;
    return fail(cause);
  }
}

function logStatus(traffic: Traffic, log: Logger): void {
  const trucks = Object.values(traffic.host.plant.state.trucks);
  const count = (mode: string) => trucks.filter((truck) => truck.mode === mode).length;
  log.debug(
    {
      scopeAt: new Date(traffic.host.clock.nowMs()).toISOString(),
      driving: count('DRIVING'),
      queueing: count('QUEUEING'),
      inBay: count('IN_BAY'),
      stranded: count('STRANDED'),
      telemetryDropped: traffic.fleet.dropped,
    },
    'traffic',
  );
}

async function main(): Promise<void> {
  const config = readConfig();
  const log = pino({ level: config.logLevel, name: 'traffic' });
  const over = Promise.withResolvers<unknown>();
  const traffic = await startTraffic(config, { log, onFatal: (cause) => over.resolve(cause) });
  const asked = () => over.resolve(null);
  process.once('SIGINT', asked);
  process.once('SIGTERM', asked);
  // Started by another process over a channel: its end is ours.
  process.once('disconnect', asked);
  const status = setInterval(() => logStatus(traffic, log), STATUS_EVERY_MS);
  traffic.started.then(
    () => log.info({ stations: traffic.stations.size, trucks: traffic.fleet.size, factor: config.factor }, 'traffic runs'),
    () => undefined,
  );
  const cause = await over.promise;
  clearInterval(status);
  setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
  await traffic.stop();
  if (cause !== null) fail(cause);
  // The channel to whoever started us would keep the process alive.
  process.exit(0);
}

main().catch(fail);
