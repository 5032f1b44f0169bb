import type { InstancedBufferGeometry } from 'three';
import { PartGeometryBuilder } from './part-geometry.ts';

/** Where the pack stands on the truck, metres ahead of the truck's middle: behind the cab. */
export const PACK_ON_TRUCK_X_M = 4.4;

/** So many boxes of the body, the first ones, are what is seen of it from afar: cab and trailer. */
export const TRUCK_BOXES_AFAR = 2;

/**
 * Tractor with a high cab and a tipping trailer, 17 m long, its middle at the origin, driving towards +x. From afar the
 * whole body takes the colour of the pack's charge.
 */
export function truckBodyGeometry(): InstancedBufferGeometry {
  return new PartGeometryBuilder()
    .box({ x: [5.9, 8.4], y: [0.9, 3.7], z: [-1.25, 1.25], part: 'farTint', taperX: 0.12, taperZ: 0.08 })
    .box({ x: [-8.4, 2.8], y: [1.15, 2.9], z: [-1.25, 1.25], part: 'farTint' })
    .box({ x: [8.2, 8.5], y: [2.1, 3.2], z: [-1.1, 1.1], part: 'glass' })
    .box({ x: [5.9, 8.55], y: [0.45, 0.95], z: [-1.25, 1.25], part: 'dark' })
    .box({ x: [-8.4, 5.9], y: [0.75, 1.15], z: [-0.9, 0.9], part: 'dark' })
    .box({ x: [-8.1, 2.5], y: [2.9, 2.92], z: [-1.05, 1.05], part: 'dark' })
    .box({ x: [6.4, 7.5], y: [0, 1], z: [-1.22, 1.22], part: 'glass' })
    .box({ x: [2.2, 5.2], y: [0, 1], z: [-1.22, 1.22], part: 'glass' })
    .box({ x: [-7.9, -3.9], y: [0, 1], z: [-1.22, 1.22], part: 'glass' })
    .build();
}

/** The pack behind the cab, coloured by its charge. */
export function truckPackGeometry(): InstancedBufferGeometry {
  return new PartGeometryBuilder()
    .box({ x: [3.2, 5.7], y: [1.15, 3.65], z: [-1.22, 1.22], part: 'tint' })
    .box({ x: [3.1, 5.8], y: [3.65, 3.75], z: [-1.25, 1.25], part: 'light' })
    .build();
}

/** Heap of ore or coal over the trailer's rim; its height is the instance's y scale. */
export function truckLoadGeometry(): InstancedBufferGeometry {
  return new PartGeometryBuilder().box({ x: [-8, 2.4], y: [0, 1], z: [-1.1, 1.1], part: 'load', taperX: 1.6, taperZ: 0.75 }).build();
}

/** Height of the trailer's rim, where the heap begins. */
export const LOAD_BASE_Y_M = 2.9;
