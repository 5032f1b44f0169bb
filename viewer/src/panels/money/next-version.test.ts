import { expect, it } from 'vitest';
import { nextVersionId, nextVersionText } from './next-version.ts';

it('names the version after one by the next number', () => {
  expect(nextVersionId('SR-HH1-1')).toBe('SR-HH1-2');
  expect(nextVersionId('BR-BO1-19')).toBe('BR-BO1-20');
  expect(nextVersionId('CT-C1')).toBe('CT-C1-2');
  expect(nextVersionId('CORRIDOR')).toBe('CORRIDOR-2');
});

it('begins the next version on the day that is asked for, and leaves all else as it was', () => {
  const rate = { id: 'SR-HH1-1', stationId: 'HH1', effectiveFrom: '2025-01-01', serviceNanoYuanPerKwh: '400000000', handlingFen: '1000' };
  const text = nextVersionText({ kind: 'station-rates', definition: rate }, '2026-12-01');
  expect(JSON.parse(text)).toEqual({ ...rate, id: 'SR-HH1-2', effectiveFrom: '2026-12-01' });
  const alliance = { id: 'CORRIDOR', name: 'all', stationIds: ['HH1'], packOwnerIds: ['BO1'] };
  expect(JSON.parse(nextVersionText({ kind: 'alliances', definition: alliance }, '2026-12-01'))).toEqual({ ...alliance, id: 'CORRIDOR-2' });
});
