import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { corridorGeometry } from '../../test/fixture-geometry.ts';
import { FIXTURE_START_MS, sceneAt } from '../../test/fixture-scene.ts';
import { SceneStore } from '../store/scene-store.ts';
import type { Selected } from '../store/selection.ts';
import { createFrameUniforms } from './frame-uniforms.ts';
import { PICK_PX, pickAt } from './picking.ts';
import { type DrawView, type Offset, worldPoint } from './placed.ts';
import { projectionAround } from './projection.ts';
import { RoadLine } from './road-line.ts';
import { framesOf, type StationFrame } from './station-frames.ts';
import { craneOfBay, STATION_PLAN, slotPosition } from './station-plan.ts';
import { createSymbolMaterial, emptyPalette } from './symbol-material.ts';
import { TruckLayer } from './truck-layer.ts';

const [widthPx, heightPx] = [1_200, 800];
const projection = projectionAround(38.5, 115.2);
const road = new RoadLine(corridorGeometry().road, projection);

/** The fixture's scene as it is drawn one minute after it began. */
function drawnScene(): { store: SceneStore; trucks: TruckLayer; frames: ReturnType<typeof framesOf> } {
  const store = new SceneStore();
  const frame = createFrameUniforms();
  const trucks = new TruckLayer({ material: createSymbolMaterial({ frame, palette: emptyPalette() }) }, road, projection, frame.uDrawnS);
  let frames = new Map() as ReturnType<typeof framesOf>;
  store.onChange((change) => {
    frames = framesOf(store.records, road);
    trucks.update(change, store.records, frames, FIXTURE_START_MS);
  });
  for (let atMs = FIXTURE_START_MS; atMs <= FIXTURE_START_MS + 60_000; atMs += 10_000) {
    store.apply({ type: 'snapshot', seq: 1, scene: sceneAt(atMs, 1) });
    trucks.advance(atMs, 10, true);
  }
  return { store, trucks, frames };
}

