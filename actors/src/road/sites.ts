import { parse } from 'csv-parse/sync';

/** A named place on the corridor. */
export type Site = { id: string; name: string; nameZh: string; lat: number; lon: number; chainageM: number };

/** Reads `id,name,name_zh,lat,lon,km,…`. @throws TypeError when a number is missing */
export function parseSites(csv: string): Site[] {
  const rows: Record<string, string>[] = parse(csv, { columns: true, skip_empty_lines: true });
  return rows.map((row) => {
    const [lat, lon, km] = [Number(row['lat']), Number(row['lon']), Number(row['km'])];
    if (!row['id'] || !Number.isFinite(lat + lon + km)) throw new TypeError(`site "${row['id']}" lacks a position`);
    return { id: row['id'], name: row['name'] ?? row['id'], nameZh: row['name_zh'] ?? row['id'], lat, lon, chainageM: km * 1000 };
  });
}
