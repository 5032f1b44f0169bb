import type { Effect, Transition } from './effect.ts';
import type { EntityRef } from './entity-ref.ts';
import type { StoredSnapshot } from './snapshot-codec.ts';

/** What the steps since the last drain did. */
export interface StepBatch {
  effects: Effect[];
  transitions: Transition[];
  changed: Map<EntityRef, StoredSnapshot>;
  retired: Set<EntityRef>;
  /** Inputs for actors that do not exist: counted, never an error. */
  undelivered: { to: EntityRef; event: string }[];
}

export function emptyBatch(): StepBatch {
  return { effects: [], transitions: [], changed: new Map(), retired: new Set(), undelivered: [] };
}
