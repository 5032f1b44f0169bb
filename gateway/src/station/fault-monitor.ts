import { slotIdOf } from '@corridor/protocols/ids';
import type { FaultNotice } from '../procedure/procedure-effect.ts';
import type { StationCore } from './station-core.ts';

/** Faults that follow from what the sensors say, and are cleared when they stop saying it. */
const MONITORED = ['ESTOP', 'FIRE', 'BLACKOUT', 'GRID_LIMIT', 'CHARGER_DOWN', 'SLOT_SMOKE'] as const;
const MONITORED_CODES: ReadonlySet<string> = new Set(MONITORED);
/** A limit below this part of the contract is worth an alarm. */
const GRID_LIMIT_NOTICE_RATIO = 0.95;

function conditions(core: StationCore): FaultNotice[] {
  const { sensors, rack, meters } = core.equipment;
  const { emergencyStop, fire, powerLoss } = sensors.read();
  const stationId = core.station.id;
  const found: FaultNotice[] = [];
  const add = (code: (typeof MONITORED)[number], level: 1 | 2 | 3, detail: string, evseId: number | null = null) =>
    found.push({
      code,
      level,
      scope: evseId === null ? 'station' : 'slot',
      scopeId: evseId === null ? stationId : slotIdOf(stationId, evseId),
      detail,
    });
  if (emergencyStop) add('ESTOP', 3, 'emergency stop pressed');
  if (fire) add('FIRE', 3, 'fire or smoke at the station');
  if (powerLoss) add('BLACKOUT', 3, 'mains lost, control on its UPS');
  const { gridLimitW } = meters.read();
  if (!powerLoss && gridLimitW < core.station.gridLimitW * GRID_LIMIT_NOTICE_RATIO) add('GRID_LIMIT', 1, 'the grid limits the connection');
  for (const slot of rack.slots()) {
    if (!powerLoss && (slot.availablePowerW <= 0 || slot.chargingState === 'FAULT'))
      add('CHARGER_DOWN', 2, 'charger gives no power', slot.evseId);
    if (slot.smoke) add('SLOT_SMOKE', 3, 'smoke in the slot', slot.evseId);
  }
  return found;
}

/** Raises and clears what the sensors say; writes nothing while nothing changed. */
export function monitorFaults(core: StationCore): void {
  const found = conditions(core);
  if (!core.faults.differsFrom(found, MONITORED_CODES)) return;
  try {
    core.journal.transaction((tx) => core.faults.reconcile(tx, found, MONITORED_CODES, core.equipment.clock.nowMs()));
  } catch (cause) {
    core.fatal(cause);
  }
}
