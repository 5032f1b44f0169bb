import { expect, it } from 'vitest';
import { smallFile } from '../network/corridor.fixture.ts';
import { atMs } from '../network/example-surroundings.fixture.ts';
import { alarms, messagesTo, runMachine } from '../network/machine-run.fixture.ts';
import { stationEvents as events, fault, stationContext } from '../network/place-examples.fixture.ts';
import type { Surroundings } from '../network/reference.ts';
import { ReferenceStore } from '../network/reference-store.ts';
import { stationMachineOf } from './station.machine.ts';
import type { StationContext } from './station.rules.ts';

const ask = events['station.reservationRequested'];
const operative = (over: Partial<StationContext> = {}) =>
  runMachine(stationMachineOf, { value: 'operative', context: { ...stationContext, ...over } });
const answer = (station: ReturnType<typeof operative>, over: Partial<typeof ask> = {}) => {
  station.take();
  station.send({ ...ask, ...over });
  const [told] = messagesTo(station.take(), `order:${over.orderId ?? ask.orderId}`);
  return told;
};

it('S3 keeps the fullest eligible pack', () => {
  const station = operative();
  station.send(ask);
  const emitted = station.take();
  expect(messagesTo(emitted, 'order:O1')).toMatchObject([{ type: 'order.packReserved', packId: 'LFP350-0002', evseId: 2, requestId: 7 }]);
  expect(messagesTo(emitted, 'slot:HH1-2')).toMatchObject([{ type: 'slot.reserved', orderId: 'O1' }]);
});

it('S3 keeps to another order where the reference has one, among those that reach', () => {
  const reference = ReferenceStore.of(smallFile(), () => 100_000);
  const second = reference.pack('LFP350-0002');
  if (second) reference.apply({ packs: [{ ...second, ownerId: 'BO2' }] });
  reference.packOrder = (one, other) => one.localeCompare(other);
  const machine = (surroundings: Surroundings) => stationMachineOf({ ...surroundings, reference });
  const told = (requiredEnergyWh: number) => {
    const station = runMachine(machine, { value: 'operative', context: stationContext });
    station.send({ ...ask, requiredEnergyWh });
    return messagesTo(station.take(), 'order:O1')[0];
  };
  expect(told(0)).toMatchObject({ type: 'order.packReserved', packId: 'LFP350-0001' });
  const fullest = Math.max(...stationContext.stock.map(({ energyWh }) => energyWh));
  expect(told(fullest)).toMatchObject({ type: 'order.packReserved', packId: 'LFP350-0002' });
});

it.each([
  ['another owner only', { packOwnerIds: ['BO1'] }, { packId: 'LFP350-0001' }],
  ['a healthier one', { minSohPercent: 97 }, { packId: 'LFP350-0002' }],
  ['none of the owner', { packOwnerIds: ['BO3'] }, { reason: 'NO_BATTERY_AVAILABLE' }],
  ['none of the interface', { interfaceType: 'SIDE-B' }, { reason: 'NO_BATTERY_AVAILABLE' }],
  ['none that is healthy enough', { minSohPercent: 99 }, { reason: 'NO_BATTERY_AVAILABLE' }],
  ['none that reaches the next station', { requiredEnergyWh: 320_000 }, { reason: 'RANGE_INSUFFICIENT' }],
])('S3 answers %s', (_, over, expected) => {
  expect(answer(operative(), over)).toMatchObject(expected);
});

it.each([
  ['smoke', { faults: [{ ...fault, code: 'SMOKE', scope: 'station' as const, sinceMs: atMs }] }, 'INTERLOCK_FIRE'],
  ['an interlock by its own name', { faults: [{ ...fault, code: 'INTERLOCK_WIND', sinceMs: atMs }] }, 'INTERLOCK_WIND'],
  ['an emergency stop', { equipment: 'ESTOP' as const }, 'INTERLOCK_ESTOP'],
  ['closed doors', { closed: true }, 'STATION_NOT_OPERATIVE'],
  ['a station out of order', { equipment: 'INOPERATIVE' as const }, 'STATION_NOT_OPERATIVE'],
])('S3 refuses for %s before it looks at packs', (_, over, reason) => {
  expect(answer(operative({ ...over, stock: [] }))).toMatchObject({ type: 'order.reservationRefused', reason });
});

it('S3 serves in spite of a fault of one slot', () => {
  const slotFault = { ...fault, code: 'SMOKE', scope: 'slot' as const, scopeId: 'HH1-3', sinceMs: atMs };
  expect(answer(operative({ faults: [slotFault] }))).toMatchObject({ type: 'order.packReserved' });
});

