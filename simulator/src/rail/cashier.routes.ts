import type { FastifyInstance } from 'fastify';
import { yuan } from './bill-text.ts';
import type { RailBooks } from './rail-books.ts';
import { RailRefusal } from './rail-refusal.ts';
import type { Trade } from './rail-store.ts';

type Cashier = { Params: { prepayId: string } };

/** Where the payer pays: a page for people, the same form for programs. Whoever holds the address may pay, as with a code to scan. */
export async function cashierRoutes(app: FastifyInstance, { books }: { books: RailBooks }): Promise<void> {
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.get<Cashier>('/cashier/:prepayId', async (request, reply) => {
    const trade = books.cashier(request.params.prepayId);
    if (trade === null) throw new RailRefusal(404, 'ORDER_NOT_EXIST', 'there is no such order');
    return reply.type('text/html; charset=utf-8').send(page(trade));
  });
  app.post<Cashier>('/cashier/:prepayId/pay', async (request, reply) => {
    const trade = books.pay(request.params.prepayId);
    if (request.headers.accept?.includes('text/html') === true) return reply.redirect(`/cashier/${trade.prepayId}`, 303);
    return { out_trade_no: trade.tradeNo, trade_state: trade.state };
  });
}

const SAID: Record<Trade['state'], string> = {
  NOTPAY: '待支付 · to be paid',
  SUCCESS: '已支付 · paid',
  REFUND: '已退款 · refunded',
  CLOSED: '已关闭 · closed',
};
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const page = (trade: Trade) => `<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>沙箱收银台 · Sandbox cashier</title>
<style>body{font:16px/1.5 system-ui;max-width:24rem;margin:4rem auto;padding:0 1rem}b{font-size:2rem}button{font:inherit;padding:.5rem 2rem}</style>
<h1>沙箱收银台 · Sandbox cashier</h1><p>${escaped(trade.description)}</p><p><b>¥ ${yuan(trade.amountFen)}</b></p><p>${SAID[trade.state]}</p>
${trade.state === 'NOTPAY' ? `<form method="post" action="/cashier/${trade.prepayId}/pay"><button>支付 · Pay</button></form>` : ''}
<p>没有真实资金 · No real money moves here.</p></html>`;
