import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Approvable, isWholeWith, notApprovedBy } from './approval.ts';

const PARTIES = ['PF', 'C1', 'BO1'];
const approvable: fc.Arbitrary<Approvable> = fc.record({
  agreement_id: fc.constant('A1'),
  state: fc.constantFrom('DRAFT', 'APPROVED', 'WITHDRAWN', 'ENDED'),
  party_ids: fc.subarray(PARTIES, { minLength: 1 }),
  approvals: fc.subarray(PARTIES).map((ids) => ids.map((principalId) => ({ principalId }))),
  drafted_by: fc.constantFrom(null, 'u1', 'u2'),
});

it('takes an approval of another person of a party that has not approved yet, and of nobody else', () => {
  const approver = fc.record({ userId: fc.constantFrom('u1', 'u2', 'u3'), principalId: fc.constantFrom(...PARTIES, 'SO1') });
  fc.assert(
    fc.property(approvable, approver, (row, by) => {
      const isAsked = row.party_ids.includes(by.principalId) && !row.approvals.some(({ principalId }) => principalId === by.principalId);
      const mayApprove = isAsked && row.state === 'DRAFT' && row.drafted_by !== by.userId;
      expect(notApprovedBy(row, by) === null).toBe(mayApprove);
    }),
  );
});

it('says first what nobody of the caller could change', () => {
  const row: Approvable = {
    agreement_id: 'A1',
    state: 'DRAFT',
    party_ids: ['PF', 'C1'],
    approvals: [{ principalId: 'PF' }],
    drafted_by: 'u1',
  };
  const codeFor = (userId: string, principalId: string, over: Partial<Approvable> = {}) =>
    notApprovedBy({ ...row, ...over }, { userId, principalId })?.code ?? null;
  expect(codeFor('u1', 'SO1', { state: 'WITHDRAWN' })).toBe('NOT_A_PARTY');
  expect(codeFor('u1', 'C1', { state: 'APPROVED' })).toBe('NOT_A_DRAFT');
  expect(codeFor('u1', 'PF')).toBe('SECOND_PERSON_NEEDED');
  expect(codeFor('u2', 'PF')).toBe('APPROVED_ALREADY');
  expect(codeFor('u2', 'C1')).toBeNull();
  expect(codeFor('u1', 'C1', { drafted_by: null })).toBeNull();
});

it('is agreed with the last of its parties, in whatever order they approve', () => {
  const order = fc.shuffledSubarray(PARTIES, { minLength: 1 });
  fc.assert(
    fc.property(order, (party_ids) => {
      const approvals: { principalId: string }[] = [];
      for (const [index, principalId] of party_ids.entries()) {
        const row: Approvable = { agreement_id: 'A1', state: 'DRAFT', party_ids, approvals, drafted_by: null };
        expect(isWholeWith(row, principalId)).toBe(index === party_ids.length - 1);
        approvals.push({ principalId });
      }
    }),
  );
});
