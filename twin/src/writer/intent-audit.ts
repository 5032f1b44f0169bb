import { parseRef } from '@corridor/actors/network/entity-ref';
import type { Intent } from '@corridor/actors/network/input';
import { slotIdOf, swapIdOf } from '@corridor/protocols/ids';

/** What a person asked of the network and why, as the audit log keeps it. */
export interface AuditEntry {
  readonly atMs: number;
  readonly userId: string;
  readonly action: string;
  readonly entityKind: AuditedKind;
  readonly entityId: string;
  readonly after: object;
  /** Key by which the person asked for it; null: none, or nothing came of it. */
  readonly requestId: string | null;
}

/** Things whose owner reads what was done to them. */
export const AUDITED_KINDS = ['order', 'principal', 'truck', 'pack', 'slot', 'station', 'swap', 'bay', 'gateway', 'account'] as const;
export type AuditedKind = (typeof AUDITED_KINDS)[number];

/**
 * Acts of people on money and assets. The entry says what was asked; what became of it is in the transitions of the entity, and in the
 * transfers of the same batch.
 */
export function auditOf(intent: Intent, by: string, atMs: number): Omit<AuditEntry, 'requestId'> | null {
  const subject = subjectOf(intent);
  if (subject === null) return null;
  return { atMs, userId: by, action: intent.type, entityKind: subject[0], entityId: subject[1], after: askedOf(intent) };
}

function subjectOf(intent: Intent): readonly [AuditedKind, string] | null {
  switch (intent.type) {
    case 'order.confirm':
    case 'order.cancel':
    case 'order.repair':
    case 'order.writeOff':
      return ['order', intent.orderId];
    case 'payment.topUp':
    case 'payment.paidOut':
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
    case 'swap.resume':
      return ['swap', swapIdOf(intent.stationId, intent.requestId)];
    case 'truck.block':
    case 'truck.unblock':
      return ['truck', intent.truckId];
    case 'alarm.acknowledge':
    case 'alarm.close': {
      const { kind, id } = parseRef(intent.of);
      return [kind, id];
    }
    default:
      return null;
  }
}

/** What was asked, without what the entry itself says; amounts as text, as everywhere on the wire. */
export function askedOf(intent: Intent): object {
  const { type: _, ...asked } = intent;
  return JSON.parse(JSON.stringify(asked, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))) as object;
}
