import type { PastScene } from '@corridor/protocols/http/scene';
import { type Database, type Db, inTransaction } from '../db/db.ts';
import { RAW_RETENTION_DAYS } from '../db/time-series.ts';
import type { EquipmentOptions } from '../equipment/equipment-rows.ts';
import type { QueueFacts } from '../http/queues/queue-view.ts';
import type { LiveFacts } from '../projection/live-facts.ts';
import { LiveScene } from '../projection/live-scene.ts';
import { localDayStartMs } from '../projection/local-date.ts';
import type { Rights } from '../projection/rights.ts';
import { loadReports } from '../restore/load-reports.ts';
import { lastEstimates } from '../soh/soh.queries.ts';
import { loadPastBooks } from './past-books.ts';
import { loadPastFacts, type PastInstant } from './past-facts.ts';
import { loadQueueingSince } from './past-queues.queries.ts';
import { loadPastReference } from './past-reference.ts';
import { loadPastStates } from './past-states.ts';

const DAY_MS = 86_400_000;

export interface PastScenesOptions {
  database: Database;
  platformId: string;
  live: LiveFacts;
}

/** Why there is no scene of an instant. */
export interface NoScene {
  readonly code: 'INSTANT_AHEAD' | 'BEFORE_HISTORY' | 'HISTORY_OF_TODAY_ONLY';
  readonly detail: string;
}

/** Instants that can be asked for, scope time. */
export interface PastSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Everything of an instant, before it is cut to what somebody sees. */
interface Rebuilt {
  readonly scene: LiveScene;
  readonly instant: PastInstant;
}

const timeText = (atMs: number): string => new Date(atMs).toISOString();

/** The whole scene at any instant, rebuilt from what is stored, as the caller may see it: by whose everything was then. */
export class PastScenes {
  readonly #options: PastScenesOptions;

  constructor(options: PastScenesOptions) {
    this.#options = options;
  }

  /** A driver is bound to his truck for the day: what it did before is not his. */
  async spanFor(rights: Rights): Promise<PastSpan> {
    const untilMs = this.#options.live.nowMs();
    const keptFromMs = Math.max(await this.#begunMs(), untilMs - RAW_RETENTION_DAYS * DAY_MS);
    return { fromMs: rights.kind === 'DRIVER' ? Math.max(keptFromMs, localDayStartMs(untilMs)) : keptFromMs, untilMs };
  }

  /** Why the caller may not look at an instant; null: he may. */
  async refusalOf(atMs: number, rights: Rights): Promise<NoScene | null> {
    const { fromMs, untilMs } = await this.spanFor(rights);
    if (atMs > untilMs) {
      return { code: 'INSTANT_AHEAD', detail: `what the scene will be at ${timeText(atMs)} is not known: it is ${timeText(untilMs)}` };
    }
    if (atMs < fromMs) {
      const isOfDriver = rights.kind === 'DRIVER' && atMs >= (await this.#begunMs());
      return isOfDriver
        ? { code: 'HISTORY_OF_TODAY_ONLY', detail: `a driver looks back to the begin of the day, ${timeText(fromMs)}` }
        : { code: 'BEFORE_HISTORY', detail: `history begins at ${timeText(fromMs)}` };
    }
    return null;
  }

  async sceneAt(atMs: number, rights: Rights): Promise<PastScene | NoScene> {
    return this.#rebuilt(atMs, rights, async (db, { scene, instant }) => {
      const shown = scene.sceneFor(rights, { scopeAtMs: atMs, factor: 0 });
      // Nobody acts in the past.
      const alarms = shown.alarms.map((alarm) => ({ ...alarm, acts: [] }));
      return { ...shown, alarms, books: await loadPastBooks(db, instant, rights, scene.live.facts) };
    });
  }

  /** What queues are told from, as it was. */
  async queuesAt(atMs: number, rights: Rights): Promise<QueueFacts | NoScene> {
    return this.#rebuilt(atMs, rights, async (db, { scene: { live }, instant }) => {
      const waiting = [...live.reports.truck].filter(([, { data }]) => data.vehicleState === 'QUEUEING').map(([truckId]) => truckId);
      const sinceMs = await loadQueueingSince(db, instant, waiting);
      return { live, queueingSinceMs: (truckId) => sinceMs.get(truckId) ?? null };
    });
  }

  /** What lists of equipment are told from, as it was. */
  async equipmentAt(atMs: number, rights: Rights): Promise<Pick<EquipmentOptions, 'scene' | 'estimateOf'> | NoScene> {
    return this.#rebuilt(atMs, rights, async (db, { scene, instant: { platformId, at } }) => {
      const estimates = await lastEstimates(db, platformId, at);
      return { scene, estimateOf: (packId) => estimates.get(packId) ?? null };
    });
  }

  async #rebuilt<T>(atMs: number, rights: Rights, tell: (db: Db, past: Rebuilt) => Promise<T>): Promise<T | NoScene> {
    const refusal = await this.refusalOf(atMs, rights);
    if (refusal !== null) return refusal;
    return inTransaction(this.#options.database, async (client) => {
      // All of it from one state of the database. Plans of many short looks into indexes are not worth compiling.
      await client.query('set transaction isolation level repeatable read, read only; set local jit = off');
      return tell(client, await this.#rebuild(client, { platformId: this.#options.platformId, at: new Date(atMs) }));
    });
  }

  async #rebuild(db: Db, instant: PastInstant): Promise<Rebuilt> {
    const { live } = this.#options;
    const { at, platformId } = instant;
    const facts = await loadPastFacts(db, instant, live.facts.swapsTotal);
    const stateOf = await loadPastStates(db, instant);
    const scene = new LiveScene({
      reference: await loadPastReference(db, at, live.reference),
      facts,
      reports: await loadReports(db, platformId, at),
      owners: live.owners,
      road: live.road,
      nowMs: () => at.getTime(),
      stateOf,
      // Of one that was faulty besides, its states do not tell.
      isSetAside: (slotId) => stateOf('slot', slotId) === 'setAside',
    });
    return { scene, instant };
  }

  async #begunMs(): Promise<number> {
    const { rows } = await this.#options.database.pool.query<{ begins_at: Date }>({
      text: `select coalesce((select begins_at from scene_history where platform_id = $1),
                             (select min(valid_from) from ownership where platform_id = $1), now()) as begins_at`,
      values: [this.#options.platformId],
    });
    const [row] = rows;
    if (row === undefined) throw new Error('the database does not say where history begins');
    return row.begins_at.getTime();
  }
}
