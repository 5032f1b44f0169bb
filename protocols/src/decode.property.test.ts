import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOG } from './catalog.ts';
import { decode, REFUSALS, type Refusal } from './decode.ts';
import { type EnvelopeHead, MESSAGE_BYTES_MAX } from './envelope.ts';
import { arbitraryOf } from './schema.arbitrary.ts';
import { filter, subject } from './subject.ts';

const ID = 'HH1';
const RUNS = 25;
type Message = EnvelopeHead & { data: Record<string, unknown> };

/** A subject that carries messages of this catalogue key. */
function subjectFor(key: string): string {
  const [source, lane, name] = key.split(':');
  if (lane === 'res') return subject.result('live', source as 'station' | 'truck', ID, 'command-1');
  if (lane === 'tele') return `${filter.teleOf('live', source as 'station' | 'truck', ID).slice(0, -1)}${name}`;
  if (source === 'truck') return subject.truckEvent('live', ID, name ?? '');
  const [topic, event] = (name ?? '').split('.');
  return subject.stationEvent('live', ID, topic as 'swap', event ?? '');
}

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
/** What the schema allows, of the one who sends it: a station speaks for itself only. */
const validMessage = (key: string) =>
  arbitraryOf(CATALOG[key] ?? {}).map((value) => {
    const { data, ...head } = value as Message;
    return { ...head, src: ID, data: 'stationId' in data ? { ...data, stationId: ID } : data };
  });

/** Number that only JSON text can say: `1e999` parses to Infinity. */
const textWithInfinity = (message: Message, field: string) => JSON.stringify({ ...message, [field]: '∞' }).replace('"∞"', '1e999');

const keys = Object.keys(CATALOG);

describe.each(keys)('decode %s', (key) => {
  const on = subjectFor(key);
  const refusal = (value: unknown): Refusal | 'taken' => {
    const decoded = decode(on, value instanceof Uint8Array ? value : bytesOf(value));
    return decoded.ok ? 'taken' : decoded.reason;
  };

  it('takes what its schema allows, unchanged', () => {
    fc.assert(
      fc.property(validMessage(key), (message) => {
        const decoded = decode(on, bytesOf(message));
        if (!decoded.ok) throw new Error(`${decoded.reason} ${decoded.detail}`);
        expect(decoded.key).toBe(key);
        expect(decoded.subject.id).toBe(ID);
        expect(JSON.stringify(decoded.envelope)).toBe(JSON.stringify(message));
      }),
      { numRuns: RUNS },
    );
  });

  it('refuses a message without one of its required fields', () => {
    const schema = CATALOG[key] as unknown as { required: string[]; properties: { data: { required?: string[] } } };
    fc.assert(
      fc.property(validMessage(key), (message) => {
        for (const field of schema.required) {
          const { [field as keyof Message]: _gone, ...rest } = message;
          expect(refusal(rest), field).toBe('SCHEMA_VIOLATION');
        }
        for (const field of schema.properties.data.required ?? []) {
          const { [field]: _gone, ...data } = message.data;
          expect(refusal({ ...message, data }), `data.${field}`).toBe('SCHEMA_VIOLATION');
        }
      }),
      { numRuns: 3 },
    );
  });

  it('refuses fields it does not know, in the envelope and in the payload', () => {
    fc.assert(
      fc.property(validMessage(key), (message) => {
        expect(refusal({ ...message, extra: 1 })).toBe('SCHEMA_VIOLATION');
        expect(refusal({ ...message, data: { ...message.data, extra: 1 } })).toBe('SCHEMA_VIOLATION');
      }),
      { numRuns: 3 },
    );
  });

  it('refuses numbers out of range and numbers that are none', () => {
    fc.assert(
      fc.property(validMessage(key), (message) => {
        for (const seq of [0, -1, 1.5, Number.MAX_SAFE_INTEGER + 2, '1', null])
          expect(refusal({ ...message, seq })).toBe('SCHEMA_VIOLATION');
        for (const bootId of [0, 2_147_483_648]) expect(refusal({ ...message, bootId })).toBe('SCHEMA_VIOLATION');
        for (const field of ['seq', 'clockOffsetMs'])
          expect(refusal(new TextEncoder().encode(textWithInfinity(message, field)))).toBe('NUMBER_NOT_FINITE');
      }),
      { numRuns: 3 },
    );
  });

  it('refuses another version, another source, times that are none', () => {
    fc.assert(
      fc.property(validMessage(key), (message) => {
        expect(refusal({ ...message, schema: message.schema.replace(/\/1$/, '/2') })).toBe('SCHEMA_VERSION_UNKNOWN');
        expect(refusal({ ...message, src: 'HJ1' })).toBe('SOURCE_MISMATCH');
        for (const tsEvent of ['yesterday', '2026-13-01T00:00:00.000Z', 1_767_225_600_000, ''])
          expect(refusal({ ...message, tsEvent })).toBe('SCHEMA_VIOLATION');
      }),
      { numRuns: 3 },
    );
  });

  it('refuses what is too large before it parses it', () => {
    const blank = new Uint8Array(MESSAGE_BYTES_MAX + 1).fill(0x20);
    expect(refusal(blank)).toBe('MESSAGE_TOO_LARGE');
    expect(refusal(blank.slice(1))).toBe('NOT_JSON');
  });
});

