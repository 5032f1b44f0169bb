import type { Billing } from '@corridor/protocols/agreement/billing';
import type { Penalty } from '@corridor/protocols/agreement/penalty';
import type { Contract } from '@corridor/protocols/network-file';
import { describe, expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import { aReference, aReferenceBilledBy, orderEvents as e, legOut, measuredOut, packageBilling, quotedOut } from './order.fixture.ts';
import { OrderRun } from './order-run.fixture.ts';

const perKm: Billing = {
  mode: 'PER_KM',
  issuerId: 'BO1',
  replaces: ['ELECTRICITY', 'SERVICE', 'BATTERY_RENT', 'SWAP_HANDLING'],
  priceNanoYuanPerKm: '2000000000',
};
const quoted = [e['order.begun'], e['order.truckBooked'], e['order.legQuoted'], e['order.packReserved'], quotedOut] as const;
const measured = [e['order.legMeasured'], measuredOut] as const;
/** 300 kWh out and 60 in at 0.65, service 0.40, rent 0.30, handling 10.00. */
const PER_KWH_FEN = 33_400n;
const requested = (run: OrderRun, type: 'account.holdRequested' | 'account.captureRequested') => {
  const told = run.emitted.findLast((each) => each.type === 'tell' && each.event.type === type);
  return told?.type === 'tell' ? told.event : null;
};
const bill = (run: OrderRun) => run.effects('order.billed')[0]?.bill;

describe('an order by the kilometre', () => {
  it('is quoted and billed by the odometer since the swap before, and tells the truck where the next distance begins', () => {
    const run = new OrderRun({}, aReferenceBilledBy(perKm)).send(...quoted);
    expect(run.row).toMatchObject({ state: 'QUOTED', quotedFen: 30_000n });
    run.send(e['order.held'], ...measured, { ...e['order.captured'], capturedFen: fen(30_000n) });
    expect(run.row).toMatchObject({ state: 'CLEARED', payableFen: 30_000n });
    expect(bill(run)?.lines.at(-1)).toMatchObject({ component: 'MODE_ADJUSTMENT', beneficiaryId: 'BO1', amountFen: 30_000n - PER_KWH_FEN });
    expect(run.emitted).toContainEqual(
      expect.objectContaining({ to: 'truck:T1', event: expect.objectContaining({ type: 'truck.swapBilled', odometerM: 184_000_000 }) }),
    );
  });

  it('goes by what was read at the bay, and by where a truck on its way docked', () => {
    const atBay = new OrderRun({ odometerM: 183_950_000 }, aReferenceBilledBy(perKm)).send(...quoted);
    expect(atBay.row?.quotedFen).toBe(20_000n);
    const remote = new OrderRun({ initiation: 'REMOTE' }, aReferenceBilledBy(perKm));
    remote.send(...quoted, e['order.confirmed'], e['order.held'], e['order.truckDocked'], e['order.legQuoted'], quotedOut);
    remote.send({ ...e['order.held'], amountFen: fen(45_000n) }, ...measured);
    expect(requested(remote, 'account.captureRequested')).toMatchObject({ amountFen: 38_000n });
  });

  it.each([
    ['no odometer', { odometerM: null }],
    ['no swap before', { odometerAtSwapM: null }],
    ['an odometer that went back', { odometerM: 100 }],
  ])('is refused with %s, never taken for 0', (_, over) => {
    const [begun, booked, ...rest] = quoted;
    const run = new OrderRun({}, aReferenceBilledBy(perKm)).send(begun, { ...booked, ...over }, ...rest);
    expect(run.row).toMatchObject({ state: 'REJECTED', reason: 'ODOMETER_MISSING' });
  });
});

describe('an order under a contract that ends', () => {
  const DAY_MS = 86_400_000;
  const today = aReferenceBilledBy(perKm).contractOf('C1', '2026-11-22');
  const noShow: Penalty = { kind: 'NO_SHOW', amountFen: '3000', waivers: [] };

  it('in the middle of its swap is billed by that contract, which was in force when it began', () => {
    const next = { ...today, id: 'CT-NEXT', validFrom: '2026-11-23', billing: { mode: 'PER_KWH' } } as Contract;
    const contracts = [{ ...today, validUntil: '2026-11-22' } as Contract, next];
    for (const reference of [aReference({ contracts }), aReference({ contracts: contracts.slice(0, 1) })]) {
      const run = new OrderRun({}, reference).send(...quoted, e['order.held']).waitMs(DAY_MS / 2 + 1);
      run.send(...measured, { ...e['order.captured'], capturedFen: fen(30_000n) });
      expect(run.row).toMatchObject({ state: 'CLEARED', payableFen: 30_000n });
      expect(run.effects('order.billed')[0]?.basis).toMatchObject({ contractId: 'CT-C1' });
    }
  });

  it('before it begins is refused', () => {
    const reference = aReference({ contracts: [{ ...today, validUntil: '2026-11-21' } as Contract] });
    expect(new OrderRun({}, reference).send(e['order.begun']).row).toMatchObject({ state: 'REJECTED', reason: 'NETWORK_NOT_ALLOWED' });
  });

  it.each([
    ['is an incident', [noShow], ['NO_SHOW']],
    ['is none without a penalty', [], []],
  ])('a truck that does not come %s', (_, penalties, kinds) => {
    const reference = aReference({ contracts: [{ ...today, billing: { mode: 'PER_KWH' }, penalties } as Contract] });
    const run = new OrderRun({ initiation: 'REMOTE' }, reference).send(...quoted, e['order.confirmed'], e['order.held']).waitMs(7_800_000);
    expect(run.row).toMatchObject({ state: 'CANCELLED', reason: 'RESERVATION_EXPIRED' });
    expect(run.effects('penalty.incurred').map(({ incident }) => incident.kind)).toEqual(kinds);
  });

  it('a truck that does not come to what the platform reserved for it is none of the carrier’s', () => {
    const reference = aReference({ contracts: [{ ...today, billing: { mode: 'PER_KWH' }, penalties: [noShow] } as Contract] });
    const confirmed = { ...e['order.confirmed'], onBehalf: true } as const;
    const run = new OrderRun({ initiation: 'REMOTE' }, reference).send(...quoted, confirmed, e['order.held']).waitMs(7_800_000);
    expect(run.row).toMatchObject({ state: 'CANCELLED', reason: 'RESERVATION_EXPIRED' });
    expect(run.effects('penalty.incurred')).toEqual([]);
  });
});

describe('an order by package', () => {
  const grant = { packageId: 'PK1', unit: 'Wh', quantity: 252_000n, amountFen: fen(22_680n) } as const;
  const granted = (given: typeof grant | null) =>
    new OrderRun({}, aReferenceBilledBy(packageBilling)).send(...quoted, { ...e['order.packageGranted'], grant: given });

  it('asks for the energy of its quote with the margin of the hold', () => {
    const run = new OrderRun({}, aReferenceBilledBy(packageBilling)).send(...quoted);
    expect(run.emitted.at(-1)).toMatchObject({
      to: 'account:C1',
      event: { type: 'account.packageRequested', issuerId: 'PF', wantedWh: 252_000n },
    });
  });

  it('holds only what the package does not pay, and draws by what was measured', () => {
    const run = granted(grant);
    expect(run.row?.quotedFen).toBe(21_600n);
    expect(requested(run, 'account.holdRequested')).toMatchObject({ amountFen: 1_000n });
    run.send({ ...e['order.held'], amountFen: fen(1_000n) }, e['order.legMeasured'], {
      ...measuredOut,
      pack: legOut({ energyWh: 260_000 }),
    });
    expect(requested(run, 'account.captureRequested')).toMatchObject({
      amountFen: 0n,
      packageDraw: { packageId: 'PK1', quantity: 200_000n, unit: 'Wh', amountFen: 18_000n },
    });
  });

  it('pays owners and operator in full, the issuer the difference', () => {
    const run = granted(grant).send({ ...e['order.held'], amountFen: fen(1_000n) }, ...measured);
    run.send({ ...e['order.captured'], capturedFen: fen(0n), releasedFen: fen(1_000n) });
    const book = new LedgerBook();
    const put = (key: string, to: string, amount: bigint) =>
      book.postAll([
        { key, kind: 'SWAP_EXPENSE', debitAccountId: 'RAIL_sandbox', creditAccountId: to, amountFen: fen(amount), orderId: 'O1' },
      ]);
    put('draw', 'PF_clearing', 21_600n);
    put('float', 'PF_income', 1n);
    for (const { transfers } of run.effects('ledger.posted')) book.postAll(transfers);
    expect(bill(run)?.shares.map(({ principalId, role, grossFen }) => [principalId, role, grossFen])).toEqual([
      ['SO1', 'STATION_OPERATOR', 26_200n],
      ['BO2', 'BATTERY_OWNER', 9_000n],
      ['BO1', 'BATTERY_OWNER', -1_800n],
      ['PF', 'ISSUER', 21_600n - PER_KWH_FEN],
      ['PF', 'PLATFORM', 0n],
    ]);
    expect(book.balance('PF_clearing')).toBe(0n);
  });

  it('goes on per kWh when there is none', () => {
    const run = granted(null);
    expect(run.row?.quotedFen).toBe(PER_KWH_FEN);
    expect(requested(run, 'account.holdRequested')).toMatchObject({ amountFen: 36_000n });
  });
});
