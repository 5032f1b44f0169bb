import type { BayReading } from '@corridor/gateway/ports/bay-sensors';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
/** What the sensors of a bay say, kept up by the bay itself. */
export type LiveReading = Writable<BayReading>;

/** Well within what the procedure allows: trucks are parked by guide rails. */
const OFFSET_M = 0.01;
const ANGLE_DEG = 0.3;
/** A pack with its frame on the rope. */
export const PACK_LOAD_KG = 3_500;

const LOCKED = { l1: 'LOCKED', l2: 'LOCKED', l3: 'LOCKED', l4: 'LOCKED' } as const;
const UNLOCKED = { l1: 'UNLOCKED', l2: 'UNLOCKED', l3: 'UNLOCKED', l4: 'UNLOCKED' } as const;

/** A bay without a truck. */
export const emptyBay = (): LiveReading => ({
  truckDocked: false,
  plateAtEntrance: null,
  offsetM: OFFSET_M,
  angleDeg: ANGLE_DEG,
  wheelsInGuide: true,
  parkBrakeOn: false,
  gearNeutral: true,
  wheelChock: false,
  hvOff: false,
  residualVoltageV: 0,
  isolationOhmPerV: 1_000,
  personDetected: false,
  positionSensorOk: true,
  locks: LOCKED,
  seatSensors: 4,
  craneXM: 0,
  craneYM: 0,
  craneZM: 0,
  loadKg: 0,
});

export function truckDrivesIn(reading: LiveReading, plate: string): void {
  reading.truckDocked = true;
  reading.plateAtEntrance = plate;
  reading.parkBrakeOn = false;
  reading.locks = LOCKED;
  reading.seatSensors = 4;
  reading.loadKg = 0;
}

export function truckDrivesOff(reading: LiveReading): void {
  reading.truckDocked = false;
  reading.plateAtEntrance = null;
  reading.wheelChock = false;
  reading.hvOff = false;
}

export function makeSafe(reading: LiveReading): void {
  reading.wheelChock = true;
  reading.hvOff = true;
}

export const unlock = (reading: LiveReading): void => void (reading.locks = UNLOCKED);
export const lock = (reading: LiveReading): void => void (reading.locks = LOCKED);
/** Three locks follow, one does not, and does not say where it stands when they should close. */
export const stickLock = (reading: LiveReading, motion: 'UNLOCK' | 'LOCK'): void =>
  void (reading.locks = motion === 'UNLOCK' ? { ...UNLOCKED, l1: 'LOCKED' } : { ...LOCKED, l1: 'UNKNOWN' });
