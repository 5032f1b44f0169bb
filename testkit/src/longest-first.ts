import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, the longest first. What vitest knows of earlier runs is not there in
 * a fresh clone, and by size a short file that waits for much would come last, while the other core has nothing to do.
 */
const LONGEST: readonly string[] = [
  'tests/integration/kill.test.ts',
  'tests/integration/standstill.test.ts',
  'viewer/src/browser/money.browser.test.ts',
  'tests/integration/isolation.test.ts',
  'viewer/src/browser/accessibility.browser.test.ts',
  'viewer/src/browser/scene.browser.test.ts',
  'viewer/src/browser/console.browser.test.ts',
  'tests/integration/bad-input.test.ts',
  'gateway/src/link/link.test.ts',
  'twin/src/rail/withdrawals.test.ts',
  'twin/src/rail/top-ups.test.ts',
  'tests/integration/swap-to-bank.test.ts',
  'tools/src/recompute/recompute.test.ts',
  'tools/src/tidy.test.ts',
  'simulator/src/plant/plant.test.ts',
  'simulator/src/simulate/simulate.test.ts',
  'simulator/src/full/full-run.test.ts',
  'tests/integration/authorisation.test.ts',
  'tests/integration/joining-and-leaving.test.ts',
  'twin/src/rail/payouts.test.ts',
  'twin/src/embedded/postgres.test.ts',
  'tests/integration/settlement.test.ts',
];

/**
 * Order of the test files: the longest first, so that all cores are busy to the end; then the others that have a process each. Those
 * that share one come last and together: a process is kept for the next file only while that one may share it.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const at = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`));
      if (at >= 0) return at;
      return project.config.isolate ? LONGEST.length : LONGEST.length + 1;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
