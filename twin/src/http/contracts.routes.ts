import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type AgreementsRoutesOptions, agreementsRoutes } from './agreements/agreements.routes.ts';
import { chargesRoutes } from './charges/charges.routes.ts';
import { type PackagesRoutesOptions, packagesRoutes } from './packages/packages.routes.ts';

/** What is agreed beforehand, and what is owed by it beside swaps. */
export const contractsRoutes: FastifyPluginAsyncTypebox<AgreementsRoutesOptions & PackagesRoutesOptions> = async (app, options) => {
  await app.register(agreementsRoutes, options);
  await app.register(chargesRoutes, options);
  await app.register(packagesRoutes, options);
};
