import { describe, expect, it } from 'vitest';
import type { AccountContext } from '../account/account.rules.ts';
import { depositsOf } from '../account/deposit.rules.ts';
import { startCorridor, type TestCorridor } from '../network/corridor.fixture.ts';
import type { Intent } from '../network/input.ts';
import type { RosterAct } from './roster-act.ts';

let asked = 0;
function ask(corridor: TestCorridor, intent: Intent) {
  const { network } = corridor;
  const intentId = `roster-${(asked += 1)}`;
  network.step({ kind: 'intent', atMs: network.nowMs, intentId, by: 'somebody', intent });
  corridor.drain();
  const answer = corridor.effects.findLast((effect) => effect.type === 'intent.answered' && effect.intentId === intentId);
  if (answer?.type !== 'intent.answered') throw new Error('not answered');
  return { ok: answer.ok, code: answer.code };
}
const act = (corridor: TestCorridor, roster: RosterAct) => ask(corridor, { type: 'roster.act', roster });

/** Reason of a refusal by the checks; `QUOTED` when there is none. */
function quote(corridor: TestCorridor, truckIndex = 0): string {
  const truck = corridor.truck(truckIndex);
  const orderId = `HH1-Q${(asked += 1)}`;
  ask(corridor, { type: 'order.quote', orderId, stationId: 'HH1', truckId: truck.id, idToken: corridor.driverOf(truck.id).idToken });
  const row = corridor.effects.findLast((effect) => effect.type === 'order.changed' && effect.order.orderId === orderId);
  if (row?.type !== 'order.changed') throw new Error('no order');
  return row.order.reason ?? row.order.state;
}
const cancelled = (corridor: TestCorridor) => {
  for (const id of corridor.network.refs('order')) ask(corridor, { type: 'order.cancel', orderId: id, reason: 'test', note: null });
};

describe('suspension', () => {
  it.each([
    ['a driver', (c: TestCorridor) => ({ kind: 'DRIVER', id: c.driverOf(c.truck(0).id).id }) as const, 'DRIVER_NOT_CERTIFIED'],
    ['a truck', (c: TestCorridor) => ({ kind: 'TRUCK', id: c.truck(0).id }) as const, 'TRUCK_NOT_REGISTERED'],
    ['its carrier', (c: TestCorridor) => ({ kind: 'PRINCIPAL', id: c.truck(0).carrierId }) as const, 'NO_CREDIT'],
    ['the station', () => ({ kind: 'STATION', id: 'HH1' }) as const, 'STATION_NOT_OPERATIVE'],
    [
      'the operator of the station',
      (c: TestCorridor) => ({ kind: 'PRINCIPAL', id: c.reference.station('HH1')?.operatorId ?? '' }) as const,
      'STATION_NOT_OPERATIVE',
    ],
  ])('of %s refuses what begins after it, with its reason, until it is resumed', (_, subjectOf, reason) => {
    const corridor = startCorridor();
    const subject = subjectOf(corridor);
    expect(quote(corridor)).toBe('QUOTED');
    cancelled(corridor);
    expect(act(corridor, { act: 'SUSPEND', ...subject, reason: 'papers' })).toEqual({ ok: true, code: 'DONE' });
    expect(quote(corridor)).toBe(reason);
    expect(act(corridor, { act: 'SUSPEND', ...subject, reason: 'again' })).toEqual({ ok: false, code: 'NOT_POSSIBLE' });
    expect(act(corridor, { act: 'RESUME', ...subject })).toMatchObject({ ok: true });
    expect(quote(corridor)).toBe('QUOTED');
  });

  it('of packs, or of their owner, leaves them in their slots and out of orders', () => {
    const corridor = startCorridor();
    const inSlots = corridor.file.packs.filter(({ initial }) => initial.id.startsWith('HH1-'));
    for (const { id } of inSlots.slice(1)) act(corridor, { act: 'SUSPEND', kind: 'PACK', id, reason: 'recall' });
    expect(quote(corridor)).toBe('QUOTED');
    const order = corridor.effects.findLast((effect) => effect.type === 'order.changed');
    expect(order).toMatchObject({ order: { issuePackId: inSlots[0]?.id } });
    cancelled(corridor);
    act(corridor, { act: 'SUSPEND', kind: 'PRINCIPAL', id: inSlots[0]?.ownerId ?? '', reason: 'insolvent' });
    expect(quote(corridor)).toBe('NO_BATTERY_AVAILABLE');
  });
});

