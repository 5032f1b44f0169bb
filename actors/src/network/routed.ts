import type { Agreement, AgreementRef } from '../agreement/agreement.ts';
import type { RosterAct } from '../roster/roster-act.ts';
import type { Effect } from './effect.ts';
import type { Address } from './entity-ref.ts';
import type { Create, Tell } from './message.ts';
import type { Registration } from './registration.ts';

/** What an input becomes. */
export type Routed =
  | Tell
  | Create
  | { type: 'register'; asset: Registration }
  | { type: 'roster'; act: RosterAct; by: string; intentId: string }
  | { type: 'effect'; effect: Effect }
  /** Parties have agreed, or will not: what is priced from now on goes by that. */
  | { type: 'agreed'; agreement: Agreement }
  | { type: 'withdrawn'; agreement: AgreementRef };

/** What routing may ask of the network. */
export interface RoutingView {
  has(address: Address): boolean;
}
