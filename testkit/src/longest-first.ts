import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, the longest first. What vitest knows of earlier runs is not there in
 * a fresh clone, and by size a short file that waits for much would come last, while the other cores have nothing to do.
 */
const LONGEST: readonly string[] = [
  'tests/integration/kill.test.ts',
  'tests/integration/standstill.test.ts',
  'viewer/src/browser/money.browser.test.ts',
  'viewer/src/browser/scene.browser.test.ts',
  'viewer/src/browser/views.browser.test.ts',
  'viewer/src/browser/accessibility.browser.test.ts',
  'tests/integration/bad-input.test.ts',
  'tests/integration/swap-to-bank.test.ts',
  'viewer/src/browser/data-console.browser.test.ts',
  'tests/integration/isolation.test.ts',
  'tools/src/recompute/recompute.test.ts',
  'gateway/src/link/link.test.ts',
  'viewer/src/browser/console.browser.test.ts',
  'tools/src/backup/backup.test.ts',
  'simulator/src/traffic/traffic.test.ts',
  'tests/integration/authorisation.test.ts',
  'tests/integration/charges.test.ts',
  'twin/src/rail/payouts.test.ts',
  'gateway/src/main.test.ts',
  'actors/src/network/engines.property.test.ts',
  'simulator/src/full/full-policies.test.ts',
  'simulator/src/plant/plant.test.ts',
  'tests/integration/http-contract.test.ts',
  'tools/src/start/main.test.ts',
  'tools/src/verify/verify.test.ts',
  'tests/integration/failing-input.test.ts',
  'simulator/src/full/full-faults.test.ts',
  'simulator/src/simulate/simulate.test.ts',
  'twin/src/db/telemetry.test.ts',
  'viewer/src/browser/recording.browser.test.ts',
];

/** Order of the test files: the longest first, so that all cores are busy to the end. */
export class LongestFirst extends BaseSequencer {
  /** @throws RangeError when the list names a file that is not there any more */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    for (const path of LONGEST)
      if (!existsSync(join(this.ctx.config.root, path))) throw new RangeError(`longest-first.ts: there is no ${path}`);
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
