import type { BayView } from '@corridor/protocols/http/bay-view';
import type { StationView } from '@corridor/protocols/http/scene';
import type { Records } from './scene-store.ts';

/** A bay with the station that it is a part of. */
export interface BayOfStation {
  readonly id: string;
  readonly bay: BayView;
  readonly station: StationView;
}

/** @returns null where no station of the scene has such a bay */
export function bayOf({ stations }: Pick<Records, 'stations'>, id: string): BayOfStation | null {
  const station = stations.get(stationIdOfPart(id));
  const bay = station?.bays.find((each) => each.id === id);
  return station === undefined || bay === undefined ? null : { id, bay, station };
}

/** The ids of slots, bays and swaps begin with their station's: `HH1` of `HH1-B1`; empty where there is no dash. */
export const stationIdOfPart = (id: string): string => id.slice(0, Math.max(id.lastIndexOf('-'), 0));
