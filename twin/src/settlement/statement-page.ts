import { yuanText } from '@corridor/actors/ledger/decimal-text';
import { correctedBillId, type StatementContent } from './statement-content.ts';

export type PageLanguage = 'zh' | 'en';
const WORDS = {
  en: {
    title: 'Statement',
    principal: 'Principal',
    period: 'Period',
    payable: 'Payable from',
    hash: 'SHA-256 of the content',
    orders: 'Orders',
    corrections: 'Corrections',
    others: 'Other movements',
    splits: 'Shares of partners',
    received: 'Received as a partner',
    taxes: 'Tax contained in the orders',
    carried: 'Carried in',
    total: 'Total',
    at: 'Time (Asia/Shanghai)',
    id: 'Number',
    station: 'Station',
    role: 'Kind',
    gross: 'Gross',
    commission: 'Commission',
    net: 'Net [yuan]',
    text: 'Derivation',
  },
  zh: {
    title: '结算单',
    principal: '主体',
    period: '账期',
    payable: '可付款日',
    hash: '内容 SHA-256',
    orders: '订单',
    corrections: '更正',
    others: '其他资金变动',
    splits: '合作方分成',
    received: '作为合作方收入',
    taxes: '订单所含税额',
    carried: '上期结转',
    total: '合计',
    at: '时间（北京时间）',
    id: '编号',
    station: '站',
    role: '类别',
    gross: '毛额',
    commission: '佣金',
    net: '净额（元）',
    text: '计算过程',
  },
} as const satisfies Record<PageLanguage, Record<string, string>>;

const LOCAL_TIME = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });

/** A statement to print: the same content, no script, no other file. */
export function statementPage(content: StatementContent, contentHash: string, language: PageLanguage): string {
  const words = WORDS[language];
  const { totals } = content;
  const title = `${words.title} ${content.statementId}`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
<dl><dt>${words.principal}</dt><dd>${escaped(content.principalId)}</dd><dt>${words.period}</dt><dd>${content.period}: ${local(content.from)} – ${local(content.until)}</dd>
<dt>${words.payable}</dt><dd>${local(content.payableAt)}</dd><dt>${words.hash}</dt><dd class="hash">${contentHash}</dd></dl>
${section(
  words.orders,
  [words.id, words.at, words.station, words.role, words.gross, words.commission, words.net],
  content.orders.map((order) => [
    order.orderId,
    local(order.at),
    order.stationId,
    order.role,
    yuan(order.grossFen),
    yuan(order.commissionFen),
    yuan(order.netFen),
  ]),
)}${section(
  words.corrections,
  [words.id, words.at, words.role, words.text, words.net],
  content.corrections.map((each) => [correctedBillId(each), local(each.at), each.cause, each.reason, yuan(each.netFen)]),
)}${section(
  words.others,
  [words.id, words.at, words.role, words.net],
  content.others.map((each) => [each.key, local(each.at), each.kind, yuan(each.amountFen)]),
)}${section(
  words.splits,
  [words.id, words.role, words.text, words.net],
  content.splits.map((each) => [each.partnerId, each.kind, each.derivation, yuan(each.amountFen)]),
)}${section(
  words.received,
  [words.id, words.role, words.text, words.net],
  content.received.map((each) => [each.statementId, each.kind, each.derivation, yuan(each.amountFen)]),
)}${section(
  words.taxes,
  [words.id, words.role, words.gross, words.net],
  content.taxes.map((each) => [each.component, `${each.rateBasisPoints / 100} %`, yuan(each.amountFen), yuan(each.taxFen)]),
)}<table class="total"><tbody>
${totalRow(words.orders, totals.ordersFen)}${totalRow(words.corrections, totals.correctionsFen)}${totalRow(words.others, totals.othersFen)}${totalRow(words.splits, (0n - BigInt(totals.splitsFen)).toString())}${totalRow(words.received, totals.receivedFen)}${totalRow(words.carried, totals.carriedInFen)}<tr><th>${words.total}</th><td>${yuan(totals.totalFen)}</td></tr>
</tbody></table></body></html>
`;
}

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color:#111;background:#fff}h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.5rem 0 .25rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:#555}dd{margin:0}.hash{font-family:monospace;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.2rem .5rem;border-bottom:1px solid #ddd;text-align:left}
th:last-child,td:last-child{text-align:right}.total{margin-top:1.5rem;width:auto}thead{display:table-header-group}tr{break-inside:avoid}@page{margin:15mm}`;

const yuan = (fen: string): string => yuanText(BigInt(fen));
const local = (at: string): string => LOCAL_TIME.format(new Date(at));
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const totalRow = (name: string, fen: string): string => (fen === '0' ? '' : `<tr><td>${name}</td><td>${yuan(fen)}</td></tr>`);

function section(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>`).join('\n');
  return `<h2>${title}</h2><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>\n`;
}
