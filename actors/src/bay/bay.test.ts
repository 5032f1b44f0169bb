import type { Penalty } from '@corridor/protocols/agreement/penalty';
import { describe, expect, it } from 'vitest';
import { smallFile } from '../network/corridor.fixture.ts';
import { atMs } from '../network/example-surroundings.fixture.ts';
import { alarms, runMachine } from '../network/machine-run.fixture.ts';
import { tell } from '../network/outgoing.ts';
import { bayContext, bayEvents as events } from '../network/place-examples.fixture.ts';
import { ReferenceStore } from '../network/reference-store.ts';
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
  expect(bay.take()).toEqual([tell('swap', 'HH1-7', { type: 'swap.bayTaken', atMs, truckId: 'T002' })]);
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

describe('B5 a truck that keeps the bay', () => {
  const MINUTE_MS = 60_000;
  const file = smallFile();
  const penalties: Penalty[] = [{ kind: 'OVERSTAY', graceMinutes: 10, blockMinutes: 15, amountFen: '2000', waivers: [] }];
  const strict = ReferenceStore.of({ ...file, contracts: file.contracts.map((contract) => ({ ...contract, penalties })) }, () => null);
  /** @param reported state of the bay when the swap ends */
  const occupied = (reported: string | null = 'OCCUPIED', reference: ReferenceStore = strict) =>
    runMachine((given) => bayMachineOf({ ...given, reference }), { value: 'free', context: bayContext }, { text: () => reported });
  const swapped = (reported: string | null, reference: ReferenceStore = strict) => {
    const bay = occupied(reported, reference);
    bay.send(events['bay.truckArrived'], events['bay.swapBegan'], events['bay.released']);
    bay.take();
    return bay;
  };
  const freeAfter = (minutes: number) => ({ ...events['signal.changed'], atMs: atMs + minutes * MINUTE_MS });

  it('is an incident of its order once the station says that it is gone, after the grace', () => {
    const bay = swapped('OCCUPIED');
    bay.send(freeAfter(26), freeAfter(40));
    const incident = {
      kind: 'OVERSTAY',
      orderId: 'O1',
      stationId: 'HH1',
      truckId: 'T001',
      carrierId: 'C1',
      ratedAtMs: atMs,
      stayedMs: 26 * MINUTE_MS,
    };
    expect(bay.effects()).toEqual([{ type: 'penalty.incurred', atMs: atMs + 26 * MINUTE_MS, incident }]);
  });

  it("is its carrier's of when the swap ended, though the truck was sold or has left while it stood there", () => {
    const change = (sell: (reference: ReferenceStore) => void) => {
      const reference = ReferenceStore.of(
        { ...file, contracts: file.contracts.map((contract) => ({ ...contract, penalties })) },
        () => null,
      );
      const bay = swapped('OCCUPIED', reference);
      sell(reference);
      bay.send(freeAfter(26));
      return bay.effects();
    };
    const ofSeller = [{ type: 'penalty.incurred', incident: { truckId: 'T001', carrierId: 'C1' } }];
    const trucks = file.trucks.filter(({ id }) => id === 'T001').map((truck) => ({ ...truck, carrierId: 'C2' }));
    expect(change((reference) => reference.apply({ trucks }))).toMatchObject(ofSeller);
    expect(change((reference) => reference.remove('TRUCK', 'T001'))).toMatchObject(ofSeller);
  });

  it("is its present carrier's, of a truck that stood there before that was kept", () => {
    const leaving = { orderId: 'O1', truckId: 'T001', sinceMs: atMs };
    const old = { value: 'free', context: { ...bayContext, leaving } };
    const bay = runMachine((given) => bayMachineOf({ ...given, reference: strict }), old);
    bay.send(freeAfter(26));
    expect(bay.effects()).toMatchObject([{ type: 'penalty.incurred', incident: { truckId: 'T001', carrierId: 'C1' } }]);
  });

  it.each([
    ['left within the grace', 'OCCUPIED', 10, strict],
    ['was gone when the swap ended', 'FREE', 26, strict],
    ['has a contract without such a penalty', 'OCCUPIED', 26, ReferenceStore.of(file, () => null)],
  ])('is none when it %s', (_, reported, minutes, reference) => {
    const bay = swapped(reported, reference);
    bay.send(freeAfter(minutes));
    expect(bay.effects()).toEqual([]);
  });

  it('is an incident of whoever was swapped, where nobody knew who had arrived', () => {
    const bay = occupied();
    bay.send({ ...events['bay.truckArrived'], truckId: null }, events['bay.swapBegan'], events['bay.released'], freeAfter(26));
    expect(bay.effects()).toMatchObject([{ type: 'penalty.incurred', incident: { truckId: 'T001', orderId: 'O1' } }]);
  });

  it('is none after a swap that gave it no pack, also where the one before had', () => {
    const bay = occupied();
    const next = { swapId: 'HH1-9', truckId: 'T002' };
    bay.send(events['bay.truckArrived'], events['bay.swapBegan'], events['bay.released']);
    bay.send({ ...events['bay.truckArrived'], ...next }, { ...events['bay.swapBegan'], swapId: 'HH1-9', orderId: 'O2' });
    bay.send({ ...events['bay.released'], swapId: 'HH1-9', served: null }, freeAfter(26));
    expect(bay.effects()).toEqual([]);
  });

  it('is none of a truck that blocked it', () => {
    const bay = occupied();
    bay.send(events['bay.truckArrived'], events['bay.swapBegan'], events['bay.blocked'], freeAfter(26));
    expect(bay.state()).toBe('free');
    expect(bay.effects().filter(({ type }) => type === 'penalty.incurred')).toEqual([]);
  });

  it('is none when another truck stood there before the station said that it had gone', () => {
    const bay = swapped('OCCUPIED');
    bay.send({ ...events['bay.truckArrived'], swapId: 'HH1-9', truckId: 'T002' }, freeAfter(60));
    expect(bay.effects()).toEqual([]);
  });
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
