import type { TruckView } from '@corridor/protocols/http/scene';
import { truckCondition } from '../store/condition.ts';
import { socColour } from './soc-ramp.ts';

export interface TruckTint {
  r: number;
  g: number;
  b: number;
}

/** Grey that a stale value fades to: what was known stays readable, but is no longer bright. */
const STALE = 0.58;

export function isStaleCondition(view: TruckView): boolean {
  return truckCondition(view) === 'offline';
}

/** Of all trucks while the colours of the scene are those of another quantity than the charge. */
const QUIET: TruckTint = { r: 0.6, g: 0.63, b: 0.66 };

/** Colour of a truck and its pack: the charge; faded when the value is old. Writes into `out`. @param quiet colours say something else */
export function tintOfTruck(view: TruckView, { stale, quiet }: { stale: boolean; quiet: boolean }, out: TruckTint): void {
  if (quiet) {
    Object.assign(out, QUIET);
    return;
  }
  const colour = socColour(view.packId === null ? null : view.socPercent);
  const keep = stale ? 0.35 : 1;
  out.r = colour.r * keep + STALE * (1 - keep);
  out.g = colour.g * keep + STALE * (1 - keep);
  out.b = colour.b * keep + STALE * (1 - keep);
}
