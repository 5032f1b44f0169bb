import type { Geometry } from '@corridor/protocols/http/scene';

/**
 * Reads an elevation grid: header `lat\lon,lon…`, then a row a latitude from north to south, metres.
 * @returns rows from the south-west corner northwards, as the geometry wants them
 * @throws RangeError when the grid is not regular
 */
export function parseTerrain(csv: string): Geometry['terrain'] {
  const [header, ...body] = csv.trim().split(/\r?\n/);
  const lons = (header ?? '').split(',').slice(1).map(Number);
  const rows = body.map((line) => line.split(',').map(Number)).reverse();
  const [lon0, lon1] = lons;
  const lat0 = rows[0]?.[0];
  const lat1 = rows[1]?.[0];
  if (lon0 === undefined || lon1 === undefined || lat0 === undefined || lat1 === undefined)
    throw new RangeError('elevation grid needs 2 x 2 points');
  for (const row of rows)
    if (row.length !== lons.length + 1) throw new RangeError(`elevation row of ${row[0]} has ${row.length - 1} columns`);
  const altM = rows.flatMap((row) => row.slice(1));
  if (!altM.every(Number.isFinite)) throw new RangeError('elevation grid holds something that is not a number');
  const rounded = (step: number) => Math.round(step * 1e6) / 1e6;
  return { lat0, lon0, latStep: rounded(lat1 - lat0), lonStep: rounded(lon1 - lon0), rows: rows.length, columns: lons.length, altM };
}