describe('decode, any message', () => {
  it('the catalogue covers telemetry, events and results of stations and trucks', () => {
    expect(keys.length).toBeGreaterThanOrEqual(45);
    for (const start of [
      'station:tele:',
      'station:evt:swap.',
      'station:evt:charge.',
      'station:evt:gateway.',
      'truck:tele:',
      'truck:evt:',
      'station:res',
      'truck:res',
    ])
      expect(
        keys.some((key) => key.startsWith(start)),
        start,
      ).toBe(true);
  });

  it('a charge power out of its bounds is refused, not clamped', () => {
    const [message] = fc.sample(validMessage('station:tele:pv'), { numRuns: 1, seed: 1 });
    const on = subject.stationTele('live', ID, 'pv');
    for (const powerW of [5_000_001, -5_000_001, Number.MAX_VALUE]) {
      const decoded = decode(on, bytesOf({ ...message, data: { ...message?.data, powerW } }));
      expect(decoded).toMatchObject({ ok: false, reason: 'SCHEMA_VIOLATION' });
      if (!decoded.ok) expect(decoded.detail).toContain('/data/powerW');
    }
  });

  it('the open detail of a result may not smuggle in Infinity, however deep', () => {
    const [message] = fc.sample(validMessage('station:res'), { numRuns: 1, seed: 2 });
    const nested = JSON.stringify({ ...message, data: { commandId: 'c', result: 'ACCEPTED', detail: { a: '∞' } } });
    const deep = nested.replace('"∞"', `${'['.repeat(5_000)}1e999${']'.repeat(5_000)}`);
    const on = subject.result('live', 'station', ID, 'c');
    expect(decode(on, new TextEncoder().encode(deep))).toMatchObject({ ok: false, reason: 'NUMBER_NOT_FINITE' });
    const plain = nested.replace('"∞"', '1');
    expect(decode(on, new TextEncoder().encode(plain)).ok).toBe(true);
  });

  it('subjects that carry no envelope or are not in the catalogue are unknown', () => {
    for (const on of [
      subject.command('live', 'station', ID, 'swap', 'start'),
      subject.ack('live', 'station', ID),
      subject.clock('live'),
      subject.stationEvent('live', ID, 'swap', 'exploded'),
      subject.truckEvent('live', ID, 'constructor'),
      'evs.v1.live.station.HH1.tele.__proto__',
      '',
    ])
      expect(decode(on, bytesOf({}))).toMatchObject({ ok: false, reason: 'SUBJECT_UNKNOWN' });
  });

  it('bytes that are not UTF-8, not JSON or not an object are refused', () => {
    const on = subject.stationTele('live', ID, 'station');
    const cases: [Uint8Array, Refusal][] = [
      [new Uint8Array(), 'NOT_JSON'],
      [new Uint8Array([0xff, 0xfe, 0x00]), 'NOT_JSON'],
      [new Uint8Array([0x22, 0xc3, 0x28, 0x22]), 'NOT_JSON'],
      [new TextEncoder().encode('{"schema":'), 'NOT_JSON'],
      [new TextEncoder().encode('NaN'), 'NOT_JSON'],
      [new TextEncoder().encode('null'), 'SCHEMA_VIOLATION'],
      [new TextEncoder().encode('[]'), 'SCHEMA_VIOLATION'],
      [new TextEncoder().encode('"x"'), 'SCHEMA_VIOLATION'],
      [new TextEncoder().encode('{"schema":7}'), 'SCHEMA_VIOLATION'],
      [new TextEncoder().encode('{"__proto__":{"schema":"tele.station/1"}}'), 'SCHEMA_VIOLATION'],
    ];
    for (const [bytes, reason] of cases) expect(decode(on, bytes)).toMatchObject({ ok: false, reason });
  });

  it('never throws, and a refusal has a known reason and a short detail', () => {
    const anySubject = fc.oneof(fc.constantFrom(...keys.map(subjectFor)), fc.string(), fc.constant('evs.v1.live.station.HH1.tele.nothing'));
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.constantFrom(...keys).chain((key) => validMessage(key).map(bytesOf)),
    );
    fc.assert(
      fc.property(anySubject, anyBytes, fc.nat(), (on, bytes, at) => {
        const broken = Uint8Array.from(bytes);
        if (broken.length > 0) broken[at % broken.length] = at % 256;
        for (const input of [bytes, broken]) {
          const decoded = decode(on, input);
          if (decoded.ok) continue;
          expect(REFUSALS).toContain(decoded.reason);
          expect(decoded.detail.length).toBeLessThanOrEqual(1000);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
