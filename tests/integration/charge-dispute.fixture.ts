import type { TestTwin } from '@corridor/testkit/test-twin';
import { standingAgainst } from '@corridor/twin/roster/leaving.queries';
import { EVIDENCE_MAX } from '@corridor/twin/settlement/disputes';
import { expect } from 'vitest';

export interface ChargeView {
  id: string;
  kind: string;
  truckId: string;
  orderId: string | null;
  basis: { days: number; daysOfMonth: number; nominalWh: number; month: string };
  lines: { component: string; amountFen: string; beneficiaryId: string }[];
}
export async function chargesOf(platform: TestTwin, as: string, kind: string): Promise<ChargeView[]> {
  const { body } = await platform.get(`/api/v1/charges?kind=${kind}&limit=500`, as);
  return (body as { items: ChargeView[] }).items;
}

/**
 * The no-show of carrier 3 is disputed and given back in two steps: what each party sees and may do, and that no more is given back than
 * was paid. @param operatorId of the station, who was paid
 */
export async function expectGivenBack(platform: TestTwin, operatorId: string): Promise<void> {
  const [noShow] = await chargesOf(platform, 'C3', 'NO_SHOW');
  const id = noShow?.id ?? '';
  const raise = (as: string, of = id, body: object = {}) =>
    platform.post(`/api/v1/charges/${of}/dispute`, { reason: 'it came in time', ...body }, as);
  const balanceOf = async (account: string) =>
    BigInt(((await platform.get(`/api/v1/accounts/${account}`)).body as { balanceFen: string }).balanceFen);
  const before = { paid: await balanceOf('C3_prepaid'), earned: await balanceOf(`${operatorId}_income`) };
  expect(await raise('C1')).toMatchObject({ status: 404 });
  expect(await raise('C3', 'no-show:none')).toMatchObject({ status: 404 });
  expect(await raise('PF')).toMatchObject({ status: 422, body: { code: 'PARTY_MISSING' } });
  expect(await raise('PF', id, { principalId: 'C1' })).toMatchObject({ status: 404 });
  await platform.db.query('alter table charge disable trigger user');
  const bookedAgo = async (days: number) =>
    platform.db.query(`update charge set booked_at = booked_at - interval '${days} days' where charge_id = $1`, [id]);
  await bookedAgo(91);
  expect(await raise('C3')).toMatchObject({ status: 422, body: { code: 'DISPUTE_TOO_LATE' } });
  await bookedAgo(-91);
  await platform.db.query('alter table charge enable trigger user');

  const raised = await raise('C3', id, { evidence: 'gate log' });
  expect(raised).toMatchObject({ status: 201, body: { state: 'OPEN', orderId: null, chargeId: id, principalId: 'C3' } });
  expect(await raise('C3')).toMatchObject({ status: 409, body: { code: 'DISPUTE_EXISTS' } });
  const { id: disputeId } = raised.body as { id: string };
  const decide = (changes: object[], as = 'PF', of = disputeId) =>
    platform.post(`/api/v1/disputes/${of}/decision`, { outcome: 'UPHELD', decision: 'the gate says so', changes }, as);
  expect(await decide([{ lineNo: 1, deltaFen: '-2000' }], 'C3')).toMatchObject({ status: 403 });
  expect(await decide([{ lineNo: 2, deltaFen: '-2000' }])).toMatchObject({ status: 422, body: { code: 'LINE_UNKNOWN' } });
  expect(await decide([{ lineNo: 1, deltaFen: '-5001' }])).toMatchObject({ status: 422, body: { code: 'CORRECTION_ABOVE_LINE' } });
  // Both sides of it see it, and nobody else does.
  for (const as of ['C3', operatorId, 'PF']) expect(await platform.get(`/api/v1/disputes/${disputeId}`, as)).toMatchObject({ status: 200 });
  expect((await platform.get('/api/v1/disputes', operatorId)).body).toMatchObject({ items: [{ id: disputeId, chargeId: id }] });
  for (const as of ['C1', 'BO1']) expect(await platform.get(`/api/v1/disputes/${disputeId}`, as)).toMatchObject({ status: 404 });
  for (const party of ['C3', operatorId]) expect(await standingAgainst(platform.db, 'PF', party)).toMatchObject({ code: 'DISPUTE_OPEN' });
  expect(await standingAgainst(platform.db, 'PF', 'C1')).toBeNull();

  // Asked twice at once it is given back once.
  const both = await Promise.all([1, 2].map(() => decide([{ lineNo: 1, deltaFen: '-2000' }])));
  expect(both.map(({ status }) => `${status}`).toSorted()).toEqual(['200', '409']);
  expect(await decide([{ lineNo: 1, deltaFen: '-2000' }])).toMatchObject({ status: 409, body: { code: 'DISPUTE_DECIDED' } });
  const corrections = [{ id: `dispute:${disputeId}`, reason: 'the gate says so', lines: [{ ofLineNo: 1, amountFen: '-2000' }] }];
  for (const as of ['C3', operatorId])
    expect((await platform.get(`/api/v1/charges/${encodeURIComponent(id)}`, as)).body).toMatchObject({
      lines: [{ lineNo: 1, amountFen: '5000' }],
      corrections,
    });
  expect(await platform.get(`/api/v1/charges/${encodeURIComponent(id)}`, 'C1')).toMatchObject({ status: 404 });
  const acts = async (as: string) =>
    ((await platform.get(`/api/v1/audit?entityKind=charge&entityId=${id}`, as)).body as { items: { action: string }[] }).items.map(
      ({ action }) => action,
    );
  expect(await acts('C3')).toEqual(['correction.book', 'dispute.raise']);
  expect(await acts(operatorId)).toEqual(['dispute.raise']);
  expect(await acts('C1')).toEqual([]);
  // It is no share in an order.
  const { items: shares } = (await platform.get('/api/v1/clearing?limit=500', 'C3')).body as { items: { correctionId: string | null }[] };
  expect(shares.length).toBeGreaterThan(0);
  expect(shares.map(({ correctionId }) => correctionId)).not.toContain(`dispute:${disputeId}`);

  // The rest, and then there is nothing left; what was booked stays as it was booked.
  // What one of the platform raises for a party another one of it decides.
  const { id: second } = (await raise('PF', id, { principalId: 'C3' })).body as { id: string };
  const dismissed = { outcome: 'DISMISSED', decision: 'no' };
  for (const by of [
    () => decide([{ lineNo: 1, deltaFen: '-3000' }], 'PF', second),
    () => platform.post(`/api/v1/disputes/${second}/decision`, dismissed, 'PF'),
  ])
    expect(await by()).toMatchObject({ status: 403, body: { code: 'SECOND_PERSON_NEEDED' } });
  expect(await decide([{ lineNo: 1, deltaFen: '-3001' }], 'PF-2', second)).toMatchObject({ body: { code: 'CORRECTION_ABOVE_LINE' } });
  expect(await decide([{ lineNo: 1, deltaFen: '-3000' }], 'PF-2', second)).toMatchObject({ status: 200, body: { state: 'UPHELD' } });
  const { id: third } = (await raise(operatorId)).body as { id: string };
  expect(await decide([{ lineNo: 1, deltaFen: '-1' }], 'PF', third)).toMatchObject({ body: { code: 'CORRECTION_ABOVE_LINE' } });
  // One side says all that it may; the other is heard as well.
  const say = (as: string, of = third) => platform.post(`/api/v1/disputes/${of}/evidence`, { text: 'gate log' }, as);
  for (let piece = 0; piece < EVIDENCE_MAX; piece += 1) expect(await say(operatorId)).toMatchObject({ status: 200 });
  expect(await say(operatorId)).toMatchObject({ status: 422, body: { code: 'EVIDENCE_TOO_MUCH' } });
  for (const other of ['C3', 'PF']) expect(await say(other)).toMatchObject({ status: 200 });
  // No person of the platform ends what a party objects to, nor does the other party.
  const withdraw = (as: string, of = third) => platform.post(`/api/v1/disputes/${of}/withdraw`, {}, as);
  for (const other of ['PF', 'C3']) expect(await withdraw(other)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  expect(await withdraw(operatorId)).toMatchObject({ body: { state: 'WITHDRAWN' } });
  // What the platform raises for a party, with evidence of its own: the party still says all that it may, and who raised it withdraws it.
  const { id: fourth } = (await raise('PF', id, { principalId: operatorId, evidence: 'gate log' })).body as { id: string };
  for (let piece = 0; piece < EVIDENCE_MAX; piece += 1) expect(await say(operatorId, fourth)).toMatchObject({ status: 200 });
  expect(await withdraw('PF-2', fourth)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  expect(await withdraw('PF', fourth)).toMatchObject({ status: 200, body: { state: 'WITHDRAWN' } });
  expect(await balanceOf('C3_prepaid')).toBe(before.paid + 5_000n);
  expect(await balanceOf(`${operatorId}_income`)).toBe(before.earned - 5_000n);
}
