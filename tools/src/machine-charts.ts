import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mermaidOf } from '@corridor/actors/chart/mermaid';
import { type AnyStateMachine, StateMachine } from 'xstate';

const ACTORS_FOLDER = fileURLToPath(new URL('../../actors/src/', import.meta.url));

/** A product machine: its name, and its file relative to `actors/src`. */
export type ProductMachine = { name: string; file: string; machine: AnyStateMachine };
/** A generated chart: where it belongs and what it has to say. */
export type MachineChart = { path: string; text: string };

/** All machines `actors/src/<name>/<name>.machine.ts`, each exported as `<name>Machine`. @throws MachineNotExportedError */
export async function productMachines(): Promise<ProductMachine[]> {
  const machines: ProductMachine[] = [];
  for (const file of globSync('*/*.machine.ts', { cwd: ACTORS_FOLDER }).sort()) {
    const name = basename(file, '.machine.ts');
    const exported = (await import(pathToFileURL(join(ACTORS_FOLDER, file)).href)) as Record<string, unknown>;
    const machine = exported[`${name}Machine`];
    if (!(machine instanceof StateMachine)) throw new MachineNotExportedError(file, `${name}Machine`);
    machines.push({ name, file, machine });
  }
  return machines;
}

export async function machineCharts(): Promise<MachineChart[]> {
  return (await productMachines()).map(({ name, file, machine }) => ({
    path: join(ACTORS_FOLDER, file.replace(/\.machine\.ts$/, '.chart.md')),
    text: chartPage(name, mermaidOf(machine)),
  }));
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
