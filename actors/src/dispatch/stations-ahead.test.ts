import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { opposite, signOf } from '../road/direction.ts';
import { thenWay, wayEnergy } from '../road/energy-profile.ts';
import { parseRoadProfile } from '../road/road-profile.ts';
import { profilesOn, TURNED_MASS_KG } from '../road/truck-profiles.ts';
import { distanceTo, waysToStations } from './stations-ahead.ts';

/** Up, over a summit at 60 km, and down. */
const road = parseRoadProfile(['km,lat,lon,road,elev_road_est_m', '0,38,117,S,0', '60,38,116,S,900', '100,38,115,S,200'].join('\n'));
const profileOf = profilesOn(road, [{ untilM: Number.POSITIVE_INFINITY, cruiseKmh: 80 }]);
const driving = { road, profileOf };

it('tells those ahead on the side of the truck, and those behind the turn on the other', () => {
  const stations = [
    { id: 'BEHIND', chainageM: 10_000, direction: 'WEST' },
    { id: 'BOTH', chainageM: 70_000, direction: 'BOTH' },
    { id: 'BACK', chainageM: 70_000, direction: 'EAST' },
    { id: 'PASSED', chainageM: 5_000, direction: 'BOTH' },
  ] as const;
  const ways = waysToStations(stations, { chainageM: 50_000, direction: 'WEST', massKg: 40_000 }, driving);
  expect([...ways].map(([id, { isAfterTurn, distanceM }]) => [id, isAfterTurn, distanceM])).toEqual([
    ['BOTH', false, 20_000],
    ['BACK', true, 80_000],
    ['PASSED', true, 145_000],
  ]);
});

it('gives each way as if it were driven alone, wherever the truck is', () => {
  const station = fc.record({
    chainageM: fc.integer({ min: 0, max: 100_000 }),
    direction: fc.constantFrom('BOTH', 'WEST', 'EAST'),
  });
  fc.assert(
    fc.property(
      fc.array(station, { maxLength: 12 }),
      fc.integer({ min: 0, max: 100_000 }),
      fc.constantFrom('WEST', 'EAST'),
      (places, chainageM, direction) => {
        const stations = places.map((place, index) => ({ ...place, id: `S${index}` }));
        const ways = waysToStations(stations, { chainageM, direction, massKg: 40_000 }, driving);
        const endM = direction === 'WEST' ? road.endM : road.startM;
        for (const { id, chainageM: stationM, direction: serves } of stations) {
          const way = ways.get(id);
          const isAhead = serves !== opposite(direction) && (stationM - chainageM) * signOf(direction) >= 0;
          expect(way !== undefined).toBe(isAhead || serves !== direction);
          expect(distanceTo({ chainageM: stationM, direction: serves }, { chainageM, direction }, road)).toBe(way?.distanceM ?? null);
          if (way === undefined) continue;
          const alone = isAhead
            ? wayEnergy(profileOf(direction, 40_000), chainageM, stationM)
            : thenWay(
                wayEnergy(profileOf(direction, 40_000), chainageM, endM),
                wayEnergy(profileOf(opposite(direction), TURNED_MASS_KG), endM, stationM),
              );
          expect(way.isAfterTurn).toBe(!isAhead);
          // Stations cut cells: the peak may lie at a border of theirs, a matter of watt-hours.
          expect(way.sumWh).toBeCloseTo(alone.sumWh, 3);
          expect(Math.abs(way.peakWh - alone.peakWh)).toBeLessThan(500);
          expect(way.distanceM).toBeCloseTo(alone.distanceM, 3);
        }
      },
    ),
  );
});
