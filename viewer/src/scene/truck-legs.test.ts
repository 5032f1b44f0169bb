import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corridorGeometry } from '../../test/fixture-geometry.ts';
import { LEG_GLSL, LEG_SIZE } from './leg.ts';
import { projectionAround } from './projection.ts';
import { emptyRoadSample, RoadLine } from './road-line.ts';
import { RowBuffer } from './row-buffer.ts';
import { yawOf } from './station-frames.ts';
import { TruckLegs, turnBetween } from './truck-legs.ts';
import { chainageAt, createTrack, type TruckTrack, takeReport } from './truck-motion.ts';

const geometry = corridorGeometry();
const road = new RoadLine(geometry.road, projectionAround(38.5, 115.2));
const START_MS = Date.parse('2026-11-22T02:20:00Z');
const ROWS = 2;

function legsOf(): { legs: TruckLegs; drawnS: { value: number } } {
  const drawnS = { value: 0 };
  const legs = new TruckLegs(new RowBuffer(LEG_SIZE, ROWS), road, drawnS);
  for (let row = 0; row < ROWS; row++) legs.end(row);
  return { legs, drawnS };
}

/** One frame for a truck in row 0. @returns whether anything had to be computed */
function drawAt(legs: TruckLegs, track: TruckTrack, westbound: boolean, atMs: number): boolean {
  legs.goTo(atMs);
  const isOver = legs.nextEnded(0, 1) === 0;
  if (isOver) legs.drive(0, track, westbound);
  return isOver;
}

/** Metres between where the leg is and where the track says. */
function missM(legs: TruckLegs, track: TruckTrack, atMs: number): number {
  const sample = emptyRoadSample();
  road.sample(chainageAt(track, atMs), sample);
  return Math.hypot(legs.now(0, 0) - sample.xKm, legs.now(0, 1) - sample.altKm, legs.now(0, 2) - sample.zKm) * 1_000;
}

describe('the leg of a truck', () => {
  const steps = fc.array(fc.record({ waitMs: fc.integer({ min: 100, max: 40_000 }), stepM: fc.integer({ min: -900, max: 900 }) }), {
    minLength: 1,
    maxLength: 5,
  });

  it('is where its track says at every instant, whatever it reports, and heads along the road', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 520_000 }), fc.boolean(), (reports, fromM, westbound) => {
        const { legs } = legsOf();
        const track = createTrack({ atMs: START_MS, chainageM: fromM, speedMps: 15 });
        let [atMs, chainageM] = [START_MS, fromM];
        for (const { waitMs, stepM } of reports) {
          atMs += waitMs;
          chainageM += stepM;
          takeReport(track, { atMs, chainageM, speedMps: stepM / 30 });
        }
        const sample = emptyRoadSample();
        for (let drawnMs = START_MS - 3_000; drawnMs < atMs + 10_000; drawnMs += 333) {
          drawAt(legs, track, westbound, drawnMs);
          // 32-bit floats at some hundred km are good to 3 cm.
          expect(missM(legs, track, drawnMs)).toBeLessThan(0.15);
          road.sample(chainageAt(track, drawnMs), sample);
          expect(Math.abs(turnBetween(legs.now(0, 3), yawOf(sample.tangentX, sample.tangentZ, westbound)))).toBeLessThan(0.01);
        }
      }),
    );
  });

  it('is computed once for some seconds, not each frame', () => {
    const { legs } = legsOf();
    const track = createTrack({ atMs: START_MS, chainageM: 100_000, speedMps: 20 });
    let computed = 0;
    for (let frame = 0; frame < 60 * 60; frame++) if (drawAt(legs, track, true, START_MS + (frame * 1_000) / 60)) computed++;
    // 1.2 km in a minute: the road is sampled each 200 m.
    expect(computed).toBeLessThan(9);
  });

  it('holds also after the time went back, and after hours', () => {
    const { legs } = legsOf();
    const track = createTrack({ atMs: START_MS, chainageM: 200_000, speedMps: 20 });
    takeReport(track, { atMs: START_MS + 60_000, chainageM: 201_000, speedMps: 0 });
    for (const afterMs of [30_000, 10_000, 50_000, 3 * 3_600_000, 40_000]) {
      drawAt(legs, track, true, START_MS + afterMs);
      expect(missM(legs, track, START_MS + afterMs)).toBeLessThan(0.15);
    }
  });

  it('ends when a report changes what is drawn, and goes on when it does not', () => {
    const { legs } = legsOf();
    const track = createTrack({ atMs: START_MS, chainageM: 200_000, speedMps: 0 });
    drawAt(legs, track, true, START_MS + 1_000);
    legs.endAfter(0, START_MS);
    expect(legs.nextEnded(0, 1)).toBe(0);
    takeReport(track, { atMs: START_MS + 5_000, chainageM: 200_080, speedMps: 16 });
    drawAt(legs, track, true, START_MS + 1_000);
    legs.endAfter(0, START_MS + 5_000);
    expect(legs.nextEnded(0, 1)).toBe(1);
  });
});

it('the shader moves an anchor as the processor does', () => {
  // What `legAt` computes, said in the shader's words: neither may be changed without the other.
  expect(LEG_GLSL).toContain('iAnchor + iMotion * clamp(uDrawnS - iSpan.x, 0.0, iSpan.y)');
});

describe('rows on their way to the GPU', () => {
  const rangesOf = (rows: RowBuffer): unknown => rows.attributeOf({ at: 0, size: 3 }).data.updateRanges;

  it('are uploaded where they changed, joined where they are neighbours', () => {
    const rows = new RowBuffer(3, 100);
    for (const row of [4, 5, 6, 40]) rows.set3(row, 0, 1, 2, 3);
    rows.set3(50, 0, 0, 0, 0);
    rows.flush();
    expect(rangesOf(rows)).toEqual([
      { start: 12, count: 9 },
      { start: 120, count: 3 },
    ]);
  });

  it('are uploaded as a whole when many changed, until they were', () => {
    const rows = new RowBuffer(3, 200);
    for (let row = 0; row < 200; row += 2) rows.set3(row, 0, 1, 2, 3);
    rows.flush();
    expect(rangesOf(rows)).toEqual([]);
    const { data } = rows.attributeOf({ at: 0, size: 3 });
    expect(data.version).toBe(1);
    rows.set3(3, 0, 1, 2, 3);
    rows.flush();
    expect(rangesOf(rows)).toEqual([]);
    // As three does after an upload.
    Reflect.get(data, 'onUploadCallback').call(data);
    rows.set3(5, 0, 1, 2, 3);
    rows.flush();
    expect(rangesOf(rows)).toEqual([{ start: 15, count: 3 }]);
  });
});
