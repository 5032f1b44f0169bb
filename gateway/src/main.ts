import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bayIdOf } from '@corridor/protocols/ids';
import { NetworkFile, type StationDefinition } from '@corridor/protocols/network-file';
import { isScope } from '@corridor/protocols/subject';
import { Command } from 'commander';
import { pino } from 'pino';
import { Compile } from 'typebox/compile';
import { ScopeClock } from './clock/scope-clock.ts';
import { CONSOLE_HELP, openConsole } from './dry-run/dry-run-console.ts';
import { DryRunFile } from './dry-run/dry-run-state.ts';
import { DryRunStation } from './dry-run/dry-run-station.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { JournalError } from './journal/journal-errors.ts';
import { makeFolder } from './journal/make-folder.ts';
import type { LinkState } from './link/connection.ts';
import { CredentialsError, readCredentials } from './link/credentials.ts';
import { readPeople } from './page/page-people.ts';
import type { StationPageOptions } from './page/station-page.ts';
import { StationPageError } from './page/station-page-error.ts';
import type { Motion, MotionFailure } from './ports/robot.ts';

/** Something on the command line or in a file that the person who started us can put right. */
class UsageError extends Error {
  readonly code = 'USAGE';
}

type Options = {
  station: string;
  creds: string;
  nats: string;
  dataDir?: string;
  scope: string;
  network: string;
  logLevel: string;
  page?: string;
  pageHost: string;
  pageTokenFile?: string;
};

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function readNetwork(path: string): NetworkFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const detail = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new UsageError(`network file ${path} ${detail}`, { cause });
  }
  const validator = Compile(NetworkFile);
  if (validator.Check(value)) return value;
  const [first] = validator.Errors(value);
  throw new UsageError(
    `network file ${path} is not one: ${first ? `${first.instancePath || '/'} ${first.message}` : 'does not match its schema'}`,
  );
}

function stationOf(network: NetworkFile, stationId: string, path: string): StationDefinition {
  const station = network.stations.find(({ id }) => id === stationId);
  if (station) return station;
  throw new UsageError(`${path} has no station ${stationId}; it has ${network.stations.map(({ id }) => id).join(' ')}`);
}

