import type { TruckView } from '@corridor/protocols/http/scene';
import { type Condition, truckCondition } from '../store/condition.ts';
import type { Offset, PlacedAt } from './placed.ts';
import type { TruckLegs } from './truck-legs.ts';
import type { TruckTrack } from './truck-motion.ts';

/** Where a truck stands that does not drive: a frame and a place in it. */
export interface Stand extends PlacedAt {
  offsetXM: number;
  offsetZM: number;
}

/** Middle of the right-hand carriageway's driving lane, metres from the middle of the road. */
export const LANE_M = 7;

/** A truck as drawn: its motion, and where it stands if it does not drive. Where it is now is asked of its leg. */
export class DrawnTruck implements PlacedAt {
  readonly id: string;
  row: number;
  view: TruckView;
  /** Of the view, looked up each frame. */
  condition: Condition;
  track: TruckTrack | null = null;
  /** What a late report corrected, still to be worked off [m]: the truck glides there. */
  slipM = 0;
  westbound: boolean;
  stand: Stand | null = null;
  /** 0 on the road, 1 on its stand. */
  standing = 0;
  /** Scope time after which its last report is old. */
  staleAfterMs = Number.NEGATIVE_INFINITY;
  stale = false;
  visible = false;
  readonly offset: Offset = { xM: 0, yM: 3, zM: LANE_M };
  readonly #legs: TruckLegs;

  constructor(view: TruckView, row: number, legs: TruckLegs) {
    this.id = view.id;
    this.row = row;
    this.view = view;
    this.condition = truckCondition(view);
    this.westbound = view.direction !== 'EAST';
    this.#legs = legs;
  }

  get xKm(): number {
    return this.#legs.now(this.row, 0);
  }

  get altKm(): number {
    return this.#legs.now(this.row, 1);
  }

  get zKm(): number {
    return this.#legs.now(this.row, 2);
  }

  get yawRad(): number {
    return this.#legs.now(this.row, 3);
  }
}
