import { describe, expect, it } from 'vitest';
import { firstVersionBytes, RECORDED, recordingBytes, refusedBytes } from '../../test/fixture-recording.ts';
import { SceneClock } from '../store/scene-clock.ts';
import { type SceneChange, SceneStore } from '../store/scene-store.ts';
import { openRecording } from './open-recording.ts';
import { RecordingPlayer } from './recording-player.ts';

const MINUTE_MS = 60_000;
const fileOf = (bytes: Buffer): File => new File([new Uint8Array(bytes)], 'a.rec');

/** A player on a wall clock that a test moves. */
async function played(bytes = recordingBytes()) {
  const wall = { nowMs: 1_000 };
  const [store, clock] = [new SceneStore(), new SceneClock()];
  const player = new RecordingPlayer(await openRecording(fileOf(bytes)), { store, clock, wallMs: () => wall.nowMs });
  return { wall, store, clock, player };
}

describe('a recording that is played', () => {
  it('shows at any instant trucks on their way, what packs hold, what is charged and who waits', async () => {
    const { player, store, clock, wall } = await played();
    player.seek(15 * MINUTE_MS);
    const truck = store.records.trucks.get('R1');
    expect([truck?.vehicleState, truck?.chainageM, truck?.speedKmh, truck?.socPercent]).toEqual(['DRIVING', 26_300, 60, 50]);
    expect(store.kpis.peek()).toMatchObject({
      trucksOnRoad: 3,
      trucksWaiting: 0,
      packsReady: 1,
      swapsToday: 0,
      billedTodayFen: '0',
      pvPowerW: 90_000,
    });
    expect(clock.nowMs(wall.nowMs)).toBe(RECORDED.startsAtMs + 15 * MINUTE_MS);
    player.seek(65 * MINUTE_MS);
    const slot = store.records.slots.get('HH1-2');
    expect([slot?.chargingState, slot?.powerW, Math.round(slot?.socPercent ?? 0)]).toEqual(['CHARGING', 220_000, 57]);
    expect(store.records.stations.get('HH1')).toMatchObject({ queueLength: 2, chargingPacks: 1, emptySlots: 2 });
    expect(store.kpis.peek()).toMatchObject({ swapsToday: 1, trucksWaiting: 2, billedTodayFen: '38840', energyTodayWh: 225_000 });
    expect(store.kpis.peek()?.gridPowerW).toBeCloseTo(220_000 * 1.07 - 90_000);
    player.seek(0);
    expect(store.records.trucks.get('R1')?.chainageM).toBe(11_300);
  });

  it('runs with its speed, stands while it is paused and at its end, and jumps without a way in between', async () => {
    const { player, store, clock, wall } = await played();
    const changes: SceneChange[] = [];
    store.onChange((change) => changes.push(change));
    player.setSpeed(60);
    player.play();
    wall.nowMs += 10_000;
    player.tick();
    expect([player.atMs.peek(), store.records.trucks.get('R1')?.chainageM]).toEqual([10 * MINUTE_MS, 21_300]);
    expect(changes.every(({ reset }) => !reset)).toBe(true);
    player.pause();
    wall.nowMs += 10_000;
    expect(clock.nowMs(wall.nowMs) - RECORDED.startsAtMs).toBe(10 * MINUTE_MS);
    changes.length = 0;
    player.seek(5 * MINUTE_MS);
    expect(changes[0]?.removed.trucks).toEqual(['R1', 'R2', 'R3']);
    player.play();
    player.setSpeed(3_600);
    wall.nowMs += 3_600_000;
    player.tick();
    expect([player.atMs.peek(), player.playing.peek()]).toEqual([RECORDED.toMs, false]);
    player.close();
    store.dispose();
  });

  it('has orders, balances and open holds of the same instant, while it plays too', async () => {
    const { player, store, wall } = await played();
    const books = () => player.books.value?.accounts.map(({ balanceFen }) => Number(balanceFen));
    const order = () => store.records.orders.get('HH1-1-a');
    expect([order(), books()]).toEqual([undefined, [0, 1_000_000, -1_000_000, 0]]);
    player.seek(RECORDED.swapMs);
    expect(order()).toMatchObject({ state: 'IN_PROGRESS', swapState: 'LIFTING', heldFen: '41000', payableFen: null });
    expect([store.records.trucks.get('R1')?.orderId, store.records.stations.get('HH1')?.bays[0]?.orderId]).toEqual(['HH1-1-a', 'HH1-1-a']);
    expect(player.books.value?.holds).toEqual([
      { orderId: 'HH1-1-a', principalId: 'C1', heldFen: '41000', since: new Date(RECORDED.startsAtMs + RECORDED.swapMs).toISOString() },
    ]);
    player.setSpeed(60);
    player.play();
    wall.nowMs += 6 * 1_000;
    player.tick();
    expect(order()).toMatchObject({ state: 'CLEARED', swapState: null, payableFen: '38840' });
    expect([player.books.value?.holds, books()]).toEqual([[], [0, 961_160, -1_000_000, 38_840]]);
    expect(books()?.reduce((sum, fen) => sum + fen, 0)).toBe(0);
    player.seek(RECORDED.swapMs - 1);
    expect([order(), player.books.value?.holds]).toEqual([undefined, []]);
    player.close();
    store.dispose();
  });

  it('of the first version has neither orders nor money, which is unknown and not nothing', async () => {
    const { player, store } = await played(firstVersionBytes());
    player.seek(65 * MINUTE_MS);
    expect([player.books.value, store.records.orders.size]).toEqual([null, 0]);
    expect(store.kpis.peek()).toMatchObject({ swapsToday: 1, billedTodayFen: null, ordersAbnormal: null, pvPowerW: null });
    store.dispose();
  });

  it('jumps to swaps, strandings and long queues, forward and back', async () => {
    const { player } = await played();
    const jump = (kind: 'swap' | 'strand' | 'queue', back = false, longerThan = 1) => player.jump(kind, { longerThan, back })?.atMs ?? null;
    expect([jump('swap'), jump('swap'), jump('swap', true)]).toEqual([RECORDED.swapMs, null, null]);
    expect([jump('strand'), player.atMs.peek()]).toEqual([RECORDED.strandMs, RECORDED.strandMs]);
    expect([jump('queue', true), jump('queue', true, 2)]).toEqual([RECORDED.swapMs, null]);
    expect([Math.max(...player.events.waiting), player.events.waiting.at(-1)]).toEqual([2, 1]);
  });

  it.each(['NOT_A_RECORDING', 'OTHER_VERSION', 'CUT', 'DAMAGED'] as const)('is refused: %s', async (code) => {
    const refused = openRecording(fileOf(refusedBytes()[code]));
    await expect(refused).rejects.toMatchObject({ code });
  });
});
