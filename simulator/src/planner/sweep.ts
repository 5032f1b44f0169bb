import { ScenarioError } from '../scenario/problem.ts';
import type { ScenarioChanges } from '../scenario/read-scenario.ts';
import { differenceOf } from './comparison.ts';
import { type Variant, variantOf } from './experiment.ts';
import type { Interval } from './interval.ts';
import { type FieldValue, fieldsOf, withFields } from './json-pointer.ts';
import type { Result } from './result.ts';

/** A field and the values that it is to take, one after the other. */
export interface SweptField {
  pointer: string;
  values: readonly FieldValue[];
}

/** One combination of a sweep. */
export interface SweptVariant {
  values: Readonly<Record<string, FieldValue>>;
  /** null: it cannot be run, and `refused` says why. */
  variant: Variant | null;
  refused: string | null;
}

/** All combinations, the last field changing fastest. @throws ScenarioError when a pointer leads nowhere */
export function sweptVariants(text: string, fields: readonly SweptField[], changes: ScenarioChanges): SweptVariant[] {
  const base: unknown = JSON.parse(text);
  const combinations = fields.reduce<Record<string, FieldValue>[]>(
    (done, { pointer, values }) => done.flatMap((each) => values.map((value) => ({ ...each, [pointer]: value }))),
    [{}],
  );
  return combinations.map((values) => sweptVariant(base, values, changes));
}

/** One setting of fields. @throws ScenarioError when a pointer leads nowhere */
export function sweptVariant(base: unknown, values: Readonly<Record<string, FieldValue>>, changes: ScenarioChanges): SweptVariant {
  const fields = new Map(
    Object.entries(values).flatMap(([pointer, value]) => fieldsOf(base, pointer).map((field) => [field, value] as const)),
  );
  try {
    return { values, variant: variantOf(JSON.stringify(withFields(base, fields)), changes), refused: null };
  } catch (cause) {
    if (cause instanceof ScenarioError) return { values, variant: null, refused: cause.message };
    throw cause;
  }
}

/** What things are ranked by. */
export interface Ranking {
  kpi: string;
  order: 'least' | 'most';
}

export interface RankedVariant {
  values: Readonly<Record<string, FieldValue>>;
  refused: string | null;
  figure: Interval | null;
  /** Paired by seed with the best, these runs do not tell them apart. */
  isLikeBest: boolean;
  result: Result | null;
}

/** Best first; those that cannot be run, or have no such figure, last. @throws ScenarioError on an unknown figure */
export function ranked(
  { kpi, order }: Ranking,
  variants: readonly { values: SweptVariant['values']; refused: string | null; result: Result | null }[],
): RankedVariant[] {
  const known = variants.find(({ result }) => result !== null && result.runs.length > 0)?.result;
  if (known && !(kpi in known.total))
    throw new ScenarioError([{ path: '--rank', value: kpi, allowed: `one of ${Object.keys(known.total).join(', ')}` }]);
  const sign = order === 'least' ? 1 : -1;
  const rows = variants.map(({ values, refused, result }) => ({ values, refused, result, figure: result?.total[kpi] ?? null }));
  rows.sort((one, other) => {
    if (one.figure === null || other.figure === null) return Number(one.figure === null) - Number(other.figure === null);
    return sign * (one.figure.mean - other.figure.mean);
  });
  const best = rows[0]?.result ?? null;
  return rows.map((row, place) => ({ ...row, isLikeBest: place === 0 ? row.figure !== null : isLike(best, row.result, kpi) }));
}

function isLike(best: Result | null, other: Result | null, kpi: string): boolean {
  const difference = best && other && differenceOf(best, other, kpi);
  return difference !== null && (difference.verdict === 'OPEN' || difference.verdict === 'SAME');
}
