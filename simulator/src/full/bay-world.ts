import type { StationReading } from '@corridor/gateway/ports/station-sensors';
import type { UsableSlot } from '@corridor/gateway/procedure/pack-choice';
import type { ProcedureConfig } from '@corridor/gateway/procedure/procedure-config';
import type { ProcedureWorld } from '@corridor/gateway/procedure/procedure-effect';
import type { LiveReading } from './bay-reading.ts';

/** More than any swap has: the platform answers in no time here. */
const AUTHORISE_TIMEOUT_MS = 60_000;

/** The world of a bay, with the time of its last step. */
export type BayWorld = ProcedureWorld & { nowMs: number };

/** What the procedure of a bay sees. @param slots the rack as the step under way may use it: asked only where it looks, as few do */
export function bayWorldOf(
  station: { readonly id: string; readonly sensors: StationReading; readonly config: ProcedureConfig },
  reading: LiveReading,
  slots: () => readonly UsableSlot[],
): BayWorld {
  return {
    stationId: station.id,
    nowMs: 0,
    bay: reading,
    station: station.sensors,
    robotFrozen: false,
    get slots() {
      return slots();
    },
    config: station.config,
    authoriseTimeoutMs: AUTHORISE_TIMEOUT_MS,
    preauthorisation: () => null,
    offlineAuthorisation: () => null,
  };
}
