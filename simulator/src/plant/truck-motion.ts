import { signOf } from '@corridor/actors/road/direction';
import { gradeRatioAt } from '@corridor/actors/road/road-profile';
import { cruiseMpsAt } from '@corridor/actors/road/speed-zones';
import {
  BULK_TRUCK,
  climbingSpeedMps,
  REGEN_SOC_PERCENT_MAX,
  type TractionParameters,
  tractionPowerW,
} from '@corridor/actors/truck/traction';
import { isRoadClosed, isSnowing } from './active-faults.ts';
import { socPercentOf, stepPack } from './pack-physics.ts';
import type { PlantState, PlantTruck } from './plant-state.ts';
import type { World } from './world.ts';

const ACCELERATION_MPS2 = 0.3;
const BRAKING_MPS2 = 0.5;
/** Snow: slower and dearer (assumption). */
const SNOW_SPEED_RATIO = 0.6;
const SNOW_CONSUMPTION_RATIO = 1.12;
/** Between these temperatures tyres stiffen and the cab heating comes on. */
const WINTER_C = { warm: 5, cold: -5 };
const PARKED_AUX_W = 800;

/** 0 = summer, 1 = full winter. */
export function winterRatio(ambientC: number): number {
  return Math.min(1, Math.max(0, (WINTER_C.warm - ambientC) / (WINTER_C.warm - WINTER_C.cold)));
}

function parametersAt(ambientC: number): TractionParameters {
  const winter = winterRatio(ambientC);
  return { ...BULK_TRUCK, rollingResistance: 0.006 + 0.001 * winter, auxPowerW: 4_000 + 4_000 * winter };
}

export function grossMassKg(state: PlantState, truck: PlantTruck): number {
  const pack = truck.packId === null ? undefined : state.packs[truck.packId];
  return truck.tareMassKg + (pack?.massKg ?? 0) + truck.loadKg;
}

/**
 * Drives a truck for one step towards `stopM`, where it comes to a stand.
 * @returns true when it stands there
 */
export function driveTruck(
  state: PlantState,
  world: World,
  truck: PlantTruck,
  { stopM, durationMs, ambientC }: { stopM: number; durationMs: number; ambientC: number },
): boolean {
  const pack = truck.packId === null ? undefined : state.packs[truck.packId];
  const sign = signOf(truck.direction);
  const leftM = (stopM - truck.chainageM) * sign;
  if (leftM <= 0.5) {
    stand(state, world, truck, { durationMs, ambientC });
    return true;
  }
  const seconds = durationMs / 1000;
  const parameters = parametersAt(ambientC);
  const snow = isSnowing(state, truck.chainageM);
  const gradeRatio = gradeRatioAt(world.road, truck.chainageM, truck.direction);
  const massKg = grossMassKg(state, truck);
  const cruiseMps = cruiseMpsAt(world.zones, truck.chainageM) * (snow ? SNOW_SPEED_RATIO : 1);
  const allowedMps = climbingSpeedMps({ massKg, cruiseMps, gradeRatio }, parameters);
  const blocked = isRoadClosed(state, truck.chainageM + sign * 300) && !isRoadClosed(state, truck.chainageM);
  const brakingMps = blocked ? 0 : Math.sqrt(2 * BRAKING_MPS2 * leftM);
  const wantedMps = Math.min(allowedMps, Math.max(brakingMps, blocked ? 0 : 1));
  const change = Math.min(ACCELERATION_MPS2 * seconds, Math.max(-BRAKING_MPS2 * seconds * 2, wantedMps - truck.speedMps));
  truck.speedMps = Math.max(0, truck.speedMps + change);
  const movedM = Math.min(leftM, truck.speedMps * seconds);
  const tractionW = truck.speedMps > 0 ? tractionPowerW({ massKg, speedMps: truck.speedMps, gradeRatio }, parameters) : 0;
  const full = pack !== undefined && socPercentOf(pack) > REGEN_SOC_PERCENT_MAX;
  truck.motorPowerW = tractionW < 0 ? (full ? 0 : tractionW) : tractionW * (snow ? SNOW_CONSUMPTION_RATIO : 1);
  truck.auxPowerW = parameters.auxPowerW;
  truck.chainageM += sign * movedM;
  truck.odometerM += movedM;
  truck.drivenMs += durationMs;
  if (pack) stepPack(pack, { powerW: -(truck.motorPowerW + truck.auxPowerW), durationMs, ambientC, conditioned: false }, world.cells);
  return false;
}

/** A truck that stands still: a little for the cab, nothing while its pack is being changed. */
export function stand(
  state: PlantState,
  world: World,
  truck: PlantTruck,
  { durationMs, ambientC }: { durationMs: number; ambientC: number },
): void {
  truck.speedMps = 0;
  truck.motorPowerW = 0;
  const pack = truck.packId === null ? undefined : state.packs[truck.packId];
  const draws = pack !== undefined && truck.mode !== 'IN_BAY' && pack.contentWh > 0;
  truck.auxPowerW = draws ? PARKED_AUX_W : 0;
  if (pack) stepPack(pack, { powerW: -truck.auxPowerW, durationMs, ambientC, conditioned: false }, world.cells);
}