const deposits = (corridor: TestCorridor, carrierId: string) =>
  depositsOf((corridor.context(`account:${carrierId}`) as AccountContext).books);

describe('leaving', () => {
  const leave = (
    corridor: TestCorridor,
    kind: 'TRUCK' | 'PACK' | 'STATION' | 'DRIVER' | 'PRINCIPAL',
    id: string,
    energyWh: bigint | null = null,
  ) => act(corridor, { act: 'DEREGISTER', kind, id, energyWh });
  const store = (corridor: TestCorridor, packId: string) =>
    ask(corridor, { type: 'pack.correctCustody', packId, kind: 'STORE', id: 'depot', note: 'taken out' });

  it('waits for custody, orders and money', () => {
    const corridor = startCorridor();
    const truck = corridor.truck(0);
    const pack = corridor.file.packs.find(({ initial }) => initial.id === truck.id);
    expect(leave(corridor, 'TRUCK', truck.id).code).toBe('PACK_ON_BOARD');
    expect(leave(corridor, 'PACK', pack?.id ?? '').code).toBe('PACK_IN_USE');
    expect(leave(corridor, 'STATION', 'HH1').code).toBe('PACKS_IN_STATION');
    expect(leave(corridor, 'PRINCIPAL', truck.carrierId).code).toBe('ASSETS_LEFT');
    expect(leave(corridor, 'PRINCIPAL', corridor.reference.platformId).code).toBe('NOT_POSSIBLE');
    expect(leave(corridor, 'TRUCK', 'T999').code).toBe('NOT_FOUND');
    expect(quote(corridor)).toBe('QUOTED');
    expect(leave(corridor, 'DRIVER', corridor.driverOf(truck.id).id).code).toBe('ORDER_OPEN');
    expect(corridor.effects.some(({ type }) => type === 'roster.changed')).toBe(false);
  });

  it('gives the deposit of a truck back in the same step, less what is missing', () => {
    const corridor = startCorridor();
    const { id, carrierId } = corridor.truck(0);
    const pack = corridor.file.packs.find(({ initial }) => initial.id === id);
    expect(ask(corridor, { type: 'deposit.take', truckId: id, note: 'joined' }).code).toBe('DEPOSIT_TAKEN');
    expect(ask(corridor, { type: 'deposit.take', truckId: id, note: 'joined' }).code).toBe('DEPOSIT_EXISTS');
    const [deposit] = deposits(corridor, carrierId);
    expect(deposit).toMatchObject({ truckId: id, round: 1 });
    store(corridor, pack?.id ?? '');
    // As the platform measured it, 40 kWh less than the books have.
    const measuredWh = (deposit?.energyWh ?? 0n) - 40_000n;
    expect(leave(corridor, 'TRUCK', id, measuredWh)).toEqual({ ok: true, code: 'DONE' });
    const moved = corridor.effects.flatMap((effect) => (effect.type === 'ledger.posted' ? effect.transfers : []));
    expect(moved.slice(-2).map(({ key, amountFen }) => [key, amountFen])).toEqual([
      [`deposit:${carrierId}:${id}:1:charge`, 4_200n],
      [`deposit:${carrierId}:${id}:1:refund`, (deposit?.amountFen ?? 0n) - 4_200n],
    ]);
    expect(corridor.network.view(`truck:${id}`)).toBeUndefined();
    expect(corridor.reference.truck(id)).toBeUndefined();
    expect(quote(corridor)).toBe('TRUCK_NOT_REGISTERED');
    expect(leave(corridor, 'PACK', pack?.id ?? '')).toMatchObject({ ok: true });
    expect(corridor.network.view(`pack:${pack?.id}`)).toBeUndefined();
  });

  it('lets who left come again', () => {
    const corridor = startCorridor();
    const truck = corridor.truck(0);
    const driver = corridor.driverOf(truck.id);
    expect(act(corridor, { act: 'ACTIVATE', entry: { kind: 'DRIVER', definition: driver } }).code).toBe('ID_TAKEN');
    expect(leave(corridor, 'DRIVER', driver.id)).toMatchObject({ ok: true });
    expect(corridor.reference.driverByToken(driver.idToken.idToken)).toBeUndefined();
    expect(act(corridor, { act: 'ACTIVATE', entry: { kind: 'DRIVER', definition: { ...driver, carrierId: 'BO1' } } }).code).toBe(
      'OWNER_UNKNOWN',
    );
    expect(act(corridor, { act: 'ACTIVATE', entry: { kind: 'DRIVER', definition: driver } })).toMatchObject({ ok: true });
    expect(quote(corridor)).toBe('QUOTED');
  });
});

