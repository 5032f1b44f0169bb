import { expect, it } from 'vitest';
import { EXAMPLES } from './asyncapi-examples.data.ts';
import { decode } from './decode.ts';
import { subject } from './subject.ts';

const packs = EXAMPLES['station.tele.packs'];
const detailOf = (message: object) => {
  const decoded = decode(subject.stationTele('live', 'HH1', 'packs'), new TextEncoder().encode(JSON.stringify(message)));
  return decoded.ok ? null : decoded.detail;
};

it('says in words which field was refused, and why', () => {
  expect(detailOf({ ...packs })).toBeNull();
  expect(detailOf({ ...packs, oops: 1 })).toBe('/oops: the schema names no such field');
  expect(detailOf({ ...packs, q: undefined })).toBe('/: must have required properties q');
  expect(detailOf({ ...packs, seq: '7' })).toBe('/seq: must be integer');
});
