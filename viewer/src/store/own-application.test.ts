import { expect, it } from 'vitest';
import { applicationOf, EMPTY_ENTRY, flawsOf, OWN_FIELDS } from './own-application.ts';

const GOOD = {
  realName: ' 孙七 ',
  idNumber: '110105 19491231 002x',
  phone: '+86 138-1234-5678',
  licenceNo: '1309 0000 0001',
  certifiedUntil: '2035-12-31',
  plates: '冀j10001d，冀J10002D 冀J10001D',
};

it('takes numbers as people write them', () => {
  expect(applicationOf(GOOD)).toEqual({
    identity: { realName: '孙七', idNumber: '11010519491231002X', phone: '13812345678', licenceNo: '130900000001' },
    certifiedUntil: '2035-12-31',
    plates: ['冀J10001D', '冀J10002D'],
  });
  expect(flawsOf(GOOD, '2026-11-23')).toEqual([]);
});

it('names each field that cannot be right', () => {
  expect(flawsOf(EMPTY_ENTRY, '2026-11-23')).toEqual([...OWN_FIELDS]);
  expect(flawsOf({ ...GOOD, idNumber: '110105194912310021' }, '2026-11-23')).toEqual(['idNumber']);
  expect(flawsOf({ ...GOOD, certifiedUntil: '2026-11-22' }, '2026-11-23')).toEqual(['certifiedUntil']);
  expect(flawsOf({ ...GOOD, certifiedUntil: '2026-11-23', plates: ' ， ' }, '2026-11-23')).toEqual(['plates']);
});
