import { SWAP_STEPS, type SwapEventName } from '@corridor/protocols/swap-step';
import { describe, expect, it } from 'vitest';
import { atMs } from '../network/example-surroundings.fixture.ts';
import { messagesTo, runMachine } from '../network/machine-run.fixture.ts';
import { swapEvents as events, swapContext, swapReport } from '../network/mover-examples.fixture.ts';
import type { SignalReader } from '../network/reference.ts';
import { swapMachineOf } from './swap.machine.ts';
import type { SwapInput } from './swap-input.ts';

const input: SwapInput = { stationId: 'HH1', requestId: 7, bayId: 'HH1-B1', truckId: null, orderId: null, initiation: 'LOCAL', atMs };
const queued = (over: Partial<SwapInput> = {}, signals: Partial<SignalReader> = {}) =>
  runMachine(swapMachineOf, { input: { ...input, ...over } }, signals);
const report = (event: SwapEventName, over: Partial<typeof swapReport> = {}) => ({
  ...swapReport,
  event,
  step: SWAP_STEPS.find((known) => known.event === event)?.step ?? 0,
  ...over,
});
const identified = report('identified', {
  initiation: 'LOCAL',
  packSerialNumber: 'LFP350-0071',
  packSocPercent: 40,
  rfid: 'E28',
  vin: 'LCT',
});
const batteryIn = report('battery_in', { batteryData: [{ evseId: 8, serialNumber: 'LFP350-0071', soC: 40, soH: 95 }] });
const batteryOut = report('battery_out', { batteryData: [{ evseId: 2, serialNumber: 'LFP350-0002', soC: 95, soH: 95 }] });
const created = (run: ReturnType<typeof queued>) => run.take().filter((each) => each.type === 'create');
const MINUTE_MS = 60_000;

it('W4 makes its order when it is identified, with everything that was read', () => {
  const swap = queued();
  swap.send(report('arrived', { truckId: null }));
  expect(swap.told()).toEqual(['bay:HH1-B1 bay.truckArrived']);
  swap.send(identified);
  const [order] = created(swap);
  expect(order).toMatchObject({
    ref: `order:HH1-7-${atMs.toString(36)}`,
    event: { type: 'order.begun' },
    input: { begin: 'CHECKED', requestId: 7, truckId: 'T001', packSerialNumber: 'LFP350-0071', packSocPercent: 40, vin: 'LCT' },
  });
  swap.send(identified);
  expect(created(swap)).toEqual([]);
});

it('W4 makes an order that is not authorised for packs that move without one', () => {
  const swap = queued({ initiation: 'REMOTE', requestId: 8 });
  swap.send(report('arrived'), { ...identified, initiation: 'REMOTE' }, report('moved_in'));
  expect(created(swap)).toEqual([]);
  swap.send(batteryIn);
  const emitted = swap.take();
  expect(emitted.find((each) => each.type === 'create')).toMatchObject({ input: { begin: 'UNAUTHORISED' } });
  expect(messagesTo(emitted, 'pack:LFP350-0071')).toMatchObject([{ type: 'pack.returned', orderId: `HH1-8-${atMs.toString(36)}` }]);
  swap.send(batteryOut);
  expect(created(swap)).toEqual([]);
});

it('W4 makes another order for packs that move although the first was refused', () => {
  const swap = queued();
  swap.send(identified);
  const orderId = `HH1-7-${atMs.toString(36)}`;
  swap.send({ ...events['swap.refused'], orderId });
  swap.take();
  swap.send(batteryIn);
  expect(created(swap)).toMatchObject([{ ref: `order:${orderId}-U`, input: { begin: 'UNAUTHORISED' } }]);
  swap.send(batteryOut, report('completed'));
  const emitted = swap.take();
  expect(emitted.filter((each) => each.type === 'create')).toEqual([]);
  expect(messagesTo(emitted, `order:${orderId}-U`).map(({ type }) => type)).toContain('order.swapEnded');
});

it('W4 needs no order for a swap that was refused and then completed nothing', () => {
  const swap = queued();
  swap.send(identified);
  swap.send({ ...events['swap.refused'], orderId: `HH1-7-${atMs.toString(36)}` });
  swap.take();
  swap.send(report('completed'));
  expect(created(swap)).toEqual([]);
});

