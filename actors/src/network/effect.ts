import type { AlarmArgs } from '@corridor/protocols/alarm-code';
import type { AnyCommand } from '@corridor/protocols/cmd/command';
import type { QuotedSoc } from '@corridor/protocols/http/order-detail';
import type { Notice } from '@corridor/protocols/notice';
import type { SourceKind } from '@corridor/protocols/subject';
import type { Agreement, AgreementRef } from '../agreement/agreement.ts';
import type { Charge } from '../charge/charge.ts';
import type { Incident } from '../charge/penalty-charge.ts';
import type { Transfer } from '../ledger/transfer.ts';
import type { Bill } from '../order/bill.ts';
import type { BillBasis } from '../order/bill-basis.ts';
import type { EnergyLot } from '../pack/energy-lot.ts';
import type { RosterChange } from '../roster/roster-act.ts';
import type { Correction } from '../settlement/correction.ts';
import type { FrozenStatement } from '../settlement/frozen-statement.ts';
import type { MeterDifference } from '../settlement/meter-correction.ts';
import type { PackPlace } from './actor-event.ts';
import type { EntityKind, EntityRef } from './entity-ref.ts';
import type { Create, Tell } from './message.ts';

/**
 * What a step asks of the world. The host writes all effects of a batch in one transaction and acts on them
 * (publish, answer) only after it is committed.
 */
export type Effect =
  /** `order` row as it is now; the host keeps the newest of a batch. */
  | { type: 'order.changed'; atMs: number; order: OrderRow }
  /** Lines of the quote as they are shown before the swap; the bill replaces them. */
  | { type: 'order.quoted'; atMs: number; orderId: string; quote: Bill; soc: QuotedSoc | null }
  /** Lines and shares of a bill with what it was made of, once per order. */
  | { type: 'order.billed'; atMs: number; orderId: string; bill: Bill; basis: BillBasis }
  /** Lines and shares by which a bill changed afterwards, once per correction. */
  | { type: 'correction.booked'; atMs: number; correction: Correction }
  /** The meter of a slot counted another energy than was billed for the pack that an order took back. */
  | { type: 'meter.mismatched'; atMs: number; difference: MeterDifference }
  | { type: 'statement.frozen'; atMs: number; statement: FrozenStatement }
  /** Statements whose money has left, and orders whose every payee was paid. */
  | { type: 'settlement.progressed'; atMs: number; paidStatementIds: readonly string[]; settledOrderIds: readonly string[] }
  | { type: 'agreement.drafted'; atMs: number; by: string; agreement: Agreement }
  | { type: 'agreement.approved'; atMs: number; by: string; agreement: AgreementRef; partyId: string; isWhole: boolean }
  | { type: 'agreement.withdrawn'; atMs: number; by: string; agreement: AgreementRef }
  /** Somebody or something came, stopped for a while, left or changed hands. */
  | { type: 'roster.changed'; atMs: number; by: string; change: RosterChange }
  /** A truck did what its contract has a penalty for; once an order and kind. */
  | { type: 'penalty.incurred'; atMs: number; incident: Incident }
  /** A rent or a penalty is in the books, once. */
  | { type: 'charge.booked'; atMs: number; charge: Charge }
  | { type: 'swap.changed'; atMs: number; swap: SwapRow }
  /** Double-entry transfers; a key that exists already is an error of ours. */
  | { type: 'ledger.posted'; atMs: number; transfers: readonly Transfer[] }
  | {
      type: 'custody.moved';
      atMs: number;
      packId: string;
      place: PackPlace;
      orderId: string | null;
      cause: 'SWAP' | 'INVENTORY' | 'CORRECTION' | 'REGISTRATION';
    }
  /** A place that it had been at by then and left since, told after what came later: history, and no news of where it is. */
  | { type: 'custody.passed'; atMs: number; packId: string; place: PackPlace; orderId: string | null }
  | { type: 'lots.changed'; atMs: number; packId: string; lots: readonly EnergyLot[] }
  | ({
      type: 'command.issued';
      atMs: number;
      commandId: string;
      source: SourceKind;
      id: string;
      issuedBy: string;
      expiresAtMs: number;
      orderId: string | null;
      /** Why a person sends it; absent: nobody does. */
      note?: string;
    } & AnyCommand)
  | {
      type: 'alarm.raised';
      /** Since when it stands. */
      atMs: number;
      /** When its level rose to this one while it stood, so that whoever saw it has to see it again; absent: it was raised with it. */
      escalatedAtMs?: number;
      alarmId: string;
      code: string;
      level: 1 | 2 | 3;
      scope: EntityKind;
      scopeId: string;
      /** English; `args` say the same for readers of other languages. */
      detail: string;
      args: AlarmArgs;
    }
  /** It returned to normal. */
  | { type: 'alarm.cleared'; atMs: number; alarmId: string }
  /** Somebody has seen it and sees to it. */
  | { type: 'alarm.acknowledged'; atMs: number; alarmId: string; by: string; note: string | null }
  /** Somebody says that it is over: for alarms that nothing returns to normal, or that have returned. */
  | { type: 'alarm.closed'; atMs: number; alarmId: string; by: string; reason: string }
  /** Somebody puts what it says of this thing aside until then, also when it is raised anew meanwhile. */
  | { type: 'alarm.shelved'; atMs: number; point: AlarmPoint; untilMs: number; by: string; reason: string }
  | { type: 'alarm.unshelved'; atMs: number; point: AlarmPoint; by: string }
  /** By the platform itself, or what a person wrote. */
  | { type: 'notification.sent'; atMs: number; to: Recipient; notice: Notice }
  | { type: 'notification.sent'; atMs: number; to: Recipient; title: string; text: string; message: SentMessage }
  | { type: 'notification.read'; atMs: number; no: string; by: string }
  | { type: 'notification.answered'; atMs: number; no: string; by: string; answer: AdviceAnswer }
  /** The answer to an HTTP intent. */
  | { type: 'intent.answered'; atMs: number; intentId: string; ok: boolean; code: string; detail: string; orderId: string | null };
