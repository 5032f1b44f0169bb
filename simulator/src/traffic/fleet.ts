import { AuthorizationError } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { Tbox } from '../tbox/tbox.ts';
import type { TboxJournal } from '../tbox/tbox-journal.ts';
import type { Enrolment } from './enrolment.ts';
import type { PlantHost } from './plant-host.ts';

/** T-boxes that are enrolled and connected at the same time: gentle on the twin's enrolment. */
const START_TOGETHER = 8;
/** First reports are spread over one period. */
const PERIOD_MS = 10_000;

export type FleetOptions = { scope: string; host: PlantHost; journal: TboxJournal; enrolment: Enrolment; natsUrl: string; log: Logger };

/** The T-boxes of all trucks of the plant. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #tboxes: Tbox[] = [];
  #stopped = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  get dropped(): number {
    return this.#tboxes.reduce((sum, { dropped }) => sum + dropped, 0);
  }

  get size(): number {
    return this.#tboxes.length;
  }

  async start(): Promise<void> {
    const truckIds = Object.keys(this.#options.host.plant.state.trucks);
    const queue = [...truckIds.entries()];
    const worker = async () => {
      for (let next = queue.shift(); next && !this.#stopped; next = queue.shift()) {
        const [index, truckId] = next;
        await this.#startOne(truckId, (index * PERIOD_MS) / truckIds.length);
      }
    };
    await Promise.all(Array.from({ length: START_TOGETHER }, worker));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#tboxes.map((tbox) => tbox.stop()));
  }

  async #startOne(truckId: string, phaseMs: number): Promise<void> {
    const { scope, host, journal, enrolment, natsUrl, log } = this.#options;
    const start = async () => {
      const creds = await enrolment.credentials('truck', truckId);
      return await Tbox.start({ truckId, scope, host, journal, nats: { url: natsUrl, creds }, log }, phaseMs);
    };
    try {
      this.#tboxes.push(await start());
    } catch (cause) {
      if (!(cause instanceof AuthorizationError)) throw cause;
      // The keys of the server changed since: enrol once more, and take a second refusal as final.
      enrolment.forget('truck', truckId);
      this.#tboxes.push(await start());
    }
  }
}
