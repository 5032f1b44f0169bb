import { yuanText } from '@corridor/actors/ledger/decimal-text';
import { stringify } from 'csv-stringify/sync';
import type { ExportedTransfer } from './exported-transfers.ts';

const COLUMNS = ['no', 'at', 'kind', 'orderId', 'debitAccountId', 'creditAccountId', 'amountYuan', 'amountFen', 'key'] as const;

/** One transfer a row (RFC 4180), with a row of names; a cell that a spreadsheet would take for a formula is quoted as text. */
export async function* transfersCsv(transfers: AsyncIterable<ExportedTransfer>): AsyncGenerator<string> {
  yield stringify([COLUMNS], { record_delimiter: 'windows' });
  for await (const transfer of transfers) {
    const { no, at, kind, orderId, debitAccountId, creditAccountId, amountFen, key } = transfer;
    const row = [
      no.toString(),
      at.toISOString(),
      kind,
      orderId,
      debitAccountId,
      creditAccountId,
      yuanText(amountFen),
      amountFen.toString(),
      key,
    ];
    yield stringify([row], { record_delimiter: 'windows', escape_formulas: true });
  }
}
