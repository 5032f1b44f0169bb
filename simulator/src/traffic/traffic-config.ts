import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScope } from '@corridor/protocols/subject';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_NETWORK_PATH } from '../plant/corridor-files.ts';

/** What the traffic simulator is told. */
export type TrafficConfig = {
  networkPath: string;
  apiUrl: string;
  natsUrl: string;
  factor: number;
  seed: number;
  dataDir: string;
  scope: string;
  /** Text of the creds file that may publish the clock of the scope; null = the clock is not published. */
  clockCreds: string | null;
  /** Bearer token of a service, for enrolment and top-ups; read anew each time, because tokens run out and files are renewed. */
  token: () => string;
  logLevel: string;
  /** Lets faults be injected on the way of the messages. */
  faults: boolean;
  /** Port of the first station's page, those of the others follow in the order of the network file; null = none is served. */
  pagePort: number | null;
};

export class TrafficConfigError extends Error {
  readonly code = 'TRAFFIC_CONFIG';
}

export const FACTOR_MIN = 1;
export const FACTOR_MAX = 100;

const between =
  (name: string, min: number, max: number, integer: boolean) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max) || (integer && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`${name} is a number from ${min} to ${max}.`);
    }
    return value;
  };

type Options = {
  network: string;
  api: string;
  nats: string;
  factor: number;
  seed: number;
  dataDir: string;
  scope: string;
  creds?: string;
  tokenFile?: string;
  logLevel: string;
  faults: boolean;
  stationPages?: number;
};

/**
 * Reads the command line, then the environment.
 * @throws TrafficConfigError in one line; commander ends the process on an unknown option
 */
export function trafficConfig(argv: readonly string[], env: NodeJS.ProcessEnv): TrafficConfig {
  const program = new Command('traffic')
    .description('Simulated trucks and stations of a network, as real gateways and T-boxes over NATS')
    .addOption(new Option('--network <file>', 'network file').env('NETWORK_FILE').default(DEFAULT_NETWORK_PATH))
    .addOption(new Option('--api <url>', 'HTTP address of the twin').env('API_URL').default('http://127.0.0.1:8080'))
    .addOption(new Option('--nats <url>', 'NATS server').env('NATS_URL').default('nats://127.0.0.1:4222'))
    .addOption(
      new Option('--factor <n>', 'scope time per wall time')
        .env('SPEED')
        .default(10)
        .argParser(between('the factor', FACTOR_MIN, FACTOR_MAX, false)),
    )
    .addOption(
      new Option('--seed <n>', 'seed of all chance')
        .env('SEED')
        .default(1)
        .argParser(between('the seed', 0, 2 ** 32 - 1, true)),
    )
    .addOption(new Option('--data-dir <dir>', 'where the simulated world is kept').default(join(env['DATA_DIR'] ?? '.data', 'traffic')))
    .addOption(new Option('--scope <scope>', 'live or sim-<runId>').env('SCOPE').default('live'))
    .addOption(new Option('--creds <file>', 'NATS credentials that may publish the clock').env('SIM_CREDS'))
    .addOption(new Option('--token-file <file>', 'bearer token of a service; or SIM_TOKEN').env('SIM_TOKEN_FILE'))
    .addOption(new Option('--log-level <level>', 'pino level').env('LOG_LEVEL').default('info'))
    .addOption(
      new Option('--station-pages <port>', 'serves the page of each station on loopback, the first one here')
        .env('STATION_PAGES')
        .argParser(between('the port', 1, 65_000, true)),
    )
    .option('--no-faults', 'send past the place where faults can be injected');
  // Commander reads process.env itself; handing one in keeps this testable.
  const saved = process.env;
  process.env = env;
  try {
    program.parse([...argv], { from: 'user' });
  } finally {
    process.env = saved;
  }
  return fromOptions(program.opts<Options>(), env);
}

function fromOptions(options: Options, env: NodeJS.ProcessEnv): TrafficConfig {
  if (!isScope(options.scope)) throw new TrafficConfigError(`scope "${options.scope}": use live or sim-<runId>`);
  const { tokenFile } = options;
  const token = () => (tokenFile === undefined ? env['SIM_TOKEN'] : readText(tokenFile, 'token file').trim()) ?? '';
  if (token() === '') throw new TrafficConfigError('no service token: give --token-file or SIM_TOKEN');
  return {
    networkPath: options.network,
    apiUrl: options.api.replace(/\/+$/, ''),
    natsUrl: options.nats,
    factor: options.factor,
    seed: options.seed,
    dataDir: options.dataDir,
    scope: options.scope,
    clockCreds: options.creds === undefined ? null : readText(options.creds, 'credentials file'),
    token,
    logLevel: options.logLevel,
    faults: options.faults,
    pagePort: options.stationPages ?? null,
  };
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TrafficConfigError(`${what} ${path}: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause });
  }
}
