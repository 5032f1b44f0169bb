import type { ActorHost } from '@corridor/actors/network/actor-host';
import type { Prng } from '@corridor/actors/time/prng';
import type { StationFaults } from '../breakdowns/station-faults.ts';
import type { UsedPack } from '../charging/pack-ageing.ts';
import type { StationCharging } from '../charging/station-charging.ts';
import type { FleetControl, FleetTruck } from '../fleets/fleet-world.ts';
import type { Fifo } from '../kernel/fifo.ts';
import type { StationMeasures, SwapRow } from '../measures/measures.ts';
import type { StationPlan } from '../scenario/scenario.schema.ts';
import type { CoarsePackEvent } from './pack.machine.ts';
import type { CoarseStationEvent } from './station.machine.ts';
import type { CoarseTruckEvent } from './truck.machine.ts';

/** A pack: its mode is its actor's, what it holds is physics. */
export interface PackUnit extends UsedPack {
  host: ActorHost<CoarsePackEvent>;
  draws: Prng;
  /** Times that it was given out after the warm-up. */
  uses: number;
  /** Where it is charged or kept; null on a truck. */
  yard: StationYard | null;
}

/** A truck: its mode is its actor's, where it is and what it carries is physics. */
export interface TruckUnit extends FleetTruck<StationYard> {
  host: ActorHost<CoarseTruckEvent>;
  fleet: FleetControl<TruckUnit>;
  /** On board. */
  pack: PackUnit;
  /** Taken out of the rack for it while it is in the bay. */
  incoming: PackUnit | null;
  /** Where it swaps. */
  bay: CoarseBay | null;
  /** Of the swap under way or the last one [ms]. */
  swapEndsAtMs: number;
  row: SwapRow | null;
  arrivedAtMs: number;
  serviceDraws: Prng;
}

/** A bay: who swaps there, and whether it is out of order. */
export interface CoarseBay {
  truck: TruckUnit | null;
  isDown: boolean;
  /** While it is out of order with a truck in it: what is left of the swap. */
  leftMs: number;
}

/** A station with who and what stands there. */
export interface StationYard {
  plan: StationPlan;
  index: number;
  issueWh: number;
  host: ActorHost<CoarseStationEvent>;
  queue: Fifo<TruckUnit>;
  ready: Fifo<PackUnit>;
  empties: Fifo<PackUnit>;
  charging: StationCharging<PackUnit>;
  measures: StationMeasures;
  bound: number;
  isDark: boolean;
  bays: CoarseBay[];
  faults: StationFaults;
}
