import { expect, it } from 'vitest';
import { atMs } from '../network/example-surroundings.fixture.ts';
import { messagesTo, runMachine } from '../network/machine-run.fixture.ts';
import { chargeData, slotEvents as events, slotContext } from '../network/place-examples.fixture.ts';
import { slotMachineOf } from './slot.machine.ts';

const ready = () => runMachine(slotMachineOf, { value: 'ready', context: slotContext });

it('L2 sends the pack of the books into transfer when another one is inserted', () => {
  const slot = ready();
  slot.send(events['slot.packInserted']);
  const emitted = slot.take();
  expect(messagesTo(emitted, 'pack:LFP350-0001')).toMatchObject([{ type: 'pack.seen', place: { kind: 'TRANSFER', id: 'HH1' } }]);
  expect(slot.context()).toMatchObject({ packId: 'LFP350-0009', condition: null });
});

it('L2 raises one alarm for all that come before it is empty again', () => {
  const slot = ready();
  const insert = (packId: string, at: number) => slot.send({ ...events['slot.packInserted'], packId, atMs: at });
  insert('P2', atMs);
  insert('P3', atMs + 1);
  slot.send({ ...events['slot.packRemoved'], packId: 'P3' });
  insert('P4', atMs + 2);
  insert('P5', atMs + 3);
  const alarms = slot.effects().flatMap((effect) => (effect.type === 'alarm.raised' ? [effect] : []));
  expect(alarms.map(({ args }) => args['otherPackId'])).toEqual(['LFP350-0001', 'P2', 'P4']);
  expect(new Set(alarms.map(({ alarmId }) => alarmId)).size).toBe(2);
  expect(alarms[0]?.alarmId).toBe(alarms[1]?.alarmId);
});

it('L4 tells the station each change of what it offers', () => {
  const slot = ready();
  const offered = () => messagesTo(slot.take(), 'station:HH1').map((event) => 'issuable' in event && event.issuable);
  slot.send(events['slot.setAside']);
  slot.send(events['slot.returned']);
  slot.send(events['slot.faultRaised']);
  slot.send(events['slot.faultCleared']);
  slot.send({ type: 'signal.changed', atMs, signal: 'slotState', value: 'EMPTY' });
  slot.send({ type: 'signal.changed', atMs, signal: 'slotState', value: 'HOLDS_PACK' });
  slot.send(events['slot.packRemoved']);
  expect(offered()).toEqual([false, true, false, true, false, true, false]);
});

it('L4 says nothing of what changes no offer: for whom its pack is kept, and that it is charged', () => {
  const slot = ready();
  slot.send(events['slot.reserved'], events['slot.reservationReleased'], events['slot.chargeReported']);
  expect(messagesTo(slot.take(), 'station:HH1')).toEqual([]);
});

it('L4 tells the station of a condition once, however often its pack says the same', () => {
  const slot = ready();
  slot.send(events['slot.packCondition'], events['slot.packCondition']);
  const told = messagesTo(slot.take(), 'station:HH1');
  expect(told).toMatchObject([{ type: 'station.stockChanged', energyWh: events['slot.packCondition'].energyWh }]);
});

it('L5 passes the registers to the pack that the report names', () => {
  const slot = ready();
  slot.send({ type: 'slot.chargeReported', atMs, event: 'started', charge: { ...chargeData, packId: 'LFP350-0009' } });
  expect(messagesTo(slot.take(), 'pack:LFP350-0009')).toMatchObject([{ type: 'pack.charged', stationId: 'HH1' }]);
  expect(slot.context()).toMatchObject({ charging: false });
});

it('L6 closes for an unknown serial until an operator returns it', () => {
  const slot = ready();
  slot.send(events['delivery.bounced'], events['delivery.bounced']);
  expect(slot.state()).toBe('quarantined');
  expect(slot.effects()).toMatchObject([{ type: 'alarm.raised', code: 'SLOT_QUARANTINED' }]);
  slot.send(events['slot.returned']);
  expect(slot.state()).toBe('ready');
  expect(slot.effects()).toMatchObject([{ type: 'alarm.cleared' }]);
});
