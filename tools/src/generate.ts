import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Command } from 'commander';
import { machineCharts } from './machine-charts.ts';

/** `npm run generate`: writes what is derived from code, and says what changed. */
new Command('npm run generate --').description('Writes what is derived from code, and says what changed.').parse();
for (const { path, text } of await machineCharts()) {
  const stands = existsSync(path) ? readFileSync(path, 'utf8') : null;
  if (stands === text) continue;
  writeFileSync(path, text);
  process.stdout.write(`${stands === null ? 'new' : 'changed'}  ${relative(process.cwd(), path)}\n`);
}
