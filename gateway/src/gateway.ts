import { mkdirSync } from 'node:fs';
import type { StationDefinition } from '@corridor/protocols/network-file';
import { subject } from '@corridor/protocols/subject';
import type { Logger } from 'pino';
import { ChargingController } from './charging/charging-controller.ts';
import { CommandExecutor } from './commands/command-executor.ts';
import { liftBlock } from './commands/command-handlers.ts';
import { Journal, type OrderLogEntry } from './journal/journal.ts';
import { TelemetryBuffer } from './journal/telemetry-buffer.ts';
import type { LinkState } from './link/connection.ts';
import { checkCredentials } from './link/credentials.ts';
import { Link } from './link/link.ts';
import type { StationEquipment } from './ports/equipment.ts';
import type { ProcedureConfig } from './procedure/procedure-config.ts';
import type { SwapRecord } from './procedure/swap-record.ts';
import { BayController, inventoryOf } from './station/bay-controller.ts';
import { monitorFaults } from './station/fault-monitor.ts';
import { NO_OFFLINE_CREDIT, type OfflineCreditConfig } from './station/offline-credit.ts';
import { createStationCore } from './station/station-core.ts';
import { TelemetryScheduler } from './telemetry/telemetry-scheduler.ts';

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
  /** How to follow `time.sync`; null where the clock of the equipment is driven from outside. */
  syncClock?: ((sync: { scopeAtMs: number; factor: number }) => void) | null;
  config?: { procedure?: Partial<ProcedureConfig>; offlineCredit?: OfflineCreditConfig; telemetryBufferMax?: number };
  log: Logger;
  onLink?(state: LinkState, detail: string | null): void;
  /** The gateway ended itself: its journal cannot be written, or a bug. */
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
  /** Sends `offline`, what else can be sent, and ends; the rest stays in the journal. */
  stop(reason?: string): Promise<void>;
  /** Ends at once, as a crash would: nothing more is sent or journalled. For tests and simulated failures. */
  kill(): Promise<void>;
};

/**
 * Starts the station control system of one station on its equipment. Many may run in one process.
 * @throws JournalError, CredentialsError
 */
export function startGateway(options: GatewayOptions): Gateway {
  const { scope, station, equipment, log, dataDir } = options;
  const { clock } = equipment;
  const credentials = checkCredentials(options.creds, station.id, 'creds');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const journal = Journal.open({ dir: dataDir, stationId: station.id }, ({ previous, journalledEvents }) => ({
    subject: subject.stationEvent(scope, station.id, 'gateway', 'online'),
    schema: 'evt.gateway.online/1',
    atMs: clock.nowMs(),
    data: { firmware: FIRMWARE, protocol: 'evs.v1', journalledEvents, previous },
  }));
  const bufferMax = options.config?.telemetryBufferMax;
  const buffer = openBuffer(journal, { dir: dataDir, ...(bufferMax === undefined ? {} : { messagesMax: bufferMax }) });
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
  const reserved = (except: BayController | null) =>
    new Set(bays.filter((bay) => bay !== except).flatMap((bay) => [...bay.reservedEvseIds]));
  const bays: BayController[] = equipment.bays.map(
    (bay) =>
      new BayController(core, bay, {
        reservedByOthers: () => reserved(bays.find((other) => other.bay === bay) ?? null),
        onChanged: () => {
          telemetry.changed('bay');
          charging.control();
        },
      }),
  );
  const charging = new ChargingController(core, {
    isReserved: (evseId) => reserved(null).has(evseId),
    onTick: () => {
      expirePreauthorisations();
      lookAround();
    },
  });
  const executor = new CommandExecutor(core, {
    bays,
    charging,
    syncClock: options.syncClock ?? null,
    showNotice: (notice) => log.info(notice, 'notice of the platform'),
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
    backfill: (event, counts) =>
      guarded(() => journal.transaction((tx) => tx.event(core.events.of('gateway', event, clock.nowMs(), counts)))),
    command: (verb, value) => executor.receive(verb, value),
    stateChanged: (state, detail) => {
      log.info({ state, detail }, 'link');
      options.onLink?.(state, detail);
    },
    fatal: (cause) => core.fatal(cause),
  });
  const telemetry = new TelemetryScheduler(
    core,
    bays,
    (kind, atMs, data) => link.telemetry(kind, atMs, data),
    () => link.rttMs,
  );

  function guarded(work: () => void): void {
    if (over) return;
    try {
      work();
    } catch (cause) {
      core.fatal(cause);
    }
  }

  function lookAround(): void {
    guarded(() => {
      monitorFaults(core);
      for (const bay of bays) bay.sensorsChanged();
    });
  }

  function expirePreauthorisations(): void {
    const expired = core.preauthorisations.expired(clock.nowMs());
    if (expired.length === 0) return;
    guarded(() =>
      journal.transaction((tx) => {
        for (const { requestId, authorisation } of expired) {
          core.preauthorisations.remove(tx, requestId);
          if (authorisation.commandId !== null) core.events.result(tx, authorisation.commandId, { result: 'TIMEOUT' }, clock.nowMs());
        }
      }),
    );
  }

  const isAlive = (commandId: string): boolean =>
    bays.some(({ record }) => record?.authorisation?.commandId === commandId && record.ended === null) ||
    journal
      .states<{ authorisation: { commandId: string | null } }>('preauth:')
      .some(({ value }) => value.authorisation.commandId === commandId);
  executor.closeOrphans(isAlive);
  journal.transaction((tx) => tx.event(core.events.of('gateway', 'inventory', clock.nowMs(), inventoryOf(core))));
  const unsubscribe = [
    equipment.sensors.onChange(lookAround),
    equipment.rack.onChange(lookAround),
    equipment.panel.onAct((act) => {
      if (act.kind === 'QUARANTINE_LIFTED') guarded(() => journal.transaction((tx) => liftBlock(core, tx, act.evseId)));
    }),
  ];
  charging.start();
  for (const bay of bays) bay.start();
  telemetry.start();
  link.start();
  monitorFaults(core);

  function halt(): void {
    over = true;
    for (const stop of unsubscribe) stop();
    telemetry.stop();
    charging.stop();
    for (const bay of bays) bay.stop();
  }

  async function kill(): Promise<void> {
    if (over) return;
    halt();
    await link.abandon();
    buffer.close();
    journal.close();
  }

  return {
    status: () => ({
      link: link.state,
      bootId: journal.bootId,
      unackedEvents: journal.unackedCount(),
      bufferedTelemetry: buffer.size,
      droppedTelemetry: buffer.dropped,
      bays: bays.map((bay) => ({ bayId: bay.bay.bayId, record: bay.record })),
    }),
    orders: (limit) => journal.orders(limit),
    kill,
    stop: async (reason = 'stopped') => {
      if (over) return;
      halt();
      journal.transaction((tx) => tx.event(core.events.of('gateway', 'offline', clock.nowMs(), { reason })));
      await link.stop();
      journal.flush(clock.nowMs());
      buffer.close();
      journal.close();
    },
  };
}

function openBuffer(journal: Journal, options: { dir: string; messagesMax?: number }): TelemetryBuffer {
  try {
    return new TelemetryBuffer(options);
  } catch (cause) {
    journal.close();
    throw cause;
  }
}
