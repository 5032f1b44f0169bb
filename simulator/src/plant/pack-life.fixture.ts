import { fadeStateAtSoh } from '@corridor/actors/pack/soh-fade';
import { Prng } from '@corridor/actors/time/prng';
import type { BmsReading } from '@corridor/gateway/ports/bms';
import { violated } from '@corridor/protocols/assert';
import { bmsReading } from './bms-reading.ts';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from './corridor-files.ts';
import { newPlantState } from './new-plant.ts';
import { acceptanceW, socPercentOf, sohPercentOf, stepPack } from './pack-physics.ts';
import type { PlantPack, PlantState } from './plant-state.ts';

const STEP_MS = 10_000;
const CHARGED_SOC_PERCENT = 95;
/** Error of a sensor of voltage (assumption). */
const SENSOR_SIGMA_V = 0.001;
const world = loadWorld(1);
export const CELLS = world.cells;

export interface LifeReading {
  atMs: number;
  bms: BmsReading;
  cellVmaxV: number;
  cellVminV: number;
  currentA: number;
  powerW: number;
}

/** One pack of the plant in its daily work, with what its BMS says every 10 s. */
export class PackLife {
  readonly pack: PlantPack;
  readonly #state: PlantState;
  readonly #prng: Prng;
  readonly #onReading: (reading: LifeReading) => void;
  atMs: number;

  constructor(options: { seed: number; sohRatio: number; atMs: number; onReading: (reading: LifeReading) => void }) {
    const { seed, sohRatio, atMs, onReading } = options;
    this.#state = newPlantState({ network: loadNetwork(DEFAULT_NETWORK_PATH), world, seed, atMs });
    this.pack = Object.values(this.#state.packs)[0] ?? violated('the network has no pack');
    this.pack.fade = fadeStateAtSoh(sohRatio);
    this.pack.contentWh = 0.9 * sohRatio * this.pack.nominalWh;
    this.#prng = new Prng(seed).fork('life');
    this.#onReading = onReading;
    this.atMs = atMs;
  }

  get sohPercent(): number {
    return sohPercentOf(this.pack);
  }

  /** Drives and recuperates, is swapped, waits, is charged, waits: as on the corridor. */
  cycle(): void {
    const lowPercent = this.#prng.uniform(12, 35);
    while (socPercentOf(this.pack) > lowPercent) this.#step(this.#drivingW());
    this.#rest(this.#prng.integer(10, 30));
    while (socPercentOf(this.pack) < CHARGED_SOC_PERCENT) this.#step(acceptanceW(this.pack, 240_000));
    this.#rest(this.#prng.integer(30, 360));
  }

  #drivingW(): number {
    return this.#prng.chance(0.1) ? this.#prng.uniform(8_000, 150_000) : -this.#prng.uniform(40_000, 300_000);
  }

  #rest(steps: number): void {
    for (let step = 0; step < steps; step += 1) this.#step(0);
  }

  #step(powerW: number): void {
    stepPack(this.pack, { powerW, durationMs: STEP_MS, ambientC: 20, conditioned: true }, world.cells);
    this.atMs += STEP_MS;
    const bms = bmsReading(this.#state, this.pack, world.cells);
    const errorV = SENSOR_SIGMA_V * this.#prng.normal();
    this.#onReading({
      atMs: this.atMs,
      bms,
      cellVmaxV: (bms.cellVmaxV ?? violated('the BMS is silent')) + errorV,
      cellVminV: (bms.cellVminV ?? violated('the BMS is silent')) + errorV,
      currentA: bms.currentA ?? violated('the BMS is silent'),
      powerW: bms.powerW ?? violated('the BMS is silent'),
    });
  }
}
