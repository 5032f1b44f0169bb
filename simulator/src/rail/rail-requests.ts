import { type Static, type TSchema, Type } from 'typebox';
import { Check } from 'typebox/value';
import { RailRefusal } from './rail-refusal.ts';

/** Requests of merchants, in the provider's own words. */
const Number32 = Type.String({ pattern: '^[0-9A-Za-z_\\-|*]{6,32}$' });
const Fen = Type.Integer({ minimum: 1, maximum: 100_000_000_000 });

export const NativeRequest = Type.Object({
  appid: Type.String(),
  mchid: Type.String(),
  description: Type.String({ minLength: 1, maxLength: 127 }),
  out_trade_no: Number32,
  time_expire: Type.String(),
  notify_url: Type.String({ pattern: '^https?://' }),
  amount: Type.Object({ total: Fen, currency: Type.Literal('CNY') }),
});
export const CloseRequest = Type.Object({ mchid: Type.String() });
export const OpeningRequest = Type.Object({ out_trade_no: Number32, amount: Fen, success_time: Type.String() });
export const RefundRequest = Type.Object({
  out_trade_no: Number32,
  out_refund_no: Number32,
  amount: Type.Object({ refund: Fen, total: Fen, currency: Type.Literal('CNY') }),
});
export const ReceiverRequest = Type.Object({
  appid: Type.String(),
  type: Type.Literal('MERCHANT_ID'),
  account: Type.String({ minLength: 1, maxLength: 64 }),
  name: Type.String({ minLength: 1 }),
  relation_type: Type.String(),
});
export const ShareRequest = Type.Object({
  appid: Type.String(),
  transaction_id: Type.String(),
  out_order_no: Number32,
  receivers: Type.Tuple([
    Type.Object({ type: Type.Literal('MERCHANT_ID'), account: Type.String(), amount: Fen, description: Type.String({ maxLength: 80 }) }),
  ]),
  unfreeze_unsplit: Type.Boolean(),
});

/** @throws RailRefusal PARAM_ERROR */
export function checked<T extends TSchema>(schema: T, value: unknown): Static<T> {
  if (!Check(schema, value)) throw new RailRefusal(400, 'PARAM_ERROR', 'the request is not of the form that is documented');
  return value;
}
