import { CHARGE_KINDS } from '@corridor/actors/charge/charge';
import { Page } from '@corridor/protocols/http/problem';
import { IdText } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { notFound, ProblemError } from '../problem.ts';
import { NOT_BLANK } from '../reason-text.ts';

const N = Type.Union([Type.String(), Type.Null()]);
const ChargeView = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...CHARGE_KINDS]),
  carrierId: Type.String(),
  truckId: Type.String(),
  stationId: N,
  orderId: N,
  contractId: Type.String(),
  bookedAt: Type.String(),
  basis: Type.Unknown({ description: 'month, days and pack of a rent; instant and stay of a penalty' }),
  lines: Type.Array(
    Type.Object({
      component: Type.String(),
      description: Type.String(),
      amountFen: Type.String(),
      taxRateBasisPoints: Type.Integer(),
      beneficiaryId: Type.String(),
      derivation: Type.String(),
    }),
  ),
});
type ChargeView = Static<typeof ChargeView>;
/** `rent:<contract>:<truck>:<month>`, `no-show:<order>`, `overstay:<order>`. */
const ChargeParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9:_-]{1,256}$' }) });

/** Bills beside those of swaps: rents by the month and penalties. Whose lines a caller sees, the database decides. */
export const chargesRoutes: FastifyPluginAsyncTypebox<{ database: Database; platformId: string }> = async (
  app,
  { database, platformId },
) => {
  app.get(
    '/charges',
    {
      schema: {
        tags: ['money'],
        summary: 'Rents and penalties: whole to who pays them, own lines to who is paid, newest first',
        querystring: Type.Object({
          ...PageQuery,
          kind: Type.Optional(Type.Enum([...CHARGE_KINDS])),
          orderId: Type.Optional(IdText('order that it is about')),
        }),
        response: { 200: Page(ChargeView) },
      },
    },
    async (request) => {
      const { kind = null, orderId = null, cursor, limit = LIMIT_DEFAULT } = request.query;
      const [beforeAt = null, beforeId = null] = readCursor(cursor, 2) ?? [];
      const { rows } = await readAs(database, rightsOfRequest(request)).query<{ view: ChargeView }>({
        text: `select json_build_object('id', c.charge_id, 'kind', c.kind, 'carrierId', c.carrier_id, 'truckId', c.truck_id, 'stationId', c.station_id,
                        'orderId', c.order_id, 'contractId', c.contract_id, 'basis', c.basis,
                        'bookedAt', to_char(c.booked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                        'lines', coalesce((select json_agg(json_build_object('component', l.component, 'description', l.description,
                                             'amountFen', l.amount_fen::text, 'taxRateBasisPoints', l.tax_rate_basis_points,
                                             'beneficiaryId', l.beneficiary_id, 'derivation', l.derivation) order by l.line_no)
                                      from charge_line l where l.platform_id = c.platform_id and l.charge_id = c.charge_id), '[]')) as view
                 from charge c
                where c.platform_id = $1 and ($2::text is null or c.kind = $2) and ($3::text is null or c.order_id = $3)
                  and ($4::timestamptz is null or (c.booked_at, c.charge_id) < ($4::timestamptz, $5::text))
                order by c.booked_at desc, c.charge_id desc limit $6`,
        values: [platformId, kind, orderId, beforeAt, beforeId, limit + 1],
      });
      const page = rows.slice(0, limit).map(({ view }) => view);
      const last = page.at(-1);
      return { items: page, nextCursor: rows.length > limit && last ? cursorOf([last.bookedAt, last.id]) : null };
    },
  );
  app.post(
    '/charges/:id/dispute',
    {
      schema: {
        tags: ['money'],
        summary: 'Refused: a charge is not disputed, corrected or credited; only bills of orders are',
        params: ChargeParams,
        body: Type.Object(
          { reason: Type.String({ pattern: NOT_BLANK, maxLength: 2_000, description: 'what is wrong' }) },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { id } = request.params;
      const { rowCount } = await readAs(database, rightsOfRequest(request)).query({
        text: 'select from charge where platform_id = $1 and charge_id = $2',
        values: [platformId, id],
      });
      if (rowCount === 0) throw notFound('charge', id);
      throw new ProblemError(
        422,
        'CHARGE_NOT_DISPUTABLE',
        `charge ${id} stands as it is booked: its parties settle among themselves what is wrong with it`,
      );
    },
  );
};
