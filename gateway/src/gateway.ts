import type { StationDefinition } from '@corridor/protocols/network-file';
import { subject } from '@corridor/protocols/subject';
import type { Logger } from 'pino';
import { Journal, type OrderLogEntry } from './journal/journal.ts';
import { TelemetryBuffer } from './journal/telemetry-buffer.ts';
import type { LinkState } from './link/connection.ts';
import { checkCredentials } from './link/credentials.ts';
import { Link } from './link/link.ts';
import type { StationEquipment } from './ports/equipment.ts';
import type { ProcedureConfig } from './procedure/procedure-config.ts';
import type { SwapRecord } from './procedure/swap-record.ts';
import { NO_OFFLINE_CREDIT, type OfflineCreditConfig } from './station/offline-credit.ts';
import { createStationCore } from './station/station-core.ts';
import { StationRuntime } from './station/station-runtime.ts';

export const FIRMWARE = 'corridor-gateway 0.1.0';

export type GatewayOptions = {
  scope: string;
  station: StationDefinition;
  /** Text of the creds file. */
  creds: string;
  servers: string | string[];
  /** Journal and outage buffer of this station; made when missing, one process at a time. */
  dataDir: string;
  equipment: StationEquipment;
  /** How to follow `time.sync`; left out where the clock of the equipment is driven from outside. */
  syncClock?: (sync: { scopeAtMs: number; factor: number }) => void;
  config?: { procedure?: Partial<ProcedureConfig>; offlineCredit?: OfflineCreditConfig; telemetryBufferMax?: number };
  log: Logger;
  onLink?(state: LinkState, detail: string | null): void;
  /** The gateway ended itself, gantries frozen: its journal cannot be written, or a bug. */
  onFatal(cause: unknown): void;
};

/** What a running gateway shows of itself. */
export type GatewayStatus = {
  link: LinkState;
  bootId: number;
  unackedEvents: number;
  bufferedTelemetry: number;
  droppedTelemetry: number;
  bays: { bayId: string; record: SwapRecord | null }[];
};

export type Gateway = {
  status(): GatewayStatus;
  /** Newest entries of the station's own order log. */
  orders(limit: number): OrderLogEntry[];
  /** Sends `offline` and what else can be sent, then ends; the rest stays in the journal. */
  stop(reason?: string): Promise<void>;
  /** Ends as a crash would: nothing more is journalled or sent. For simulated failures. */
  kill(): Promise<void>;
};

function openStores(options: GatewayOptions): { journal: Journal; buffer: TelemetryBuffer } {
  const { scope, station, dataDir, equipment } = options;
  const journal = Journal.open({ dir: dataDir, stationId: station.id }, ({ previous, journalledEvents }) => ({
    subject: subject.stationEvent(scope, station.id, 'gateway', 'online'),
    schema: 'evt.gateway.online/1',
    atMs: equipment.clock.nowMs(),
    data: { firmware: FIRMWARE, protocol: 'evs.v1', journalledEvents, previous },
  }));
  const messagesMax = options.config?.telemetryBufferMax;
  try {
    return { journal, buffer: new TelemetryBuffer({ dir: dataDir, ...(messagesMax === undefined ? {} : { messagesMax }) }) };
  } catch (cause) {
    journal.close();
    throw cause;
  }
}

/**
 * Starts the station control system of one station on its equipment. Many may run in one process.
 * @throws JournalError, CredentialsError
 */
export function startGateway(options: GatewayOptions): Gateway {
  const { scope, station, equipment, log } = options;
  const { clock } = equipment;
  const credentials = checkCredentials(options.creds, station.id, 'creds');
  const { journal, buffer } = openStores(options);
  let over = false;

  const core = createStationCore({
    scope,
    station,
    journal,
    equipment,
    procedure: options.config?.procedure ?? {},
    offlineCredit: options.config?.offlineCredit ?? NO_OFFLINE_CREDIT,
    log,
    fatal: (cause) => {
      if (over) return;
      for (const { robot } of equipment.bays) robot.freeze();
      log.fatal({ err: cause }, 'gateway cannot go on');
      void kill().finally(() => options.onFatal(cause));
    },
  });
  const runtime = new StationRuntime(core, {
    syncClock: options.syncClock ?? null,
    sendTelemetry: (kind, atMs, data) => link.telemetry(kind, atMs, data),
    rttMs: () => link.rttMs,
  });
  const link = new Link({
    servers: options.servers,
    credentials,
    scope,
    stationId: station.id,
    journal,
    buffer,
    clock,
    log,
    backfill: (event, counts) => {
      if (!over) journal.transaction((tx) => tx.event(core.events.of('gateway', event, clock.nowMs(), counts)));
    },
    command: (verb, value) => runtime.executor.receive(verb, value),
    stateChanged: (state, detail) => {
      log.info({ state, detail }, 'link');
      options.onLink?.(state, detail);
    },
    fatal: (cause) => core.fatal(cause),
  });

  async function kill(): Promise<void> {
    if (over) return;
    over = true;
    runtime.stop();
    await link.abandon();
    buffer.close();
    journal.close();
  }

  try {
    runtime.start();
    link.start();
  } catch (cause) {
    runtime.stop();
    buffer.close();
    journal.close();
    throw cause;
  }
  return {
    status: () => ({
      link: link.state,
      bootId: journal.bootId,
      unackedEvents: journal.unackedCount(),
      bufferedTelemetry: buffer.size,
      droppedTelemetry: buffer.dropped,
      bays: runtime.bays.map((bay) => ({ bayId: bay.bay.bayId, record: bay.record })),
    }),
    orders: (limit) => journal.orders(limit),
    kill,
    stop: async (reason = 'stopped') => {
      if (over) return;
      over = true;
      runtime.stop();
      journal.transaction((tx) => tx.event(core.events.of('gateway', 'offline', clock.nowMs(), { reason })));
      await link.stop();
      journal.flush(clock.nowMs());
      buffer.close();
      journal.close();
    },
  };
}
