import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './testkit/src/longest-first.ts';

const BROWSER = ['viewer/src/browser/*.test.ts'];

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/dist/**', '.data/**', '.cache/**'],
    // Test files share processes: to begin one and to load in it what is tested takes most of them longer than their tests.
    isolate: false,
    // More than the two cores that there are at least: half of what files with servers and browsers do is to wait.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // What comes about is waited for as long as for an element of a page: a second is too little beside three other files.
    expect: { poll: { timeout: 90_000 } },
    // Compiled code, kept from run to run: of programs that tests start, some a hundred times, it is a third of what they take.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') },
    setupFiles: ['testkit/src/property-seed.ts', 'testkit/src/own-ports.ts', 'testkit/src/memory-disk.ts'],
    projects: [
      { extends: true, test: { name: 'browser', include: BROWSER, globalSetup: ['viewer/test/build-viewer.ts'] } },
      { extends: true, test: { name: 'node', include: ['**/src/**/*.test.ts', 'tests/**/*.test.ts'], exclude: BROWSER } },
    ],
  },
});
