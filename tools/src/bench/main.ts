import { Command, InvalidArgumentError } from 'commander';
import { benches } from './benches.ts';
import { type Bench, type BenchContext, judged, metricLine } from './metric.ts';

/** `npm run bench [-- NAME…] [--json] [--smoke] [--minutes N] [--list]`. Exit code 1 when a benchmark fails to run, not when a goal is missed. */
const command = new Command('bench')
  .argument('[names...]', 'benchmarks to run; all when none is named')
  .option('--json', 'one JSON object a line')
  .option('--smoke', 'short runs that only prove that each benchmark works')
  .option('--minutes <n>', 'how long to watch what is watched over time', minutesOf)
  .option('--list', 'name the benchmarks')
  .parse();
const options = command.opts<{ json?: boolean; smoke?: boolean; list?: boolean; minutes?: number }>();

const smoke = options.smoke ?? false;

function contextOf(bench: Bench): BenchContext {
  return {
    smoke,
    minutes: options.minutes ?? null,
    say: (line) => process.stderr.write(`  ${bench.name}: ${line}\n`),
    report: (figure) => {
      const metric = judged(bench.name, figure, smoke);
      process.stdout.write(`${options.json ? JSON.stringify(metric) : metricLine(metric)}\n`);
    },
  };
}

function chosen(): Bench[] {
  if (command.args.length === 0) return [...benches];
  return command.args.map((name) => {
    const found = benches.find((bench) => bench.name === name);
    if (found) return found;
    return command.error(`no benchmark "${name}"; there are: ${benches.map((bench) => bench.name).join(', ')}`);
  });
}

if (options.list) {
  for (const bench of benches) process.stdout.write(`${bench.name.padEnd(10)} ${bench.about}\n`);
} else {
  for (const bench of chosen()) await bench.run(contextOf(bench));
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 1_440)) throw new InvalidArgumentError('a number of minutes, more than 0 and at most 1440');
  return minutes;
}
