import { Command, InvalidArgumentError } from 'commander';

/** Where what was found goes. */
interface CalibrateTarget {
  out: string | null;
  /** A scenario that is to take it over. */
  scenario: string | null;
}

export type CalibrateOptions = CalibrateTarget & CalibrateQuestion;
type CalibrateQuestion =
  | { kind: 'swaps'; file: string; map: string | null; packWh: number | null }
  | { kind: 'charges'; file: string; map: string | null; capacityWh: number; tempC: number }
  | { kind: 'trips'; dataset: string; map: string | null; withDoubtful: boolean };

interface TargetOptions {
  out?: string;
  scenario?: string;
}
const targetOf = ({ out = null, scenario = null }: { out?: string | null; scenario?: string | null }): CalibrateTarget => ({
  out,
  scenario,
});

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError(`${text} is not a number above 0.`);
  return value;
};

const temperature = (text: string): number => {
  const value = Number(text);
  if (text === '' || !(value >= 0 && value <= 55)) throw new InvalidArgumentError(`${text} is not 0 to 55 °C, at which packs are charged.`);
  return value;
};

/** Ends the process with a line on stderr when what is given makes no sense. */
export function calibrateOptions(argv: readonly string[]): CalibrateOptions {
  let chosen: CalibrateOptions | null = null;
  const program = new Command('calibrate').description(
    'Fits what a scenario assumes to what was observed, and shows how well it fits (docs/architecture/planner.md)',
  );
  program
    .command('swaps')
    .description('arrivals and swap times, station by station')
    .argument('<file.csv>', 'orders.csv of a simulation, `npm run export -- --format swaps`, or any CSV with --map')
    .option('--map <columns>', 'columns of another CSV: came=Arrival,began=Start,ended=End,station=Site,returned=Wh')
    .option('--pack-kwh <n>', 'capacity of the packs, to tell how full they arrive', positive)
    .action((file: string, options: TargetOptions & { map?: string; packKwh?: number }) => {
      const packWh = options.packKwh === undefined ? null : options.packKwh * 1000;
      chosen = { kind: 'swaps', file, map: options.map ?? null, packWh, ...targetOf(options) };
    });
  program
    .command('charges')
    .description('power of a charger and taper of the cells, station by station')
    .argument('<file.csv>', '`npm run export -- --format charges`, or any CSV with --map')
    .option('--map <columns>', 'columns of another CSV: station=Site,began=Start,ended=End,from=SOC1,to=SOC2,temp=Cells')
    .requiredOption('--pack-kwh <n>', 'what the packs hold: nominal content times state of health', positive)
    .option('--cell-temp <c>', 'cell temperature where the CSV does not tell it', temperature, 25)
    .action((file: string, options: TargetOptions & { map?: string; packKwh: number; cellTemp: number }) => {
      const capacityWh = options.packKwh * 1000;
      chosen = { kind: 'charges', file, map: options.map ?? null, capacityWh, tempC: options.cellTemp, ...targetOf(options) };
    });
  program
    .command('trips')
    .description('the traction model, by trips whose speed and energy were recorded')
    .argument('<dataset>', 'tesla-semi, or a CSV with --map as of `npm run replay`')
    .option('--map <columns>', 'columns of the CSV: t=Time:s,speed=Speed:mph,truck=Vehicle,trip=Trip,energy=Energy:kwh')
    .option('--with-doubtful', 'also use trips whose energy the source itself doubts')
    .action((dataset: string, options: TargetOptions & { map?: string; withDoubtful?: boolean }) => {
      chosen = { kind: 'trips', dataset, map: options.map ?? null, withDoubtful: options.withDoubtful === true, ...targetOf(options) };
    });
  for (const command of program.commands)
    command
      .option('--out <dir>', 'write fragment.json and calibration.html there')
      .option('--scenario <file>', 'with --out: also write scenario.json, this scenario with what was found in place of what it assumes');
  program.parse([...argv], { from: 'user' });
  return chosen ?? program.help({ error: true });
}
