import { expect, it } from 'vitest';
import { type Payment, startSandboxedTwin } from './sandboxed-twin.fixture.ts';

type Answer = { status: number; body: Payment & { items: Payment[]; code?: string } };

it('lets a driver pay in for his carrier once for a key, and shows him what he paid in, and nobody else', async () => {
  await using world = await startSandboxedTwin();
  const { twin } = world;
  const driver = twin.twin.live.core.reference.driver('D001');
  const carrierId = driver?.carrierId ?? '';
  const before = await world.prepaidFen(carrierId);
  const ask = async (body: object, as: string) =>
    twin.post('/api/v1/payments/top-ups', { channel: 'sandbox', ...body }, as) as Promise<Answer>;
  const asked = { carrierId, amountFen: '50000', key: 'road' };
  const first = await ask(asked, 'D001');
  expect(first).toMatchObject({ status: 201, body: { state: 'REQUESTED', principalId: carrierId } });
  expect((await ask(asked, 'D001')).body.id).toBe(first.body.id);
  // The same key of the carrier is another payment: keys of drivers are their own.
  const own = await ask({ ...asked, amountFen: '70000' }, carrierId);
  expect(own.status).toBe(201);
  expect(own.body.id).not.toBe(first.body.id);
  for (const other of ['C1', 'C2', 'C3', 'C4'].filter((id) => id !== carrierId)) {
    expect(await ask({ ...asked, carrierId: other }, 'D001')).toMatchObject({ status: 403 });
  }
  expect(await world.pay(first.body)).toBeLessThan(400);
  await world.stateOf(first.body.id, 'CONFIRMED');
  expect((await world.prepaidFen(carrierId)) - before).toBe(50_000n);
  const listed = async (as: string) => ((await twin.get('/api/v1/payments', as)) as Answer).body.items.map(({ id }) => id);
  const seen = async (id: string, as: string) => ((await twin.get(`/api/v1/payments/${encodeURIComponent(id)}`, as)) as Answer).status;
  expect(await listed('D001')).toEqual([first.body.id]);
  expect(await listed(carrierId)).toEqual(expect.arrayContaining([first.body.id, own.body.id]));
  expect([await seen(first.body.id, 'D001'), await seen(own.body.id, 'D001')]).toEqual([200, 404]);
  // Another driver sees nothing of it.
  const demo = twin.twin.issuer?.users.find(({ driverId }) => driverId !== null && driverId !== 'D001')?.driverId ?? '';
  expect([await listed(demo), await seen(first.body.id, demo)]).toEqual([[], 404]);
});
