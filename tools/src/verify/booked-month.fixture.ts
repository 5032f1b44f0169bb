import { NOON_MS, smallFile, startCorridor, type TestCorridor } from '@corridor/actors/network/corridor.fixture';
import { silentSignals } from '@corridor/actors/network/empty-surroundings';
import { refOf } from '@corridor/actors/network/entity-ref';
import { type Deed, deedArbitrary, RandomTraffic } from '@corridor/actors/network/random-traffic.fixture';
import type { SignalReader } from '@corridor/actors/network/reference';
import type { StepBatch } from '@corridor/actors/network/step-batch';
import type { Billing } from '@corridor/protocols/agreement/billing';
import type { Incentive } from '@corridor/protocols/agreement/incentive';
import type { Penalty } from '@corridor/protocols/agreement/penalty';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { startTestDatabase, type TestDatabase } from '@corridor/testkit/test-database';
import { inTransaction } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { registeredOf } from '@corridor/twin/seed/registered-of';
import { seedPapers } from '@corridor/twin/seed/seed-papers';
import { PostgresBatchStore } from '@corridor/twin/writer/postgres-batch-store';
import type { WriterBatch } from '@corridor/twin/writer/writer-batch';
import * as fc from 'fast-check';
import { disputeAndSettle } from './disputed-month.fixture.ts';

export const MONTH = { from: '2026-11-22T00:00:00.000Z', until: '2027-02-01T00:00:00.000Z' };

/**
 * A database with some weeks of random traffic, booked by the real actors and written by the real writer's store.
 * `settled`: with random disputes that were upheld, and every period that ended closed.
 */
