import { pino } from 'pino';
import { RecordingError } from './recorded-trip.ts';
import { loadRecording, replay } from './replay.ts';
import { replayConfig } from './replay-config.ts';
import { replayReport } from './replay-report.ts';
import { compareTrip } from './trip-energy.ts';

async function main(): Promise<void> {
  const config = replayConfig(process.argv.slice(2), process.env);
  const trips = loadRecording(config);
  if (trips.length === 0) throw new RecordingError(`${config.dataset} holds no trips`);
  process.stdout.write(`${replayReport(trips.map((trip) => compareTrip(trip)))}\n`);
  if (config.reportOnly) return;
  if (!config.token) throw new RecordingError('no service token: give --token-file or SIM_TOKEN to publish, or --report-only');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  await replay(config, trips, { log: pino({ name: 'replay' }), signal: stop.signal });
}

main().catch((cause: unknown) => {
  const known = cause instanceof Error && 'code' in cause;
  process.stderr.write(`replay: ${known ? cause.message : cause instanceof Error ? cause.stack : String(cause)}\n`);
  process.exitCode = 1;
});