describe('what is under the pointer', () => {
  const { store, trucks, frames } = drawnScene();
  const point = { position: new Vector3(), scale: 1 };
  const viewFrom = (x: number, y: number, z: number, target: Vector3): DrawView => {
    const camera = new PerspectiveCamera(32, widthPx / heightPx, 0.01, 2_000);
    camera.position.set(x, y, z);
    camera.lookAt(target);
    camera.updateMatrixWorld();
    const focusKm = camera.position.distanceTo(target);
    const kmPerPixelAtOneKm = (2 * Math.tan((16 * Math.PI) / 180)) / heightPx;
    return { camera, focusKm, kmPerPixelAtOneKm, symbolPx: 11, exaggeration: 2 };
  };

  it('is found for every truck in the picture, also a queueing or parked one, from near and from afar', () => {
    let asked = 0;
    for (const { xKm, altKm, zKm } of trucks.drawn) {
      const target = new Vector3(xKm, altKm * 2, zKm);
      for (const [dx, dy, dz] of [
        [0.1, 0.15, 0.2],
        [-3, 4, 2],
        [20, 300, 250],
      ] as const) {
        const view = viewFrom(xKm + dx, altKm * 2 + dy, zKm + dz, target);
        for (const truck of trucks.drawn) {
          worldPoint(truck, truck.offset, view, point);
          const { x, y, z } = point.position.project(view.camera);
          if (z > 1 || Math.abs(x) > 1 || Math.abs(y) > 1) continue;
          asked++;
          const scene = { camera: view.camera, widthPx, heightPx, view, trucks, frames, records: store.records };
          const found = pickAt(scene, (x * 0.5 + 0.5) * widthPx, (0.5 - y * 0.5) * heightPx, PICK_PX.mouse);
          expect(found).not.toBe(null);
          if (dy < 1) expect(found?.kind).not.toBe('station');
        }
      }
    }
    expect(asked).toBeGreaterThan(trucks.drawn.length * 3);
  });

  it('is a bay where one points at its crane or its empty floor, the truck that stands there, a slot, and the station beside them', () => {
    const frameOf = (id: string): StationFrame => {
      const frame = frames.get(id);
      if (frame === undefined) throw new Error(`no station ${id}`);
      return frame;
    };
    const pickedAt = (stationId: string, offset: Offset): Selected | null => {
      const frame = frameOf(stationId);
      // From over the road, a little from the side.
      const [cos, sin] = [Math.cos(frame.yawRad), Math.sin(frame.yawRad)];
      const [aheadKm, asideKm] = [0.03, -0.08];
      const target = new Vector3(frame.xKm + sin * 0.025, frame.altKm * 2, frame.zKm + cos * 0.025);
      const [x0, z0] = [frame.xKm + cos * aheadKm + sin * asideKm, frame.zKm + cos * asideKm - sin * aheadKm];
      const view = viewFrom(x0, frame.altKm * 2 + 0.13, z0, target);
      worldPoint(frame, offset, view, point);
      const { x, y } = point.position.project(view.camera);
      const scene = { camera: view.camera, widthPx, heightPx, view, trucks, frames, records: store.records };
      return pickAt(scene, (x * 0.5 + 0.5) * widthPx, (0.5 - y * 0.5) * heightPx, PICK_PX.mouse);
    };
    const { railsZ, bridgeY, laneZ } = STATION_PLAN;
    const craneOf = (stationId: string): { xM: number; zM: number } => {
      const bay = store.records.stations.get(stationId)?.bays[0];
      if (bay === undefined) throw new Error(`no bay at ${stationId}`);
      return craneOfBay(bay, frameOf(stationId).slots);
    };
    expect(pickedAt('HH1', { xM: 3, yM: 0, zM: laneZ })).toEqual({ kind: 'bay', id: 'HH1-B1' });
    expect(pickedAt('HH1', { xM: craneOf('HH1').xM, yM: bridgeY, zM: railsZ[1] })).toEqual({ kind: 'bay', id: 'HH1-B1' });
    expect(pickedAt('FP1', { xM: craneOf('FP1').xM, yM: bridgeY, zM: railsZ[0] })).toEqual({ kind: 'bay', id: 'FP1-B1' });
    const served = trucks.get('T019');
    if (served === undefined) throw new Error('no truck in the bay of FP1');
    expect(pickedAt('FP1', served.offset)).toEqual({ kind: 'truck', id: 'T019' });
    expect(pickedAt('HH1', { ...slotPosition(5, frameOf('HH1').slots), yM: 1 })).toEqual({ kind: 'slot', id: 'HH1-5' });
    expect(pickedAt('HH1', { xM: 12, yM: 0, zM: 26 })).toEqual({ kind: 'station', id: 'HH1' });
  });

  it('is no bay from afar, where it is smaller than a pointer', () => {
    for (const frame of frames.values()) {
      const view = viewFrom(frame.xKm, frame.altKm * 2 + 30, frame.zKm + 20, new Vector3(frame.xKm, frame.altKm * 2, frame.zKm));
      worldPoint(frame, { xM: 0, yM: 0, zM: STATION_PLAN.laneZ }, view, point);
      const { x, y } = point.position.project(view.camera);
      const scene = { camera: view.camera, widthPx, heightPx, view, trucks, frames, records: store.records };
      expect(pickAt(scene, (x * 0.5 + 0.5) * widthPx, (0.5 - y * 0.5) * heightPx, PICK_PX.mouse)?.kind).not.toBe('bay');
    }
  });

  it('is nothing beside the road', () => {
    const [truck] = trucks.drawn;
    if (truck === undefined) throw new Error('no trucks');
    const at = new Vector3(truck.xKm, truck.altKm * 2, truck.zKm);
    const view = viewFrom(at.x, at.y + 0.3, at.z + 0.01, at);
    const scene = { camera: view.camera, widthPx, heightPx, view, trucks, frames: new Map(), records: store.records };
    expect(pickAt(scene, 20, 20, PICK_PX.mouse)).toBe(null);
  });

  it('counts those that wait or need a person once, as long as they do', () => {
    const isMarked = (id: string): boolean => [...trucks.marked].some((truck) => truck.id === id);
    expect([isMarked('T042'), isMarked('T008'), isMarked('T001')]).toEqual([true, true, false]);
  });
});
