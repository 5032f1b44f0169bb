import type { CellVoltageTable } from '@corridor/actors/pack/open-circuit-voltage';
import type { RoadProfile } from '@corridor/actors/road/road-profile';
import type { SpeedZone } from '@corridor/actors/road/speed-zones';
import type { Prng } from '@corridor/actors/time/prng';
import type { ClearSky } from './sunshine.ts';

/** What never changes during a run: the road and the tables of physics. */
export type World = {
  road: RoadProfile;
  zones: readonly SpeedZone[];
  cells: CellVoltageTable;
  sky: ClearSky;
  /** Root of all draws; fork it by name, never read it. */
  prng: Prng;
  /** A pack is ready for a truck from this state of charge on, %. */
  targetSocPercent: number;
};
