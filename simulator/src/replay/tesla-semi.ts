import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { type RecordedTrip, RecordingError, type TripSample } from './recorded-trip.ts';

function rowsOf(name: string): Record<string, string>[] {
  return parse(readFileSync(new URL(`../../../data/truck_tesla_semi/${name}`, import.meta.url), 'utf8'), { columns: true });
}

/** A fit worse than this makes the measured energy doubtful. */
const FIT_RMSE_MAX = 10;

/** The recorded trips of three heavy electric trucks that come with the product (data/truck_tesla_semi). */
export function loadTeslaSemi(): RecordedTrip[] {
  const samples = new Map<string, TripSample[]>();
  for (const row of rowsOf('speed_10s.csv')) {
    const key = `${row['truck']}/${row['event']}`;
    const list = samples.get(key) ?? [];
    samples.set(key, list);
    list.push({ atS: number(row, 't_s'), speedKmh: number(row, 'speed_kmh'), socPercent: null });
  }
  return rowsOf('trips.csv').map((row) => ({
    truck: row['truck'] ?? '',
    trip: row['event'] ?? '',
    samples: samples.get(`${row['truck']}/${row['event']}`) ?? [],
    socStartPercent: number(row, 'soc_start_pct'),
    socEndPercent: number(row, 'soc_end_pct'),
    measuredWh: number(row, 'energy_used_kwh_est') * 1000,
    doubts: number(row, 'fit_rmse') > FIT_RMSE_MAX ? [`fit of the energy is off by ${row['fit_rmse']} %`] : [],
  }));
}

function number(row: Record<string, string>, column: string): number {
  const value = Number(row[column]);
  if (row[column] === '' || !Number.isFinite(value))
    throw new RecordingError(`${column} is "${row[column]}" in trip ${row['truck']}/${row['event']}`);
  return value;
}
