import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AccountContext } from '@corridor/actors/account/account.rules';
import { refOf } from '@corridor/actors/network/entity-ref';
import { Prng } from '@corridor/actors/time/prng';
import { slotIdOf } from '@corridor/protocols/ids';
import { isEnded, type RecordedState } from '@corridor/protocols/recording/recorded-state';
import type { RecordingBlock } from '@corridor/protocols/recording/recording.schema';
import { type Recording, RecordingReader } from '@corridor/protocols/recording/recording-reader';
import { trackAt } from '@corridor/protocols/recording/track';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { CoarseWorld } from '../coarse/coarse-world.ts';
import { energyCalendarOf } from '../energy/energy-calendar.ts';
import { beginFleets } from '../fleets/fleet-of.ts';
import { runFull } from '../full/full-run.ts';
import { FullWorld } from '../full/full-world.ts';
import { runnerOf } from '../planner/run-scenario.ts';
import { fullScenario } from '../scenario/corridor-file.ts';
import { ScenarioError } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { headOf, recordInto } from './recording-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function recorded(
  scenario: Scenario,
  seed: number,
  engine: 'compiled' | 'xstate' = 'compiled',
): Promise<{ bytes: Buffer; recording: Recording }> {
  const path = join(folder, `${seed}-${engine}.rec`);
  const run = await runnerOf(scenario.model);
  run({ scenario, seed, engine, record: (world) => recordInto(path, { scenario, seed, world }) });
  const bytes = readFileSync(path);
  const reader = new RecordingReader();
  for (const line of gunzipSync(bytes).toString().trimEnd().split('\n')) reader.take(line);
  return { bytes, recording: reader.recording() };
}

/** Chargers, bays and connections that break a few times a day. */
const BREAKDOWNS = (['charger', 'bay', 'station'] as const).map((part) => ({
  kind: 'breakdowns' as const,
  part,
  mtbfMs: 12 * 3_600_000,
  repairTime: { kind: 'deterministic' as const, valueMs: 2_400_000 },
}));
/** Packs that differ, and wear so fast that it is seen within hours. */
const AGEING = { wearFactor: 10, sohSpreadPercent: 4, renewAtSohPercent: 85 };
const shortened = (file: string, days: number): Scenario => ({ ...shippedScenario(file), days, warmUpDays: 0 });
const earlier = (faults: Scenario['faults'] = []) =>
  faults.map((fault) => (fault.kind === 'blackout' ? { ...fault, fromDay: 0.5 } : fault));
const draws = (scenario: Scenario, seed: number, count: number): number[] => {
  const prng = new Prng(seed);
  return Array.from({ length: count }, () => Math.floor(prng.uniform(1, scenario.days * 86_400)) * 1_000).sort((one, other) => one - other);
};
const whOf = (state: RecordedState, packId: string, atMs: number): number =>
  trackAt(state.packs.get(packId)?.contentWh ?? [], atMs) ?? Number.NaN;
const STATES: Readonly<Record<string, string>> = {
  parked: 'PARKED',
  driving: 'DRIVING',
  queueing: 'QUEUEING',
  inBay: 'IN_BAY',
  // The bay is out of order with the truck in it.
  held: 'IN_BAY',
  loading: 'LOADING',
  stranded: 'STRANDED',
};