describe('a sale', () => {
  it('takes effect between two inputs, and not while an order names the thing', () => {
    const corridor = startCorridor();
    const pack = corridor.file.packs.find(({ initial }) => initial.id === corridor.truck(0).id);
    const to = corridor.file.principals.find(({ id, kind }) => kind === 'BATTERY_OWNER' && id !== pack?.ownerId)?.id ?? '';
    const sell = (toPrincipalId: string) => act(corridor, { act: 'TRANSFER', kind: 'PACK', id: pack?.id ?? '', toPrincipalId });
    expect(sell('C1').code).toBe('OWNER_UNKNOWN');
    expect(quote(corridor)).toBe('QUOTED');
    expect(sell(to).code).toBe('ORDER_OPEN');
    cancelled(corridor);
    expect(sell(to)).toMatchObject({ ok: true });
    expect(corridor.reference.pack(pack?.id ?? '')?.ownerId).toBe(to);
    expect(sell(to).code).toBe('NOT_POSSIBLE');
  });

  it('of a truck waits for its deposit, and unbinds the drivers of the seller', () => {
    const corridor = startCorridor();
    const { id, carrierId } = corridor.truck(0);
    const packId = corridor.file.packs.find(({ initial }) => initial.id === id)?.id ?? '';
    const to = corridor.file.principals.find((one) => one.kind === 'CARRIER' && one.id !== carrierId)?.id ?? '';
    ask(corridor, { type: 'deposit.take', truckId: id, note: 'joined' });
    expect(act(corridor, { act: 'TRANSFER', kind: 'TRUCK', id, toPrincipalId: to }).code).toBe('DEPOSIT_OPEN');
    const give = { type: 'deposit.return', truckId: id, energyWh: null, note: 'sold' } as const;
    expect(ask(corridor, give).code).toBe('PACK_ON_BOARD');
    ask(corridor, { type: 'pack.correctCustody', packId, kind: 'STORE', id: 'depot', note: 'taken out' });
    // What it held when it came off is in the books, so that nothing is missing.
    expect([ask(corridor, give).code, ask(corridor, give).code]).toEqual(['DEPOSIT_RETURNED', 'DEPOSIT_UNKNOWN']);
    expect(corridor.effects.findLast((effect) => effect.type === 'ledger.posted')).toMatchObject({
      transfers: [{ kind: 'ENERGY_DEPOSIT_REFUND' }],
    });
    expect(act(corridor, { act: 'TRANSFER', kind: 'TRUCK', id, toPrincipalId: to })).toMatchObject({ ok: true });
    expect(quote(corridor)).toBe('DRIVER_TRUCK_MISMATCH');
    // The deposit of the buyer is one of its own in the ledger.
    ask(corridor, { type: 'pack.correctCustody', packId, kind: 'TRUCK', id, note: 'put on' });
    expect(ask(corridor, { type: 'deposit.take', truckId: id, note: 'bought' }).code).toBe('DEPOSIT_TAKEN');
    const keys = corridor.effects.flatMap((effect) => (effect.type === 'ledger.posted' ? effect.transfers.map(({ key }) => key) : []));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
