import { acceptedPowerW, CHARGER_EFFICIENCY_RATIO, PACK_CHARGE_EFFICIENCY_RATIO } from '@corridor/actors/pack/charge-curve';
import type { BmsReading } from '../ports/bms.ts';
import type { MetersReading } from '../ports/meters.ts';
import type { RackSlot } from '../ports/rack.ts';
import type { DryRunPack, DryRunSlot, DryRunState } from './dry-run-state.ts';

/** Integration step of charging [ms]. */
const STEP_MS = 10_000;
const PACK_VOLTAGE_V = 618;
const AUX_POWER_W = 15_000;

export function bmsReadingOf(pack: DryRunPack, powerW: number): BmsReading {
  const silent = !pack.bmsAnswers;
  return {
    packId: silent ? '' : pack.packId,
    typeCode: pack.typeCode,
    socPercent: silent ? null : pack.socPercent,
    sohPercent: silent ? null : pack.sohPercent,
    energyWh: silent ? null : Math.round((pack.socPercent / 100) * (pack.sohPercent / 100) * pack.nominalWh),
    voltageV: silent ? null : PACK_VOLTAGE_V,
    currentA: silent ? null : powerW / PACK_VOLTAGE_V,
    powerW: silent ? null : powerW,
    cellVmaxV: silent ? null : 3.33,
    cellVminV: silent ? null : 3.31,
    cellTmaxC: silent ? null : pack.cellTmaxC,
    cellTminC: silent ? null : pack.cellTmaxC - 3,
    insulationOhm: silent ? null : 2_000_000,
    contactor: powerW > 0 ? 'CLOSED' : 'OPEN',
    cycles: pack.throughputWh / pack.nominalWh,
    throughputWh: Math.round(pack.throughputWh),
    faultCodes: pack.faultCodes,
  };
}

/** Power into the pack of a slot now [W]. */
export function slotPowerW(slot: DryRunSlot, powerLoss: boolean): number {
  const { pack } = slot;
  if (!pack || powerLoss || slot.setpointW <= 0 || pack.socPercent >= slot.untilSocPercent) return 0;
  return acceptedPowerW({
    socPercent: pack.socPercent,
    capacityWh: pack.nominalWh * (pack.sohPercent / 100),
    tempC: pack.cellTmaxC,
    chargerPowerW: Math.min(slot.setpointW, slot.availablePowerW),
  });
}

/** Charges what charges, up to `nowMs`. */
export function advanceRack(state: DryRunState, nowMs: number): void {
  while (state.atMs < nowMs) {
    const stepMs = Math.min(STEP_MS, nowMs - state.atMs);
    state.gridImportWh += (AUX_POWER_W * stepMs) / 3_600_000;
    for (const slot of state.slots) {
      const powerW = slotPowerW(slot, state.powerLoss);
      if (powerW === 0 || !slot.pack) continue;
      const energyWh = (powerW * stepMs) / 3_600_000;
      const capacityWh = slot.pack.nominalWh * (slot.pack.sohPercent / 100);
      const gainPercent = ((energyWh * PACK_CHARGE_EFFICIENCY_RATIO) / capacityWh) * 100;
      slot.pack.socPercent = Math.min(slot.untilSocPercent, slot.pack.socPercent + gainPercent);
      slot.meterWh += energyWh;
      slot.gridWh += energyWh;
      state.gridImportWh += energyWh / CHARGER_EFFICIENCY_RATIO;
    }
    state.atMs += stepMs;
  }
}

function chargingStateOf(slot: DryRunSlot, powerW: number): RackSlot['chargingState'] {
  if (slot.availablePowerW <= 0) return 'FAULT';
  if (!slot.pack) return 'IDLE';
  if (powerW > 0) return 'CHARGING';
  return slot.setpointW > 0 ? 'SUSPENDED' : 'CONNECTED';
}

export function rackSlotOf(slot: DryRunSlot, powerLoss: boolean): RackSlot {
  const powerW = slotPowerW(slot, powerLoss);
  return {
    evseId: slot.evseId,
    pack: slot.pack ? bmsReadingOf(slot.pack, powerW) : null,
    chargingState: chargingStateOf(slot, powerW),
    setpointW: slot.setpointW,
    powerW,
    voltageV: slot.pack ? PACK_VOLTAGE_V : null,
    currentA: slot.pack ? powerW / PACK_VOLTAGE_V : null,
    meterWh: Math.floor(slot.meterWh),
    gridRegisterWh: Math.floor(slot.gridWh),
    pvRegisterWh: Math.floor(slot.pvWh),
    availablePowerW: slot.availablePowerW,
    plugTempC: slot.pack ? 30 : null,
    smoke: slot.smoke,
    doorOpen: slot.doorOpen,
    locked: slot.locked,
  };
}

export function metersOf(state: DryRunState, stationId: string): MetersReading {
  const chargersW = state.slots.reduce((sum, slot) => sum + slotPowerW(slot, state.powerLoss), 0) / CHARGER_EFFICIENCY_RATIO;
  const gridPowerW = state.powerLoss ? 0 : chargersW + AUX_POWER_W;
  return {
    meters: [{ meterId: `${stationId}-GRID`, kind: 'GRID', importWh: Math.floor(state.gridImportWh), exportWh: 0, powerW: gridPowerW }],
    gridPowerW,
    gridLimitW: state.powerLoss ? 0 : state.gridLimitW,
    pv: null,
    auxPowerW: state.powerLoss ? 0 : AUX_POWER_W,
  };
}
