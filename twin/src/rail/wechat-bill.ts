import { type BillRow, RailUnreachableError } from './payment-rail.ts';

/**
 * Bills of WeChat Pay: lines of fields, each field after a backtick, then a line of headings and one of sums. A library for CSV
 * reads them wrong (the backtick is no quote), and amounts are yuan with two decimals.
 */
const TRADE = { ourNo: 6, railNo: 5, state: 9, currency: 11, amount: 12, refundRailNo: 14, refundNo: 15, refund: 16, refundState: 19 };
const TRADE_FIELDS = 27;
const SHARE = { railNo: 4, ourNo: 6, amount: 9, state: 11 };
const SHARE_FIELDS = 14;
const YUAN = /^(\d{1,13})(?:\.(\d{1,2}))?$/;

/** @throws RailUnreachableError when it is no bill of trades */
export function readTradeBill(text: string): BillRow[] {
  return detailLines(text, TRADE_FIELDS).map((field) => {
    const state = field(TRADE.state);
    const currency = field(TRADE.currency);
    if (state === 'REFUND') {
      return {
        kind: 'REFUND',
        ourNo: field(TRADE.refundNo),
        railNo: field(TRADE.refundRailNo),
        amountFen: fenOf(field(TRADE.refund)),
        state: field(TRADE.refundState),
        currency,
      };
    }
    return {
      kind: 'TOP_UP',
      ourNo: field(TRADE.ourNo),
      railNo: field(TRADE.railNo),
      amountFen: fenOf(field(TRADE.amount)),
      state,
      currency,
    };
  });
}

/** @throws RailUnreachableError when it is no bill of payouts */
export function readShareBill(text: string): BillRow[] {
  return detailLines(text, SHARE_FIELDS).map((field) => ({
    kind: 'PAYOUT',
    ourNo: field(SHARE.ourNo),
    railNo: field(SHARE.railNo),
    amountFen: fenOf(field(SHARE.amount)),
    state: field(SHARE.state) === '分账成功' ? 'SUCCESS' : field(SHARE.state),
    currency: 'CNY',
  }));
}

type Field = (index: number) => string;

function detailLines(text: string, fields: number): Field[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const details = lines.slice(1).filter((line) => line.startsWith('`'));
  // The last line that begins with a backtick is the sum, after a heading of its own.
  const sums = details.pop();
  if (sums === undefined) throw new RailUnreachableError('the bill has no sums');
  const rows = details.map((line) => line.slice(1).split(',`'));
  if (Number(sums.slice(1).split(',`')[0]) !== rows.length)
    throw new RailUnreachableError(`the bill has ${rows.length} lines and announces ${sums.slice(1).split(',`')[0]}`);
  for (const row of rows) if (row.length !== fields) throw new RailUnreachableError(`a line of the bill has ${row.length} fields`);
  return rows.map((row) => (index) => row[index] ?? '');
}

/** Yuan as text, to fen, without a float. @throws RailUnreachableError */
export function fenOf(yuan: string): bigint {
  const [, whole, decimals] = YUAN.exec(yuan) ?? [];
  if (whole === undefined) throw new RailUnreachableError(`the bill names the amount ${yuan}`);
  return BigInt(whole) * 100n + BigInt((decimals ?? '').padEnd(2, '0'));
}
