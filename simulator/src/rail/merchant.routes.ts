import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type BillFault, shareBill, tradeBill } from './bill-text.ts';
import type { LostAnswers } from './lost-answers.ts';
import { type RegisteredMerchant, registeredMerchant } from './merchant-registry.ts';
import { type RailBooks, railTime, tradeContent } from './rail-books.ts';
import { decryptField, isRequestSigned, readAuthorization, signedHeaders } from './rail-crypto.ts';
import type { RailKeys } from './rail-keys.ts';
import { RailRefusal } from './rail-refusal.ts';
import { CloseRequest, checked, NativeRequest, OpeningRequest, ReceiverRequest, RefundRequest, ShareRequest } from './rail-requests.ts';
import type { RailStore, Refund, Share } from './rail-store.ts';

export interface MerchantRoutesOptions {
  readonly dir: string;
  readonly books: RailBooks;
  readonly store: RailStore;
  readonly keys: RailKeys;
  readonly wallNowMs: () => number;
  readonly billFaults: () => readonly BillFault[];
  readonly answers: LostAnswers;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose signature the request carries. */
    merchant: RegisteredMerchant | null;
  }
}

type Named = { Params: { no: string } };
type Billed = { Querystring: { bill_date?: string; kind?: string } };

/** The API of merchants: every request is signed, every answer too. */
export async function merchantRoutes(app: FastifyInstance, options: MerchantRoutesOptions): Promise<void> {
  const { dir, keys, wallNowMs, answers } = options;
  app.decorateRequest('merchant', null);
  // Signed is what came, byte by byte.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('preHandler', async (request) => {
    const given = readAuthorization(request.headers.authorization);
    const merchant = given === null ? null : registeredMerchant(dir, given.mchid);
    const signed = { method: request.method, target: request.url, body: bodyText(request), wallNowMs: wallNowMs() };
    if (given === null || merchant === null || !isRequestSigned(given, merchant, signed))
      throw new RailRefusal(401, 'SIGN_ERROR', 'the signature does not count');
    request.merchant = merchant;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode < 400 && answers.isLost(request.method, bodyText(request))) request.raw.socket.destroy();
    const text = typeof payload === 'string' ? payload : '';
    for (const [name, value] of Object.entries(signedHeaders(text, keys.current, wallNowMs()))) reply.header(name, value);
  });
  tradeRoutes(app, options);
  shareRoutes(app, options);
  billRoutes(app, options);
}

const bodyText = (request: FastifyRequest): string => (typeof request.body === 'string' ? request.body : '');
const jsonBody = (request: FastifyRequest): unknown => {
  try {
    return JSON.parse(bodyText(request));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new RailRefusal(400, 'PARAM_ERROR', 'the body is no JSON');
  }
};

function merchantOf(request: FastifyRequest): RegisteredMerchant {
  if (request.merchant === null) throw new RailRefusal(401, 'SIGN_ERROR', 'the request is not signed');
  return request.merchant;
}

function tradeRoutes(app: FastifyInstance, { books }: MerchantRoutesOptions): void {
  app.post('/v3/pay/transactions/native', async (request) => {
    const merchant = merchantOf(request);
    const asked = checked(NativeRequest, jsonBody(request));
    if (asked.mchid !== merchant.mchid || asked.appid !== merchant.appid)
      throw new RailRefusal(400, 'MCHID_APPID_MISMATCH', 'merchant and app do not belong together');
    const expiresAtMs = Date.parse(asked.time_expire);
    if (Number.isNaN(expiresAtMs)) throw new RailRefusal(400, 'PARAM_ERROR', 'time_expire is no time');
    const { prepayId } = books.prepay({
      tradeNo: asked.out_trade_no,
      mchid: merchant.mchid,
      appid: merchant.appid,
      amountFen: asked.amount.total,
      description: asked.description,
      notifyUrl: asked.notify_url,
      expiresAtMs,
    });
    return { code_url: `http://${request.host}/cashier/${prepayId}` };
  });
  app.get<Named>('/v3/pay/transactions/out-trade-no/:no', async (request) =>
    tradeContent(books.trade(merchantOf(request).mchid, request.params.no)),
  );
  app.post<Named>('/v3/pay/transactions/out-trade-no/:no/close', async (request, reply: FastifyReply) => {
    checked(CloseRequest, jsonBody(request));
    books.close(merchantOf(request).mchid, request.params.no);
    return reply.code(204).send();
  });
  // Not the provider's: an order of before the sandbox, which counts as paid.
  app.post('/v3/sandbox/openings', async (request) => {
    const { mchid, appid } = merchantOf(request);
    const { out_trade_no, amount, success_time } = checked(OpeningRequest, jsonBody(request));
    const order = { tradeNo: out_trade_no, mchid, appid, amountFen: amount, description: 'opening balance' };
    return tradeContent(books.opening(order, Date.parse(success_time)));
  });
  app.post('/v3/refund/domestic/refunds', async (request) => {
    const { out_trade_no, out_refund_no, amount } = checked(RefundRequest, jsonBody(request));
    const ask = { tradeNo: out_trade_no, refundNo: out_refund_no, amountFen: amount.refund, totalFen: amount.total };
    return refundContent(books.refund(merchantOf(request).mchid, ask));
  });
  app.get<Named>('/v3/refund/domestic/refunds/:no', async (request) =>
    refundContent(books.refundState(merchantOf(request).mchid, request.params.no)),
  );
}

