import { type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Problem, shown } from './problem.ts';

const PROBLEMS_MAX = 50;

/**
 * Where a value departs from a schema, in words. The library says whether a part fits; which part it is about and what would be
 * allowed is said here, because of a union the library tells the failures of every branch.
 */
export function schemaProblems(schema: TSchema, value: unknown, path = ''): Problem[] {
  const problems: Problem[] = [];
  collect({ schema, value, path }, problems);
  return problems.slice(0, PROBLEMS_MAX);
}

interface At {
  schema: TSchema;
  value: unknown;
  path: string;
}

function collect(at: At, problems: Problem[]): void {
  if (problems.length >= PROBLEMS_MAX || Value.Check(at.schema, at.value)) return;
  const { schema, value, path } = at;
  if (Type.IsUnion(schema)) return collectUnion(schema, at, problems);
  if (Type.IsObject(schema) && isRecord(value)) return collectObject(schema, { value, path }, problems);
  if (Type.IsArray(schema) && Array.isArray(value)) {
    const before = problems.length;
    for (const [index, item] of (value as unknown[]).entries())
      collect({ schema: schema.items, value: item, path: `${path}/${index}` }, problems);
    if (problems.length > before) return;
  }
  problems.push({ path, value: shown(value), allowed: allowedBy(schema) });
}

function collectObject(
  schema: ReturnType<typeof Type.Object>,
  { value, path }: { value: Record<string, unknown>; path: string },
  problems: Problem[],
): void {
  const known = Object.keys(schema.properties);
  for (const key of Object.keys(value)) {
    if (!known.includes(key))
      problems.push({ path: `${path}/${key}`, value: shown(value[key]), allowed: `unknown key; known are ${known.join(', ')}` });
  }
  for (const key of known) {
    const part = schema.properties[key];
    if (part === undefined) continue;
    if (value[key] !== undefined) collect({ schema: part, value: value[key], path: `${path}/${key}` }, problems);
    else if (schema.required?.includes(key)) problems.push({ path: `${path}/${key}`, value: null, allowed: allowedBy(part) });
  }
}

/** Branches that are told apart by `kind`: only the branch that is meant is looked into. */
function collectUnion(schema: ReturnType<typeof Type.Union>, { value, path }: At, problems: Problem[]): void {
  const branches: TSchema[] = schema.anyOf;
  const kinds = branches.map(kindOf);
  const told = kinds.filter((kind) => kind !== null);
  if (told.length === 0 || !isRecord(value)) {
    problems.push({ path, value: shown(value), allowed: allowedBy(schema) });
    return;
  }
  const meant = branches[kinds.indexOf(typeof value['kind'] === 'string' ? value['kind'] : '')];
  if (meant) collect({ schema: meant, value, path }, problems);
  else problems.push({ path: `${path}/kind`, value: shown(value['kind']), allowed: `one of ${told.join(', ')}` });
}

function kindOf(schema: TSchema): string | null {
  if (!Type.IsObject(schema)) return null;
  const kind = schema.properties['kind'];
  return kind && Type.IsLiteral(kind) ? String(kind.const) : null;
}

/** In words what a schema allows. */
function allowedBy(schema: TSchema): string {
  const about = 'description' in schema && typeof schema.description === 'string' ? ` (${schema.description})` : '';
  if (Type.IsUnion(schema)) return `one of ${schema.anyOf.map((branch) => kindOf(branch) ?? allowedBy(branch)).join(', ')}${about}`;
  if (Type.IsEnum(schema)) return `one of ${schema.enum.join(', ')}${about}`;
  if (Type.IsLiteral(schema)) return `${JSON.stringify(schema.const)}${about}`;
  if (Type.IsArray(schema))
    return `a list of ${keyword(schema, 'minItems') ?? 0} to ${keyword(schema, 'maxItems') ?? 'any number of'} items${about}`;
  if (Type.IsTuple(schema)) return `a list of exactly ${schema.items.map(allowedBy).join(' and ')}${about}`;
  if (Type.IsObject(schema)) return `an object with ${Object.keys(schema.properties).join(', ')}${about}`;
  if (Type.IsString(schema)) return `${textOf(schema)}${about}`;
  if (Type.IsNumber(schema) || Type.IsInteger(schema)) return `${boundsOf(schema)}${about}`;
  return `a valid value${about}`;
}

function textOf(schema: TSchema): string {
  const pattern = keyword(schema, 'pattern');
  if (pattern !== null) return `a text in quotes that matches ${pattern}`;
  return keyword(schema, 'format') === 'date' ? 'a day that the calendar has, as a text' : 'a text';
}

function boundsOf(schema: TSchema): string {
  const what = Type.IsInteger(schema) ? 'an integer' : 'a number';
  const low = keyword(schema, 'minimum');
  const above = keyword(schema, 'exclusiveMinimum');
  const high = keyword(schema, 'maximum');
  const bounds = [
    low === null ? null : `at least ${low}`,
    above === null ? null : `above ${above}`,
    high === null ? null : `at most ${high}`,
  ];
  return [what, bounds.filter((each) => each !== null).join(', ')].filter((part) => part !== '').join(' ');
}

const keyword = (schema: TSchema, key: string): string | null => (key in schema ? String((schema as Record<string, unknown>)[key]) : null);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