it('W6 goes on where it stood when the station resumes it', () => {
  const swap = runMachine(swapMachineOf, { value: 'UNLOCKING', context: { ...swapContext, step: 4 } });
  swap.send(report('suspended', { reasonCode: 'INTERLOCK_WIND' }));
  expect(swap.state()).toBe('SUSPENDED');
  expect(swap.context()).toMatchObject({ reason: 'INTERLOCK_WIND' });
  swap.send(report('resumed'));
  expect(swap.state()).toBe('UNLOCKING');
  expect(swap.context()).toMatchObject({ reason: null });
  swap.send(report('suspended', { reasonCode: 'INTERLOCK_ESTOP' }), report('unlocked'));
  expect(swap.state()).toBe('LIFTING');
});

it('W7 is lost after thirty minutes without a word of a gateway that is heard', () => {
  const swap: ReturnType<typeof queued> = queued({}, { reportedAtMs: () => swap.clock.nowMs });
  swap.send(identified, report('authorized'), report('positioned'));
  swap.clock.runUntil(atMs + 29 * MINUTE_MS);
  expect(swap.state()).toBe('SECURING');
  swap.send(report('made_safe'));
  swap.clock.runUntil(atMs + 58 * MINUTE_MS);
  expect(swap.state()).toBe('UNLOCKING');
  swap.take();
  swap.clock.runUntil(atMs + 59 * MINUTE_MS);
  expect(swap.state()).toBe('LOST');
  expect(messagesTo(swap.take(), `order:HH1-7-${atMs.toString(36)}`)).toMatchObject([{ type: 'order.swapEnded', outcome: 'LOST' }]);
});

it('W7 is not lost while the clock is on its way to stations that were heard already', () => {
  const swap = queued({}, { reportedAtMs: () => atMs + 215 * MINUTE_MS });
  swap.send(identified);
  swap.clock.runUntil(atMs + 214 * MINUTE_MS);
  expect(swap.state()).toBe('AUTHORIZING');
  swap.send(report('authorized'));
  expect(swap.state()).toBe('POSITIONING');
});

it('W7 waits a day for a gateway that is not heard', () => {
  const swap = queued();
  swap.send(identified);
  swap.clock.runUntil(atMs + 23 * 60 * MINUTE_MS + 30 * MINUTE_MS);
  expect(swap.state()).toBe('AUTHORIZING');
  swap.clock.runUntil(atMs + 24 * 60 * MINUTE_MS);
  expect(swap.state()).toBe('LOST');
});

it('W8 W10 ends without an alarm when its reservation is given up, and leaves after an hour', () => {
  const swap = queued({ orderId: 'O1', initiation: 'REMOTE' });
  swap.take();
  swap.send(events['swap.refused']);
  expect(swap.state()).toBe('REJECTED');
  swap.clock.runUntil(atMs + 59 * MINUTE_MS);
  expect(swap.effects()).toMatchObject([{ type: 'swap.changed', swap: { state: 'REJECTED', endedAtMs: atMs } }]);
  swap.clock.runUntil(atMs + 60 * MINUTE_MS);
  expect(swap.take()).toEqual([{ type: 'retire' }]);
});

it.each([
  ['aborted_safe', 'ABORTED_SAFE', 'bay.released'],
  ['aborted_no_pack', 'ABORTED_NO_PACK', 'bay.blocked'],
  ['failed', 'FAILED', 'bay.released'],
  ['rejected', 'REJECTED', 'bay.released'],
] as const)('W5 ends %s as %s', (event, state, toBay) => {
  const swap = runMachine(swapMachineOf, { value: 'LIFTING', context: { ...swapContext, step: 5 } });
  swap.send(report(event, { reasonCode: 'LIFT_FAILED' }), report(event, { reasonCode: 'LIFT_FAILED' }));
  expect(swap.state()).toBe(state);
  const emitted = swap.take();
  expect(messagesTo(emitted, 'order:O1')).toMatchObject([{ type: 'order.swapEnded', outcome: state, reason: 'LIFT_FAILED', step: 5 }]);
  expect(messagesTo(emitted, 'bay:HH1-B1')[0]?.type).toBe(toBay);
});

