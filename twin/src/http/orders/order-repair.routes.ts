import type { RepairMeasurement } from '@corridor/actors/network/actor-event';
import type { Intent } from '@corridor/actors/network/input';
import { OrderSummary } from '@corridor/protocols/http/scene';
import { IdText } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { type Rights, rightsOf } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import type { Writer } from '../../writer/writer.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { callerOf, requireOperator } from '../caller.ts';
import { answered } from '../intent-answer.ts';
import { notFound, ProblemError } from '../problem.ts';
import { NOT_BLANK } from '../reason-text.ts';
import { abnormalCause } from './abnormal-causes.ts';
import { auditOf, packReadingsOf, transfersOf } from './abnormal-evidence.queries.ts';
import { summaryOf } from './order-views.ts';
import { findOrder, type OrderListRow } from './orders.queries.ts';

const closed = { additionalProperties: false } as const;
const note = Type.String({ pattern: NOT_BLANK, maxLength: 400, description: 'why, for the audit log' });
const Note = Type.Object({ note }, closed);
const Reading = Type.Object(
  { packId: IdText('pack'), socPercent: Type.Number({ minimum: 0, maximum: 100, description: 'at the hand-over' }) },
  closed,
);
/** What a person found out; what is left out stays as the station told it. */
const Measured = Type.Object(
  {
    in: Type.Optional(Reading),
    out: Type.Optional(Type.Union([Reading, Type.Literal('NONE', { description: 'no pack was given' })])),
    odometerM: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000_000, description: 'of the truck [m]' })),
  },
  { ...closed, minProperties: 1 },
);
const Repair = Type.Object({ note, measured: Type.Optional(Measured) }, closed);
const At = Type.String({ format: 'date-time' });
const Abnormal = Type.Object({
  order: OrderSummary,
  reason: Type.String(),
  cause: Type.String(),
  causeZh: Type.String(),
  remedy: Type.String(),
  remedyZh: Type.String(),
  transfers: Type.Array(
    Type.Object({
      key: Type.String(),
      kind: Type.String(),
      debitAccountId: Type.String(),
      creditAccountId: Type.String(),
      amountFen: Type.String(),
      at: At,
    }),
  ),
  packReadings: Type.Array(
    Type.Object({ packId: Type.String(), at: At, place: Type.String(), socPercent: Type.Union([Type.Number(), Type.Null()]) }),
  ),
  acts: Type.Array(Type.Object({ at: At, by: Type.String(), action: Type.String(), detail: Type.Unknown() })),
});

export interface OrderRepairRoutesOptions {
  database: Database;
  platformId: string;
  writer: Writer;
}

/** Abnormal orders: what is known of them, and how a person of the platform ends them. */
export const orderRepairRoutes: FastifyPluginAsyncTypebox<OrderRepairRoutesOptions> = async (app, { database, platformId, writer }) => {
  const tags = ['orders'];
  const find = async (rights: Rights, id: string): Promise<OrderListRow> => {
    const row = await findOrder(readAs(database, rights), { platformId, rights, at: null }, id);
    if (!row) throw notFound('order', id);
    return row;
  };
  const act = async (request: FastifyRequest, intent: Extract<Intent, { type: 'order.repair' | 'order.writeOff' }>) => {
    const caller = callerOf(request);
    await find(rightsOf(caller), intent.orderId);
    answered(await writer.ask(intent, caller.userId));
    return summaryOf(await find(rightsOf(caller), intent.orderId), rightsOf(caller));
  };

  app.get(
    '/orders/:id/abnormal',
    {
      schema: {
        tags,
        summary: 'Why an order is or was abnormal, what to do, and the evidence; what its gateway reported is in its events',
        params: IdParams,
        response: { 200: Abnormal },
      },
    },
    async (request) => {
      const rights = rightsOf(requireOperator(request));
      const row = await find(rights, request.params.id);
      const { reason, state } = row;
      if (reason === null) throw new ProblemError(404, 'NOT_ABNORMAL', `order ${row.order_id} is ${state} and nothing is wrong with it`);
      const [transfers, readings, acts] = await Promise.all([
        transfersOf(database.pool, platformId, row.order_id),
        packReadingsOf(database.pool, platformId, row),
        auditOf(database.pool, platformId, row.order_id),
      ]);
      return {
        order: summaryOf(row, rights),
        reason,
        ...abnormalCause(reason),
        transfers: transfers.map((transfer) => ({
          key: transfer.key,
          kind: transfer.kind,
          debitAccountId: transfer.debit_account_id,
          creditAccountId: transfer.credit_account_id,
          amountFen: transfer.amount_fen.toString(),
          at: transfer.at.toISOString(),
        })),
        packReadings: readings.map(({ pack_id, ts, location_kind, location_id, soc_percent }) => ({
          packId: pack_id,
          at: ts.toISOString(),
          place: `${location_kind} ${location_id}`,
          socPercent: soc_percent,
        })),
        acts: acts.map(({ at, user_id, action, after }) => ({ at: at.toISOString(), by: user_id, action, detail: after })),
      };
    },
  );
  app.post(
    '/orders/:id/repair',
    {
      schema: {
        tags,
        summary: 'Repairs an abnormal order: bills what the station or a person measured; what is billed already is only noted',
        params: IdParams,
        body: Repair,
        response: { 200: OrderSummary },
      },
    },
    async (request) => {
      requireOperator(request);
      const { note: why, measured } = request.body;
      return act(request, { type: 'order.repair', orderId: request.params.id, note: why, measured: measurementOf(measured) });
    },
  );
  app.post(
    '/orders/:id/write-off',
    { schema: { tags, summary: 'Writes an abnormal order off', params: IdParams, body: Note, response: { 200: OrderSummary } } },
    async (request) => {
      requireOperator(request);
      return act(request, { type: 'order.writeOff', orderId: request.params.id, note: request.body.note });
    },
  );
};

const measurementOf = (measured: Static<typeof Measured> | undefined): RepairMeasurement | null =>
  measured === undefined ? null : { in: measured.in ?? null, out: measured.out ?? null, odometerM: measured.odometerM ?? null };
