import type { MeterReading } from '@corridor/protocols/tele/meter';

export type MetersReading = {
  meters: readonly MeterReading[];
  /** Drawn from the grid now [W]. */
  gridPowerW: number;
  /** Limit of the connection in force now, by contract or by the grid's order [W]. */
  gridLimitW: number;
  /** Produced by the PV of the site now [W], and since it was built [Wh]; null where there is none. */
  pv: { powerW: number; energyWh: number } | null;
  /** The station's own consumption now [W]. */
  auxPowerW: number;
};

export interface Meters {
  read(): MetersReading;
}
