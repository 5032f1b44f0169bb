import type { OrderRow } from '@corridor/actors/network/effect';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { slotIdOf } from '@corridor/protocols/ids';
import type { StationDefinition } from '@corridor/protocols/network-file';
import { expect, it } from 'vitest';
import { Facts, nothingTouched } from '../../projection/facts.ts';
import { LatestReports, type Report } from '../../projection/latest-reports.ts';
import type { LiveFacts } from '../../projection/live-facts.ts';
import { ALL_RIGHTS, type Rights } from '../../projection/rights.ts';
import { OwnershipBook } from '../../rights/ownership-book.ts';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '../../seed/network-files.ts';
import { queuesAt } from './queue-view.ts';

const FILE = readNetworkFile(DEFAULT_NETWORK_FILE);
const NOW_MS = Date.parse('2026-11-22T04:00:00Z');
const MINUTE_MS = 60_000;
const STATION = stationOf('HJ1');
const ROAD = { startM: 0, endM: 600_000 };
const OPERATOR: Rights = { kind: 'STATION_OPERATOR', principalId: STATION.operatorId };

const KEPT: Omit<OrderRow, 'orderId' | 'truckId' | 'issuePackId'> = {
  state: 'HELD',
  reason: null,
  initiation: 'REMOTE',
  stationId: STATION.id,
  bayId: null,
  requestId: 2,
  driverId: null,
  carrierId: 'C1',
  returnPackId: null,
  quotedFen: 20_000n,
  heldFen: 22_000n,
  payableFen: null,
  releasedFen: null,
  energyInWh: null,
  energyOutWh: null,
  createdAtMs: NOW_MS,
  updatedAtMs: NOW_MS,
};

function stationOf(id: string): StationDefinition {
  const station = FILE.stations.find((each) => each.id === id);
  if (station === undefined) throw new Error(`the default network lacks ${id}`);
  return station;
}

const report = <Data>(data: unknown): Report<Data> => ({ atMs: NOW_MS, bootId: 1, seq: 1, q: [], data: data as Data });

function corridor({ readyPacks }: { readyPacks: number | null }) {
  const reference = new ReferenceStore('PF', () => null);
  reference.apply(FILE);
  const facts = new Facts();
  const reports = new LatestReports();
  for (const { id, initial } of FILE.packs) facts.putPlace(id, initial, nothingTouched());
  if (readyPacks !== null) reports.station.set(STATION.id, report({ readyPacks }));
  const live: LiveFacts = {
    reference,
    facts,
    reports,
    owners: new OwnershipBook(reference),
    nowMs: () => NOW_MS,
    stateOf: () => 'unknown',
    isSetAside: () => false,
    road: ROAD,
  };
  const since = new Map<string, number>();
  return {
    /** On its way at 60 km/h from the port's side, so many kilometres off: as many minutes. Eastwards it drives away, and turns at the port. */
    coming: (id: string, km: number, direction: 'WEST' | 'EAST' = 'WEST') =>
      reports.truck.set(
        id,
        report({
          vehicleState: 'DRIVING',
          destinationStationId: STATION.id,
          chainageM: STATION.chainageM - km * 1_000,
          direction,
          speedKmh: 60,
        }),
      ),
    /** An order keeps this pack of the station for it. */
    keeps: (truckId: string, issuePackId: string) =>
      facts.putOrder({ ...KEPT, orderId: `order-${truckId}`, truckId, issuePackId }, nothingTouched()),
    waiting: (id: string, sinceMs: number | null) => {
      reports.truck.set(
        id,
        report({ vehicleState: 'QUEUEING', destinationStationId: STATION.id, chainageM: STATION.chainageM, speedKmh: 0 }),
      );
      if (sinceMs !== null) since.set(id, sinceMs);
    },
    charging: (evseId: number, socPercent: number, cellTmaxC = 25) => {
      const slotId = slotIdOf(STATION.id, evseId);
      const packId = facts.packInSlot(slotId);
      if (packId === null) throw new Error(`${slotId} is empty`);
      reports.slot.set(slotId, report({ chargingState: 'CHARGING', setpointW: 0 }));
      reports.pack.set(packId, report({ socPercent, sohPercent: 100, cellTmaxC }));
    },
    seen: (rights: Rights = ALL_RIGHTS) => {
      const [queue] = queuesAt([STATION], rights, { live, queueingSinceMs: (id) => since.get(id) ?? null });
      if (queue === undefined) throw new Error('the station has no queue');
      return queue;
    },
  };
}

