import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountRun, aCorrection, accountEvents as e } from '../account/account-run.fixture.ts';
import { fen } from '../ledger/fen.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import type { BillLine } from '../order/bill.ts';
import { correctionOf, correctionTransfers } from './correction.ts';
import { disputeCorrectionLines } from './dispute-correction.ts';
import { isMismatch, meterCorrectionLines } from './meter-correction.ts';

const base = { description: '', taxRateBasisPoints: 600, period: null, derivation: '', unit: 'Wh' as const };
/** The worked example without its electricity out. */
const lines: BillLine[] = [
  {
    ...base,
    lineNo: 5,
    component: 'ELECTRICITY',
    leg: 'IN',
    quantity: -20_000n,
    unitPriceNanoYuan: 350_000_000n,
    amountFen: fen(-700n),
    beneficiaryId: 'SO1',
    packId: 'P1',
  },
  {
    ...base,
    lineNo: 6,
    component: 'ELECTRICITY',
    leg: 'IN',
    quantity: -26_699n,
    unitPriceNanoYuan: 650_000_000n,
    amountFen: fen(-1_735n),
    beneficiaryId: 'SO1',
    packId: 'P1',
  },
  {
    ...base,
    lineNo: 7,
    component: 'SERVICE',
    leg: 'NONE',
    quantity: 217_253n,
    unitPriceNanoYuan: 400_000_000n,
    amountFen: fen(8_690n),
    beneficiaryId: 'SO1',
    packId: null,
  },
  {
    ...base,
    lineNo: 9,
    component: 'BATTERY_RENT',
    leg: 'IN',
    quantity: -46_699n,
    unitPriceNanoYuan: 291_000_000n,
    amountFen: fen(-1_359n),
    beneficiaryId: 'BO1',
    packId: 'P1',
  },
];
const terms = { platformId: 'PF', commission: { ELECTRICITY: 0, SERVICE: 500, BATTERY_RENT: 300, SWAP_HANDLING: 500, PENALTY: 0 } };
const about = {
  correctionId: 'meter:O1',
  orderId: 'O1',
  chargeId: null,
  carrierId: 'C1',
  cause: 'METER',
  disputeId: null,
  reason: 'METER_MISMATCH',
  by: 'x',
} as const;
const PER_KWH = { billing: undefined, packageGrant: null, netWh: 217_253n };
const NOTHING_CORRECTED = new Map<number, bigint>();
const difference = { orderId: 'O1', meteredWh: 230_000, billedWh: 212_400, nominalWh: 282_000 };

describe('correction by the meter', () => {
  it('takes back the credit for energy that was not in the pack, to whom it was credited', () => {
    // 230.000 x 0.98 - 212.400 = 13.000 kWh were missing.
    expect(isMismatch(difference)).toBe(true);
    const drafts = meterCorrectionLines(lines, difference, PER_KWH, NOTHING_CORRECTED);
    expect(drafts.map(({ ofLineNo, quantity, amountFen }) => [ofLineNo, quantity, amountFen])).toEqual([
      [5, 5_568n, 195n],
      [6, 7_432n, 483n],
      [7, 13_000n, 520n],
      [9, 13_000n, 378n],
    ]);
    const correction = correctionOf(about, drafts, terms);
    expect(correction.payableFen).toBe(1_576n);
    expect(correction.shares.map(({ principalId, netFen }) => [principalId, netFen])).toEqual([
      ['SO1', 1_172n],
      ['BO1', 367n],
      ['PF', 37n],
    ]);
  });

  it('never takes back more than was credited, and leaves what a mode includes to its issuer', () => {
    const drafts = meterCorrectionLines(lines, { ...difference, meteredWh: 290_000 }, PER_KWH, NOTHING_CORRECTED);
    expect(drafts.map(({ quantity }) => quantity)).toEqual([20_000n, 26_699n, 46_699n, 46_699n]);
    const adjusted: BillLine = {
      ...base,
      lineNo: 10,
      component: 'MODE_ADJUSTMENT',
      leg: 'NONE',
      quantity: 1n,
      unit: 'swap',
      unitPriceNanoYuan: 1n,
      amountFen: fen(1n),
      beneficiaryId: 'ISS',
      packId: null,
    };
    const billing = {
      mode: 'PER_SWAP' as const,
      issuerId: 'ISS',
      replaces: ['ELECTRICITY' as const, 'SERVICE' as const, 'BATTERY_RENT' as const],
      priceFen: '20000',
    };
    const flat = meterCorrectionLines([...lines, adjusted], difference, { ...PER_KWH, billing }, NOTHING_CORRECTED);
    expect(flat.at(-1)).toMatchObject({ component: 'MODE_ADJUSTMENT', beneficiaryId: 'ISS', amountFen: -1_576n });
    expect(correctionOf(about, flat, terms).payableFen).toBe(0n);

    // A package that covered a tenth bears a tenth; the carrier, the rest.
    const packaged = { mode: 'PACKAGE' as const, issuerId: 'ISS', replaces: billing.replaces, offers: [] };
    const covering = (unit: 'Wh' | 'swap', quantity: bigint) =>
      meterCorrectionLines(
        [...lines, adjusted],
        difference,
        { billing: packaged, packageGrant: { unit, quantity }, netWh: 200_000n },
        NOTHING_CORRECTED,
      );
    expect(covering('Wh', 20_000n).at(-1)).toMatchObject({ component: 'MODE_ADJUSTMENT', beneficiaryId: 'ISS', amountFen: -158n });
    expect(correctionOf(about, covering('Wh', 20_000n), terms).payableFen).toBe(1_418n);
    expect(correctionOf(about, covering('Wh', 200_000n), terms).payableFen).toBe(0n);
    expect(correctionOf(about, covering('swap', 3n), terms).payableFen).toBe(0n);
  });

  it('takes back of a line only what a dispute has left of it', () => {
    // Half of the rent that was credited, and all of one residual, were taken back before.
    const before = new Map([
      [9, 679n],
      [6, 1_735n],
    ]);
    const drafts = meterCorrectionLines(lines, { ...difference, meteredWh: 290_000 }, PER_KWH, before);
    expect(drafts.map(({ ofLineNo, amountFen }) => [ofLineNo, amountFen])).toEqual([
      [5, 700n],
      [7, 1_868n],
      [9, 680n],
    ]);
  });

  it('within the tolerance is none', () => expect(isMismatch({ ...difference, meteredWh: 225_000 })).toBe(false));
});

