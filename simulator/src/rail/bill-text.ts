import { railTime } from './rail-books.ts';
import type { RailStore, Refund } from './rail-store.ts';

const DAY_MS = 86_400_000;
const TRADE_HEAD =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const TRADE_SUM_HEAD = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
const SHARE_HEAD =
  '分账时间,分账发起方,分账方,微信订单号,微信分账/回退单号,分账明细单号,商户分账/回退单号,订单金额,分账接收方,分账金额(元),业务类型,处理状态,分账描述,备注';
const SHARE_SUM_HEAD = '总笔数,总金额';

/** A mistake in a bill, for those who have to find it. */
export type BillFault =
  | { readonly kind: 'DROP' | 'DUPLICATE'; readonly ourNo: string }
  | { readonly kind: 'AMOUNT'; readonly ourNo: string; readonly amountFen: number }
  | { readonly kind: 'STATE'; readonly ourNo: string; readonly state: string }
  | { readonly kind: 'ADD'; readonly ourNo: string; readonly amountFen: number };

interface Row {
  readonly ourNo: string;
  readonly amountFen: number;
  readonly state: string;
  readonly fields: (row: Row) => readonly string[];
}

export const yuan = (amountFen: number): string => `${Math.trunc(amountFen / 100)}.${String(amountFen % 100).padStart(2, '0')}`;

/** Bounds of a day of the rail, `YYYY-MM-DD` in Asia/Shanghai. */
export function dayOf(billDate: string): { fromMs: number; untilMs: number } {
  const fromMs = Date.parse(`${billDate}T00:00:00+08:00`);
  return { fromMs, untilMs: fromMs + DAY_MS };
}

/** What was paid in and refunded on a day, as the provider writes it; null: nothing was. */
export function tradeBill(store: RailStore, mchid: string, billDate: string, faults: readonly BillFault[]): string | null {
  const { fromMs, untilMs } = dayOf(billDate);
  const trades = store.tradesPaid(mchid, fromMs, untilMs).map((trade): Row => {
    const fields = (row: Row) =>
      [
        [railTime(trade.paidAtMs ?? 0), trade.appid, mchid, '0', '', trade.transactionId ?? '', row.ourNo, 'sandbox', 'NATIVE', row.state],
        ['OTHERS', 'CNY', yuan(row.amountFen), '0.00', '0', '0', '0.00', '0.00', '', '', trade.description, '', '0.00000', '0.00%'],
        [yuan(row.amountFen), '0.00', ''],
      ].flat();
    return { ourNo: trade.tradeNo, amountFen: trade.amountFen, state: 'SUCCESS', fields };
  });
  const isOfDay = ({ finishedAtMs }: Refund) => finishedAtMs !== null && finishedAtMs >= fromMs && finishedAtMs < untilMs;
  const done = store.refunds().filter((refund) => refund.mchid === mchid && refund.state === 'SUCCESS' && isOfDay(refund));
  const refunds = done.map((refund): Row => {
    const fields = (row: Row) =>
      [
        [
          railTime(refund.finishedAtMs ?? 0),
          '',
          mchid,
          '0',
          '',
          '',
          refund.tradeNo,
          'sandbox',
          'NATIVE',
          'REFUND',
          'OTHERS',
          'CNY',
          '0.00',
          '0.00',
        ],
        [refund.refundId, row.ourNo, yuan(row.amountFen), '0.00', 'ORIGINAL', row.state, '', '', '0.00000', '0.00%', '0.00'],
        [yuan(row.amountFen), ''],
      ].flat();
    return { ourNo: refund.refundNo, amountFen: refund.amountFen, state: 'SUCCESS', fields };
  });
  const rows = falsified([...trades, ...refunds], faults, (ourNo, amountFen) => ({
    ourNo,
    amountFen,
    state: 'SUCCESS',
    fields: (row) =>
      [
        [railTime(fromMs), '', mchid, '0', '', `4299${ourNo}`.slice(0, 28), row.ourNo, 'sandbox', 'NATIVE', row.state, 'OTHERS', 'CNY'],
        [yuan(row.amountFen), '0.00', '0', '0', '0.00', '0.00', '', '', '', '', '0.00000', '0.00%', yuan(row.amountFen), '0.00', ''],
      ].flat(),
  }));
  const total = yuan(rows.reduce((sum, { amountFen }) => sum + amountFen, 0));
  return textOf(TRADE_HEAD, rows, TRADE_SUM_HEAD, [String(rows.length), total, '0.00', '0.00', '0.00', total, '0.00']);
}

/** What was paid out on a day; null: nothing was. */
export function shareBill(store: RailStore, mchid: string, billDate: string, faults: readonly BillFault[]): string | null {
  const { fromMs, untilMs } = dayOf(billDate);
  const rows = store
    .shares()
    .filter((share) => share.mchid === mchid && share.finishedAtMs !== null && share.finishedAtMs >= fromMs && share.finishedAtMs < untilMs)
    .map((share): Row => {
      const fields = (row: Row) =>
        [
          [railTime(share.finishedAtMs ?? 0), mchid, mchid, share.transactionId, share.orderId, `${share.orderId}1`, row.ourNo, ''],
          [share.account, yuan(row.amountFen), '分账', row.state, share.description, ''],
        ].flat();
      return { ourNo: share.shareNo, amountFen: share.amountFen, state: share.state === 'CLOSED' ? '已关闭' : '分账成功', fields };
    });
  const changed = falsified(rows, faults, null);
  const total = yuan(changed.reduce((sum, { amountFen }) => sum + amountFen, 0));
  return textOf(SHARE_HEAD, changed, SHARE_SUM_HEAD, [String(changed.length), total]);
}

function falsified(
  rows: readonly Row[],
  faults: readonly BillFault[],
  invented: ((ourNo: string, amountFen: number) => Row) | null,
): Row[] {
  const changed = rows.flatMap((row) => {
    const fault = faults.find(({ ourNo }) => ourNo === row.ourNo);
    switch (fault?.kind) {
      case 'DROP':
        return [];
      case 'DUPLICATE':
        return [row, row];
      case 'AMOUNT':
        return [{ ...row, amountFen: fault.amountFen }];
      case 'STATE':
        return [{ ...row, state: fault.state }];
      case 'ADD':
      case undefined:
        return [row];
    }
  });
  const added = faults.flatMap((fault) => (fault.kind === 'ADD' && invented ? [invented(fault.ourNo, fault.amountFen)] : []));
  return [...changed, ...added];
}

const line = (fields: readonly string[]) => fields.map((field) => `\`${field}`).join(',');

function textOf(head: string, rows: readonly Row[], sumHead: string, sums: readonly string[]): string | null {
  if (rows.length === 0) return null;
  return `\uFEFF${[head, ...rows.map((row) => line(row.fields(row))), sumHead, line(sums)].join('\r\n')}\r\n`;
}
