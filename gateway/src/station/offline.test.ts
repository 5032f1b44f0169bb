import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, startRig } from './station-rig.ts';

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
});
