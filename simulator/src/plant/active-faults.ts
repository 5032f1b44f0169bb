import type { FaultKind, PlantFault, PlantState } from './plant-state.ts';

type FaultOf<K extends FaultKind> = Extract<PlantFault, { kind: K }>;

/** Faults of a kind that hold now. */
export function faultsOf<K extends FaultKind>(state: PlantState, kind: K): FaultOf<K>[] {
  return state.faults.filter((fault): fault is FaultOf<K> => fault.kind === kind && fault.untilMs > state.atMs);
}

export function isBlackedOut(state: PlantState, stationId: string): boolean {
  return faultsOf(state, 'BLACKOUT').some((fault) => fault.stationId === stationId);
}

export function isChargerDown(state: PlantState, stationId: string, evseId: number): boolean {
  return faultsOf(state, 'CHARGER_DOWN').some((fault) => fault.stationId === stationId && fault.evseId === evseId);
}

/** Limit of the grid connection in force, W. */
export function gridLimitNowW(state: PlantState, stationId: string, contractW: number): number {
  const ratios = faultsOf(state, 'GRID_LIMIT')
    .filter((fault) => fault.stationId === stationId)
    .map(({ ratio }) => ratio);
  return contractW * Math.min(1, ...ratios);
}

export function isRoadClosed(state: PlantState, chainageM: number): boolean {
  return faultsOf(state, 'ROAD_CLOSED').some(({ fromM, toM }) => chainageM >= fromM && chainageM <= toM);
}

export function isSnowing(state: PlantState, chainageM: number): boolean {
  return faultsOf(state, 'SNOW').some(({ fromM, toM }) => chainageM >= fromM && chainageM <= toM);
}

export function isBmsSilent(state: PlantState, packId: string): boolean {
  return faultsOf(state, 'SILENT_BMS').some((fault) => fault.packId === packId);
}

/** Serial number a pack shows: its own, unless two packs claim the same one. */
export function shownSerial(state: PlantState, packId: string): string {
  return faultsOf(state, 'SERIAL_CONFLICT').find((fault) => fault.packId === packId)?.shownAs ?? packId;
}

/** Chargers fail on their own: mean time between failures 2000 h, repaired in 3 h (assumptions). */
const CHARGER_MTBF_HOURS = 2000;
const CHARGER_REPAIR_MS = 3 * 3_600_000;
const HOUR_MS = 3_600_000;

/** Draws the failures of the hour that begins; called once an hour. */
export function drawChargerFailures(state: PlantState, chance: (name: string, ratio: number) => boolean): PlantFault[] {
  const hour = Math.floor(state.atMs / HOUR_MS);
  const failures: PlantFault[] = [];
  for (const station of Object.values(state.stations)) {
    for (const { evseId } of station.slots) {
      const name = `charger:${station.id}:${evseId}:${hour}`;
      if (!chance(name, 1 / CHARGER_MTBF_HOURS)) continue;
      failures.push({ kind: 'CHARGER_DOWN', id: name, stationId: station.id, evseId, untilMs: state.atMs + CHARGER_REPAIR_MS });
    }
  }
  return failures;
}
