import type { Billing } from '@corridor/protocols/agreement/billing';
import type { Incentive } from '@corridor/protocols/agreement/incentive';
import type { Contract } from '@corridor/protocols/network-file';
import { expect, it } from 'vitest';
import { aReference, networkFile } from '../order/order.fixture.ts';
import { partiesOf } from './agreement.ts';

const reference = aReference();
const [contract] = networkFile.contracts;
if (contract === undefined) throw new Error('the fixture has a contract');
const discount = (id: string, funderId: string): Incentive => ({
  id,
  name: id,
  nameZh: id,
  validFrom: '2026-01-01',
  validUntil: '2026-12-31',
  when: {},
  discount: { fenPerSwap: '100' },
  funderId,
});
const partiesWith = (over: Partial<Contract>) => partiesOf({ kind: 'CONTRACT', definition: { ...contract, ...over } }, reference);
const { platformId } = networkFile;

it('takes of a contract both sides, and whoever pays by it: the issuer of its offer, and the funders of its discounts, each once', () => {
  const issuedBy = (issuerId: string): Billing => ({ mode: 'PER_SWAP', issuerId, replaces: ['SERVICE'], priceFen: '0' });
  expect(partiesWith({ billing: { mode: 'PER_KWH' } })).toEqual([platformId, contract.carrierId]);
  expect(partiesWith({ billing: issuedBy('BO2') })).toEqual([platformId, contract.carrierId, 'BO2']);
  const incentives = [discount('I1', 'SO1'), discount('I2', platformId), discount('I3', 'BO2'), discount('I4', 'BO1')];
  expect(partiesWith({ billing: issuedBy('BO2'), incentives })).toEqual([platformId, contract.carrierId, 'BO1', 'BO2', 'SO1']);
  expect(partiesWith({ billing: issuedBy(platformId) })).toEqual([platformId, contract.carrierId]);
});