it('S2 keeps one pack for one order, and answers the same when asked again', () => {
  const station = operative();
  const first = answer(station);
  expect(answer(station)).toEqual(first);
  expect(answer(station, { orderId: 'O2' })).toMatchObject({ packId: 'LFP350-0001' });
  expect(answer(station, { orderId: 'O3' })).toMatchObject({ reason: 'NO_BATTERY_AVAILABLE' });
});

it('S4 numbers remote swaps evenly and upwards', () => {
  const station = operative();
  expect(answer(station, { orderId: 'R1', requestId: null })).toMatchObject({ requestId: 6 });
  expect(answer(station, { orderId: 'R2', requestId: null })).toMatchObject({ requestId: 8 });
  station.send({ type: 'station.reservationReleased', atMs, orderId: 'R2' });
  expect(answer(station, { orderId: 'R3', requestId: null })).toMatchObject({ requestId: 10 });
});

it('S5 releases what an order kept, also when the order is gone', () => {
  const station = operative();
  answer(station);
  station.send(events['station.reservationReleased']);
  expect(station.told()).toEqual(['slot:HH1-2 slot.reservationReleased']);
  answer(station);
  station.send(events['delivery.bounced']);
  expect(station.told()).toEqual(['slot:HH1-2 slot.reservationReleased']);
  expect(station.context()).toMatchObject({ reservations: [] });
});

it('S5 leaves a slot alone that gave its pack away', () => {
  const station = operative();
  answer(station);
  station.send({ ...events['station.stockChanged'], evseId: 2, packId: null, issuable: false });
  station.send(events['station.reservationReleased']);
  expect(station.told()).toEqual([]);
  expect(station.context()).toMatchObject({ reservations: [] });
});

it('S6 has one alarm for one fault and tells whom it concerns', () => {
  const station = operative();
  station.send(events['station.faultRaised'], events['station.faultRaised']);
  const raised = station.take();
  expect(messagesTo(raised, 'bay:HH1-B1').map(({ type }) => type)).toEqual(['bay.faultRaised']);
  station.send(events['station.faultCleared'], events['station.faultCleared']);
  const cleared = station.take();
  const ids = (emitted: typeof raised) => alarms(emitted.flatMap((each) => (each.type === 'effect' ? [each.effect] : [])));
  expect(ids(raised)).toHaveLength(1);
  expect(ids(cleared)).toEqual([ids(raised)[0]?.replace('+', '-')]);
});

it('S10 raises the same alarm to a higher level at the instant that it was told, and ends it as one', () => {
  const station = operative();
  const told = (level: number, minute: number) => ({
    type: 'station.faultRaised' as const,
    atMs: atMs + minute * 60_000,
    fault: { faultId: 'f-grid', code: 'GRID_LIMIT', level, scope: 'bay' as const, scopeId: 'HH1-B1', detail: `level ${level}` },
  });
  station.send(told(1, 0), told(3, 5), told(3, 6), told(2, 7), told(1, 8));
  const emitted = station.take();
  const effects = emitted.flatMap((each) => (each.type === 'effect' ? [each.effect] : []));
  expect(effects).toMatchObject([
    { type: 'alarm.raised', atMs, level: 1, detail: 'level 1' },
    { type: 'alarm.raised', atMs, escalatedAtMs: atMs + 300_000, level: 3, detail: 'level 3' },
  ]);
  expect(effects[0]).not.toHaveProperty('escalatedAtMs');
  expect(messagesTo(emitted, 'bay:HH1-B1').map(({ type }) => type)).toEqual(['bay.faultRaised']);
  expect(station.context()).toMatchObject({ faults: [{ faultId: 'f-grid', level: 3, detail: 'level 3', sinceMs: atMs }] });
  station.send({ ...told(3, 9), type: 'station.faultCleared' });
  const ids = alarms([...effects, ...station.effects()]);
  expect(new Set(ids.map((id) => id.slice(1))).size).toBe(1);
  expect(ids.map((id) => id[0])).toEqual(['+', '+', '-']);
});

it('S6 quarantines a pack by its fault, until the fault is cleared at the station', () => {
  const station = operative();
  const fault = { faultId: 'f-pack', code: 'SELF_CHECK_FAILED', level: 2, scope: 'pack' as const, scopeId: 'LFP350-0001', detail: '' };
  station.send({ type: 'station.faultRaised', atMs, fault });
  expect(station.told()).toEqual(['pack:LFP350-0001 pack.quarantined']);
  station.send({ type: 'station.faultCleared', atMs, fault });
  expect(station.told().at(-1)).toBe('pack:LFP350-0001 pack.cleared');
});

