import type { Reference } from '@corridor/actors/network/reference';
import type { CellVoltageTable } from '@corridor/actors/pack/open-circuit-voltage';
import { type PackRest, RestScan } from '@corridor/actors/pack/rest-scan';
import { estimateSoh } from '@corridor/actors/pack/soh-estimate';
import { violated } from '@corridor/protocols/assert';
import type { SohEstimateView } from '@corridor/protocols/http/equipment';
import { type Database, inTransaction } from '../db/db.ts';
import type { UpkeepWork } from '../upkeep.ts';
import { insertEstimate, insertRests, lastEstimates, packRests, packSamples } from './soh.queries.ts';

export interface SohSideOptions {
  database: Database;
  platformId: string;
  reference: Pick<Reference, 'packs' | 'packType'>;
  cells: CellVoltageTable;
  scopeNowMs: () => number;
}

const EVERY_MS = 300_000;
/** Readings may come out of order for so long, scope ms; what comes later still is a gap. */
const SETTLED_MS = 15 * 60_000;
/** A pack that did not rest for so long is looked at from here on. */
const LOOK_BACK_MS = 3 * 86_400_000;
/** Rests that an estimate is made from: within them a pack fades by less than it is known (assumption). */
const WINDOW_MS = 60 * 86_400_000;

/** Estimates the state of health of all packs again and again, from what was read of each since its last rest. */
export class SohSide {
  readonly #options: SohSideOptions;
  #latest: Map<string, SohEstimateView> | null = null;

  constructor(options: SohSideOptions) {
    this.#options = options;
  }

  upkeep(): UpkeepWork {
    return { what: 'states of health', everyMs: EVERY_MS, work: () => this.estimateAll() };
  }

  async load(): Promise<void> {
    const { database, platformId } = this.#options;
    this.#latest = await lastEstimates(database.pool, platformId, null);
  }

  /** The newest estimate of a pack; null: there is none yet. */
  latestOf(packId: string): SohEstimateView | null {
    return (this.#latest ?? violated('estimates are asked for before they were loaded')).get(packId) ?? null;
  }

  async estimateAll(): Promise<void> {
    let hasNew = false;
    for (const { id, typeCode } of this.#options.reference.packs()) if (await this.#look(id, typeCode)) hasNew = true;
    if (hasNew) await this.load();
  }

  /** @returns whether there is a new estimate */
  async #look(packId: string, typeCode: string): Promise<boolean> {
    const { database, platformId, reference, cells, scopeNowMs } = this.#options;
    const nowMs = scopeNowMs();
    const nominalWh = reference.packType(typeCode)?.nominalWh ?? violated(`${packId} is of type ${typeCode}, which nobody knows`);
    const known = await packRests(database.pool, { platformId, packId, fromMs: nowMs - WINDOW_MS });
    const lastMs = known.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
    const fromMs = Math.max(lastMs, nowMs - LOOK_BACK_MS);
    const samples = await packSamples(database.pool, { platformId, packId, fromMs, untilMs: nowMs - SETTLED_MS });
    const scan = new RestScan({ nominalWh, cells, isLinked: samples[0]?.atMs === lastMs });
    const found: PackRest[] = [];
    for (const sample of samples) {
      const rest = scan.take(sample);
      if (rest !== null && rest.atMs > lastMs) found.push(rest);
    }
    if (found.length === 0) return false;
    const rests = [...known, ...found];
    const estimate = estimateSoh(rests, nominalWh);
    // Together: rests without their estimate would tell nothing until the pack rests again.
    await inTransaction(database, async (client) => {
      await insertRests(client, { platformId, packId }, found);
      if (estimate !== null) await insertEstimate(client, { platformId, packId, atMs: nowMs }, estimate, rests);
    });
    return estimate !== null;
  }
}
