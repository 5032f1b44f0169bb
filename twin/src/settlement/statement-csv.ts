import { correctedBillId, type StatementContent } from './statement-content.ts';

const COLUMNS = [
  'section',
  'id',
  'at',
  'stationId',
  'role',
  'component',
  'grossFen',
  'commissionFen',
  'amountFen',
  'taxRateBasisPoints',
  'text',
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], string | number | null>>;

/** A statement as CSV (RFC 4180), one row for each thing on it; `amountFen` of all rows but lines, taxes and totals sums to the total. */
export function statementCsv(content: StatementContent): string {
  const rows: Row[] = [
    ...content.orders.flatMap((order): Row[] => [
      {
        section: 'ORDER',
        id: order.orderId,
        at: order.at,
        stationId: order.stationId,
        role: order.role,
        grossFen: order.grossFen,
        commissionFen: order.commissionFen,
        amountFen: order.netFen,
      },
      ...order.lines.map((line) => ({ ...line, section: 'LINE', id: `${order.orderId} ${line.lineNo}`, at: order.at })),
    ]),
    ...content.corrections.map((each) => ({
      section: 'CORRECTION',
      id: each.correctionId,
      at: each.at,
      role: each.cause,
      grossFen: each.grossFen,
      commissionFen: each.commissionFen,
      amountFen: each.netFen,
      text: `${correctedBillId(each)}: ${each.reason}`,
    })),
    ...content.others.map((each) => ({ section: 'OTHER', id: each.key, at: each.at, role: each.kind, amountFen: each.amountFen })),
    ...content.splits.map((each) => ({
      section: 'SPLIT',
      id: each.partnerId,
      role: each.kind,
      amountFen: negated(each.partnerId === content.principalId ? '0' : each.amountFen),
      text: each.derivation,
    })),
    ...content.received.map((each) => ({
      section: 'RECEIVED',
      id: each.statementId,
      role: each.kind,
      amountFen: each.amountFen,
      text: each.derivation,
    })),
    { section: 'CARRIED_IN', amountFen: content.totals.carriedInFen },
    ...content.taxes.map((each) => ({
      section: 'TAX',
      component: each.component,
      taxRateBasisPoints: each.rateBasisPoints,
      grossFen: each.amountFen,
      amountFen: each.taxFen,
    })),
    { section: 'TOTAL', id: content.statementId, amountFen: content.totals.totalFen },
  ];
  return [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))].join('\r\n').concat('\r\n');
}

const negated = (fen: string): string => (0n - BigInt(fen)).toString();

/** Text that a spreadsheet would run as a formula is led by an apostrophe. */
function cell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = /^[=@\t\r]|^[+-](?!\d+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
