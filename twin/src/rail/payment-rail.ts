/**
 * What the platform asks of a licensed payment institution, which holds and moves the money; the platform only instructs.
 * Every call may be repeated with the same number of ours and does its work once. Amounts are whole fen, the currency is CNY.
 */
export interface PaymentRail {
  /** As payments and the account `RAIL_<channel>` call it. */
  readonly channel: string;
  /** Opens an order to pay in. @returns where the payer pays it */
  prepay(order: PrepayOrder): Promise<{ cashierUrl: string }>;
  /** The order with our number; null: the rail does not know it. */
  trade(tradeNo: string): Promise<RailTrade | null>;
  /** Ends an order that is not paid. */
  close(tradeNo: string): Promise<'CLOSED' | 'PAID_ALREADY' | 'UNKNOWN'>;
  /** Pays a part of a trade back to who paid it; the same again tells how it stands. */
  refund(refund: RefundOrder): Promise<RailRefund>;
  /** The refund with our number; null: the rail does not know it. */
  refundState(refundNo: string): Promise<RailRefund | null>;
  /** Makes a receiver of payouts known to the rail. */
  addReceiver(receiver: PayoutReceiver): Promise<void>;
  /** Pays a part of a trade that was paid in out to a receiver. */
  share(share: ShareOrder): Promise<RailShare>;
  /** The payout with our number out of that trade; null: the rail does not know it. */
  shareState(share: { shareNo: string; transactionId: string }): Promise<RailShare | null>;
  /** Everything that the rail moved on a day of its own, `YYYY-MM-DD` in Asia/Shanghai. @throws RailRefusedError while there is none */
  bill(billDate: string): Promise<readonly BillRow[]>;
  /** Reads a callback. @throws CallbackRefusedError with a stable code when it is not the rail's, or not ours */
  readCallback(callback: SignedMessage): RailNotification;
}

/** Headers, lower case, and the bytes of a body, as they came. */
export interface SignedMessage {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface PrepayOrder {
  /** 6 to 32 characters of `A-Z a-z 0-9 _ - | *`. */
  readonly tradeNo: string;
  readonly amountFen: bigint;
  readonly description: string;
  /** Wall ms. */
  readonly expiresAtMs: number;
}

export const TRADE_STATES = ['NOTPAY', 'USERPAYING', 'SUCCESS', 'REFUND', 'CLOSED', 'REVOKED', 'PAYERROR'] as const;
export type TradeState = (typeof TRADE_STATES)[number];

export interface RailTrade {
  readonly tradeNo: string;
  /** The rail's number; null until it is paid. */
  readonly transactionId: string | null;
  readonly state: TradeState;
  readonly amountFen: bigint;
  readonly currency: string;
  readonly merchantId: string;
  readonly appId: string;
  /** Wall ms by the rail's clock; null until it is paid. */
  readonly paidAtMs: number | null;
}

export interface RefundOrder {
  readonly refundNo: string;
  readonly tradeNo: string;
  readonly amountFen: bigint;
  /** What was paid in. */
  readonly totalFen: bigint;
  readonly reason: string;
}
export interface RailRefund {
  readonly refundNo: string;
  readonly refundId: string;
  readonly state: 'SUCCESS' | 'PROCESSING' | 'CLOSED' | 'ABNORMAL';
  readonly amountFen: bigint;
  readonly currency: string;
  /** Wall ms by the rail's clock; null until then. */
  readonly finishedAtMs: number | null;
}

export interface PayoutReceiver {
  /** Merchant number of the receiver at the rail. */
  readonly account: string;
  readonly name: string;
}

export interface ShareOrder {
  readonly shareNo: string;
  readonly transactionId: string;
  readonly receiver: PayoutReceiver;
  readonly amountFen: bigint;
  readonly description: string;
}

export interface RailShare {
  readonly shareNo: string;
  /** The rail's number. */
  readonly orderId: string;
  readonly state: 'PENDING' | 'SUCCESS' | 'CLOSED';
  readonly amountFen: bigint;
  readonly receiverAccount: string;
  /** Why it is closed. */
  readonly failReason: string | null;
  /** Wall ms by the rail's clock; null until then. */
  readonly finishedAtMs: number | null;
}

/** A line of the rail's bill of a day. */
export interface BillRow {
  readonly kind: 'TOP_UP' | 'REFUND' | 'PAYOUT';
  /** Our number. */
  readonly ourNo: string;
  /** The rail's. */
  readonly railNo: string;
  readonly amountFen: bigint;
  readonly state: string;
  readonly currency: string;
}

export type RailNotification =
  | { readonly id: string; readonly event: 'TRADE'; readonly trade: RailTrade }
  | { readonly id: string; readonly event: 'SHARE'; readonly shareNo: string; readonly transactionId: string }
  | { readonly id: string; readonly event: 'REFUND'; readonly refundNo: string };

/** The rail did not answer, or not in a way that counts: ask again. */
export class RailUnreachableError extends Error {
  readonly code = 'RAIL_UNREACHABLE';
}

/** An answer that the rail did not sign, or that is to another question: nothing in it is believed. */
export class RailAnswerForgedError extends Error {
  readonly code = 'RAIL_ANSWER_FORGED';
}

/** The rail says no. */
export class RailRefusedError extends Error {
  readonly code = 'RAIL_REFUSED';
  readonly status: number;
  /** The rail's own word: `ORDERPAID`, `NOT_ENOUGH`, … */
  readonly railCode: string;
  constructor(options: { status: number; railCode: string; message: string }) {
    super(`the payment rail refuses: ${options.railCode} ${options.message}`.trim());
    this.status = options.status;
    this.railCode = options.railCode;
  }
}

export const CALLBACK_REFUSALS = [
  'CALLBACK_HEADERS_MISSING',
  'CALLBACK_TIMESTAMP_OLD',
  'CALLBACK_SERIAL_UNKNOWN',
  'CALLBACK_SIGNATURE_INVALID',
  'CALLBACK_BODY_INVALID',
  'CALLBACK_NOT_DECRYPTABLE',
  'CALLBACK_EVENT_UNKNOWN',
  'CALLBACK_MERCHANT_MISMATCH',
  'CURRENCY_UNSUPPORTED',
  'AMOUNT_MISMATCH',
  'PAYMENT_UNKNOWN',
  'PROVIDER_REF_USED',
] as const;
export type CallbackRefusal = (typeof CALLBACK_REFUSALS)[number];

/** What came is not taken, and changed nothing. */
export class CallbackRefusedError extends Error {
  readonly code: CallbackRefusal;
  constructor(code: CallbackRefusal, detail: string) {
    super(detail);
    this.code = code;
  }
}
