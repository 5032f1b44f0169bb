import { Type } from 'typebox';
import type { PaymentContext } from './payment-context.ts';
import { noteOpening, openingPayments } from './payments.queries.ts';
import { tradeNumberOf } from './trade-number.ts';
import type { WechatTransport } from './wechat-transport.ts';

const Opening = Type.Object({ transaction_id: Type.String(), success_time: Type.String() });

/**
 * A new network begins with balances that nobody paid in. The sandbox is told of them, so that its books begin where ours do and
 * payouts have something to be paid out of. No provider has such a call.
 */
export async function tellOpenings({ database, platformId, rail }: PaymentContext, transport: WechatTransport): Promise<number> {
  const openings = await openingPayments(database.pool, platformId, rail.channel);
  for (const { payment_id, amount_fen, settled_at, requested_at } of openings) {
    const tradeNo = tradeNumberOf(payment_id);
    const { transaction_id, success_time } = await transport.call('POST', '/v3/sandbox/openings', Opening, {
      out_trade_no: tradeNo,
      amount: Number(amount_fen),
      success_time: (settled_at ?? requested_at).toISOString(),
    });
    const paidAtMs = Date.parse(success_time);
    await noteOpening(database.pool, platformId, { paymentId: payment_id, tradeNo, providerRef: transaction_id, paidAtMs });
  }
  return openings.length;
}
