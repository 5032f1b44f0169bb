import { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { WsMessage } from '@corridor/protocols/http/scene';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Facts } from '../projection/facts.ts';
import { LatestReports } from '../projection/latest-reports.ts';
import type { LiveFacts } from '../projection/live-facts.ts';
import { LiveScene } from '../projection/live-scene.ts';
import { ALL_RIGHTS, type Rights } from '../projection/rights.ts';
import { OwnershipBook } from '../rights/ownership-book.ts';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '../seed/network-files.ts';
import { type FeedSocket, LiveFeed } from './live-feed.ts';
import { type Admission, Tickets } from './tickets.ts';

const ALL: Admission = { rights: ALL_RIGHTS, countsUntilMs: Number.MAX_SAFE_INTEGER };

/** A client whose network takes what it is told to take. */
class SocketOfTest implements FeedSocket {
  bufferedAmount = 0;
  readonly messages: WsMessage[] = [];
  bytes = 0;
  closed: { code: number; reason: string } | null = null;
  send(text: string): void {
    this.bytes += text.length;
    this.messages.push(JSON.parse(text) as WsMessage);
  }
  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }
}

function feedOfTest() {
  const reference = new ReferenceStore('PF', () => null);
  reference.apply(readNetworkFile(DEFAULT_NETWORK_FILE));
  const live: LiveFacts = {
    reference,
    facts: new Facts(),
    reports: new LatestReports(),
    owners: new OwnershipBook(reference),
    nowMs: () => 0,
    stateOf: () => 'idle',
    isSetAside: () => false,
    road: { startM: 0, endM: 600_000 },
  };
  const scene = new LiveScene(live);
  const feed = new LiveFeed({ scene, clock: () => ({ scopeAtMs: 0, factor: 1 }), wallNowMs: () => Date.now() });
  const move = (truckId: string) => {
    scene.touch(({ trucks }) => trucks.add(truckId));
    feed.changed();
    vi.advanceTimersByTime(100);
  };
  return { feed, scene, live, move };
}

describe('LiveFeed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends a snapshot, then what changed, numbered without a gap', () => {
    const { feed, move } = feedOfTest();
    const socket = new SocketOfTest();
    feed.join(socket, ALL);
    move('T001');
    move('T002');
    const [snapshot, ...diffs] = socket.messages;
    expect(snapshot?.type).toBe('snapshot');
    expect(diffs.map((diff) => diff.seq)).toEqual(diffs.map((_, index) => (snapshot?.seq ?? 0) + index + 1));
    expect(diffs.flatMap((diff) => (diff.type === 'diff' ? (diff.upsert.trucks ?? []) : [])).map(({ id }) => id)).toEqual(['T001', 'T002']);
    feed.close();
  });

  it('lets a client that does not keep up miss diffs, and gives it the newest state when it does again', () => {
    const { feed, move } = feedOfTest();
    const quick = new SocketOfTest();
    const slow = new SocketOfTest();
    feed.join(quick, ALL);
    feed.join(slow, ALL);
    slow.bufferedAmount = 10_000_000;
    const before = slow.bytes;
    for (let n = 0; n < 50; n += 1) move('T001');
    expect(slow.bytes).toBe(before);
    expect(quick.messages.length).toBeGreaterThan(50);
    slow.bufferedAmount = 0;
    move('T003');
    const last = slow.messages.at(-1);
    expect(last?.type).toBe('snapshot');
    expect(last?.seq).toBe(quick.messages.at(-1)?.seq);
    feed.close();
  });

  it('ends the stream of whose token has ended, and nobody else with the same rights', () => {
    const { feed } = feedOfTest();
    const ended = new SocketOfTest();
    const other = new SocketOfTest();
    feed.join(ended, { rights: ALL_RIGHTS, countsUntilMs: Date.now() + 5_000 });
    feed.join(other, ALL);
    vi.advanceTimersByTime(4_000);
    expect([ended.closed, feed.clients]).toEqual([null, 2]);
    vi.advanceTimersByTime(1_000);
    expect(ended.closed).toEqual({ code: 4_402, reason: 'the token has ended' });
    const before = ended.messages.length;
    vi.advanceTimersByTime(3_000);
    expect([ended.messages.length, other.closed, feed.clients]).toEqual([before, null, 1]);
    feed.close();
  });

  it('does not take the size of a snapshot for a client that does not keep up', () => {
    const { feed, move } = feedOfTest();
    const socket = new SocketOfTest();
    // All of a large network waits to be sent; how fast the client takes it shows only after that.
    socket.bufferedAmount = 30_000_000;
    feed.join(socket, ALL);
    for (const truckId of ['T001', 'T002']) move(truckId);
    socket.bufferedAmount = 1_000;
    move('T003');
    expect(socket.messages.map(({ type }) => type)).toEqual(['snapshot', 'diff', 'diff', 'diff']);
    socket.bufferedAmount = 10_000_000;
    move('T004');
    expect(socket.messages).toHaveLength(4);
    feed.close();
  });

  it('takes a truck out of the sight of a station that it no longer heads for', () => {
    const { feed, live, move } = feedOfTest();
    const head = (stationId: string | null) =>
      live.reports.truck.set('T001', {
        atMs: 0,
        bootId: 1,
        seq: 1,
        q: [],
        data: {
          truckId: 'T001',
          vin: null,
          plate: null,
          lat: 38,
          lon: 117,
          altM: 10,
          chainageM: 20_000,
          direction: 'WEST',
          speedKmh: 80,
          headingDeg: 270,
          odometerM: 1,
          vehicleState: 'DRIVING',
          grossMassKg: 49_000,
          packId: null,
          socPercent: 50,
          socSource: 'BMS',
          packVoltageV: 600,
          packCurrentA: -100,
          motorPowerW: 60_000,
          auxPowerW: 4_000,
          ambientC: 10,
          alarmBits: 0,
          alarmLevel: 0,
          destinationStationId: stationId,
          tripId: null,
        },
      });
    const operator: Rights = { kind: 'STATION_OPERATOR', principalId: live.reference.station('HH1')?.operatorId ?? '' };
    const socket = new SocketOfTest();
    feed.join(socket, { rights: operator, countsUntilMs: Number.MAX_SAFE_INTEGER });
    head('HH1');
    move('T001');
    head(null);
    move('T001');
    const diffs = socket.messages.filter((message) => message.type === 'diff');
    // Who is on the way is known by its plate, not by where it is.
    expect(diffs.flatMap(({ upsert }) => upsert.trucks ?? [])).toMatchObject([{ id: 'T001', lat: null, chainageM: null, carrierId: null }]);
    expect(diffs.flatMap(({ remove }) => remove.trucks ?? [])).toEqual(['T001']);
    feed.close();
  });
});

describe('Tickets', () => {
  it('counts once, and not for long', () => {
    let nowMs = 0;
    const tickets = new Tickets(() => nowMs);
    const { ticket } = tickets.issue(ALL);
    expect(tickets.redeem(ticket)).toEqual(ALL);
    expect(tickets.redeem(ticket)).toBeNull();
    const late = tickets.issue(ALL);
    nowMs = late.expiresInMs + 1;
    expect(tickets.redeem(late.ticket)).toBeNull();
  });
});
