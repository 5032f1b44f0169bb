import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { parseCellVoltages } from '@corridor/actors/pack/open-circuit-voltage';
import { buildGeometry } from '@corridor/actors/road/geometry';
import { parseRoadProfile } from '@corridor/actors/road/road-profile';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { buildApp } from './app.ts';
import { demoUsers } from './auth/demo-user.ts';
import { createEmbeddedIssuer, type EmbeddedIssuer } from './auth/embedded-issuer.ts';
import { createTokenVerifier, remoteKeys } from './auth/token-verifier.ts';
import { carrierBooksOf } from './charges/carrier-books.ts';
import { ChargeSide } from './charges/charge-side.ts';
import { dropOldLanes } from './completeness/lane-book.queries.ts';
import type { TwinConfig } from './config.ts';
import { assertDatabaseUsable, type Database, openDatabase } from './db/db.ts';
import { migrate } from './db/migrate.ts';
import { prepareTimeSeries, type TimeSeriesTier } from './db/time-series.ts';
import { timeSeriesUpkeep } from './db/time-series-upkeep.ts';
import { PortInUseError } from './embedded/server-errors.ts';
import { EnrolmentDesk } from './http/credentials/enrolment-desk.ts';
import { openIdentityVault } from './identity/identity-keys.ts';
import { createLiveTwin, type LiveTwin } from './live-twin.ts';
import type { Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { reachNats } from './nats/reach-nats.ts';
import { ensureStreams } from './nats/streams.ts';
import { PaymentSide } from './rail/payment-side.ts';
import { type Core, restoreCore } from './restore/restore-core.ts';
import { CertificationSide } from './roster/certification-side.ts';
import { HttpCertifier } from './roster/certifier.ts';
import { LeftGateways } from './roster/left-gateways.ts';
import { RosterDesk } from './roster/roster-desk.ts';
import { cellVoltageText, corridorTexts } from './seed/network-files.ts';
import { SettlementSide } from './settlement/settlement-side.ts';
import { SohSide } from './soh/soh-side.ts';
import { Turns } from './turns/turns.ts';
import { startUpkeep, type UpkeepWork } from './upkeep.ts';
import { failedInputsUpkeep } from './writer/suspects.ts';

export interface StartTwinOptions {
  config: TwinConfig;
  log: Log;
  /** Folder of the built viewer; null: none is served. */
  viewerDir: string | null;
  wallNowMs?: () => number;
  /** Port 0 in `config` is replaced by a free one. */
  onFatal: (cause: unknown) => void;
}

export interface RunningTwin {
  readonly port: number;
  readonly url: string;
  readonly live: LiveTwin;
  readonly metrics: Metrics;
  readonly issuer: EmbeddedIssuer | null;
  /** null: there is no payment rail. */
  readonly payments: PaymentSide | null;
  readonly charges: ChargeSide;
  readonly settlement: SettlementSide;
  readonly soh: SohSide;
  /** By principal: its leaving, and what begins for it. */
  readonly leaving: Turns;
  stop(): Promise<void>;
}

const DATABASE_CONNECTIONS = 12;
const OLD_LANES_EVERY_MS = 21_600_000;

/**
 * Starts the twin on servers that are there: brings the schema forward, restores the core or registers the network, reads
 * the streams, listens.
 * @throws errors with a constant `code` and one line that says what to do
 */
export async function startTwin(options: StartTwinOptions): Promise<RunningTwin> {
  const { config, log } = options;
  const wallNowMs = options.wallNowMs ?? Date.now;
  const metrics = createMetrics();
  const database = openDatabase({ url: config.databaseUrl, log, name: 'corridor-twin', connectionsMax: DATABASE_CONNECTIONS });
  let nc: NatsConnection | null = null;
  try {
    await assertDatabaseUsable(database, config.databaseUrl);
    await migrate(database);
    const tier = await prepareTimeSeries(database, log);
    nc = await reachNats({ url: config.natsUrl, creds: config.natsCredsFile === null ? null : readFileSync(config.natsCredsFile, 'utf8') });
    await ensureStreams(await jetstreamManager(nc));
    const texts = corridorTexts();
    const core = await restoreCore({
      database,
      scope: config.scope,
      networkFile: config.networkFile,
      road: parseRoadProfile(texts.profileCsv),
      wallNowMs,
      log,
      onRetry: () => metrics.commitRetries.inc(),
    });
    const live = await createLiveTwin({ core, database, nc, scope: config.scope, wallNowMs, metrics, log, onFatal: options.onFatal });
    const address = { port: config.port };
    const leaving = new Turns();
    const payments = paymentSideOf({ config, database, core, live, leaving, wallNowMs, log, address });
    const settlement = settlementSideOf({ database, core, live, payments, wallNowMs, log });
    const charges = chargeSideOf({ database, core, live, wallNowMs, log });
    const soh = await sohSideOf({ database, core, live });
    const roster = rosterOf({ config, database, core, live, charges, leaving, wallNowMs, log });
    const parts = { options, wallNowMs, metrics, database, nc, core, live, payments, settlement, soh, leaving, roster };
    const { app, issuer } = await listen({ ...parts, geometry: buildGeometry(texts) });
    address.port = (app.server.address() as AddressInfo).port;
    live.start();
    await payments?.start();
    charges.start();
    settlement.start();
    const upkeep = startUpkeep(upkeepOf({ ...parts, tier }), log);
    await roster.start();
    const url = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${address.port}`;
    log.info({ url, scope: config.scope }, 'the twin is up');
    return {
      port: address.port,
      url,
      live,
      metrics,
      issuer,
      payments,
      charges,
      settlement,
      soh,
      leaving,
      async stop() {
        await app.close();
        await roster.stop();
        await charges.stop();
        await settlement.stop();
        await payments?.stop();
        await upkeep.stop();
        await live.stop();
        await parts.nc.drain();
        await database.close();
      },
    };
  } catch (cause) {
    await nc?.close();
    await database.close();
    throw cause;
  }
}

async function sohSideOf({ database, core, live }: { database: Database; core: Core; live: LiveTwin }): Promise<SohSide> {
  const soh = new SohSide({
    database,
    platformId: core.position.platformId,
    reference: core.reference,
    cells: parseCellVoltages(cellVoltageText()),
    scopeNowMs: () => live.clock().scopeAtMs,
  });
  await soh.load();
  return soh;
}

function upkeepOf(parts: { database: Database; tier: TimeSeriesTier; core: Core; live: LiveTwin; soh: SohSide }): UpkeepWork[] {
  const { database, tier, core, live, soh } = parts;
  const { platformId } = core.position;
  const scopeNowMs = () => live.clock().scopeAtMs;
  return [
    ...timeSeriesUpkeep({ database, tier, scopeNowMs }),
    failedInputsUpkeep(database.pool, platformId),
    { what: 'old lanes', everyMs: OLD_LANES_EVERY_MS, work: () => dropOldLanes(database.pool, platformId, scopeNowMs()) },
    soh.upkeep(),
  ];
}

interface ListenOptions {
  options: StartTwinOptions;
  wallNowMs: () => number;
  metrics: Metrics;
  database: Database;
  nc: NatsConnection;
  core: Core;
  live: LiveTwin;
  payments: PaymentSide | null;
  settlement: SettlementSide;
  soh: SohSide;
  leaving: Turns;
  roster: ReturnType<typeof rosterOf>;
  geometry: ReturnType<typeof buildGeometry>;
}

async function listen(parts: ListenOptions) {
  const { options, wallNowMs, metrics, database, nc, core, live, payments, settlement, soh, leaving, roster, geometry } = parts;
  const { config, log, viewerDir } = options;
  const issuer = await issuerOf(config, core);
  const verifyToken =
    issuer?.verifyToken ?? (config.auth.kind === 'oidc' ? createTokenVerifier(remoteKeys(config.auth.jwksUrl), config.auth) : null);
  if (verifyToken === null) throw new Error('neither an issuer nor a provider checks tokens');
  const app = await buildApp({
    config,
    twin: live,
    database,
    geometry,
    metrics,
    verifyToken,
    issuer,
    payments,
    settlement,
    soh,
    leaving,
    roster,
    enrolment: roster.enrolment,
    publicNatsUrl: config.natsUrl,
    wallNowMs,
    lacking: () => lackingOf(database, nc),
    viewerDir,
    log,
  });
  try {
    await app.listen({ port: config.port, host: config.host });
  } catch (cause) {
    await app.close();
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')
      throw new PortInUseError({ server: 'HTTP', port: config.port });
    throw cause;
  }
  return { app, issuer };
}

function paymentSideOf(parts: {
  config: TwinConfig;
  database: Database;
  core: Core;
  live: LiveTwin;
  leaving: Turns;
  wallNowMs: () => number;
  log: Log;
  /** Where we listen, once we do. */
  address: { port: number };
}): PaymentSide | null {
  const { config, database, core, live, leaving, wallNowMs, log, address } = parts;
  const { rail } = config;
  if (rail === null) return null;
  return new PaymentSide({
    config: rail,
    database,
    platformId: core.position.platformId,
    writer: live.writer,
    leaving,
    wallNowMs,
    scopeNowMs: () => live.clock().scopeAtMs,
    callbackUrl: () => rail.callbackUrl?.replace(/\/+$/, '') ?? `http://127.0.0.1:${address.port}`,
    log,
  });
}

