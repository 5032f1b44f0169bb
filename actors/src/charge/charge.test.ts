import type { Penalty } from '@corridor/protocols/agreement/penalty';
import type { Contract } from '@corridor/protocols/network-file';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountRun, aCharge, accountEvents } from '../account/account-run.fixture.ts';
import { fen } from '../ledger/fen.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import type { ReferenceStore } from '../network/reference-store.ts';
import { aReference, aReferenceBilledBy, NOON_MS } from '../order/order.fixture.ts';
import { type Charge, chargeTransfers } from './charge.ts';
import { type Incident, penaltyChargeOf, penaltyIncurred } from './penalty-charge.ts';
import { monthsBetween, type RentedTruck, rentChargesOf } from './rent-charge.ts';

const byMonth = (yuanPerKwh: number) =>
  ({ mode: 'MONTHLY_RENT', issuerId: 'BO1', feeNanoYuanPerKwhMonth: `${yuanPerKwh}000000000` }) as const;
const contract = (over: Partial<Contract>): Contract => {
  const found = aReferenceBilledBy(byMonth(10)).contractOf('C1', '2026-11-01');
  if (found === undefined) throw new Error('no contract');
  return { ...found, ...over };
};
const truck: RentedTruck = { truckId: 'T1', carrierId: 'C1', packId: 'P1', nominalWh: 282_000, fromDate: null, untilDate: null, stay: 1 };
const amounts = (charges: readonly Charge[]) => charges.map(({ chargeId, payableFen }) => [chargeId, payableFen]);