describe('W16 a truck has to leave the bay', () => {
  const servedAfter = (...sent: Parameters<ReturnType<typeof queued>['send']>) => {
    const swap = queued();
    swap.send(report('arrived', { truckId: null }), identified, ...sent);
    return messagesTo(swap.take(), 'bay:HH1-B1').flatMap((told) => (told.type === 'bay.released' ? [told.served] : []));
  };
  const FIRST_ORDER = `HH1-7-${atMs.toString(36)}`;
  const authorised = report('authorized');

  it('once its swap completed that gave it a pack', () => {
    expect(servedAfter(authorised, batteryIn, batteryOut, report('completed'))).toEqual([{ orderId: FIRST_ORDER, truckId: 'T001' }]);
  });

  it.each([
    ['aborted before unlocking', [authorised, report('aborted_safe', { reasonCode: 'LIFT_FAILED' })]],
    [
      'whose order was cancelled, and that the station aborts',
      [events['swap.refused'], report('aborted_safe', { reasonCode: 'CANCELLED' })],
    ],
    ['refused', [events['swap.refused'], report('rejected', { reasonCode: 'NO_CREDIT' })]],
    [
      'refused, and that the station ends without a pack',
      [{ ...events['swap.refused'], orderId: FIRST_ORDER }, authorised, report('completed')],
    ],
    ['failed with the pack given', [authorised, batteryIn, batteryOut, report('failed', { reasonCode: 'LIFT_FAILED' })]],
  ] as const)('not after one that was %s', (_, sent) => {
    expect(servedAfter(...sent)).toEqual([null]);
  });

  it('by the order of the packs, where the first one was refused', () => {
    const refused = { ...events['swap.refused'], orderId: FIRST_ORDER };
    expect(servedAfter(refused, authorised, batteryIn, batteryOut, report('completed'))).toEqual([
      { orderId: `${FIRST_ORDER}-U`, truckId: 'T001' },
    ]);
  });

  it('never from one that is blocked', () => {
    expect(servedAfter(authorised, batteryIn, report('aborted_no_pack', { reasonCode: 'NO_PACK' }), batteryOut)).toEqual([]);
  });
});

it('W5 goes on after a failure that the station recovers from', () => {
  const swap = runMachine(swapMachineOf, { value: 'LIFTING', context: { ...swapContext, step: 5 } });
  swap.send(report('failed', { reasonCode: 'LIFT_FAILED', recoverable: true }));
  expect(swap.state()).toBe('LIFTING');
  expect(messagesTo(swap.take(), 'order:O1')).toEqual([]);
});

it('W3 blocks the bay for a truck whose pack is in and that got none, and tells a pack that still comes', () => {
  const swap = runMachine(swapMachineOf, { value: 'PICKING', context: { ...swapContext, step: 8, packsIn: ['LFP350-0071'] } });
  swap.send(report('battery_out_timeout', { batteryData: batteryOut.batteryData }));
  expect(swap.state()).toBe('ABORTED_NO_PACK');
  expect(swap.told()).toContain('bay:HH1-B1 bay.blocked');
  swap.send(batteryOut, batteryOut);
  expect(swap.told().filter((line) => line.startsWith('pack:'))).toEqual(['pack:LFP350-0002 pack.issued']);
});

it('W9 tells the order of a serial that nobody registered', () => {
  const swap = runMachine(swapMachineOf, { value: 'BATTERY_IN', context: { ...swapContext, step: 7 } });
  swap.send({ type: 'delivery.bounced', atMs, to: 'pack:GHOST-1', eventType: 'pack.returned' });
  expect(messagesTo(swap.take(), 'order:O1')).toMatchObject([
    { type: 'order.legUnknown', leg: 'IN', packId: 'GHOST-1', reason: 'BATTERY_UNKNOWN' },
  ]);
});

it('W15 asks the station, and only asks, when an operator aborts', () => {
  const swap = runMachine(swapMachineOf, { value: 'UNLOCKING', context: { ...swapContext, step: 4 } });
  swap.send(events['swap.abortAsked']);
  expect(swap.effects()).toMatchObject([{ verb: 'swap.abort', id: 'HH1', args: { reasonCode: 'OPERATOR_ABORT' } }]);
  expect(swap.state()).toBe('UNLOCKING');
});

