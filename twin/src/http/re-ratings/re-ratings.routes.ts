import { LEFT_OUT } from '@corridor/actors/rerate/rerate-totals';
import { IdText } from '@corridor/protocols/ids';
import { Literals } from '@corridor/protocols/literals';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { Log } from '../../log.ts';
import { ALL_RIGHTS } from '../../projection/rights.ts';
import { RerateDesk, type Rerating } from '../../rerate/rerate-desk.ts';
import { readAs } from '../../rights/read-as.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { requireOperator } from '../caller.ts';
import { notFound, ProblemError } from '../problem.ts';
import { findDrafts } from './drafts.queries.ts';

const Ids = (description: string) => Type.Optional(Type.Array(IdText('agreement'), { maxItems: 50, uniqueItems: true, description }));
const NewRerating = Type.Object(
  {
    draftTariffIds: Ids('tariffs, station rates and battery rates to try'),
    draftContractIds: Ids('contracts to try'),
    from: Type.String({ format: 'date-time', description: 'orders billed, and what happened beside them, from then, included' }),
    until: Type.String({ format: 'date-time', description: 'not included' }),
  },
  { additionalProperties: false },
);
const Row = Type.Object({
  kind: Type.Union([Type.Literal('PARTY'), Type.Literal('STATION'), Type.Literal('TRUCK')]),
  id: Type.String(),
  orders: Type.Integer(),
  beforeFen: Type.String(),
  afterFen: Type.String(),
  differenceFen: Type.String({ description: 'of a party: what it gains; of a station or truck: what is paid more' }),
});
const ReratingView = Type.Object({
  id: Type.String(),
  from: Type.String(),
  until: Type.String(),
  state: Type.Union([Type.Literal('RUNNING'), Type.Literal('DONE'), Type.Literal('FAILED')]),
  done: Type.Integer(),
  total: Type.Union([Type.Integer(), Type.Null()]),
  leftOut: Type.Array(Type.Object({ kind: Literals(LEFT_OUT), reason: Type.String(), count: Type.Integer() }), {
    description: 'what could not be rated again, by kind and reason: it is in no row',
  }),
  rows: Type.Array(Row),
});
const Format = Type.Object(
  { format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('csv')])) },
  { additionalProperties: false },
);

export interface ReratingsRoutesOptions {
  database: Database;
  databaseUrl: string;
  platformId: string;
  log: Log;
}

/** What a past period would have cost under drafts: who gains, who loses. Nothing is changed. */
export const reratingsRoutes: FastifyPluginAsyncTypebox<ReratingsRoutesOptions> = async (
  app,
  { database, databaseUrl, platformId, log },
) => {
  const tags = ['agreements'];
  const desk = new RerateDesk(log);
  app.addHook('onClose', async () => desk.close());

  app.post(
    '/re-ratings',
    {
      schema: { tags, summary: 'Rates the orders of a past period again under drafts', body: NewRerating, response: { 202: ReratingView } },
    },
    async (request, reply) => {
      requireOperator(request);
      const { draftTariffIds = [], draftContractIds = [], from, until } = request.body;
      if (Date.parse(from) >= Date.parse(until)) throw new ProblemError(422, 'PERIOD_EMPTY', `${until} is not after ${from}`);
      const drafts = await findDrafts(readAs(database, ALL_RIGHTS), platformId, draftTariffIds, draftContractIds);
      if (drafts === null) throw new ProblemError(422, 'AGREEMENT_UNKNOWN', 'a tariff or contract of these ids is not registered');
      const span = { platformId, from: new Date(from).toISOString(), until: new Date(until).toISOString() };
      const begun = desk.begin({ databaseUrl, span, drafts });
      if (begun === null) throw new ProblemError(409, 'RERATING_UNDER_WAY', 'another re-rating is under way: ask again when it is done');
      return reply.code(202).send(viewOf(begun));
    },
  );
  app.get(
    '/re-ratings/:id',
    {
      schema: {
        tags,
        summary: 'How far a re-rating is, and its result; with format=csv its rows as a table',
        params: IdParams,
        querystring: Format,
        response: { 200: Type.Union([ReratingView, Type.String()]) },
      },
    },
    async (request, reply) => {
      requireOperator(request);
      const found = desk.find(request.params.id);
      if (found === undefined) throw notFound('re-rating', request.params.id);
      if (request.query.format !== 'csv') return viewOf(found);
      return reply.type('text/csv; charset=utf-8').send(csvOf(found));
    },
  );
};

const rowsOf = ({ result }: Rerating) =>
  (result?.rows ?? []).map(({ kind, id, orders, beforeFen, afterFen }) => ({
    kind,
    id,
    orders,
    beforeFen: beforeFen.toString(),
    afterFen: afterFen.toString(),
    differenceFen: (afterFen - beforeFen).toString(),
  }));

const viewOf = (rerating: Rerating) => ({
  id: rerating.id,
  from: rerating.span.from,
  until: rerating.span.until,
  state: rerating.state,
  done: rerating.done,
  total: rerating.total,
  leftOut: (rerating.result?.leftOut ?? []).map(({ kind, reason, count }) => ({ kind, reason, count })),
  rows: rowsOf(rerating),
});

/** Ids hold neither comma nor quote. What is in no sum comes last, without amounts. */
const csvOf = (rerating: Rerating): string =>
  [
    'kind,id,orders,beforeFen,afterFen,differenceFen',
    ...rowsOf(rerating).map((row) => Object.values(row).join(',')),
    ...(rerating.result?.leftOut ?? []).map(({ kind, reason, count }) => `LEFT_OUT,${kind} ${reason},${count},,,`),
  ]
    .join('\n')
    .concat('\n');
