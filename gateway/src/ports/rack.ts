import type { SlotReading } from '@corridor/protocols/tele/slots';
import type { BmsReading } from './bms.ts';

/** One slot with its charger, as it physically is now. */
export type RackSlot = {
  evseId: number;
  /** Pack in the slot, read over its plug; null = empty. A silent BMS gives a reading with nulls and a serial of '' when even that is unknown. */
  pack: BmsReading | null;
  chargingState: SlotReading['chargingState'];
  setpointW: number;
  powerW: number;
  voltageV: number | null;
  currentA: number | null;
  /** DC register of the charger since it was built, integer [Wh]. */
  meterWh: number;
  /** The part of `meterWh` that came from the grid, and from the PV of the site; cumulative since the charger was built, integer [Wh]. */
  gridRegisterWh: number;
  pvRegisterWh: number;
  /** Most the charger can give now [W]; 0 = charger down. */
  availablePowerW: number;
  plugTempC: number | null;
  smoke: boolean;
  doorOpen: boolean;
  locked: boolean;
};

export interface Rack {
  slots(): readonly RackSlot[];
  /** Charges with at most `powerW` until the pack has `untilSocPercent`; 0 W stops and opens the contactor. */
  setCharging(evseId: number, order: { powerW: number; untilSocPercent: number }): void;
  /** Mechanical lock of the slot against any gantry. */
  setLock(evseId: number, locked: boolean): void;
  /** `listener` runs after a pack came or went, a charger changed its charging state or failed, smoke, door or lock changed. */
  onChange(listener: (evseId: number) => void): () => void;
}
