import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readBundle } from './bundle.ts';
import { BundleError } from './bundle-error.ts';
import { recompute } from './recompute.ts';

/** `npm run recompute -- BUNDLE [--json]`. Exit code 0: all agrees; 1: differences, each is named; 2: the file cannot be read. */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });

function run(path: string): number {
  const result = recompute(readBundle(readFileSync(path, 'utf8')));
  const { principalId, orders, lines, transfers, compared, differences } = result;
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    process.stdout.write(
      `${principalId}: ${orders} orders with ${lines} lines, ${transfers} transfers; ${compared} figures computed again.\n`,
    );
    for (const { where, said, computed } of differences) process.stdout.write(`  ${where}: the bundle says ${said}, it is ${computed}\n`);
    process.stdout.write(differences.length === 0 ? 'No difference.\n' : `${differences.length} differences.\n`);
  }
  return differences.length === 0 ? 0 : 1;
}

const [path] = positionals;
if (path === undefined || positionals.length > 1) {
  process.stderr.write('Which bundle? npm run recompute -- BUNDLE [--json]\n');
  process.exitCode = 2;
} else {
  try {
    process.exitCode = run(path);
  } catch (cause) {
    // A file that is missing, no bundle, or has a figure that is none.
    const isPlain = cause instanceof BundleError || cause instanceof RangeError || (cause instanceof Error && 'code' in cause);
    process.stderr.write(`${cause instanceof Error && isPlain ? cause.message : String(cause)}\n`);
    process.exitCode = 2;
  }
}
