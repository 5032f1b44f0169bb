import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const VIEWER = fileURLToPath(new URL('../../../../viewer', import.meta.url));

/** Builds the viewer as it is now. @throws Error when it cannot be built */
export async function buildViewer(folder: string): Promise<void> {
  await build({ root: VIEWER, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
}

/** All scripts gzipped, also those that only some pages ask for, bytes. */
export function scriptBytes(folder: string): number {
  const assets = join(folder, 'assets');
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  return scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
}
