import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { type RecordedTrip, RecordingError, type TripSample } from './recorded-trip.ts';

/** What a column of one's own CSV may stand for. */
const FIELDS = ['t', 'speed', 'soc', 'truck', 'trip', 'energy'] as const;
type Field = (typeof FIELDS)[number];
const UNITS: Record<string, { field: Field; factor: number }> = {
  s: { field: 't', factor: 1 },
  ms: { field: 't', factor: 0.001 },
  kmh: { field: 'speed', factor: 1 },
  mph: { field: 'speed', factor: 1.609344 },
  mps: { field: 'speed', factor: 3.6 },
  percent: { field: 'soc', factor: 1 },
  ratio: { field: 'soc', factor: 100 },
  kwh: { field: 'energy', factor: 1000 },
  wh: { field: 'energy', factor: 1 },
};

type Column = { name: string; factor: number };
export type ColumnMap = Partial<Record<Field, Column>> & { t: Column; speed: Column };

/**
 * Reads `t=Time:s,speed=Speed:mph,soc=SOC:percent,truck=Vehicle,trip=Trip,energy=Energy:kwh`. `t` (seconds, or a date) and
 * `speed` are needed; `energy` is cumulative at the battery.
 * @throws RecordingError saying what is missing or unknown
 */
export function parseColumnMap(text: string): ColumnMap {
  const map: Partial<Record<Field, Column>> = {};
  for (const part of text.split(',')) {
    const [key, target] = part.split('=');
    const field = FIELDS.find((field) => field === key?.trim());
    if (!field || !target) throw new RecordingError(`--map "${part}": write field=column, with field one of ${FIELDS.join(', ')}`);
    const [name = '', unitText] = target.split(':');
    const unit = unitText === undefined ? null : UNITS[unitText];
    if (unit === undefined || (unit && unit.field !== field))
      throw new RecordingError(`--map "${part}": ${unitText} is no unit of ${field}`);
    map[field] = { name, factor: unit?.factor ?? 1 };
  }
  const { t, speed } = map;
  if (!t || !speed) throw new RecordingError('--map needs t=… and speed=…');
  return { ...map, t, speed };
}

/** @throws RecordingError naming the line that cannot be read */
export function loadMappedCsv(path: string, map: ColumnMap): RecordedTrip[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(readFileSync(path, 'utf8'), { columns: true, skip_empty_lines: true, bom: true, trim: true });
  } catch (cause) {
    throw new RecordingError(`${path}: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause });
  }
  const [first] = rows;
  for (const column of Object.values(map)) {
    if (first && !(column.name in first))
      throw new RecordingError(`${path} has no column "${column.name}"; it has ${Object.keys(first).join(', ')}`);
  }
  const trips = new Map<string, { truck: string; trip: string; rows: Record<string, string>[] }>();
  for (const row of rows) {
    const truck = map.truck ? (row[map.truck.name] ?? '') : '1';
    const trip = map.trip ? (row[map.trip.name] ?? '') : '1';
    const entry = trips.get(`${truck}/${trip}`) ?? { truck, trip, rows: [] };
    trips.set(`${truck}/${trip}`, entry);
    entry.rows.push(row);
  }
  return [...trips.values()].map(({ truck, trip, rows }) => tripOf(truck, trip, rows, map));
}

function tripOf(truck: string, trip: string, rows: Record<string, string>[], map: ColumnMap): RecordedTrip {
  const where = `trip ${truck}/${trip}`;
  const timed = rows
    .map((row, index) => ({ atS: timeS(row[map.t.name], map.t.factor, `${where}, row ${index + 1}`), row }))
    .sort((one, other) => one.atS - other.atS);
  const startS = timed[0]?.atS ?? 0;
  const samples: TripSample[] = [];
  const doubts: string[] = [];
  for (const { atS, row } of timed) {
    const speedKmh = within(optional(row, map.speed), RANGE.speed);
    // A second row of the same instant, or one without a speed, says nothing new.
    if (speedKmh === null || samples.at(-1)?.atS === atS - startS) continue;
    samples.push({ atS: atS - startS, speedKmh, socPercent: within(optional(row, map.soc), RANGE.soc) });
  }
  const unread = rows.reduce((sum, row) => sum + COUNTED.filter((field) => isUnread(row, map, field)).length, 0);
  if (unread > 0) doubts.push(`${unread} cells are no number or out of range`);
  if (samples.length < 2) throw new RecordingError(`${where} has fewer than two rows with a speed`);
  const socs = samples.flatMap(({ socPercent }) => (socPercent === null ? [] : [socPercent]));
  const energies = timed.flatMap(({ row }) => optional(row, map.energy) ?? []);
  const measuredWh = energies.length > 1 ? (energies.at(-1) ?? 0) - (energies[0] ?? 0) : null;
  return { truck, trip, samples, socStartPercent: socs[0] ?? null, socEndPercent: socs.at(-1) ?? null, measuredWh, doubts };
}

/** What a truck on this road can have said: SOC in percent, speed in km/h. Beyond it the sensor or the mapping is wrong. */
const RANGE = { speed: { min: 0, max: 200 }, soc: { min: 0, max: 100 }, energy: { min: -Infinity, max: Infinity } } as const;
const COUNTED = ['speed', 'soc', 'energy'] as const;

const within = (value: number | null, { min, max }: { min: number; max: number }): number | null =>
  value !== null && value >= min && value <= max ? value : null;

/** Something stands there, and it is not what it should be. */
function isUnread(row: Record<string, string>, map: ColumnMap, field: (typeof COUNTED)[number]): boolean {
  const column = map[field];
  return column !== undefined && (row[column.name] ?? '') !== '' && within(optional(row, column), RANGE[field]) === null;
}

function timeS(text: string | undefined, factor: number, where: string): number {
  const seconds = Number(text) * factor;
  if (text !== undefined && text !== '' && Number.isFinite(seconds)) return seconds;
  const date = Date.parse(text ?? '');
  if (Number.isNaN(date)) throw new RecordingError(`${where}: "${text}" is neither seconds nor a date`);
  return date / 1000;
}

/** @returns null for an empty or invalid cell: unknown, never 0 */
function optional(row: Record<string, string>, column: Column | undefined): number | null {
  const text = column ? row[column.name] : undefined;
  if (column === undefined || text === undefined || text === '') return null;
  const value = Number(text) * column.factor;
  return Number.isFinite(value) ? value : null;
}
