/** The Chinese map datum: a published, deterministic offset of some hundred metres from WGS-84 inside China. */
const SEMI_MAJOR_M = 6_378_245;
const ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943;

/** What a receiver set to GCJ-02 reports for a WGS-84 position. */
export function toGcj02({ lat, lon }: { lat: number; lon: number }): { lat: number; lon: number } {
  const [x, y] = [lon - 105, lat - 35];
  const radians = (lat * Math.PI) / 180;
  const magic = 1 - ECCENTRICITY_SQUARED * Math.sin(radians) ** 2;
  const dLat = (latOffset(x, y) * 180) / (((SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / (magic * Math.sqrt(magic))) * Math.PI);
  const dLon = (lonOffset(x, y) * 180) / ((SEMI_MAJOR_M / Math.sqrt(magic)) * Math.cos(radians) * Math.PI);
  return { lat: lat + dLat, lon: lon + dLon };
}

const wave = (value: number, ...terms: [amplitude: number, period: number][]) =>
  terms.reduce((sum, [amplitude, period]) => sum + amplitude * Math.sin((value / period) * Math.PI), 0) * (2 / 3);

function latOffset(x: number, y: number): number {
  const base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return base + wave(x, [20, 1 / 6], [20, 1 / 2]) + wave(y, [20, 1], [40, 3]) + wave(y, [160, 12], [320, 30]);
}

function lonOffset(x: number, y: number): number {
  const base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return base + wave(x, [20, 1 / 6], [20, 1 / 2]) + wave(x, [20, 1], [40, 3]) + wave(x, [150, 12], [300, 30]);
}