it.each(['corridor-base.json', 'corridor-blackout.json', 'corridor-282.json', 'corridor-off-peak.json'])(
  'R1 tells of %s at any second what the coarse run was at that second',
  async (file) => {
    const read = shortened(file, 0.9);
    const pack = file === 'corridor-off-peak.json' ? { ...read.pack, ageing: AGEING } : read.pack;
    const faults = file === 'corridor-282.json' ? BREAKDOWNS : earlier(read.faults);
    const scenario: Scenario = { ...read, pack, faults };
    for (const seed of [1, 2]) {
      const { recording } = await recorded(scenario, seed);
      const world = new CoarseWorld({ scenario, seed, engine: 'compiled', trace: undefined, detailed: false });
      beginFleets(world);
      for (const atMs of draws(scenario, seed, 10)) {
        world.stage.runUntil(atMs);
        world.pass();
        const state = recording.stateAt(atMs);
        const where = `SEED=${seed} ${file} at ${atMs} ms`;
        expect(state.trucks.size, where).toBe(world.trucks.length);
        for (const { ref, host, pack, leg, yard } of world.trucks) {
          const truck = state.trucks.get(ref.slice('truck:'.length));
          expect(truck?.state, `${where}, ${ref}`).toBe(STATES[String(host.value)]);
          expect(truck?.packId, where).toBe(pack.host.ref.slice('pack:'.length));
          if (truck?.state !== 'PARKED' && truck?.state !== 'LOADING') expect(truck?.stationId, where).toBe(yard?.plan.id);
          // What a leg uses is taken off at its end; the recording tells it as it goes.
          const heldWh = whOf(state, truck?.packId ?? '', atMs);
          const [low, high] = [Math.min(pack.contentWh - leg.wh, pack.contentWh), Math.max(pack.contentWh - leg.wh, pack.contentWh)];
          expect(heldWh, where).toBeGreaterThanOrEqual(low - 1);
          expect(heldWh, where).toBeLessThanOrEqual(high + 1);
          if (truck?.state === 'LOADING') expect(heldWh, where).toBeCloseTo(pack.contentWh - leg.wh, -1);
        }
        for (const { plan, queue, ready, isDark, measures } of world.yards) {
          const station = state.stations.get(plan.id);
          expect(station?.queue, where).toEqual([...queue].map(({ ref }) => ref.slice('truck:'.length)));
          expect([station?.readyPacks, station?.isDark, station?.swaps], where).toEqual([ready.length, isDark, measures.swaps]);
          expect(station?.bays.filter(({ truckId }) => truckId !== null).length, where).toBe(measures.levels.busyBays);
        }
        for (const { host, contentWh, sohPercent, ageing, yard } of world.packs) {
          const pack = state.packs.get(host.ref.slice('pack:'.length));
          expect(pack?.sohPercent, where).toBe(ageing === null ? undefined : Math.round(sohPercent * 10) / 10);
          if (yard === null) expect(pack?.place.kind, where).not.toBe('SLOT');
          else {
            expect(pack?.place, where).toMatchObject({ kind: 'SLOT', id: expect.stringMatching(`^${yard.plan.id}-\\d+$`) });
            expect(Math.abs(whOf(state, pack?.id ?? '', atMs) - contentWh), `${where}, ${host.ref}`).toBeLessThan(3);
          }
        }
      }
    }
  },
);

it('R2 tells of the full model at any second what the run was at that second: bays, steps, slots, packs', async () => {
  const scenario = fullScenario({ ...shortened('corridor-full.json', 0.4), faults: BREAKDOWNS });
  const seed = 3;
  const { recording } = await recorded(scenario, seed);
  const world = new FullWorld({ scenario, seed, engine: 'compiled', detailed: false });
  beginFleets(world);
  const steps = new Set<string>();
  for (const atMs of draws(scenario, seed, 40)) {
    world.runUntil(atMs);
    for (const station of world.yards) station.pass();
    const state = recording.stateAt(atMs);
    const where = `SEED=${seed} at ${atMs} ms`;
    for (const truck of world.trucks) expect(state.trucks.get(truck.id)?.packId, where).toBe(truck.isBare ? null : truck.pack.id);
    for (const { id, bays, stock, queue, ready } of world.yards) {
      const station = state.stations.get(id);
      expect(
        station?.bays.map(({ truckId }) => truckId),
        where,
      ).toEqual(bays.map(({ truck }) => truck?.id ?? null));
      expect(station?.readyPacks, where).toBe(Math.max(0, ready.length));
      expect(station?.queue, where).toEqual([...queue].map((truck) => truck.id));
      for (const { step } of station?.bays ?? []) if (step !== null) steps.add(step);
      for (const [slot, pack] of stock.packs.entries()) {
        if (pack === null) continue;
        expect(state.packs.get(pack.id)?.place, where).toEqual({ kind: 'SLOT', id: slotIdOf(id, slot + 1) });
        expect(Math.abs(whOf(state, pack.id, atMs) - pack.contentWh), where).toBeLessThan(3);
      }
      for (const { gripped, id: bayId } of bays)
        if (gripped !== null) expect(state.packs.get(gripped.id)?.place, where).toEqual({ kind: 'TRANSFER', id: bayId });
    }
  }
  expect(steps.size).toBeGreaterThan(5);
});

