import fc from 'fast-check';
import { assert, violated } from './assert.ts';

/** The part of JSON Schema that our message schemas use. */
type Node = {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Node[];
  properties?: Record<string, Node>;
  required?: string[];
  patternProperties?: Record<string, Node>;
  items?: Node | Node[];
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
};

/** Lists are drawn short: a message of 500 slots says no more about the schema than one of three. */
const ITEMS_MAX = 3;
const FORMATS: Record<string, fc.Arbitrary<string>> = {
  'date-time': fc
    .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  date: fc
    .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
};

/**
 * For tests: valid values of a message schema.
 * @throws InvariantError on a keyword it does not know, so that a new schema cannot silently go untested
 */
export function arbitraryOf(schema: object): fc.Arbitrary<unknown> {
  const node = schema as Node;
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  if (node.anyOf) return fc.oneof(...node.anyOf.map(arbitraryOf));
  switch (node.type) {
    case 'object':
      return arbitraryObject(node);
    case 'array':
      return arbitraryArray(node);
    case 'string':
      return arbitraryString(node);
    case 'integer':
      return fc.integer({ min: node.minimum ?? -1_000_000, max: Math.min(node.maximum ?? 1_000_000, Number.MAX_SAFE_INTEGER) });
    case 'number':
      return fc.double({ min: node.minimum ?? -1e9, max: node.maximum ?? 1e9, noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
      assert(Object.keys(node).length === 0, `schema ${JSON.stringify(node)} has no arbitrary`);
      return fc.jsonValue({ maxDepth: 2 });
    default:
      violated(`schema type ${node.type} has no arbitrary`);
  }
}

function arbitraryObject(node: Node): fc.Arbitrary<unknown> {
  const pattern = Object.values(node.patternProperties ?? {})[0];
  if (pattern) return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), arbitraryOf(pattern), { maxKeys: ITEMS_MAX });
  const properties = Object.entries(node.properties ?? {});
  const model = Object.fromEntries(properties.map(([key, property]) => [key, arbitraryOf(property)]));
  return fc.record(model, { requiredKeys: node.required ?? [] });
}

function arbitraryArray(node: Node): fc.Arbitrary<unknown> {
  if (Array.isArray(node.items)) return fc.tuple(...node.items.map(arbitraryOf));
  assert(node.items !== undefined, 'array without items');
  const minLength = node.minItems ?? 0;
  return fc.array(arbitraryOf(node.items), { minLength, maxLength: Math.min(node.maxItems ?? ITEMS_MAX, minLength + ITEMS_MAX) });
}

function arbitraryString(node: Node): fc.Arbitrary<string> {
  const ofFormat = node.format === undefined ? undefined : FORMATS[node.format];
  if (ofFormat) return ofFormat;
  assert(node.format === undefined, `format ${node.format} has no arbitrary`);
  if (node.pattern !== undefined) return fc.stringMatching(new RegExp(node.pattern));
  return fc.string({ minLength: node.minLength ?? 0, maxLength: node.maxLength ?? 40 });
}
