import { ABNORMAL_REASONS } from '@corridor/protocols/reason-code';
import { describe, expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import type { EventOf, RepairMeasurement } from '../network/actor-event.ts';
import { aReference, orderEvents as e, legIn, legOut, measuredOut, networkFile } from './order.fixture.ts';
import { OrderRun, orderStates } from './order-run.fixture.ts';
import { moreForOne } from './unbalanced-bill.fixture.ts';

const repaired = (measured: RepairMeasurement | null) => ({ ...e['order.repaired'], measured });
const IN = { packId: 'P-IN', socPercent: 20 } as const;
const OUT = { packId: 'P-OUT', socPercent: 95 } as const;
const byHand = (over: Partial<RepairMeasurement>): RepairMeasurement => ({ in: null, out: null, odometerM: null, ...over });
const legOf = (leg: 'IN' | 'OUT') => ({ ...e['order.legQuoted'], leg, pack: leg === 'IN' ? legIn() : legOut() });
const ended = (outcome: Extract<EventOf['order'], { type: 'order.swapEnded' }>['outcome'], step: number) => ({
  ...e['order.swapEnded'],
  outcome,
  step,
});
const held = () => orderStates['HELD.docked']();
const PAYABLE = 33_400n;
const answers = (run: OrderRun) => run.effects('intent.answered').map(({ ok, code }) => [ok, code]);

/** How an order comes to each reason, and what a person found out. null: what the station told is enough. */
const CASES: Readonly<Record<string, [() => OrderRun, RepairMeasurement | null]>> = {
  BATTERY_OUT_TIMEOUT: [() => held().send(ended('BATTERY_OUT_TIMEOUT', 7)), byHand({ in: IN, out: OUT })],
  BATTERY_IN_MISSING: [() => held().send(measuredOut, ended('COMPLETED', 14)), byHand({ in: IN })],
  SOC_JUMP: [() => held().send({ ...e['order.legUnknown'], packId: 'P-IN', reason: 'SOC_JUMP' }, measuredOut), byHand({ in: IN })],
  GATEWAY_OFFLINE_BACKFILLED: [() => orderStates['MEASURED.holding']().send(e['order.holdRefused']), null],
  PAYMENT_CAPTURE_FAILED: [() => orderStates['ABNORMAL.open'](), null],
  TARIFF_MISSING: [() => held().send({ ...e['order.legUnknown'], reason: 'TARIFF_MISSING' }, measuredOut), byHand({ in: IN })],
  PACK_CUSTODY_MISMATCH: [
    () => held().send({ ...e['order.legUnknown'], reason: 'PACK_CUSTODY_MISMATCH' }, measuredOut),
    byHand({ in: IN }),
  ],
  TRUCK_CHANGED: [() => held().send(e['order.truckChanged']), byHand({ in: IN, out: OUT })],
  BATTERY_UNKNOWN: [() => held().send(e['order.legUnknown'], measuredOut), byHand({ in: IN })],
  WRONG_PACK_ISSUED: [
    () => held().send(e['order.legMeasured'], { ...e['order.legUnknown'], leg: 'OUT', reason: 'WRONG_PACK_ISSUED' }),
    byHand({ out: OUT }),
  ],
  SWAP_FAILED: [() => held().send(e['order.legMeasured'], ended('FAILED', 9)), byHand({ out: OUT })],
  SWAP_LOST: [() => held().send(ended('LOST', 9)), byHand({ in: IN, out: OUT })],
  SWAP_ABORTED_PICKED: [() => held().send(e['order.legMeasured'], ended('ABORTED_SAFE', 8)), byHand({ out: OUT })],
  NOT_AUTHORIZED: [() => new OrderRun({ begin: 'UNAUTHORISED' }).send(e['order.begun']), byHand({ in: IN, out: OUT })],
  CLEARING_UNBALANCED: [() => orderStates['MEASURED.holding']().restoredWith(moreForOne).send(e['order.held']), null],
  DUPLICATE_REPORT: [
    () => held().send(e['order.legMeasured'], { ...e['order.legUnknown'], leg: 'OUT', reason: 'DUPLICATE_REPORT' }),
    byHand({ out: OUT }),
  ],
};
/** METER_MISMATCH flags a bill that stands; ODOMETER_MISSING has a test below. */
const ELSEWHERE = ['METER_MISMATCH', 'ODOMETER_MISSING'];

describe('a repair', () => {
  it('is tried for every reason', () => {
    expect(
      Object.keys(CASES)
        .filter((reason) => !reason.startsWith('SWAP_ABORTED_'))
        .sort(),
    ).toEqual(ABNORMAL_REASONS.filter((reason) => !ELSEWHERE.includes(reason)).toSorted());
  });

  it.each(Object.entries(CASES))('O22 of %s bills both packs and clears once', (reason, [abnormal, measured]) => {
    const run = abnormal();
    expect(run.row).toMatchObject({ state: 'ABNORMAL', reason });
    run.fresh().send(repaired(measured));
    if (measured?.in) run.send(legOf('IN'));
    if (measured?.out) run.send(legOf('OUT'));
    expect(run.state).toBe('ABNORMAL.holding');
    const asked = run.emitted.find((each) => each.type === 'tell' && each.event.type === 'account.holdRequested');
    expect(asked).toMatchObject({ to: 'account:C1', event: { amountFen: PAYABLE, attempt: 2 } });
    run.send({ ...e['order.held'], amountFen: fen(PAYABLE) }, { ...e['order.captured'], capturedFen: fen(PAYABLE), releasedFen: fen(0n) });
    expect(run.row).toMatchObject({ state: 'REPAIRED', reason, payableFen: PAYABLE, energyInWh: 60_000, energyOutWh: 300_000 });
    expect(run.effects('order.billed').map(({ bill }) => bill.payableFen)).toEqual([PAYABLE]);
    expect(run.effects('alarm.cleared')).toHaveLength(1);
    expect(answers(run)).toEqual([[true, 'REPAIRED']]);
  });

  it.each(Object.entries(CASES))('O22 of %s may be a write-off, which moves no money', (_, [abnormal]) => {
    const run = abnormal().fresh().send(e['order.writtenOff']);
    expect(run.row).toMatchObject({ state: 'WRITTEN_OFF' });
    expect(run.effects('ledger.posted')).toEqual([]);
    expect(answers(run)).toEqual([[true, 'WRITTEN_OFF']]);
  });

  it('O22 asks the packs where the swap left them', () => {
    const run = held()
      .send(ended('LOST', 9))
      .fresh()
      .send(repaired(byHand({ in: IN, out: OUT })));
    const asked = run.emitted.flatMap((each) => (each.type === 'tell' ? [each] : []));
    expect(asked).toMatchObject([
      { to: 'pack:P-IN', event: { type: 'pack.legRequested', leg: 'IN', socPercent: 20, handedOverAt: 'HH1' } },
      { to: 'pack:P-OUT', event: { leg: 'OUT', socPercent: 95, handedOverAt: 'HH1', expectedPlace: { kind: 'TRUCK', id: 'T1' } } },
    ]);
  });

  it('O22 credits what was brought back when no pack was given', () => {
    const run = held()
      .send(ended('BATTERY_OUT_TIMEOUT', 7))
      .fresh()
      .send(repaired(byHand({ in: IN, out: 'NONE' })), legOf('IN'));
    run.send({ ...e['order.held'], amountFen: fen(1n) }, { ...e['order.captured'], capturedFen: fen(0n), releasedFen: fen(1n) });
    // 60 kWh at 0.65 + 0.40 + 0.30 yuan.
    expect(run.row).toMatchObject({ state: 'REPAIRED', payableFen: -8_100n });
  });

  it('O22 takes nothing over before all packs have answered, and nothing of an earlier try', () => {
    const run = held()
      .send(ended('LOST', 9))
      .send(repaired(byHand({ in: IN, out: OUT })), legOf('IN'));
    run.fresh().send({ ...e['order.legRefused'], leg: 'OUT' });
    expect(run.state).toBe('ABNORMAL.open');
    expect(answers(run)).toEqual([[false, 'PACK_CUSTODY_MISMATCH']]);
    expect(run.context).toMatchObject({ measuredIn: null, measuredOut: null });
    run.send(repaired(byHand({ in: { ...IN, socPercent: 30 }, out: OUT })), legOf('IN'), legOf('OUT'));
    expect(run.state).toBe('ABNORMAL.asking');
    expect(run.fresh().waitMs(3_600_000).state).toBe('ABNORMAL.open');
    expect(answers(run)).toEqual([[false, 'PACK_SILENT']]);
  });

  it('O22 stays open when what was measured is half of a swap', () => {
    const run = held()
      .send(ended('LOST', 9))
      .fresh()
      .send(repaired(byHand({ in: IN })), legOf('IN'));
    expect(run.state).toBe('ABNORMAL.open');
    expect(answers(run)).toEqual([[false, 'SWAP_LOST']]);
  });

  it('O22 by the kilometre needs the odometer, and takes it from a person', () => {
    const [contract] = networkFile.contracts;
    const billing = { mode: 'PER_KM', issuerId: 'PF', replaces: ['SERVICE'], priceNanoYuanPerKm: '1000000000' } as const;
    const reference = aReference({
      contracts: contract === undefined ? [] : [{ ...contract, billing: { ...billing, replaces: ['SERVICE'] } }],
    });
    const run = new OrderRun({ begin: 'UNAUTHORISED', backfill: true }, reference).send(
      e['order.begun'],
      e['order.legMeasured'],
      measuredOut,
    );
    expect(run.row).toMatchObject({ state: 'ABNORMAL', reason: 'ODOMETER_MISSING' });
    run.fresh().send(repaired(null));
    expect(answers(run)).toEqual([[false, 'ODOMETER_MISSING']]);
  });
});

describe('a measurement is refused', () => {
  it.each([
    [
      'of an order that is billed',
      () => held().send(e['order.legMeasured'], ended('BATTERY_OUT_TIMEOUT', 9), e['order.captured']),
      byHand({ out: OUT }),
      'BILLED_ALREADY',
    ],
    [
      'that denies a hand-over',
      () => held().send(measuredOut, ended('COMPLETED', 14)),
      byHand({ in: IN, out: 'NONE' as const }),
      'PACK_WAS_ISSUED',
    ],
    ['of one pack as two', () => held().send(measuredOut, ended('COMPLETED', 14)), byHand({ in: OUT }), 'SAME_PACK'],
    [
      'when nobody would pay',
      () => new OrderRun({ begin: 'UNAUTHORISED', truckId: null }).send(e['order.begun']),
      byHand({ in: IN, out: OUT }),
      'CARRIER_UNKNOWN',
    ],
  ])('O22 %s', (_, abnormal, measured, code) => {
    const run = abnormal();
    expect(run.state).toBe('ABNORMAL.open');
    run.fresh().send(repaired(measured));
    expect(run.state).toBe('ABNORMAL.open');
    expect(answers(run)).toEqual([[false, code]]);
    expect(run.told).toEqual([]);
  });
});
