import type { AnyCommand, CommandReply } from '@corridor/protocols/cmd/command';
import type { EnvelopedSubject } from '@corridor/protocols/decode';
import type { Envelope } from '@corridor/protocols/envelope';
import type { IdToken } from '@corridor/protocols/ocpp';
import type { SourceKind } from '@corridor/protocols/subject';
import type { Agreement, AgreementRef } from '../agreement/agreement.ts';
import type { Charge } from '../charge/charge.ts';
import type { Incident, PenaltyNotRated } from '../charge/penalty-charge.ts';
import type { RosterAct } from '../roster/roster-act.ts';
import type { Correction } from '../settlement/correction.ts';
import type { FrozenStatement } from '../settlement/frozen-statement.ts';
import type { SettlementStep } from '../settlement/settlement-step.ts';
import type { GatewayEvent, RepairMeasurement, SignalEvent } from './actor-event.ts';
import type { AdviceAnswer, AlarmPoint, Recipient, SentMessage } from './effect.ts';
import type { Address, EntityRef } from './entity-ref.ts';

/** What may be put into the one ordered queue of a partition. `atMs` is scope time; the host keeps it from going back. */
export type Input =
  /** An event or a result of a source, each exactly once and in its order. */
  | { kind: 'message'; atMs: number; subject: EnvelopedSubject; envelope: Envelope<unknown> }
  /** As `message`, of a source that needs no wire and is believed, at the instant at which it happens: a plant in the process of a plan. */
  | { kind: 'report'; atMs: number; key: string; id: string; data: unknown }
  /** The signal table saw a crossing, a change or silence. */
  | { kind: 'signal'; atMs: number; to: EntityRef; event: SignalEvent }
  /** As `signal`, from a plant in the process of a plan, to whom the network finds without reading an address. */
  | { kind: 'sensed'; atMs: number; of: Address; event: SignalEvent }
  /** Stage 1 of a command, or none within the time. */
  | { kind: 'commandReply'; atMs: number; commandId: string; orderId: string | null; reply: CommandReply | 'TIMEOUT' }
  | { kind: 'intent'; atMs: number; intentId: string; by: string; intent: Intent }
  /** What the host noticed about a source itself: gaps in its numbers, a clock that is off, revoked credentials. */
  | { kind: 'source'; atMs: number; id: string; event: SourceEvent }
  /** Only lets due timers fire. */
  | { kind: 'tick'; atMs: number };

export type SourceEvent = Extract<
  GatewayEvent,
  { type: 'gateway.gapDetected' | 'gateway.gapSkipped' | 'gateway.clockSkewed' | 'gateway.revoked' | 'gateway.lockedOut' }
>;

