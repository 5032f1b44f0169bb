import { MOTION_FAILURES, MOTIONS } from '@corridor/gateway/ports/robot';
import { IdText } from '@corridor/protocols/ids';
import { ChainageM } from '@corridor/protocols/units';
import { Type } from 'typebox';
import type { FaultKind, PlantFault } from '../plant/plant-state.ts';

/** Faults of the physical world as they are asked for; durations are scope time. */
const fault = <P extends Parameters<typeof Type.Object>[0]>(kind: FaultKind, parameters: P) =>
  Type.Object({ kind: Type.Literal(kind), ...parameters }, { additionalProperties: false });
const stationId = IdText('station');
const bayId = IdText('bay');
const packId = IdText('pack');
const stretch = { fromM: ChainageM('from'), toM: ChainageM('to') };

export const PLANT_FAULTS = {
  CHARGER_DOWN: fault('CHARGER_DOWN', { stationId, evseId: Type.Integer({ minimum: 1, maximum: 999 }) }),
  GRID_LIMIT: fault('GRID_LIMIT', { stationId, ratio: Type.Number({ minimum: 0, maximum: 1, default: 0.5 }) }),
  BLACKOUT: fault('BLACKOUT', { stationId }),
  EMERGENCY_STOP: fault('EMERGENCY_STOP', { stationId }),
  FIRE: fault('FIRE', { stationId }),
  GANTRY_FAULT: fault('GANTRY_FAULT', { bayId }),
  PERSON_IN_ZONE: fault('PERSON_IN_ZONE', { bayId }),
  POSITION_SENSOR_LOST: fault('POSITION_SENSOR_LOST', { bayId }),
  HOT_PACK: fault('HOT_PACK', { packId, tempC: Type.Number({ minimum: 40, maximum: 120, default: 58 }) }),
  SILENT_BMS: fault('SILENT_BMS', { packId }),
  SERIAL_CONFLICT: fault('SERIAL_CONFLICT', { packId, shownAs: packId }),
  BREAK_DOWN: fault('BREAK_DOWN', { truckId: IdText('truck') }),
  ROAD_CLOSED: fault('ROAD_CLOSED', stretch),
  SNOW: fault('SNOW', stretch),
  MOTION_FAILS: fault('MOTION_FAILS', {
    bayId,
    motion: Type.Union(MOTIONS.map((motion) => Type.Literal(motion))),
    failure: Type.Union(MOTION_FAILURES.map((failure) => Type.Literal(failure))),
    times: Type.Integer({ minimum: 1, maximum: 100, default: 1 }),
  }),
} as const satisfies Record<FaultKind, unknown>;

/** How long a fault lasts when nobody says so, scope ms (assumptions of the scripted faults). */
export const USUAL_DURATION_MS: Record<FaultKind, number> = {
  CHARGER_DOWN: 3 * 3_600_000,
  GRID_LIMIT: 2 * 3_600_000,
  BLACKOUT: 40 * 60_000,
  EMERGENCY_STOP: 10 * 60_000,
  FIRE: 60 * 60_000,
  GANTRY_FAULT: 40 * 60_000,
  PERSON_IN_ZONE: 3 * 60_000,
  POSITION_SENSOR_LOST: 20 * 60_000,
  HOT_PACK: 2 * 3_600_000,
  SILENT_BMS: 2 * 3_600_000,
  SERIAL_CONFLICT: 24 * 3_600_000,
  BREAK_DOWN: 2 * 3_600_000,
  ROAD_CLOSED: 4 * 3_600_000,
  SNOW: 8 * 3_600_000,
  MOTION_FAILS: 24 * 3_600_000,
};

/** What a fault concerns must be there. @returns what is missing, or null */
export function missingTarget(
  fault: PlantFault,
  known: { stations: ReadonlySet<string>; bays: ReadonlySet<string>; packs: ReadonlySet<string>; trucks: ReadonlySet<string> },
): string | null {
  if ('stationId' in fault && !known.stations.has(fault.stationId)) return `station ${fault.stationId}`;
  if ('bayId' in fault && !known.bays.has(fault.bayId)) return `bay ${fault.bayId}`;
  if ('packId' in fault && !known.packs.has(fault.packId)) return `pack ${fault.packId}`;
  if ('truckId' in fault && !known.trucks.has(fault.truckId)) return `truck ${fault.truckId}`;
  return null;
}
