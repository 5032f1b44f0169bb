import type { TSchema } from 'typebox';
import { type PaymentRail, RailRefusedError, RailUnreachableError } from './payment-rail.ts';
import type { PlatformKeys } from './platform-keys.ts';
import { BillAnswer, NativeAnswer, Nothing, ReceiverAnswer, Refund, ShareAnswer, shareOf, Transaction, tradeOf } from './wechat-answers.ts';
import { readShareBill, readTradeBill } from './wechat-bill.ts';
import { readWechatCallback } from './wechat-callback.ts';
import { encryptField, type Merchant } from './wechat-signature.ts';
import { WechatTransport } from './wechat-transport.ts';

export interface WechatRailOptions {
  readonly channel: string;
  readonly baseUrl: string;
  readonly merchant: Merchant;
  readonly keys: PlatformKeys;
  /** Where the rail sends its callbacks. */
  readonly notifyUrl: string;
  readonly wallNowMs: () => number;
  readonly newNonce: () => string;
}

const OFFSET_MS = 8 * 3_600_000;
/** `2026-11-22T18:30:00+08:00`, as the rail writes times. */
const railTime = (atMs: number): string => `${new Date(atMs + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;

/** Client of WeChat Pay API v3 in the mode of one merchant: native orders, refunds, profit sharing, bills. */
export function createWechatRail(options: WechatRailOptions): PaymentRail {
  const { channel, merchant, notifyUrl } = options;
  const { merchantId: mchid, appId: appid } = merchant;
  const transport = new WechatTransport(options);
  const trades = '/v3/pay/transactions';
  const orNull = async <T extends TSchema>(target: string, answer: T, unknown: readonly string[]) => {
    try {
      return await transport.call('GET', target, answer);
    } catch (cause) {
      if (cause instanceof RailRefusedError && unknown.includes(cause.railCode)) return null;
      throw cause;
    }
  };
  const billText = async (path: string): Promise<string | null> => {
    const announced = await orNull(path, BillAnswer, ['NO_STATEMENT_EXIST']);
    return announced === null ? null : transport.download(announced.download_url, announced.hash_value);
  };
  return {
    channel,
    async prepay({ tradeNo, amountFen, description, expiresAtMs }) {
      const { code_url } = await transport.call('POST', `${trades}/native`, NativeAnswer, {
        appid,
        mchid,
        description,
        out_trade_no: tradeNo,
        time_expire: railTime(expiresAtMs),
        notify_url: notifyUrl,
        amount: { total: Number(amountFen), currency: 'CNY' },
        settle_info: { profit_sharing: true },
      });
      return { cashierUrl: code_url };
    },
    async trade(tradeNo) {
      const found = await orNull(`${trades}/out-trade-no/${encodeURIComponent(tradeNo)}?mchid=${mchid}`, Transaction, ['ORDER_NOT_EXIST']);
      return found === null ? null : tradeOf(found);
    },
    async close(tradeNo) {
      try {
        await transport.call('POST', `${trades}/out-trade-no/${encodeURIComponent(tradeNo)}/close`, Nothing, { mchid });
        return 'CLOSED';
      } catch (cause) {
        if (!(cause instanceof RailRefusedError)) throw cause;
        if (cause.railCode === 'ORDERPAID') return 'PAID_ALREADY';
        if (cause.railCode === 'ORDER_CLOSED') return 'CLOSED';
        if (cause.railCode === 'ORDER_NOT_EXIST') return 'UNKNOWN';
        throw cause;
      }
    },
    async refund({ refundNo, tradeNo, amountFen, totalFen, reason }) {
      const { refund_id, out_refund_no, status } = await transport.call('POST', '/v3/refund/domestic/refunds', Refund, {
        out_trade_no: tradeNo,
        out_refund_no: refundNo,
        reason,
        notify_url: notifyUrl,
        amount: { refund: Number(amountFen), total: Number(totalFen), currency: 'CNY' },
      });
      return { refundNo: out_refund_no, refundId: refund_id, state: status };
    },
    async addReceiver({ account, name }) {
      const newest = options.keys.newest();
      if (newest === null) throw new RailUnreachableError('there is no public key of the payment rail to encrypt a name with');
      const receiver = { appid, type: 'MERCHANT_ID', account, name: encryptField(name, newest.key), relation_type: 'PARTNER' };
      await transport.call('POST', '/v3/profitsharing/receivers/add', ReceiverAnswer, receiver, newest.serial);
    },
    async share({ shareNo, transactionId, receiver, amountFen, description }) {
      const { account } = receiver;
      const share = await transport.call('POST', '/v3/profitsharing/orders', ShareAnswer, {
        appid,
        transaction_id: transactionId,
        out_order_no: shareNo,
        receivers: [{ type: 'MERCHANT_ID', account, amount: Number(amountFen), description }],
        unfreeze_unsplit: false,
      });
      return shareOf(share);
    },
    async shareState({ shareNo, transactionId }) {
      const target = `/v3/profitsharing/orders/${encodeURIComponent(shareNo)}?transaction_id=${encodeURIComponent(transactionId)}`;
      const found = await orNull(target, ShareAnswer, ['RESOURCE_NOT_EXISTS']);
      return found === null ? null : shareOf(found);
    },
    async bill(billDate) {
      const tradeText = await billText(`/v3/bill/tradebill?bill_date=${billDate}&bill_type=ALL`);
      const shareText = await billText(`/v3/profitsharing/bills?bill_date=${billDate}`);
      return [...(tradeText === null ? [] : readTradeBill(tradeText)), ...(shareText === null ? [] : readShareBill(shareText))];
    },
    readCallback: (message) => readWechatCallback(message, options),
  };
}