/** What people ask for over HTTP. Answered by one `intent.answered` effect, in the same transaction as what it did. */
export type Intent =
  /** `arrivalSocPercent`: with which the truck should arrive; absent: it stands there, or nobody can say. */
  | { type: 'order.quote'; orderId: string; stationId: string; truckId: string; idToken: IdToken; arrivalSocPercent?: number }
  /** `note`: why, for the audit log; null: nobody said. `onBehalf`: the platform reserves for a carrier that did not ask for it. `tellsDriver`: it is not the driver who reserves. */
  | { type: 'order.confirm'; orderId: string; note: string | null; onBehalf: boolean; tellsDriver: boolean }
  | { type: 'order.cancel'; orderId: string; reason: string; note: string | null }
  | { type: 'order.repair'; orderId: string; note: string; measured: RepairMeasurement | null }
  | { type: 'order.writeOff'; orderId: string; note: string }
  /** Changes a bill afterwards, by new entries. */
  | { type: 'correction.book'; correction: Correction }
  /** A rent or a penalty that is due. */
  | { type: 'charge.book'; charge: Charge }
  /** A penalty that was noted is not booked: nobody can say whose it is. Told once. */
  | { type: 'penalty.notRated'; incident: Incident; rated: PenaltyNotRated }
  /** Closes a period of a principal: its statement, and what partners get of it. */
  | { type: 'statement.freeze'; statement: FrozenStatement }
  | { type: 'settlement.progress'; paidStatementIds: readonly string[]; settledOrderIds: readonly string[] }
  /** Something of settlement cannot be done, and others go on; `reason` null: it is done now. */
  | { type: 'settlement.failed'; platformId: string; step: SettlementStep; id: string; reason: string | null }
  | { type: 'payment.topUp'; key: string; principalId: string; amountFen: bigint; channel: string }
  /** A statement below zero was paid in at a rail; `paymentId` is its key. */
  | { type: 'payment.collected'; paymentId: string; principalId: string; amountFen: bigint; channel: string }
  /** A payment rail said that it paid a principal out. */
  | { type: 'payment.paidOut'; key: string; principalId: string; amountFen: bigint; channel: string }
  /** A statement is not paid out, and will not be until somebody has seen to it; its payment in the end returns that to normal. */
  | { type: 'payment.payoutFailed'; statementId: string; principalId: string; reason: string }
  /** A carrier wants so much of its balance back: it is held until the rail has paid it out, or will not (`paidBy` null). */
  | { type: 'payment.withdraw'; key: string; principalId: string; amountFen: bigint }
  | { type: 'payment.withdrawalStuck'; key: string; principalId: string; reason: string }
  /** Where a principal is paid out changes soon: it is told, until that is so or refused (`change` null). `inForceFrom`: wall time, RFC 3339. */
  | { type: 'payment.receiverChanges'; principalId: string; change: { account: string; inForceFrom: string } | null }
  | { type: 'payment.withdrawn'; key: string; principalId: string; paidBy: string | null }
  /** The bill of the rail's day was compared with our payments; `differences` 0 ends the alarm of that day. */
  | { type: 'payment.reconciled'; channel: string; billDate: string; differences: number; detail: string }
  /** A carrier buys an offer of its contract; `key` names the package. Packages that are over go to their issuers. */
  | { type: 'package.buy'; principalId: string; key: string; offerId: string }
  | { type: 'package.expire'; principalId: string }
  /**
   * A deposit for the energy that a truck has on board, by the terms of its carrier's contract, and back. `energyWh`: in its last pack as the
   * platform measured it; null: as the books have it.
   */
  | { type: 'deposit.take'; truckId: string; note: string }
  | { type: 'deposit.return'; truckId: string; energyWh: bigint | null; note: string }
  /** `note`: why, for the audit log. */
  | { type: 'pack.correctCustody'; packId: string; kind: 'TRUCK' | 'SLOT' | 'STORE'; id: string; note: string }
  | { type: 'pack.clear'; packId: string; note: string }
  | { type: 'slot.setAside'; stationId: string; evseId: number; note: string }
  | { type: 'slot.return'; stationId: string; evseId: number; note: string }
  /** The caller has looked whether the alarm stands; `of` is what it concerns. */
  | { type: 'alarm.acknowledge'; alarmId: string; of: EntityRef; note: string | null }
  | { type: 'alarm.close'; alarmId: string; of: EntityRef; reason: string }
  | { type: 'alarm.shelve'; alarmId: string; of: EntityRef; point: AlarmPoint; untilMs: number; reason: string }
  | { type: 'alarm.unshelve'; alarmId: string; of: EntityRef; point: AlarmPoint }
  /** A person's command to a gateway; the caller has looked whether he may, and whether the arguments can be. */
  | ({
      type: 'command.send';
      commandId: string;
      source: SourceKind;
      id: string;
      of: EntityRef;
      expiresInMs: number;
      note: string;
    } & AnyCommand)
  /** A person writes to a truck, a station or a company; what shows it is told by a command of the same id. */
  | { type: 'notification.send'; of: EntityRef; to: Recipient; title: string; text: string; message: Omit<SentMessage, 'by'> }
  | { type: 'notification.read'; no: string; of: EntityRef }
  | { type: 'notification.answer'; no: string; of: EntityRef; answer: AdviceAnswer }
  /** `partyId`: for whom the person acts, the platform or the owner: what the platform stopped, only it lets go on. */
  | { type: 'station.open' | 'station.close'; stationId: string; partyId: string; note: string }
  | { type: 'truck.block' | 'truck.unblock'; truckId: string; partyId: string; note: string }
  | { type: 'swap.abort'; stationId: string; requestId: number; note: string }
  /** Parties agree: by somebody's draft, and by the word of each. The caller has looked whether it may be; `isWhole`: all have agreed. */
  | { type: 'agreement.draft'; agreement: Agreement }
  | { type: 'agreement.approve'; agreement: Agreement; partyId: string; isWhole: boolean }
  | { type: 'agreement.withdraw'; agreement: AgreementRef; note: string }
  /** Who or what takes part changes; refused with a code when custody, an order or money stands against it. */
  | { type: 'roster.act'; roster: RosterAct }
  /** A new or changed asset was registered; its definition is in the reference already. */
  | { type: 'asset.registered'; asset: 'station' | 'pack' | 'truck'; id: string };
