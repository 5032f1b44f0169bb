import { expect, it } from 'vitest';
import { EventCauses } from './event-causes.ts';

/** Timers of which each sets off so many events, in turn. */
function shares(eventsMax: number, timers: readonly ['TRUCKS' | 'FAULTS' | 'POWER', number][]) {
  const causes = new EventCauses(eventsMax);
  let events = 0;
  for (let index = 0; events <= eventsMax; index += 1) {
    const [cause, follow] = timers[index % timers.length] ?? ['POWER', 1];
    events += follow;
    if (events >= causes.nextAt) causes.note(events, cause);
  }
  return causes.shares();
}

it('counts each event of a short run', () => {
  expect(
    shares(999, [
      ['TRUCKS', 7],
      ['FAULTS', 3],
    ]),
  ).toEqual([
    { cause: 'TRUCKS', ratio: 0.7 },
    { cause: 'FAULTS', ratio: 0.3 },
  ]);
});

it('tells shares of a long run by ten thousand looks, of timers that set off much or little', () => {
  // 3, 90 and 7 events: of hundred in a hundred, which the looks do not know.
  const told = shares(30_000_000, [
    ['TRUCKS', 3],
    ['FAULTS', 90],
    ['POWER', 7],
    ['TRUCKS', 1],
  ]);
  const ratioOf = (of: string) => told.find(({ cause }) => cause === of)?.ratio ?? 0;
  expect(told.map(({ cause }) => cause)).toEqual(['FAULTS', 'POWER', 'TRUCKS']);
  expect(ratioOf('FAULTS')).toBeCloseTo(90 / 101, 1);
  expect(told.reduce((sum, { ratio }) => sum + ratio, 0)).toBeCloseTo(1, 9);
});

it('tells of a timer that alone sets off more than is allowed', () => {
  expect(
    shares(50_000, [
      ['TRUCKS', 1],
      ['POWER', 60_000],
    ])[0],
  ).toMatchObject({ cause: 'POWER' });
});
