import { AuthorizationError } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { PlantHost } from '../host/plant-host.ts';
import { Tbox } from '../tbox/tbox.ts';
import type { TboxJournal } from '../tbox/tbox-journal.ts';
import { isRefusal } from './credentials-refusal.ts';
import type { Enrolment } from './enrolment.ts';
import { pause } from './twin-api.ts';

/** T-boxes that are enrolled and connected at the same time: gentle on the twin's enrolment and the server's handshakes. */
const START_TOGETHER = 4;
/** First reports are spread over one period. */
const PERIOD_MS = 10_000;
/** Between attempts of a T-box that was turned away, wall ms. */
const RETRY_WALL_MS = 3_000;

export type FleetOptions = { scope: string; host: PlantHost; journal: TboxJournal; enrolment: Enrolment; natsUrl: string; log: Logger };

/** The T-boxes of all trucks of the plant; one that was turned away enrols anew and comes back. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #tboxes = new Map<string, Tbox>();
  readonly #ending = new AbortController();
  readonly #watching: Promise<void>[] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  get dropped(): number {
    return [...this.#tboxes.values()].reduce((sum, { dropped }) => sum + dropped, 0);
  }

  get size(): number {
    return this.#tboxes.size;
  }

  /** Resolves when all are connected. @throws EnrolmentError, TwinApiError */
  async start(): Promise<void> {
    const truckIds = Object.keys(this.#options.host.plant.state.trucks);
    const queue = [...truckIds.entries()];
    const worker = async () => {
      for (let next = queue.shift(); next && !this.#ending.signal.aborted; next = queue.shift()) {
        const [index, truckId] = next;
        const tbox = await this.#connect(truckId, (index * PERIOD_MS) / truckIds.length);
        if (tbox) this.#watching.push(this.#keep(truckId, tbox));
      }
    };
    await Promise.all(Array.from({ length: START_TOGETHER }, worker));
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.all([...this.#tboxes.values()].map((tbox) => tbox.stop()));
    await Promise.allSettled(this.#watching);
  }

  /** Brings a T-box back for as long as the fleet runs. */
  async #keep(truckId: string, first: Tbox): Promise<void> {
    for (let tbox: Tbox | null = first; tbox !== null; ) {
      const cause = await tbox.closed();
      if (this.#ending.signal.aborted) return;
      await tbox.stop();
      this.#turnedAway(truckId, cause);
      await pause(RETRY_WALL_MS, this.#ending.signal);
      tbox = await this.#connect(truckId, 0);
    }
  }

  /** @returns null when the fleet ended meanwhile */
  async #connect(truckId: string, phaseMs: number): Promise<Tbox | null> {
    const { scope, host, journal, enrolment, natsUrl, log } = this.#options;
    while (!this.#ending.signal.aborted) {
      const { creds } = await enrolment.credentials('truck', truckId);
      try {
        const tbox = await Tbox.start({ truckId, scope, host, journal, nats: { url: natsUrl, creds }, log }, phaseMs);
        this.#tboxes.set(truckId, tbox);
        return tbox;
      } catch (cause) {
        if (!(cause instanceof AuthorizationError)) throw cause;
        this.#turnedAway(truckId, cause);
        await pause(RETRY_WALL_MS, this.#ending.signal);
      }
    }
    return null;
  }

  #turnedAway(truckId: string, cause: Error | null): void {
    const { enrolment, log } = this.#options;
    const refused = isRefusal(cause?.message ?? null);
    log.warn({ truckId, reason: cause?.message }, refused ? 'credentials refused: enrolling again' : 'connection closed: coming back');
    if (refused) enrolment.forget('truck', truckId);
  }
}
