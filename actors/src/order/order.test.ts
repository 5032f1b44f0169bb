import { describe, expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import type { EventOf } from '../network/actor-event.ts';
import { aReference, orderEvents as e, legIn, legOut, measuredOut, NOON_MS, networkFile, quotedOut } from './order.fixture.ts';
import { OrderRun, orderStates } from './order-run.fixture.ts';

type Ended = Extract<EventOf['order'], { type: 'order.swapEnded' }>;
const ended = (outcome: Ended['outcome'], step: number, reason: string | null = null): Ended => ({
  ...e['order.swapEnded'],
  outcome,
  step,
  reason,
});
const quoted = [e['order.begun'], e['order.truckBooked'], e['order.legQuoted'], e['order.packReserved'], quotedOut] as const;
const held = (amountFen: bigint) => ({ ...e['order.held'], amountFen: fen(amountFen) });
/** 300 kWh out, 60 kWh in: electricity 195.00 - 39.00, service 96.00, rent 90.00 - 18.00, handling 10.00. */
const PAYABLE = 33_400n;

describe('the way of an order', () => {
  it('O1 O5 asks who knows, one after the other, and holds the quote with its margin', () => {
    const run = orderStates['QUOTED.holding']();
    expect(run.told).toEqual([
      'truck:T1 truck.bookingRequested',
      'pack:P-IN pack.legRequested',
      'station:HH1 station.reservationRequested',
      'pack:P-OUT pack.legRequested',
      'account:C1 account.holdRequested',
    ]);
    const asked = run.emitted.flatMap((each) => (each.type === 'tell' ? [each.event] : []));
    expect(asked[1]).toMatchObject({ leg: 'IN', socPercent: 20, expectedPlace: { kind: 'TRUCK', id: 'T1' } });
    expect(asked[2]).toMatchObject({
      requestId: 1,
      interfaceType: 'TOP-A',
      requiredEnergyWh: 200_000,
      minSohPercent: 80,
      packOwnerIds: ['BO1', 'BO2'],
    });
    expect(asked[3]).toMatchObject({ leg: 'OUT', socPercent: null, expectedPlace: { kind: 'SLOT', id: 'HH1-3' } });
    expect(asked[4]).toMatchObject({ amountFen: 36_000n, attempt: 1, driverId: 'D1' });
    expect(run.row).toMatchObject({ state: 'QUOTED', quotedFen: PAYABLE, heldFen: null, driverId: 'D1', carrierId: 'C1' });
    expect(run.effects('order.quoted').map(({ quote }) => quote.payableFen)).toEqual([PAYABLE]);
  });

  it.each([
    ['the SOC read in the bay', { arrivalSocPercent: 12 }, { basis: 'READ', asked: 20 }],
    ['the SOC on arrival, of a truck on its way', { initiation: 'REMOTE', arrivalSocPercent: 12 }, { basis: 'ARRIVAL', asked: 12 }],
    ['the SOC reported, of a truck that stands there', { initiation: 'REMOTE' }, { basis: 'REPORTED', asked: 21 }],
  ] as const)('O28 quotes with %s, and says so', (_, input, { basis, asked }) => {
    const run = new OrderRun(input).send(e['order.begun'], e['order.truckBooked']);
    expect(run.emitted.flatMap((each) => (each.type === 'tell' ? [each.event] : []))).toContainEqual(
      expect.objectContaining({ type: 'pack.legRequested', leg: 'IN', socPercent: asked }),
    );
    run.send({ ...e['order.legQuoted'], pack: legIn({ socPercent: asked }) }, e['order.packReserved'], quotedOut);
    expect(run.effects('order.quoted').map(({ soc }) => soc)).toEqual([{ basis, percent: asked, reportedPercent: 21 }]);
  });

  it('O5 starts the swap when it is held, and not before', () => {
    const run = orderStates['QUOTED.holding']();
    expect(run.effects('command.issued')).toEqual([]);
    run.fresh().send(e['order.held']);
    expect(run.effects('command.issued')).toMatchObject([
      {
        verb: 'swap.start',
        commandId: 'O1-start',
        expiresAtMs: NOON_MS + 600_000,
        args: { requestId: 1, issuePackId: 'P-OUT', issueEvseId: 3, returnPackId: 'P-IN', plate: '冀J1000T1', initiation: 'LOCAL' },
      },
    ]);
    expect(run.told).toEqual(['swap:HH1-1 swap.authorised']);
  });

  it('O8 bills, clears and gives back in the step of the capture', () => {
    const run = orderStates['MEASURED.capturing']();
    expect(run.row).toMatchObject({ state: 'MEASURED', energyInWh: 60_000, energyOutWh: 300_000 });
    run.fresh().send({ ...e['order.captured'], capturedFen: fen(PAYABLE), releasedFen: fen(6_600n) });
    expect(run.effects('order.changed').map(({ order }) => order.state)).toEqual(['BILLED', 'CLEARED']);
    expect(run.row).toMatchObject({ payableFen: PAYABLE, releasedFen: 6_600n, heldFen: 40_000n, reason: null });
    expect(run.effects('order.billed').map(({ bill }) => bill.payableFen)).toEqual([PAYABLE]);
    expect(run.told).toEqual([
      'account:SO1 account.posted',
      'account:BO2 account.posted',
      'account:BO1 account.posted',
      'account:PF account.posted',
      'truck:T1 truck.swapBilled',
      'pack:P-IN pack.legBilled',
      'pack:P-OUT pack.legBilled',
      'truck:T1 truck.bookingReleased',
      'station:HH1 station.reservationReleased',
    ]);
    expect(run.context).toMatchObject({ rated: null, cleared: true });
  });

  it('O7 measures in either order, and each leg once', () => {
    const run = orderStates['HELD.docked']().send(measuredOut, { ...measuredOut, pack: legOut({ energyWh: 1 }) }, e['order.legMeasured']);
    expect(run.state).toBe('MEASURED.capturing');
    expect(run.row).toMatchObject({ energyOutWh: 300_000, energyInWh: 60_000 });
  });

  it('O6 goes by the prices of its begin, though the bill is made later', () => {
    const dearer = { ...networkFile.stationRates[0], id: 'SR-2', effectiveFrom: '2026-11-23', handlingFen: '9900' };
    const reference = aReference({ stationRates: [...networkFile.stationRates, dearer] as typeof networkFile.stationRates });
    const run = new OrderRun({}, reference).send(...quoted, e['order.held'], e['order.swapStepped']).waitMs(14 * 3_600_000);
    run.send(e['order.legMeasured'], measuredOut);
    expect(run.context.payableFen).toBe(PAYABLE);
  });

  it('O10 refunds an order that is paid to the carrier', () => {
    const run = orderStates['HELD.docked']();
    run.send({ ...e['order.legMeasured'], pack: legIn({ energyWh: 300_000 }) }, { ...measuredOut, pack: legOut({ energyWh: 60_000 }) });
    expect(run.emitted.at(-1)).toMatchObject({ event: { type: 'account.captureRequested', amountFen: -31_400n } });
    run.fresh().send({ ...e['order.captured'], capturedFen: fen(0n), releasedFen: fen(40_000n) });
    expect(run.state).toBe('CLEARED');
    const refund = run.emitted.find((each) => each.type === 'tell' && each.to === 'account:C1');
    expect(refund).toMatchObject({ event: { type: 'account.posted', amountFen: 31_400n } });
  });
});

describe('refusals', () => {
  it('O2 gives everything back and answers the truck in the bay', () => {
    const run = orderStates['QUOTED.holding']().fresh().send(e['order.holdRefused']);
    expect(run.told).toEqual([
      'truck:T1 truck.bookingReleased',
      'station:HH1 station.reservationReleased',
      'account:C1 account.releaseRequested',
      'swap:HH1-1 swap.refused',
    ]);
    expect(run.effects('command.issued')).toMatchObject([{ verb: 'swap.reject', args: { requestId: 1, reasonCode: 'NO_CREDIT' } }]);
    expect(run.effects('notification.sent')).toMatchObject([{ to: 'principal:C1', notice: { code: 'NO_CREDIT' } }]);
    expect(run.row).toMatchObject({ state: 'REJECTED', reason: 'NO_CREDIT' });
  });

  it('O2 O14 answers the intent of one who ordered from afar, without a command', () => {
    const run = new OrderRun({ initiation: 'REMOTE', truckId: 'T9' }).send(e['order.begun']);
    expect(run.row).toMatchObject({ state: 'REJECTED', reason: 'TRUCK_NOT_REGISTERED' });
    expect(run.effects('intent.answered')).toMatchObject([{ intentId: 'I-quote', ok: false, code: 'TRUCK_NOT_REGISTERED' }]);
    expect(run.effects('command.issued')).toEqual([]);
    expect(run.told).toEqual([]);
  });

  it.each([
    ['a station without a rate', { stationRates: [] }],
    ['a region without a tariff', { tariffs: [] }],
  ])('O3 refuses %s', (_, over) => {
    expect(new OrderRun({}, aReference(over)).send(...quoted).row).toMatchObject({ state: 'REJECTED', reason: 'TARIFF_MISSING' });
  });

  it.each([
    ['the pack on the truck', 2, { ...e['order.legQuoted'], pack: legIn({ ownerId: 'BO9' }) }, 'NETWORK_NOT_ALLOWED'],
    ['the pack to issue', 4, { ...quotedOut, pack: legOut({ typeCode: 'SIDE300' }) }, 'BATTERY_TYPE'],
  ])('O1 checks %s itself', (_, before, event, reason) => {
    expect(new OrderRun().send(...quoted.slice(0, before), event).row).toMatchObject({ state: 'REJECTED', reason });
  });

  it('O1 refuses a truck that carries no pack', () => {
    const run = new OrderRun({ packSerialNumber: null }).send(e['order.begun'], { ...e['order.truckBooked'], packId: null });
    expect(run.row).toMatchObject({ state: 'REJECTED', reason: 'BATTERY_UNKNOWN' });
  });

  it.each([
    ['CREATED.truck', 'truck.bookingRequested', 'TRUCK_NOT_REGISTERED'],
    ['CREATED.legIn', 'pack.legRequested', 'BATTERY_UNKNOWN'],
    ['CREATED.reservation', 'station.reservationRequested', 'STATION_NOT_OPERATIVE'],
    ['CREATED.legOut', 'pack.legRequested', 'NO_BATTERY_AVAILABLE'],
    ['QUOTED.holding', 'account.holdRequested', 'NO_CREDIT'],
  ] as const)('O1 in %s, nobody lives where %s went', (state, eventType, reason) => {
    const run = orderStates[state]().send({ ...e['delivery.bounced'], eventType });
    expect(run.row).toMatchObject({ state: 'REJECTED', reason });
  });

  it.each(['CREATED.truck', 'CREATED.legIn', 'CREATED.reservation', 'CREATED.legOut', 'QUOTED.holding'] as const)(
    'O13 in %s, nobody answers',
    (state) => {
      expect(orderStates[state]().waitMs(119_999).isDone).toBe(false);
      expect(orderStates[state]().waitMs(120_000).row?.state).toBe('REJECTED');
    },
  );
});

describe('remote orders', () => {
  it('O4 a quote is answered, confirmed and held', () => {
    const run = orderStates['QUOTED.offered']();
    expect(run.effects('intent.answered')).toMatchObject([{ intentId: 'I-quote', ok: true, code: 'QUOTED' }]);
    run.fresh().send(e['order.confirmed'], e['order.held']);
    expect(run.effects('intent.answered')).toMatchObject([{ intentId: 'I-confirm', ok: true, code: 'HELD' }]);
    expect(run.emitted.find(({ type }) => type === 'create')).toMatchObject({
      ref: 'swap:HH1-1',
      input: { stationId: 'HH1', requestId: 1, orderId: 'O1', initiation: 'REMOTE' },
      event: { type: 'swap.authorised', issuePackId: 'P-OUT' },
    });
    expect(run.effects('command.issued')).toMatchObject([{ verb: 'swap.start', expiresAtMs: NOON_MS + 7_200_000 }]);
  });

  it('O4 a quote runs out after ten minutes, a hold when the truck does not come', () => {
    expect(orderStates['QUOTED.offered']().waitMs(599_999).state).toBe('QUOTED.offered');
    expect(orderStates['QUOTED.offered']().waitMs(600_000).row).toMatchObject({ state: 'CANCELLED', reason: 'QUOTE_EXPIRED' });
    const run = orderStates['HELD.waiting']().fresh().waitMs(7_800_000);
    expect(run.row).toMatchObject({ state: 'CANCELLED', reason: 'RESERVATION_EXPIRED' });
    expect(run.told).toContain('account:C1 account.releaseRequested');
    expect(run.told).toContain('swap:HH1-1 swap.refused');
  });

  it('O4 waits for its truck through the silence of a swap that has not begun', () => {
    const run = orderStates['HELD.waiting']().send(ended('LOST', -1, 'SWAP_LOST'));
    expect(run.state).toBe('HELD.waiting');
    expect(run.send(ended('LOST', 1, 'SWAP_LOST')).row).toMatchObject({ state: 'ABNORMAL', reason: 'SWAP_LOST' });
  });

  it('O14 wishes at the wrong time are declined', () => {
    const run = orderStates['HELD.docked']().fresh().send(e['order.confirmed'], e['order.repaired'], e['order.writtenOff']);
    expect(run.effects('intent.answered').map(({ intentId, ok, code }) => [intentId, ok, code])).toEqual([
      ['I-confirm', false, 'ORDER_STATE'],
      ['I-repair', false, 'ORDER_STATE'],
      ['I-off', false, 'ORDER_STATE'],
    ]);
    expect(run.state).toBe('HELD.docked');
  });

  it('O15 is cancelled when the station let go', () => {
    const run = orderStates['HELD.waiting']().fresh().send(e['order.cancelled'], e['order.cancelled']);
    expect(run.effects('command.issued').map(({ commandId }) => commandId)).toEqual(['O1-abort']);
    expect(run.effects('intent.answered').map(({ code }) => code)).toEqual(['CANCELLING', 'CANCELLING']);
    expect(run.state).toBe('HELD.waiting');
    const answer = { ...e['order.commandAnswered'], commandId: 'O1-abort' } as const;
    expect(run.send({ ...answer, result: 'REJECTED' }).state).toBe('HELD.waiting');
    expect(run.send({ ...answer, result: 'ACCEPTED' }).row).toMatchObject({ state: 'CANCELLED', reason: 'DRIVER_CHANGED_MIND' });
  });

  it('O15 is cancelled at once before it is held', () => {
    const run = orderStates['QUOTED.offered']().fresh().send(e['order.cancelled']);
    expect(run.effects('intent.answered')).toMatchObject([{ intentId: 'I-cancel', ok: true, code: 'CANCELLED' }]);
    expect(run.row).toMatchObject({ state: 'CANCELLED', reason: 'DRIVER_CHANGED_MIND', heldFen: null });
  });
});

describe('the station answers', () => {
  const answer = e['order.commandAnswered'];
  it.each(['REJECTED', 'NOT_SUPPORTED', 'FAILED', 'CANCELLED'] as const)('O16 %s to a start: refused', (result) => {
    expect(orderStates['HELD.docked']().send({ ...answer, result }).row).toMatchObject({ state: 'REJECTED', reason: 'INTERLOCK_WIND' });
  });
  it.each(['ACCEPTED', 'TIMEOUT'] as const)('O16 %s: the swap itself will tell', (result) => {
    expect(orderStates['HELD.docked']().send({ ...answer, result }).state).toBe('HELD.docked');
  });
  it('O16 nothing that matters to a back-filled order, or about another command', () => {
    expect(new OrderRun({ backfill: true }).send(...quoted, e['order.held'], answer).state).toBe('HELD.docked');
    expect(orderStates['HELD.docked']().send({ ...answer, commandId: 'O1-abort' }).state).toBe('HELD.docked');
  });
});

describe('the swap ends', () => {
  const legsIn = [e['order.legMeasured']];
  const unknown = e['order.legUnknown'];
  it.each<[string, EventOf['order'][], Ended, string, string]>([
    ['aborted while made safe', [], ended('ABORTED_SAFE', 3), 'CANCELLED', 'SWAP_ABORTED_MADE_SAFE'],
    ['aborted while unlocking', [], ended('ABORTED_SAFE', 4, 'LOCK_STUCK'), 'ABNORMAL', 'SWAP_ABORTED_UNLOCKED'],
    ['aborted with the pack in a slot', legsIn, ended('ABORTED_SAFE', 8), 'ABNORMAL', 'SWAP_ABORTED_PICKED'],
    ['rejected', [], ended('REJECTED', 1, 'INTERLOCK_FIRE'), 'REJECTED', 'INTERLOCK_FIRE'],
    ['rejected with a pack in a slot', legsIn, ended('REJECTED', 1), 'ABNORMAL', 'SWAP_FAILED'],
    ['failed', [], ended('FAILED', 7), 'ABNORMAL', 'SWAP_FAILED'],
    ['lost', legsIn, ended('LOST', 8), 'ABNORMAL', 'SWAP_LOST'],
    ['completed without a leg', [], ended('COMPLETED', 14), 'ABNORMAL', 'SWAP_LOST'],
    ['completed without the pack in', [measuredOut], ended('COMPLETED', 14), 'ABNORMAL', 'BATTERY_IN_MISSING'],
    ['completed without the pack out', legsIn, ended('COMPLETED', 14), 'ABNORMAL', 'SWAP_LOST'],
    ['timed out before a pack came in', [], ended('BATTERY_OUT_TIMEOUT', 7), 'ABNORMAL', 'BATTERY_OUT_TIMEOUT'],
    ['completed with an unknown pack', [unknown], ended('COMPLETED', 14), 'ABNORMAL', 'BATTERY_UNKNOWN'],
  ])('O11 %s', (_, before, end, state, reason) => {
    const run = orderStates['IN_PROGRESS.underWay']()
      .send(...before)
      .fresh()
      .send(end);
    expect(run.row).toMatchObject({ state, reason });
    expect(run.told).toContain('account:C1 account.releaseRequested');
    expect(run.effects('order.billed')).toEqual([]);
    expect(run.effects('alarm.raised').length).toBe(state === 'ABNORMAL' ? 1 : 0);
  });

  it.each([
    ['BATTERY_OUT_TIMEOUT', 'BATTERY_OUT_TIMEOUT'],
    ['ABORTED_NO_PACK', 'SWAP_ABORTED_PICKED'],
  ] as const)('O11 credits the pack brought back at %s', (outcome, reason) => {
    const run = orderStates['IN_PROGRESS.underWay']().send(e['order.legMeasured'], ended(outcome, 8));
    expect(run.state).toBe('MEASURED.capturing');
    expect(run.context.payableFen).toBe(-8_100n);
    run.fresh().send({ ...e['order.captured'], capturedFen: fen(0n), releasedFen: fen(40_000n) });
    expect(run.row).toMatchObject({ state: 'ABNORMAL', reason, payableFen: -8_100n, releasedFen: 40_000n });
    expect(run.effects('order.billed')[0]?.bill.lines.map(({ component }) => component)).toEqual([
      'ELECTRICITY',
      'SERVICE',
      'BATTERY_RENT',
    ]);
    expect(run.told).toContain('account:C1 account.posted');
  });

  it('O11 waits for the other pack when one is unknown', () => {
    const run = orderStates['IN_PROGRESS.underWay']().send(unknown);
    expect(run.state).toBe('IN_PROGRESS.underWay');
    expect(run.send(measuredOut).row).toMatchObject({ state: 'ABNORMAL', reason: 'BATTERY_UNKNOWN', issuePackId: 'P-OUT' });
  });

  it('O13 is lost when nothing comes for 26 hours', () => {
    expect(orderStates['IN_PROGRESS.underWay']().waitMs(26 * 3_600_000).row).toMatchObject({ state: 'ABNORMAL', reason: 'SWAP_LOST' });
    expect(orderStates['HELD.docked']().waitMs(26 * 3_600_000).row).toMatchObject({ state: 'ABNORMAL', reason: 'SWAP_LOST' });
  });
});

describe('swaps that nobody authorised', () => {
  it('O12 are abnormal from the begin, their legs are recorded', () => {
    const run = new OrderRun({ begin: 'UNAUTHORISED' }).send(e['order.begun'], e['order.legMeasured'], measuredOut, ended('COMPLETED', 14));
    expect(run.row).toMatchObject({
      state: 'ABNORMAL',
      reason: 'NOT_AUTHORIZED',
      energyInWh: 60_000,
      energyOutWh: 300_000,
      carrierId: 'C1',
    });
    expect(run.told).toEqual([]);
  });

  it('O12 of a gateway that was offline are held exactly and billed', () => {
    const run = orderStates['MEASURED.holding']();
    expect(run.emitted.at(-1)).toMatchObject({ event: { type: 'account.holdRequested', amountFen: PAYABLE, driverId: null } });
    run.send(held(PAYABLE), { ...e['order.captured'], capturedFen: fen(PAYABLE), releasedFen: fen(0n) });
    expect(run.row).toMatchObject({ state: 'CLEARED', payableFen: PAYABLE });
  });

  it('O12 are abnormal when that cannot be', () => {
    const reason = 'GATEWAY_OFFLINE_BACKFILLED';
    expect(orderStates['MEASURED.holding']().send(e['order.holdRefused']).row).toMatchObject({ state: 'ABNORMAL', reason });
    const half = new OrderRun({ begin: 'UNAUTHORISED', backfill: true }).send(e['order.begun'], measuredOut, ended('COMPLETED', 14));
    expect(half.row).toMatchObject({ state: 'ABNORMAL', reason });
    const stranger = new OrderRun({ begin: 'UNAUTHORISED', backfill: true, truckId: null }).send(
      e['order.begun'],
      e['order.legMeasured'],
      measuredOut,
    );
    expect(stranger.row).toMatchObject({ state: 'ABNORMAL', truckId: 'UNKNOWN', carrierId: null });
  });
});

describe('the hold of a truck that drove on', () => {
  it('O19 asks both packs again when it docks, and raises the hold to what the swap costs now', () => {
    const run = orderStates['HELD.waiting']().fresh().send(e['order.truckDocked'], e['order.legQuoted']);
    const asked = run.emitted.flatMap((each) => (each.type === 'tell' ? [each.event] : []));
    expect(asked).toMatchObject([
      { type: 'pack.legRequested', leg: 'IN', socPercent: 15 },
      { type: 'pack.legRequested', leg: 'OUT' },
    ]);
    // 50 kWh more: electricity 32.50, service 20.00, rent 15.00, and 5 % of all, in full steps of 10 yuan.
    run.fresh().send({ ...quotedOut, pack: legOut({ energyWh: 350_000 }) });
    expect(run.emitted).toMatchObject([{ to: 'account:C1', event: { type: 'account.holdRaiseRequested', amountFen: 43_000n } }]);
    run.fresh().send(held(43_000n));
    expect([run.state, run.row]).toMatchObject(['HELD.docked', { state: 'HELD', heldFen: 43_000n, quotedFen: PAYABLE }]);
  });

  it('O19 leaves a hold that is enough, and a pack that does not answer', () => {
    const enough = orderStates['HELD.legOutAgain']().fresh().send(quotedOut);
    expect([enough.state, enough.emitted, enough.context.quotedIn]).toEqual(['HELD.docked', [], null]);
    expect(orderStates['HELD.legInAgain']().waitMs(3_600_000).state).toBe('HELD.docked');
  });

  it('O19 ends a swap whose balance is short before anything is unlocked', () => {
    const run = orderStates['HELD.raising']().fresh().send(e['order.holdRefused']);
    expect(run.effects('command.issued')).toMatchObject([{ verb: 'swap.abort', args: { reasonCode: 'NO_CREDIT' } }]);
    run.send(ended('ABORTED_SAFE', 2, 'PLATFORM_ABORT'));
    expect(run.row).toMatchObject({ state: 'CANCELLED', reason: 'NO_CREDIT', releasedFen: 40_000n });
  });

  it('O19 goes on with the swap that does not wait for the answer', () => {
    const run = orderStates['HELD.raising']().send(e['order.swapStepped'], held(43_000n), e['order.legMeasured'], measuredOut);
    run.send({ ...e['order.captured'], capturedFen: fen(PAYABLE), releasedFen: fen(9_600n) });
    expect(run.row).toMatchObject({ state: 'CLEARED', heldFen: 43_000n, releasedFen: 9_600n });
  });
});

describe('doubts and repairs', () => {
  it('O9 blocks the truck whose bill exceeds its hold', () => {
    const run = orderStates['MEASURED.capturing']().fresh().send(e['order.captureRefused']);
    expect(run.row).toMatchObject({ state: 'ABNORMAL', reason: 'PAYMENT_CAPTURE_FAILED', releasedFen: 40_000n });
    expect(run.told).toEqual([
      'truck:T1 truck.bookingReleased',
      'station:HH1 station.reservationReleased',
      'account:C1 account.releaseRequested',
      'truck:T1 truck.blocked',
    ]);
  });

  it('O18 bills what was measured with a hold of its own, clears the alarm, unblocks', () => {
    const run = orderStates['ABNORMAL.open']();
    const [alarm] = run.effects('alarm.raised');
    run.fresh().send(e['order.repaired']);
    expect(run.emitted.at(-1)).toMatchObject({ event: { type: 'account.holdRequested', amountFen: PAYABLE, attempt: 2 } });
    run.send(held(PAYABLE), { ...e['order.captured'], capturedFen: fen(PAYABLE), releasedFen: fen(0n) });
    expect(run.row).toMatchObject({ state: 'REPAIRED', reason: 'PAYMENT_CAPTURE_FAILED', payableFen: PAYABLE });
    expect(run.effects('order.billed').length).toBe(1);
    expect(run.effects('alarm.cleared').map(({ alarmId }) => alarmId)).toEqual([alarm?.alarmId]);
    expect(run.effects('intent.answered')).toMatchObject([{ intentId: 'I-repair', ok: true, code: 'REPAIRED' }]);
    expect(run.told).toContain('truck:T1 truck.unblocked');
  });

  it('O18 stays abnormal when the repair finds no credit', () => {
    const run = orderStates['ABNORMAL.holding']().fresh().send(e['order.holdRefused']);
    expect(run.state).toBe('ABNORMAL.open');
    expect(run.effects('intent.answered')).toMatchObject([{ intentId: 'I-repair', ok: false, code: 'NO_CREDIT' }]);
    expect(run.fresh().send(e['order.repaired']).state).toBe('ABNORMAL.holding');
  });

  it('O17 flags a SOC that jumped between bay and hand-over', () => {
    const jump = { ...e['order.legMeasured'], pack: legIn({ socPercent: 24 }) };
    const run = orderStates['HELD.docked']().send(jump, measuredOut, e['order.captured']);
    expect(run.row).toMatchObject({ state: 'CLEARED', reason: 'SOC_JUMP' });
    expect(run.effects('notification.sent')).toMatchObject([{ to: 'principal:SO1', notice: { code: 'BILL_FLAGGED' } }]);
  });

  it('O17 flags a meter that disagrees by more than 3 % of nominal', () => {
    const compared = e['order.meterCompared'];
    expect(orderStates.CLEARED().send(compared).row).toMatchObject({ state: 'CLEARED', reason: 'METER_MISMATCH' });
    const fine = { ...compared, meteredWh: 250_000, billedWh: 240_000 };
    expect(orderStates.CLEARED().send(fine).row).toMatchObject({ state: 'CLEARED', reason: null });
  });

  it('O13 leaves a day after clearing', () => {
    expect(
      orderStates
        .CLEARED()
        .fresh()
        .waitMs(24 * 3_600_000).emitted,
    ).toEqual([{ type: 'retire' }]);
  });
});