it.each([
  ['before unlocking', [], 'ABORTED_SAFE', 'ABORTED_SAFE'],
  ['while a pack is under way', [report('moved_in'), batteryIn], 'LOST', 'LOST'],
  ['with the new pack on the truck', [report('moved_in'), batteryIn, batteryOut], 'COMPLETED', 'COMPLETED'],
] as const)('W11 ends %s when another truck stands in its bay', (_, reports, state, outcome) => {
  const swap = queued();
  swap.send(report('arrived'), identified, ...reports);
  swap.take();
  swap.send(events['swap.bayTaken']);
  expect(swap.state()).toBe(state);
  const emitted = swap.take();
  const orderId = `HH1-7-${atMs.toString(36)}`;
  expect(messagesTo(emitted, `order:${orderId}`)).toMatchObject([{ type: 'order.swapEnded', outcome, reason: 'TRUCK_LEFT' }]);
  expect(messagesTo(emitted, 'truck:T001')).toMatchObject([{ type: 'truck.released' }]);
  swap.send(events['swap.bayTaken'], report('completed'));
  expect(messagesTo(swap.take(), `order:${orderId}`)).toEqual([]);
});

it('W11 does not send away the truck that arrived again, and packs moved later are not authorised', () => {
  const swap = queued();
  swap.send(report('arrived'), identified);
  swap.take();
  swap.send({ ...events['swap.bayTaken'], truckId: 'T001' });
  expect(messagesTo(swap.take(), 'truck:T001')).toEqual([]);
  swap.send(batteryIn);
  expect(created(swap)).toMatchObject([{ input: { begin: 'UNAUTHORISED' } }]);
});

it('W12 tells a remote order what is known of its truck when it docks, once', () => {
  const swap = queued({ initiation: 'REMOTE', requestId: 8, orderId: 'O8', bayId: null });
  swap.send(report('arrived'), { ...identified, initiation: 'REMOTE' }, { ...identified, initiation: 'REMOTE' });
  expect(messagesTo(swap.take(), 'order:O8')).toMatchObject([
    { type: 'order.truckDocked', bayId: 'HH1-B1', packSerialNumber: 'LFP350-0071', packSocPercent: 40 },
  ]);
});

const inOf = (serialNumber: string, truckId = 'T001') =>
  report('battery_in', { truckId, batteryData: [{ evseId: 8, serialNumber, soC: 40, soH: 95 }] });
const outOf = (serialNumber: string, truckId = 'T001') =>
  report('battery_out', { truckId, batteryData: [{ evseId: 2, serialNumber, soC: 95, soH: 95 }] });
const FIRST = `HH1-7-${atMs.toString(36)}`;

it('W13 makes an order of its own, not authorised, for each swap that goes on under the number of one that is over', () => {
  const swap = queued();
  swap.send(report('arrived'), identified, events['swap.authorised'], batteryIn, batteryOut, report('completed'));
  swap.take();
  swap.send(report('arrived', { truckId: 'T002' }), inOf('LFP350-0072', 'T002'), outOf('LFP350-0003', 'T002'), report('completed'));
  const second = swap.take();
  expect(second.flatMap((each) => (each.type === 'create' ? [each] : []))).toMatchObject([
    { ref: `order:${FIRST}-U`, input: { begin: 'UNAUTHORISED', backfill: false, truckId: 'T002' } },
  ]);
  expect(messagesTo(second, 'pack:LFP350-0072')).toMatchObject([{ type: 'pack.returned', orderId: `${FIRST}-U` }]);
  expect(messagesTo(second, 'pack:LFP350-0003')).toMatchObject([{ type: 'pack.issued', truckId: 'T002', orderId: `${FIRST}-U` }]);
  expect(messagesTo(second, 'order:O1')).toEqual([]);
  // The same truck again, with the pack that it got; late is no excuse.
  swap.send({ ...inOf('LFP350-0003', 'T002'), backfill: true });
  expect(created(swap)).toMatchObject([{ ref: `order:${FIRST}-U2`, input: { begin: 'UNAUTHORISED', backfill: false } }]);
});

