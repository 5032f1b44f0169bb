import type { Static, TSchema } from 'typebox';
import {
  type BillRow,
  type PaymentRail,
  type PayoutReceiver,
  type PrepayOrder,
  RailAnswerForgedError,
  type RailNotification,
  type RailRefund,
  RailRefusedError,
  type RailShare,
  type RailTrade,
  RailUnreachableError,
  type RefundOrder,
  type ShareOrder,
  type SignedMessage,
} from './payment-rail.ts';
import type { PlatformKeys } from './platform-keys.ts';
import {
  BillAnswer,
  NativeAnswer,
  Nothing,
  ReceiverAnswer,
  Refund,
  refundOf,
  ShareAnswer,
  shareOf,
  Transaction,
  tradeOf,
} from './wechat-answers.ts';
import { readShareBill, readTradeBill } from './wechat-bill.ts';
import { readWechatCallback } from './wechat-callback.ts';
import { encryptField, type Merchant } from './wechat-signature.ts';
import type { WechatTransport } from './wechat-transport.ts';

export interface WechatRailOptions {
  readonly channel: string;
  readonly merchant: Merchant;
  readonly keys: PlatformKeys;
  /** Where the rail sends its callbacks. */
  readonly notifyUrl: () => string;
  readonly wallNowMs: () => number;
}

