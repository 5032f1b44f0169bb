import { accountOf } from '@corridor/actors/ledger/transfer';
import type { Principal } from '@corridor/protocols/network-file';
import { rowsStatement } from './json-rows.ts';

export const accountStatement = rowsStatement('register_account', {
  table: 'account',
  columns: { account_id: 'text', principal_id: 'text', kind: 'text', floor_fen: 'bigint', opened_at: 'timestamptz' },
  onConflict: 'on conflict do nothing',
});

/** Prepaid, held and deposit accounts never go below zero; income may: a refund comes before the next income. */
export function accountsOfPrincipal({ id, kind }: Principal, opened_at: string) {
  const row = (account_id: string, accountKind: string, floor_fen: number | null) => ({
    account_id,
    principal_id: id,
    kind: accountKind,
    floor_fen,
    opened_at,
  });
  if (kind !== 'CARRIER') return [row(accountOf.income(id), 'INCOME', null)];
  return [
    row(accountOf.prepaid(id), 'PREPAID', 0),
    row(accountOf.held(id), 'HELD', 0),
    row(accountOf.deposit(id), 'DEPOSIT', 0),
    row(accountOf.package(id), 'PACKAGE', 0),
  ];
}
