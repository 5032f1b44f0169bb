import { join } from 'node:path';
import { type Gateway, startGateway } from '@corridor/gateway/gateway';
import { StationPageError } from '@corridor/gateway/page/station-page-error';
import type { StationDefinition } from '@corridor/protocols/network-file';
import type { Logger } from 'pino';
import { simulatedEquipment } from '../equipment/station-equipment.ts';
import type { PlantHost } from '../host/plant-host.ts';
import { isRefusal } from './credentials-refusal.ts';
import type { Enrolment } from './enrolment.ts';

export type StationRunnerOptions = {
  station: StationDefinition;
  scope: string;
  host: PlantHost;
  enrolment: Enrolment;
  natsUrl: string;
  dataDir: string;
  /** Of the station's page, on loopback and read-only; null = none. */
  pagePort: number | null;
  log: Logger;
  onFatal: (cause: unknown) => void;
};

/** One station's real gateway on its simulated equipment; enrols anew when its credentials are refused. */
export class StationRunner {
  readonly #options: StationRunnerOptions;
  #gateway: Gateway | null = null;
  #detach: (() => void) | null = null;
  #renewing: Promise<void> | null = null;
  #stopped = false;

  constructor(options: StationRunnerOptions) {
    this.#options = options;
  }

  get gateway(): Gateway | null {
    return this.#gateway;
  }

  async start(): Promise<void> {
    const { station, scope, host, enrolment, natsUrl, dataDir, log, onFatal } = this.#options;
    const { creds } = await enrolment.credentials('station', station.id);
    if (this.#stopped) return;
    const { equipment, detach } = simulatedEquipment(host, station.id);
    this.#detach = detach;
    this.#gateway = startGateway({
      scope,
      station,
      creds,
      servers: natsUrl,
      dataDir: join(dataDir, 'gateways', station.id),
      equipment,
      log: log.child({ station: station.id }),
      onLink: (state, detail) => {
        if (state === 'REFUSED') this.#renew(detail);
      },
      onFatal,
    });
    await this.#openPage(this.#gateway);
  }

  /** A port that somebody else has costs the page, not the station. */
  async #openPage(gateway: Gateway): Promise<void> {
    const { station, pagePort, log } = this.#options;
    if (pagePort === null) return;
    try {
      const url = await gateway.openPage({ port: pagePort, host: '127.0.0.1', people: [] });
      log.info({ station: station.id, url }, 'station page');
    } catch (cause) {
      if (!(cause instanceof StationPageError)) throw cause;
      log.warn({ station: station.id, err: cause.message }, 'station page not served');
    }
  }

  async stop(reason: string): Promise<void> {
    this.#stopped = true;
    await this.#renewing;
    await this.#gateway?.stop(reason);
    this.#detach?.();
  }

  /** As a crash of the control system ends it; `start` brings it back on its journal. */
  async kill(): Promise<void> {
    await this.#gateway?.kill();
    this.#detach?.();
    this.#gateway = null;
  }

  #renew(reason: string | null): void {
    const { station, enrolment, log, onFatal } = this.#options;
    if (this.#renewing || this.#stopped) return;
    const refused = isRefusal(reason);
    log.warn({ station: station.id, reason }, refused ? 'credentials refused: enrolling again' : 'connection refused: trying again');
    if (refused) enrolment.forget('station', station.id);
    this.#renewing = this.kill()
      .then(() => this.start())
      .catch(onFatal)
      .finally(() => {
        this.#renewing = null;
      });
  }
}
