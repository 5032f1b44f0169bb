import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { makeFolder } from '@corridor/gateway/journal/make-folder';
import type { PlantState } from '../plant/plant-state.ts';

export class PlantStoreError extends Error {
  readonly code: 'PLANT_STORE_IN_USE' | 'PLANT_STORE_DAMAGED';

  constructor(code: PlantStoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Where the physical world survives a crash. The whole state is one row, so it is always the state of one instant;
 * `save` returns when it is on the disk. Beside it, the lease of the clock: an instant that scope time has not passed
 * yet, so that a world started again never shows its listeners an earlier time than before.
 */
export class PlantStore {
  readonly #database: DatabaseSync;
  readonly #save: StatementSync;
  readonly #lease: StatementSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#save = database.prepare(
      'insert into plant (id, at_ms, state) values (1, ?, ?) on conflict (id) do update set at_ms = excluded.at_ms, state = excluded.state',
    );
    this.#lease = database.prepare(
      'insert into clock (id, until_ms) values (1, ?) on conflict (id) do update set until_ms = excluded.until_ms',
    );
  }

  /** @throws PlantStoreError in one line that says what to do */
  static open(path: string): PlantStore {
    makeFolder(dirname(path));
    let database: DatabaseSync | null = null;
    try {
      database = new DatabaseSync(path);
      database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full');
      database.exec('create table if not exists plant (id integer primary key, at_ms integer not null, state text not null) strict');
      database.exec('create table if not exists clock (id integer primary key, until_ms integer not null) strict');
      return new PlantStore(database);
    } catch (cause) {
      database?.close();
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (/locked|busy/i.test(reason)) {
        throw new PlantStoreError(
          'PLANT_STORE_IN_USE',
          `${path} is in use: another traffic simulator runs on this data folder; stop it first`,
          { cause },
        );
      }
      throw new PlantStoreError('PLANT_STORE_DAMAGED', `${path} cannot be read (${reason}): move it away to begin with a new world`, {
        cause,
      });
    }
  }

  /** @returns the stored world, or null at the first start. @throws PlantStoreError when it is there but unusable */
  load(): { state: PlantState; leaseUntilMs: number } | null {
    const row = this.#database.prepare('select state from plant where id = 1').get();
    if (!row) return null;
    const lease = this.#database.prepare('select until_ms from clock where id = 1').get();
    let state: PlantState;
    try {
      state = JSON.parse(String(row['state'])) as PlantState;
    } catch (cause) {
      throw new PlantStoreError('PLANT_STORE_DAMAGED', 'the stored world is damaged: move plant.db away to begin with a new one', {
        cause,
      });
    }
    if (state.version !== 1)
      throw new PlantStoreError('PLANT_STORE_DAMAGED', `the stored world has version ${String(state.version)}, this program knows 1`);
    // Worlds of earlier releases knew no crews.
    for (const station of Object.values(state.stations)) station.repairs ??= [];
    return { state, leaseUntilMs: Math.max(state.atMs, Number(lease?.['until_ms'] ?? 0)) };
  }

  save(state: PlantState): void {
    this.#save.run(state.atMs, JSON.stringify(state));
  }

  /** Promises that scope time stays below `untilMs` until the next call. */
  lease(untilMs: number): void {
    this.#lease.run(Math.ceil(untilMs));
  }

  close(): void {
    this.#database.close();
  }
}
