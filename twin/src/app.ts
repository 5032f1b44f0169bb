import type { Reference } from '@corridor/actors/network/reference';
import type { Geometry } from '@corridor/protocols/http/scene';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import type { EmbeddedIssuer } from './auth/embedded-issuer.ts';
import type { TokenVerifier } from './auth/token-verifier.ts';
import { carrierBooksOf } from './charges/carrier-books.ts';
import type { TwinConfig } from './config.ts';
import type { Database } from './db/db.ts';
import { accountsRoutes } from './http/accounts/accounts.routes.ts';
import { actorsRoutes } from './http/actors/actors.routes.ts';
import { approvalsRoutes } from './http/approvals/approvals.routes.ts';
import { assetsRoutes } from './http/assets/assets.routes.ts';
import { depositsRoutes } from './http/assets/deposits.routes.ts';
import { operatorActsRoutes } from './http/assets/operator-acts.routes.ts';
import { stationPageRoutes } from './http/assets/station-page.routes.ts';
import { stopActsRoutes } from './http/assets/stop-acts.routes.ts';
import { auditRoutes } from './http/audit/audit.routes.ts';
import { authRoutes } from './http/auth/auth.routes.ts';
import { bundlesRoutes } from './http/bundles/bundles.routes.ts';
import { bearerAuth } from './http/caller.ts';
import { commandsRoutes } from './http/commands/commands.routes.ts';
import { contractsRoutes } from './http/contracts.routes.ts';
import { credentialsRoutes } from './http/credentials/credentials.routes.ts';
import type { EnrolmentDesk } from './http/credentials/enrolment-desk.ts';
import { serveDocuments } from './http/documents.ts';
import { historyRoutes } from './http/history/history.routes.ts';
import { liveDataRoutes } from './http/live-data.routes.ts';
import { observeRoutes } from './http/observe/observe.routes.ts';
import { operationsRoutes } from './http/operations.routes.ts';
import { orderRepairRoutes } from './http/orders/order-repair.routes.ts';
import { ordersRoutes } from './http/orders/orders.routes.ts';
import { partiesRoutes } from './http/parties/parties.routes.ts';
import { paymentCallbacksRoutes } from './http/payments/payment-callbacks.routes.ts';
import { paymentsRoutes } from './http/payments/payments.routes.ts';
import { reconciliationsRoutes } from './http/payments/reconciliations.routes.ts';
import { asOneError, handleProblems } from './http/problem.ts';
import { queueingSinceMs } from './http/queues/queueing-since.ts';
import { rateLimits } from './http/rate-limit.ts';
import { reratingsRoutes } from './http/re-ratings/re-ratings.routes.ts';
import { recommendationsRoutes } from './http/recommendations/recommendations.routes.ts';
import { refuseUnsafeText, securityHeaders } from './http/safety.ts';
import { pastRoutes } from './http/scene/past.routes.ts';
import { sceneRoutes } from './http/scene/scene.routes.ts';
import { settlementRoutes } from './http/settlement.routes.ts';
import { readTextParts } from './http/text-parts.ts';
import type { IdentityVault } from './identity/identity-vault.ts';
import type { LiveTwin } from './live-twin.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics/metrics.ts';
import { PastScenes } from './past/past-scenes.ts';
import { type RightsHolder, rightsOf } from './projection/rights.ts';
import type { PaymentSide } from './rail/payment-side.ts';
import type { RosterDesk } from './roster/roster-desk.ts';
import type { SettlementSide } from './settlement/settlement-side.ts';
import type { SohSide } from './soh/soh-side.ts';
import type { Turns } from './turns/turns.ts';
import { Tickets } from './ws/tickets.ts';
import { wsRoutes } from './ws/ws.routes.ts';

export interface AppOptions {
  config: TwinConfig;
  twin: LiveTwin;
  database: Database;
  geometry: Geometry;
  metrics: Metrics;
  verifyToken: TokenVerifier;
  issuer: EmbeddedIssuer | null;
  /** null: there is no payment rail. */
  payments: PaymentSide | null;
  settlement: SettlementSide;
  soh: SohSide;
  /** By principal: its leaving, and what begins for it. */
  leaving: Turns;
  roster: { desk: RosterDesk; vault: IdentityVault | null };
  enrolment: EnrolmentDesk;
  /** Address at which gateways find NATS. */
  publicNatsUrl: string;
  wallNowMs: () => number;
  lacking: () => Promise<readonly string[]>;
  /** Folder of the built viewer; null: none. */
  viewerDir: string | null;
  log: Log;
}

const BODY_BYTES_MAX = 256 * 1024;
const REQUEST_MS_MAX = 30_000;
const WS_MESSAGE_BYTES_MAX = 4_096;
/** Ids of alarms name what they are about. */
const PARAM_CHARS_MAX = 512;

