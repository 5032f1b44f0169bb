import { yuanText } from '@corridor/actors/ledger/decimal-text';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { ExportedAccount, ExportedTransfer, ExportScope } from './exported-transfers.ts';

/**
 * A journal that `hledger check --strict` accepts: commodity and accounts are declared, balances before the span come in first,
 * and each account is asserted to end where the ledger says. hledger counts debits as positive: what we owe is negative.
 * Dates are those of China.
 */
const EQUITY = 'equity:before';
const amountText = (creditFen: bigint): string => `${yuanText(-creditFen)} CNY`;

/** Account names as a tree: what the platform owes its parties, and what stands at payment rails. */
export function journalAccount({ id, principalId, kind }: Pick<ExportedAccount, 'id' | 'principalId' | 'kind'>): string {
  if (kind === 'RAIL') return `assets:rail:${id}`;
  return `liabilities:${principalId ?? 'nobody'}:${id}`;
}

/**
 * @param names journal names of all accounts that occur, by id
 * @param accounts those whose balances are told and asserted
 */
export async function* hledgerJournal(
  scope: ExportScope,
  names: ReadonlyMap<string, string>,
  accounts: readonly ExportedAccount[],
  transfers: AsyncIterable<ExportedTransfer>,
): AsyncGenerator<string> {
  const whose = scope.principalId ?? 'everybody';
  yield `; ${plain(`Corridor ledger of ${scope.platformId}, ${whose}, ${scope.from} to ${scope.until}`)}\ncommodity 1000.00 CNY\naccount ${EQUITY}\n`;
  for (const name of new Set(names.values())) yield `account ${name}\n`;
  const firstDate = localDateOf(Date.parse(scope.from));
  yield* openingEntry(firstDate, names, accounts);
  let lastDate = firstDate;
  for await (const transfer of transfers) {
    lastDate = localDateOf(transfer.at.getTime());
    yield entryOf(transfer, lastDate, names);
  }
  yield `\n${lastDate} * Balances\n`;
  for (const { id, closingFen } of accounts) yield `    ${nameOf(names, id)}  0.00 CNY = ${amountText(closingFen)}\n`;
}

function* openingEntry(date: string, names: ReadonlyMap<string, string>, accounts: readonly ExportedAccount[]): Generator<string> {
  const open = accounts.filter(({ openingFen }) => openingFen !== 0n);
  if (open.length === 0) return;
  yield `\n${date} * Balances before\n`;
  for (const { id, openingFen } of open) yield `    ${nameOf(names, id)}  ${amountText(openingFen)}\n`;
  yield `    ${EQUITY}  ${amountText(-open.reduce((sum, { openingFen }) => sum + openingFen, 0n))}\n`;
}

function entryOf(transfer: ExportedTransfer, date: string, names: ReadonlyMap<string, string>): string {
  const { no, kind, orderId, key, at, debitAccountId, creditAccountId, amountFen } = transfer;
  return [
    `\n${date} * (${no}) ${kind}${orderId === null ? '' : ` | order ${plain(orderId)}`}`,
    `    ; at: ${at.toISOString()}, key: ${plain(key)}`,
    `    ${nameOf(names, debitAccountId)}  ${amountText(-amountFen)}`,
    `    ${nameOf(names, creditAccountId)}  ${amountText(amountFen)}`,
    '',
  ].join('\n');
}

const nameOf = (names: ReadonlyMap<string, string>, id: string): string => names.get(id) ?? `unknown:${id}`;
/** On one line, and without the sign that begins a comment. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc};]/gu, ' ');
