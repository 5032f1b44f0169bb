import type { FieldValue } from './json-pointer.ts';

/** So many fields are told one by one. */
const TOLD_MAX = 3;

/**
 * A setting of many fields, as a person would tell it: those that differ from what most of them are, and that for all others.
 * @returns paths and values; `others` for what most of them are
 */
export function toldValues(values: Readonly<Record<string, FieldValue>>): (readonly [pointer: string, value: FieldValue])[] {
  const entries = Object.entries(values);
  if (entries.length <= TOLD_MAX) return entries;
  const [usual] = [...Map.groupBy(entries, ([, value]) => value)].sort(([, one], [, other]) => other.length - one.length);
  if (usual === undefined || usual[1].length < 2) return entries;
  return [...entries.filter(([, value]) => value !== usual[0]), ['others', usual[0]]];
}
