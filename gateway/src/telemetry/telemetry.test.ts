import { decode } from '@corridor/protocols/decode';
import { type StationTeleKind, subject } from '@corridor/protocols/subject';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envelopeText, noFlags } from '../link/publisher.ts';
import { type Rig, START_MS, startArgs, startRig } from '../station/station-rig.ts';

const BAY = 'HH1-B1';
const MINUTE = 60_000;
let folder: ReturnType<typeof temporaryFolder>;
let rig: Rig;
beforeEach(() => {
  folder = temporaryFolder();
  rig = startRig({ dir: folder.path });
  for (const { pack } of rig.plant.state.slots.slice(2, 4)) if (pack) pack.socPercent = 95;
  rig.autoAuthorise();
});
afterEach(() => {
  expect(rig.fatal).toEqual([]);
  rig.stop();
  rig.plant.stop();
  folder[Symbol.dispose]();
});

const ofKind = (kind: StationTeleKind) => rig.telemetry.filter((message) => message.kind === kind);
const lastOf = (kind: StationTeleKind) => ofKind(kind).at(-1)?.data as Record<string, unknown>;

describe('telemetry of a station', () => {
  it('keeps its periods and matches its schemas, also during a swap', async () => {
    await rig.clock.advance(10 * MINUTE);
    const count = (kind: StationTeleKind) => ofKind(kind).filter(({ atMs }) => atMs < START_MS + 10 * MINUTE).length;
    expect([count('station'), count('meter')]).toEqual([120, 60]);
    expect(count('slots')).toBeGreaterThanOrEqual(60);
    expect(count('bay')).toBeLessThan(25);
    rig.plant.dock(BAY, rig.plant.truckOf('T001', 20));
    await rig.clock.advance(10 * MINUTE);
    expect(ofKind('bay').length).toBeGreaterThan(300);
    for (const [index, { kind, data, atMs }] of rig.telemetry.entries()) {
      const at = subject.stationTele('live', 'HH1', kind as StationTeleKind);
      const message = { lane: 'tele', subject: at, schema: `tele.${kind}/1`, bootId: 1, seq: index + 1, atMs, backfill: false } as const;
      const text = envelopeText({ ...message, dataText: JSON.stringify(data), qText: noFlags() }, 'HH1', atMs);
      const decoded = decode(at, new TextEncoder().encode(text));
      expect(decoded.ok ? null : decoded.detail).toBeNull();
    }
  });

  it('tells what can be issued and how long a truck would wait', async () => {
    await rig.clock.advance(MINUTE);
    expect(lastOf('station')).toMatchObject({ state: 'OPERATIVE', readyPacks: 2, emptySlots: 1, estWaitMs: 0 });
    for (const { pack } of rig.plant.state.slots) if (pack) pack.socPercent = 50;
    await rig.clock.advance(MINUTE);
    expect(lastOf('station').readyPacks).toBe(0);
    expect(Number(lastOf('station').estWaitMs)).toBeGreaterThan(10 * MINUTE);
  });

  it('counts a pack neither twice nor to others that waits for an ordered truck, then lies in a swap of it', async () => {
    rig.command('swap.start', startArgs(rig.plant, 42, 'T001'));
    await rig.clock.advance(MINUTE);
    expect(lastOf('station').readyPacks).toBe(1);
    rig.plant.dock(BAY, rig.plant.truckOf('T001', 20));
    await rig.clock.advance(MINUTE);
    // The truck in the bay has its pack: who comes now waits for the bay alone.
    expect(lastOf('station')).toMatchObject({ readyPacks: 1, estWaitMs: 5 * MINUTE });
  });

  it('follows the swap in tele.bay, and says when it stands', async () => {
    rig.plant.dock(BAY, rig.plant.truckOf('T001', 20));
    await rig.clock.advance(80_000);
    expect(lastOf('bay')).toMatchObject({ bayState: 'SWAPPING', truckId: 'T001', step: 'LIFTING' });
    rig.plant.set({ emergencyStop: true });
    await rig.clock.advance(5_000);
    expect(lastOf('bay')).toMatchObject({ bayState: 'BLOCKED', step: 'SUSPENDED' });
    expect(lastOf('station').state).toBe('ESTOP');
  });

  it('tells a quarantined slot as unavailable', async () => {
    rig.command('slot.quarantine', { evseId: 3, reasonCode: 'PACK_HOT' });
    await rig.clock.advance(15_000);
    const slots = lastOf('slots').slots as { evseId: number; slotState: string }[];
    expect(slots.find(({ evseId }) => evseId === 3)?.slotState).toBe('UNAVAILABLE');
  });
});
