import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import type { EventOf } from '../network/actor-event.ts';
import type { PackageDraw } from '../order/bill.ts';
import { aReference, aReferenceBilledBy, NOON_MS, packageBilling } from '../order/order.fixture.ts';
import { drawOf } from '../rating/mode-charge.ts';
import type { PackageGrant } from '../rating/swap-usage.ts';
import { AccountRun, accountEvents as e } from './account-run.fixture.ts';
import { packagedFen, packagesOf } from './package.rules.ts';

const DAY_MS = 86_400_000;
const bought = e['account.packageBought'];
const asked = e['account.packageRequested'];
const packaged = () => new AccountRun('C1', aReferenceBilledBy(packageBilling)).send(e['account.toppedUp'], bought);
const grantOf = ({ emitted }: AccountRun): PackageGrant | null => {
  const told = emitted.findLast((each) => each.type === 'tell' && each.event.type === 'order.packageGranted');
  return told?.type === 'tell' && told.event.type === 'order.packageGranted' ? told.event.grant : null;
};
const balances = ({ ledger }: AccountRun) => ['C1_prepaid', 'C1_package', 'PF_clearing', 'PF_income'].map((id) => ledger.balance(id));
const hold = { ...e['account.holdRequested'], amountFen: fen(1_000n) };
const captured = (packageDraw: PackageDraw | null) => ({ ...e['account.captureRequested'], amountFen: fen(0n), packageDraw });

describe('a package', () => {
  it('A16 is bought once from the prepaid balance, by the contract in force', () => {
    const run = packaged().send(bought, { ...bought, offerId: 'SWAP-2' }, { ...bought, packageId: 'PK2', offerId: 'NONE' });
    expect(run.codes.slice(1)).toEqual(['PACKAGE_BOUGHT', 'PACKAGE_BOUGHT', 'KEY_USED_WITH_OTHER_OFFER', 'OFFER_UNKNOWN']);
    expect(balances(run)).toEqual([10_000n, 90_000n, 0n, 0n]);
    expect(run.send({ ...bought, packageId: 'PK3' }).codes.at(-1)).toBe('NO_CREDIT');
    expect(
      packaged()
        .send(e['account.blocked'], { ...bought, packageId: 'PK3', offerId: 'SWAP-2' })
        .codes.at(-1),
    ).toBe('ACCOUNT_BLOCKED');
    expect(new AccountRun('C1', aReference()).send(e['account.toppedUp'], bought).codes.at(-1)).toBe('OFFER_UNKNOWN');
    expect(new AccountRun('SO1').send(bought).codes).toEqual(['NOT_A_CARRIER']);
  });

  it('A17 keeps a part for an order, the same when it is asked again, and pays what was used of it', () => {
    const run = packaged().send(asked, asked);
    expect(grantOf(run)).toEqual({ packageId: 'PK1', unit: 'Wh', quantity: 250_000n, amountFen: 22_500n });
    run.send(hold, captured({ packageId: 'PK1', quantity: 200_000n, unit: 'Wh', amountFen: fen(18_000n) }));
    expect(balances(run)).toEqual([10_000n, 72_000n, 18_000n, 0n]);
    expect(packagesOf(run.books)).toMatchObject([{ quantity: 800_000n, amountFen: 72_000n, grants: [] }]);
  });

  it('A17 grants only what other orders left, and what a released order gives back', () => {
    const run = packaged().send({ ...asked, wantedWh: 900_000n }, { ...asked, orderId: 'O2' });
    expect(grantOf(run)).toMatchObject({ quantity: 100_000n, amountFen: 9_000n });
    expect(grantOf(run.send({ ...asked, orderId: 'O3' }))).toBeNull();
    run.send({ ...e['account.releaseRequested'], orderId: 'O1' });
    expect(grantOf(run.send({ ...asked, orderId: 'O3' }))).toMatchObject({ quantity: 250_000n });
  });

  it('A17 grants nothing of another issuer, nothing for no energy, nothing when it is over', () => {
    const run = packaged();
    expect(grantOf(run.send({ ...asked, issuerId: 'BO1' }))).toBeNull();
    expect(grantOf(run.send({ ...asked, wantedWh: 0n }))).toBeNull();
    expect(grantOf(run.send({ ...asked, atMs: NOON_MS + 30 * DAY_MS }))).toBeNull();
  });

  it('A17 takes the package that expires first, one swap at a time', () => {
    const run = new AccountRun('C1', aReferenceBilledBy(packageBilling)).send(
      { ...e['account.toppedUp'], amountFen: fen(200_000n) },
      bought,
      { ...bought, packageId: 'PK2', offerId: 'SWAP-2' },
      asked,
    );
    expect(grantOf(run)).toEqual({ packageId: 'PK2', unit: 'swap', quantity: 1n, amountFen: 25_001n });
  });

  it('A18 gives the rest to the issuer when it is over, not before an order that uses it has ended', () => {
    const over = { ...e['account.packagesExpired'], atMs: NOON_MS + 30 * DAY_MS };
    const run = packaged().send(asked, e['account.packagesExpired'], over);
    expect(balances(run)).toEqual([10_000n, 90_000n, 0n, 0n]);
    run.send(e['account.releaseRequested'], over, over);
    expect(balances(run)).toEqual([10_000n, 0n, 0n, 90_000n]);
    expect(run.emitted.at(-1)).toMatchObject({ to: 'account:PF', event: { type: 'account.posted', amountFen: 90_000n } });
  });

  it('A17 gives back the part of an order that is gone', () => {
    const run = packaged().send(asked, { ...e['delivery.bounced'], eventType: 'order.packageGranted' });
    expect(packagesOf(run.books)).toMatchObject([{ grants: [] }]);
  });

  it('A17 treats a draw that was not granted as a bug', () => {
    const draw: PackageDraw = { packageId: 'PK1', quantity: 1n, unit: 'Wh', amountFen: fen(1n) };
    expect(() => packaged().send(hold, captured(draw))).toThrow('not granted');
    expect(() => packaged().send(asked, hold, captured({ ...draw, quantity: 250_001n }))).toThrow('more than it was granted');
  });
});

