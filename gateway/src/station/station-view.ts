import type { StationTelemetry } from '@corridor/protocols/tele/station';
import { isIssuable, type UsableSlot } from '../procedure/pack-choice.ts';
import type { BayController } from './bay-controller.ts';
import { type StationCore, usableSlots } from './station-core.ts';

/** A swap and the way in and out take this long [scope ms]; the base of the wait a station predicts. */
const SWAP_MS = 300_000;

const isBayUsable = (bay: BayController): boolean => bay.record === null || (bay.record.held === null && bay.record.phase !== 'BLOCKED');

function stateOf(core: StationCore, bays: readonly BayController[]): StationTelemetry['data']['state'] {
  const { emergencyStop, fire, powerLoss } = core.equipment.sensors.read();
  if (emergencyStop) return 'ESTOP';
  if (fire || powerLoss || !bays.some(isBayUsable)) return 'INOPERATIVE';
  return core.faults.open.some(({ level }) => level >= 2) ? 'DEGRADED' : 'OPERATIVE';
}

/** Minutes until the first pack is full enough, by what its charger gives now; null when none charges. */
function nextReadyMs(slots: readonly UsableSlot[], targetSocPercent: number): number | null {
  const waitsMs = slots.flatMap(({ pack, powerW }) => {
    if (pack?.socPercent == null || pack.energyWh === null || powerW <= 0 || pack.socPercent <= 0) return [];
    const missingWh = (pack.energyWh / pack.socPercent) * (targetSocPercent - pack.socPercent);
    return missingWh > 0 ? [(missingWh / powerW) * 3_600_000] : [];
  });
  return waitsMs.length === 0 ? null : Math.min(...waitsMs);
}

/** `tele.station` as of now. */
export function stationTelemetry(core: StationCore, bays: readonly BayController[], commsRttMs: number | null): StationTelemetry['data'] {
  const { sensors, meters } = core.equipment;
  const { queueLength, ambientC, windMps } = sensors.read();
  const { gridPowerW, gridLimitW, pv, auxPowerW } = meters.read();
  const slots = usableSlots(core, new Set(bays.flatMap((bay) => bay.reservedEvseIds)));
  const config = core.procedureConfig();
  const readyPacks = slots.filter((slot) => isIssuable(slot, config) && !slot.promised).length;
  const swaps = bays.flatMap(({ record }) => (record === null || record.ended !== null ? [] : [record]));
  const ahead = queueLength + swaps.length;
  // A swap that has its pack takes none of the ready ones. Who of the queue has one promised the station cannot tell: nobody, then.
  const missing = queueLength + swaps.filter(({ issueEvseId }) => issueEvseId === null).length + 1 - readyPacks;
  const packWaitMs = missing > 0 ? (nextReadyMs(slots, config.targetSocPercent) ?? 3_600_000) * missing : 0;
  return {
    stationId: core.station.id,
    state: stateOf(core, bays),
    readyPacks,
    chargingPacks: slots.filter(({ chargingState }) => chargingState === 'CHARGING').length,
    emptySlots: slots.filter(({ pack }) => pack === null).length,
    queueLength,
    estWaitMs: Math.round(Math.min(Math.max((ahead * SWAP_MS) / Math.max(1, bays.length), packWaitMs), 86_400_000)),
    gridPowerW,
    gridLimitW: Math.min(gridLimitW, core.config.values.gridLimitW),
    pvPowerW: pv?.powerW ?? 0,
    auxPowerW,
    activeTariffPeriod: null,
    ambientC,
    windMps,
    commsRttMs,
  };
}
