import { slotIdOf } from '@corridor/protocols/ids';
import type { BayTelemetry } from '@corridor/protocols/tele/bay';
import type { PackReading } from '@corridor/protocols/tele/packs';
import type { SlotReading } from '@corridor/protocols/tele/slots';
import type { RackSlot } from '../ports/rack.ts';
import { STATE_OF_PHASE } from '../procedure/swap-record.ts';
import type { BayController } from '../station/bay-controller.ts';
import { isOutOfUse, type StationCore } from '../station/station-core.ts';

/** One slot as `tele.slots` has it. */
export function slotReading(core: StationCore, slot: RackSlot): SlotReading {
  const outOfUse = isOutOfUse(core, slot.evseId) || slot.locked;
  return {
    evseId: slot.evseId,
    slotState: outOfUse ? 'UNAVAILABLE' : slot.pack ? 'HOLDS_PACK' : 'EMPTY',
    packId: slot.pack && slot.pack.packId !== '' ? slot.pack.packId : null,
    chargingState: slot.chargingState,
    setpointW: slot.setpointW,
    powerW: slot.powerW,
    voltageV: slot.voltageV,
    currentA: slot.currentA,
    meterWh: Math.floor(slot.meterWh),
    plugTempC: slot.plugTempC,
    smoke: slot.smoke,
    doorOpen: slot.doorOpen,
  };
}

/** Packs with a readable serial number, each with its place; `active` = power flows. */
export function packReadings(core: StationCore): { active: PackReading[]; idle: PackReading[] } {
  const active: PackReading[] = [];
  const idle: PackReading[] = [];
  for (const slot of core.equipment.rack.slots()) {
    if (!slot.pack || slot.pack.packId === '') continue;
    const reading: PackReading = { ...slot.pack, location: { kind: 'SLOT', id: slotIdOf(core.station.id, slot.evseId) } };
    (slot.powerW !== 0 ? active : idle).push(reading);
  }
  return { active, idle };
}

function bayState(bay: BayController, truckDocked: boolean): BayTelemetry['data']['bayState'] {
  const { record } = bay;
  if (record === null) return truckDocked ? 'OCCUPIED' : 'FREE';
  if (record.phase === 'BLOCKED') return record.ended === 'failed' ? 'FAULT' : 'BLOCKED';
  if (record.held !== null) return record.held.cause === 'OPERATOR' ? 'FAULT' : 'BLOCKED';
  return record.authorisedAtMs === null || record.phase === 'LEAVING' || record.phase === 'FREE_TRUCK' ? 'OCCUPIED' : 'SWAPPING';
}

function stepOf(bay: BayController): BayTelemetry['data']['step'] {
  const { record } = bay;
  if (record === null) return null;
  if (record.held !== null) return 'SUSPENDED';
  if (record.phase === 'FREE_TRUCK' || record.phase === 'LEAVING') return record.ended === 'completed' ? 'COMPLETED' : 'ABORTED_SAFE';
  return STATE_OF_PHASE[record.phase];
}

/** `tele.bay` of one bay. */
export function bayReading(core: StationCore, bay: BayController): BayTelemetry['data'] {
  const sensors = bay.bay.sensors.read();
  return {
    stationId: core.station.id,
    bayId: bay.bay.bayId,
    bayState: bayState(bay, sensors.truckDocked),
    truckId: bay.record?.identity?.truckId ?? bay.record?.authorisation?.truckId ?? null,
    step: stepOf(bay),
    craneXM: sensors.craneXM,
    craneYM: sensors.craneYM,
    craneZM: sensors.craneZM,
    loadKg: Math.max(0, sensors.loadKg),
    lockSensors: sensors.locks,
    hvOff: sensors.hvOff,
    wheelChock: sensors.wheelChock,
    personDetected: sensors.personDetected,
  };
}
