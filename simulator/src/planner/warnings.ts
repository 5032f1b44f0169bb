import { isDeepStrictEqual } from 'node:util';
import type { Warning } from '../scenario/warning.ts';
import type { Result } from './result.ts';

/** Warnings of many settings of a scenario: what all are warned of alike is told once. */
export function sharedWarnings(results: readonly Pick<Result, 'warnings'>[]): {
  common: readonly Warning[];
  ownOf: (result: Pick<Result, 'warnings'>) => readonly Warning[];
} {
  const [first] = results;
  const isAmong = (warning: Warning, warnings: readonly Warning[]) => warnings.some((other) => isDeepStrictEqual(warning, other));
  const common =
    first && results.length > 1 ? first.warnings.filter((warning) => results.every(({ warnings }) => isAmong(warning, warnings))) : [];
  return { common, ownOf: ({ warnings }) => warnings.filter((warning) => !isAmong(warning, common)) };
}