type Step = EventOf['account'] | { type: 'use'; orderId: string; ratio: number };
const orderId = fc.integer({ min: 1, max: 5 }).map((n) => `O${n}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({ packageId: fc.constantFrom('PK1', 'PK2', 'PK3'), offerId: fc.constantFrom('KWH-1000', 'SWAP-2') })
    .map((over) => ({ ...bought, ...over })),
  fc.record({ orderId, wantedWh: fc.bigInt(-1n, 700_000n) }).map((over) => ({ ...asked, ...over })),
  orderId.map((id) => ({ ...hold, orderId: id, driverId: null })),
  orderId.map((id) => ({ ...e['account.releaseRequested'], orderId: id })),
  fc.record({ type: fc.constant('use' as const), orderId, ratio: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.integer({ min: 0, max: 40 }).map((days) => ({ ...e['account.packagesExpired'], atMs: NOON_MS + days * DAY_MS })),
);

it('A16 A17 A18 packages say what the ledger says, whatever is asked, and grant no unit twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const run = packaged().send({ ...e['account.toppedUp'], key: 'K9', amountFen: fen(400_000n) });
      for (const each of steps) {
        if (each.type === 'use') run.send(useOf(run, each));
        else run.send(each);
        expect(run.ledger.findings()).toEqual([]);
        expect(run.ledger.balance('C1_package')).toBe(packagedFen(run.books));
        expect(run.ledger.balance('C1_prepaid')).toBe(run.books.prepaidFen);
        for (const { quantity, amountFen, grants } of packagesOf(run.books)) {
          expect(grants.reduce((left, grant) => left - grant.quantity, quantity) >= 0n).toBe(true);
          expect(grants.reduce((left, grant) => left - grant.amountFen, 0n + amountFen) >= 0n).toBe(true);
        }
      }
    }),
  );
});

/** An order is captured with a part of what it was granted. */
function useOf(run: AccountRun, { orderId: id, ratio }: { orderId: string; ratio: number }): EventOf['account'] {
  const holder = packagesOf(run.books).find(({ grants }) => grants.some((grant) => grant.orderId === id));
  const grant = holder?.grants.find((each) => each.orderId === id);
  const quantity = grant === undefined ? 0n : BigInt(Math.floor(Number(grant.quantity) * ratio));
  if (holder === undefined || grant === undefined || quantity === 0n) return { ...captured(null), orderId: id };
  const { packageId, unit } = holder;
  return { ...captured({ packageId, unit, quantity, amountFen: drawOf(grant, quantity) }), orderId: id };
}
