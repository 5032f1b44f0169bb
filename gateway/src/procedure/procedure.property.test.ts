import { assert } from '@corridor/protocols/assert';
import { SWAP_STEPS, type SwapEventName } from '@corridor/protocols/swap-step';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DryRunBay, DryRunState, DryRunTruck } from '../dry-run/dry-run-state.ts';
import { MOTION_FAILURES, MOTIONS, type MotionFailure, type MotionOrder } from '../ports/robot.ts';
import { type Rig, startRig } from '../station/station-rig.ts';
import { TERMINAL_EVENTS } from './swap-record.ts';

const BAY = 'HH1-B1';
const STEP_OF = new Map<string, number>(SWAP_STEPS.map(({ event, step }) => [event, step]));

/** What may fail how, physically. */
const POSSIBLE: Readonly<Record<MotionOrder['motion'], readonly MotionFailure[]>> = {
  POSITION: ['OUT_OF_TOLERANCE', 'GANTRY_FAULT'],
  MAKE_SAFE: ['NOT_SAFE', 'GANTRY_FAULT'],
  UNLOCK: ['LOCK_STUCK', 'GANTRY_FAULT'],
  LIFT: ['OVERLOAD', 'SLIP', 'GANTRY_FAULT'],
  MOVE_IN: ['PATH_BLOCKED', 'GANTRY_FAULT'],
  PLACE: ['NO_HANDSHAKE', 'GANTRY_FAULT'],
  PICK: ['PACK_FAULT', 'PATH_BLOCKED', 'GANTRY_FAULT'],
  MOVE_OUT: ['PATH_BLOCKED', 'TRUCK_MOVED', 'GANTRY_FAULT'],
  SEAT: ['MISALIGNED', 'TRUCK_MOVED', 'GANTRY_FAULT'],
  LOCK: ['LOCK_STUCK', 'GANTRY_FAULT'],
  SELF_CHECK: ['ISOLATION_FAULT', 'PACK_FAULT', 'NO_HANDSHAKE', 'GANTRY_FAULT'],
  RELEASE: ['GANTRY_FAULT'],
};

const disturbance = fc.record({
  /** Between this one and the one before. */
  afterMs: fc.integer({ min: 0, max: 150_000 }),
  /** Until people have put it right and confirmed; null: nobody comes before the end. */
  repairedAfterMs: fc.option(fc.integer({ min: 0, max: 90_000 }), { freq: 6 }),
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('estop', 'fire', 'blackout', 'wind', 'person', 'position') },
    { weight: 4, arbitrary: fc.constant('restart') },
    { weight: 2, arbitrary: fc.constantFrom('abort', 'local-abort', 'confirm', 'give-up') },
  ),
});
const scenario = fc.record({
  /** Chance of a failure for each motion, and what it is when it fails. */
  failureRate: fc.constantFrom(0, 0, 0.05, 0.1, 0.3),
  draws: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 40, maxLength: 120 }),
  disturbances: fc.array(disturbance, { maxLength: 6 }),
  unreadable: fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray(['plate', 'rfid', 'vin'] as const) }),
  platform: fc.oneof({ weight: 8, arbitrary: fc.constant('starts') }, { weight: 1, arbitrary: fc.constantFrom('rejects', 'silent') }),
  packs: fc.constantFrom(0, 1, 2, 3, 7, 7),
});

function packsOf(state: DryRunState): string[] {
  const all = [
    ...state.slots.map(({ pack }) => pack),
    ...state.bays.flatMap(({ truck, gripped }) => [truck?.pack ?? null, gripped]),
    ...state.store,
  ];
  return all.flatMap((pack) => (pack ? [pack.packId] : [])).toSorted();
}

/** The checkers: what must hold whatever fails. The plant itself refuses two packs in one slot and a release without locks. */
function departure(truck: DryRunTruck, bay: DryRunBay, towed: () => boolean): void {
  if (towed()) return;
  assert(truck.pack !== null, 'a truck drove off without a pack');
  assert(bay.lock === 'LOCKED', 'a truck drove off with an unlocked pack');
}

