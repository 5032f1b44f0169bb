import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { soaks } from './soaks.ts';

/** `npm run soak -- NAME [--minutes N] [--seed N] [--list]`. Exit code 1 when something did not hold. */
const SEED_MAX = 2 ** 31;

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= SEED_MAX)) throw new InvalidArgumentError(`${text} is not a number above 0.`);
  return value;
};

const command = new Command('soak')
  .description('The long tests. Each prints its seed; the same seed draws the same plan.')
  .argument('[name]', 'which one')
  .option('--minutes <n>', 'how long, wall time; each has its own default', positive)
  .option('--seed <n>', 'seed; default: a new one', positive)
  .option('--list', 'name the soaks')
  .parse();
const options = command.opts<{ minutes?: number; seed?: number; list?: boolean }>();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(name: string): Promise<void> {
  const soak = soaks.find((known) => known.name === name);
  if (!soak) return command.error(`no soak "${name}"; there are: ${soaks.map((known) => known.name).join(', ')}`);
  const seed = Math.floor(options.seed ?? randomInt(1, SEED_MAX));
  say(`SEED=${seed} (again: npm run soak -- ${name} --seed ${seed})`);
  let findings: string[];
  try {
    findings = await soak.run({ seed, minutes: options.minutes ?? null, say: (line) => say(`${name}: ${line}`) });
  } catch (cause) {
    throw new Error(`SEED=${seed} node=${process.version}: npm run soak -- ${name} --seed ${seed}`, { cause });
  }
  for (const finding of findings) say(`${name}: NOT SO: ${finding}`);
  say(findings.length === 0 ? `${name}: all holds` : `${name}: ${findings.length} findings, SEED=${seed}`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

const [name] = command.args;
if (options.list === true || name === undefined) for (const soak of soaks) say(`${soak.name.padEnd(10)} ${soak.about}`);
else await run(name);
