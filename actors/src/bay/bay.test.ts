import { expect, it } from 'vitest';
import { atMs } from '../network/example-surroundings.fixture.ts';
import { alarms, runMachine } from '../network/machine-run.fixture.ts';
import { bayContext, bayEvents as events } from '../network/place-examples.fixture.ts';
import { bayMachineOf } from './bay.machine.ts';

const free = () => runMachine(bayMachineOf, { value: 'free', context: bayContext });

it('B2 lets only the swap that has the bay speak for it', () => {
  const bay = free();
  bay.send(events['bay.truckArrived'], events['bay.swapBegan']);
  const other = 'HH1-5';
  bay.send(
    { ...events['bay.released'], swapId: other },
    { ...events['bay.suspended'], swapId: other },
    { ...events['bay.blocked'], swapId: other },
  );
  expect(bay.state()).toBe('swapping');
  bay.send({ ...events['bay.truckArrived'], swapId: 'HH1-9', truckId: 'T002' });
  expect(bay.state()).toBe('occupied');
  expect(bay.context()).toMatchObject({ swapId: 'HH1-9', truckId: 'T002', orderId: null });
  bay.send(events['bay.released']);
  expect(bay.state()).toBe('occupied');
});

it('B2 tells a swap whose bay another one took, once, and nobody when the bay was free', () => {
  const bay = free();
  const second = { ...events['bay.truckArrived'], swapId: 'HH1-9', truckId: 'T002' };
  bay.send(events['bay.truckArrived'], events['bay.truckArrived'], events['bay.swapBegan'], second, second);
  expect(bay.take()).toEqual([{ type: 'tell', to: 'swap:HH1-7', event: { type: 'swap.bayTaken', atMs, truckId: 'T002' } }]);
  bay.send({ ...events['bay.released'], swapId: 'HH1-9' }, events['bay.truckArrived']);
  expect(bay.take()).toEqual([]);
});

it('B3 is blocked, with one alarm, until the station says that it is free', () => {
  const bay = free();
  bay.send(events['bay.truckArrived'], events['bay.blocked'], events['bay.blocked']);
  expect(bay.state()).toBe('blocked');
  const [raised, ...others] = alarms(bay.effects());
  expect(others).toEqual([]);
  bay.send({ type: 'signal.changed', atMs, signal: 'bayState', value: 'BLOCKED' });
  expect(bay.state()).toBe('blocked');
  bay.send(events['signal.changed']);
  expect(bay.state()).toBe('free');
  expect(alarms(bay.effects())).toEqual([raised?.replace('+', '-')]);
  expect(bay.context()).toEqual(bayContext);
});

it('B4 shows a fault that came during a swap once the truck is out', () => {
  const bay = free();
  bay.send(events['bay.truckArrived'], events['bay.swapBegan'], events['bay.faultRaised']);
  expect(bay.state()).toBe('swapping');
  bay.send(events['bay.released']);
  expect(bay.state()).toBe('fault');
  bay.send(events['bay.faultCleared']);
  expect(bay.state()).toBe('free');
});