const OFFSET_MS = 8 * 3_600_000;
/** `2026-11-22T18:30:00+08:00`, as the rail writes times. */
const railTime = (atMs: number): string => `${new Date(atMs + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;

const TRADES = '/v3/pay/transactions';
const REFUNDS = '/v3/refund/domestic/refunds';

/**
 * An answer is signed, and not what it answers: one that was given to another question would pass for this one's.
 * @throws RailAnswerForgedError
 */
function assertAbout(answeredNo: string, askedNo: string): void {
  if (answeredNo !== askedNo) throw new RailAnswerForgedError(`the answer to ${askedNo} is about ${answeredNo}`);
}

/** Client of WeChat Pay API v3 in the mode of one merchant: native orders, refunds, profit sharing, bills. */
export class WechatRail implements PaymentRail {
  readonly channel: string;
  readonly #options: WechatRailOptions;
  readonly #transport: WechatTransport;

  constructor(options: WechatRailOptions, transport: WechatTransport) {
    this.channel = options.channel;
    this.#options = options;
    this.#transport = transport;
  }

  async prepay({ tradeNo, amountFen, description, expiresAtMs }: PrepayOrder): Promise<{ cashierUrl: string }> {
    const { merchantId: mchid, appId: appid } = this.#options.merchant;
    const { code_url } = await this.#transport.call('POST', `${TRADES}/native`, NativeAnswer, {
      appid,
      mchid,
      description,
      out_trade_no: tradeNo,
      time_expire: railTime(expiresAtMs),
      notify_url: this.#options.notifyUrl(),
      amount: { total: Number(amountFen), currency: 'CNY' },
      settle_info: { profit_sharing: true },
    });
    return { cashierUrl: code_url };
  }

  async trade(tradeNo: string): Promise<RailTrade | null> {
    const target = `${TRADES}/out-trade-no/${encodeURIComponent(tradeNo)}?mchid=${this.#options.merchant.merchantId}`;
    const found = await this.#orNull(target, Transaction, 'ORDER_NOT_EXIST');
    if (found === null) return null;
    assertAbout(found.out_trade_no, tradeNo);
    return tradeOf(found);
  }

  async close(tradeNo: string): Promise<'CLOSED' | 'PAID_ALREADY' | 'UNKNOWN'> {
    const { merchantId: mchid } = this.#options.merchant;
    try {
      await this.#transport.call('POST', `${TRADES}/out-trade-no/${encodeURIComponent(tradeNo)}/close`, Nothing, { mchid });
      return 'CLOSED';
    } catch (cause) {
      if (!(cause instanceof RailRefusedError)) throw cause;
      if (cause.railCode === 'ORDERPAID') return 'PAID_ALREADY';
      if (cause.railCode === 'ORDER_CLOSED') return 'CLOSED';
      if (cause.railCode === 'ORDER_NOT_EXIST') return 'UNKNOWN';
      throw cause;
    }
  }

  async refund({ refundNo, tradeNo, amountFen, totalFen, reason }: RefundOrder): Promise<RailRefund> {
    // What was asked for before is asked about: a number that is taken is not refunded twice, but refused when it is done.
    const known = await this.refundState(refundNo);
    if (known !== null) return known;
    const refund = await this.#transport.call('POST', REFUNDS, Refund, {
      out_trade_no: tradeNo,
      out_refund_no: refundNo,
      reason,
      notify_url: this.#options.notifyUrl(),
      amount: { refund: Number(amountFen), total: Number(totalFen), currency: 'CNY' },
    });
    assertAbout(refund.out_refund_no, refundNo);
    return refundOf(refund);
  }

  async refundState(refundNo: string): Promise<RailRefund | null> {
    const found = await this.#orNull(`${REFUNDS}/${encodeURIComponent(refundNo)}`, Refund, 'RESOURCE_NOT_EXISTS');
    if (found === null) return null;
    assertAbout(found.out_refund_no, refundNo);
    return refundOf(found);
  }

  async addReceiver({ account, name }: PayoutReceiver): Promise<void> {
    const newest = this.#options.keys.newest();
    if (newest === null) throw new RailUnreachableError('there is no public key of the payment rail to encrypt a name with');
    const receiver = {
      appid: this.#options.merchant.appId,
      type: 'MERCHANT_ID',
      account,
      name: encryptField(name, newest.key),
      relation_type: 'PARTNER',
    };
    await this.#transport.call('POST', '/v3/profitsharing/receivers/add', ReceiverAnswer, receiver, newest.serial);
  }

  async share({ shareNo, transactionId, receiver, amountFen, description }: ShareOrder): Promise<RailShare> {
    const { account } = receiver;
    const share = await this.#transport.call('POST', '/v3/profitsharing/orders', ShareAnswer, {
      appid: this.#options.merchant.appId,
      transaction_id: transactionId,
      out_order_no: shareNo,
      receivers: [{ type: 'MERCHANT_ID', account, amount: Number(amountFen), description }],
      unfreeze_unsplit: false,
    });
    assertAbout(share.out_order_no, shareNo);
    return shareOf(share);
  }

  async shareState({ shareNo, transactionId }: { shareNo: string; transactionId: string }): Promise<RailShare | null> {
    const target = `/v3/profitsharing/orders/${encodeURIComponent(shareNo)}?transaction_id=${encodeURIComponent(transactionId)}`;
    const found = await this.#orNull(target, ShareAnswer, 'RESOURCE_NOT_EXISTS');
    if (found === null) return null;
    assertAbout(found.out_order_no, shareNo);
    return shareOf(found);
  }

  async bill(billDate: string): Promise<readonly BillRow[]> {
    const tradeText = await this.#billText(`/v3/bill/tradebill?bill_date=${billDate}&bill_type=ALL`);
    const shareText = await this.#billText(`/v3/profitsharing/bills?bill_date=${billDate}`);
    return [...(tradeText === null ? [] : readTradeBill(tradeText)), ...(shareText === null ? [] : readShareBill(shareText))];
  }

  readCallback(message: SignedMessage): RailNotification {
    return readWechatCallback(message, this.#options);
  }

  /** null: nothing moved on that day. */
  async #billText(target: string): Promise<string | null> {
    const announced = await this.#orNull(target, BillAnswer, 'NO_STATEMENT_EXIST');
    return announced === null ? null : this.#transport.download(announced.download_url, announced.hash_value);
  }

  /** @param unknown the rail's word for what is not there */
  async #orNull<T extends TSchema>(target: string, answer: T, unknown: string): Promise<Static<T> | null> {
    try {
      return await this.#transport.call('GET', target, answer);
    } catch (cause) {
      if (cause instanceof RailRefusedError && cause.railCode === unknown) return null;
      throw cause;
    }
  }
}