function settlementSideOf(parts: {
  database: Database;
  core: Core;
  live: LiveTwin;
  payments: PaymentSide | null;
  wallNowMs: () => number;
  log: Log;
}): SettlementSide {
  const { database, core, live, payments, wallNowMs, log } = parts;
  return new SettlementSide({
    database,
    platformId: core.position.platformId,
    reference: core.reference,
    writer: live.writer,
    payouts: payments?.payouts ?? null,
    scopeNowMs: () => live.clock().scopeAtMs,
    wallNowMs,
    log,
  });
}

function rosterOf(parts: {
  config: TwinConfig;
  database: Database;
  core: Core;
  live: LiveTwin;
  charges: ChargeSide;
  leaving: Turns;
  wallNowMs: () => number;
  log: Log;
}) {
  const { config, database, core, live, charges, leaving, wallNowMs, log } = parts;
  const { platformId } = core.position;
  const vault = openIdentityVault(config);
  const certifier = config.certifierUrl === null ? null : new HttpCertifier(config.certifierUrl);
  const { natsKeysFile: keysFile, natsUrl, scope } = config;
  const enrolment = new EnrolmentDesk({ database, platformId, keysFile, natsUrl, scope, wallNowMs });
  const forgetSource = async (source: string, by: string) => live.forgetSource(source, by);
  const leftGateways = new LeftGateways({ database, platformId, enrolment, forgetSource, log });
  const desk = new RosterDesk({
    database,
    platformId,
    reference: core.reference,
    writer: live.writer,
    leaving,
    vault,
    hasCertifier: certifier !== null,
    scopeNowMs: () => live.clock().scopeAtMs,
    newId: randomUUID,
    chargeToDate: async (carrierId) => charges.chargeToDate(carrierId),
    chargeDueTo: async (operatorId) => charges.chargeDueTo(operatorId),
    onLeft: async () => leftGateways.look(),
  });
  const certification = new CertificationSide({ database, platformId, desk, certifier, vault, log });
  return {
    vault,
    desk,
    enrolment,
    async start() {
      await certification.start();
      leftGateways.start();
    },
    async stop() {
      await certification.stop();
      await leftGateways.stop();
    },
  };
}

