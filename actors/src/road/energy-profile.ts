import { climbingSpeedMps, consumptionWhPerM, type TractionParameters } from '../truck/traction.ts';
import { type Direction, signOf } from './direction.ts';
import { gradeRatioAt, type RoadHeights } from './road-profile.ts';
import { cruiseMpsAt, type SpeedZone } from './speed-zones.ts';

/** Energy and time of one kind of truck along a road in one direction, as prefix sums over cells of equal length. */
export type EnergyProfile = {
  direction: Direction;
  cellM: number;
  /** Chainage at which the first cell of the direction of driving begins. */
  originM: number;
  /** Wh used since the origin, by cell border; falls on descents. */
  cumulativeWh: Float64Array;
  /** Driving time since the origin, ms, by cell border. */
  cumulativeMs: Float64Array;
};

export type EnergyProfileInput = {
  road: RoadHeights;
  direction: Direction;
  massKg: number;
  parameters: TractionParameters;
  zones: readonly SpeedZone[];
  /** Cell length, m. */
  cellM?: number;
};

export function energyProfile({ road, direction, massKg, parameters, zones, cellM = 100 }: EnergyProfileInput): EnergyProfile {
  const originM = direction === 'WEST' ? road.startM : road.endM;
  const cells = Math.ceil((road.endM - road.startM) / cellM);
  const cumulativeWh = new Float64Array(cells + 1);
  const cumulativeMs = new Float64Array(cells + 1);
  for (let cell = 0; cell < cells; cell += 1) {
    const chainageM = originM + signOf(direction) * (cell + 0.5) * cellM;
    const gradeRatio = gradeRatioAt(road, chainageM, direction);
    const speedMps = climbingSpeedMps({ massKg, cruiseMps: cruiseMpsAt(zones, chainageM), gradeRatio }, parameters);
    cumulativeWh[cell + 1] = (cumulativeWh[cell] ?? 0) + consumptionWhPerM({ massKg, speedMps, gradeRatio }, parameters) * cellM;
    cumulativeMs[cell + 1] = (cumulativeMs[cell] ?? 0) + (cellM / speedMps) * 1000;
  }
  return { direction, cellM, originM, cumulativeWh, cumulativeMs };
}

export type WayEnergy = {
  /** Wh over the whole way; negative when the descent gives back more than it costs. */
  sumWh: number;
  /** Greatest cumulative energy along the way, Wh, >= 0: what the pack must hold at the start. */
  peakWh: number;
  /** Greatest energy given back below that of the start, Wh, >= 0: what the pack must have room for. */
  roomWh: number;
  durationMs: number;
  distanceM: number;
};

/** @throws RangeError when `toM` lies behind `fromM` in the profile's direction */
export function wayEnergy(profile: EnergyProfile, fromM: number, toM: number): WayEnergy {
  const from = (fromM - profile.originM) * signOf(profile.direction);
  const to = (toM - profile.originM) * signOf(profile.direction);
  if (to < from) throw new RangeError(`${toM} m lies behind ${fromM} m going ${profile.direction}`);
  const startWh = interpolate(profile.cumulativeWh, from / profile.cellM);
  const sumWh = interpolate(profile.cumulativeWh, to / profile.cellM) - startWh;
  let peakWh = Math.max(0, sumWh);
  let roomWh = Math.max(0, -sumWh);
  for (let cell = Math.ceil(from / profile.cellM); cell <= Math.floor(to / profile.cellM); cell += 1) {
    const wh = (profile.cumulativeWh[cell] ?? 0) - startWh;
    peakWh = Math.max(peakWh, wh);
    roomWh = Math.max(roomWh, -wh);
  }
  const durationMs = interpolate(profile.cumulativeMs, to / profile.cellM) - interpolate(profile.cumulativeMs, from / profile.cellM);
  return { sumWh, peakWh, roomWh, durationMs, distanceM: to - from };
}

/** Two ways one after the other: the second one's peak and room stand on the first one's sum. */
export function thenWay(first: WayEnergy, second: WayEnergy): WayEnergy {
  return {
    sumWh: first.sumWh + second.sumWh,
    peakWh: Math.max(first.peakWh, first.sumWh + second.peakWh),
    roomWh: Math.max(first.roomWh, second.roomWh - first.sumWh),
    durationMs: first.durationMs + second.durationMs,
    distanceM: first.distanceM + second.distanceM,
  };
}

/**
 * What a full pack cannot take of a way's recovered energy, Wh, >= 0; the brakes turn it into heat. A pack that holds more than `capWh` at the
 * start takes nothing until it has used some.
 */
export function unrecoveredWh({ roomWh }: Pick<WayEnergy, 'roomWh'>, { contentWh, capWh }: { contentWh: number; capWh: number }): number {
  return Math.max(0, contentWh + roomWh - Math.max(capWh, contentWh));
}

function interpolate(values: Float64Array, index: number): number {
  const clamped = Math.min(values.length - 1, Math.max(0, index));
  const floor = Math.floor(clamped);
  const low = values[floor] ?? 0;
  const high = values[Math.min(values.length - 1, floor + 1)] ?? 0;
  return low + (high - low) * (clamped - floor);
}