export async function startBookedMonth(options: { deeds: number; seed: number; settled?: boolean }): Promise<TestDatabase> {
  await using built = new AsyncDisposableStack();
  const test = built.use(await startTestDatabase());
  const file = withModes(smallFile());
  const drivenM = (): number => ODOMETER_M + Math.floor((corridor.network.nowMs - NOON_MS) / MINUTE_MS) * METRES_A_MINUTE;
  const number: SignalReader['number'] = (kind, _, signal) => (kind === 'truck' && signal === 'odometerM' ? drivenM() : Number.NaN);
  const corridor: TestCorridor = startCorridor({ file, topUpFen: 50_000_000n, signals: { ...silentSignals, number } });
  const store = new PostgresBatchStore({ database: test.database, platformId: file.platformId, scope: 'live', log: silentLog() });
  await inTransaction(test.database, async (client) => {
    await seedPapers(client, file, NOON_MS);
    const step: StepBatch = {
      effects: corridor.effects,
      transitions: [],
      changed: new Map([...corridor.stored.values()].map((stored) => [refOf(stored.machine, stored.id), stored])),
      retired: new Set(),
      undelivered: [],
    };
    await store.writeInto(client, { ...batchOf(1, NOON_MS, step), registered: registeredOf(file) });
  });
  const batchNo = await playInto(store, corridor, fc.sample(mostlyGood, { numRuns: options.deeds, seed: options.seed }));
  if (options.settled) await disputeAndSettle({ database: test.database, store, corridor, seed: options.seed, batchNo, batchOf });
  await test.database.pool.query('analyze');
  const kept = built.move();
  return { ...test, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const MINUTE_MS = 60_000;
/** What trucks are registered with, and how far each of them goes. */
const ODOMETER_M = 100_000_000;
const METRES_A_MINUTE = 500;
/** Local day from which two carriers are billed in another way. */
const THEN = '2026-11-26';
const UNTIL_THEN = '2026-11-25';

/** One station has a price for its own PV, and then another one. Carriers that are billed each in another way: per kWh; per swap, then by distance, and for bays that it keeps; by the month; with discounts and penalties, then by packages too. */
function withModes(file: NetworkFile): NetworkFile {
  const terms: Readonly<Record<string, Partial<NetworkFile['contracts'][number]>>> = {
    C2: {
      penalties: [DID_NOT_COME, KEPT_THE_BAY],
      billing: { mode: 'PER_SWAP', issuerId: 'SO2', replaces: ['SERVICE', 'SWAP_HANDLING'], priceFen: '6500' },
    },
    C3: { billing: { mode: 'MONTHLY_RENT', issuerId: 'BO1', feeNanoYuanPerKwhMonth: '10000000000' } },
    C4: { incentives: [AT_NIGHT], penalties: [TOO_EMPTY] },
  };
  const contracts = file.contracts.flatMap((contract) => {
    const first = { ...contract, ...terms[contract.carrierId] };
    const next = NEXT_BILLING[contract.carrierId];
    if (next === undefined) return [first];
    return [
      { ...first, validUntil: UNTIL_THEN },
      { ...first, id: `${first.id}-2`, validFrom: THEN, billing: next },
    ];
  });
  const stationRates = file.stationRates.flatMap((rate) =>
    rate.stationId === 'HH1'
      ? [
          { ...rate, pvNanoYuanPerKwh: '200000000' },
          { ...rate, id: `${rate.id}-2`, effectiveFrom: THEN, pvNanoYuanPerKwh: '310000000' },
        ]
      : [rate],
  );
  return { ...file, stationRates, contracts, trucks: file.trucks.map((truck) => ({ ...truck, initialOdometerM: ODOMETER_M })) };
}
const NEXT_BILLING: Readonly<Record<string, Billing>> = {
  C2: { mode: 'PER_KM', issuerId: 'PF', replaces: ['ELECTRICITY', 'SERVICE'], priceNanoYuanPerKm: '1500000000' },
  C4: {
    mode: 'PACKAGE',
    issuerId: 'BO1',
    replaces: ['SERVICE', 'BATTERY_RENT'],
    offers: [{ id: 'KWH', name: '300 kWh', unit: 'Wh', quantity: 300_000, priceFen: '19999', validDays: 30 }],
  },
};
/** Bought as soon as they are offered: more than are used, so that some expire. What one of them does not reach for is billed per kWh. */
const PACKAGES = 12;
const AT_NIGHT: Incentive = {
  id: 'night',
  name: 'Night discount',
  nameZh: '夜间优惠',
  validFrom: '2026-01-01',
  validUntil: '2027-12-31',
  when: { hours: [[18, 24]], stationIds: ['HH1', 'HJ1'] },
  discount: { nanoYuanPerKwh: '50000000' },
  funderId: 'SO1',
};
const TOO_EMPTY: Penalty = {
  kind: 'DEEP_DISCHARGE',
  belowSocPercent: 25,
  amountFen: '5000',
  waivers: [{ rule: 'STATIONS', stationIds: ['HJ1'] }],
};

const DID_NOT_COME: Penalty = {
  kind: 'NO_SHOW',
  amountFen: '5000',
  waivers: [{ rule: 'STATIONS', stationIds: ['HJ1'] }],
};
const KEPT_THE_BAY: Penalty = { kind: 'OVERSTAY', graceMinutes: 10, blockMinutes: 15, amountFen: '2000', waivers: [] };
/** A bay is reported free so long after whoever was in it was swapped, unless the next one comes sooner. */
const STAYED_MINUTES_MAX = 25;

const station = fc.nat(1);
/** Swaps that go well, packs that are charged between them at all hours, and now and then anything that may go wrong. */
const mostlyGood: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('local' as const),
      station,
      truck: fc.nat(7),
      flaw: fc.constant('NONE' as const),
      ending: fc.constant('completed' as const),
      endsAfter: fc.constant(14),
      soC: fc.integer({ min: 3, max: 70 }),
      backfill: fc.constant(false),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('charge' as const),
      station,
      evse: fc.integer({ min: 1, max: 8 }),
      wh: fc.integer({ min: 60_000, max: 140_000 }),
      socPercent: fc.integer({ min: 3, max: 70 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 30, max: 900 }) }) },
  { weight: 1, arbitrary: deedArbitrary.filter(({ kind }) => kind !== 'correct' && kind !== 'inventory') },
);

