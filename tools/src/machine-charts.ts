import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mermaidOf } from '@corridor/actors/chart/mermaid';
import { StateMachine } from 'xstate';

const ACTORS_FOLDER = fileURLToPath(new URL('../../actors/src/', import.meta.url));

/** A generated chart: where it belongs and what it has to say. */
export type MachineChart = { path: string; text: string };

/** Charts of all machines `actors/src/<name>/<name>.machine.ts`, each exported as `<name>Machine`. */
export async function machineCharts(): Promise<MachineChart[]> {
  const charts: MachineChart[] = [];
  for (const file of globSync('*/*.machine.ts', { cwd: ACTORS_FOLDER }).sort()) {
    const name = basename(file, '.machine.ts');
    const exported = (await import(pathToFileURL(join(ACTORS_FOLDER, file)).href)) as Record<string, unknown>;
    const machine = exported[`${name}Machine`];
    if (!(machine instanceof StateMachine)) throw new MachineNotExportedError(file, `${name}Machine`);
    charts.push({ path: join(ACTORS_FOLDER, file.replace(/\.machine\.ts$/, '.chart.md')), text: chartPage(name, mermaidOf(machine)) });
  }
  return charts;
}

function chartPage(name: string, mermaid: string): string {
  return `# Chart of \`${name}\`\n\nWritten by \`npm run generate\` from \`${name}.machine.ts\`: do not edit.\n\n\`\`\`mermaid\n${mermaid}\n\`\`\`\n`;
}

/** A machine file that does not export its machine under the agreed name. */
export class MachineNotExportedError extends Error {
  readonly code = 'MACHINE_NOT_EXPORTED';
  constructor(file: string, name: string) {
    super(`actors/src/${file} must export ${name}, made with setup().createMachine()`);
  }
}