it('tells who waits, the longest first, and last of whom nobody knows since when', () => {
  const { waiting, seen } = corridor({ readyPacks: 0 });
  waiting('T003', null);
  waiting('T001', NOW_MS - 5 * MINUTE_MS);
  waiting('T002', NOW_MS - 9 * MINUTE_MS);
  expect(seen().waiting.map(({ truckId, position, since }) => [truckId, position, since])).toEqual([
    ['T002', 1, '2026-11-22T03:51:00.000Z'],
    ['T001', 2, '2026-11-22T03:55:00.000Z'],
    ['T003', 3, null],
  ]);
});

it('counts for each that comes the packs ready by then, without those of who waits and who is before it', () => {
  const { waiting, coming, charging, seen } = corridor({ readyPacks: 2 });
  waiting('T001', NOW_MS);
  coming('T003', 150);
  coming('T002', 20);
  charging(1, STATION.targetSocPercent - 0.1);
  charging(2, 10);
  // Too cold to be charged: it is ready at no time.
  charging(3, 50, -5);
  const { underWay, nextReady } = seen();
  expect(nextReady.map(({ evseId }) => evseId)).toEqual([1, 2]);
  const after = nextReady.map(({ at }) => (Date.parse(at) - NOW_MS) / MINUTE_MS);
  expect(after[0]).toBeLessThan(5);
  expect(after[1]).toBeGreaterThan(30);
  expect(after[1]).toBeLessThan(150);
  expect(underWay.map(({ truckId, etaAt, distanceM, packsLeft }) => [truckId, etaAt, distanceM, packsLeft])).toEqual([
    ['T002', '2026-11-22T04:20:00.000Z', 20_000, 2 + 1 - 1 - 0],
    ['T003', '2026-11-22T06:30:00.000Z', 150_000, 2 + 2 - 1 - 1],
  ]);
});

it('tells an operator who is announced, not where it is, and counts those that he does not see yet', () => {
  const { coming, seen } = corridor({ readyPacks: 3 });
  coming('T001', 20);
  coming('T002', 40);
  coming('T003', 25);
  expect(
    seen(OPERATOR).underWay.map(({ truckId, distanceM, socPercent, packsLeft }) => [truckId, distanceM, socPercent, packsLeft]),
  ).toEqual([
    ['T001', null, null, 3],
    ['T003', null, null, 2],
  ]);
  expect(seen().underWay.map(({ truckId }) => truckId)).toEqual(['T001', 'T003', 'T002']);
});

it('counts no packs at a station that has not said how many are ready', () => {
  const { coming, seen } = corridor({ readyPacks: null });
  coming('T001', 20);
  expect(seen()).toMatchObject({ readyNow: null, underWay: [{ truckId: 'T001', packsLeft: null }] });
});

it('takes one that drives away from the station to come by the turn at the end of the road, after those on their way to it', () => {
  const { coming, seen } = corridor({ readyPacks: 2 });
  const fromPortKm = STATION.chainageM / 1_000;
  coming('T001', 3, 'EAST');
  coming('T002', 20);
  const awayKm = fromPortKm - 3 + fromPortKm;
  expect(seen().underWay.map(({ truckId, etaAt, distanceM, packsLeft }) => [truckId, etaAt, distanceM, packsLeft])).toEqual([
    ['T002', '2026-11-22T04:20:00.000Z', 20_000, 2],
    ['T001', new Date(NOW_MS + awayKm * MINUTE_MS).toISOString(), awayKm * 1_000, 1],
  ]);
  // It is not announced while it drives away, however near it is.
  expect(seen(OPERATOR).underWay.map(({ truckId }) => truckId)).toEqual(['T002']);
});

it('counts a pack that is kept for a truck neither for others nor for it, and it to none of the others', () => {
  const { waiting, coming, keeps, seen } = corridor({ readyPacks: 1 });
  waiting('T001', NOW_MS);
  coming('T002', 10);
  coming('T003', 20);
  keeps('T001', 'P-1');
  keeps('T002', 'P-2');
  const { readyNow, waiting: standing, underWay } = seen();
  expect(readyNow).toBe(1);
  expect(standing.map(({ reservedPackId }) => reservedPackId)).toEqual(['P-1']);
  expect(underWay.map(({ truckId, reservedPackId, packsLeft }) => [truckId, reservedPackId, packsLeft])).toEqual([
    ['T002', 'P-2', null],
    ['T003', null, 1],
  ]);
});
