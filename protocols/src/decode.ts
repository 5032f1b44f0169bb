import { Compile, type Validator } from 'typebox/compile';
import { CATALOG, catalogKey } from './catalog.ts';
import { type Envelope, MESSAGE_BYTES_MAX } from './envelope.ts';
import { holdsUnsafeText } from './safe-text.ts';
import { type ParsedSubject, parseSubject } from './subject.ts';

/** Why a message was refused: stable codes, counted in `/metrics` and stored in `REFUSED`. */
export const REFUSALS = [
  'SUBJECT_UNKNOWN',
  'MESSAGE_TOO_LARGE',
  'NOT_JSON',
  'SCHEMA_VERSION_UNKNOWN',
  'SCHEMA_VIOLATION',
  'SOURCE_MISMATCH',
  'NUMBER_NOT_FINITE',
  'SOURCE_UNKNOWN',
  'TIME_IMPLAUSIBLE',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export type EnvelopedSubject = Extract<ParsedSubject, { lane: 'tele' | 'evt' | 'res' }>;
export type Decoded =
  | { ok: true; subject: EnvelopedSubject; key: string; envelope: Envelope<unknown> }
  | { ok: false; reason: Refusal; detail: string };

const validators = new Map<string, Validator>();
const text = new TextDecoder('utf-8', { fatal: true });
const UNSAFE_ESCAPE = /\\u(?:0000|d[89a-f])/i;

/** Validators are compiled when first needed: 1.8-4 M checks/s compiled against 30 k/s interpreted. */
export function validatorOf(key: string): Validator | null {
  const known = validators.get(key);
  if (known) return known;
  const schema = CATALOG[key];
  if (!schema) return null;
  const compiled = Compile(schema);
  validators.set(key, compiled);
  return compiled;
}

function refuse(reason: Refusal, detail: string): Decoded {
  return { ok: false, reason, detail: detail.slice(0, 1000) };
}

/**
 * Bytes of a message on a subject -> a typed message or a refusal. Never throws on input.
 * JSON has no NaN or Infinity, but `1e999` parses to Infinity: the bounds of every quantity refuse it.
 */
export function decode(subjectText: string, bytes: Uint8Array): Decoded {
  const subject = parseSubject(subjectText);
  if (!subject || subject.lane === 'cmd' || subject.lane === 'ack') return refuse('SUBJECT_UNKNOWN', subjectText);
  const key = catalogKey(subject);
  const validator = key === null ? null : validatorOf(key);
  if (key === null || !validator) return refuse('SUBJECT_UNKNOWN', subjectText);
  if (bytes.length > MESSAGE_BYTES_MAX) return refuse('MESSAGE_TOO_LARGE', `${bytes.length} bytes, at most ${MESSAGE_BYTES_MAX}`);
  let value: unknown;
  let json: string;
  try {
    json = text.decode(bytes);
    value = JSON.parse(json);
  } catch (cause) {
    return refuse('NOT_JSON', cause instanceof Error ? cause.message : 'not UTF-8 JSON');
  }
  if (!validator.Check(value)) return refuseSchema(key, validator, value);
  // Only an escape brings such text into JSON, so most messages are not walked.
  if (UNSAFE_ESCAPE.test(json) && holdsUnsafeText(value)) return refuse('SCHEMA_VIOLATION', 'a text holds a NUL or half a character');
  const envelope = value as Envelope<unknown>;
  // Only `detail` of a result is open: everywhere else the bounds of the schema have refused it already.
  if (subject.lane === 'res' && holdsNonFinite(envelope.data)) return refuse('NUMBER_NOT_FINITE', 'a number in the detail');
  if (envelope.src !== subject.id) return refuse('SOURCE_MISMATCH', `src ${envelope.src} on the subject of ${subject.id}`);
  const spokenFor = subject.source === 'station' ? stationIn(envelope.data) : undefined;
  if (spokenFor !== undefined && spokenFor !== subject.id) {
    return refuse('SOURCE_MISMATCH', `stationId ${spokenFor} on the subject of ${subject.id}`);
  }
  return { ok: true, subject, key, envelope };
}

function refuseSchema(key: string, validator: Validator, value: unknown): Decoded {
  const schema = (value as { schema?: unknown } | null)?.schema;
  const expected = (CATALOG[key] as { properties?: { schema?: { const?: string } } }).properties?.schema?.const;
  if (typeof schema === 'string' && schema !== expected) return refuse('SCHEMA_VERSION_UNKNOWN', `${schema}, expected ${expected}`);
  if (holdsNonFinite(value)) return refuse('NUMBER_NOT_FINITE', 'a number too big for a double');
  const [first] = validator.Errors(value);
  // The validator says of a field too many only that its schema is false.
  const what = first?.keyword === 'boolean' ? 'the schema names no such field' : first?.message;
  const where = first ? `${first.instancePath || '/'}: ${what}` : 'does not match its schema';
  return refuse('SCHEMA_VIOLATION', where);
}

/** Station that the payload of a station's message names; some name none. */
const stationIn = (data: unknown): string | undefined => (data as { stationId?: string }).stationId;

/** Walks with a list of its own: a message may nest deeper than the call stack. */
function holdsNonFinite(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'number' && !Number.isFinite(next)) return true;
    if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) open.push(inner);
  }
  return false;
}
