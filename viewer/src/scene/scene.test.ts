import fc from 'fast-check';
import { Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { corridorGeometry } from '../../test/fixture-geometry.ts';
import { boxAt, isInRoom, type LabelCandidate, placeLabels } from './label-placement.ts';
import { projectionAround } from './projection.ts';
import { reliefByItself } from './relief.ts';
import { emptyRoadSample, RoadLine } from './road-line.ts';
import { socColour } from './soc-ramp.ts';
import { cranePosition, queuePosition, slotPosition } from './station-plan.ts';
import { sunPosition } from './sun.ts';
import { symbolScale } from './symbol-scale.ts';
import { buildTerrainField, terrainAltKmAt } from './terrain-field.ts';
import { chainageAt, createTrack, DrawDelay, staleAfterMs, takeReport } from './truck-motion.ts';
import { fitPose } from './view-fit.ts';

const geometry = corridorGeometry();
const projection = projectionAround(38.5, 115.2);
const road = new RoadLine(geometry.road, projection);

describe('road', () => {
  it('runs westwards without a jump, its tangents of length one', () => {
    const sample = emptyRoadSample();
    let last: { x: number; z: number } | null = null;
    for (let chainageM = road.startM; chainageM <= road.endM; chainageM += 250) {
      road.sample(chainageM, sample);
      expect(Math.hypot(sample.tangentX, sample.tangentZ)).toBeCloseTo(1, 6);
      if (last !== null) expect(Math.hypot(sample.xKm - last.x, sample.zKm - last.z)).toBeLessThan(0.3);
      last = { x: sample.xKm, z: sample.zKm };
    }
    expect((road.xKm[0] as number) - (road.xKm[road.count - 1] as number)).toBeGreaterThan(400);
  });

  it('says how steep it is: level by the coast, never steeper than published, and in all what it rises', () => {
    const grades = Array.from({ length: road.count }, (_, i) => road.gradeRatioAt(i));
    expect(Math.abs(grades[5] as number)).toBeLessThan(0.002);
    expect(Math.max(...grades.map(Math.abs))).toBeLessThan(0.035);
    const riseKm = (road.altKm[road.count - 1] as number) - (road.altKm[0] as number);
    expect((grades.reduce((sum, grade) => sum + grade, 0) * road.stepM) / 1_000).toBeCloseTo(riseKm, 1);
  });

  it('clamps beyond its ends and finds the chainage of its own points', () => {
    const sample = emptyRoadSample();
    road.sample(-1e9, sample);
    expect(sample.xKm).toBe(road.xKm[0]);
    fc.assert(
      fc.property(fc.double({ min: road.startM, max: road.endM, noNaN: true }), (chainageM) => {
        road.sample(chainageM, sample);
        expect(Math.abs(road.nearestChainageM(sample.xKm, sample.zKm) - chainageM)).toBeLessThan(400);
      }),
    );
  });

  it('refuses a road of no length', () => {
    expect(() => new RoadLine([], projection)).toThrow(RangeError);
    expect(() => new RoadLine(geometry.road.slice(0, 1), projection)).toThrow(RangeError);
  });
});

describe('terrain', () => {
  const field = buildTerrainField(geometry.terrain, projection, road);

  it('lies at the level of the road along the road', () => {
    const sample = emptyRoadSample();
    for (let chainageM = road.startM; chainageM <= road.endM; chainageM += 5_000) {
      road.sample(chainageM, sample);
      expect(Math.abs(terrainAltKmAt(field, sample.xKm, sample.zKm) - sample.altKm)).toBeLessThan(0.06);
    }
  });

  it('has mountains in the west, the sea in the east, and no false ridge on the coast', () => {
    expect(terrainAltKmAt(field, projection.xOf(113.6), projection.zOf(39.0))).toBeGreaterThan(0.9);
    expect(Math.abs(terrainAltKmAt(field, projection.xOf(117.64), projection.zOf(39.08)))).toBeLessThan(0.03);
  });

  it('refuses a grid with missing heights', () => {
    expect(() => buildTerrainField({ ...geometry.terrain, altM: [1, 2] }, projection, road)).toThrow(RangeError);
  });
});

describe('motion of a truck', () => {
  const start = { atMs: 0, chainageM: 100_000, speedMps: 20 };

  it('moves evenly between two reports and dead-reckons for a while after the last', () => {
    const track = createTrack(start);
    takeReport(track, { atMs: 10_000, chainageM: 100_200, speedMps: 20 });
    expect(chainageAt(track, 5_000)).toBe(100_100);
    expect(chainageAt(track, 15_000)).toBe(100_300);
    expect(chainageAt(track, 10_000_000)).toBe(106_200);
  });

  it('ignores reports that are not newer', () => {
    const track = createTrack(start);
    takeReport(track, { atMs: 10_000, chainageM: 100_200, speedMps: 20 });
    takeReport(track, { atMs: 9_000, chainageM: 0, speedMps: 0 });
    takeReport(track, { atMs: 10_000, chainageM: 0, speedMps: 0 });
    expect(chainageAt(track, 10_000)).toBe(100_200);
  });

  it('is put where it is after a jump or a long silence, instead of racing there', () => {
    const track = createTrack(start);
    expect(takeReport(track, { atMs: 10_000, chainageM: 300_000, speedMps: 0 })).toBe(true);
    expect(chainageAt(track, 5_000)).toBe(300_000);
    expect(takeReport(track, { atMs: 400_000, chainageM: 301_000, speedMps: 0 })).toBe(true);
  });

  it('comes out of a tunnel where it was thought to be, without a leap', () => {
    const track = createTrack(start);
    expect(takeReport(track, { atMs: 280_000, chainageM: 105_500, speedMps: 20 })).toBe(false);
    expect(chainageAt(track, 140_000)).toBe(102_750);
  });

  it('goes on where it was when the next report comes while an older stretch is still drawn', () => {
    const track = createTrack(start);
    takeReport(track, { atMs: 10_000, chainageM: 100_200, speedMps: 20 });
    const before = chainageAt(track, 7_000);
    takeReport(track, { atMs: 20_000, chainageM: 100_600, speedMps: 40 });
    expect(chainageAt(track, 7_000)).toBe(before);
    expect(chainageAt(track, 15_000)).toBe(100_400);
    for (let i = 3; i < 50; i++) takeReport(track, { atMs: i * 10_000, chainageM: 100_000 + i * 200, speedMps: 20 });
    expect(track.reports.length).toBeLessThan(10);
  });

  it('stays between its reports and never leaps, for any order of reports', () => {
    const reports = fc.array(fc.record({ waitMs: fc.integer({ min: 1, max: 60_000 }), stepM: fc.integer({ min: 0, max: 1_500 }) }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(reports, (steps) => {
        const track = createTrack({ ...start, speedMps: 0 });
        let { atMs, chainageM } = start;
        for (const { waitMs, stepM } of steps) {
          const [fromM, fromMs] = [chainageM, atMs];
          atMs += waitMs;
          chainageM += stepM;
          takeReport(track, { atMs, chainageM, speedMps: 0 });
          for (let part = 0; part <= 1; part += 0.25) {
            const at = chainageAt(track, fromMs + waitMs * part);
            expect(at).toBeGreaterThanOrEqual(fromM);
            expect(at).toBeLessThanOrEqual(chainageM);
          }
        }
      }),
    );
  });

  it('is stale after several missed reports', () => {
    const track = createTrack(start);
    expect(staleAfterMs(track)).toBeGreaterThan(30_000);
    expect(staleAfterMs(track)).toBeLessThan(60_000);
  });

  it('draws so far behind that the next report is there in time, and glides there', () => {
    const delay = new DrawDelay();
    const before = delay.delayMs;
    for (let i = 0; i < 400; i++) delay.observe(11_000);
    expect(delay.delayMs).toBe(before);
    delay.advance(100);
    expect(delay.delayMs - before).toBeLessThanOrEqual(25);
    delay.advance(60_000);
    expect(delay.delayMs).toBeGreaterThan(11_000);
    expect(delay.delayMs).toBeLessThan(12_500);
    for (let i = 0; i < 400; i++) delay.observe(1e9);
    delay.advance(1e9);
    expect(delay.delayMs).toBeLessThanOrEqual(30_000);
  });
});

describe('symbols', () => {
  const view = { symbolPx: 12, kmPerPixelAtOneKm: 0.00064, focusKm: 0.3 };

  it('are true to size from near and keep their size on the screen from afar', () => {
    expect(symbolScale(view, 0.3)).toBe(1);
    const far = { ...view, focusKm: 500 };
    const lengthPx = (17 * symbolScale(far, 500)) / 1000 / (500 * far.kmPerPixelAtOneKm);
    expect(lengthPx).toBeCloseTo(12, 5);
  });

  it('leave room for every slot of a rack, and the crane reaches from the first to the last', () => {
    const places = Array.from({ length: 24 }, (_, i) => slotPosition(i + 1, 24));
    expect(new Set(places.map(({ xM, zM }) => `${xM}/${zM}`)).size).toBe(24);
    const first = cranePosition({ xM: 0, yM: 0, zM: 0.6 }, 8);
    const last = cranePosition({ xM: 7 * 3.2, yM: 6, zM: 4.5 }, 8);
    expect(first.xM).toBeCloseTo(slotPosition(1, 8).xM, 9);
    expect(last.xM).toBeCloseTo(slotPosition(8, 8).xM, 9);
    expect(last.zM).toBe(20);
    expect(queuePosition(1).xM).toBeLessThan(queuePosition(0).xM);
  });

  it('exaggerate heights less the nearer one is', () => {
    expect(reliefByItself(0.1)).toBeLessThan(reliefByItself(30));
    expect(reliefByItself(30)).toBeLessThan(reliefByItself(1_000));
  });
});

describe('colour of charge', () => {
  const lightness = (soc: number): number => {
    const { r, g, b } = socColour(soc);
    const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const l = Math.cbrt(0.4122214708 * linear(r) + 0.5363325363 * linear(g) + 0.0514459929 * linear(b));
    const m = Math.cbrt(0.2119034982 * linear(r) + 0.6806995451 * linear(g) + 0.1073969566 * linear(b));
    const s = Math.cbrt(0.0883024619 * linear(r) + 0.2817188376 * linear(g) + 0.6299787005 * linear(b));
    return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  };

  it('grows lighter by even steps, so that it can be read without seeing hues', () => {
    const steps = Array.from({ length: 10 }, (_, i) => lightness((i + 1) * 10) - lightness(i * 10));
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
    for (const step of steps) expect(Math.abs(step - mean)).toBeLessThan(mean * 0.2);
  });

  it('is grey when unknown', () => {
    const { r, g, b } = socColour(null);
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(0.06);
  });
});

describe('sun', () => {
  it('culminates in the south at noon and is down at midnight (Baoding, 22 November)', () => {
    const noon = sunPosition(Date.parse('2026-11-22T04:04:00Z'), 38.8, 115.5);
    expect((noon.altitudeRad * 180) / Math.PI).toBeCloseTo(31.1, 0);
    expect((noon.azimuthRad * 180) / Math.PI).toBeCloseTo(180, -1);
    expect(sunPosition(Date.parse('2026-11-22T16:00:00Z'), 38.8, 115.5).altitudeRad).toBeLessThan(-0.8);
  });
});

describe('view of the whole network', () => {
  const points = Array.from({ length: Math.ceil(road.count / 25) }, (_, i) => ({
    xKm: road.xKm[i * 25] as number,
    altKm: road.altKm[i * 25] as number,
    zKm: road.zKm[i * 25] as number,
  }));
  const insets = { left: 348, right: 48, top: 96, bottom: 60 };

  it('fills a desktop window and keeps out of the panels', () => {
    const pose = fitPose(points, { widthPx: 1440, heightPx: 900, fovDeg: 32, insets, tiltRad: 0.86, exaggerationAt: reliefByItself });
    expect(pose.distanceKm).toBeGreaterThan(200);
    expect(pose.distanceKm).toBeLessThan(900);
    expect(Math.abs(pose.bearingRad)).toBeLessThan(Math.PI / 3);
  });

  it('turns the corridor upright on a phone', () => {
    const phone = fitPose(points, {
      widthPx: 390,
      heightPx: 844,
      fovDeg: 32,
      insets: { left: 24, right: 24, top: 118, bottom: 96 },
      tiltRad: 0.86,
      exaggerationAt: reliefByItself,
    });
    expect(Math.abs(phone.bearingRad)).toBeGreaterThan(Math.PI / 4);
    expect(new Vector3(phone.xKm, 0, phone.zKm).length()).toBeLessThan(300);
  });
});

describe('labels', () => {
  it('never overlap nor hide under panels, and the most important one is always shown', () => {
    const label = fc.record({
      xPx: fc.integer({ min: 0, max: 800 }),
      yPx: fc.integer({ min: 0, max: 600 }),
      priority: fc.integer({ min: 0, max: 5 }),
      shown: fc.boolean(),
      avoids: fc.boolean(),
    });
    const room = { left: 200, right: 20, top: 50, bottom: 30, widthPx: 800, heightPx: 600 };
    const blocked = [{ xPx: 420, yPx: 300, halfWidthPx: 30, halfHeightPx: 20 }];
    const spots = [
      { widths: 0, xPx: 0, heights: -0.5, yPx: -18 },
      { widths: 0.5, xPx: 14, heights: 0, yPx: 0 },
    ];
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 60 }), (specs) => {
        const labels: LabelCandidate[] = specs.map((spec) => ({ ...spec, widthPx: 90, heightPx: 20, spots, spot: spec.shown ? 0 : -1 }));
        placeLabels(labels, room, blocked);
        const boxes = labels.flatMap((candidate) => {
          if (candidate.spot < 0) return [];
          const box = { xPx: 0, yPx: 0, halfWidthPx: 0, halfHeightPx: 0 };
          boxAt(candidate, candidate.spot, room, box);
          return [{ ...box, avoids: candidate.avoids }];
        });
        for (const [i, a] of boxes.entries()) {
          expect(a.xPx - 45).toBeGreaterThanOrEqual(room.left);
          expect(a.yPx + 10).toBeLessThanOrEqual(room.heightPx - room.bottom);
          for (const b of boxes.slice(i + 1)) expect(Math.abs(a.xPx - b.xPx) >= 90 || Math.abs(a.yPx - b.yPx) >= 20).toBe(true);
          if (a.avoids) for (const b of blocked) expect(Math.abs(a.xPx - b.xPx) >= 75 || Math.abs(a.yPx - b.yPx) >= 30).toBe(true);
        }
        const inRoom = labels.filter((candidate) => isInRoom(candidate, room) && !candidate.avoids);
        const rank = ({ priority, shown }: LabelCandidate): number => priority + (shown ? 0.5 : 0);
        const top = Math.max(...inRoom.map(rank));
        const first = labels.filter((candidate) => isInRoom(candidate, room)).every((candidate) => rank(candidate) <= top);
        if (inRoom.length > 0 && first) expect(inRoom.some((candidate) => rank(candidate) === top && candidate.spot >= 0)).toBe(true);
      }),
    );
  });
});
