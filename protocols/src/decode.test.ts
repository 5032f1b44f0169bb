import { expect, it } from 'vitest';
import { EXAMPLES } from './asyncapi-examples.data.ts';
import { decode } from './decode.ts';
import { subject } from './subject.ts';

const packs = EXAMPLES['station.tele.packs'];
const detailOf = (message: object) => {
  const decoded = decode(subject.stationTele('live', 'HH1', 'packs'), new TextEncoder().encode(JSON.stringify(message)));
  return decoded.ok ? null : decoded.detail;
};

it('refuses a leap second, which no clock here can read', () => {
  for (const tsEvent of ['2026-06-30T23:59:60Z', '2026-07-01T07:59:60.500+08:00'])
    expect(detailOf({ ...packs, tsEvent })).toMatch(/tsEvent/);
  for (const tsEvent of ['2026-06-30T23:59:59Z', '2026-07-01T07:59:59.500+08:00']) expect(detailOf({ ...packs, tsEvent })).toBeNull();
});

it('refuses a body that speaks for another station', () => {
  expect(detailOf({ ...packs, data: { ...Object(packs).data, stationId: 'BD1' } })).toBe('stationId BD1 on the subject of HH1');
});

it('says in words which field was refused, and why', () => {
  expect(detailOf({ ...packs })).toBeNull();
  expect(detailOf({ ...packs, oops: 1 })).toBe('/oops: the schema names no such field');
  expect(detailOf({ ...packs, q: undefined })).toBe('/: must have required properties q');
  expect(detailOf({ ...packs, seq: '7' })).toBe('/seq: must be integer');
});
