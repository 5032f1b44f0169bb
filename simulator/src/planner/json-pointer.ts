import { type Problem, ScenarioError, shown } from '../scenario/problem.ts';

/** What a scenario's field may be set to from outside. */
export type FieldValue = number | string | boolean;

type Json = unknown;
const isContainer = (value: Json): value is Record<string, Json> => typeof value === 'object' && value !== null;

/** Fields that a pointer with `*` for any key means. @throws ScenarioError when there is none */
export function fieldsOf(value: Json, pointer: string): string[] {
  const found = matches(value, pointer.split('/').slice(1), '');
  if (pointer.startsWith('/') && found.length > 0) return found;
  const problem: Problem = { path: pointer, value: null, allowed: 'a path to fields of the scenario, such as /stations/*/packs' };
  throw new ScenarioError([problem]);
}

function matches(value: Json, [key, ...rest]: readonly string[], at: string): string[] {
  if (key === undefined) return [at];
  if (!isContainer(value)) return [];
  // What is left out so far may be set, such as a policy; whether it may stand there is the schema's to say.
  if (key !== '*' && !(key in value)) return Array.isArray(value) || rest.includes('*') ? [] : [[at, key, ...rest].join('/')];
  const keys = key === '*' ? Object.keys(value) : [key];
  return keys.flatMap((each) => (each in value ? matches(value[each], rest, `${at}/${each}`) : []));
}

/** A copy with fields set. @param fields pointers without `*` */
export function withFields(value: Json, fields: ReadonlyMap<string, FieldValue>): Json {
  const copy = structuredClone(value);
  for (const [pointer, wanted] of fields) {
    const keys = pointer.split('/').slice(1);
    const last = keys.pop() ?? '';
    const holder = keys.reduce<Json>((part, key) => (isContainer(part) ? (part[key] ??= {}) : undefined), copy);
    if (!isContainer(holder)) throw new ScenarioError([{ path: pointer, value: shown(wanted), allowed: 'a field of the scenario' }]);
    holder[last] = wanted;
  }
  return copy;
}
