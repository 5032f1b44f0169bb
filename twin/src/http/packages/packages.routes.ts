import type { Books } from '@corridor/actors/account/hold.rules';
import { type CarrierPackage, packagesOf, purchaseKey } from '@corridor/actors/account/package.rules';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import { IdText, TOKEN_PATTERN } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { Rights } from '../../projection/rights.ts';
import type { Writer } from '../../writer/writer.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { answered } from '../intent-answer.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';

const Purchase = Type.Object(
  {
    carrierId: IdText('who buys'),
    offerId: IdText('offer of its contract in force'),
    key: Type.String({ pattern: TOKEN_PATTERN, description: 'names the package; the same again buys nothing more' }),
  },
  { additionalProperties: false },
);
const PackageView = Type.Object({
  id: Type.String(),
  carrierId: Type.String(),
  offerId: Type.String(),
  issuerId: Type.String(),
  unit: Type.Enum(['Wh', 'swap']),
  quantity: Type.String({ description: 'left, with what open orders were granted' }),
  granted: Type.String({ description: 'of it, kept for open orders' }),
  amountFen: Type.String({ description: 'that belongs to what is left' }),
  expiresAt: Type.String(),
});
const OfferView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  carrierId: Type.String(),
  issuerId: Type.String(),
  unit: Type.Enum(['Wh', 'swap']),
  quantity: Type.Integer(),
  priceFen: Type.String(),
  validDays: Type.Integer(),
});

export interface PackagesRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  writer: Pick<Writer, 'ask'>;
  /** null: no such carrier. */
  carrierBooks: (carrierId: string) => Pick<Books, 'packages'> | null;
  scopeNowMs: () => number;
}

/** Prepaid packages of carriers: the offers of their contracts, what was bought, and what is left of it. */
export const packagesRoutes: FastifyPluginAsyncTypebox<PackagesRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, writer, carrierBooks, scopeNowMs } = options;
  const named = (carrierId: string, key: string) =>
    packagesOf(carrierBooks(carrierId) ?? NO_BOOKS).find(({ packageId }) => packageId === key);
  const tags = ['money'];
  const carriers = () =>
    [...reference.principals()].filter(({ kind }) => kind === 'CARRIER').toSorted((one, other) => (one.id < other.id ? -1 : 1));
  app.get(
    '/packages',
    {
      schema: {
        tags,
        summary: 'Packages of the caller, or issued by it, and the offers of the contracts in force',
        response: { 200: Type.Object({ items: Type.Array(PackageView), offers: Type.Array(OfferView) }) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const items = carriers().flatMap(({ id }) => {
        const books = carrierBooks(id);
        return books === null ? [] : packagesOf(books).map((bought) => packageView(id, bought));
      });
      const offers = carriers().flatMap(({ id: carrierId }) => {
        const billing = reference.contractOf(carrierId, localDateOf(scopeNowMs()))?.billing;
        return billing?.mode === 'PACKAGE' ? billing.offers.map((offer) => ({ ...offer, carrierId, issuerId: billing.issuerId })) : [];
      });
      return { items: items.filter((each) => maySee(rights, each)), offers: offers.filter((each) => maySee(rights, each)) };
    },
  );
  app.post(
    '/packages',
    {
      schema: {
        tags,
        summary: 'Buys an offer of the contract in force; 409 PACKAGE_OVER, 422 OFFER_UNKNOWN, KEY_USED_WITH_OTHER_OFFER, NO_CREDIT',
        body: Purchase,
        response: { 201: PackageView },
      },
    },
    async (request, reply) => {
      const { carrierId, offerId, key } = request.body;
      const rights = rightsOfRequest(request);
      if (reference.principal(carrierId)?.kind !== 'CARRIER') throw notFound('carrier', carrierId);
      if (rights.kind !== 'ALL' && !(rights.kind === 'CARRIER' && rights.principalId === carrierId)) {
        throw forbidden('only the carrier itself buys');
      }
      // The books forget a package some time after it is used up, the ledger never: its key there cannot be used again.
      if (named(carrierId, key) === undefined && (await isInLedger(database, platformId, purchaseKey({ principalId: carrierId }, key)))) {
        throw new ProblemError(409, 'PACKAGE_OVER', `package ${key} was bought before and is used up or over`);
      }
      answered(await writer.ask({ type: 'package.buy', principalId: carrierId, key, offerId }, callerOf(request).userId));
      const bought = named(carrierId, key);
      if (bought === undefined) throw notFound('package', key);
      return reply.code(201).send(packageView(carrierId, bought));
    },
  );
};

const NO_BOOKS = { packages: [] } as const satisfies Pick<Books, 'packages'>;

async function isInLedger({ pool }: Database, platformId: string, key: string): Promise<boolean> {
  const { rows } = await pool.query({ text: 'select 1 from transfer where platform_id = $1 and key = $2', values: [platformId, key] });
  return rows.length > 0;
}

const maySee = (rights: Rights, { carrierId, issuerId }: { carrierId: string; issuerId: string }): boolean =>
  rights.kind === 'ALL' ||
  (rights.kind !== 'PUBLIC' && rights.kind !== 'DRIVER' && (rights.principalId === carrierId || rights.principalId === issuerId));

const packageView = (carrierId: string, bought: CarrierPackage) => ({
  id: bought.packageId,
  carrierId,
  offerId: bought.offerId,
  issuerId: bought.issuerId,
  unit: bought.unit,
  quantity: bought.quantity.toString(),
  granted: bought.grants.reduce((sum, { quantity }) => sum + quantity, 0n).toString(),
  amountFen: bought.amountFen.toString(),
  expiresAt: new Date(bought.expiresAtMs).toISOString(),
});
