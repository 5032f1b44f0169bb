import { describe, expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import type { Transfer } from '../ledger/transfer.ts';
import type { Effect, OrderRow, OrderState } from '../network/effect.ts';
import { legIn } from '../order/order.fixture.ts';
import { UNKNOWN_USAGE } from '../rating/swap-usage.ts';
import { ledgerFindings } from './ledger-checker.ts';
import { orderFindings, swapFindings } from './order-checker.ts';
import { custodyAfter, packFindings } from './pack-checker.ts';

describe('packs', () => {
  const slot = { kind: 'SLOT', id: 'HH1-1' } as const;
  const whole = { packAt: new Map([['SLOT:HH1-1', 'P1']]), placeOf: new Map([['P1', slot]]) };
  const told = custodyAfter([{ type: 'custody.moved', atMs: 0, packId: 'P1', place: slot, orderId: null, cause: 'SWAP' }]);

  it('finds nothing where books, world and places agree', () => {
    expect(packFindings(whole, told, ['P1'])).toEqual([]);
  });

  it.each([
    ['a pack without a place', { ...whole, placeOf: new Map() }, told, 'P1 has no place'],
    ['a place that holds nothing', { ...whole, packAt: new Map([['SLOT:HH1-1', null]]) }, told, 'held by nobody'],
    [
      'two places',
      {
        ...whole,
        packAt: new Map([
          ['SLOT:HH1-1', 'P1'],
          ['TRUCK:T1', 'P1'],
        ]),
      },
      told,
      'held by SLOT:HH1-1, TRUCK:T1',
    ],
    ['a custody that was not told', whole, new Map(), 'custody says nothing'],
  ])('finds %s', (_, view, custody, finding) => {
    expect(packFindings(view, custody, ['P1']).join()).toContain(finding);
  });
});

describe('ledger', () => {
  const transfer = (over: Partial<Transfer>): Transfer => ({
    key: 'k',
    kind: 'TOP_UP',
    debitAccountId: 'RAIL_sandbox',
    creditAccountId: 'C1_prepaid',
    amountFen: fen(100n),
    orderId: null,
    ...over,
  });

  it.each([
    ['the same key again with another amount', [transfer({}), transfer({ amountFen: fen(1n) })]],
    ['a balance below zero', [transfer({ debitAccountId: 'C1_prepaid', creditAccountId: 'C1_held' })]],
    ['money that stays held', [transfer({ creditAccountId: 'C1_held' })]],
    ['nothing moved', [transfer({ amountFen: fen(0n) })]],
  ])('finds %s', (_, transfers) => {
    expect(ledgerFindings(transfers, { allOrdersEnded: true })).not.toEqual([]);
  });

  it('finds nothing in a top-up', () => {
    expect(ledgerFindings([transfer({})], { allOrdersEnded: true })).toEqual([]);
  });
});

describe('orders', () => {
  const row = (state: OrderState, over: Partial<OrderRow> = {}): Effect => ({
    type: 'order.changed',
    atMs: 0,
    order: {
      orderId: 'O1',
      state,
      reason: null,
      initiation: 'LOCAL',
      stationId: 'HH1',
      bayId: null,
      requestId: 1,
      truckId: 'T1',
      driverId: null,
      carrierId: null,
      returnPackId: null,
      issuePackId: null,
      quotedFen: null,
      heldFen: null,
      payableFen: null,
      releasedFen: null,
      energyInWh: null,
      energyOutWh: null,
      createdAtMs: 0,
      updatedAtMs: 0,
      ...over,
    },
  });
  const bill: Effect = {
    type: 'order.billed',
    atMs: 0,
    orderId: 'O1',
    bill: { payableFen: fen(0n), packageDraw: null, energyOutWh: 0, energyInWh: 0, lines: [], shares: [] },
    basis: {
      ratedAtMs: 0,
      stationId: 'HH1',
      carrierId: 'C1',
      contractId: 'CT1',
      stationRateId: 'SR1',
      tariffId: 'T1',
      out: null,
      in: legIn(),
      usage: UNKNOWN_USAGE,
    },
  };
  const cleared = [row('CREATED'), row('QUOTED'), row('HELD'), row('IN_PROGRESS'), row('MEASURED'), bill, row('BILLED'), row('CLEARED')];
  const evidence = [{ stationId: 'HH1', requestId: 1, packsMoved: true }];

  it('finds nothing in a swap with its bill', () => {
    expect(orderFindings(cleared, { allOrdersEnded: true })).toEqual([]);
    expect(swapFindings(evidence, cleared)).toEqual([]);
  });

  it.each([
    ['two bills', [...cleared, bill], 'billed 2 times'],
    ['a leap', [row('CREATED'), row('CLEARED')], 'went from CREATED to CLEARED'],
    ['an order that is left open', [row('CREATED'), row('QUOTED')], 'is left QUOTED'],
    ['an abnormal order without a reason', [row('CREATED'), row('ABNORMAL')], 'without a reason'],
    ['a bill that does not add up', [{ ...bill, bill: { ...bill.bill, payableFen: fen(5n) } }], 'lines sum to 0'],
  ])('finds %s', (_, effects, finding) => {
    expect(orderFindings(effects, { allOrdersEnded: true }).join()).toContain(finding);
  });

  it('finds a swap that moved packs and has no end, or two', () => {
    expect(swapFindings(evidence, [row('CREATED'), row('REJECTED', { reason: 'NO_CREDIT' })])).toHaveLength(1);
    expect(swapFindings(evidence, [...cleared, row('ABNORMAL', { orderId: 'O2', reason: 'NOT_AUTHORIZED' })])).toHaveLength(1);
  });
});