function chargeSideOf(parts: { database: Database; core: Core; live: LiveTwin; wallNowMs: () => number; log: Log }): ChargeSide {
  const { database, core, live, wallNowMs, log } = parts;
  return new ChargeSide({
    database,
    platformId: core.position.platformId,
    reference: core.reference,
    writer: live.writer,
    booksOf: (carrierId) => carrierBooksOf(core.network, carrierId),
    scopeNowMs: () => live.clock().scopeAtMs,
    wallNowMs,
    log,
  });
}

async function issuerOf(config: TwinConfig, { reference }: Core): Promise<EmbeddedIssuer | null> {
  if (config.auth.kind !== 'embedded') return null;
  return createEmbeddedIssuer({
    dir: config.dataDir,
    isProduction: config.isProduction,
    users: demoUsers([...reference.principals()], [...reference.drivers()]),
  });
}

async function lackingOf(database: Database, nc: NatsConnection): Promise<readonly string[]> {
  const missing: string[] = [];
  try {
    await database.pool.query('select 1');
  } catch (cause) {
    missing.push(`the database does not answer (${cause instanceof Error ? cause.message : 'unknown'})`);
  }
  try {
    await nc.flush();
  } catch (cause) {
    missing.push(`NATS does not answer (${cause instanceof Error ? cause.message : 'unknown'})`);
  }
  return missing;
}
