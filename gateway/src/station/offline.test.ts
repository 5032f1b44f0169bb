import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MotionFailure, MotionOrder } from '../ports/robot.ts';
import { type Rig, startArgs, startRig } from './station-rig.ts';

const BAY = 'HH1-B1';
const MINUTE = 60_000;
let folder: ReturnType<typeof temporaryFolder>;
let rig: Rig | null = null;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  rig?.stop();
  rig?.plant.stop();
  folder[Symbol.dispose]();
});

/** Only these slots hold packs that are full enough. @param socPercents by slot */
function rackWith({ plant }: Rig, socPercents: Readonly<Record<number, number>>): void {
  for (const [index, slot] of plant.state.slots.entries()) if (slot.pack) slot.pack.socPercent = socPercents[index + 1] ?? 20;
}

/** How the truck's visit ended, and with which pack. */
async function servedBy(rig: Rig, truckId: string) {
  const { plant, clock } = rig;
  plant.dock(BAY, plant.truckOf(truckId, 20));
  await clock.advance(15 * MINUTE);
  const last = rig.events().findLast(({ name }) => name.startsWith('swap.'))?.data;
  const given = rig.events().findLast(({ name }) => name === 'swap.battery_out')?.data;
  return { end: rig.swapEvents().at(-1), reasonCode: last?.reasonCode, given: given?.batteryData };
}

describe('a station whose platform does not answer', () => {
  it('rejects the swap as PLATFORM_UNREACHABLE', async () => {
    rig = startRig({ dir: folder.path });
    rig.plant.dock(BAY, rig.plant.truckOf('T001', 20));
    await rig.clock.advance(5 * MINUTE);
    expect(rig.swapEvents()).toEqual(['arrived', 'identified', 'rejected']);
    expect(rig.events().findLast(({ name }) => name === 'swap.rejected')?.data.reasonCode).toBe('PLATFORM_UNREACHABLE');
  });

  it('serves a listed truck as often as its credit allows, also over a restart', async () => {
    const { path } = folder;
    const offlineCredit = { truckIds: ['T001'], swapsMax: 2 };
    rig = startRig({ dir: path, offlineCredit });
    const outcomes: (string | undefined)[] = [];
    for (let visit = 0; visit < 3; visit += 1) {
      for (const slot of rig.plant.state.slots) if (slot.pack) slot.pack.socPercent = 95;
      rig.plant.dock(BAY, rig.plant.truckOf('T001', 20));
      await rig.clock.advance(15 * MINUTE);
      outcomes.push(rig.swapEvents().at(-1));
      const { plant, clock } = rig;
      rig.stop();
      rig = startRig({ dir: path, plant, clock, offlineCredit });
    }
    expect(outcomes).toEqual(['completed', 'completed', 'rejected']);
  });

  it('keeps a promised pack for its truck, also over a restart: another gets the next one, or none', async () => {
    const { path } = folder;
    const offlineCredit = { truckIds: ['T001'], swapsMax: 2 };
    rig = startRig({ dir: path, offlineCredit });
    rackWith(rig, { 3: 95, 4: 92 });
    const promised = startArgs(rig.plant, 42, 'T002');
    expect(promised.issueEvseId).toBe(3);
    expect(rig.command('swap.start', promised).result).toBe('ACCEPTED');
    const { plant, clock } = rig;
    rig.stop();
    rig = startRig({ dir: path, plant, clock, offlineCredit });
    expect(plant.kept).toEqual([{ packId: promised.issuePackId, truckId: 'T002' }]);
    const next = plant.state.slots[3]?.pack?.packId;
    expect(await servedBy(rig, 'T001')).toMatchObject({ end: 'completed', given: [{ serialNumber: next }] });
    rackWith(rig, { 3: 95 });
    expect(await servedBy(rig, 'T001')).toMatchObject({ end: 'rejected', reasonCode: 'PLATFORM_UNREACHABLE' });
    expect(await servedBy(rig, 'T002')).toMatchObject({ end: 'completed', given: [{ serialNumber: promised.issuePackId }] });
    expect(plant.kept).toEqual([]);
  });

  it('does not promise a pack twice, but takes another order for the same truck', async () => {
    rig = startRig({ dir: folder.path });
    rackWith(rig, { 3: 95 });
    expect(rig.command('swap.start', startArgs(rig.plant, 42, 'T002'))).toMatchObject({ result: 'ACCEPTED' });
    const charging = { issuePackId: 'LFP350-0004', issueEvseId: 4 };
    const other = rig.command('swap.start', { ...startArgs(rig.plant, 44, 'T003'), ...charging });
    expect(other).toMatchObject({ result: 'REJECTED', statusInfo: { reasonCode: 'NO_BATTERY_AVAILABLE' } });
    expect(rig.command('swap.start', { ...startArgs(rig.plant, 46, 'T002'), ...charging })).toMatchObject({ result: 'ACCEPTED' });
  });

  it('lets no truck stand without a pack for the sake of one that has not come', async () => {
    let failed = false;
    const failure = ({ motion }: MotionOrder): MotionFailure | null => {
      if (motion !== 'PICK' || failed) return null;
      failed = true;
      return 'PACK_FAULT';
    };
    rig = startRig({ dir: folder.path, offlineCredit: { truckIds: ['T001'], swapsMax: 2 }, failure });
    rackWith(rig, { 3: 95, 4: 92 });
    const promised = startArgs(rig.plant, 42, 'T002');
    rig.command('swap.start', promised);
    expect(await servedBy(rig, 'T001')).toMatchObject({ end: 'completed', given: [{ serialNumber: promised.issuePackId }] });
  });
});