it('W13 takes what a swap had for a repetition, also after its end', () => {
  const swap = queued();
  swap.send(report('arrived'), identified, batteryIn, batteryOut, report('completed'));
  swap.take();
  swap.send(report('arrived'), identified, batteryIn, batteryOut, report('completed'));
  expect(swap.take()).toEqual([]);
});

it('W13 makes another order for a second pack of the same leg while the swap goes on', () => {
  const swap = queued();
  swap.send(report('arrived'), identified, batteryIn, batteryOut);
  swap.take();
  swap.send(outOf('LFP350-0003'));
  expect(created(swap)).toMatchObject([{ ref: `order:${FIRST}-U`, input: { begin: 'UNAUTHORISED' } }]);
});

it('W13 lets nobody choose between two packs of one hand-over', () => {
  const swap = queued();
  swap.send(report('arrived'), identified, batteryIn);
  swap.take();
  swap.send({ ...batteryOut, batteryData: [...batteryOut.batteryData, ...outOf('LFP350-0003').batteryData] });
  const emitted = swap.take();
  expect(messagesTo(emitted, `order:${FIRST}`)).toContainEqual(
    expect.objectContaining({ type: 'order.legUnknown', leg: 'OUT', packId: 'LFP350-0003', reason: 'DUPLICATE_REPORT' }),
  );
  expect(messagesTo(emitted, 'pack:LFP350-0003')).toMatchObject([{ type: 'pack.issued', truckId: 'T001' }]);
});

it('W14 tells the order that the truck changed, and gives what the other one gets to an order of its own', () => {
  const swap = queued();
  swap.send(report('arrived'), identified, events['swap.authorised']);
  swap.take();
  swap.send(report('lifted', { truckId: 'T002' }));
  const changed = swap.take();
  expect(messagesTo(changed, 'order:O1')[0]).toMatchObject({ type: 'order.truckChanged', truckId: 'T002' });
  expect(messagesTo(changed, 'truck:T001')).toMatchObject([{ type: 'truck.released' }]);
  swap.send({ ...inOf('LFP350-0072', 'T002'), backfill: true }, outOf('LFP350-0002', 'T002'), report('completed', { truckId: 'T002' }));
  const emitted = swap.take();
  expect(emitted.filter((each) => each.type === 'create')).toMatchObject([
    { ref: `order:${FIRST}-U`, input: { begin: 'UNAUTHORISED', backfill: false, truckId: 'T002' } },
  ]);
  expect(messagesTo(emitted, 'pack:LFP350-0002')).toMatchObject([{ type: 'pack.issued', truckId: 'T002', orderId: `${FIRST}-U` }]);
  expect(messagesTo(emitted, 'order:O1')).toEqual([]);
  expect(messagesTo(emitted, 'truck:T002').at(-1)).toMatchObject({ type: 'truck.released' });
});

it('W17 tells its order of steps until the first one under way after the order held, and a new order all of its own', () => {
  const swap = queued();
  const steps = () => messagesTo(swap.take(), `order:${FIRST}`).map((told) => (told.type === 'order.swapStepped' ? told.step : told.type));
  swap.send(report('arrived'), identified, report('authorized'));
  expect(steps()).toEqual([2]);
  // Nobody knows whether the order holds: it is told of each.
  swap.send(report('positioned'));
  expect(steps()).toEqual([3]);
  swap.send({ ...events['swap.authorised'], orderId: FIRST });
  swap.send(report('made_safe'), report('unlocked'), report('lifted'));
  expect(steps()).toEqual([4]);
  swap.send({ ...events['swap.authorised'], orderId: 'OTHER' }, report('moved_in'));
  expect(messagesTo(swap.take(), 'order:OTHER').map(({ type }) => type)).toEqual(['order.swapStepped']);
});

it('W14 lets a truck be taken for another one until it is authorised', () => {
  const swap = queued();
  swap.send(report('arrived', { truckId: 'T002' }), identified, report('authorized'));
  expect(messagesTo(swap.take(), `order:${FIRST}`).map(({ type }) => type)).toEqual(['order.swapStepped']);
  expect(swap.context()).toMatchObject({ truckId: 'T001' });
});
