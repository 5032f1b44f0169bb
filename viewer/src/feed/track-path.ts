import type { PackStay, PackTrack } from '@corridor/protocols/http/pack-track';
import type { TruckTrack } from '@corridor/protocols/http/truck-track';
import type { TrackPath, TrackPoint } from '../store/track-store.ts';

/** Where a station stands [m along the corridor]; undefined: none of this name. */
export type ChainageOf = (stationId: string) => number | undefined;

export function pathOfTruck({ truckId, widthMs, at, chainageM }: TruckTrack): TrackPath {
  return { kind: 'truck', id: truckId, widthMs, truckId, runs: [pointsOf(at, chainageM)] };
}

/** Its rides, and the stations between them. What the caller may not know breaks it. */
export function pathOfPack(track: PackTrack, chainageOf: ChainageOf): TrackPath {
  const { packId, widthMs, stays } = track;
  const [fromMs, untilMs] = [Date.parse(track.from), Date.parse(track.until)];
  const runs: TrackPoint[][] = [];
  let endedAt: string | null = null;
  for (const stay of stays) {
    const points = pointsOfStay(stay, { fromMs, untilMs }, chainageOf);
    const run = runs.at(-1);
    if (run !== undefined && stay.from === endedAt) run.push(...points);
    else runs.push(points);
    // Where it stood in no station, one does not know where on the road that was.
    endedAt = points.length === 0 && stay.place.kind !== 'TRUCK' ? null : stay.until;
  }
  const last = stays.at(-1);
  const truckId = last !== undefined && last.until === null && last.place.kind === 'TRUCK' ? last.place.id : null;
  return { kind: 'pack', id: packId, widthMs, truckId, runs: runs.filter(({ length }) => length > 0) };
}

function pointsOfStay(stay: PackStay, span: { fromMs: number; untilMs: number }, chainageOf: ChainageOf): TrackPoint[] {
  if (stay.place.kind === 'TRUCK') return pointsOf(stay.at, stay.chainageM);
  const chainageM = stay.stationId === null ? undefined : chainageOf(stay.stationId);
  if (chainageM === undefined) return [];
  const fromMs = Math.max(Date.parse(stay.from), span.fromMs);
  const untilMs = stay.until === null ? span.untilMs : Date.parse(stay.until);
  return [
    { atMs: fromMs, chainageM },
    { atMs: untilMs, chainageM },
  ];
}

const pointsOf = (at: readonly string[], chainageM: readonly number[]): TrackPoint[] =>
  at.flatMap((text, index) => {
    const where = chainageM[index];
    return where === undefined ? [] : [{ atMs: Date.parse(text), chainageM: where }];
  });
