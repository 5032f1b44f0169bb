import type { StationFrame } from './station-frames.ts';

/** As many slots are drawn wherever they are; of more, those of the racks nearest to what is looked at. */
export const SLOTS_DRAWN_MAX = 3_000;
/** From further away a slot of so many is smaller than a pixel. */
const FAR_KM = 60;

/** Stations whose racks are drawn slot by slot. @returns null: all of them */
export function racksInDetail(
  frames: ReadonlyMap<string, StationFrame>,
  slots: number,
  { xKm, zKm, focusKm }: { xKm: number; zKm: number; focusKm: number },
): ReadonlySet<string> | null {
  if (slots <= SLOTS_DRAWN_MAX) return null;
  const chosen = new Set<string>();
  if (focusKm > FAR_KM) return chosen;
  const byDistance = [...frames.values()].map((frame) => ({ frame, km: Math.hypot(frame.xKm - xKm, frame.zKm - zKm) }));
  let left = SLOTS_DRAWN_MAX;
  for (const { frame } of byDistance.sort((a, b) => a.km - b.km)) {
    left -= frame.slots;
    if (left < 0) break;
    chosen.add(frame.id);
  }
  return chosen;
}

export function sameIds(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): boolean {
  if (a === null || b === null) return a === b;
  return a.size === b.size && [...a].every((id) => b.has(id));
}
