/**
 * The scene's local plane: kilometres east (+x) and south (+z) of an origin in the middle of the network. Equirectangular:
 * over the 1.5 degrees of latitude of a corridor the scale error stays under 1 %, and 32-bit steps stay under 2 cm.
 */
export interface Projection {
  /** @returns km east of the origin */
  xOf(lonDeg: number): number;
  /** @returns km south of the origin */
  zOf(latDeg: number): number;
  /** @returns degrees east of a point so many km east of the origin */
  lonOf(xKm: number): number;
  /** @returns degrees north of a point so many km south of the origin */
  latOf(zKm: number): number;
}

const KM_PER_DEGREE_LATITUDE = 110.996;
const KM_PER_DEGREE_LONGITUDE_AT_EQUATOR = 111.32;

export function projectionAround(latDeg: number, lonDeg: number): Projection {
  const kmPerLonDegree = KM_PER_DEGREE_LONGITUDE_AT_EQUATOR * Math.cos((latDeg * Math.PI) / 180);
  return {
    xOf: (lon) => (lon - lonDeg) * kmPerLonDegree,
    zOf: (lat) => (latDeg - lat) * KM_PER_DEGREE_LATITUDE,
    lonOf: (xKm) => lonDeg + xKm / kmPerLonDegree,
    latOf: (zKm) => latDeg - zKm / KM_PER_DEGREE_LATITUDE,
  };
}
