import { ENGINES, type EngineName } from '@corridor/actors/network/engines';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { FieldValue } from '../planner/json-pointer.ts';
import { type Goal, goalOf } from '../planner/search.ts';
import type { Ranking, SweptField } from '../planner/sweep.ts';

/** Exit code of a command that makes no sense. */
export const EXIT_NO_SENSE = 2;

export interface CommonOptions {
  seeds: number | null;
  days: number | null;
  out: string | null;
  engine: EngineName;
  json: boolean;
  threads: number | null;
}

export type SimulateOptions = CommonOptions &
  (
    | { command: 'run'; file: string; recordTo: string | null }
    | { command: 'compare'; file: string; other: string }
    | { command: 'sweep'; file: string; fields: readonly SweptField[]; ranking: Ranking }
    | { command: 'search'; file: string; pointer: string; from: number; to: number; goal: Goal; each: boolean; triesMax: number }
  );

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError(`${text} is not a number above 0.`);
  return value;
};
const whole = (text: string): number => {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value)) throw new InvalidArgumentError(`${text} is not a whole number.`);
  return value;
};
const count = (text: string): number => whole(String(positive(text)));
/** More have never been of use, and each takes the memory of a run. */
const THREADS_MAX = 256;
const threadCount = (text: string): number => {
  const value = count(text);
  if (value > THREADS_MAX) throw new InvalidArgumentError(`${text} is more than ${THREADS_MAX}.`);
  return value;
};

const valueOf = (text: string): FieldValue => {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
};
function sweptField(text: string, before: readonly SweptField[] = []): SweptField[] {
  const at = text.indexOf('=');
  const values = text.slice(at + 1).split(',');
  if (at < 1 || values.includes('')) throw new InvalidArgumentError('Such as /stations/*/packs=5,6,7.');
  return [...before, { pointer: text.slice(0, at), values: values.map(valueOf) }];
}
function ranking(text: string): Ranking {
  const [kpi = '', order = 'least'] = text.split(':');
  if (order !== 'least' && order !== 'most') throw new InvalidArgumentError('Such as waitMsP95 or tripsPerDay:most.');
  return { kpi, order };
}
function goal(text: string): Goal {
  const found = goalOf(text);
  if (found === null) throw new InvalidArgumentError("Such as 'waitMsP95<600000'.");
  return found;
}

/** Options that all commands have. */
const withCommon = (command: Command): Command =>
  command
    .option('--seeds <n>', 'so many runs, each with its own seed; default: as the scenario says', count)
    .option('--days <n>', 'horizon; default: as the scenario says', positive)
    .option('--out <dir>', 'write results and report.html there')
    .addOption(new Option('--engine <name>', 'what runs the machines').choices(Object.keys(ENGINES)).default('compiled'))
    .option('--threads <n>', 'default: the cores of the machine', threadCount)
    .option('--json', 'print the result instead of a summary');

interface Given {
  seeds?: number;
  days?: number;
  out?: string;
  engine: EngineName;
  threads?: number;
  json?: boolean;
}
const commonOf = ({ seeds, days, out, engine, threads, json }: Given): CommonOptions => ({
  seeds: seeds ?? null,
  days: days ?? null,
  out: out ?? null,
  engine,
  json: json === true,
  threads: threads ?? null,
});

/** Ends the process with a line on stderr when what is given makes no sense. */
export function simulateOptions(argv: readonly string[]): SimulateOptions {
  let chosen: SimulateOptions | null = null;
  const program = new Command('simulate')
    .description('Runs scenarios in virtual time (docs/architecture/planner.md). Shipped scenarios: simulator/scenarios')
    // As for a scenario that makes no sense. Commands that follow take it over.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_NO_SENSE));
  withCommon(program.command('run', { isDefault: true }))
    .description('one scenario; may be left out: simulate SCENARIO.json')
    .argument('<scenario.json>', 'the scenario')
    .option('--record <file>', 'record the first run there, for the viewer to play')
    .action((file: string, given: Given & { record?: string }) => {
      chosen = { command: 'run', file, recordTo: given.record ?? null, ...commonOf(given) };
    });
  withCommon(program.command('compare'))
    .description('two scenarios with the same seeds, run by run')
    .argument('<first.json>')
    .argument('<second.json>', 'told as more or less than the first')
    .action((file: string, other: string, given: Given) => {
      chosen = { command: 'compare', file, other, ...commonOf(given) };
    });
  withCommon(program.command('sweep'))
    .description('a scenario with fields set to several values, in all combinations')
    .argument('<scenario.json>')
    .requiredOption('--set <field=values>', 'such as /stations/*/packs=5,6,7; may stand several times', sweptField)
    .addOption(
      new Option('--rank <figure[:most]>', 'by what the results are ranked')
        .argParser(ranking)
        .default({ kpi: 'waitMsP95', order: 'least' }, 'waitMsP95'),
    )
    .action((file: string, given: Given & { set: SweptField[]; rank: Ranking }) => {
      chosen = { command: 'sweep', file, fields: given.set, ranking: given.rank, ...commonOf(given) };
    });
  withCommon(program.command('search'))
    .description('the least whole number for which a goal holds, such as packs for waits below 10 min')
    .argument('<scenario.json>')
    .requiredOption('--field <path>', 'such as /stations/*/packs')
    .requiredOption('--from <n>', 'least value', whole)
    .requiredOption('--to <n>', 'greatest value', whole)
    .requiredOption('--goal <goal>', "such as 'waitMsP95<600000'; the 95 % interval must keep it", goal)
    .option('--each', 'then lower each field on its own as far as the goal holds')
    .option('--tries <n>', 'scenarios that may be tried', count, 50)
    .action(
      (
        file: string,
        given: Given & { field: string; from: number; to: number; goal: Goal; each?: boolean; tries: number },
        command: Command,
      ) => {
        if (given.to < given.from) command.error(`error: --to ${given.to} is less than --from ${given.from}`);
        const { field: pointer, from, to, tries: triesMax } = given;
        chosen = { command: 'search', file, pointer, from, to, goal: given.goal, each: given.each === true, triesMax, ...commonOf(given) };
      },
    );
  program.parse([...argv], { from: 'user' });
  if (chosen === null) throw new TypeError('no command was chosen');
  return chosen;
}
