import { TRANSFER_KINDS } from '@corridor/actors/ledger/transfer';
import { Page } from '@corridor/protocols/http/problem';
import { Literals } from '@corridor/protocols/literals';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { balanceAt } from '../../ledger/balance-at.ts';
import { bookOwnerOf, type Rights } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { rightsOfRequest } from '../caller.ts';
import { refuseAhead } from '../instant-ahead.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, pageOfList, readCursor } from '../paging.ts';
import { notFound } from '../problem.ts';

const N = Type.Union([Type.String(), Type.Null()]);
const AccountView = Type.Object({
  id: Type.String(),
  principalId: N,
  kind: Type.String(),
  currency: Type.Literal('CNY'),
  balanceFen: Type.String({ description: 'credits less debits; accounts of payment rails are negative by what came in' }),
});
const BalanceView = Type.Object({ id: Type.String(), at: N, currency: Type.Literal('CNY'), balanceFen: Type.String() });
const MovementView = Type.Object({
  no: Type.String(),
  at: Type.String(),
  kind: Type.String(),
  key: Type.String(),
  counterAccountId: Type.String(),
  amountFen: Type.String({ description: 'signed: positive came in' }),
  orderId: N,
});

interface AccountRow {
  [column: string]: unknown;
  account_id: string;
  principal_id: string | null;
  kind: string;
  balance_fen: bigint;
}
interface MovementRow {
  [column: string]: unknown;
  transfer_no: bigint;
  at: Date;
  kind: string;
  key: string;
  debit_account_id: string;
  credit_account_id: string;
  amount_fen: bigint;
  order_id: string | null;
}

export interface AccountsRoutesOptions {
  database: Database;
  platformId: string;
  scopeNowMs: () => number;
}

/** Accounts and what moved on them; everybody sees their own. */
export const accountsRoutes: FastifyPluginAsyncTypebox<AccountsRoutesOptions> = async (app, { database, platformId, scopeNowMs }) => {
  const accounts = async (rights: Rights): Promise<AccountRow[]> => {
    // A driver has no account of his own, and his carrier's are not his.
    if (rights.kind === 'PUBLIC' || rights.kind === 'DRIVER') return [];
    const { rows } = await readAs(database, rights).query<AccountRow>({
      text: `select account_id, principal_id, kind, balance_fen from account
              where platform_id = $1 and ($2::text is null or principal_id = $2) order by account_id`,
      values: [platformId, bookOwnerOf(rights)],
    });
    return rows;
  };
  const find = async (rights: Rights, id: string): Promise<AccountRow> => {
    const row = (await accounts(rights)).find(({ account_id }) => account_id === id);
    if (!row) throw notFound('account', id);
    return row;
  };
  app.get(
    '/accounts',
    {
      config: { serviceScope: 'accounts:read' },
      schema: {
        tags: ['money'],
        summary: "The caller's accounts",
        querystring: Type.Object(PageQuery),
        response: { 200: Page(AccountView) },
      },
    },
    async (request) => pageOfList((await accounts(rightsOfRequest(request))).map(accountView), request.query),
  );
  app.get(
    '/accounts/:id',
    {
      config: { serviceScope: 'accounts:read' },
      schema: { tags: ['money'], summary: 'One account', params: IdParams, response: { 200: AccountView } },
    },
    async (request) => accountView(await find(rightsOfRequest(request), request.params.id)),
  );
  app.get(
    '/accounts/:id/balance',
    {
      schema: {
        tags: ['money'],
        summary: 'Balance of an account as it was at an instant',
        params: IdParams,
        querystring: Type.Object({
          at: Type.Optional(Timestamp('everything up to it counts; now when not given; 422 INSTANT_AHEAD when it has not come')),
        }),
        response: { 200: BalanceView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rights = rightsOfRequest(request);
      const { account_id, balance_fen } = await find(rights, id);
      const at = request.query.at ?? null;
      refuseAhead(at, scopeNowMs(), 'what an account will have');
      const balanceFen = at === null ? balance_fen : await balanceAt(readAs(database, rights), { platformId, accountId: account_id, at });
      return { id, at, currency: 'CNY' as const, balanceFen: balanceFen.toString() };
    },
  );
  app.get(
    '/accounts/:id/movements',
    {
      schema: {
        tags: ['money'],
        summary: 'Transfers of an account, newest first',
        params: IdParams,
        querystring: Type.Object({
          ...PageQuery,
          from: Type.Optional(Timestamp('included')),
          until: Type.Optional(Timestamp('not included')),
          kind: Type.Optional(Literals(TRANSFER_KINDS)),
          at: Type.Optional(Timestamp('the journal as it was then, that instant included; 422 INSTANT_AHEAD when it has not come')),
        }),
        response: { 200: Page(MovementView) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rights = rightsOfRequest(request);
      await find(rights, id);
      const { from, until, kind, at = null } = request.query;
      refuseAhead(at, scopeNowMs(), 'what an account will have');
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const { rows } = await readAs(database, rights).query<MovementRow>({
        text: `select transfer_no, at, kind, key, debit_account_id, credit_account_id, amount_fen, order_id from transfer
                where platform_id = $1 and $2 in (debit_account_id, credit_account_id) and ($3::bigint is null or transfer_no < $3::bigint)
                  and ($5::timestamptz is null or at >= $5) and ($6::timestamptz is null or at < $6) and ($7::text is null or kind = $7)
                  and ($8::timestamptz is null or at <= $8)
                order by transfer_no desc limit $4`,
        values: [
          platformId,
          id,
          readCursor(request.query.cursor, 1)?.[0] ?? null,
          limit + 1,
          from ?? null,
          until ?? null,
          kind ?? null,
          at,
        ],
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map((row) => movementView(row, id)),
        nextCursor: rows.length > limit && last ? cursorOf([last.transfer_no.toString()]) : null,
      };
    },
  );
};

const accountView = (row: AccountRow) => ({
  id: row.account_id,
  principalId: row.principal_id,
  kind: row.kind,
  currency: 'CNY' as const,
  balanceFen: row.balance_fen.toString(),
});

function movementView(row: MovementRow, accountId: string) {
  const cameIn = row.credit_account_id === accountId;
  return {
    no: row.transfer_no.toString(),
    at: row.at.toISOString(),
    kind: row.kind,
    key: row.key,
    counterAccountId: cameIn ? row.debit_account_id : row.credit_account_id,
    amountFen: (cameIn ? row.amount_fen : -row.amount_fen).toString(),
    orderId: row.order_id,
  };
}