describe('rent of a month', () => {
  it('is the fee by the nominal content of the pack, to the issuer, without commission', () => {
    const [charge, ...others] = rentChargesOf(aReferenceBilledBy(byMonth(10)), truck, '2026-11');
    expect(others).toEqual([]);
    expect(charge).toMatchObject({ chargeId: 'rent:CT-C1:T1:2026-11', payableFen: 282_000n, basis: { days: 30, daysOfMonth: 30 } });
    expect(charge?.shares.map(({ principalId, netFen }) => [principalId, netFen])).toEqual([
      ['BO1', 282_000n],
      ['PF', 0n],
    ]);
  });

  it.each([
    ['2027-02', 28],
    ['2028-02', 29],
    ['2026-12', 31],
  ])('of %s counts %i days, and is the same fee', (month, days) => {
    const [charge] = rentChargesOf(aReferenceBilledBy(byMonth(10)), truck, month);
    expect(charge).toMatchObject({ payableFen: 282_000n, basis: { days, daysOfMonth: days } });
    const half = rentChargesOf(aReferenceBilledBy(byMonth(10)), { ...truck, untilDate: `${month}-14` }, month);
    expect(half.map(({ payableFen }) => payableFen)).toEqual([(282_000n * 14n + BigInt(days) / 2n) / BigInt(days)]);
  });

  it('is in proportion to the days of each contract in force, and of the truck with its carrier', () => {
    const contracts = [contract({ validUntil: '2026-11-20' }), contract({ id: 'CT-NEXT', validFrom: '2026-11-11', billing: byMonth(20) })];
    const reference = aReference({ contracts });
    // The one that begins last holds: 10 days at 10 yuan, 20 days at 20.
    expect(amounts(rentChargesOf(reference, truck, '2026-11'))).toEqual([
      ['rent:CT-C1:T1:2026-11', 94_000n],
      ['rent:CT-NEXT:T1:2026-11', 376_000n],
    ]);
    const joined = { ...truck, fromDate: '2026-11-10', untilDate: '2026-11-11' };
    expect(amounts(rentChargesOf(reference, joined, '2026-11')).map(([, fen]) => fen)).toEqual([9_400n, 18_800n]);
    expect(rentChargesOf(reference, { ...truck, fromDate: '2026-12-01' }, '2026-11')).toEqual([]);
    expect(rentChargesOf(aReference(), truck, '2026-11')).toEqual([]);
  });

  it('of a truck that left and came back within the month is one for each time, by its days', () => {
    const stays = [
      { ...truck, untilDate: '2026-11-09' },
      { ...truck, fromDate: '2026-11-21', stay: 2 },
    ];
    expect(amounts(stays.flatMap((stay) => rentChargesOf(aReferenceBilledBy(byMonth(10)), stay, '2026-11')))).toEqual([
      ['rent:CT-C1:T1:2026-11', 84_600n],
      ['rent:CT-C1:T1:2026-11:2', 94_000n],
    ]);
  });

  it('of all days of a month is never more than the fee, and no day is charged twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 100_000, max: 423_000 }), (day, nominalWh) => {
        const from = `2026-11-${String(day).padStart(2, '0')}`;
        const reference = aReference({ contracts: [contract({}), contract({ id: 'CT-NEXT', validFrom: from, billing: byMonth(10) })] });
        const parts = rentChargesOf(reference, { ...truck, nominalWh }, '2026-11');
        const whole = rentChargesOf(aReferenceBilledBy(byMonth(10)), { ...truck, nominalWh }, '2026-11');
        const days = parts.reduce((sum, { basis }) => sum + ('days' in basis ? basis.days : 0), 0);
        const sumOf = (charges: readonly Charge[]) => charges.reduce((sum, { payableFen }) => sum + payableFen, 0n);
        expect(days).toBe(30);
        expect(Math.abs(Number(sumOf(parts) - sumOf(whole)))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is asked for every month between two', () => {
    expect(monthsBetween('2026-11', '2027-02')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
    expect(monthsBetween('2026-12', '2026-11')).toEqual([]);
  });
});

describe('a penalty', () => {
  const penalties: Penalty[] = [
    { kind: 'NO_SHOW', amountFen: '5000', waivers: [{ rule: 'STATIONS', stationIds: ['XX1'] }] },
    { kind: 'OVERSTAY', graceMinutes: 10, blockMinutes: 15, amountFen: '2000', waivers: [{ rule: 'INTRODUCTION', until: '2026-11-22' }] },
  ];
  const reference: ReferenceStore = aReference({ contracts: [contract({ billing: { mode: 'PER_KWH' }, penalties })] });
  const incident = { orderId: 'O1', stationId: 'HH1', truckId: 'T1', carrierId: 'C1' } as const;
  const DAY_MS = 86_400_000;
  const chargeOf = (rated: ReturnType<typeof penaltyChargeOf>) => (rated.is === 'CHARGE' ? rated.charge : null);

  it('of a truck that did not come goes to the station, less what the platform takes', () => {
    const rated = penaltyChargeOf(reference, { ...incident, kind: 'NO_SHOW', ratedAtMs: NOON_MS, stayedMs: null }, 'SO1');
    expect(chargeOf(rated)).toMatchObject({
      chargeId: 'no-show:O1',
      payableFen: 5_000n,
      lines: [{ component: 'PENALTY', beneficiaryId: 'SO1' }],
    });
  });

  it('goes to whose the station was then, also once it has left', () => {
    const kept = { ...incident, kind: 'OVERSTAY', ratedAtMs: NOON_MS, stayedMs: 26 * 60_000 } as const;
    const left = aReference({ contracts: [contract({ billing: { mode: 'PER_KWH' }, penalties })] });
    left.remove('STATION', incident.stationId);
    const charge = chargeOf(penaltyChargeOf(left, kept, 'SO-THEN'));
    expect(penaltyChargeOf(reference, kept, 'SO-THEN')).toEqual({ is: 'CHARGE', charge });
    expect(charge?.lines.map(({ beneficiaryId }) => beneficiaryId)).toEqual(['SO-THEN', 'SO-THEN']);
    expect(charge?.shares.map(({ role, principalId }) => [role, principalId])).toContainEqual(['STATION_OPERATOR', 'SO-THEN']);
  });

  it('of a truck that kept the bay counts blocks begun after the grace, and stands on the bill with its waiver', () => {
    const stayed = (ratedAtMs: number, minutes: number) =>
      chargeOf(penaltyChargeOf(reference, { ...incident, kind: 'OVERSTAY', ratedAtMs, stayedMs: minutes * 60_000 }, 'SO1'));
    expect(stayed(NOON_MS + DAY_MS, 10)).toBeNull();
    expect(stayed(NOON_MS + DAY_MS, 26)).toMatchObject({ payableFen: 4_000n });
    expect(stayed(NOON_MS, 26)).toMatchObject({
      payableFen: 0n,
      lines: [
        { component: 'PENALTY', amountFen: 4_000n },
        { component: 'WAIVER', amountFen: -4_000n },
      ],
    });
  });

  it('is none where no contract has one', () => {
    const noShow = { ...incident, kind: 'NO_SHOW', ratedAtMs: NOON_MS, stayedMs: null } as const;
    expect(penaltyChargeOf(aReference(), noShow, 'SO1')).toEqual({ is: 'NONE' });
    expect(penaltyChargeOf(aReference(), noShow, undefined)).toEqual({ is: 'NONE' });
    expect(penaltyIncurred(aReference(), noShow, NOON_MS)).toEqual([]);
  });

  it.each<[string, () => ReferenceStore]>([
    ['NETWORK_NOT_ALLOWED', () => aReference({ contracts: [] })],
    ['OPERATOR_UNKNOWN', () => aReference({ contracts: [contract({ billing: { mode: 'PER_KWH' }, penalties })], stations: [] })],
  ])('is kept, with an alarm for the platform, where nobody can rate it: %s', (reason, referenceOf) => {
    const kept: Incident = { ...incident, kind: 'OVERSTAY', ratedAtMs: NOON_MS, stayedMs: 26 * 60_000 };
    const emitted = penaltyIncurred(referenceOf(), kept, NOON_MS + 60_000);
    expect(emitted.map((each) => (each.type === 'effect' ? each.effect : null))).toMatchObject([
      { type: 'penalty.incurred', incident: kept },
      {
        type: 'alarm.raised',
        code: 'PENALTY_NOT_RATED',
        scope: 'order',
        scopeId: 'O1',
        args: { kind: 'OVERSTAY', truckId: 'T1', stationId: 'HH1', reason },
      },
    ]);
  });
});

describe('A20 the account of the carrier', () => {
  const topUp = accountEvents['account.toppedUp'];
  const asked = accountEvents['account.chargeRequested'];
  const answers = (run: AccountRun) =>
    run.emitted.flatMap((each) => (each.type === 'effect' && each.effect.type === 'intent.answered' ? [each.effect.code] : []));

  it('pays it once, whole', () => {
    const run = new AccountRun().send(topUp, asked, asked);
    expect(answers(run).slice(-2)).toEqual(['CHARGED', 'CHARGE_EXISTS']);
    expect(run.books.prepaidFen).toBe(97_000n);
    expect(run.ledger.balance('BO1_income')).toBe(3_000n);
    expect(run.ledger.balance('PF_clearing')).toBe(0n);
  });

  it('refuses it while the balance is short, to the fen, and books nothing of it', () => {
    const short = new AccountRun().send(topUp, { ...asked, charge: aCharge(100_001n) });
    expect(answers(short).at(-1)).toBe('NO_CREDIT');
    expect(short.books.prepaidFen).toBe(100_000n);
    expect(answers(new AccountRun().send(topUp, { ...asked, charge: aCharge(100_000n) })).at(-1)).toBe('CHARGED');
  });

  it('moves no money for one that was waived', () => {
    expect(chargeTransfers({ ...aCharge(), payableFen: aCharge(0n).payableFen }, 'PF')).toEqual([]);
  });

  it('leaves clearing at zero for any amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), (amountFen) => {
        const book = new LedgerBook();
        const [debitAccountId, creditAccountId] = ['RAIL_sandbox', 'C1_prepaid'];
        book.postAll([{ key: 'topup', kind: 'TOP_UP', debitAccountId, creditAccountId, amountFen: fen(amountFen), orderId: null }]);
        book.postAll(chargeTransfers(aCharge(amountFen), 'PF'));
        expect(book.balance('PF_clearing')).toBe(0n);
        expect(book.balance('C1_prepaid')).toBe(0n);
      }),
    );
  });
});
