import { columnsOf, HistoryError, instantMs, number, type Row, requireColumns, rowsOf, text } from './history-rows.ts';

/** A swap as some history tells of it; null: it does not tell. */
export interface RecordedSwap {
  stationId: string;
  /** Runs of a simulation are histories of their own: nothing is measured across them. */
  run: string;
  /** When the truck came, since a midnight where the station is [ms]. */
  cameAtMs: number;
  /** How long the swap itself took. */
  serviceMs: number | null;
  /** What the pack held that was brought [Wh]. */
  returnedWh: number | null;
}

/** Columns that a history may have: `came` and `station` are needed. */
const FIELDS = ['came', 'began', 'ended', 'station', 'returned'] as const;
type Field = (typeof FIELDS)[number];
export type HistoryColumns = Partial<Record<Field, string>> & { came: string; station: string };

/** As `npm run export -- --format swaps` names them. */
const EXPORT_COLUMNS: HistoryColumns = { came: 'cameAt', began: 'beganAt', ended: 'endedAt', station: 'stationId', returned: 'returnedWh' };
/** The corridor's clock, all year. */
const CHINA_MS = 8 * 3_600_000;

/** Reads `came=Arrival,began=Start,ended=End,station=Site,returned=Wh`. @throws HistoryError saying what is missing or unknown */
export function parseHistoryColumns(text: string): HistoryColumns {
  const columns = columnsOf(text, FIELDS);
  const { came, station } = columns;
  if (came === undefined || station === undefined) throw new HistoryError('--map needs came=… and station=…');
  return { ...columns, came, station };
}

/**
 * Reads the `orders.csv` of a simulation, the export of swaps of a corridor, or any other CSV with `columns`. Times are ISO with a zone.
 * @throws HistoryError naming the line and what is wrong with it
 */
export function readSwapHistory(path: string, columns: HistoryColumns | null): RecordedSwap[] {
  const rows = rowsOf(path);
  if (columns === null && 'waitMs' in (rows[0] ?? {})) return rows.map((row, index) => simulated(row, index + 2));
  const named = columns ?? EXPORT_COLUMNS;
  requireColumns(path, rows, named);
  return rows.map((row, index) => recorded(row, index + 2, named));
}

/** A simulation begins at midnight. */
function simulated(row: Row, line: number): RecordedSwap {
  return {
    stationId: text(row, 'stationId', line),
    run: text(row, 'seed', line),
    cameAtMs: number(row, 'atMs', line) - number(row, 'waitMs', line),
    serviceMs: number(row, 'serviceMs', line),
    returnedWh: number(row, 'returnedWh', line),
  };
}

function recorded(row: Row, line: number, { came, began, ended, station, returned }: HistoryColumns): RecordedSwap {
  const cameAtMs = instantMs(row, came, line);
  if (cameAtMs === null) throw new HistoryError(`line ${line}: ${came} is empty`);
  const fromMs = began === undefined ? null : instantMs(row, began, line);
  const untilMs = ended === undefined ? null : instantMs(row, ended, line);
  if (fromMs !== null && untilMs !== null && untilMs < fromMs) throw new HistoryError(`line ${line}: ${ended} lies before ${began}`);
  return {
    stationId: text(row, station, line),
    run: '',
    cameAtMs: cameAtMs + CHINA_MS,
    serviceMs: fromMs === null || untilMs === null ? null : untilMs - fromMs,
    returnedWh: returned === undefined || (row[returned] ?? '') === '' ? null : number(row, returned, line),
  };
}
