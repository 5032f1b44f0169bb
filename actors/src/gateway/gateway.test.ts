import { expect, it } from 'vitest';
import { atMs } from '../network/example-surroundings.fixture.ts';
import { alarms, messagesTo, runMachine } from '../network/machine-run.fixture.ts';
import { gatewayEvents as events, gatewayContext } from '../network/place-examples.fixture.ts';
import { gatewayMachineOf } from './gateway.machine.ts';

const online = () => runMachine(gatewayMachineOf, { value: 'online', context: gatewayContext });

it('G2 raises one alarm for one silence, whatever ends the hearing, and clears it when it is heard', () => {
  const gateway = online();
  gateway.send(events['signal.stale'], events['gateway.revoked']);
  const silent = gateway.take();
  expect(messagesTo(silent, 'station:HH1').map(({ type }) => type)).toEqual(['station.gatewayOffline']);
  gateway.send(events['gateway.onlineReported']);
  const [raised] = alarms(silent.flatMap((each) => (each.type === 'effect' ? [each.effect] : [])));
  const cleared = alarms(gateway.effects());
  expect(raised).toMatch(/^\+GATEWAY_OFFLINE/);
  expect(cleared).toEqual([raised?.replace('+', '-')]);
});

it('G2 is heard by telemetry as well', () => {
  const gateway = online();
  gateway.send(events['gateway.offlineReported']);
  expect(gateway.state()).toBe('offline');
  gateway.take();
  gateway.send(events['signal.fresh']);
  expect(gateway.state()).toBe('online');
  expect(gateway.told()).toEqual(['station:HH1 station.gatewayOnline']);
});

it('G3 says nothing about a T-box in a tunnel', () => {
  const tBox = runMachine(gatewayMachineOf, { value: 'online', context: { ...gatewayContext, id: 'T001', source: 'truck' } });
  tBox.send(events['signal.stale']);
  expect(tBox.state()).toBe('offline');
  expect(tBox.take()).toEqual([]);
});

it('G4 tells its station of every boot', () => {
  const gateway = online();
  gateway.send(events['gateway.onlineReported'], { ...events['gateway.onlineReported'], bootId: 5 });
  expect(gateway.told()).toEqual(['station:HH1 station.gatewayOnline', 'station:HH1 station.gatewayOnline']);
  expect(gateway.context()).toMatchObject({ bootId: 5 });
});

it('G5 raises an alarm of level 3 for events that never came', () => {
  const gateway = online();
  gateway.send(events['gateway.gapSkipped']);
  expect(gateway.effects()).toMatchObject([{ type: 'alarm.raised', code: 'EVENTS_LOST', level: 3 }]);
});

it('G6 has one alarm while its clock is off', () => {
  const gateway = online();
  const skewed = (offsetMs: number) => gateway.send({ type: 'gateway.clockSkewed', atMs, offsetMs });
  skewed(200);
  expect(gateway.effects()).toEqual([]);
  skewed(28_800_000);
  skewed(28_800_100);
  skewed(-90_000);
  expect(alarms(gateway.effects())).toHaveLength(1);
  skewed(300);
  expect(alarms(gateway.effects())).toEqual([expect.stringMatching(/^-CLOCK_SKEW/)]);
});

it.each(['gateway.onlineReported', 'gateway.revoked'] as const)('G8 is one alarm while its boots are refused, until %s', (ends) => {
  const gateway = online();
  gateway.send(events['gateway.lockedOut'], { ...events['gateway.lockedOut'], atMs: atMs + 60_000 });
  const [raised, ...more] = alarms(gateway.effects());
  expect([raised?.startsWith('+SOURCE_LOCKED_OUT'), more]).toEqual([true, []]);
  gateway.take();
  gateway.send(events[ends]);
  expect(alarms(gateway.effects())).toContain(raised?.replace('+', '-'));
});
