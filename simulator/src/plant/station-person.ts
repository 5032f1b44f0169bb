import { socPercentOf } from './pack-physics.ts';
import { moveOntoTruck, moveToGantry, moveToSlot } from './pack-place.ts';
import type { PlantBay, PlantFact, PlantState, PlantStation } from './plant-state.ts';
import type { World } from './world.ts';

/** How long the person on the spot takes, median (assumptions). */
const REACTION_MS = { CONFIRM_RESUME: 3 * 60_000, CONFIRM_IDENTITY: 90_000, CLEAR_BAY: 40 * 60_000 };

/** The panel asked for a person: decides when one has acted. */
export function callPerson(state: PlantState, world: World, bay: PlantBay): void {
  if (bay.prompt === null) {
    bay.actAtMs = null;
    return;
  }
  const prng = world.prng.fork(`person:${bay.id}:${state.atMs}`);
  bay.actAtMs = state.atMs + Math.round(prng.logNormal(REACTION_MS[bay.prompt.kind], 0.4));
}

/** The person acts when the time has come and the cause is gone; a bay is cleared by hand. */
export function stepPerson({
  state,
  station,
  bay,
  facts,
}: {
  state: PlantState;
  station: PlantStation;
  bay: PlantBay;
  facts: PlantFact[];
}): void {
  const prompt = bay.prompt;
  if (!prompt || bay.actAtMs === null || state.atMs < bay.actAtMs) return;
  const frozen = station.emergencyStop || station.fire || station.dark || bay.personDetected || !bay.positionSensorOk;
  if (frozen || bay.gantryFaultUntilMs > state.atMs) return;
  bay.actAtMs = null;
  if (prompt.kind === 'CLEAR_BAY') clearBay(state, station, bay, facts);
  facts.push({ kind: 'PERSON_ACTED', stationId: station.id, bayId: bay.id, prompt, truckId: bay.truckId });
}

/** With a mobile crane: what hangs goes onto the truck or into a free slot; no truck stays without a pack. */
function clearBay(state: PlantState, station: PlantStation, bay: PlantBay, facts: PlantFact[]): void {
  if (bay.motion) {
    const { motionId, startedAtMs } = bay.motion;
    const result = { ok: false, durationMs: state.atMs - startedAtMs, reason: 'GANTRY_FAULT', pack: null } as const;
    bay.motion = null;
    bay.finished.push({ motionId, result });
    facts.push({ kind: 'MOTION_ENDED', stationId: station.id, bayId: bay.id, motionId, result });
  }
  const truck = bay.truckId === null ? undefined : state.trucks[bay.truckId];
  if (bay.grippedPackId !== null) {
    const free = station.slots.find(({ packId }) => packId === null);
    if (truck && truck.packId === null) moveOntoTruck(state, station, bay);
    else if (free) moveToSlot(state, station, bay, free.evseId);
  }
  if (truck && truck.packId === null) {
    const best = bestPackId(state, station);
    if (best !== null) {
      moveToGantry(state, station, bay, best);
      moveOntoTruck(state, station, bay);
    }
  }
  bay.locks = ['LOCKED', 'LOCKED', 'LOCKED', 'LOCKED'];
  bay.seatSensors = truck?.packId ? 4 : 0;
  bay.chocked = false;
  bay.hvOff = false;
  bay.released = truck !== undefined && truck.packId !== null;
}

function bestPackId(state: PlantState, station: PlantStation): string | null {
  const packs = station.slots.flatMap(({ packId }) => (packId !== null && state.packs[packId] ? [state.packs[packId]] : []));
  packs.sort((one, other) => socPercentOf(other) - socPercentOf(one));
  return packs[0]?.id ?? null;
}
