import {
  type CallbackRefusal,
  CallbackRefusedError,
  RailAnswerForgedError,
  RailRefusedError,
  RailUnreachableError,
} from '../../rail/payment-rail.ts';
import { type PaymentRefusal, PaymentRefusedError } from '../../rail/payment-refused.ts';
import { ProblemError } from '../problem.ts';

const STATUS: Record<CallbackRefusal, number> = {
  CALLBACK_HEADERS_MISSING: 400,
  CALLBACK_TIMESTAMP_OLD: 401,
  CALLBACK_SERIAL_UNKNOWN: 401,
  CALLBACK_SIGNATURE_INVALID: 401,
  CALLBACK_BODY_INVALID: 400,
  CALLBACK_NOT_DECRYPTABLE: 400,
  CALLBACK_EVENT_UNKNOWN: 422,
  CALLBACK_MERCHANT_MISMATCH: 422,
  CURRENCY_UNSUPPORTED: 422,
  AMOUNT_MISMATCH: 422,
  PAYMENT_UNKNOWN: 404,
  PROVIDER_REF_USED: 409,
};

const CONFLICTS: readonly PaymentRefusal[] = [
  'KEY_USED_WITH_OTHER_AMOUNT',
  'KEY_USED_WITH_OTHER_CHANNEL',
  'PAYMENT_NOT_FAILED',
  'PAYMENT_NOT_DRAFTED',
  'STATEMENT_NOT_DUE',
  'WITHDRAWAL_ENDED',
  'COOLING_NOT_WAIVABLE',
];

const statusOf = (code: PaymentRefusal): number => {
  if (code === 'SECOND_PERSON_NEEDED') return 403;
  return CONFLICTS.includes(code) ? 409 : 422;
};

/** What the rail, or our own rules of payments, refuse, as a problem with its stable code. @throws ProblemError */
export async function asProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof CallbackRefusedError) throw new ProblemError(STATUS[cause.code], cause.code, cause.message);
    if (cause instanceof PaymentRefusedError) throw new ProblemError(statusOf(cause.code), cause.code, cause.message);
    if (cause instanceof RailRefusedError) throw new ProblemError(422, cause.code, cause.message);
    if (cause instanceof RailUnreachableError || cause instanceof RailAnswerForgedError)
      throw new ProblemError(503, cause.code, `${cause.message}; try again with the same key`);
    throw cause;
  }
}
