import { expect, it } from 'vitest';
import { atMs } from '../network/example-surroundings.fixture.ts';
import { alarms, messagesTo, runMachine } from '../network/machine-run.fixture.ts';
import { truckEvents as events, truckContext } from '../network/mover-examples.fixture.ts';
import { truckMachineOf } from './truck.machine.ts';

const parked = (over = {}) => runMachine(truckMachineOf, { value: 'parked', context: { ...truckContext, ...over } });
const ask = events['truck.bookingRequested'];

it("T2 is one order's at a time, until it is released or the order is gone", () => {
  const truck = parked();
  const answerTo = (orderId: string) => {
    truck.take();
    truck.send({ ...ask, orderId });
    return messagesTo(truck.take(), `order:${orderId}`)[0];
  };
  expect(answerTo('O1')).toMatchObject({ type: 'order.truckBooked', carrierId: 'C1', packId: 'LFP350-0001' });
  expect(answerTo('O1')).toMatchObject({ type: 'order.truckBooked' });
  expect(answerTo('O2')).toMatchObject({ type: 'order.truckRefused', reason: 'CONCURRENT_ORDER' });
  truck.send({ ...events['truck.bookingReleased'], orderId: 'O2' });
  expect(answerTo('O2')).toMatchObject({ type: 'order.truckRefused' });
  truck.send(events['truck.bookingReleased']);
  expect(answerTo('O2')).toMatchObject({ type: 'order.truckBooked' });
  truck.send({ type: 'delivery.bounced', atMs, to: 'order:O2', eventType: 'order.truckBooked' });
  expect(answerTo('O3')).toMatchObject({ type: 'order.truckBooked' });
});

it('T2 tells the order what the truck last reported', () => {
  const truck = runMachine(
    truckMachineOf,
    { value: 'parked', context: truckContext },
    {
      number: (_, __, signal) => ({ socPercent: 22, grossMassKg: 49_000 })[signal] ?? Number.NaN,
      text: () => 'EAST',
    },
  );
  truck.send(ask);
  expect(messagesTo(truck.take(), 'order:O1')).toMatchObject([{ socPercent: 22, grossMassKg: 49_000, direction: 'EAST' }]);
});

it.each([
  ['blocked', { blockedFor: 'PAYMENT_CAPTURE_FAILED' }],
  ['recorded', { id: 'R01' }],
  ['not registered', { id: 'T999' }],
])('T3 is not booked while %s', (_, over) => {
  const truck = parked(over);
  truck.send(ask);
  expect(messagesTo(truck.take(), 'order:O1')).toMatchObject([{ type: 'order.truckRefused', reason: 'TRUCK_NOT_REGISTERED' }]);
  expect(truck.context()).toMatchObject({ orderId: null });
});

it('T5 has one alarm from its stranding to its going on, however it ends', () => {
  const truck = parked();
  truck.send(events['truck.reported'], { type: 'signal.changed', atMs, signal: 'vehicleState', value: 'STRANDED' });
  const [raised, ...others] = alarms(truck.effects());
  expect(others).toEqual([]);
  truck.send(events['truck.docked']);
  expect(alarms(truck.effects())).toEqual([raised?.replace('+', '-')]);
  expect(truck.state()).toBe('inBay');
});

it('T6 tells driver and carrier to swap at 15 %', () => {
  const truck = parked();
  const crossed = (value: number) => truck.send({ type: 'signal.crossed', atMs, signal: 'socPercent', side: 'BELOW', value });
  crossed(29.5);
  expect(truck.effects()).toEqual([]);
  crossed(14.6);
  expect(truck.effects()).toMatchObject([
    { type: 'notification.sent', to: 'truck:T001' },
    { type: 'notification.sent', to: 'principal:C1' },
  ]);
});

it('T7 tells where the distance began, the odometer now, and since when the truck waits', () => {
  const odometer = {
    number: (_: unknown, __: unknown, signal: string) => (signal === 'odometerM' ? 184_050_000 : Number.NaN),
    text: () => null,
  };
  const truck = runMachine(truckMachineOf, { value: 'parked', context: truckContext }, odometer);
  const booked = (waitedToMs = atMs) => {
    truck.take();
    truck.send({ ...ask, atMs: waitedToMs });
    return messagesTo(truck.take(), 'order:O1')[0];
  };
  expect(booked()).toMatchObject({ odometerM: 184_050_000, odometerAtSwapM: null, waitedMs: null });
  truck.send(events['truck.swapBilled'], { ...events['signal.changed'], value: 'QUEUEING' }, events['truck.docked']);
  expect(booked(atMs + 600_000)).toMatchObject({ odometerAtSwapM: 184_000_000, waitedMs: 600_000 });
  truck.send({ type: 'truck.released', atMs, stationId: 'HH1' });
  expect(booked()).toMatchObject({ waitedMs: null });
});

it('T8 keeps the pack that it got last when an older fit is told late', () => {
  const truck = parked();
  const fit = (packId: string, at: number) => truck.send({ type: 'truck.packFitted', atMs: at, packId, orderId: null });
  fit('P-NEW', atMs + 60_000);
  truck.take();
  fit('P-OLD', atMs);
  expect(truck.context()).toMatchObject({ packId: 'P-NEW' });
  const emitted = truck.take();
  expect(alarms(emitted.flatMap((each) => (each.type === 'effect' ? [each.effect] : [])))).toEqual([]);
  expect(messagesTo(emitted, 'pack:P-OLD')).toMatchObject([
    { type: 'pack.seen', atMs: atMs + 60_000, place: { kind: 'TRANSFER', id: 'T001' } },
  ]);
});

it('T9 is stopped by a person and blocked by an order, each until that one lets it go', () => {
  const truck = parked();
  truck.send(events['truck.blocked'], events['truck.stopped'], events['truck.unblocked']);
  expect(truck.state()).toBe('blocked');
  truck.send(events['truck.blocked'], events['truck.letGo']);
  expect(truck.state()).toBe('blocked');
  truck.send(events['truck.unblocked']);
  expect(truck.state()).toBe('parked');
});
