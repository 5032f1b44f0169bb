import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from './asyncapi.ts';
import { EXAMPLES } from './asyncapi-examples.data.ts';
import { CATALOG } from './catalog.ts';
import { COMMANDS } from './cmd/command.ts';
import { decode } from './decode.ts';
import { parseSubject } from './subject.ts';
import { SWAP_STEPS } from './swap-step.ts';

const document = asyncApiDocument({ version: '0.1.0', natsHost: 'nats.example:4222' });
const json = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;

/** Follows `#/a/b`, as a reader of the document does. */
function follow(reference: string): unknown {
  let at: unknown = json;
  for (const part of reference.slice(2).split('/')) at = (at as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/')];
  return at;
}

function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string') yield inner;
    else yield* referencesIn(inner);
  }
}

describe('asyncapi document', () => {
  it('is valid AsyncAPI 3 by the official schema', () => {
    const require = createRequire(import.meta.url);
    const schema = JSON.parse(readFileSync(require.resolve('@asyncapi/specs/schemas/3.0.0.json'), 'utf8')) as object;
    const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    validate(json);
    expect(validate.errors).toBeNull();
    expect(validate({ ...json, channels: { x: { nonsense: 1 } } })).toBe(false);
  });

  it('has a target for every reference', () => {
    const references = [...referencesIn(json)];
    expect(references.length).toBeGreaterThan(200);
    expect(references.filter((reference) => follow(reference) === undefined)).toEqual([]);
  });

  it('sends every message of the catalogue and receives every command', () => {
    const sent = Object.keys(document.operations).filter((name) => name.startsWith('send.'));
    expect(sent.sort()).toEqual(
      Object.keys(CATALOG)
        .map((key) => `send.${key.replaceAll(':', '.')}`)
        .sort(),
    );
    for (const verb of Object.keys(COMMANDS)) {
      const operation = document.operations[`receive.station.cmd.${verb}`];
      expect(operation?.action, verb).toBe('receive');
      expect(operation?.reply?.messages, verb).toHaveLength(1);
    }
    for (const source of ['station', 'truck']) {
      const notice = document.operations[`receive.${source}.cmd.notify.refused`];
      expect([notice?.action, notice?.reply], source).toEqual(['receive', undefined]);
    }
    expect(document.operations['receive.station.ack']).toBeDefined();
    expect(document.operations['receive.truck.ack']).toBeDefined();
  });

  it('has addresses that the grammar parses, with all their parameters declared', () => {
    for (const [name, channel] of Object.entries(document.channels)) {
      if (channel.address === null) continue;
      const parameters = [...channel.address.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => String(parameter)).sort();
      expect(parameters, name).toContain('scope');
      expect('parameters' in channel ? Object.keys(channel.parameters).sort() : [], name).toEqual(parameters);
      const concrete = channel.address.replace('{scope}', 'sim-1').replaceAll(/\{\w+\}/g, 'x1');
      if (name.startsWith('station.') || name.startsWith('truck.')) expect(parseSubject(concrete), name).not.toBeNull();
    }
    expect(document.channels['station.evt.swap.arrived']?.address).toBe('evs.v1.{scope}.station.{stationId}.evt.swap.arrived');
    expect(document.channels['truck.res']?.address).toBe('evs.v1.{scope}.truck.{truckId}.res.{commandId}');
    expect(document.channels['clock']?.address).toBe('evs.v1.{scope}.clock');
  });

  it('has examples that are valid messages, and one for each step of a swap', () => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    for (const [name, example] of Object.entries(EXAMPLES)) {
      const message = document.components.messages[name];
      expect(message, name).toBeDefined();
      const validate = ajv.compile(JSON.parse(JSON.stringify(message?.payload)) as object);
      validate(JSON.parse(JSON.stringify(example)));
      expect(validate.errors, name).toBeNull();
      const channel = document.channels[name];
      if (!(name.includes('.evt.') || name.includes('.tele.'))) continue;
      const on = (channel?.address ?? '').replace('{scope}', 'live').replace('{stationId}', 'HH1');
      expect(decode(on, new TextEncoder().encode(JSON.stringify(example))), name).toMatchObject({ ok: true });
    }
    for (const { event, step } of SWAP_STEPS) expect(EXAMPLES[`station.evt.swap.${event}`]).toMatchObject({ data: { step } });
  });
});