it('S7 tells packs where an inventory saw them, and closes the slot of an unknown one', () => {
  const station = operative();
  const slot = { slotState: 'HOLDS_PACK' as const, socPercent: 50, sohPercent: 95 };
  station.send({
    type: 'station.inventoryReported',
    atMs,
    slots: [
      { ...slot, evseId: 1, packId: 'LFP350-0001' },
      { ...slot, evseId: 2, packId: 'GHOST-1' },
      { evseId: 3, slotState: 'EMPTY', packId: null, socPercent: null, sohPercent: null },
    ],
    saidAt: new Date(atMs).toISOString(),
    timeBelieved: true,
  });
  expect(station.told()).toEqual([
    'slot:HH1-1 signal.changed',
    'pack:LFP350-0001 pack.seen',
    'slot:HH1-2 signal.changed',
    'slot:HH1-2 slot.quarantined',
    'slot:HH1-3 signal.changed',
  ]);
});

it('S9 moves nothing by rows that cannot be true, and tells it once until an inventory can be', () => {
  const station = operative();
  const alarmId = `INVENTORY_DOUBTFUL-station-HH1-${atMs.toString(36)}`;
  const alarmsOf = (emitted: ReturnType<typeof station.take>) =>
    alarms(emitted.flatMap((each) => (each.type === 'effect' ? [each.effect] : [])));
  const row = (evseId: number, packId: string | null) => ({
    evseId,
    packId,
    slotState: 'HOLDS_PACK' as const,
    socPercent: 50,
    sohPercent: 95,
  });
  const count = (...slots: ReturnType<typeof row>[]) => ({ ...events['station.inventoryReported'], slots });
  const bad = count(
    row(1, 'LFP350-0001'),
    row(1, null),
    row(2, 'LFP350-0002'),
    row(3, 'LFP350-0002'),
    row(998, 'NOPE'),
    row(4, 'LFP350-0004'),
  );
  station.send(bad, bad);
  const emitted = station.take();
  expect(messagesTo(emitted, 'pack:LFP350-0004')).toHaveLength(2);
  expect(new Set(emitted.flatMap((each) => (each.type === 'tell' ? [each.to] : [])))).toEqual(new Set(['slot:HH1-4', 'pack:LFP350-0004']));
  expect(alarmsOf(emitted)).toEqual([`+${alarmId}`]);
  station.send({ ...count(row(1, 'LFP350-0001')), saidAt: '1970-01-01T00:00:00.000Z', timeBelieved: false });
  expect(station.take()).toEqual([]);
  station.send(count(row(1, 'LFP350-0001')));
  expect(alarmsOf(station.take())).toEqual([`-${alarmId}`]);
});

it('S9 believes no inventory whose time cannot be', () => {
  const station = operative();
  station.send({ ...events['station.inventoryReported'], saidAt: '1970-01-01T00:00:00.000Z', timeBelieved: false });
  expect(station.effects()).toMatchObject([{ type: 'alarm.raised', code: 'INVENTORY_DOUBTFUL', args: { reason: 'TIME_IMPLAUSIBLE' } }]);
});

it('S8 configures a gateway that comes online with its targets and the minutes of its tariff', () => {
  const station = operative({ online: false });
  station.send(events['station.gatewayOnline']);
  const [command] = station.effects();
  expect(command).toMatchObject({
    type: 'command.issued',
    verb: 'config.set',
    id: 'HH1',
    args: { values: { targetSocPercent: 90, maxSocPercent: 95, tariffBoundariesMinute: expect.arrayContaining([0, 720]) } },
  });
});

it('S6 sets slots aside and takes them back for an operator, and closes and opens', () => {
  const station = operative();
  const act = (name: 'SLOT_SET_ASIDE' | 'SLOT_RETURNED') =>
    station.send({ type: 'station.operatorAct', atMs, act: name, evseId: 3, by: 'ops' });
  act('SLOT_SET_ASIDE');
  act('SLOT_RETURNED');
  expect(station.told()).toEqual(['slot:HH1-3 slot.setAside', 'slot:HH1-3 slot.returned']);
  station.send({ type: 'station.closed', atMs, partyId: 'SO1' });
  expect([station.state(), (station.context() as StationContext).closedFor]).toEqual(['closed', 'SO1']);
  act('SLOT_SET_ASIDE');
  expect(station.state()).toBe('closed');
  station.send({ type: 'station.opened', atMs, partyId: 'SO1' });
  expect([station.state(), (station.context() as StationContext).closedFor]).toEqual(['operative', null]);
});
