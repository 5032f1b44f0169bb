import { expect, it } from 'vitest';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from './corridor-files.ts';
import { stepCrew } from './maintenance-crew.ts';
import { newPlantState } from './new-plant.ts';
import { Plant, STEP_MS } from './plant.ts';
import type { PlantFact } from './plant-state.ts';

const network = loadNetwork(DEFAULT_NETWORK_PATH);
const NIGHT_MS = Date.parse('2026-05-11T16:00:00Z');
const FOREVER = Number.MAX_SAFE_INTEGER;
const HANDSHAKE = [{ evseId: 1, reasonCode: 'NO_HANDSHAKE' }];

function newPlant(): Plant {
  const world = loadWorld(2);
  return new Plant(newPlantState({ network, world, seed: 2, atMs: NIGHT_MS }), world);
}

/** Only the crew of HH1 steps. @returns slots that it confirmed, with the hours that had passed */
function repaired({ state }: Plant, hours: number, onConfirmed: () => void = () => {}) {
  const done: { evseId: number; afterHours: number }[] = [];
  const station = state.stations['HH1'];
  if (!station) throw new Error('no station HH1');
  const beganMs = state.atMs;
  for (; state.atMs < beganMs + hours * 3_600_000; state.atMs += STEP_MS) {
    const facts: PlantFact[] = [];
    stepCrew(state, station, facts);
    for (const fact of facts) {
      if (fact.kind !== 'SLOT_REPAIRED') continue;
      done.push({ evseId: fact.evseId, afterHours: (state.atMs - beganMs) / 3_600_000 });
      onConfirmed();
    }
  }
  return done;
}

it('starts a silent BMS again and confirms it, once, and draws the same times from the same seed', () => {
  const once = () => {
    const plant = newPlant();
    const packId = plant.slot('HH1', 1).packId ?? '';
    plant.inject({ kind: 'SILENT_BMS', id: 'silent', packId, untilMs: FOREVER });
    plant.showOutOfUse('HH1', HANDSHAKE);
    const done = repaired(plant, 5, () => plant.showOutOfUse('HH1', []));
    expect(plant.state.faults.filter(({ kind }) => kind === 'SILENT_BMS')).toEqual([]);
    expect(plant.station('HH1').repairs).toEqual([]);
    return done;
  };
  const done = once();
  expect(done).toMatchObject([{ evseId: 1 }]);
  expect(done[0]?.afterHours).toBeGreaterThan(0.25);
  expect(once()).toEqual(done);
});

it('does one thing after the other, and is not called twice for what is listed again', () => {
  const plant = newPlant();
  const listed = [...HANDSHAKE, { evseId: 2, reasonCode: 'BATTERY_UNKNOWN' }];
  plant.showOutOfUse('HH1', listed);
  const planned = plant.station('HH1').repairs.map(({ dueAtMs }) => dueAtMs);
  plant.step();
  plant.showOutOfUse('HH1', listed);
  expect(plant.station('HH1').repairs.map(({ dueAtMs }) => dueAtMs)).toEqual(planned);
  expect(planned[1]).toBeGreaterThan(planned[0] ?? FOREVER);
});

it('leaves a hot pack alone until it has cooled down', () => {
  const plant = newPlant();
  const packId = plant.slot('HH1', 1).packId ?? '';
  plant.inject({ kind: 'HOT_PACK', id: 'hot', packId, tempC: 58, untilMs: plant.state.atMs + 6 * 3_600_000 });
  plant.showOutOfUse('HH1', [{ evseId: 1, reasonCode: 'PACK_HOT' }]);
  const done = repaired(plant, 14, () => plant.showOutOfUse('HH1', []));
  expect(done).toHaveLength(1);
  expect(done[0]?.afterHours).toBeGreaterThan(6);
});

it('confirms again when nobody took the confirmation', () => {
  const plant = newPlant();
  plant.showOutOfUse('HH1', HANDSHAKE);
  expect(repaired(plant, 6).length).toBeGreaterThan(1);
});
