import { describe, expect, it } from 'vitest';
import { groundAt, planOf } from './mini-map-plan.ts';

const road = (points: [number, number][]) => ({
  count: points.length,
  xKm: Float64Array.from(points, ([x]) => x),
  zKm: Float64Array.from(points, ([, z]) => z),
});

describe('the plan of the small map', () => {
  it.each([
    [
      'a long one',
      road([
        [-210, 30],
        [0, -20],
        [220, 40],
      ]),
    ],
    [
      'one to the north',
      road([
        [0, -300],
        [5, 300],
      ]),
    ],
    [
      'a straight one',
      road([
        [-10, 0],
        [10, 0],
      ]),
    ],
  ])('has the whole road within: %s', (_, of) => {
    const plan = planOf(of, 260);
    for (let i = 0; i < of.count; i++) {
      const xPx = plan.xPx + (of.xKm[i] ?? Number.NaN) * plan.pxPerKm;
      const zPx = plan.zPx + (of.zKm[i] ?? Number.NaN) * plan.pxPerKm;
      expect(xPx).toBeGreaterThan(5);
      expect(xPx).toBeLessThan(255);
      expect(zPx).toBeGreaterThan(5);
      expect(zPx).toBeLessThan(plan.heightPx - 5);
      const back = groundAt(plan, xPx, zPx);
      expect(back.xKm).toBeCloseTo(of.xKm[i] ?? Number.NaN, 6);
      expect(back.zKm).toBeCloseTo(of.zKm[i] ?? Number.NaN, 6);
    }
  });
});