async function play(given: ScenarioOf<typeof scenario>): Promise<void> {
  using folder = temporaryFolder();
  let drawn = 0;
  let towing = false;
  const draw = () => {
    drawn += 1;
    return given.draws[drawn % given.draws.length] ?? 0;
  };
  const failure = ({ motion }: MotionOrder): MotionFailure | null => {
    if (drawn > 400 || draw() >= given.failureRate) return null;
    const options = POSSIBLE[motion];
    return options[Math.floor(draw() * options.length)] ?? null;
  };
  let rig: Rig = startRig({ dir: folder.path, failure, onDeparture: (truck, bay) => departure(truck, bay, () => towing) });
  const { plant, clock } = rig;
  const begin = () => {
    if (given.platform === 'starts') rig.autoAuthorise();
  };
  begin();
  for (const slot of plant.state.slots.slice(0, given.packs)) if (slot.pack) slot.pack.socPercent = 95;
  const fresh = plant.truckOf('T001', 20);
  const before = [...packsOf(plant.state), fresh.pack?.packId ?? ''].toSorted();
  for (const sensor of given.unreadable) fresh[sensor] = null;
  plant.dock(BAY, fresh);

  const calm = () => {
    plant.set({ emergencyStop: false, fire: false, powerLoss: false, windMps: 2 });
    plant.setBay(BAY, { personDetected: false, positionSensorOk: true });
  };
  const act = (kind: ScenarioOf<typeof disturbance>['kind']) => {
    if (kind === 'estop') plant.set({ emergencyStop: true });
    else if (kind === 'fire') plant.set({ fire: true });
    else if (kind === 'blackout') plant.set({ powerLoss: true });
    else if (kind === 'wind') plant.set({ windMps: 15 });
    else if (kind === 'person') plant.setBay(BAY, { personDetected: true });
    else if (kind === 'position') plant.setBay(BAY, { positionSensorOk: false });
    else if (kind === 'confirm') {
      calm();
      plant.act({ kind: 'RESUME_CONFIRMED', bayId: BAY });
    } else if (kind === 'local-abort') plant.act({ kind: 'ABORT', bayId: BAY });
    else if (kind === 'give-up') plant.act({ kind: 'GIVEN_UP', bayId: BAY, detail: 'test' });
    else if (kind === 'abort')
      rig.command('swap.abort', { requestId: rig.runtime.bays[0]?.record?.requestId ?? 1, reasonCode: 'PLATFORM_ABORT' });
    else if (kind === 'restart') {
      rig.stop();
      rig = startRig({ dir: folder.path, clock, plant });
      begin();
    }
  };
  try {
    for (const { afterMs, kind, repairedAfterMs } of given.disturbances) {
      await clock.advance(afterMs);
      act(kind);
      if (given.platform === 'rejects' && rig.runtime.bays[0]?.record?.phase === 'AUTHORISE') {
        rig.command('swap.reject', { requestId: rig.runtime.bays[0].record.requestId, reasonCode: 'NO_CREDIT' });
      }
      if (repairedAfterMs === null) continue;
      await clock.advance(repairedAfterMs);
      act('confirm');
    }
    // Faults stop; people at the station do their part: within hours the swap must have come to its end.
    drawn = 1_000;
    for (let round = 0; round < 40 && rig.runtime.bays[0]?.record; round += 1) {
      calm();
      plant.act({ kind: 'RESUME_CONFIRMED', bayId: BAY });
      await clock.advance(120_000);
      if (plant.prompt(BAY)?.kind === 'CLEAR_BAY') {
        towing = true;
        plant.tow(BAY);
      }
    }
    check(rig, before);
  } finally {
    rig.stop();
    plant.stop();
  }
}

type ScenarioOf<A> = A extends fc.Arbitrary<infer T> ? T : never;

function check(rig: Rig, packsBefore: readonly string[]): void {
  expect(rig.fatal).toEqual([]);
  expect(rig.runtime.bays[0]?.record, 'the bay is free at last').toBeNull();
  const departed = packsOf(rig.plant.state);
  expect(departed.length, 'no pack twice, none lost but with the truck').toBe(new Set(departed).size);
  expect(packsBefore.filter((packId) => !departed.includes(packId)).length).toBeLessThanOrEqual(1);
  const swaps = Map.groupBy(
    rig.events().filter(({ name }) => name.startsWith('swap.')),
    ({ data }) => data.requestId,
  );
  for (const [requestId, events] of swaps) {
    const names = events.map(({ name }) => name.slice(5) as SwapEventName);
    const terminal = names.filter((name) => (TERMINAL_EVENTS as readonly string[]).includes(name));
    expect(terminal, `swap ${String(requestId)}: ${names.join(' ')}`).toHaveLength(1);
    expect(names.at(-1), 'nothing after the end').toBe(terminal[0]);
    const steps = names.flatMap((name) => STEP_OF.get(name) ?? []);
    expect(steps, 'each step once, in order').toEqual([...new Set(steps)].toSorted((a, b) => a - b));
    expect(events.map(({ data }) => data.stepSeq)).toEqual(events.map((_, index) => index + 1));
    if (terminal[0] === 'completed') expect(names.filter((name) => STEP_OF.has(name))).toHaveLength(SWAP_STEPS.length);
  }
  const seqs = rig.journal.eventsAfter(0, 100_000);
  for (const bootId of new Set(seqs.map((event) => event.bootId))) {
    const ofBoot = seqs.filter((event) => event.bootId === bootId).map(({ seq }) => seq);
    expect(ofBoot).toEqual(ofBoot.map((_, index) => index + 1));
  }
}

describe('whatever fails, whenever', () => {
  it('each swap ends once, no truck drives off unlocked, every pack is in one place', { timeout: 240_000 }, async () => {
    await fc.assert(fc.asyncProperty(scenario, play), { numRuns: Number(process.env.PROPERTY_RUNS ?? 50), endOnFailure: true });
  });

  it('knows every motion and failure', () => {
    expect(Object.keys(POSSIBLE).toSorted()).toEqual([...MOTIONS].toSorted());
    expect(new Set(Object.values(POSSIBLE).flat())).toEqual(new Set(MOTION_FAILURES));
  });
});
