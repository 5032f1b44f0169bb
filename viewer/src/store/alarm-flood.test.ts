import type { AlarmView } from '@corridor/protocols/http/scene';
import { expect, it } from 'vitest';
import { firstOut, groupAlarms, nextFlood } from './alarm-flood.ts';

const alarm = (id: string, of: Partial<AlarmView>): AlarmView => ({
  id,
  code: 'CHARGER_DOWN',
  level: 1,
  scope: 'slot',
  scopeId: 'HH1-1',
  detail: '',
  args: {},
  state: 'UNACKNOWLEDGED',
  raisedAt: '2026-11-22T00:00:00.000Z',
  escalatedAt: null,
  clearedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  closedAt: null,
  closedBy: null,
  closeReason: null,
  stationId: 'HH1',
  shelf: null,
  suppressedBy: null,
  acts: [],
  ...of,
});

it('begins a flood above ten in ten minutes, and ends it below five', () => {
  expect([10, 11].map((count) => nextFlood(false, count))).toEqual([false, true]);
  expect([5, 4].map((count) => nextFlood(true, count))).toEqual([true, false]);
  expect([false, true].map((isFlood) => nextFlood(isFlood, null))).toEqual([false, true]);
});

it('groups by station and cause, highest level first, oldest first within', () => {
  const alarms = [
    alarm('a', { raisedAt: '2026-11-22T00:05:00.000Z' }),
    alarm('b', { raisedAt: '2026-11-22T00:01:00.000Z' }),
    alarm('c', { stationId: 'BD1' }),
    alarm('d', { code: 'FIRE', level: 3, scope: 'station' }),
    alarm('e', { code: 'TRUCK_STRANDED', stationId: null, level: 2 }),
  ];
  expect(groupAlarms(alarms).map(({ id, level, alarms: members }) => [id, level, members.map((member) => member.id)])).toEqual([
    ['HH1/FIRE', 3, ['d']],
    ['/TRUCK_STRANDED', 2, ['e']],
    ['HH1/CHARGER_DOWN', 1, ['b', 'a']],
    ['BD1/CHARGER_DOWN', 1, ['c']],
  ]);
  expect(firstOut(alarms)?.id).toBe('c');
  expect(firstOut([])).toBeNull();
});