/** What the build named after its content never changes; the page that names it is asked for each time. */
function cacheAsBuilt(reply: FastifyReply, path: string): void {
  reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** A token outlives the driver who holds it. */
function isLeftDriver(caller: RightsHolder, reference: Pick<Reference, 'driver'>): boolean {
  const rights = rightsOf(caller);
  return rights.kind === 'DRIVER' && reference.driver(rights.driverId) === undefined;
}

const serverOptions = (logger: FastifyBaseLogger): FastifyServerOptions => ({
  loggerInstance: logger,
  // A request a line would drown what matters; failures are logged by the handler of problems.
  logController: new LogController({ disableRequestLogging: true }),
  bodyLimit: BODY_BYTES_MAX,
  requestTimeout: REQUEST_MS_MAX,
  routerOptions: { maxParamLength: PARAM_CHARS_MAX },
  trustProxy: false,
  forceCloseConnections: true,
  schemaErrorFormatter: asOneError,
  ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: false } },
});

/** The table of contents of the HTTP side. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, twin, database, metrics, payments, log } = options;
  const { reference, position } = twin.core;
  const { platformId } = position;
  const { writer, scene, feed, clock } = twin;
  const shared = { database, platformId, reference, writer, scopeNowMs: () => clock().scopeAtMs };
  const app = Fastify(serverOptions(log));
  // Views are made field by field; the schemas of answers are what is documented and tested.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  handleProblems(app);
  securityHeaders(app, config.auth.kind === 'oidc' ? config.auth.issuer : null);
  readTextParts(app);
  await app.register(fastifyWebsocket, { options: { maxPayload: WS_MESSAGE_BYTES_MAX, perMessageDeflate: false } });
  await serveDocuments(app, { natsUrl: options.publicNatsUrl });

  const past = new PastScenes({ database, platformId, live: scene.live });
  const tickets = new Tickets(options.wallNowMs);
  await app.register(observeRoutes, { metrics, lacking: options.lacking });
  await app.register(wsRoutes, { feed, tickets });
  await app.register(
    async (api) => {
      refuseUnsafeText(api);
      await api.register(bearerAuth, { verify: options.verifyToken, hasLeft: (caller) => isLeftDriver(caller, reference) });
      await api.register(rateLimits, { limits: config.rateLimits });
      await api.register(authRoutes, { auth: config.auth, issuer: options.issuer, paymentChannel: payments?.channel ?? null });
      await api.register(sceneRoutes, { scene, past, clock, geometry: options.geometry, tickets });
      await api.register(pastRoutes, { database, platformId, past });
      await api.register(assetsRoutes, { scene });
      await api.register(stationPageRoutes, { scene, stationPages: config.stationPages });
      await api.register(historyRoutes, { database, platformId, scene });
      await api.register(liveDataRoutes, { database, platformId, scene, soh: options.soh, past });
      await api.register(partiesRoutes, { ...shared, ...options.roster });
      await api.register(credentialsRoutes, {
        desk: options.enrolment,
        reference,
        writer,
        forgetSource: async (source, by) => twin.forgetSource(source, by),
        natsUrl: options.publicNatsUrl,
        scope: config.scope,
      });
      await api.register(ordersRoutes, { database, platformId, reference, writer, past, live: scene.live, driving: twin.core.driving });
      await api.register(recommendationsRoutes, { live: scene.live, driving: twin.core.driving });
      await api.register(orderRepairRoutes, { database, platformId, writer });
      await api.register(accountsRoutes, shared);
      await api.register(bundlesRoutes, { ...shared, databaseUrl: config.databaseUrl, log });
      await api.register(paymentsRoutes, { ...shared, payments });
      await api.register(paymentCallbacksRoutes, { payments });
      await api.register(reconciliationsRoutes, { payments });
      await api.register(settlementRoutes, { ...shared, settlement: options.settlement, leaving: options.leaving });
      await api.register(commandsRoutes, shared);
      await api.register(contractsRoutes, { ...shared, carrierBooks: (id) => carrierBooksOf(twin.core.network, id) });
      await api.register(approvalsRoutes, { ...shared, payments });
      await api.register(reratingsRoutes, { database, databaseUrl: config.databaseUrl, platformId, log: options.log });
      const waiting = (truckId: string) => queueingSinceMs(twin.core.network, truckId);
      await api.register(operationsRoutes, { database, platformId, scene, writer, past, queueingSinceMs: waiting });
      await api.register(operatorActsRoutes, { database, platformId, scene, writer });
      await api.register(stopActsRoutes, { database, platformId, scene, writer });
      await api.register(depositsRoutes, { ...shared, scene, carrierBooks: (id) => carrierBooksOf(twin.core.network, id) });
      await api.register(auditRoutes, { database, platformId });
      await api.register(actorsRoutes, { database, platformId, scene });
    },
    { prefix: '/api/v1' },
  );
  if (options.viewerDir !== null) await serveViewer(app, options.viewerDir);
  return app;
}

async function serveViewer(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, { root, wildcard: true, cacheControl: false, setHeaders: cacheAsBuilt });
}
