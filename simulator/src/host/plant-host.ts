import type { Logger } from 'pino';
import type { DrivenClock } from '../clock/driven-clock.ts';
import { type Plant, STEP_MS } from '../plant/plant.ts';
import type { PlantFact } from '../plant/plant-state.ts';
import type { PlantStore } from './plant-store.ts';

const TICK_WALL_MS = 100;
const CHECKPOINT_WALL_MS = 2_000;
/** The lease reaches this far ahead, and is renewed when half of it is used. */
const LEASE_WALL_MS = 4_000;
/** A tick makes at most this many steps; a world that falls further behind is slower than asked for. */
const STEPS_MAX = 400;

type Listener = (fact: PlantFact) => void;

/** Steps the plant along the clock, makes what happened durable, and then tells it to those it concerns. */
export class PlantHost {
  readonly plant: Plant;
  readonly clock: DrivenClock;
  readonly #store: PlantStore;
  readonly #log: Logger;
  readonly #wallNowMs: () => number;
  readonly #listeners = new Map<string, Set<Listener>>();
  #interval: NodeJS.Timeout | null = null;
  #savedAtWallMs = 0;
  #leaseUntilMs = 0;

  constructor({
    plant,
    clock,
    store,
    log,
    wallNowMs,
  }: { plant: Plant; clock: DrivenClock; store: PlantStore; log: Logger; wallNowMs: () => number }) {
    this.plant = plant;
    this.clock = clock;
    this.#store = store;
    this.#log = log;
    this.#wallNowMs = wallNowMs;
  }

  start(): void {
    this.#checkpoint();
    this.#renewLease();
    this.#interval = setInterval(() => this.tick(), TICK_WALL_MS);
  }

  /** Brings the plant up to the clock. */
  tick(): void {
    this.clock.tick();
    const { plant } = this;
    const facts: PlantFact[] = [];
    let steps = 0;
    for (; steps < STEPS_MAX && plant.state.atMs + STEP_MS <= this.clock.nowMs(); steps += 1) facts.push(...plant.step());
    if (steps === STEPS_MAX)
      this.#log.warn({ behindMs: this.clock.nowMs() - plant.state.atMs }, 'the plant falls behind the clock: lower the factor');
    this.#renewLease();
    if (facts.length > 0 || this.#wallNowMs() - this.#savedAtWallMs >= CHECKPOINT_WALL_MS) this.#checkpoint();
    for (const fact of facts) this.#tell(fact);
  }

  /** Facts of one station. @returns the way out */
  onStation(stationId: string, listener: Listener): () => void {
    return this.#listen(`station:${stationId}`, listener);
  }

  onTruck(truckId: string, listener: Listener): () => void {
    return this.#listen(`truck:${truckId}`, listener);
  }

  /** Stops the world: the next start goes on at this very instant. */
  stop(): void {
    if (this.#interval !== null) clearInterval(this.#interval);
    this.#interval = null;
    this.#checkpoint();
    this.#store.lease(Math.max(this.plant.state.atMs, this.clock.nowMs()));
  }

  #checkpoint(): void {
    this.#store.save(this.plant.state);
    this.#savedAtWallMs = this.#wallNowMs();
  }

  #renewLease(): void {
    const nowMs = this.clock.nowMs();
    const reachMs = LEASE_WALL_MS * this.clock.factor();
    if (this.#leaseUntilMs - nowMs > reachMs / 2) return;
    this.#leaseUntilMs = nowMs + reachMs;
    this.#store.lease(this.#leaseUntilMs);
  }

  #listen(key: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #tell(fact: PlantFact): void {
    const key = fact.kind === 'TRUCK_EVENT' ? `truck:${fact.truckId}` : `station:${fact.stationId}`;
    for (const listener of this.#listeners.get(key) ?? []) listener(fact);
  }
}