async function playInto(store: PostgresBatchStore, corridor: TestCorridor, deeds: readonly Deed[]): Promise<number> {
  const steps: { step: StepBatch; atMs: number }[] = [];
  const watched: TestCorridor = {
    ...corridor,
    drain() {
      const step = corridor.drain();
      steps.push({ step, atMs: corridor.network.nowMs });
      return step;
    },
  };
  const traffic = new RandomTraffic(watched, NOON_MS);
  let isBought = false;
  for (const [index, deed] of deeds.entries()) {
    if (!isBought && corridor.network.nowMs >= Date.parse(`${THEN}T00:00:00+08:00`)) {
      isBought = true;
      buyPackages(watched);
    }
    if (deed.kind === 'wait') leaveBays(watched, Math.min(deed.minutes, STAYED_MINUTES_MAX));
    traffic.play(deed);
    if (index % DEEDS_BETWEEN_NO_SHOWS === 0) traffic.play(noShow(index / DEEDS_BETWEEN_NO_SHOWS));
  }
  for (let truck = 0; truck < TRUCKS; truck += 1) {
    traffic.play(abortedOf(truck));
    leaveBays(watched, STAYED_MINUTES_MAX);
  }
  traffic.end();
  let batchNo = 1;
  for (const { step, atMs } of steps) {
    batchNo += 1;
    await store.commit(batchOf(batchNo, atMs, step));
  }
  return batchNo;
}

/** Each truck in turn, at one station and then at the other, lets a pack be kept for it and does not come. */
const noShow = (no: number): Deed => ({
  kind: 'remote',
  station: Math.floor(no / TRUCKS),
  truck: no % TRUCKS,
  goesOn: 'stayAway',
  flaw: 'NONE',
});
const DEEDS_BETWEEN_NO_SHOWS = 9;
const TRUCKS = 8;
/** A swap that ends before anything was unlocked. Its truck keeps the bay, and owes nothing for that. */
const abortedOf = (truck: number): Deed => ({
  kind: 'local',
  station: 0,
  truck,
  flaw: 'NONE',
  ending: 'aborted_safe',
  endsAfter: 2,
  soC: 30,
  backfill: false,
});

/** The stations report that nobody stands in their bays any more. */
function leaveBays(corridor: TestCorridor, minutes: number): void {
  const { network } = corridor;
  const atMs = network.nowMs + minutes * MINUTE_MS;
  for (const stationId of ['HH1', 'HJ1'])
    network.step({
      kind: 'signal',
      atMs,
      to: `bay:${stationId}-B1`,
      event: { type: 'signal.changed', atMs, signal: 'bayState', value: 'FREE' },
    });
  corridor.drain();
}

function buyPackages(corridor: TestCorridor): void {
  const { network } = corridor;
  for (let no = 1; no <= PACKAGES; no += 1) {
    const intent = { type: 'package.buy', principalId: 'C4', key: `K${no}`, offerId: 'KWH' } as const;
    network.step({ kind: 'intent', atMs: network.nowMs, intentId: `buy-${no}`, by: 'test', intent });
    corridor.drain();
  }
}

export const batchOf = (batchNo: number, scopeAtMs: number, step: StepBatch): WriterBatch => ({
  batchNo,
  scopeAtMs,
  driven: false,
  step,
  evidence: [],
  cleared: [],
  passedOver: [],
  positions: new Map(),
  forgottenSources: [],
  streamSeq: 0,
  registered: [],
  commandUpdates: [],
  audits: [],
  requestedBy: new Map(
    step.effects.flatMap((effect) => (effect.type === 'ledger.posted' ? effect.transfers.map(({ key }) => [key, 'test'] as const) : [])),
  ),
});
