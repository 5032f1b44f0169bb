import { expect, it } from 'vitest';
import { bayFromHash, bayLink, bayOfCode } from './bay-code.ts';

it.each([
  ['https://corridor.example/#/bay/HH1-B1', 'HH1-B1'],
  ['HH1-B1', 'HH1-B1'],
  ['  hh1-b01 ', 'HH1-B1'],
  ['A-B-B2', 'A-B-B2'],
])('reads %s', (text, bayId) => {
  expect(bayOfCode(text)?.bayId).toBe(bayId);
});

it.each(['', 'HH1', 'https://elsewhere.example/pay?me=1', '<script>alert(1)</script>-B1', 'HH1-B1/../x', `${'A'.repeat(80)}-B1`])(
  'takes %s for no bay',
  (text) => {
    expect(bayOfCode(text)).toBeNull();
  },
);

it('makes an address that it reads again', () => {
  const link = bayLink('https://corridor.example', 'FX2-B1');
  expect(bayOfCode(link)).toEqual({ stationId: 'FX2', bayId: 'FX2-B1' });
  expect(bayFromHash(new URL(link).hash)).toEqual({ stationId: 'FX2', bayId: 'FX2-B1' });
  // As the scene's own address of the bay.
  expect(bayFromHash('#bay/FX2-B1')).toEqual({ stationId: 'FX2', bayId: 'FX2-B1' });
  expect(bayFromHash('#truck/T001')).toBeNull();
});
