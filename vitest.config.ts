import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/src/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '.data/**', '.cache/**'],
    // Two cores: test files each start their own servers, so no more than two run side by side.
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 120_000,
    setupFiles: ['testkit/src/property-seed.ts', 'testkit/src/own-ports.ts'],
  },
});
