import { ENGINES, type EngineName } from '@corridor/actors/network/engines';
import { Command, InvalidArgumentError, Option } from 'commander';

export interface SimulateOptions {
  file: string;
  seeds: number | null;
  days: number | null;
  out: string | null;
  engine: EngineName;
  json: boolean;
  threads: number | null;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError(`${text} is not a number above 0.`);
  return value;
};
const count = (text: string): number => {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError(`${text} is not a whole number.`);
  return value;
};

/** Ends the process with a line on stderr when what is given makes no sense. */
export function simulateOptions(argv: readonly string[]): SimulateOptions {
  const program = new Command('simulate')
    .description('Runs a scenario in virtual time (docs/architecture/planner.md). Shipped scenarios: simulator/scenarios')
    .argument('<scenario.json>', 'the scenario')
    .option('--seeds <n>', 'so many runs, each with its own seed; default: as the scenario says', count)
    .option('--days <n>', 'horizon; default: as the scenario says', positive)
    .option('--out <dir>', 'write result.json, orders.csv and timeseries.csv there')
    .addOption(new Option('--engine <name>', 'what runs the machines').choices(Object.keys(ENGINES)).default('compiled'))
    .option('--threads <n>', 'default: the cores of the machine', count)
    .option('--json', 'print result.json instead of a summary')
    .parse([...argv], { from: 'user' });
  const options = program.opts<{ seeds?: number; days?: number; out?: string; engine: EngineName; threads?: number; json?: boolean }>();
  return {
    file: program.args[0] ?? '',
    seeds: options.seeds ?? null,
    days: options.days ?? null,
    out: options.out ?? null,
    engine: options.engine,
    json: options.json === true,
    threads: options.threads ?? null,
  };
}
