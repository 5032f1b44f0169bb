import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { ControlFile } from './control-server.ts';
import { FAULT_CATALOGUE } from './fault-catalogue.ts';

class FaultCommandError extends Error {
  readonly code = 'FAULT_COMMAND';
}

const CONTROL_FILE = 'control.json';

/** @throws FaultCommandError when no simulator runs on this data folder */
function controlFile(dataDir: string): ControlFile {
  const path = join(dataDir, 'traffic', CONTROL_FILE);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ControlFile;
  } catch (cause) {
    throw new FaultCommandError(`no running traffic simulator: ${path} cannot be read`, { cause });
  }
}

async function call(dataDir: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const { url, token } = controlFile(dataDir);
  const init = { method, headers: { authorization: `Bearer ${token}` } };
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
  } catch (cause) {
    throw new FaultCommandError(`the traffic simulator does not answer at ${url}`, { cause });
  }
  const answer = (await response.json()) as { reason?: string };
  if (!response.ok) throw new FaultCommandError(answer.reason ?? `refused with ${response.status}`);
  return answer;
}

function print(value: unknown): void {
  process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}\n`);
}

function catalogueText(): string {
  return FAULT_CATALOGUE.map(({ id, problem, injectors }) => {
    const how = injectors.map((injector) => (injector.layer === 'NATURAL' ? `(${injector.how})` : injector.kind)).join(', ');
    return `${id.padEnd(4)} ${problem.padEnd(44)} ${how}`;
  }).join('\n');
}

/** `ratio=0.5` -> number, `sources=HH1+T001` -> list, else text. */
function parameters(pairs: readonly string[]): Record<string, unknown> {
  const entries = pairs.map((pair) => {
    const [key = '', ...rest] = pair.split('=');
    const text = rest.join('=');
    if (text === '') throw new FaultCommandError(`"${pair}": write name=value`);
    if (key === 'sources') return [key, text.split('+')];
    return [key, text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

async function main(): Promise<void> {
  const program = new Command('faults').description('Faults for a running traffic simulator');
  const dataDir = new Option('--data-dir <dir>', 'data folder of the running start').env('DATA_DIR').default('.data');
  program
    .command('list')
    .description('what can go wrong')
    .action(() => print(catalogueText()));
  program
    .command('active')
    .description('what goes wrong now')
    .addOption(dataDir)
    .action(async (options: { dataDir: string }) => print(await call(options.dataDir, 'GET', '/faults')));
  program
    .command('inject')
    .description('for example: inject LATE sources=T001+T002 delayMs=5000 --seconds 120')
    .argument('<kind>')
    .argument('[parameters...]')
    .option('--seconds <n>', 'how long; wall time on the wire, scope time in the plant')
    .addOption(dataDir)
    .action(async (kind: string, pairs: string[], options: { dataDir: string; seconds?: string }) => {
      const durationMs = options.seconds === undefined ? null : Number(options.seconds) * 1000;
      print(await call(options.dataDir, 'POST', '/faults', { fault: { kind, ...parameters(pairs) }, durationMs }));
    });
  program
    .command('clear')
    .argument('<id>')
    .addOption(dataDir)
    .action(async (id: string, options: { dataDir: string }) => print(await call(options.dataDir, 'DELETE', `/faults/${id}`)));
  await program.parseAsync(process.argv);
}

main().catch((cause: unknown) => {
  process.stderr.write(
    `faults: ${cause instanceof FaultCommandError ? cause.message : cause instanceof Error ? cause.stack : String(cause)}\n`,
  );
  process.exitCode = 1;
});
