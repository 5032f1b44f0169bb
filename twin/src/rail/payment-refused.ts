export const PAYMENT_REFUSALS = [
  'KEY_USED_WITH_OTHER_AMOUNT',
  'KEY_USED_WITH_OTHER_CHANNEL',
  'INCOME_TOO_LOW',
  'RECEIVER_UNKNOWN',
  'RAIL_FUNDS_SHORT',
  'NO_INCOME_ACCOUNT',
  'PAYMENT_NOT_FAILED',
  'PAYMENT_NOT_DRAFTED',
  'SECOND_PERSON_NEEDED',
  'STATEMENT_NOT_DUE',
  'NO_CREDIT',
  'ACCOUNT_BLOCKED',
  'NOT_A_CARRIER',
  'AMOUNT_NOT_POSITIVE',
  'AMOUNT_ABOVE_LIMIT',
  'COOLING_NOT_WAIVABLE',
  'WITHDRAWAL_ENDED',
  'RAIL_REFUSED',
] as const;
export type PaymentRefusal = (typeof PAYMENT_REFUSALS)[number];

/** A payment that is not begun; nothing was changed. */
export class PaymentRefusedError extends Error {
  readonly code: PaymentRefusal;
  constructor(code: PaymentRefusal, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** The network refused to book what the rail moved: a bug of ours, or a principal that is gone. */
export class PaymentNotBookedError extends Error {
  readonly code = 'PAYMENT_NOT_BOOKED';
}