function shareRoutes(app: FastifyInstance, { books, store, keys }: MerchantRoutesOptions): void {
  app.post('/v3/profitsharing/receivers/add', async (request) => {
    const { mchid } = merchantOf(request);
    const { account, name, type, relation_type } = checked(ReceiverRequest, jsonBody(request));
    const plainName = decryptField(name, keys.all());
    if (plainName === null) throw new RailRefusal(400, 'PARAM_ERROR', 'the name is not encrypted for us');
    store.addReceiver(mchid, account, plainName);
    return { type, account, name, relation_type };
  });
  app.post('/v3/profitsharing/orders', async (request) => {
    const { transaction_id, out_order_no, receivers } = checked(ShareRequest, jsonBody(request));
    const [{ account, amount, description }] = receivers;
    const ask = { shareNo: out_order_no, transactionId: transaction_id, account, amountFen: amount, description };
    return shareContent(books.share(merchantOf(request).mchid, ask));
  });
  app.get<Named>('/v3/profitsharing/orders/:no', async (request) =>
    shareContent(books.shareState(merchantOf(request).mchid, request.params.no)),
  );
}

function billRoutes(app: FastifyInstance, { store, billFaults }: MerchantRoutesOptions): void {
  const textOf = (request: FastifyRequest, kind: string, billDate: string | undefined): string => {
    if (billDate === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(billDate)) throw new RailRefusal(400, 'PARAM_ERROR', 'bill_date is no day');
    const make = kind === 'share' ? shareBill : tradeBill;
    const text = make(store, merchantOf(request).mchid, billDate, billFaults());
    if (text === null) throw new RailRefusal(400, 'NO_STATEMENT_EXIST', 'there is no bill of this day');
    return text;
  };
  const announce = (kind: 'trade' | 'share') => async (request: FastifyRequest<Billed>) => {
    const { bill_date } = request.query;
    const text = textOf(request, kind, bill_date);
    return {
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(text, 'utf8').digest('hex'),
      download_url: `http://${request.host}/v3/billdownload/file?kind=${kind}&bill_date=${bill_date}`,
    };
  };
  app.get<Billed>('/v3/bill/tradebill', announce('trade'));
  app.get<Billed>('/v3/profitsharing/bills', announce('share'));
  app.get<Billed>('/v3/billdownload/file', async (request, reply) =>
    reply.type('text/csv; charset=utf-8').send(textOf(request, request.query.kind ?? 'trade', request.query.bill_date)),
  );
}

const refundContent = (refund: Refund) => ({
  refund_id: refund.refundId,
  out_refund_no: refund.refundNo,
  out_trade_no: refund.tradeNo,
  status: refund.state,
  create_time: railTime(refund.atMs),
  ...(refund.finishedAtMs === null ? {} : { success_time: railTime(refund.finishedAtMs) }),
  amount: { refund: refund.amountFen, currency: 'CNY' },
});

function shareContent(share: Share) {
  const times = {
    create_time: railTime(share.createdAtMs),
    ...(share.finishedAtMs === null ? {} : { finish_time: railTime(share.finishedAtMs) }),
  };
  return {
    transaction_id: share.transactionId,
    out_order_no: share.shareNo,
    order_id: share.orderId,
    state: share.state === 'PENDING' ? 'PROCESSING' : 'FINISHED',
    receivers: [
      {
        type: 'MERCHANT_ID',
        account: share.account,
        amount: share.amountFen,
        description: share.description,
        result: share.state,
        ...(share.state === 'CLOSED' ? { fail_reason: 'ACCOUNT_ABNORMAL' } : {}),
        detail_id: `${share.orderId}1`,
        ...times,
      },
    ],
  };
}
