import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readBundle } from './bundle.ts';
import { BundleError } from './bundle-error.ts';
import { recompute } from './recompute.ts';

/** `npm run recompute -- BUNDLE [--json]`. Exit code 0: all agrees; 1: differences, each is named; 2: the file cannot be read. */
const USAGE = `Usage: npm run recompute -- BUNDLE [--json]

Computes the month of a party again from its bundle. Exit code 0: all agrees; 1: differences, each is named; 2: the file cannot be read.
  --json  one JSON object
  --help  this
`;

interface Asked {
  readonly path: string | null;
  readonly isJson: boolean;
  readonly isHelp: boolean;
}

/** @returns null when there is something among the arguments that nobody knows */
function asked(): Asked | null {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const [path = null] = positionals;
    return positionals.length > 1 ? null : { path, isJson: values.json === true, isHelp: values.help === true };
  } catch (cause) {
    if (cause instanceof TypeError) return null;
    throw cause;
  }
}

function run(path: string, isJson: boolean): number {
  const result = recompute(readBundle(readFileSync(path, 'utf8')));
  const { principalId, orders, lines, transfers, compared, differences } = result;
  if (isJson) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    process.stdout.write(
      `${principalId}: ${orders} orders with ${lines} lines, ${transfers} transfers; ${compared} figures computed again.\n`,
    );
    for (const { where, said, computed } of differences) process.stdout.write(`  ${where}: the bundle says ${said}, it is ${computed}\n`);
    process.stdout.write(differences.length === 0 ? 'No difference.\n' : `${differences.length} differences.\n`);
  }
  return differences.length === 0 ? 0 : 1;
}

const given = asked();
if (given?.isHelp === true) process.stdout.write(USAGE);
else if (given === null || given.path === null) {
  process.stderr.write(given === null ? USAGE : 'Which bundle? npm run recompute -- BUNDLE [--json]\n');
  process.exitCode = 2;
} else {
  try {
    process.exitCode = run(given.path, given.isJson);
  } catch (cause) {
    // A file that is missing, no bundle, or has a figure that is none.
    const isPlain = cause instanceof BundleError || cause instanceof RangeError || (cause instanceof Error && 'code' in cause);
    process.stderr.write(`${cause instanceof Error && isPlain ? cause.message : String(cause)}\n`);
    process.exitCode = 2;
  }
}