it('R3 is the same bytes with either engine, changes nothing in the run, and counts its swaps', async () => {
  const scenario = shortened('corridor-base.json', 0.6);
  const seed = 5;
  const [one, other] = [await recorded(scenario, seed), await recorded(scenario, seed, 'xstate')];
  expect(one.bytes.equals(other.bytes)).toBe(true);
  const options = { scenario, seed, engine: 'compiled' as const, detailed: true };
  const alone = runCoarse(options);
  const watched = runCoarse({ ...options, record: (world) => recordInto(join(folder, 'again.rec'), { scenario, seed, world }) });
  expect(watched).toEqual(alone);
  const swaps = [...one.recording.stateAt(scenario.days * 86_400_000).stations.values()].reduce((sum, station) => sum + station.swaps, 0);
  expect(swaps).toBe(alone.stations.reduce((sum, { kpis }) => sum + Math.round((kpis['swapsPerDay'] ?? 0) * scenario.days), 0));
});

/** CPU of this thread [ms]: what else the machine does takes none of it. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

it('R4 finds any instant of a day of the base corridor in far less than 200 ms', async () => {
  const scenario = shortened('corridor-base.json', 1);
  const { recording } = await recorded(scenario, 1);
  const took = draws(scenario, 9, 50).map((atMs) => {
    const sinceMs = cpuMs();
    recording.stateAt(atMs);
    return cpuMs() - sinceMs;
  });
  expect(Math.max(...took)).toBeLessThan(200);
});

it('R5 refuses what has no road to show, with path and reason', () => {
  const refused = (scenario: Scenario): string[] => {
    try {
      headOf(scenario, 1);
    } catch (cause) {
      if (cause instanceof ScenarioError) return cause.problems.map(({ path }) => path);
      throw cause;
    }
    return [];
  };
  expect(refused(shippedScenario('queue-m-m-1.json'))).toEqual(['/fleets']);
  const base = shippedScenario('corridor-base.json');
  const [first, ...others] = base.sites;
  expect(refused({ ...base, sites: [{ id: first?.id ?? '' }, ...others] })).toEqual(['/sites/0']);
  expect(refused({ ...base, stations: base.stations.map((plan, at) => (at === 2 ? { ...plan, siteId: 'XX' } : plan)) })).toEqual([
    '/stations/2/siteId',
  ]);
});

/** Balances and holds of a recorded state, as the run has them. */
const balancesOf = ({ accounts }: RecordedState): Record<string, bigint> =>
  Object.fromEntries([...accounts.values()].map(({ id, balanceFen }) => [id, BigInt(balanceFen)]));
const heldBy = ({ holds }: RecordedState, principalId: string): Record<string, bigint> =>
  Object.fromEntries(
    [...holds.values()].filter((hold) => hold.principalId === principalId).map(({ orderId, heldFen }) => [orderId, BigInt(heldFen)]),
  );

