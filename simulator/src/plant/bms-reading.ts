import { type CellVoltageTable, cellVoltageV } from '@corridor/actors/pack/open-circuit-voltage';
import type { BmsReading } from '@corridor/gateway/ports/bms';
import { isBmsSilent, shownSerial } from './active-faults.ts';
import { socPercentOf, sohPercentOf } from './pack-physics.ts';
import type { PlantPack, PlantState } from './plant-state.ts';

/** Spread between the extreme cells, V and K (assumption). */
const CELL_SPREAD_V = 0.006;
const CELL_SPREAD_C = 0.8;
const ALARM_TEMP_C = 55;

const tenth = (value: number) => Math.round(value * 10) / 10;
const thousandth = (value: number) => Math.round(value * 1000) / 1000;

/** What the pack's BMS says: tenths of percent, volt, ampere and degree. A silent one says nothing, not zero. */
export function bmsReading(state: PlantState, pack: PlantPack, cells: CellVoltageTable): BmsReading {
  if (isBmsSilent(state, pack.id)) return silentReading(pack);
  const socPercent = tenth(socPercentOf(pack));
  const sohPercent = tenth(sohPercentOf(pack));
  const cellV = cellVoltageV(cells, socPercent);
  return {
    packId: shownSerial(state, pack.id),
    typeCode: pack.typeCode,
    socPercent,
    sohPercent,
    energyWh: Math.round((socPercent / 100) * (sohPercent / 100) * pack.nominalWh),
    voltageV: tenth(pack.voltageV),
    currentA: tenth(pack.currentA),
    powerW: Math.round(pack.powerW),
    cellVmaxV: thousandth(cellV + CELL_SPREAD_V / 2),
    cellVminV: thousandth(Math.max(0, cellV - CELL_SPREAD_V / 2)),
    cellTmaxC: tenth(pack.tempC + CELL_SPREAD_C),
    cellTminC: tenth(pack.tempC - CELL_SPREAD_C),
    insulationOhm: 500_000,
    contactor: pack.powerW === 0 ? 'OPEN' : 'CLOSED',
    cycles: tenth(pack.cycles),
    throughputWh: Math.round(pack.throughputWh),
    faultCodes: pack.tempC + CELL_SPREAD_C >= ALARM_TEMP_C ? ['OVER_TEMPERATURE'] : [],
  };
}

function silentReading(pack: PlantPack): BmsReading {
  return {
    packId: '',
    typeCode: pack.typeCode,
    socPercent: null,
    sohPercent: null,
    energyWh: null,
    voltageV: null,
    currentA: null,
    powerW: null,
    cellVmaxV: null,
    cellVminV: null,
    cellTmaxC: null,
    cellTminC: null,
    insulationOhm: null,
    contactor: 'OPEN',
    cycles: 0,
    throughputWh: 0,
    faultCodes: ['BMS_SILENT'],
  };
}
