import type { DIRECTIONS } from '@corridor/protocols/tele/truck';

/** WEST drives with growing chainage (port to Yuanping), EAST against it. */
export type Direction = (typeof DIRECTIONS)[number];

export const signOf = (direction: Direction): 1 | -1 => (direction === 'WEST' ? 1 : -1);
export const opposite = (direction: Direction): Direction => (direction === 'WEST' ? 'EAST' : 'WEST');
