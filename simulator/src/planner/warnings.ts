import type { Result } from './result.ts';

/** Warnings of many settings of a scenario: what all are warned of alike is told once. */
export function sharedWarnings(results: readonly Pick<Result, 'warnings'>[]): {
  common: readonly string[];
  ownOf: (result: Pick<Result, 'warnings'>) => readonly string[];
} {
  const [first] = results;
  const common =
    first && results.length > 1 ? first.warnings.filter((warning) => results.every(({ warnings }) => warnings.includes(warning))) : [];
  return { common, ownOf: ({ warnings }) => warnings.filter((warning) => !common.includes(warning)) };
}
