/** What concerns the whole station. */
export type StationReading = {
  emergencyStop: boolean;
  fire: boolean;
  /** Mains lost: the control lives on its UPS, brakes hold. */
  powerLoss: boolean;
  windMps: number | null;
  ambientC: number | null;
  /** Trucks waiting in front of the bays, those in a bay not counted. */
  queueLength: number;
};

export interface StationSensors {
  read(): StationReading;
  /** `listener` runs after emergencyStop, fire, powerLoss or queueLength changed, and when wind crosses 12 m/s. */
  onChange(listener: () => void): () => void;
}
