/**
 * The drawn plan of a swap station, metres, in its own frame: x along the served carriageway in driving direction, z to
 * the right of it, y up; the origin is on the middle of the road. Nominal, not surveyed.
 */
export const STATION_PLAN = {
  slabX: [-33, 33],
  slabZ: [13, 50],
  laneZ: 20,
  rackZ: 33,
  rackDepthM: 3.4,
  slotPitchM: 5.4,
  slotWidthM: 4.6,
  slotHeightM: 3,
  /** Slots beyond this go into a second row behind the first, and so on. */
  slotsPerRow: 10,
  rowPitchM: 5,
  railsZ: [15.6, 36.4],
  bridgeY: 10.4,
  mast: { x: -30, z: 15.2, heightM: 24 },
} as const;

/** Where slot `evseId` (from 1) of a rack of `slots` stands: middle of its floor. */
export function slotPosition(evseId: number, slots: number): { xM: number; zM: number } {
  const perRow = Math.min(Math.max(slots, 1), STATION_PLAN.slotsPerRow);
  const index = Math.max(evseId - 1, 0);
  const column = index % perRow;
  const row = Math.floor(index / perRow);
  return { xM: (column - (perRow - 1) / 2) * STATION_PLAN.slotPitchM, zM: STATION_PLAN.rackZ + row * STATION_PLAN.rowPitchM };
}

/** Room of a truck in the lane; of very many bays each has less. */
const BAY_LENGTH_M = 20;

/** The floor of a bay: the middle of its part of the lane, and how long that is. Bays stand one behind the other. */
export function bayPosition({ bayIds }: { bayIds: readonly string[] }, bayId: string): { xM: number; zM: number; lengthM: number } {
  const count = Math.max(bayIds.length, 1);
  const lengthM = Math.min(BAY_LENGTH_M, (STATION_PLAN.slabX[1] - STATION_PLAN.slabX[0]) / count);
  const at = Math.max(bayIds.indexOf(bayId), 0);
  return { xM: (at - (count - 1) / 2) * lengthM, zM: STATION_PLAN.laneZ, lengthM };
}

/** What a crane reports within, metres: pitch of the slots, way from rack to truck, gripper set down and drawn up. */
export const CRANE_RANGE = { pitchM: 3.2, travelYM: 6, lowZM: 0.6, highZM: 4.5 } as const;
/** Underside of the drawn gripper over a pack on the floor, and drawn up. */
const GRIPPER_Y_M = [3.05, 8.6] as const;

/** Crane as reported (from its first slot, towards the truck, above the floor) in the plan's frame. */
export function cranePosition(crane: { xM: number; yM: number; zM: number }, slots: number): { xM: number; yM: number; zM: number } {
  const perRow = Math.min(Math.max(slots, 1), STATION_PLAN.slotsPerRow);
  const first = slotPosition(1, slots);
  const columns = Math.min(Math.max(crane.xM / CRANE_RANGE.pitchM, -1), perRow);
  const across = Math.min(Math.max(crane.yM / CRANE_RANGE.travelYM, 0), 1);
  const height = Math.min(Math.max((crane.zM - CRANE_RANGE.lowZM) / (CRANE_RANGE.highZM - CRANE_RANGE.lowZM), 0), 1);
  return {
    xM: first.xM + columns * STATION_PLAN.slotPitchM,
    zM: STATION_PLAN.rackZ + (STATION_PLAN.laneZ - STATION_PLAN.rackZ) * across,
    yM: GRIPPER_Y_M[0] + height * (GRIPPER_Y_M[1] - GRIPPER_Y_M[0]),
  };
}

/** Over the rack's first slot, drawn up: where a crane is drawn of which nothing is known. */
const PARKED = { xM: 0, yM: 0, zM: 6 } as const;

/** The crane of a bay as it was last reported, in the plan's frame. */
export function craneOfBay(
  { craneXM, craneYM, craneZM }: { craneXM: number | null; craneYM: number | null; craneZM: number | null },
  slots: number,
): { xM: number; yM: number; zM: number } {
  return cranePosition({ xM: craneXM ?? PARKED.xM, yM: craneYM ?? PARKED.yM, zM: craneZM ?? PARKED.zM }, slots);
}

/** A crane of which nothing is known. */
export const parkedCrane = (slots: number): { xM: number; yM: number; zM: number } => cranePosition(PARKED, slots);

/** Where a truck of a queue stands: behind the bay, one behind the other. */
export function queuePosition(place: number): { xM: number; zM: number } {
  return { xM: -34 - place * 20, zM: 14.5 };
}

/** Where parked trucks stand: a yard beside the road, rows of eight. */
export function yardPosition(place: number): { xM: number; zM: number } {
  return { xM: ((place % 8) - 3.5) * 19, zM: 20 + Math.floor(place / 8) * 7 };
}
