import { type Static, Type } from 'typebox';
import { type RailRefund, type RailShare, type RailTrade, TRADE_STATES } from './payment-rail.ts';

/** Answers and decrypted notifications of WeChat Pay API v3, as far as we read them: fields that we do not know are let pass. */
const Fen = Type.Integer({ minimum: 0 });

export const NativeAnswer = Type.Object({ code_url: Type.String({ minLength: 1 }) });
export const Nothing = Type.Null();

export const Transaction = Type.Object({
  appid: Type.String(),
  mchid: Type.String(),
  out_trade_no: Type.String(),
  transaction_id: Type.Optional(Type.String()),
  trade_state: Type.Enum([...TRADE_STATES]),
  success_time: Type.Optional(Type.String()),
  amount: Type.Optional(Type.Object({ total: Fen, currency: Type.Optional(Type.String()) })),
});
export type Transaction = Static<typeof Transaction>;

export const Refund = Type.Object({
  refund_id: Type.String(),
  out_refund_no: Type.String(),
  status: Type.Enum(['SUCCESS', 'PROCESSING', 'CLOSED', 'ABNORMAL']),
  success_time: Type.Optional(Type.String()),
  amount: Type.Object({ refund: Fen, currency: Type.Optional(Type.String()) }),
});
/** A notification of a refund names its state otherwise. */
export const RefundNotified = Type.Object({ mchid: Type.String(), out_refund_no: Type.String(), refund_status: Type.String() });

const ShareReceiver = Type.Object({
  account: Type.String(),
  amount: Fen,
  result: Type.Enum(['PENDING', 'SUCCESS', 'CLOSED']),
  fail_reason: Type.Optional(Type.String()),
  finish_time: Type.Optional(Type.String()),
});
export const ShareAnswer = Type.Object({
  transaction_id: Type.String(),
  out_order_no: Type.String(),
  order_id: Type.String(),
  state: Type.Enum(['PROCESSING', 'FINISHED']),
  receivers: Type.Array(ShareReceiver, { minItems: 1 }),
});
export type ShareAnswer = Static<typeof ShareAnswer>;
export const ShareNotified = Type.Object({ mchid: Type.String(), transaction_id: Type.String(), out_order_no: Type.String() });

export const ReceiverAnswer = Type.Object({ account: Type.String() });
export const BillAnswer = Type.Object({ download_url: Type.String(), hash_type: Type.Literal('SHA1'), hash_value: Type.String() });

function timeOf(text: string | undefined): number | null {
  const atMs = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(atMs) ? null : atMs;
}

export function tradeOf(transaction: Transaction): RailTrade {
  return {
    tradeNo: transaction.out_trade_no,
    transactionId: transaction.transaction_id ?? null,
    state: transaction.trade_state,
    amountFen: BigInt(transaction.amount?.total ?? 0),
    currency: transaction.amount?.currency ?? 'CNY',
    merchantId: transaction.mchid,
    appId: transaction.appid,
    paidAtMs: timeOf(transaction.success_time),
  };
}

export const refundOf = (refund: Static<typeof Refund>): RailRefund => ({
  refundNo: refund.out_refund_no,
  refundId: refund.refund_id,
  state: refund.status,
  amountFen: BigInt(refund.amount.refund),
  currency: refund.amount.currency ?? 'CNY',
  finishedAtMs: timeOf(refund.success_time),
});

/** We pay one receiver at a time. */
export function shareOf(answer: ShareAnswer): RailShare {
  const [receiver] = answer.receivers;
  return {
    shareNo: answer.out_order_no,
    orderId: answer.order_id,
    state: receiver?.result ?? 'PENDING',
    amountFen: BigInt(receiver?.amount ?? 0),
    receiverAccount: receiver?.account ?? '',
    failReason: receiver?.fail_reason ?? null,
    finishedAtMs: timeOf(receiver?.finish_time),
  };
}
