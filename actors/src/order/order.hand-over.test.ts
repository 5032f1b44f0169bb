import { describe, expect, it } from 'vitest';
import { orderEvents as e, legIn, legOut, measuredOut, quotedOut } from './order.fixture.ts';
import { OrderRun, orderStates } from './order-run.fixture.ts';

const held = [e['order.begun'], e['order.truckBooked'], e['order.legQuoted'], e['order.packReserved'], quotedOut, e['order.held']] as const;

describe('a hand-over that cannot be what was agreed', () => {
  it.each([
    ['a returned pack that filled up', legIn({ socPercent: 31 }), 'P-IN had 20 % when its truck was identified and 31 % at the hand-over.'],
    ['a returned pack that emptied', legIn({ socPercent: 9 }), 'P-IN had 20 % when its truck was identified and 9 % at the hand-over.'],
  ])('O23 bills nothing for %s', (_, pack, detail) => {
    const run = orderStates['HELD.docked']()
      .fresh()
      .send({ ...e['order.legMeasured'], pack }, measuredOut);
    expect(run.row).toMatchObject({ state: 'ABNORMAL', reason: 'SOC_JUMP', payableFen: null });
    expect(run.effects('alarm.raised')).toMatchObject([{ code: 'SOC_JUMP', detail }]);
    expect(run.told).toContain('account:C1 account.releaseRequested');
  });

  it('O23 bills nothing for an issued pack far below what its station charges to', () => {
    const issued = (socPercent: number) => ({ ...measuredOut, pack: legOut({ socPercent }) });
    const run = orderStates['HELD.docked']().send(e['order.legMeasured'], issued(79));
    expect(run.row).toMatchObject({ state: 'ABNORMAL', reason: 'SOC_JUMP' });
    expect(orderStates['HELD.docked']().send(e['order.legMeasured'], issued(80)).state).toBe('MEASURED.capturing');
  });

  it('O23 goes by what the truck reported where the bay read no SOC, which can only have sunk', () => {
    const run = () => new OrderRun({ packSocPercent: null }).send(...held);
    expect(run().send({ ...e['order.legMeasured'], pack: legIn({ socPercent: 32 }) }, measuredOut).row).toMatchObject({
      state: 'ABNORMAL',
      reason: 'SOC_JUMP',
    });
    expect(run().send({ ...e['order.legMeasured'], pack: legIn({ socPercent: 5 }) }, measuredOut).state).toBe('MEASURED.capturing');
  });

  it('O24 bills and credits nothing when another pack came in than the one that was checked', () => {
    const other = { ...e['order.legMeasured'], pack: legIn({ packId: 'P-OTHER' }) };
    for (const run of [
      orderStates['HELD.docked']().fresh().send(other, measuredOut),
      orderStates['HELD.docked']()
        .fresh()
        .send(other, { ...e['order.swapEnded'], outcome: 'BATTERY_OUT_TIMEOUT', step: 8 }),
    ]) {
      expect(run.row).toMatchObject({ state: 'ABNORMAL', reason: 'PACK_CUSTODY_MISMATCH', payableFen: null });
      expect(run.effects('alarm.raised')[0]?.detail).toBe('P-IN was checked on the truck, P-OTHER came into the rack.');
      expect(run.told).not.toContain('account:C1 account.captureRequested');
    }
  });

  it('O24 bills the next eligible pack as measured, and none that the contract does not cover', () => {
    const given = (ownerId: string) => ({ ...measuredOut, pack: legOut({ packId: 'P-NEXT', ownerId }) });
    expect(orderStates['HELD.docked']().send(e['order.legMeasured'], given('BO2')).state).toBe('MEASURED.capturing');
    const run = orderStates['HELD.docked']().send(e['order.legMeasured'], given('BO-ELSEWHERE'));
    expect(run.row).toMatchObject({ state: 'ABNORMAL', reason: 'WRONG_PACK_ISSUED' });
  });

  it('O25 is abnormal as soon as another truck is named, whatever was measured, and gives everything back', () => {
    for (const run of [orderStates['HELD.docked'](), orderStates['HELD.docked']().send(e['order.legMeasured'])]) {
      run.fresh().send(e['order.truckChanged'], e['order.legMeasured'], measuredOut, { ...e['order.swapEnded'], outcome: 'COMPLETED' });
      expect(run.row).toMatchObject({ state: 'ABNORMAL', reason: 'TRUCK_CHANGED', payableFen: null });
      expect(run.effects('alarm.raised')).toMatchObject([
        { code: 'TRUCK_CHANGED', detail: 'T1 was identified, then the station named T2.' },
      ]);
      expect(run.told).toEqual([
        'truck:T1 truck.bookingReleased',
        'station:HH1 station.reservationReleased',
        'account:C1 account.releaseRequested',
      ]);
    }
    expect(orderStates.CLEARED().send(e['order.truckChanged']).row).toMatchObject({ state: 'CLEARED', reason: null });
  });

  it('O17 flags a small jump of a truck that came on a quote', () => {
    const jump = { ...e['order.legMeasured'], pack: legIn({ socPercent: 20 }) };
    const docked = orderStates['HELD.legInAgain']();
    expect(docked.send(jump, measuredOut, e['order.captured']).row).toMatchObject({ state: 'CLEARED', reason: 'SOC_JUMP' });
  });
});
