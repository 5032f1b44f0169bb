import type { Interlock } from '@corridor/protocols/reason-code';
import type { BayReading } from '../ports/bay-sensors.ts';
import type { StationReading } from '../ports/station-sensors.ts';
import { GANTRY_PHASES, HANGING_PHASES } from '../procedure/interlocks.ts';
import type { ProcedureConfig } from '../procedure/procedure-config.ts';
import { MOTION_OF_PHASE, type Phase } from '../procedure/swap-record.ts';

export type InterlockReading = {
  code: Interlock | 'TRUCK_MOVED';
  /** The condition that it guards against is there now. */
  tripped: boolean;
  /** It would freeze, or freezes, what the bay does now. */
  counts: boolean;
};

/**
 * Every interlock of a bay as it is now, in the order in which the procedure asks for them: the first that is tripped and
 * counts is what holds the bay.
 * @param phase of the swap in the bay; null = none, and nothing counts
 */
export function interlockReadings(
  phase: Phase | null,
  bay: BayReading,
  station: StationReading,
  config: ProcedureConfig,
): InterlockReading[] {
  const gantry = phase !== null && GANTRY_PHASES.has(phase);
  const moves = phase !== null && (gantry || MOTION_OF_PHASE[phase] !== null || phase === 'AWAIT_SAFE');
  const hanging = phase !== null && HANGING_PHASES.has(phase);
  return [
    { code: 'INTERLOCK_ESTOP', tripped: station.emergencyStop, counts: moves },
    { code: 'INTERLOCK_FIRE', tripped: station.fire, counts: moves },
    { code: 'INTERLOCK_POWER_LOSS', tripped: station.powerLoss, counts: moves },
    { code: 'TRUCK_MOVED', tripped: phase !== null && !bay.truckDocked, counts: gantry },
    { code: 'INTERLOCK_PERSON_IN_ZONE', tripped: bay.personDetected, counts: gantry },
    // A truck that drives has its high voltage on: that is a condition only once the gantry works at it.
    { code: 'INTERLOCK_HV_NOT_OFF', tripped: gantry && !bay.hvOff, counts: gantry },
    { code: 'INTERLOCK_POSITION_SENSOR', tripped: !bay.positionSensorOk, counts: gantry },
    { code: 'INTERLOCK_WIND', tripped: station.windMps !== null && station.windMps > config.windMpsMax, counts: hanging },
  ];
}
