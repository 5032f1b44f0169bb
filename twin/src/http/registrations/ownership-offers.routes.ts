import { randomUUID } from 'node:crypto';
import { Page } from '@corridor/protocols/http/problem';
import { IdText } from '@corridor/protocols/ids';
import { Literals } from '@corridor/protocols/literals';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { readAs } from '../../rights/read-as.ts';
import { endOffer, findOffer, insertOffer, listOffers, type OfferRow } from '../../roster/ownership-offers.queries.ts';
import type { RosterDesk } from '../../roster/roster-desk.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { mayRead } from '../books.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { granted } from './roster-problem.ts';

const OWNED_KINDS = ['STATION', 'PACK', 'TRUCK'] as const;
const Offer = Type.Object(
  { kind: Literals(OWNED_KINDS), id: IdText('of what is offered'), toPrincipalId: IdText('who may take it') },
  { additionalProperties: false },
);
const OfferView = Type.Object({
  id: Type.String(),
  kind: Literals(OWNED_KINDS),
  assetId: Type.String(),
  fromPrincipalId: Type.String(),
  toPrincipalId: Type.String(),
  state: Literals(['OPEN', 'ACCEPTED', 'WITHDRAWN']),
  offeredBy: Type.String(),
  offeredAt: Type.String(),
  endedAt: Type.Union([Type.String(), Type.Null()]),
});

export interface OwnershipOffersRoutesOptions {
  database: Database;
  platformId: string;
  desk: RosterDesk;
  scopeNowMs: () => number;
}

/** Packs, trucks and stations change hands: offered by the owner, taken by the buyer, at one instant. What was before stays with whom it was. */
export const ownershipOffersRoutes: FastifyPluginAsyncTypebox<OwnershipOffersRoutesOptions> = async (app, options) => {
  const { database, platformId, desk, scopeNowMs } = options;
  const tags = ['parties'];
  const now = () => new Date(scopeNowMs()).toISOString();
  const visible = async (request: FastifyRequest, id: string): Promise<OfferRow> => {
    const row = await findOffer(readAs(database, rightsOfRequest(request)), platformId, id);
    if (row === null) throw notFound('offer', id);
    return row;
  };
  const end = async (request: FastifyRequest, id: string, state: 'ACCEPTED' | 'WITHDRAWN') => {
    const ended = await endOffer(database.pool, platformId, { offerId: id, state, by: callerOf(request).userId, at: now() });
    if (!ended) throw new ProblemError(409, 'OFFER_ENDED', `${id} is not open any more`);
    return offerView(await visible(request, id));
  };
  app.post(
    '/ownership-offers',
    { schema: { tags, summary: 'Offers an own asset to another owner', body: Offer, response: { 201: OfferView } } },
    async (request, reply) => {
      const { kind, id, toPrincipalId } = request.body;
      const from = desk.ownerOf(kind, id);
      if (from === null || !mayRead(rightsOfRequest(request), from)) throw notFound(kind.toLowerCase(), id);
      if (desk.ownerOf('PRINCIPAL', toPrincipalId) === null || toPrincipalId === from)
        throw new ProblemError(422, 'OWNER_UNKNOWN', `${toPrincipalId} cannot take it`);
      const offer = { offerId: `O${randomUUID()}`, kind, id, from, to: toPrincipalId, by: callerOf(request).userId, at: now() };
      if (!(await insertOffer(database.pool, platformId, offer))) throw new ProblemError(409, 'OFFER_EXISTS', `${id} is offered already`);
      return reply.code(201).send(offerView(await visible(request, offer.offerId)));
    },
  );
  app.get(
    '/ownership-offers',
    {
      schema: {
        tags,
        summary: 'Offers of and to the caller, newest first',
        querystring: Type.Object(PageQuery),
        response: { 200: Page(OfferView) },
      },
    },
    async (request) => {
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const db = readAs(database, rightsOfRequest(request));
      const rows = await listOffers(db, platformId, limit + 1, readCursor(request.query.cursor, 2));
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = rows.length > limit && last ? cursorOf([last.offered_at.toISOString(), last.offer_id]) : null;
      return { items: items.map(offerView), nextCursor };
    },
  );
  app.post(
    '/ownership-offers/:id/accept',
    { schema: { tags, summary: 'Takes what was offered: it changes hands now', params: IdParams, response: { 200: OfferView } } },
    async (request) => {
      const offer = await visible(request, request.params.id);
      if (!mayRead(rightsOfRequest(request), offer.to_principal_id)) throw forbidden('whom it is offered to takes it');
      if (offer.state !== 'OPEN') throw new ProblemError(409, 'OFFER_ENDED', `${offer.offer_id} is ${offer.state}`);
      if (desk.ownerOf(offer.asset_kind, offer.asset_id) !== offer.from_principal_id) {
        throw new ProblemError(409, 'OWNER_CHANGED', `${offer.asset_id} is not ${offer.from_principal_id}'s any more`);
      }
      granted(await desk.transfer(offer.asset_kind, offer.asset_id, offer.to_principal_id, callerOf(request).userId));
      return end(request, offer.offer_id, 'ACCEPTED');
    },
  );
  app.post(
    '/ownership-offers/:id/withdraw',
    { schema: { tags, summary: 'Takes an offer back, or declines it', params: IdParams, response: { 200: OfferView } } },
    async (request) => end(request, (await visible(request, request.params.id)).offer_id, 'WITHDRAWN'),
  );
};

const offerView = (row: OfferRow) => ({
  id: row.offer_id,
  kind: row.asset_kind,
  assetId: row.asset_id,
  fromPrincipalId: row.from_principal_id,
  toPrincipalId: row.to_principal_id,
  state: row.state,
  offeredBy: row.offered_by,
  offeredAt: row.offered_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
});
