import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Text = Type.String();
const closed = { additionalProperties: false } as const;

/** What the twin tells somebody by itself: a code with what is said of it, worded by whoever shows it. Amounts are decimal text. */
export const Notice = Type.Union([
  Type.Object({ code: Type.Literal('SWAP_NOW'), plate: Text, socPercent: Type.Number() }, closed),
  Type.Object({ code: Type.Literal('PACK_RESERVED'), orderId: Text, stationId: Text }, closed),
  Type.Object({ code: Type.Literal('NO_CREDIT'), orderId: Text, truckId: Text, stationId: Text, yuan: Text }, closed),
  Type.Object({ code: Type.Literal('ORDER_ABNORMAL'), orderId: Text, truckId: Text, stationId: Text, reason: Text }, closed),
  Type.Object({ code: Type.Literal('BILL_FLAGGED'), orderId: Text, stationId: Text, reason: Text }, closed),
  Type.Object({ code: Type.Literal('STATEMENT_DUE'), statementId: Text, yuan: Text }, closed),
]);
export type Notice = Static<typeof Notice>;
export type NoticeOf<C extends Notice['code']> = Extract<Notice, { code: C }>;
export type NoticeWords = { [C in Notice['code']]: (said: NoticeOf<C>) => { title: string; text: string } };

/** In English: on the bus, and for clients that know no codes. */
export const NOTICE_ENGLISH: NoticeWords = {
  SWAP_NOW: ({ plate, socPercent }) => ({ title: 'Swap now', text: `${plate}: ${socPercent} % left` }),
  PACK_RESERVED: ({ stationId }) => ({
    title: `A pack is kept for you at ${stationId}`,
    text: 'It was reserved for you. Drive there and into the bay, or give it back.',
  }),
  NO_CREDIT: ({ orderId, truckId, stationId, yuan }) => ({
    title: 'Swap refused: not enough credit',
    text: `Order ${orderId} of truck ${truckId} at ${stationId} could not hold its quote of ${yuan} yuan.`,
  }),
  ORDER_ABNORMAL: ({ orderId, truckId, stationId, reason }) => ({
    title: 'Order needs review',
    text: `Order ${orderId} of truck ${truckId} at ${stationId} is abnormal: ${reason}.`,
  }),
  BILL_FLAGGED: ({ orderId, stationId, reason }) => ({
    title: 'Bill flagged',
    text: `Order ${orderId} at ${stationId} was billed and is flagged ${reason}: see its measured values.`,
  }),
  STATEMENT_DUE: ({ statementId, yuan }) => ({
    title: 'Statement to be paid in',
    text: `Statement ${statementId} is below zero: ${yuan} yuan are due.`,
  }),
};

/** A notice in the words of somebody's language. */
export function wordedNotice(words: NoticeWords, notice: Notice): { title: string; text: string } {
  // Each code has the words of its own notice, which a type of all of them cannot say.
  return (words[notice.code] as (said: Notice) => { title: string; text: string })(notice);
}

const shape = Compile(Notice);

/** As it is kept: what is said of it as text. @returns null: it is none, as what was told before notices had codes */
export function keptNotice(code: string, said: string): Notice | null {
  if (!(code in NOTICE_ENGLISH)) return null;
  const notice: unknown = { ...(JSON.parse(said) as object), code };
  return shape.Check(notice) ? notice : null;
}
