import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { chromiumInstalled } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the viewer as it is now, built; null on a machine without a browser. */
    builtViewer: string | null;
  }
}

const VIEWER = fileURLToPath(new URL('..', import.meta.url));
let folder: string | null = null;

/**
 * Builds the viewer once for all browser tests of a run.
 * @public called by vitest
 * @throws Error when it cannot be built
 */
export async function setup({ provide }: TestProject): Promise<void> {
  if (chromiumInstalled()) {
    folder = mkdtempSync(join(tmpdir(), 'corridor-viewer-'));
    await build({ root: VIEWER, logLevel: 'error', build: { outDir: folder } });
  }
  provide('builtViewer', folder);
}

/** @public called by vitest */
export function teardown(): void {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
}
