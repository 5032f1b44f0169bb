export type LockState = 'LOCKED' | 'UNLOCKED' | 'UNKNOWN';

/** What the sensors of one bay say now. */
export type BayReading = {
  truckDocked: boolean;
  /** Plate as the camera at the entrance read it; null when unreadable or when no truck is there. */
  plateAtEntrance: string | null;
  /** Sideways offset from the rails, absolute [m]. */
  offsetM: number;
  /** Yaw against the rails, absolute [deg]. */
  angleDeg: number;
  wheelsInGuide: boolean;
  parkBrakeOn: boolean;
  gearNeutral: boolean;
  wheelChock: boolean;
  hvOff: boolean;
  /** Between the HV rails of the truck [V]. */
  residualVoltageV: number;
  isolationOhmPerV: number;
  personDetected: boolean;
  /** false: encoder or laser of the gantry lost. */
  positionSensorOk: boolean;
  /** Of the pack on the docked truck; UNKNOWN without a truck. A truck that drives in is LOCKED. */
  locks: { l1: LockState; l2: LockState; l3: LockState; l4: LockState };
  /** Feet of the pack that rest on the frame, 0..4. */
  seatSensors: number;
  craneXM: number;
  craneYM: number;
  craneZM: number;
  /** On the rope [kg]. */
  loadKg: number;
};

export interface BaySensors {
  read(): BayReading;
  /** `listener` runs after a sensor changed other than by gantry motion or noise: truck docked or left, person, locks, brake, HV, position sensor. */
  onChange(listener: () => void): () => void;
  /** Entrance light and barrier: true = the next truck may drive in. */
  setEntrance(open: boolean): void;
}
