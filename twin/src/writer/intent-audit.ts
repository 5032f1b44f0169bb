import type { AccountContext } from '@corridor/actors/account/account.rules';
import { parseRef, refOf } from '@corridor/actors/network/entity-ref';
import type { Intent } from '@corridor/actors/network/input';
import type { Network } from '@corridor/actors/network/network';
import { stateText } from '@corridor/actors/network/state-text';
import type { BillOf, Correction } from '@corridor/actors/settlement/correction';
import { slotIdOf, swapIdOf } from '@corridor/protocols/ids';

/** What a person asked of the network and why, as the audit log keeps it. */
export interface AuditEntry {
  readonly atMs: number;
  readonly userId: string;
  readonly action: string;
  readonly entityKind: AuditedKind;
  readonly entityId: string;
  /** How the entity stood when it was asked; null: it did not exist, or is over. */
  readonly before: object | null;
  readonly after: object;
  /** Key by which the person asked for it; null: none. One that was refused is not used up. */
  readonly requestId: string | null;
  readonly outcome: AuditOutcome;
  /** The answer by its code: `DONE`, `PLACE_TAKEN`. */
  readonly code: string;
}

export const AUDIT_OUTCOMES = ['DONE', 'REFUSED'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** What was asked, before it is known what came of it. */
export type AskedEntry = Omit<AuditEntry, 'requestId' | 'outcome' | 'code'>;

/** Things whose owner reads what was done to them. */
export const AUDITED_KINDS = [
  'agreement',
  'order',
  'charge',
  'principal',
  'truck',
  'pack',
  'slot',
  'station',
  'swap',
  'bay',
  'gateway',
  'account',
] as const;
export type AuditedKind = (typeof AUDITED_KINDS)[number];

/**
 * Acts of people on money and assets. The entry says what was asked; what became of it is in the transitions of the entity, and in the
 * transfers of the same batch.
 */
export function auditOf(intent: Intent, by: string, atMs: number, network: Pick<Network, 'view'>): AskedEntry | null {
  const subject = subjectOf(intent);
  if (subject === null) return null;
  const [entityKind, entityId] = subject;
  const before = standingOf(intent, subject, network);
  return { atMs, userId: by, action: intent.type, entityKind, entityId, before, after: askedOf(intent) };
}

/** The state of the entity's actor; of a principal, of its account with what is in it. */
function standingOf(intent: Intent, [kind, id]: readonly [AuditedKind, string], network: Pick<Network, 'view'>): object | null {
  // An order that was billed has no actor any more, and a charge never had one; what is changed stands in the bill.
  if (intent.type === 'correction.book') return intent.correction.disputeId === null ? null : { disputeState: 'OPEN' };
  // Nobody's actor: what it was is in its own row, with everybody who agreed.
  if (kind === 'agreement' || kind === 'charge') return null;
  const view = network.view(refOf(kind === 'principal' ? 'account' : kind, id));
  if (view === undefined) return null;
  const state = stateText(view.value);
  if (kind !== 'principal') return { state };
  // Actors of that kind have these books.
  const { books } = view.context as AccountContext;
  return { state, prepaidFen: `${books.prepaidFen}`, heldFen: `${books.heldFen}`, incomeFen: `${books.incomeFen}` };
}

/** Acts on a dispute or a correction are acts on its bill: whom that concerns reads of them. */
export const subjectOfBill = ({ orderId, chargeId }: BillOf): readonly ['order' | 'charge', string] =>
  chargeId === null ? ['order', orderId] : ['charge', chargeId];

function subjectOf(intent: Intent): readonly [AuditedKind, string] | null {
  switch (intent.type) {
    case 'order.confirm':
    case 'order.cancel':
    case 'order.repair':
    case 'order.writeOff':
      return ['order', intent.orderId];
    case 'correction.book':
      return subjectOfBill(intent.correction);
    case 'agreement.draft':
    case 'agreement.approve':
      return ['agreement', intent.agreement.definition.id];
    case 'agreement.withdraw':
      return ['agreement', intent.agreement.id];
    case 'package.buy':
    case 'payment.topUp':
    case 'payment.collected':
    case 'payment.paidOut':
    case 'payment.withdraw':
    case 'payment.withdrawn':
      return ['principal', intent.principalId];
    case 'deposit.take':
    case 'deposit.return':
      return ['truck', intent.truckId];
    case 'pack.correctCustody':
    case 'pack.clear':
      return ['pack', intent.packId];
    case 'slot.setAside':
    case 'slot.return':
      return ['slot', slotIdOf(intent.stationId, intent.evseId)];
    case 'station.open':
    case 'station.close':
      return ['station', intent.stationId];
    case 'swap.abort':
      return ['swap', swapIdOf(intent.stationId, intent.requestId)];
    case 'truck.block':
    case 'truck.unblock':
      return ['truck', intent.truckId];
    case 'alarm.acknowledge':
    case 'alarm.close':
    case 'alarm.shelve':
    case 'alarm.unshelve':
    case 'command.send':
    case 'notification.send':
    case 'notification.answer': {
      const { kind, id } = parseRef(intent.of);
      return [kind, id];
    }
    default:
      return null;
  }
}

/** What was asked, without what the entry itself says; amounts as text, as everywhere on the wire. */
export function askedOf(intent: Intent): object {
  const { type: _, ...whole } = intent;
  const asked = intent.type === 'correction.book' ? correctionBrief(intent.correction) : whole;
  return JSON.parse(JSON.stringify(asked, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))) as object;
}

/** Its lines and shares are kept as rows of their own. */
const correctionBrief = ({ correctionId, cause, disputeId, reason, payableFen, lines }: Correction) => ({
  correctionId,
  cause,
  disputeId,
  reason,
  payableFen,
  changes: lines.map(({ ofLineNo, amountFen }) => ({ ofLineNo, amountFen })),
});
