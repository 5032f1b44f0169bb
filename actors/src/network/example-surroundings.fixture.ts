import type { EventOf } from './actor-event.ts';
import { NOON_MS, smallFile } from './corridor.fixture.ts';
import { silentSignals } from './empty-surroundings.ts';
import type { EntityKind } from './entity-ref.ts';
import { ReferenceStore } from './reference-store.ts';

export const atMs = NOON_MS + 60_000;
const smallReference = ReferenceStore.of(smallFile(), () => 100_000);
const [recorded] = smallFile().trucks;
if (recorded) smallReference.apply({ trucks: [{ ...recorded, id: 'R01', replayed: true }] });
/** As the stock of the examples has it. */
const second = smallReference.pack('LFP350-0002');
if (second) smallReference.apply({ packs: [{ ...second, ownerId: 'BO2' }] });
export const surroundings = { reference: smallReference, signals: silentSignals, nowMs: () => atMs };

/** An event of every type that a kind of actor takes. */
export type EventsOf<K extends EntityKind> = { [T in EventOf[K]['type']]: Extract<EventOf[K], { type: T }> };

export const signals = {
  'signal.stale': { type: 'signal.stale', atMs },
  'signal.fresh': { type: 'signal.fresh', atMs },
} as const;
