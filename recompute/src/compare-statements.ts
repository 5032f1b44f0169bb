import { createHash } from 'node:crypto';
import type { Bundle, Statement } from './bundle.ts';
import { signedFen } from './compare-transfers.ts';
import type { Comparison } from './difference.ts';

const sumOf = (amounts: readonly string[]): bigint => amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);

/** Closed periods: their hash, their sums, that they say what the bills say, and that the ledger moved it. */
export function compareStatements(bundle: Bundle, comparison: Comparison): void {
  const due = dueByOrder(bundle);
  for (const statement of bundle.statements) {
    const where = `statement ${statement.statementId}`;
    const { content } = statement;
    comparison.equal(`${where}: hash`, statement.contentHash, createHash('sha256').update(canonical(content)).digest('hex'));
    compareTotals(where, statement, comparison);
    for (const [orderId, entries] of Map.groupBy(content.orders, (entry) => entry.orderId)) {
      const said = due.get(orderId);
      if (said !== undefined) comparison.equal(`${where}: order ${orderId}`, sumOf(entries.map(({ netFen }) => netFen)).toString(), said);
    }
    compareMovements(bundle, where, statement, comparison);
  }
}

function compareTotals(where: string, { content }: Statement, comparison: Comparison): void {
  const { totals } = content;
  const splits = content.splits.filter(({ partnerId }) => partnerId !== content.principalId);
  const computed = {
    ordersFen: sumOf(content.orders.map(({ netFen }) => netFen)),
    correctionsFen: sumOf(content.corrections.map(({ netFen }) => netFen)),
    othersFen: sumOf(content.others.map(({ amountFen }) => amountFen)),
    splitsFen: sumOf(splits.map(({ amountFen }) => amountFen)),
    receivedFen: sumOf(content.received.map(({ amountFen }) => amountFen)),
  };
  for (const [name, fen] of Object.entries(computed)) comparison.equal(`${where}: ${name}`, totals[name] ?? null, fen);
  const movedFen = computed.ordersFen + computed.correctionsFen + computed.othersFen;
  comparison.equal(`${where}: movedFen`, totals['movedFen'] ?? null, movedFen);
  const carriedFen = BigInt(totals['carriedInFen'] ?? '0');
  comparison.equal(`${where}: totalFen`, totals['totalFen'] ?? null, movedFen - computed.splitsFen + computed.receivedFen + carriedFen);
}

/** Order -> what its bill gives the party, or takes from it. */
function dueByOrder({ orders, principalId, principalKind }: Bundle): Map<string, bigint> {
  const of = ({ lines, shares }: Bundle['orders'][number]): bigint =>
    principalKind === 'CARRIER'
      ? -sumOf(lines.map(({ amountFen }) => amountFen))
      : sumOf(shares.filter((share) => share.principalId === principalId).map(({ netFen }) => netFen));
  return new Map(orders.map((order) => [order.orderId, of(order)]));
}

/** Where the bundle covers the whole period: all that moved on the party's accounts, and the splits to partners. */
function compareMovements(bundle: Bundle, where: string, { statementId, content }: Statement, comparison: Comparison): void {
  const { accounts, transfers, from, until } = bundle;
  const own = new Set(accounts.filter(({ kind }) => kind !== 'CLEARING').map(({ id }) => id));
  const keyOf = (ruleNo: number, partnerId: string) => `statement:${statementId}:split:${ruleNo}:${partnerId}`;
  for (const { ruleNo, partnerId, amountFen } of content.splits) {
    const transfer = transfers.find(({ key }) => key === keyOf(ruleNo, partnerId));
    // It is booked when the period is closed, which may be after the bundle ends.
    if (transfer !== undefined)
      comparison.equal(`${where}: split ${ruleNo} to ${partnerId}`, amountFen, -signedFen(transfer, (id) => own.has(id)));
  }
  if (content.from < from || content.until > until) return;
  const moved = transfers
    .filter(({ at, kind, key }) => at >= content.from && at < content.until && kind !== 'SETTLEMENT_OUT' && !isOfStatement(key, transfers))
    .reduce((sum, transfer) => sum + signedFen(transfer, (id) => own.has(id)), 0n);
  comparison.equal(`${where}: moved by the ledger`, content.totals['movedFen'] ?? null, moved);
}

/** Of statements themselves: splits, and the first payment by which one below zero was paid in; another of it is income like any other. */
function isOfStatement(key: string, transfers: Bundle['transfers']): boolean {
  const [, collection] = /^(statement:.*:collect:)[^:]+$/.exec(key) ?? [];
  if (collection === undefined) return key.startsWith('statement:');
  return transfers.find((transfer) => transfer.key.startsWith(collection))?.key === key;
}

/** JSON with its keys in order and no white space. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}