describe('correction of a dispute', () => {
  const refusal = (changes: { lineNo: number; deltaFen: bigint }[], before = new Map<number, bigint>()) => {
    const found = disputeCorrectionLines({ lines, correctedFen: before, floorFen: null }, changes, 'why');
    return found.ok ? found.drafts.map(({ ofLineNo, amountFen }) => [ofLineNo, amountFen]) : found.reason;
  };
  it.each([
    ['takes a line back in part', [{ lineNo: 7, deltaFen: -690n }], [[7, -690n]]],
    ['takes a credit back', [{ lineNo: 9, deltaFen: 1_359n }], [[9, 1_359n]]],
    ['refuses more than the line', [{ lineNo: 7, deltaFen: -8_691n }], 'CORRECTION_ABOVE_LINE'],
    ['refuses to charge more', [{ lineNo: 7, deltaFen: 1n }], 'CORRECTION_ABOVE_LINE'],
    ['refuses a line that is not there', [{ lineNo: 1, deltaFen: -1n }], 'LINE_UNKNOWN'],
    [
      'refuses a line twice',
      [
        { lineNo: 7, deltaFen: -1n },
        { lineNo: 7, deltaFen: -1n },
      ],
      'LINE_REPEATED',
    ],
    ['refuses nothing', [{ lineNo: 7, deltaFen: 0n }], 'CORRECTION_EMPTY'],
  ])('%s', (_, changes, expected) => expect(refusal(changes)).toEqual(expected));
  it('counts what was taken back before', () => {
    expect(refusal([{ lineNo: 7, deltaFen: -1n }], new Map([[7, -8_690n]]))).toBe('CORRECTION_ABOVE_LINE');
    expect(refusal([{ lineNo: 7, deltaFen: -1n }], new Map([[7, -8_689n]]))).toEqual([[7, -1n]]);
  });
});

describe('corrections in the books', () => {
  it('balance, and clearing ends as it began, whatever is corrected', () => {
    const deltas = fc.array(fc.tuple(fc.constantFrom('SO1', 'SO2', 'BO1', 'PF'), fc.bigInt({ min: -9_999n, max: 9_999n })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(deltas, (drawn) => {
        const drafts = drawn.map(([beneficiaryId, deltaFen]) => ({
          ...base,
          component: 'SERVICE' as const,
          leg: 'NONE' as const,
          quantity: 1n,
          unit: 'swap' as const,
          unitPriceNanoYuan: 1n,
          amountFen: fen(deltaFen),
          beneficiaryId,
          packId: null,
          ofLineNo: 1,
        }));
        const correction = correctionOf(about, drafts, terms);
        const book = new LedgerBook();
        book.post({
          key: 't',
          kind: 'TOP_UP',
          debitAccountId: 'RAIL_x',
          creditAccountId: 'C1_prepaid',
          amountFen: fen(1_000_000n),
          orderId: null,
        });
        book.postAll(correctionTransfers(correction, 'PF'));
        expect(book.findings()).toEqual([]);
        expect(book.balance('PF_clearing')).toBe(0n);
        expect(book.balance('C1_prepaid')).toBe(1_000_000n - correction.payableFen);
      }),
      { numRuns: 200 },
    );
  });

  it('A19 gives back once, and refuses to take what the carrier has not', () => {
    const asked = e['account.correctionRequested'];
    const run = new AccountRun().send(e['account.toppedUp'], asked, asked);
    expect(run.codes).toEqual(['TOPPED_UP', 'CORRECTED', 'CORRECTION_EXISTS']);
    expect(run.books.prepaidFen).toBe(101_000n);
    expect(run.ledger.balance('C1_prepaid')).toBe(101_000n);
    expect(run.ledger.balance('SO1_income')).toBe(-950n);
    const charge = new AccountRun().send(e['account.toppedUp'], { ...asked, correction: aCorrection(100_001n) });
    expect(charge.codes).toEqual(['TOPPED_UP', 'NO_CREDIT']);
    expect([...charge.ledger.transfers()]).toHaveLength(1);
    expect(new AccountRun('SO1').send(asked).codes).toEqual(['NOT_A_CARRIER']);
  });
});

it('has a transfer of its own for each principal, whatever its id is', () => {
  const reserved = (amountFen: bigint, beneficiaryId: string) => ({
    ...(lines[2] as BillLine),
    ofLineNo: 7,
    amountFen: fen(amountFen),
    beneficiaryId,
  });
  for (const sign of [1n, -1n]) {
    const drafts = [reserved(sign * 900n, 'charge'), reserved(sign * 400n, 'refund'), reserved(sign * -100n, 'net:charge')];
    const correction = correctionOf(about, drafts, terms);
    const keys = correctionTransfers(correction, 'PF').map(({ key }) => key);
    // The carrier's, three payees', and the platform's commission.
    expect([keys.length, new Set(keys).size]).toEqual([5, 5]);
  }
});
