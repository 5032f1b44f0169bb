import type { Prng } from '@corridor/actors/time/prng';
import type { BmsReading } from '@corridor/gateway/ports/bms';
import type { UsedPack } from '../charging/pack-ageing.ts';
import type { FleetControl, FleetTruck } from '../fleets/fleet-world.ts';
import type { FullStation } from './full-station.ts';

/** A pack: what it physically holds, and what its BMS said last. */
export interface FullPack extends UsedPack {
  readonly id: string;
  /** Brought up to date by `readBms`. */
  readonly bms: BmsReading;
  readonly draws: Prng;
  /** Times that it was given out after the warm-up. */
  uses: number;
  /** Its place among all that became ready at its station; Infinity while it is not. */
  readied: number;
  /** In whose rack or gripper it is; null on a truck. */
  station: FullStation | null;
}

/** A truck with its driver. */
export interface FullTruck extends FleetTruck<FullStation> {
  readonly id: string;
  readonly fleet: FleetControl<FullTruck>;
  /** On board, or the last that was. */
  pack: FullPack;
  /** It stands in a bay without a pack. */
  isBare: boolean;
  /** Waits in a queue since then [ms of the run]. */
  arrivedAtMs: number;
  odometerM: number;
  /** Loaded out, loaded back and empty [kg]; null: nobody knows. */
  readonly masses: { out: number; back: number; empty: number } | null;
  readonly token: { idToken: string; type: 'Central' };
  readonly serviceDraws: Prng;
}

const TENTH = 10;
const HUNDRED_PERCENT = 100;

/** A BMS that works says tenths of a percent. */
export const socPercentOf = ({ contentWh, capacityWh }: Pick<FullPack, 'contentWh' | 'capacityWh'>): number =>
  Math.max(0, Math.round((contentWh / capacityWh) * HUNDRED_PERCENT * TENTH) / TENTH);

/** Of health that changes too; what the scenario tells is told as it stands there. */
export const toldSohPercent = ({ sohPercent, ageing }: Pick<FullPack, 'sohPercent' | 'ageing'>): number =>
  ageing === null ? sohPercent : Math.round(sohPercent * TENTH) / TENTH;

/** What the BMS says now. */
export function readBms(pack: FullPack): BmsReading {
  const { bms } = pack;
  bms.socPercent = socPercentOf(pack);
  bms.energyWh = Math.round(pack.contentWh);
  return bms;
}

/** A pack is about to be charged: its BMS tells how warm its cells are, and how healthy they came back. */
export function readCells(pack: FullPack, cellTempC: number): void {
  const { bms } = pack;
  bms.cellTmaxC = cellTempC;
  bms.cellTminC = cellTempC;
  bms.sohPercent = toldSohPercent(pack);
}

/** A BMS as it is when all is well. */
export const newBms = (of: { packId: string; typeCode: string; sohPercent: number; cellTempC: number }): BmsReading => ({
  packId: of.packId,
  typeCode: of.typeCode,
  socPercent: 0,
  sohPercent: of.sohPercent,
  energyWh: 0,
  voltageV: null,
  currentA: null,
  powerW: null,
  cellVmaxV: null,
  cellVminV: null,
  cellTmaxC: of.cellTempC,
  cellTminC: of.cellTempC,
  insulationOhm: null,
  contactor: 'OPEN',
  cycles: 0,
  throughputWh: 0,
  faultCodes: [],
});
