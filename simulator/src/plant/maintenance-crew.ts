import type { OutOfUse } from '@corridor/gateway/ports/local-panel';
import { faultsOf } from './active-faults.ts';
import type { PlantFact, PlantPack, PlantState, PlantStation } from './plant-state.ts';
import type { World } from './world.ts';

/** From the alarm until the crew stands at the rack, and at work there: medians of log-normal times (assumptions, docs/domain/physics.md). */
const TRAVEL_MEDIAN_MS = 45 * 60_000;
const TRAVEL_SIGMA = 0.5;
const REPAIR_SIGMA = 0.4;
const REPAIR_MEDIAN_MS: Readonly<Record<string, number>> = {
  NO_HANDSHAKE: 20 * 60_000,
  BATTERY_UNKNOWN: 30 * 60_000,
  PACK_HOT: 60 * 60_000,
  SMOKE: 120 * 60_000,
  SELF_CHECK_FAILED: 90 * 60_000,
};
const OTHER_REPAIR_MEDIAN_MS = 40 * 60_000;
/** What is not gone yet is looked at again after this; so is a confirmation that nobody took. */
const LOOK_AGAIN_MS = 30 * 60_000;
/** Cells as warm as this are let cool down before the slot goes back into use, °C. */
const COOL_TEMP_C = 45;

/** The panel lists what is out of use: the crew of the station is called for what is new, and done with what is listed no more. */
export function callCrew(state: PlantState, world: World, station: PlantStation, outOfUse: readonly OutOfUse[]): void {
  const known = station.repairs.filter((repair) => outOfUse.some(({ evseId }) => evseId === repair.evseId));
  const repairs = [...known];
  for (const { evseId, reasonCode } of outOfUse) {
    if (known.some((repair) => repair.evseId === evseId)) continue;
    const prng = world.prng.fork(`crew:${station.id}:${evseId}:${state.atMs}`);
    const travelMs = prng.logNormal(TRAVEL_MEDIAN_MS, TRAVEL_SIGMA);
    const workMs = prng.logNormal(REPAIR_MEDIAN_MS[reasonCode] ?? OTHER_REPAIR_MEDIAN_MS, REPAIR_SIGMA);
    // One crew, one thing at a time: whoever is there already goes from one slot to the next.
    const beganMs = repairs.length === 0 ? state.atMs + travelMs : Math.max(state.atMs, ...repairs.map(({ dueAtMs }) => dueAtMs));
    repairs.push({ evseId, reasonCode, dueAtMs: Math.round(beganMs + workMs) });
  }
  station.repairs = repairs;
}

/** Work that is done is confirmed at the station's panel: nobody else may put a slot back into use. */
export function stepCrew(state: PlantState, station: PlantStation, facts: PlantFact[]): void {
  for (const repair of station.repairs) {
    if (repair.dueAtMs > state.atMs) continue;
    repair.dueAtMs = state.atMs + LOOK_AGAIN_MS;
    const packId = station.slots.find(({ evseId }) => evseId === repair.evseId)?.packId ?? null;
    const pack = packId === null ? undefined : state.packs[packId];
    if (pack && isHot(state, pack)) continue;
    if (pack) restore(state, pack);
    facts.push({ kind: 'SLOT_REPAIRED', stationId: station.id, evseId: repair.evseId });
  }
}

const isHot = (state: PlantState, { id, tempC }: PlantPack) =>
  tempC > COOL_TEMP_C || faultsOf(state, 'HOT_PACK').some(({ packId }) => packId === id);

/** A silent BMS is started again, a wrong serial number set right. */
function restore(state: PlantState, { id }: PlantPack): void {
  state.faults = state.faults.filter(
    (fault) => !((fault.kind === 'SILENT_BMS' || fault.kind === 'SERIAL_CONFLICT') && fault.packId === id),
  );
}
