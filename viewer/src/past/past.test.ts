import { expect, it } from 'vitest';
import { fieldOf, instantOfField, WINDOWS, windowAround } from '../time/time-window.ts';
import { instantFromSearch, searchWithInstant } from './past-place.ts';

it('keeps an instant in the address beside whatever else is there', () => {
  const atMs = Date.UTC(2026, 10, 22, 6, 0, 0, 250);
  const search = searchWithInstant('?x=1', atMs);
  expect(search).toBe('?x=1&at=2026-11-22T06:00:00.250Z');
  expect(instantFromSearch(search)).toBe(atMs);
  expect(searchWithInstant(search, null)).toBe('?x=1');
  expect(searchWithInstant('?at=2026-11-22T06:00:00Z', null)).toBe('');
  expect(instantFromSearch('?x=1')).toBe(null);
  expect(instantFromSearch('?at=2026-11-22T14:00:00%2B08:00')).toBe(Date.UTC(2026, 10, 22, 6));
});

it.each(['', 'yesterday', '2026-13-01T00:00:00Z', '2026-11-22', '<script>'])('takes no "%s" for an instant', (text) => {
  expect(instantFromSearch(`?at=${encodeURIComponent(text)}`)).toBeNaN();
});

it('spans a part of the past that holds the instant, and stays where it is while it does', () => {
  const span = { fromMs: 0, untilMs: WINDOWS.month };
  const first = windowAround(WINDOWS.week, WINDOWS.day, span, null);
  expect(first).toEqual({ fromMs: WINDOWS.week - WINDOWS.day / 2, untilMs: WINDOWS.week + WINDOWS.day / 2 });
  expect(windowAround(first.fromMs + 1, WINDOWS.day, span, first)).toBe(first);
  expect(windowAround(span.untilMs, WINDOWS.day, span, first)).toEqual({ fromMs: span.untilMs - WINDOWS.day, untilMs: span.untilMs });
  expect(windowAround(0, WINDOWS.day, span, first)).toEqual({ fromMs: 0, untilMs: WINDOWS.day });
  // Of a history that is shorter all of it is shown.
  expect(windowAround(5, WINDOWS.month, { fromMs: 0, untilMs: 10 }, null)).toEqual({ fromMs: 0, untilMs: 10 });
});

it('reads and writes fields in the time of the corridor', () => {
  const atMs = Date.UTC(2026, 10, 22, 22, 3, 27);
  expect(fieldOf(atMs)).toBe('2026-11-23T06:03:27');
  expect(instantOfField('2026-11-23T06:03:27')).toBe(atMs);
  expect(instantOfField('2026-11-23T06:03')).toBe(atMs - 27_000);
  expect(instantOfField('')).toBeNaN();
});
