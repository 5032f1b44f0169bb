import { type Deposit, depositKey, depositsOf } from '@corridor/actors/account/deposit.rules';
import type { Books } from '@corridor/actors/account/hold.rules';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { Page } from '@corridor/protocols/http/problem';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Db } from '../../db/db.ts';
import type { Rights } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { PageQuery, pageOfList } from '../paging.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { reasonOf } from '../reason-text.ts';
import { IdParams } from './assets.routes.ts';
import { ActBody, type ActOptions, actOnce, asked, closed } from './operator-act.ts';

const DepositView = Type.Object({
  id: Type.String({ description: 'of the truck' }),
  carrierId: Type.String(),
  currency: Type.Literal('CNY'),
  amountFen: Type.String(),
  energyWh: Type.String({ description: 'that was on board when it joined' }),
  round: Type.Integer({ description: '1, and one more each time the truck joins again' }),
});
const Return = Type.Object(
  {
    ...asked,
    energyWh: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000_000, description: 'in the last pack, by the platform; without it as the books have it' }),
    ),
  },
  closed,
);
const ReturnView = Type.Object({
  id: Type.String({ description: 'of the truck' }),
  carrierId: Type.String(),
  currency: Type.Literal('CNY'),
  depositFen: Type.String(),
  chargedFen: Type.String({ description: 'for energy that is missing' }),
  refundFen: Type.String(),
});

export interface DepositsRoutesOptions extends ActOptions {
  reference: ReferenceStore;
  /** null: no such carrier. */
  carrierBooks: (carrierId: string) => Pick<Books, 'deposits' | 'depositRounds'> | null;
}

/** Deposits for the energy on board of trucks: taken when they join, given back when they leave or are sold. */
export const depositsRoutes: FastifyPluginAsyncTypebox<DepositsRoutesOptions> = async (app, options) => {
  const { reference, carrierBooks } = options;
  const act = actOnce(options);
  const of = (carrierId: string) => depositsOf(carrierBooks(carrierId) ?? {}).map((deposit) => ({ carrierId, deposit }));
  /** The carrier of a truck that the caller may settle for. @throws ProblemError */
  const carrierOf = (request: FastifyRequest, truckId: string): string => {
    const rights = rightsOfRequest(request);
    const carrierId = reference.truck(truckId)?.carrierId;
    if (carrierId === undefined || !isParty(rights, carrierId)) throw notFound('truck', truckId);
    return carrierId;
  };
  app.get(
    '/deposits',
    {
      schema: {
        tags: ['money'],
        summary: "Deposits that are held for the caller's trucks",
        querystring: Type.Object(PageQuery),
        response: { 200: Page(DepositView) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const carriers = [...reference.principals()].filter(({ id, kind }) => kind === 'CARRIER' && isParty(rights, id));
      const items = carriers.flatMap(({ id }) => of(id)).map(depositView);
      return pageOfList(
        items.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
        request.query,
      );
    },
  );
  app.post(
    '/trucks/:id/deposit',
    {
      schema: {
        tags: ['money'],
        summary: 'Takes the deposit of a truck that joined without one; 409 NO_PACK_ON_BOARD, ORDER_OPEN, DEPOSIT_EXISTS, 422 NO_CREDIT',
        params: IdParams,
        body: ActBody,
        response: { 201: DepositView },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const carrierId = carrierOf(request, id);
      await act(request, request.body.key, { type: 'deposit.take', truckId: id, note: reasonOf(request.body.note) });
      const taken = of(carrierId).find(({ deposit }) => deposit.truckId === id);
      if (taken === undefined) throw new ProblemError(409, 'DEPOSIT_UNKNOWN', `the deposit of ${id} was given back since`);
      return reply.code(201).send(depositView(taken));
    },
  );
  await app.register(returnRoute, { ...options, act, carrierOf });
};

interface ReturnRouteOptions extends DepositsRoutesOptions {
  act: ReturnType<typeof actOnce>;
  carrierOf: (request: FastifyRequest, truckId: string) => string;
}

const returnRoute: FastifyPluginAsyncTypebox<ReturnRouteOptions> = async (app, options) => {
  const { database, platformId, carrierBooks, act, carrierOf } = options;
  app.post(
    '/trucks/:id/deposit/return',
    {
      schema: {
        tags: ['money'],
        summary: 'Gives it back, less what the last pack lacks; 409 PACK_ON_BOARD, DEPOSIT_UNKNOWN, 422 ENERGY_MISSING, NO_CREDIT',
        params: IdParams,
        body: Return,
        response: { 200: ReturnView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const carrierId = carrierOf(request, id);
      const { key, note, energyWh } = request.body;
      await act(request, key, { type: 'deposit.return', truckId: id, energyWh: measuredBy(request, energyWh), note: reasonOf(note) });
      const round = carrierBooks(carrierId)?.depositRounds?.[id] ?? 0;
      return {
        id,
        carrierId,
        currency: 'CNY' as const,
        ...(await movedFen(readAs(database, rightsOfRequest(request)), platformId, depositKey({ principalId: carrierId }, id, round))),
      };
    },
  );
};

/** What the ledger says of a deposit that was given back. */
async function movedFen(db: Db, platformId: string, key: string) {
  const { rows } = await db.query<{ key: string; amount_fen: bigint }>({
    text: 'select key, amount_fen from transfer where platform_id = $1 and key = any($2)',
    values: [platformId, [key, `${key}:charge`, `${key}:charge-rest`, `${key}:refund`]],
  });
  const sumOf = (...parts: readonly string[]) =>
    `${rows.filter((row) => parts.includes(row.key)).reduce((sum, { amount_fen }) => sum + amount_fen, 0n)}`;
  return { depositFen: sumOf(key), chargedFen: sumOf(`${key}:charge`, `${key}:charge-rest`), refundFen: sumOf(`${key}:refund`) };
}

/** What a pack held decides what its carrier gets back, so that the carrier does not say it. @throws ProblemError */
export function measuredBy(request: FastifyRequest, energyWh: number | undefined): bigint | null {
  if (energyWh === undefined) return null;
  if (rightsOfRequest(request).kind !== 'ALL') throw forbidden('what the last pack held the platform says; without it the books do');
  return BigInt(energyWh);
}

/** The platform, and the carrier itself, but none of its drivers. */
const isParty = (rights: Rights, carrierId: string): boolean =>
  rights.kind === 'ALL' || (rights.kind === 'CARRIER' && rights.principalId === carrierId);

const depositView = ({ carrierId, deposit }: { carrierId: string; deposit: Deposit }) => ({
  id: deposit.truckId,
  carrierId,
  currency: 'CNY' as const,
  amountFen: deposit.amountFen.toString(),
  energyWh: deposit.energyWh.toString(),
  round: deposit.round,
});
