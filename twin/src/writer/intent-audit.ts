import type { Intent } from '@corridor/actors/network/input';

/** What a person asked of the network and why, as the audit log keeps it. */
export interface AuditEntry {
  readonly atMs: number;
  readonly userId: string;
  readonly action: string;
  readonly entityKind: 'order';
  readonly entityId: string;
  readonly after: object;
}

/** Acts on money that a person decides. The entry says what was asked; what became of it is in the transitions of the entity. */
export function auditOf(intent: Intent, by: string, atMs: number): AuditEntry | null {
  if (intent.type !== 'order.repair' && intent.type !== 'order.writeOff') return null;
  const { type, orderId, ...after } = intent;
  return { atMs, userId: by, action: type, entityKind: 'order', entityId: orderId, after };
}
