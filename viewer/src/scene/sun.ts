/** Where the sun stands. Azimuth clockwise from north, altitude above the horizon, both in radians. */
export interface SunPosition {
  azimuthRad: number;
  altitudeRad: number;
}

const RAD = Math.PI / 180;
const J2000_MS = Date.UTC(2000, 0, 1, 12);
const DAY_MS = 86_400_000;

/**
 * Low-precision solar position (Astronomical Almanac's approximate formulae; better than 0.1 degree until 2050).
 * @param atMs unix milliseconds
 */
export function sunPosition(atMs: number, latDeg: number, lonDeg: number): SunPosition {
  const days = (atMs - J2000_MS) / DAY_MS;
  const meanLongitude = (280.46 + 0.9856474 * days) * RAD;
  const meanAnomaly = (357.528 + 0.9856003 * days) * RAD;
  const eclipticLongitude = meanLongitude + (1.915 * Math.sin(meanAnomaly) + 0.02 * Math.sin(2 * meanAnomaly)) * RAD;
  const obliquity = (23.439 - 0.0000004 * days) * RAD;
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(eclipticLongitude));
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(eclipticLongitude), Math.cos(eclipticLongitude));
  const siderealRad = (280.46061837 + 360.98564736629 * days + lonDeg) * RAD;
  const hourAngle = siderealRad - rightAscension;
  const lat = latDeg * RAD;
  const altitudeRad = Math.asin(Math.sin(lat) * Math.sin(declination) + Math.cos(lat) * Math.cos(declination) * Math.cos(hourAngle));
  const azimuthRad = Math.atan2(-Math.sin(hourAngle), Math.tan(declination) * Math.cos(lat) - Math.sin(lat) * Math.cos(hourAngle));
  return { azimuthRad: (azimuthRad + 2 * Math.PI) % (2 * Math.PI), altitudeRad };
}
