import type { Db } from '../db/db.ts';

/** DRAFTED: nothing of it is begun before another person approves it. */
export const PAYMENT_STATES = ['DRAFTED', 'REQUESTED', 'CONFIRMED', 'CLOSED', 'FAILED'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

export const PAYMENT_DIRECTIONS = ['TOP_UP', 'PAYOUT', 'WITHDRAWAL'] as const;
export type PaymentDirection = (typeof PAYMENT_DIRECTIONS)[number];

export interface PaymentRow {
  [column: string]: unknown;
  payment_id: string;
  principal_id: string;
  direction: PaymentDirection;
  channel: string;
  amount_fen: bigint;
  state: PaymentState;
  provider_ref: string | null;
  trade_no: string | null;
  statement_id: string | null;
  cashier_url: string | null;
  requested_by: string;
  /** Who paid in for his carrier from the road; null: nobody's driver. */
  driver_id: string | null;
  requested_at: Date;
  settled_at: Date | null;
  expires_at: Date | null;
  paid_at: Date | null;
  detail: string | null;
  checks: number;
  /** Parts that were refused before it was asked for again. */
  parts_before: number;
}

const COLUMNS = `payment_id, principal_id, direction, channel, amount_fen, state, provider_ref, trade_no, statement_id, cashier_url,
  requested_by, driver_id, requested_at, settled_at, expires_at, paid_at, detail, checks, parts_before`;

export async function findPayment(db: Db, platformId: string, paymentId: string): Promise<PaymentRow | null> {
  const { rows } = await db.query<PaymentRow>({
    text: `select ${COLUMNS} from payment where platform_id = $1 and payment_id = $2`,
    values: [platformId, paymentId],
  });
  return rows[0] ?? null;
}

/** One that is known to be there. @throws Error when it is not: a bug, payments are never deleted */
export async function existingPayment(db: Db, platformId: string, paymentId: string): Promise<PaymentRow> {
  const row = await findPayment(db, platformId, paymentId);
  if (row === null) throw new Error(`the payment ${paymentId} is gone`);
  return row;
}

/** Newest first. @param principalId null: of all @param driverId null: whoever asked for it */
export async function listPayments(
  db: Db,
  platformId: string,
  query: {
    principalId: string | null;
    driverId: string | null;
    direction: string | null;
    state: string | null;
    limit: number;
    after: readonly string[] | null;
  },
): Promise<PaymentRow[]> {
  const { rows } = await db.query<PaymentRow>({
    text: `select ${COLUMNS} from payment where platform_id = $1 and ($2::text is null or principal_id = $2)
              and ($3::text is null or direction = $3) and ($4::text is null or state = $4)
              and ($5::timestamptz is null or (requested_at, payment_id) < ($5, $6))
              and ($8::text is null or driver_id = $8)
            order by requested_at desc, payment_id desc limit $7`,
    values: [
      platformId,
      query.principalId,
      query.direction,
      query.state,
      query.after?.[0] ?? null,
      query.after?.[1] ?? null,
      query.limit,
      query.driverId,
    ],
  });
  return rows;
}

export async function findPaymentOfTrade(db: Db, platformId: string, channel: string, tradeNo: string): Promise<PaymentRow | null> {
  const { rows } = await db.query<PaymentRow>({
    text: `select ${COLUMNS} from payment where platform_id = $1 and channel = $2 and trade_no = $3`,
    values: [platformId, channel, tradeNo],
  });
  return rows[0] ?? null;
}

/** By which a statement is or was to be paid in, oldest first. */
export async function paymentsOfStatement(db: Db, platformId: string, statementId: string): Promise<PaymentRow[]> {
  const { rows } = await db.query<PaymentRow>({
    text: `select ${COLUMNS} from payment where platform_id = $1 and statement_id = $2 and direction = 'TOP_UP' order by requested_at, payment_id`,
    values: [platformId, statementId],
  });
  return rows;
}

export interface NewPayment {
  readonly paymentId: string;
  readonly principalId: string;
  readonly direction: PaymentDirection;
  readonly channel: string;
  readonly amountFen: bigint;
  readonly tradeNo: string | null;
  readonly statementId: string | null;
  readonly requestedBy: string;
  /** Absent: no driver asked for it. */
  readonly driverId?: string | null;
  readonly requestedScopeMs: number;
  readonly expiresWallMs: number | null;
  readonly nextCheckWallMs: number;
  /** It waits for a second person; default: it does not. */
  readonly isDrafted?: boolean;
}

/** A payment that is asked for, not booked: only the writer's transaction confirms it. */
export async function insertPayment(db: Db, platformId: string, payment: NewPayment): Promise<void> {
  await db.query({
    text: `insert into payment (platform_id, payment_id, principal_id, direction, channel, amount_fen, state, trade_no, statement_id,
             requested_by, requested_at, expires_at, next_check_at, driver_id)
           values ($1, $2, $3, $4, $5, $6, $13, $7, $8, $9, $10, $11, $12, $14)`,
    values: [
      platformId,
      payment.paymentId,
      payment.principalId,
      payment.direction,
      payment.channel,
      payment.amountFen,
      payment.tradeNo,
      payment.statementId,
      payment.requestedBy,
      new Date(payment.requestedScopeMs),
      payment.expiresWallMs === null ? null : new Date(payment.expiresWallMs),
      new Date(payment.nextCheckWallMs),
      payment.isDrafted === true ? 'DRAFTED' : 'REQUESTED',
      payment.driverId ?? null,
    ],
  });
}

/** A draft becomes a payment that is looked after. @returns false when it is no draft any more */
export async function approvePayment(db: Db, platformId: string, paymentId: string, by: string, nextWallMs: number): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `update payment set state = 'REQUESTED', approved_by = $3, next_check_at = $4
            where platform_id = $1 and payment_id = $2 and state = 'DRAFTED'`,
    values: [platformId, paymentId, by, new Date(nextWallMs)],
  });
  return rowCount === 1;
}

