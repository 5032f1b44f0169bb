import type { Presence } from '@corridor/protocols/http/equipment';
import { connectivityOf } from '../projection/connectivity.ts';
import type { Report } from '../projection/latest-reports.ts';
import type { LiveFacts } from '../projection/live-facts.ts';

/** Idle equipment is told of every minute: what is silent for longer while its source is heard has stopped telling. */
const STALE_MS = 180_000;

/** Station or truck whose gateway speaks of a pack that is there; null: nobody does. */
export function sourceOfPlace({ kind, id }: { kind: string; id: string }): string | null {
  if (kind === 'TRUCK') return id;
  return kind === 'SLOT' || kind === 'TRANSFER' ? id.slice(0, id.lastIndexOf('-')) : null;
}

/** @param sourceId station or truck whose gateway tells of it; null: nobody's */
export function presenceOf(report: Report<unknown> | undefined, sourceId: string | null, live: LiveFacts): Presence {
  if (report === undefined) return 'NEVER_SEEN';
  const connectivity = sourceId === null ? 'ONLINE' : connectivityOf(live.stateOf('gateway', sourceId));
  if (connectivity === 'OFFLINE') return 'OFFLINE';
  return live.nowMs() - report.atMs > STALE_MS ? 'STALE' : 'ONLINE';
}