it('R6 tells at any second the balances, open holds and orders that the run had, and the sun of its stations', async () => {
  // So often that orders wait for a person within hours.
  const faults = (['PLACE', 'SEAT', 'LOCK', 'SELF_CHECK'] as const).map((motion) => ({
    kind: 'motions' as const,
    motion,
    failureRatio: 0.4,
  }));
  const scenario = fullScenario({ ...shortened('corridor-failed-motions.json', 0.45), faults });
  const seed = 4;
  const { recording } = await recorded(scenario, seed);
  const world = new FullWorld({ scenario, seed, engine: 'compiled', detailed: false });
  beginFleets(world);
  const states = new Set<string>();
  let [holds, shone] = [0, 0];
  for (const atMs of draws(scenario, seed, 60)) {
    world.runUntil(atMs);
    const state = recording.stateAt(atMs);
    const where = `SEED=${seed} at ${atMs} ms`;
    for (const [id, fen] of Object.entries(balancesOf(state))) expect(fen, `${where}, ${id}`).toBe(world.books.balance(id));
    for (const { id } of scenario.business.principals) {
      const view = world.twin.network.view(refOf('account', id));
      if (view === undefined) throw new Error(`${id} has no account`);
      const { books } = view.context as AccountContext;
      const held = Object.fromEntries(books.holds.map(({ orderId, amountFen }) => [orderId, BigInt(amountFen)]));
      expect(heldBy(state, id), `${where}, ${id}`).toEqual(held);
      expect(world.books.balance(`${id}_held`), where).toBe(Object.values(held).reduce((sum, fen) => sum + fen, 0n));
      holds += Object.keys(held).length;
    }
    for (const order of state.orders.values()) {
      const value: unknown = world.twin.network.view(refOf('order', order.id))?.value;
      expect(typeof value === 'string' ? value : Object.keys(Object(value))[0], `${where}, ${order.id}`).toBe(order.state);
      states.add(order.state);
    }
    const underWay = [...state.orders.values()].filter((order) => order.state !== 'ABNORMAL').map(({ id }) => id);
    expect(underWay.toSorted(), where).toEqual([...world.books.openOrders.keys()].toSorted());
    expect(state.orders.size - underWay.length, where).toBe(world.books.measures.abnormal);
    for (const [index, { id }] of scenario.stations.entries()) {
      expect(state.sunW.get(id), `${where}, ${id}`).toBe(Math.round(energyCalendarOf(scenario).pvW(index, atMs)));
      shone += state.sunW.get(id) ?? 0;
    }
    expect(recording.ended.billedUntil(atMs).payableFen, where).toBe(world.books.measures.payableFen);
  }
  expect([...states]).toEqual(expect.arrayContaining(['IN_PROGRESS', 'ABNORMAL']));
  expect(Math.min(holds, shone, recording.ended.until(Number.POSITIVE_INFINITY, 100).length)).toBeGreaterThan(0);
});

it('R7 keeps the books at zero at every instant, gives each order once when it is over, and changes nothing in a run with money', async () => {
  const scenario = shortened('corridor-full.json', 0.3);
  const seed = 6;
  const { bytes } = await recorded(scenario, seed);
  const fen = new Map<string, bigint>();
  const ended: string[] = [];
  for (const line of gunzipSync(bytes).toString().trimEnd().split('\n').slice(1, -1)) {
    const { atMs, whole, changes } = JSON.parse(line) as RecordingBlock;
    for (const { atMs: thenMs, accounts = [], orders = [] } of [{ atMs, ...whole }, ...changes]) {
      for (const { id, balanceFen } of accounts) fen.set(id, BigInt(balanceFen));
      expect(
        [...fen.values()].reduce((sum, each) => sum + each, 0n),
        `SEED=${seed} at ${thenMs} ms`,
      ).toBe(0n);
      for (const order of orders) if (isEnded(order)) ended.push(order.id);
    }
  }
  expect(ended.length).toBeGreaterThan(10);
  expect(new Set(ended).size).toBe(ended.length);
  const options = { scenario, seed, engine: 'compiled' as const, detailed: true };
  const watched = runFull({ ...options, record: (world) => recordInto(join(folder, 'again.rec'), { scenario, seed, world }) });
  expect(watched).toEqual(runFull(options));
});
