import type { Interlock } from '@corridor/protocols/reason-code';
import type { BayReading } from '../ports/bay-sensors.ts';
import type { StationReading } from '../ports/station-sensors.ts';
import type { ProcedureConfig } from './procedure-config.ts';
import { MOTION_OF_PHASE, type Phase } from './swap-record.ts';

/** Phases in which the gantry or the locks move, so that nobody may be in the zone and the gantry must know where it is. */
export const GANTRY_PHASES: ReadonlySet<Phase> = new Set<Phase>([
  'UNLOCK',
  'LIFT',
  'MOVE_IN',
  'PLACE',
  'AWAIT_PACK',
  'PICK',
  'MOVE_OUT',
  'SEAT',
  'LOCK',
  'RESEAT_UNLOCK',
  'RESEAT_LIFT',
  'BACK_MOVE_OUT',
  'BACK_SEAT',
  'BACK_LOCK',
  'RETURN_MOVE_IN',
  'RETURN_PLACE',
  'REDO_UNLOCK',
  'REDO_LIFT',
  'REDO_MOVE_IN',
  'REDO_PLACE',
]);
/** Phases with a pack on the rope outdoors. */
export const HANGING_PHASES: ReadonlySet<Phase> = new Set<Phase>([
  'LIFT',
  'MOVE_IN',
  'PICK',
  'MOVE_OUT',
  'SEAT',
  'RESEAT_LIFT',
  'BACK_MOVE_OUT',
  'BACK_SEAT',
  'RETURN_MOVE_IN',
  'REDO_LIFT',
  'REDO_MOVE_IN',
]);

/**
 * The global interlock that freezes motion in this phase now; null = none. Emergency stop, fire and power loss always
 * count while the swap waits for a motion; the others where they can harm.
 */
export function activeInterlock(
  phase: Phase,
  bay: BayReading,
  station: StationReading,
  config: ProcedureConfig,
): Interlock | 'TRUCK_MOVED' | null {
  if (MOTION_OF_PHASE[phase] === null && !GANTRY_PHASES.has(phase) && phase !== 'AWAIT_SAFE') return null;
  if (station.emergencyStop) return 'INTERLOCK_ESTOP';
  if (station.fire) return 'INTERLOCK_FIRE';
  if (station.powerLoss) return 'INTERLOCK_POWER_LOSS';
  if (!GANTRY_PHASES.has(phase)) return null;
  if (!bay.truckDocked) return 'TRUCK_MOVED';
  if (bay.personDetected) return 'INTERLOCK_PERSON_IN_ZONE';
  if (!bay.hvOff) return 'INTERLOCK_HV_NOT_OFF';
  if (!bay.positionSensorOk) return 'INTERLOCK_POSITION_SENSOR';
  if (HANGING_PHASES.has(phase) && station.windMps !== null && station.windMps > config.windMpsMax) return 'INTERLOCK_WIND';
  return null;
}

/** Why the equipment may have frozen by itself, in a phase in which the procedure would not have asked for it. */
export function freezeCause(bay: BayReading, station: StationReading): Interlock {
  if (station.emergencyStop) return 'INTERLOCK_ESTOP';
  if (station.fire) return 'INTERLOCK_FIRE';
  if (station.powerLoss) return 'INTERLOCK_POWER_LOSS';
  return bay.personDetected ? 'INTERLOCK_PERSON_IN_ZONE' : 'INTERLOCK_POSITION_SENSOR';
}

/** What forbids to begin a swap at all (check 11 of the authorisation, as far as the station sees it). */
export function beginInterlock(bay: BayReading, station: StationReading, config: ProcedureConfig): Interlock | null {
  if (station.emergencyStop) return 'INTERLOCK_ESTOP';
  if (station.fire) return 'INTERLOCK_FIRE';
  if (station.powerLoss) return 'INTERLOCK_POWER_LOSS';
  if (!bay.positionSensorOk) return 'INTERLOCK_POSITION_SENSOR';
  if (station.windMps !== null && station.windMps > config.windMpsMax) return 'INTERLOCK_WIND';
  return null;
}

export const allLocks = (bay: BayReading, state: 'LOCKED' | 'UNLOCKED'): boolean =>
  bay.locks.l1 === state && bay.locks.l2 === state && bay.locks.l3 === state && bay.locks.l4 === state;

/** Step 3: the truck stands on its mark with the brake on. */
export const isPositioned = (bay: BayReading, config: ProcedureConfig): boolean =>
  bay.offsetM <= config.offsetMMax && bay.angleDeg <= config.angleDegMax && bay.wheelsInGuide && bay.parkBrakeOn && bay.gearNeutral;

/** Step 4: what still makes the truck unsafe to work on; null = safe. */
export function unsafeBecause(bay: BayReading, config: ProcedureConfig): Interlock | null {
  if (!bay.hvOff || bay.residualVoltageV >= config.residualVoltageVMax || bay.isolationOhmPerV < config.isolationOhmPerVMin) {
    return 'INTERLOCK_HV_NOT_OFF';
  }
  if (!bay.wheelChock || !bay.parkBrakeOn) return 'INTERLOCK_PARKING';
  if (bay.personDetected) return 'INTERLOCK_PERSON_IN_ZONE';
  return null;
}
