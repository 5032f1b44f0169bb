import type { TruckView } from '@corridor/protocols/http/scene';
import { describe, expect, it } from 'vitest';
import { billOf } from '../../test/fixture-documents.ts';
import { FIXTURE_START_MS, sceneAt } from '../../test/fixture-scene.ts';
import { sumFen } from '../format/money.ts';
import { billInThree, nextStationOf } from './driver-trip.ts';

const { stations: all, trucks } = sceneAt(FIXTURE_START_MS, 1);
const stations = all.map((station) => ({
  ...station,
  state: 'operative',
  connectivity: 'ONLINE' as const,
  readyPacks: 3,
  direction: 'BOTH' as const,
}));
const [truck] = trucks;
if (truck === undefined) throw new Error('the scene has no truck');
const onRoad: TruckView = { ...truck, chainageM: 200_000, direction: 'WEST', destinationStationId: null, etaAt: null };
const inOrder = stations.toSorted((one, other) => one.chainageM - other.chainageM);
const idsAhead = inOrder.filter(({ chainageM }) => chainageM >= 200_000).map(({ id }) => id);
const behind = inOrder.filter(({ chainageM }) => chainageM <= 200_000).toReversed();
const next = (about: Partial<TruckView>, at = stations) => nextStationOf({ ...onRoad, ...about }, at, FIXTURE_START_MS);

describe('where a driver swaps next', () => {
  it('is the station that the truck heads for, with the time until it is there', () => {
    const etaAt = new Date(FIXTURE_START_MS + 600_000).toISOString();
    const found = next({ destinationStationId: idsAhead[2] ?? '', etaAt });
    expect(found).toMatchObject({ station: { id: idsAhead[2] }, why: 'HEADING_FOR', etaMs: 600_000 });
    expect(next({ destinationStationId: idsAhead[2] ?? '', etaAt: new Date(FIXTURE_START_MS - 1).toISOString() })?.etaMs).toBe(0);
  });

  it('else is the next one ahead on the side of the road that the truck is on', () => {
    expect(next({})).toMatchObject({ station: { id: idsAhead[0] }, why: 'NEXT_READY', etaMs: null });
    expect(next({ direction: 'EAST' })?.distanceM).toBe(200_000 - (behind[0]?.chainageM ?? 0));
    const sides = stations.map((station) => (station.id === idsAhead[0] ? { ...station, direction: 'EAST' as const } : station));
    expect(nextStationOf(onRoad, sides, FIXTURE_START_MS)?.station.id).toBe(idsAhead[1]);
  });

  it.each([{ readyPacks: 0 }, { readyPacks: null }, { state: 'closed' }, { state: 'estop' }, { connectivity: 'OFFLINE' as const }])(
    'passes over a station with %o',
    (without) => {
      const some = stations.map((station) => (station.id === idsAhead[0] ? { ...station, ...without } : station));
      expect(nextStationOf(onRoad, some, FIXTURE_START_MS)?.station.id).toBe(idsAhead[1]);
    },
  );

  it('is nobody knows, without a place, a direction, or a pack ahead', () => {
    expect(next({ chainageM: null })).toBeNull();
    expect(nextStationOf({ ...onRoad, direction: null }, stations, FIXTURE_START_MS)).toBeNull();
    expect(
      next(
        {},
        stations.map((station) => ({ ...station, readyPacks: 0 })),
      ),
    ).toBeNull();
  });
});

it('puts a bill into three lines that sum to what is paid, a component of no part among the last', () => {
  const bill = billOf('O-1');
  expect(billInThree(bill).map(({ amountFen }) => amountFen)).toEqual(['12650', '6560', '9690']);
  const lines = [...bill.lines, { ...bill.lines[0], component: 'MODE_ADJUSTMENT', amountFen: '-3294' } as (typeof bill.lines)[number]];
  const parts = billInThree({ lines });
  expect(sumFen(parts.map(({ amountFen }) => amountFen ?? ''))).toBe(sumFen(lines.map(({ amountFen }) => amountFen)));
  expect(parts[2]).toEqual({ part: 'SERVICE', amountFen: '6396' });
});
