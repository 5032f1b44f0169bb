import { columnsOf, HistoryError, instantMs, number, type Row, requireColumns, rowsOf, text } from './history-rows.ts';

/** A charge as some history tells of it. */
export interface RecordedCharge {
  stationId: string;
  durationMs: number;
  /** State of charge at both ends, 0..100. */
  fromSocPercent: number;
  toSocPercent: number;
  /** Of the cells; null: it is not told. */
  tempC: number | null;
}

const FIELDS = ['station', 'began', 'ended', 'from', 'to', 'temp'] as const;
type Field = (typeof FIELDS)[number];
const NEEDED = ['station', 'began', 'ended', 'from', 'to'] as const;
export type ChargeColumns = Record<(typeof NEEDED)[number], string> & { temp?: string };

const DEFAULT_COLUMNS: ChargeColumns = {
  station: 'stationId',
  began: 'beganAt',
  ended: 'endedAt',
  from: 'fromSocPercent',
  to: 'toSocPercent',
};

/** Reads `station=Site,began=Start,ended=End,from=SOC1,to=SOC2[,temp=Cells]`. @throws HistoryError saying what is missing or unknown */
export function parseChargeColumns(text: string): ChargeColumns {
  const columns: Partial<Record<Field, string>> = columnsOf(text, FIELDS);
  const missing = NEEDED.filter((field) => columns[field] === undefined);
  if (missing.length > 0) throw new HistoryError(`--map needs ${missing.map((field) => `${field}=…`).join(' and ')}`);
  return { ...DEFAULT_COLUMNS, ...columns };
}

/**
 * Charges of which both ends are known; those still under way are left out. Times are ISO with a zone.
 * @throws HistoryError naming the line and what is wrong with it
 */
export function readChargeHistory(path: string, columns: ChargeColumns | null): RecordedCharge[] {
  const rows = rowsOf(path);
  const named = columns ?? { ...DEFAULT_COLUMNS, ...('cellTempC' in (rows[0] ?? {}) ? { temp: 'cellTempC' } : {}) };
  requireColumns(path, rows, named);
  return rows.flatMap((row, index) => recorded(row, index + 2, named) ?? []);
}

function recorded(row: Row, line: number, { station, began, ended, from, to, temp }: ChargeColumns): RecordedCharge | null {
  const beganMs = instantMs(row, began, line);
  const endedMs = instantMs(row, ended, line);
  if (beganMs === null || endedMs === null) return null;
  const [fromSocPercent, toSocPercent] = [percent(row, from, line), percent(row, to, line)];
  if (endedMs <= beganMs) throw new HistoryError(`line ${line}: ${ended} does not lie behind ${began}`);
  if (toSocPercent <= fromSocPercent)
    throw new HistoryError(`line ${line}: ${to} is ${toSocPercent}, not more than ${from}, ${fromSocPercent}`);
  return {
    stationId: text(row, station, line),
    durationMs: endedMs - beganMs,
    fromSocPercent,
    toSocPercent,
    tempC: temp === undefined || (row[temp] ?? '') === '' ? null : number(row, temp, line),
  };
}

function percent(row: Row, column: string, line: number): number {
  const value = number(row, column, line);
  if (value < 0 || value > 100) throw new HistoryError(`line ${line}: ${column} is ${value}; a number at least 0, at most 100`);
  return value;
}
