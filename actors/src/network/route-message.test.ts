import { CATALOG } from '@corridor/protocols/catalog';
import { expect, it } from 'vitest';
import { isNews, orderOfCommand } from './command-order.ts';
import { NOON_MS } from './corridor.fixture.ts';
import { eventTimeMs } from './event-time.ts';
import { MESSAGE_ROUTES } from './route-message.ts';

it('routes every event and result of the catalogue, and no telemetry', () => {
  const expected = Object.keys(CATALOG).filter((key) => !key.includes(':tele:'));
  expect(Object.keys(MESSAGE_ROUTES).sort()).toEqual(expected.sort());
});

it.each([
  { name: 'a live message', lateMs: 800, backfill: false, believed: true },
  { name: 'one that was delayed by minutes', lateMs: 20 * 60_000, backfill: false, believed: true },
  { name: 'one of yesterday from the buffer', lateMs: 24 * 3_600_000, backfill: true, believed: true },
  { name: 'a clock eight hours behind', lateMs: 8 * 3_600_000, backfill: false, believed: false },
  { name: 'a clock eight hours ahead', lateMs: -8 * 3_600_000, backfill: false, believed: false },
  { name: 'a clock in 1970', lateMs: NOON_MS, backfill: true, believed: false },
])('dates $name: by its own time $believed', ({ lateMs, backfill, believed }) => {
  const tsEvent = new Date(NOON_MS - lateMs).toISOString();
  expect(eventTimeMs({ tsEvent, backfill }, NOON_MS)).toBe(believed ? NOON_MS - lateMs : NOON_MS);
});

it('finds the order of a command by the id of the command', () => {
  expect(orderOfCommand('HH1-7-m8x2-start')).toBe('HH1-7-m8x2');
  expect(orderOfCommand('HH1-7-m8x2-U-reject')).toBe('HH1-7-m8x2-U');
  expect(orderOfCommand('HH1-config-m8x2')).toBeNull();
});

it('tells an order of an answer that it may act on: any but that it may start or that its truck is let out', () => {
  const answers = ['start', 'reject', 'abort'].flatMap((verb) => ['ACCEPTED', 'REJECTED', 'TIMEOUT'].map((result) => ({ verb, result })));
  const passed = answers.filter(({ verb, result }) => isNews(`HH1-7-m8x2-${verb}`, result));
  expect(answers.filter((each) => !passed.includes(each))).toEqual([
    { verb: 'start', result: 'ACCEPTED' },
    { verb: 'reject', result: 'ACCEPTED' },
  ]);
});
