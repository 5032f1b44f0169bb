import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOG } from './catalog.ts';
import { COMMANDS, type CommandArgs, CommandReply } from './cmd/command.ts';
import type { SwapBatteryData } from './evt/swap.ts';
import { BatteryData, ID_TOKEN_TYPES, IdToken } from './ocpp.ts';
import { toBatterySwapRequest, toRequestBatterySwapRequest, toRequestBatterySwapResponse } from './ocpp-mapping.ts';
import { AUTHORISATION_REASONS } from './reason-code.ts';
import { arbitraryOf } from './schema.arbitrary.ts';

type OfficialSchema = {
  $id: string;
  definitions: Record<string, { properties: Record<string, { maxLength?: number }>; required: string[] }>;
};

const official = (name: string) =>
  JSON.parse(readFileSync(new URL(`../conformance/ocpp21/${name}.json`, import.meta.url), 'utf8')) as OfficialSchema;

/** `javaType` and `comment` are annotations of the publisher; `strict: false` lets them stand. */
function validatorOf(name: string): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addMetaSchema(draft06);
  addFormats.default(ajv);
  return ajv.compile(official(name));
}

function check(validate: ValidateFunction, value: unknown): void {
  if (!validate(JSON.parse(JSON.stringify(value)))) throw new Error(JSON.stringify(validate.errors));
}

const dataOf = (key: string) => arbitraryOf(CATALOG[key] ?? {}).map((value) => (value as { data: SwapBatteryData }).data);

describe('OCPP 2.1 battery swapping, official schemas', () => {
  it('the files are the published ones, byte for byte', () => {
    const digest = (name: string) =>
      createHash('sha256')
        .update(readFileSync(new URL(`../conformance/ocpp21/${name}.json`, import.meta.url)))
        .digest('hex');
    expect({
      BatterySwapRequest: digest('BatterySwapRequest'),
      BatterySwapResponse: digest('BatterySwapResponse'),
      RequestBatterySwapRequest: digest('RequestBatterySwapRequest'),
      RequestBatterySwapResponse: digest('RequestBatterySwapResponse'),
    }).toEqual(PUBLISHED);
  });

  it.each(['battery_in', 'battery_out', 'battery_out_timeout'] as const)('evt.swap.%s maps to a valid BatterySwapRequest', (event) => {
    const validate = validatorOf('BatterySwapRequest');
    fc.assert(
      fc.property(dataOf(`station:evt:swap.${event}`), (data) => {
        const mapped = toBatterySwapRequest(event, data);
        check(validate, mapped);
        expect(mapped.requestId).toBe(data.requestId);
        expect(mapped.batteryData.map(({ serialNumber }) => serialNumber)).toEqual(
          data.batteryData.map(({ serialNumber }) => serialNumber),
        );
      }),
    );
  });

  it('the event types are In, Out and OutTimeout as the station sees them', () => {
    const [data] = fc.sample(dataOf('station:evt:swap.battery_in'), { numRuns: 1, seed: 3 });
    if (!data) throw new Error('no sample');
    expect(toBatterySwapRequest('battery_in', data).eventType).toBe('BatteryIn');
    expect(toBatterySwapRequest('battery_out', data).eventType).toBe('BatteryOut');
    expect(toBatterySwapRequest('battery_out_timeout', data).eventType).toBe('BatteryOutTimeout');
  });

  it('the schema does refuse: our own fields may not stand beside the standard ones', () => {
    const validate = validatorOf('BatterySwapRequest');
    const pack = { evseId: 3, serialNumber: 'LFP350-0001', soC: 96, soH: 97.5 };
    const message = { eventType: 'BatteryOut', requestId: 1, idToken: { idToken: 'x', type: 'Central' } };
    check(validate, { ...message, batteryData: [pack] });
    expect(validate({ ...message, batteryData: [{ ...pack, energyWh: 1 }] })).toBe(false);
    expect(validate({ ...message, batteryData: [] })).toBe(false);
    expect(validate({ ...message, batteryData: [{ ...pack, soC: undefined }] })).toBe(false);
  });

  it('swap.start maps to a valid RequestBatterySwapRequest', () => {
    const validate = validatorOf('RequestBatterySwapRequest');
    const args = arbitraryOf(COMMANDS['swap.start']).map((command) => (command as { args: CommandArgs<'swap.start'> }).args);
    fc.assert(fc.property(args, (args) => check(validate, toRequestBatterySwapRequest(args))));
  });

  it('the reply to swap.start maps to a valid RequestBatterySwapResponse', () => {
    const validate = validatorOf('RequestBatterySwapResponse');
    fc.assert(fc.property(arbitraryOf(CommandReply), (reply) => check(validate, toRequestBatterySwapResponse(reply as CommandReply))));
    const inherited = { commandId: 'c', result: 'REJECTED', statusInfo: { reasonCode: 'toString' }, timeoutMs: 0 } as const;
    check(validate, toRequestBatterySwapResponse(inherited));
    for (const reasonCode of AUTHORISATION_REASONS) {
      const mapped = toRequestBatterySwapResponse({ commandId: 'c', result: 'REJECTED', statusInfo: { reasonCode }, timeoutMs: 0 });
      check(validate, mapped);
      expect(`${mapped.statusInfo?.reasonCode} ${mapped.statusInfo?.additionalInfo}`.replaceAll(/[_ ]/g, '').toUpperCase()).toContain(
        reasonCode.replaceAll('_', ''),
      );
    }
  });

  it('BatterySwapResponse only acknowledges: an empty object is valid, a refusal is not', () => {
    const validate = validatorOf('BatterySwapResponse');
    check(validate, {});
    expect(validate({ status: 'Rejected' })).toBe(false);
  });

  it('borrowed field names and their limits agree with the schema', () => {
    const { definitions } = official('BatterySwapRequest');
    const theirs = definitions['BatteryDataType'];
    const ours = BatteryData as unknown as { properties: Record<string, object>; required: string[] };
    expect(theirs?.required.filter((field) => !ours.required.includes(field))).toEqual([]);
    const extra = Object.keys(ours.properties).filter((field) => !(field in (theirs?.properties ?? {})));
    expect(extra.sort()).toEqual(['cellTmaxC', 'energyWh', 'throughputWh']);
    const idToken = definitions['IdTokenType'];
    expect(Object.keys(IdToken.properties).filter((field) => !(field in (idToken?.properties ?? {})))).toEqual([]);
    expect(IdToken.properties.idToken).toMatchObject({ maxLength: idToken?.properties['idToken']?.maxLength });
    for (const type of ID_TOKEN_TYPES) expect(type.length).toBeLessThanOrEqual(idToken?.properties['type']?.maxLength ?? 0);
  });
});

const PUBLISHED = {
  BatterySwapRequest: '01026d033354bb4c73c9a1461016f860258b5b74e07b63eef1bb10bf97692f16',
  BatterySwapResponse: 'bd8466f4869d8c236f7a0979c66a71dd4cf81685950694e5d178e2cf6b006e23',
  RequestBatterySwapRequest: '25e22264ef6c3071dd21dabf3b985587fa3ad1caf8ff4aaac12de19da2877b35',
  RequestBatterySwapResponse: '235b856cb0102f52b57a54fb6b4d97d9e4403547404e644048e5d7fc0fd26976',
};
