import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { expect, it } from 'vitest';
import { NearScreenPoint } from './near-screen-point.ts';
import { type DrawView, worldPoint } from './placed.ts';

const [widthPx, heightPx] = [1_200, 800];
const FOV_DEG = 32;
const RADIUS_PX = 12;

it('holds for every part of a thing that is drawn at that point, from whatever distance and side', () => {
  const km = fc.double({ min: -3, max: 3, noNaN: true });
  const metres = fc.double({ min: -80, max: 80, noNaN: true });
  const part = fc.record({ xM: metres, yM: fc.double({ min: 0, max: 12, noNaN: true }), zM: metres });
  const camera = fc.record({ awayKm: fc.constantFrom(0.05, 0.3, 2, 40, 300), turnRad: fc.double({ min: 0, max: 6.28, noNaN: true }) });
  let shown = 0;
  fc.assert(
    fc.property(camera, fc.record({ x: km, z: km }), part, ({ awayKm, turnRad }, aside, offset) => {
      const eye = new PerspectiveCamera(FOV_DEG, widthPx / heightPx, 0.001, 2_000);
      eye.position.set(Math.cos(turnRad) * awayKm, 0.1 + awayKm, Math.sin(turnRad) * awayKm);
      eye.lookAt(new Vector3(0, 0.05, 0));
      eye.updateMatrixWorld();
      const kmPerPixelAtOneKm = (2 * Math.tan((FOV_DEG * Math.PI) / 360)) / heightPx;
      const view: DrawView = { camera: eye, focusKm: awayKm * 1.4, kmPerPixelAtOneKm, symbolPx: 11, exaggeration: 2 };
      const frame = { xKm: (aside.x * awayKm) / 4, altKm: 0.02, zKm: (aside.z * awayKm) / 4, yawRad: turnRad };
      const point = { position: new Vector3(), scale: 1 };
      worldPoint(frame, offset, view, point);
      const { x, y, z } = point.position.project(eye);
      if (z > 1 || Math.abs(x) > 1 || Math.abs(y) > 1) return;
      shown++;
      const [xPx, yPx] = [(x * 0.5 + 0.5) * widthPx + RADIUS_PX * 0.7, (0.5 - y * 0.5) * heightPx - RADIUS_PX * 0.7];
      const reachM = Math.hypot(offset.xM, offset.yM, offset.zM);
      const near = new NearScreenPoint({ view, widthPx, heightPx }, { xPx, yPx }, RADIUS_PX);
      expect(near.mayShow(frame.xKm, frame.altKm, frame.zKm, reachM)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
  expect(shown).toBeGreaterThan(500);
});

it('is nothing behind the camera or far aside', () => {
  const eye = new PerspectiveCamera(FOV_DEG, widthPx / heightPx, 0.001, 2_000);
  eye.position.set(0, 0.1, 0.2);
  eye.lookAt(new Vector3());
  eye.updateMatrixWorld();
  const kmPerPixelAtOneKm = (2 * Math.tan((FOV_DEG * Math.PI) / 360)) / heightPx;
  const view: DrawView = { camera: eye, focusKm: 0.22, kmPerPixelAtOneKm, symbolPx: 11, exaggeration: 2 };
  const middle = new NearScreenPoint({ view, widthPx, heightPx }, { xPx: widthPx / 2, yPx: heightPx / 2 }, RADIUS_PX);
  expect(middle.mayShow(0, 0, 0, 20)).toBe(true);
  expect(middle.mayShow(0, 0, 5, 20)).toBe(false);
  expect(middle.mayShow(0.1, 0, 0, 20)).toBe(false);
});
