import type { Agreement, AgreementRef } from '../agreement/agreement.ts';
import type { RosterAct } from '../roster/roster-act.ts';
import type { AnyActorEvent } from './actor-event.ts';
import type { Effect } from './effect.ts';
import type { EntityRef } from './entity-ref.ts';
import type { Registration } from './registration.ts';

/** A message on its way to an actor. */
export interface Delivery {
  kind: 'tell';
  to: EntityRef;
  event: AnyActorEvent;
}

/** What an input becomes. */
export type Routed =
  | Delivery
  /** An actor that exists only gets the message. */
  | { kind: 'create'; ref: EntityRef; input: unknown; first: AnyActorEvent }
  | { kind: 'register'; asset: Registration }
  | { kind: 'roster'; act: RosterAct; by: string; intentId: string }
  | { kind: 'effect'; effect: Effect }
  /** Parties have agreed, or will not: what is priced from now on goes by that. */
  | { kind: 'agreed'; agreement: Agreement }
  | { kind: 'withdrawn'; agreement: AgreementRef };

/** What routing may ask of the network. */
export interface RoutingView {
  has(ref: EntityRef): boolean;
}
