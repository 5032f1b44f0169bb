/** Cruise speed of loaded trucks by stretch (assumption): plain 80, foothills 75, mountains 65 km/h. */
export type SpeedZone = { untilM: number; cruiseKmh: number };

/** Zones of the corridor's own chainage: Shunping km 253.8, Fuping km 338.3, Dingxiang km 486.2. */
export const CORRIDOR_SPEED_ZONES: readonly SpeedZone[] = [
  { untilM: 253_800, cruiseKmh: 80 },
  { untilM: 338_300, cruiseKmh: 75 },
  { untilM: 486_200, cruiseKmh: 65 },
  { untilM: Number.POSITIVE_INFINITY, cruiseKmh: 80 },
];

/** @returns m/s */
export function cruiseMpsAt(zones: readonly SpeedZone[], chainageM: number): number {
  const zone = zones.find(({ untilM }) => chainageM < untilM);
  if (!zone) throw new RangeError(`no speed zone at ${chainageM} m`);
  return zone.cruiseKmh / 3.6;
}
