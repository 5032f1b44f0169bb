import { randomUUID } from 'node:crypto';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Database } from '../db/db.ts';
import { Disputes } from '../settlement/disputes.ts';
import type { SettlementSide } from '../settlement/settlement-side.ts';
import type { Turns } from '../turns/turns.ts';
import type { Writer } from '../writer/writer.ts';
import { clearingRoutes } from './clearing/clearing.routes.ts';
import { disputesRoutes } from './disputes/disputes.routes.ts';
import { settlementAgreementsRoutes } from './statements/settlement-agreements.routes.ts';
import { statementsRoutes } from './statements/statements.routes.ts';

export interface SettlementRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  writer: Writer;
  settlement: SettlementSide;
  leaving: Turns;
  scopeNowMs: () => number;
}

/** What comes after the bill: shares, statements, how they are agreed, and objections. */
export const settlementRoutes: FastifyPluginAsyncTypebox<SettlementRoutesOptions> = async (app, options) => {
  await app.register(clearingRoutes, options);
  await app.register(statementsRoutes, options);
  await app.register(settlementAgreementsRoutes, options);
  const { bills } = options.settlement;
  await app.register(disputesRoutes, { ...options, disputes: new Disputes({ ...options, bills, newId: () => `D${randomUUID()}` }) });
};
