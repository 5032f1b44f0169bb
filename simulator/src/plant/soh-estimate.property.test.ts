import { type PackRest, RestScan } from '@corridor/actors/pack/rest-scan';
import { estimateSoh } from '@corridor/actors/pack/soh-estimate';
import { fadeStateAtSoh } from '@corridor/actors/pack/soh-fade';
import { Prng } from '@corridor/actors/time/prng';
import { expect, it } from 'vitest';
import { bmsReading } from './bms-reading.ts';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from './corridor-files.ts';
import { newPlantState } from './new-plant.ts';
import { acceptanceW, socPercentOf, sohPercentOf, stepPack } from './pack-physics.ts';
import type { PlantPack, PlantState } from './plant-state.ts';

const STEP_MS = 10_000;
const world = loadWorld(1);

interface Life {
  state: PlantState;
  pack: PlantPack;
  prng: Prng;
  scan: RestScan;
  rests: PackRest[];
  atMs: number;
}

function newLife(seed: number, sohRatio: number): Life {
  const state = newPlantState({ network: loadNetwork(DEFAULT_NETWORK_PATH), world, seed, atMs: 0 });
  const [pack] = Object.values(state.packs);
  if (pack === undefined) throw new Error('no pack');
  pack.fade = fadeStateAtSoh(sohRatio);
  pack.contentWh = 0.9 * sohRatio * pack.nominalWh;
  return {
    state,
    pack,
    prng: new Prng(seed).fork('life'),
    scan: new RestScan({ nominalWh: pack.nominalWh, cells: world.cells, isLinked: false }),
    rests: [],
    atMs: 0,
  };
}

/** One reading as its BMS gives it, with the error of a sensor of voltage. */
function step(life: Life, powerW: number): void {
  stepPack(life.pack, { powerW, durationMs: STEP_MS, ambientC: 20, conditioned: true }, world.cells);
  life.atMs += STEP_MS;
  const { cellVmaxV, cellVminV, currentA, throughputWh } = bmsReading(life.state, life.pack, world.cells);
  if (cellVmaxV === null || cellVminV === null || currentA === null) throw new Error('the BMS says nothing');
  const errorV = 0.001 * life.prng.normal();
  const rest = life.scan.take({
    atMs: life.atMs,
    powerW: Math.round(powerW),
    currentA,
    cellVmaxV: cellVmaxV + errorV,
    cellVminV: cellVminV + errorV,
    throughputWh,
  });
  if (rest !== null) life.rests.push(rest);
}

/** Drives and recuperates, is swapped, waits, is charged, waits: as on the corridor. */
function cycle(life: Life): void {
  const lowPercent = life.prng.uniform(12, 35);
  while (socPercentOf(life.pack) > lowPercent)
    step(life, life.prng.chance(0.1) ? life.prng.uniform(8_000, 150_000) : -life.prng.uniform(40_000, 300_000));
  for (let steps = life.prng.integer(10, 30); steps > 0; steps -= 1) step(life, 0);
  while (socPercentOf(life.pack) < 95) step(life, acceptanceW(life.pack, 240_000));
  for (let steps = life.prng.integer(30, 360); steps > 0; steps -= 1) step(life, 0);
}

it('finds the state of health of simulated packs again, as well as its interval says', { timeout: 60_000 }, () => {
  const packs = 120;
  let covered = 0;
  const widths: number[] = [];
  for (let seed = 1; seed <= packs; seed += 1) {
    const life = newLife(seed, new Prng(seed).uniform(0.75, 1));
    for (let cycles = 0; cycles < 12; cycles += 1) cycle(life);
    const estimate = estimateSoh(life.rests, life.pack.nominalWh);
    const truePercent = sohPercentOf(life.pack);
    expect(estimate, `seed ${seed}`).not.toBeNull();
    if (estimate === null) continue;
    widths.push(estimate.highPercent - estimate.lowPercent);
    if (estimate.lowPercent <= truePercent && truePercent <= estimate.highPercent) covered += 1;
  }
  const meanWidth = widths.reduce((sum, width) => sum + width, 0) / widths.length;
  console.log(`state of health: ${covered} of ${packs} intervals cover the truth, ${meanWidth.toFixed(2)} points wide in the mean`);
  // 95 % of 120 is 114 +- 2.4.
  expect(covered).toBeGreaterThanOrEqual(108);
  expect(meanWidth).toBeLessThan(8);
});
