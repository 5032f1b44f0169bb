import { violated } from '@corridor/protocols/assert';

/** Cells in series in every pack type of the corridor (assumption: 192 x 3.22 V = 618 V nominal). */
const CELLS_IN_SERIES = 192;

/** Open-circuit voltage of one cell by state of charge, at equal steps from 0 to 1. */
export type CellVoltageTable = Float64Array;

/** Reads `soc,ocv_v` at equal steps. @throws TypeError when the file holds anything else */
export function parseCellVoltages(csv: string): CellVoltageTable {
  const lines = csv.trim().split(/\r?\n/).slice(1);
  const table = Float64Array.from(lines, (line) => Number(line.split(',')[1]));
  if (table.length < 2 || table.some((value) => !(value > 0))) throw new TypeError('cell voltage table is damaged');
  return table;
}

/** @param socPercent 0..100 @returns V of one cell at rest */
export function cellVoltageV(table: CellVoltageTable, socPercent: number): number {
  const index = (Math.min(100, Math.max(0, socPercent)) / 100) * (table.length - 1);
  const low = table[Math.floor(index)] ?? violated(`no voltage at ${socPercent} %`);
  const high = table[Math.ceil(index)] ?? low;
  return low + (high - low) * (index - Math.floor(index));
}

/** @returns V of a pack at rest */
export function packVoltageV(table: CellVoltageTable, socPercent: number): number {
  return cellVoltageV(table, socPercent) * CELLS_IN_SERIES;
}
