import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { machineCharts } from './machine-charts.ts';

/** `npm run generate`: writes what is derived from code, and says what changed. */
for (const { path, text } of await machineCharts()) {
  const stands = existsSync(path) ? readFileSync(path, 'utf8') : null;
  if (stands === text) continue;
  writeFileSync(path, text);
  process.stdout.write(`${stands === null ? 'new' : 'changed'}  ${relative(process.cwd(), path)}\n`);
}
