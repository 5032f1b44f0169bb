import type { UsedPack } from '../charging/pack-ageing.ts';
import type { StationCharging } from '../charging/station-charging.ts';
import type { PackFlow } from './watched-world.ts';

/** What flows into the packs of a station now, by pack. */
export function packFlows<Pack extends UsedPack>(charging: StationCharging<Pack>): ReadonlyMap<Pack, PackFlow> {
  const flows = new Map<Pack, PackFlow>();
  for (const charge of charging.charges) {
    const { pack, limitW } = charge;
    if (limitW === 0) continue;
    const course: PackFlow['course'] = () => ({ sinceMs: charge.sinceMs, fromWh: pack.contentWh, steps: charging.stepsFrom(charge) });
    flows.set(pack, { of: charge, limitW, course });
  }
  return flows;
}
