import type { InstancedBufferGeometry } from 'three';
import { PartGeometryBuilder } from './part-geometry.ts';
import { STATION_PLAN } from './station-plan.ts';

const { slabX, slabZ, laneZ, railsZ, bridgeY, mast } = STATION_PLAN;

/** Everything of a station that does not move: slab, lane, rails, entrance canopy, PV roof over the power cabinets, mast. */
export function stationBaseGeometry(): InstancedBufferGeometry {
  const builder = new PartGeometryBuilder()
    .box({ x: slabX, y: [-0.6, 0.25], z: slabZ, part: 'ground', taperX: 0.4, taperZ: 0.4 })
    .box({ x: [slabX[0] + 1, slabX[1] - 1], y: [0.25, 0.32], z: [laneZ - 2.3, laneZ - 2.05], part: 'mark' })
    .box({ x: [slabX[0] + 1, slabX[1] - 1], y: [0.25, 0.32], z: [laneZ + 2.05, laneZ + 2.3], part: 'mark' });
  for (const z of railsZ) builder.box({ x: [-29, 29], y: [0.25, 0.6], z: [z - 0.3, z + 0.3], part: 'steel' });
  // Entrance and exit portals over the lane.
  for (const x of [-27.5, 27.5]) {
    builder
      .box({ x: [x - 0.4, x + 0.4], y: [0, 6.6], z: [laneZ - 3.9, laneZ - 3.3], part: 'steel' })
      .box({ x: [x - 0.4, x + 0.4], y: [0, 6.6], z: [laneZ + 3.3, laneZ + 3.9], part: 'steel' })
      .box({ x: [x - 3.2, x + 3.2], y: [6.4, 7], z: [laneZ - 4.6, laneZ + 4.6], part: 'light' });
  }
  // Power cabinets under the PV roof behind the rack.
  for (const x of [-20, -7, 6, 19]) builder.box({ x: [x - 4.5, x + 4.5], y: [0.25, 3.1], z: [42.5, 45.5], part: 'body' });
  builder
    .box({ x: [mast.x - 0.3, mast.x + 0.3], y: [0, mast.heightM], z: [mast.z - 0.3, mast.z + 0.3], part: 'steel' })
    .box({ x: [slabX[0] + 2, slabX[0] + 10], y: [0.25, 4.2], z: [38, 46], part: 'light' })
    .box({ x: [slabX[0] + 1.6, slabX[0] + 10.4], y: [4.2, 4.7], z: [37.6, 46.4], part: 'steel' });
  return builder.build();
}

/** The PV roof: eight tables tilted to the sun, seen from afar as the station's dark back. */
export function stationRoofGeometry(): InstancedBufferGeometry {
  const builder = new PartGeometryBuilder();
  const tables = 8;
  const widthM = 5.4;
  for (let i = 0; i < tables; i++) {
    const x0 = -22 + i * (widthM + 0.35);
    const x1 = x0 + widthM;
    builder.quad(
      [
        [x0, 7.4, 40.2],
        [x0, 4.9, 49.2],
        [x1, 4.9, 49.2],
        [x1, 7.4, 40.2],
      ],
      'panel',
    );
    builder.quad(
      [
        [x0, 7.2, 40.2],
        [x1, 7.2, 40.2],
        [x1, 4.7, 49.2],
        [x0, 4.7, 49.2],
      ],
      'steel',
    );
  }
  for (const x of [-21.5, -7, 7.5, 22]) {
    builder
      .box({ x: [x - 0.2, x + 0.2], y: [0, 7.2], z: [40.4, 40.8], part: 'steel' })
      .box({ x: [x - 0.2, x + 0.2], y: [0, 4.8], z: [48.6, 49], part: 'steel' });
  }
  return builder.build();
}

/** Flag of the mast in the colour of the station's state. */
export function stationFlagGeometry(): InstancedBufferGeometry {
  const top = mast.heightM;
  return new PartGeometryBuilder()
    .box({ x: [mast.x + 0.3, mast.x + 9.8], y: [top - 5.4, top], z: [mast.z - 0.25, mast.z + 0.25], part: 'glow' })
    .build();
}

/** One place of the rack: a frame that stays visible when it is empty. Its floor's middle is the origin. */
export function slotFrameGeometry(): InstancedBufferGeometry {
  const w = STATION_PLAN.slotWidthM / 2;
  const d = STATION_PLAN.rackDepthM / 2;
  const h = STATION_PLAN.slotHeightM;
  const builder = new PartGeometryBuilder()
    .box({ x: [-w, w], y: [0.25, 0.55], z: [-d, d], part: 'dark' })
    .box({ x: [-w, w], y: [0.55, h + 0.5], z: [d - 0.15, d + 0.15], part: 'steel' });
  for (const x of [-w, w - 0.22]) {
    for (const z of [-d, d - 0.22]) builder.box({ x: [x, x + 0.22], y: [0.25, h + 0.7], z: [z, z + 0.22], part: 'steel' });
  }
  return builder.build();
}

/** A pack standing in the rack or hanging from the crane. */
export function packGeometry(): InstancedBufferGeometry {
  return new PartGeometryBuilder()
    .box({ x: [-1.9, 1.9], y: [0.6, 3], z: [-1.35, 1.35], part: 'tint' })
    .box({ x: [-1.95, 1.95], y: [0.55, 0.75], z: [-1.4, 1.4], part: 'dark' })
    .build();
}

/** The gantry that runs along the rails: two legs and a bridge across rack and lane. */
export function gantryGeometry(): InstancedBufferGeometry {
  const [front, back] = railsZ;
  return new PartGeometryBuilder()
    .box({ x: [-1.6, 1.6], y: [bridgeY, bridgeY + 1.2], z: [front - 0.7, back + 0.7], part: 'light' })
    .box({ x: [-1.6, -0.9], y: [0.5, bridgeY], z: [front - 0.4, front + 0.4], part: 'light' })
    .box({ x: [0.9, 1.6], y: [0.5, bridgeY], z: [front - 0.4, front + 0.4], part: 'light' })
    .box({ x: [-1.6, -0.9], y: [0.5, bridgeY], z: [back - 0.4, back + 0.4], part: 'light' })
    .box({ x: [0.9, 1.6], y: [0.5, bridgeY], z: [back - 0.4, back + 0.4], part: 'light' })
    .build();
}

/** Trolley on the bridge; its middle at the origin, on top of the bridge. */
export function trolleyGeometry(): InstancedBufferGeometry {
  return new PartGeometryBuilder().box({ x: [-1.9, 1.9], y: [0, 1.1], z: [-1.2, 1.2], part: 'dark' }).build();
}

/** Rope between trolley and gripper: 1 m, stretched by the instance's y scale. */
export function ropeGeometry(): InstancedBufferGeometry {
  return new PartGeometryBuilder()
    .box({ x: [-1.2, -1.05], y: [0, 1], z: [-0.08, 0.08], part: 'steel' })
    .box({ x: [1.05, 1.2], y: [0, 1], z: [-0.08, 0.08], part: 'steel' })
    .build();
}

/** Gripper; its underside holds a pack. */
export function gripperGeometry(): InstancedBufferGeometry {
  return new PartGeometryBuilder().box({ x: [-1.9, 1.9], y: [0, 0.5], z: [-1.3, 1.3], part: 'steel' }).build();
}
