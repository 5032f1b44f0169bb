import type { EntityKind } from '@corridor/actors/network/entity-ref';
import type { Reference } from '@corridor/actors/network/reference';
import type { RoadProfile } from '@corridor/actors/road/road-profile';
import type { OwnershipBook } from '../rights/ownership-book.ts';
import type { Facts } from './facts.ts';
import type { LatestReports } from './latest-reports.ts';

/** Everything the views are built from. */
export interface LiveFacts {
  readonly reference: Reference;
  readonly facts: Facts;
  readonly reports: LatestReports;
  /** Whose assets were when. */
  readonly owners: OwnershipBook;
  /** Where the road ends, and trucks turn. */
  readonly road: Pick<RoadProfile, 'startM' | 'endM'>;
  /** Scope time. */
  readonly nowMs: () => number;
  /** State of an actor as text, nested states joined by a dot. */
  readonly stateOf: (kind: EntityKind, id: string) => string;
  /** Whether a person took a slot out of use; its state may say that it is faulty besides. */
  readonly isSetAside: (slotId: string) => boolean;
}

/** State value of a machine as text: `charging`, `occupied.ready`. */
export function stateText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return 'unknown';
  return Object.entries(value)
    .map(([key, inner]) =>
      inner === null || (typeof inner === 'object' && Object.keys(inner).length === 0) ? key : `${key}.${stateText(inner)}`,
    )
    .join('+');
}
