import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScope } from '@corridor/protocols/subject';
import { Command, InvalidArgumentError, Option } from 'commander';
import { RecordingError } from './recorded-trip.ts';

export type ReplayConfig = {
  dataset: string;
  map: string | null;
  /** Recorded seconds a wall second; null = as fast as the scope's clock. */
  speed: number | null;
  gapSMax: number;
  trucksMax: number;
  reportOnly: boolean;
  apiUrl: string;
  /** null = as the twin says. */
  natsUrl: string | null;
  dataDir: string;
  scope: string;
  carrierId: string;
  /** Bearer token of a service, asked for at every call because files are renewed; null when none was given. */
  token: (() => string) | null;
};

/** Where a start leaves the token of its own services, mode 0600. */
const SERVICE_TOKEN_FILE = join('credentials', 'service.token');
/** … and where it listens. */
const SERVICE_URL_FILE = join('credentials', 'service.url');

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It is a number greater than 0.');
  return value;
};

type Options = {
  map?: string;
  speed?: number;
  maxGap: number;
  trucks: number;
  reportOnly?: boolean;
  api?: string;
  nats?: string;
  dataDir: string;
  scope: string;
  carrier: string;
  tokenFile?: string;
};

/** @throws RecordingError in one line */
export function replayConfig(argv: readonly string[], env: NodeJS.ProcessEnv): ReplayConfig {
  const program = new Command('replay')
    .description('Publishes recorded trips of real trucks as their T-boxes would have, on the road of the corridor')
    .argument('<dataset>', 'tesla-semi, or a CSV file of your own with --map')
    .option('--map <columns>', 'columns of the CSV: t=Time:s,speed=Speed:mph,soc=SOC:percent,truck=Vehicle,trip=Trip,energy=Energy:kwh')
    .option('--speed <n>', 'recorded seconds per second; default: the pace of the scope', positive)
    .addOption(new Option('--max-gap <s>', 'longer silences of the recording are shortened to this').default(900).argParser(positive))
    .addOption(new Option('--trucks <n>', 'at most so many trucks').default(20).argParser(positive))
    .option('--report-only', 'print measured against modelled energy and publish nothing')
    .addOption(new Option('--api <url>', 'HTTP address of the twin; default: of the running start').env('API_URL'))
    .addOption(new Option('--nats <url>', 'NATS server; default: as the twin says').env('NATS_URL'))
    .addOption(new Option('--data-dir <dir>', 'data folder of the running start').env('DATA_DIR').default('.data'))
    .addOption(new Option('--scope <scope>', 'live or sim-<runId>').env('SCOPE').default('live'))
    .addOption(new Option('--carrier <id>', 'carrier the trucks are registered under').default('C1'))
    .addOption(new Option('--token-file <file>', 'bearer token of a service; or SIM_TOKEN').env('SIM_TOKEN_FILE'))
    .parse([...argv], { from: 'user' });
  const options = program.opts<Options>();
  if (!isScope(options.scope)) throw new RecordingError(`scope "${options.scope}": use live or sim-<runId>`);
  return {
    dataset: program.args[0] ?? '',
    map: options.map ?? null,
    speed: options.speed ?? null,
    gapSMax: options.maxGap,
    trucksMax: Math.floor(options.trucks),
    reportOnly: options.reportOnly === true,
    apiUrl: apiUrlOf(options, env).replace(/\/+$/, ''),
    natsUrl: options.nats ?? null,
    dataDir: join(options.dataDir, 'replay'),
    scope: options.scope,
    carrierId: options.carrier,
    token: tokenOf(options, env),
  };
}

/** Given, or left in the data folder by the running start, or where one would listen. */
function apiUrlOf({ api, dataDir }: Options, env: NodeJS.ProcessEnv): string {
  const left = join(dataDir, SERVICE_URL_FILE);
  return api ?? (existsSync(left) ? readFileSync(left, 'utf8').trim() : `http://127.0.0.1:${env['PORT'] || 8080}`);
}

/** Given, in the environment, or left in the data folder by the running start. */
function tokenOf({ tokenFile, dataDir }: Options, env: NodeJS.ProcessEnv): (() => string) | null {
  const left = join(dataDir, SERVICE_TOKEN_FILE);
  const given = env['SIM_TOKEN'];
  if (tokenFile === undefined && given !== undefined) return given === '' ? null : () => given;
  const file = tokenFile ?? (existsSync(left) ? left : null);
  if (file === null || readToken(file) === '') return null;
  return () => readToken(file);
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new RecordingError(`token file ${file}: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause });
  }
}
