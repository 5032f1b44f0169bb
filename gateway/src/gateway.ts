import { assert } from '@corridor/protocols/assert';
import type { StationDefinition } from '@corridor/protocols/network-file';
import { subject } from '@corridor/protocols/subject';
import type { Logger } from 'pino';
import { Journal } from './journal/journal.ts';
import type { OrderLogEntry } from './journal/journal-log.ts';
import { TelemetryBuffer } from './journal/telemetry-buffer.ts';
import type { LinkState } from './link/connection.ts';
import { type Credentials, checkCredentials } from './link/credentials.ts';
import { Link } from './link/link.ts';
import type { PageSource } from './page/page-view.ts';
import { openStationPage, type StationPage, type StationPageOptions } from './page/station-page.ts';
import type { StationEquipment } from './ports/equipment.ts';
import type { ProcedureConfig } from './procedure/procedure-config.ts';
import type { SwapRecord } from './procedure/swap-record.ts';
import { NO_OFFLINE_CREDIT, type OfflineCreditConfig } from './station/offline-credit.ts';
import { createStationCore, type StationCore } from './station/station-core.ts';
import { StationRuntime } from './station/station-runtime.ts';

/** A platform that commits acknowledges within a second or two; one that says nothing for this long is gone or stands [wall ms]. */
const UNANSWERED_MS = 10_000;

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
  config?: {
    procedure?: Partial<ProcedureConfig>;
    offlineCredit?: OfflineCreditConfig;
    telemetryBufferMax?: number;
    unansweredMs?: number;
  };
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
  /** Messages that the platform said it refused, since the start. */
  refusedMessages: number;
  bays: { bayId: string; record: SwapRecord | null }[];
};

export type Gateway = {
  status(): GatewayStatus;
  /** Newest entries of the station's own order log. */
  orders(limit: number): OrderLogEntry[];
  /**
   * Serves the page of the station's control room until the gateway ends.
   * @returns its address
   * @throws StationPageError
   */
  openPage(options: StationPageOptions): Promise<string>;
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

/** One station's core, runtime and link, wired together. */
class RunningGateway implements Gateway {
  readonly #options: GatewayOptions;
  readonly #journal: Journal;
  readonly #buffer: TelemetryBuffer;
  readonly #core: StationCore;
  readonly #runtime: StationRuntime;
  readonly #link: Link;
  #linkChange: { sinceMs: number; detail: string | null };
  #page: StationPage | null = null;
  #over = false;

  constructor(options: GatewayOptions, credentials: Credentials, stores: { journal: Journal; buffer: TelemetryBuffer }) {
    const { scope, station, equipment, log } = options;
    this.#options = options;
    this.#linkChange = { sinceMs: equipment.clock.nowMs(), detail: null };
    this.#journal = stores.journal;
    this.#buffer = stores.buffer;
    this.#core = createStationCore({
      scope,
      station,
      journal: stores.journal,
      equipment,
      procedure: options.config?.procedure ?? {},
      offlineCredit: options.config?.offlineCredit ?? NO_OFFLINE_CREDIT,
      log,
      fatal: (cause) => this.#fatal(cause),
    });
    this.#runtime = new StationRuntime(this.#core, {
      syncClock: options.syncClock ?? null,
      sendTelemetry: (kind, atMs, data) => this.#link.telemetry(kind, atMs, data),
      rttMs: () => this.#link.rttMs,
    });
    this.#link = new Link({
      servers: options.servers,
      credentials,
      scope,
      stationId: station.id,
      ...stores,
      clock: equipment.clock,
      log,
      backfill: (event, counts) => this.#journalGatewayEvent(event, counts),
      command: (verb, value) => this.#runtime.executor.receive(verb, value),
      stateChanged: (state, detail) => {
        log.info({ state, detail }, 'link');
        this.#linkChange = { sinceMs: equipment.clock.nowMs(), detail };
        options.onLink?.(state, detail);
      },
      fatal: (cause) => this.#fatal(cause),
    });
  }

  start(): void {
    try {
      this.#runtime.start();
      this.#link.start();
    } catch (cause) {
      this.#runtime.stop();
      this.#closeStores();
      throw cause;
    }
  }

  #journalGatewayEvent(event: 'backfill_begin' | 'backfill_end' | 'offline', data: unknown): void {
    if (!this.#journal.isOpen) return;
    this.#journal.transaction((tx) => tx.event(this.#core.events.of('gateway', event, this.#options.equipment.clock.nowMs(), data)));
  }

  #fatal(cause: unknown): void {
    if (this.#over) return;
    for (const { robot } of this.#options.equipment.bays) robot.freeze();
    this.#options.log.fatal({ err: cause }, 'gateway cannot go on');
    void this.kill().finally(() => this.#options.onFatal(cause));
  }

  #closeStores(): void {
    this.#buffer.close();
    this.#journal.close();
  }

  status(): GatewayStatus {
    return {
      link: this.#link.state,
      bootId: this.#journal.bootId,
      unackedEvents: this.#journal.unackedCount(),
      bufferedTelemetry: this.#buffer.size,
      droppedTelemetry: this.#buffer.dropped,
      refusedMessages: this.#link.refusedMessages,
      bays: this.#runtime.bays.map((bay) => ({ bayId: bay.bay.bayId, record: bay.record })),
    };
  }

  orders(limit: number): OrderLogEntry[] {
    return this.#journal.log.orders(limit);
  }

  /** The server may hold the connection while the platform behind it is gone. */
  #pageLink(): ReturnType<PageSource['link']> {
    const { state, unanswered } = this.#link;
    if (state !== 'UP' || unanswered === null || unanswered.forMs < (this.#options.config?.unansweredMs ?? UNANSWERED_MS))
      return { state, ...this.#linkChange };
    return { state: 'UNANSWERED', sinceMs: unanswered.sinceMs, detail: null };
  }

  async openPage(options: StationPageOptions): Promise<string> {
    assert(this.#page === null, 'the page is open already');
    const page = await openStationPage(
      {
        core: this.#core,
        bays: this.#runtime.bays,
        link: () => this.#pageLink(),
        refusedMessages: () => this.#link.refusedMessages,
      },
      options,
    );
    if (this.#over) await page.close();
    else this.#page = page;
    return page.url;
  }

  async kill(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#runtime.stop();
    await this.#page?.close();
    await this.#link.abandon();
    this.#closeStores();
  }

  async stop(reason = 'stopped'): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#runtime.stop();
    await this.#page?.close();
    this.#journalGatewayEvent('offline', { reason });
    await this.#link.stop();
    this.#journal.flush(this.#options.equipment.clock.nowMs());
    this.#closeStores();
  }
}

/**
 * Starts the station control system of one station on its equipment. Many may run in one process.
 * @throws JournalError, CredentialsError
 */
export function startGateway(options: GatewayOptions): Gateway {
  const credentials = checkCredentials(options.creds, options.station.id, 'creds');
  const gateway = new RunningGateway(options, credentials, openStores(options));
  gateway.start();
  return gateway;
}
