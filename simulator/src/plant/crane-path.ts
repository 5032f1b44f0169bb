import type { RunningMotion } from './plant-state.ts';

/** Distance between slots of the rack, of the truck from the rack, and heights, m (assumptions for the picture). */
const SLOT_PITCH_M = 3.2;
const TRUCK_Y_M = 6;
const TRAVEL_Z_M = 4.5;
const TRUCK_DECK_Z_M = 1.4;
const RACK_Z_M = 0.6;

type Point = { xM: number; yM: number; zM: number };

export const PARKED: Point = { xM: 0, yM: 0, zM: TRAVEL_Z_M };

/** Where the gripper is when a share of a motion is done: along, then across, dipping where it grips or sets down. */
export function cranePositionM(motion: RunningMotion, slots: number, doneRatio: number): Point {
  const overTruck: Point = { xM: ((slots - 1) / 2) * SLOT_PITCH_M, yM: TRUCK_Y_M, zM: TRAVEL_Z_M };
  const overSlot: Point = { xM: ((motion.evseId ?? 1) - 1) * SLOT_PITCH_M, yM: 0, zM: TRAVEL_Z_M };
  switch (motion.motion) {
    case 'LIFT':
    case 'SEAT':
      return dip(motion.from, overTruck, TRUCK_DECK_Z_M, doneRatio);
    case 'PLACE':
    case 'PICK':
      return dip(motion.from, overSlot, RACK_Z_M, doneRatio);
    case 'MOVE_IN':
      return between(motion.from, overSlot, doneRatio);
    case 'MOVE_OUT':
      return between(motion.from, overTruck, doneRatio);
    case 'RELEASE':
      return between(motion.from, PARKED, doneRatio);
    case 'POSITION':
    case 'MAKE_SAFE':
    case 'UNLOCK':
    case 'LOCK':
    case 'SELF_CHECK':
      return motion.from;
  }
}

function between(from: Point, to: Point, ratio: number): Point {
  const at = (a: number, b: number) => Math.round((a + (b - a) * ratio) * 100) / 100;
  return { xM: at(from.xM, to.xM), yM: at(from.yM, to.yM), zM: at(from.zM, to.zM) };
}

/** A third of the time to get there, a third down, a third up. */
function dip(from: Point, over: Point, lowM: number, ratio: number): Point {
  if (ratio < 1 / 3) return between(from, over, ratio * 3);
  const low = { ...over, zM: lowM };
  return ratio < 2 / 3 ? between(over, low, ratio * 3 - 1) : between(low, over, ratio * 3 - 2);
}