/** Who is told something. */
export type Recipient = EntityRef | `principal:${string}`;
/** Of a notification that a person wrote. */
export interface SentMessage {
  readonly id: string;
  readonly by: string;
  /** For whom he wrote it: the platform or his company. */
  readonly forId: string;
  /** Station that the truck is advised to go to; null: it is no advice. */
  readonly stationId: string | null;
}
/** What a driver makes of an advice. */
export type AdviceAnswer = 'ACCEPTED' | 'DECLINED';

/** What may be wrong with what: one alarm after another may say it. */
export interface AlarmPoint {
  readonly code: string;
  readonly scope: EntityKind;
  readonly scopeId: string;
}
export type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** What an actor emits: a message to another, an effect, or the wish that an actor be made or ended. */
export type Emitted =
  | Tell
  | { type: 'effect'; effect: Effect }
  | Create
  /** Nothing more will come for this actor: the host drops it after the step. */
  | { type: 'retire' }
  /** Several, in order: what a rule decided, for lists of actions that are static. */
  | { type: 'many'; emitted: readonly Emitted[] };

/** One change of an actor's state value, for `actor_transition`. */
export interface Transition {
  atMs: number;
  ref: EntityRef;
  from: string;
  to: string;
  event: string;
  /** Actor that told it so; null: an input of the network, or its own timer. */
  by: EntityRef | null;
}

export const ORDER_STATES = [
  'CREATED',
  'QUOTED',
  'HELD',
  'IN_PROGRESS',
  'MEASURED',
  'BILLED',
  'CLEARED',
  'SETTLED',
  'REJECTED',
  'CANCELLED',
  'ABNORMAL',
  'REPAIRED',
  'WRITTEN_OFF',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export interface OrderRow {
  orderId: string;
  state: OrderState;
  reason: string | null;
  initiation: 'LOCAL' | 'REMOTE';
  stationId: string;
  bayId: string | null;
  requestId: number | null;
  truckId: string;
  driverId: string | null;
  carrierId: string | null;
  returnPackId: string | null;
  issuePackId: string | null;
  quotedFen: bigint | null;
  heldFen: bigint | null;
  payableFen: bigint | null;
  releasedFen: bigint | null;
  energyInWh: number | null;
  energyOutWh: number | null;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface SwapRow {
  swapId: string;
  stationId: string;
  requestId: number;
  bayId: string;
  state: string;
  step: number;
  truckId: string | null;
  orderId: string | null;
  returnPackId: string | null;
  issuePackId: string | null;
  reason: string | null;
  beganAtMs: number;
  updatedAtMs: number;
  endedAtMs: number | null;
}
