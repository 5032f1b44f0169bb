/** Longitudinal model of a heavy electric truck: rolling, grade and air drag against one battery-to-wheel efficiency. */
export type TractionParameters = {
  /** Rolling resistance coefficient, dimensionless. */
  rollingResistance: number;
  /** Drag coefficient times frontal area, m². */
  dragAreaM2: number;
  airDensityKgPerM3: number;
  /** Battery to wheel and back, 0..1. */
  driveEfficiencyRatio: number;
  /** Limit of driving power at the battery, W. */
  motorPowerWMax: number;
  /** Limit of recovered power at the battery, W. */
  regenPowerWMax: number;
  /** Auxiliaries, W. */
  auxPowerW: number;
  /** Factor on positive traction energy for speed changes; 1 = steady driving. */
  unevenDrivingFactor: number;
};

const GRAVITY_M_PER_S2 = 9.81;
/** At this state of charge and above the pack takes no recovered energy. */
export const REGEN_SOC_PERCENT_MAX = 97;

/** Bulk tractor-trailer of the corridor; values are assumptions next to published ones (docs/domain/physics.md). */
export const BULK_TRUCK: TractionParameters = {
  rollingResistance: 0.006,
  dragAreaM2: 6,
  airDensityKgPerM3: 1.2,
  driveEfficiencyRatio: 0.85,
  motorPowerWMax: 360_000,
  regenPowerWMax: 200_000,
  auxPowerW: 4_000,
  unevenDrivingFactor: 1.05,
};

/** The same truck in winter: stiffer tyres, cab heating. */
export const BULK_TRUCK_WINTER: TractionParameters = { ...BULK_TRUCK, rollingResistance: 0.007, auxPowerW: 8_000 };

export type DrivingPoint = { massKg: number; speedMps: number; gradeRatio: number };

/**
 * Force at the wheels at steady speed.
 * @param point grade as rise over run, -0.2..0.2; speed >= 0
 * @returns N; negative when the truck has to be held back
 */
export function tractiveForceN({ massKg, speedMps, gradeRatio }: DrivingPoint, parameters: TractionParameters): number {
  const cosine = 1 / Math.sqrt(1 + gradeRatio * gradeRatio);
  const sine = gradeRatio * cosine;
  return (
    massKg * GRAVITY_M_PER_S2 * (parameters.rollingResistance * cosine + sine) +
    0.5 * parameters.airDensityKgPerM3 * parameters.dragAreaM2 * speedMps * speedMps
  );
}

/**
 * Power of the drive at the battery's terminals, without auxiliaries.
 * @returns W; positive drives, negative recovers, at least `-regenPowerWMax`
 */
export function tractionPowerW(point: DrivingPoint, parameters: TractionParameters): number {
  const wheelPowerW = tractiveForceN(point, parameters) * point.speedMps;
  if (wheelPowerW > 0) return (wheelPowerW / parameters.driveEfficiencyRatio) * parameters.unevenDrivingFactor;
  return Math.max(wheelPowerW * parameters.driveEfficiencyRatio, -parameters.regenPowerWMax);
}

/**
 * Energy per distance at the battery with auxiliaries.
 * @throws RangeError at standstill, where it has no meaning
 */
export function consumptionWhPerM(point: DrivingPoint, parameters: TractionParameters): number {
  if (point.speedMps <= 0) throw new RangeError(`consumption per metre at ${point.speedMps} m/s`);
  return (tractionPowerW(point, parameters) + parameters.auxPowerW) / point.speedMps / 3600;
}

/**
 * Greatest steady speed on a grade within the motor's limit, at most `cruiseMps`.
 * Drive power grows with speed on every grade where it limits, so bisection finds it.
 * @returns m/s, at least 1 (a truck that cannot climb still crawls; the roads hold no such grade)
 */
export function climbingSpeedMps(
  { massKg, cruiseMps, gradeRatio }: { massKg: number; cruiseMps: number; gradeRatio: number },
  parameters: TractionParameters,
): number {
  const powerAt = (speedMps: number) =>
    (tractiveForceN({ massKg, speedMps, gradeRatio }, parameters) * speedMps) / parameters.driveEfficiencyRatio;
  if (powerAt(cruiseMps) <= parameters.motorPowerWMax) return cruiseMps;
  let low = 1;
  let high = cruiseMps;
  while (high - low > 0.001) {
    const middle = (low + high) / 2;
    if (powerAt(middle) <= parameters.motorPowerWMax) low = middle;
    else high = middle;
  }
  return low;
}
