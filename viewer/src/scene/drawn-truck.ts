import type { TruckView } from '@corridor/protocols/http/scene';
import type { Condition } from '../store/condition.ts';
import type { Offset, PlacedAt } from './placed.ts';
import type { TruckTrack } from './truck-motion.ts';

/** Where a truck stands that does not drive: a frame and a place in it. */
export interface Stand extends PlacedAt {
  offsetXM: number;
  offsetZM: number;
}

/** A truck as drawn: its motion, where it stands if it does not drive, and its last pose. */
export interface DrawnTruck extends PlacedAt {
  id: string;
  row: number;
  view: TruckView;
  /** Of the view, looked up each frame. */
  condition: Condition;
  track: TruckTrack | null;
  /** What a late report corrected, still to be worked off [m]: the truck glides there. */
  slipM: number;
  westbound: boolean;
  stand: Stand | null;
  /** 0 on the road, 1 on its stand. */
  standing: number;
  stale: boolean;
  visible: boolean;
  offset: Offset;
}
