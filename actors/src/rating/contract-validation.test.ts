import type { Incentive } from '@corridor/protocols/agreement/incentive';
import type { Contract } from '@corridor/protocols/network-file';
import { expect, it } from 'vitest';
import { aReference, networkFile, packageBilling } from '../order/order.fixture.ts';
import { batteryRateFindings, contractFindings } from './contract-validation.ts';
import { contract, rate } from './worked-example.fixture.ts';

const reference = aReference({
  packs: [
    {
      id: 'P1',
      typeCode: 'LFP350',
      ownerId: 'BO1',
      initial: { kind: 'SLOT', id: 'HH1-1' },
      initialSocPercent: 90,
      initialSohPercent: 95,
    },
  ],
});
const codes = (over: Partial<Contract>) => contractFindings({ ...contract, ...over }, reference).map(({ code }) => code);
const incentive: Incentive = {
  id: 'I1',
  name: 'Night',
  nameZh: '夜间',
  validFrom: '2026-01-01',
  validUntil: '2026-12-31',
  when: {},
  discount: { fenPerSwap: '100' },
  funderId: 'PF',
};

it('finds nothing in the contracts of the network', () => {
  for (const each of networkFile.contracts) expect(contractFindings(each, reference)).toEqual([]);
  expect(codes({ billing: packageBilling, incentives: [incentive] })).toEqual([]);
});

it.each<[string, Partial<Contract>, string[]]>([
  ['a carrier that is none', { carrierId: 'SO1' }, ['PRINCIPAL_UNKNOWN']],
  ['dates the wrong way round', { validFrom: '2036-01-01' }, ['DATES_INVERTED']],
  ['an alliance that is not there', { allianceIds: ['CORRIDOR', 'NONE'] }, ['ALLIANCE_UNKNOWN']],
  ['an issuer that is not there', { billing: { ...packageBilling, issuerId: 'NOBODY' } }, ['PRINCIPAL_UNKNOWN']],
  ['a carrier as issuer', { billing: { ...packageBilling, issuerId: 'C2' } }, ['PRINCIPAL_IS_CARRIER']],
  ['an offer twice', { billing: { ...packageBilling, offers: [...packageBilling.offers, ...packageBilling.offers] } }, ['TWICE', 'TWICE']],
  ['a carrier as funder', { incentives: [{ ...incentive, funderId: 'C1' }] }, ['PRINCIPAL_IS_CARRIER']],
  ['an incentive twice', { incentives: [incentive, incentive] }, ['TWICE']],
  [
    'an incentive without hours or days',
    { incentives: [{ ...incentive, validUntil: '2025-12-31', when: { hours: [[8, 8]] } }] },
    ['DATES_INVERTED', 'RANGE_INVERTED'],
  ],
  [
    'a penalty twice',
    {
      penalties: [
        { kind: 'NO_SHOW', amountFen: '1', waivers: [] },
        { kind: 'NO_SHOW', amountFen: '2', waivers: [] },
      ],
    },
    ['TWICE'],
  ],
])('finds %s', (_, over, found) => expect(codes(over)).toEqual(found));

it('finds a rate for a pack of another owner, and a step of SOH twice', () => {
  const found = (over: object) => batteryRateFindings({ ...rate('BO1'), ...over }, reference).map(({ code }) => code);
  expect(found({})).toEqual([]);
  expect(found({ packId: 'P1' })).toEqual([]);
  expect(found({ packId: 'P1', ownerId: 'BO2' })).toEqual(['PACK_OF_ANOTHER']);
  expect(found({ sohSteps: [...rate('BO1').sohSteps, { minSohPercent: 90, factorBasisPoints: 1 }] })).toEqual(['TWICE']);
});