/** A draft ends, with nothing begun. @returns false when it is no draft any more */
export async function refusePayment(db: Db, platformId: string, paymentId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `update payment set state = 'CLOSED', detail = 'NOT_APPROVED', next_check_at = null
            where platform_id = $1 and payment_id = $2 and state = 'DRAFTED'`,
    values: [platformId, paymentId],
  });
  return rowCount === 1;
}

export async function noteCashier(db: Db, platformId: string, paymentId: string, cashierUrl: string): Promise<void> {
  await db.query({
    text: 'update payment set cashier_url = $3 where platform_id = $1 and payment_id = $2',
    values: [platformId, paymentId, cashierUrl],
  });
}

/** Notes the rail's number and time before the money is booked. @throws pg.DatabaseError 23505 when another payment has that number */
export async function notePaid(
  db: Db,
  platformId: string,
  paymentId: string,
  paid: { providerRef: string; paidAtMs: number },
): Promise<void> {
  await db.query({
    text: 'update payment set provider_ref = $3, paid_at = $4 where platform_id = $1 and payment_id = $2',
    values: [platformId, paymentId, paid.providerRef, new Date(paid.paidAtMs)],
  });
}

/** Ends a payment that brought nothing; one that is confirmed stays so. */
export async function endPayment(db: Db, platformId: string, paymentId: string, state: 'CLOSED' | 'FAILED', detail: string): Promise<void> {
  await db.query({
    text: `update payment set state = $3, detail = $4, next_check_at = null
            where platform_id = $1 and payment_id = $2 and state = 'REQUESTED'`,
    values: [platformId, paymentId, state, detail],
  });
}

/** A payment that failed, or of which the rail refuses the rest, is asked for again. */
export async function reopenPayment(
  db: Db,
  platformId: string,
  paymentId: string,
  { partsBefore, nextWallMs }: { partsBefore: number; nextWallMs: number },
): Promise<void> {
  await db.query({
    text: `update payment set state = 'REQUESTED', detail = null, checks = 0, parts_before = $3, next_check_at = $4
            where platform_id = $1 and payment_id = $2 and (state = 'FAILED' or (state = 'REQUESTED' and detail is not null))`,
    values: [platformId, paymentId, partsBefore, new Date(nextWallMs)],
  });
}

export async function scheduleCheck(
  db: Db,
  platformId: string,
  paymentId: string,
  nextWallMs: number,
  detail: string | null,
): Promise<void> {
  await db.query({
    text: `update payment set checks = checks + 1, next_check_at = $3, detail = $4
            where platform_id = $1 and payment_id = $2 and state = 'REQUESTED'`,
    values: [platformId, paymentId, new Date(nextWallMs), detail],
  });
}

export async function paymentsToCheck(
  db: Db,
  platformId: string,
  { channel, wallMs, limit }: { channel: string; wallMs: number; limit: number },
): Promise<PaymentRow[]> {
  const { rows } = await db.query<PaymentRow>({
    text: `select ${COLUMNS} from payment where platform_id = $1 and state = 'REQUESTED' and channel = $2 and next_check_at <= $3
            order by next_check_at, payment_id limit $4`,
    values: [platformId, channel, new Date(wallMs), limit],
  });
  return rows;
}

export async function isNotificationKnown(db: Db, platformId: string, channel: string, notificationId: string): Promise<boolean> {
  const { rows } = await db.query({
    text: 'select 1 from payment_notification where platform_id = $1 and channel = $2 and notification_id = $3',
    values: [platformId, channel, notificationId],
  });
  return rows.length > 0;
}

export async function noteNotification(
  db: Db,
  platformId: string,
  notification: { channel: string; id: string; event: string },
): Promise<void> {
  await db.query({
    text: `insert into payment_notification (platform_id, channel, notification_id, event) values ($1, $2, $3, $4)
           on conflict do nothing`,
    values: [platformId, notification.channel, notification.id, notification.event],
  });
}

/** The account that mirrors a rail; made when the rail is first used. */
export async function ensureRailAccount(db: Db, platformId: string, accountId: string): Promise<void> {
  await db.query({
    text: `insert into account (platform_id, account_id, kind, floor_fen, opened_at) values ($1, $2, 'RAIL', null, now())
           on conflict do nothing`,
    values: [platformId, accountId],
  });
}

/** Payments of a channel that were booked without passing its rail: opening balances. */
export async function openingPayments(db: Db, platformId: string, channel: string): Promise<PaymentRow[]> {
  const { rows } = await db.query<PaymentRow>({
    text: `select ${COLUMNS} from payment where platform_id = $1 and channel = $2 and direction = 'TOP_UP' and state = 'CONFIRMED'
             and provider_ref is null`,
    values: [platformId, channel],
  });
  return rows;
}

export async function noteOpening(
  db: Db,
  platformId: string,
  opening: { paymentId: string; tradeNo: string; providerRef: string; paidAtMs: number },
): Promise<void> {
  await db.query({
    text: 'update payment set trade_no = $3, provider_ref = $4, paid_at = $5 where platform_id = $1 and payment_id = $2',
    values: [platformId, opening.paymentId, opening.tradeNo, opening.providerRef, new Date(opening.paidAtMs)],
  });
}
