import { Type } from 'typebox';
import { PAYMENT_DIRECTIONS, PAYMENT_STATES, type PaymentRow } from '../../rail/payments.queries.ts';

const N = Type.Union([Type.String(), Type.Null()]);

/** Longer than the ids of actors: it holds a principal and a key. */
export const PaymentParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });

export const PaymentView = Type.Object({
  id: Type.String(),
  principalId: Type.String(),
  direction: Type.Enum([...PAYMENT_DIRECTIONS]),
  amountFen: Type.String(),
  currency: Type.Literal('CNY'),
  channel: Type.String(),
  state: Type.Enum([...PAYMENT_STATES]),
  statementId: Type.Union([Type.String(), Type.Null()], { description: 'that is paid out by it' }),
  cashierUrl: Type.Union([Type.String(), Type.Null()], { description: 'where it is paid, until it is' }),
  requestedBy: Type.String(),
  requestedAt: Type.String(),
  expiresAt: N,
  paidAt: Type.Union([Type.String(), Type.Null()], { description: "by the rail's clock" }),
  settledAt: Type.Union([Type.String(), Type.Null()], { description: 'when it was booked, scope time' }),
  providerRef: N,
  detail: N,
});

const timeText = (at: Date | null): string | null => at?.toISOString() ?? null;

export const paymentView = (row: PaymentRow) => ({
  id: row.payment_id,
  principalId: row.principal_id,
  direction: row.direction,
  amountFen: row.amount_fen.toString(),
  currency: 'CNY' as const,
  channel: row.channel,
  state: row.state,
  statementId: row.statement_id,
  cashierUrl: row.state === 'REQUESTED' ? row.cashier_url : null,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at.toISOString(),
  expiresAt: timeText(row.expires_at),
  paidAt: timeText(row.paid_at),
  settledAt: timeText(row.settled_at),
  providerRef: row.provider_ref,
  detail: row.detail,
});