function makeDataFolder(path: string): void {
  try {
    makeFolder(path, 0o700);
  } catch (cause) {
    throw new UsageError(`data folder ${path} cannot be made (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
  }
}

const LINK_LINE: Readonly<Record<LinkState, string>> = {
  CONNECTING: 'connecting to NATS',
  UP: 'connected to NATS',
  DOWN: 'NATS is not reachable, trying again for ever; the station goes on and keeps its events',
  REFUSED: 'NATS refuses these credentials, trying again now and then; have the platform issue new ones if they were revoked',
  STOPPED: 'disconnected',
};

/** Port, interface and people of the station's page; null = none is asked for. */
function pageOptions({ page, pageHost, pageTokenFile }: Options): StationPageOptions | null {
  if (page === undefined) return null;
  const port = Number(page);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(`"${page}" is not a port`);
  if (pageTokenFile === undefined) return { port, host: pageHost, people: [] };
  let text: string;
  try {
    text = readFileSync(resolve(pageTokenFile), 'utf8');
  } catch (cause) {
    throw new UsageError(`token file ${pageTokenFile} cannot be read`, { cause });
  }
  const people = readPeople(text);
  if (people.length === 0) throw new UsageError(`token file ${pageTokenFile} has no token`);
  return { port, host: pageHost, people };
}

type Failing = { motion: Motion; reason: MotionFailure; left: number };

function dryRun(options: Options, network: NetworkFile, station: StationDefinition, dataDir: string) {
  const clock = new ScopeClock();
  const file = new DryRunFile(join(dataDir, 'dry-run.json'));
  const failing: Failing[] = [];
  const plant = new DryRunStation({
    network,
    station,
    clock,
    state: file.load(),
    save: (state) => file.save(state),
    failure: ({ motion }) => {
      const found = failing.find((candidate) => candidate.motion === motion && candidate.left > 0);
      if (found) found.left -= 1;
      return found?.reason ?? null;
    },
    onPrompt: (bayId, prompt) => print(prompt ? `${bayId}: ${prompt.kind} (${prompt.reasonCode})` : `${bayId}: nothing to do`),
  });
  const stop = (): void => {
    plant.stop();
    clock.stop();
  };
  const log = pino({ level: options.logLevel }, pino.destination({ dest: 2, sync: true }));
  return { clock, plant, stop, log, fail: (motion: Motion, reason: MotionFailure, left: number) => failing.push({ motion, reason, left }) };
}

/** Runs one station on dry-run equipment until it is told to stop. @returns exit code */
async function run(options: Options): Promise<number> {
  if (!isScope(options.scope)) throw new UsageError(`scope "${options.scope}" is neither live nor sim-<runId>`);
  const network = readNetwork(resolve(options.network));
  const station = stationOf(network, options.station, options.network);
  const credentials = readCredentials(resolve(options.creds), station.id);
  const page = pageOptions(options);
  const dataDir = resolve(options.dataDir ?? join('.data', 'gateway', station.id));
  makeDataFolder(dataDir);
  const { clock, plant, stop, log, fail } = dryRun(options, network, station, dataDir);
  const over = Promise.withResolvers<number>();
  let gateway: Gateway;
  try {
    gateway = startGateway({
      scope: options.scope,
      station,
      creds: credentials.text,
      servers: options.nats,
      dataDir,
      equipment: plant.equipment,
      syncClock: (sync) => clock.sync(sync),
      log,
      onLink: (state, detail) => print(`${LINK_LINE[state]}${detail === null ? '' : ` (${detail})`}`),
      onFatal: (cause) => {
        process.stderr.write(`gateway: ${cause instanceof Error ? cause.message : String(cause)}\n`);
        over.resolve(1);
      },
    });
  } catch (cause) {
    stop();
    throw cause;
  }
  print(`station ${station.id} ${station.name}, boot ${gateway.status().bootId}, data in ${dataDir}, dry-run equipment; type "help"`);
  try {
    if (page) print(`station page at ${await gateway.openPage(page)}${page.people.length === 0 ? ', read-only' : ''}`);
  } catch (cause) {
    await gateway.stop('its page could not be opened');
    stop();
    throw cause;
  }
  const closeConsole = openConsole(process.stdin, { plant, gateway, bayId: bayIdOf(station.id, 1), print, fail });
  const interrupt = (): void => over.resolve(0);
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const code = await over.promise;
  closeConsole();
  process.stdin.destroy();
  await gateway.stop('stopped by its operator');
  stop();
  return code;
}

const program = new Command('gateway')
  .description(`The control system of one swap station, on dry-run equipment.\n\nOn its input it takes:\n${CONSOLE_HELP}`)
  .requiredOption('--station <id>', 'station of the network file')
  .requiredOption('--creds <file>', 'credentials the platform issued for this station')
  .option('--nats <url>', 'NATS server', process.env.NATS_URL ?? 'nats://127.0.0.1:4222')
  .option('--data-dir <dir>', 'journal and state of this station (default: .data/gateway/<station>)')
  .option('--scope <scope>', 'live or sim-<runId>', process.env.SCOPE ?? 'live')
  .option('--network <file>', 'network file', 'data/corridor/network.json')
  .option('--page <port>', "serves the station's page here; 0 takes a free port")
  .option('--page-host <host>', "interface of the station's page", '127.0.0.1')
  .option(
    '--page-token-file <file>',
    'who may act on the page: a token a line, and after it the name that its acts are logged with; without one it is read-only',
  )
  .option('--log-level <level>', 'of the log on stderr', process.env.LOG_LEVEL ?? 'warn')
  .action(async (options: Options) => {
    try {
      process.exitCode = await run(options);
    } catch (cause) {
      if (
        !(
          cause instanceof UsageError ||
          cause instanceof CredentialsError ||
          cause instanceof JournalError ||
          cause instanceof StationPageError
        )
      )
        throw cause;
      process.stderr.write(`gateway: ${cause.message}\n`);
      process.exitCode = 1;
    }
  });

await program.parseAsync();
