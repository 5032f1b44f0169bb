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

/** What all scenarios of an experiment have in common, so that their runs can be compared pair by pair. */
const IN_COMMON: Readonly<Record<string, string>> = {
  seeds: 'all have the same seeds, --seeds says how many',
  days: 'all have the same horizon, --days says which',
  warmUpDays: 'all count the same time',
  name: 'it has no effect',
  about: 'it has no effect',
  eventsMax: 'it has no effect on what is found',
};

/** @throws ScenarioError when a pointer leads nowhere, or to what must be alike or has no effect */
export function variedFields(base: unknown, pointer: string, option: '--set' | '--field'): string[] {
  const fields = fieldsOf(base, pointer);
  for (const field of fields) {
    const why = IN_COMMON[field.split('/')[1] ?? ''];
    if (why !== undefined)
      throw new ScenarioError([{ path: option, value: pointer, allowed: `a field in which scenarios may differ: ${why}` }]);
  }
  return fields;
}

/** @throws ScenarioError when two of them set the same field, or one the same value twice: some rows would be the same */
function refuseTwice(base: unknown, fields: readonly SweptField[]): void {
  const set = new Map<string, string>();
  for (const { pointer, values } of fields) {
    if (new Set(values).size < values.length)
      throw new ScenarioError([{ path: '--set', value: `${pointer}=${values.join(',')}`, allowed: 'values that differ' }]);
    for (const field of variedFields(base, pointer, '--set')) {
      const before = set.get(field);
      if (before !== undefined)
        throw new ScenarioError([{ path: '--set', value: pointer, allowed: `fields that no other sets: ${before} sets ${field}` }]);
      set.set(field, pointer);
    }
  }
}

/** All combinations, the last field changing fastest. @throws ScenarioError when a pointer leads nowhere, or fields are set twice */
export function sweptVariants(text: string, fields: readonly SweptField[], changes: ScenarioChanges): SweptVariant[] {
  const base: unknown = JSON.parse(text);
  refuseTwice(base, fields);
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

/** Best first; then those whose figures say less than they seem to: a queue grows for as long as it is run, or runs that took too many events are missing; those without a figure last. @throws ScenarioError on an unknown figure */
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
    const doubt = ({ result }: Pick<RankedVariant, 'result'>) => Number(result !== null && (!result.isStable || lacksRuns(result)));
    if (doubt(one) !== doubt(other)) return doubt(one) - doubt(other);
    return sign * (one.figure.mean - other.figure.mean);
  });
  const best = rows[0]?.result ?? null;
  return rows.map((row, place) => ({ ...row, isLikeBest: place === 0 ? row.figure !== null : isLike(best, row.result, kpi) }));
}

/** Runs that took too many events are missing, which may be its worst. */
const lacksRuns = ({ warnings }: Result): boolean => warnings.some(({ code }) => code === 'EVENTS_EXCEEDED');

function isLike(best: Result | null, other: Result | null, kpi: string): boolean {
  if (best === null || other === null || best.isStable !== other.isStable) return false;
  const difference = differenceOf(best, other, kpi);
  return difference !== null && (difference.verdict === 'OPEN' || difference.verdict === 'SAME');
}
