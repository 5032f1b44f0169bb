import { SWAP_STEPS } from '@corridor/protocols/swap-step';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { describe, expect, it } from 'vitest';
import { type Rig, startRig } from './station-rig.ts';

const BAY = 'HH1-B1';

/** A swap whose gateway is stopped dead after `afterMs` and started again `downMs` later, the equipment going on meanwhile. */
async function interrupted(dir: string, afterMs: number, downMs: number): Promise<Rig> {
  const first = startRig({ dir });
  for (const slot of first.plant.state.slots) if (slot.pack) slot.pack.socPercent = 95;
  first.autoAuthorise();
  first.plant.dock(BAY, first.plant.truckOf('T001', 20));
  await first.clock.advance(afterMs);
  first.stop();
  await first.clock.advance(downMs);
  const { plant, clock } = first;
  const second = startRig({ dir, plant, clock });
  second.autoAuthorise();
  return second;
}

describe('a gateway restarted in the middle of a swap', () => {
  it.each([5_000, 15_500, 30_000, 60_000, 80_000, 110_000, 150_000, 200_000, 240_000, 265_000, 285_000, 310_000])(
    'finishes it, begun %i ms before',
    async (afterMs) => {
      for (const downMs of [0, 20_000, 600_000]) {
        using folder = temporaryFolder();
        const rig = await interrupted(folder.path, afterMs, downMs);
        await rig.clock.advance(900_000);
        expect(rig.swapEvents(), `down for ${downMs} ms`).toEqual([...SWAP_STEPS.map(({ event }) => event), 'completed']);
        expect(rig.runtime.bays[0]?.record).toBeNull();
        expect(rig.fatal).toEqual([]);
        rig.stop();
        rig.plant.stop();
      }
    },
  );

  it('ends the charging transactions of the boot before with what the meters counted meanwhile', async () => {
    using folder = temporaryFolder();
    const first = startRig({ dir: folder.path });
    await first.clock.advance(60_000);
    first.stop();
    await first.clock.advance(600_000);
    const second = startRig({ dir: folder.path, plant: first.plant, clock: first.clock });
    await second.clock.advance(1_000);
    const ofSlot1 = second.events().filter(({ name, data }) => name.startsWith('charge.') && data.evseId === 1);
    expect(ofSlot1.map(({ name }) => name)).toEqual(['charge.started', 'charge.ended', 'charge.started']);
    expect(ofSlot1[1]?.data).toMatchObject({ transactionId: 'HH1-1-c1', reason: 'OTHER' });
    // 11 minutes at 240 kW.
    expect(ofSlot1[1]?.data.gridRegisterWh).toBeCloseTo(44_000, -3);
    expect(ofSlot1[2]?.data).toMatchObject({ transactionId: 'HH1-2-c1', gridRegisterWh: 0 });
    second.stop();
    second.plant.stop();
  });

  it('charges no more than it was told to before, until the pack leaves', async () => {
    using folder = temporaryFolder();
    const first = startRig({ dir: folder.path });
    await first.clock.advance(60_000);
    first.command('charge.setpoint', { evseId: 1, powerW: 50_000 });
    first.command('charge.stop', { evseId: 2 });
    first.stop();
    const { plant, clock } = first;
    const second = startRig({ dir: folder.path, plant, clock });
    await clock.advance(60_000);
    expect([plant.slot(1).setpointW, plant.slot(2).setpointW]).toEqual([50_000, 0]);
    for (const evseId of [1, 2]) plant.slot(evseId).pack = null;
    await clock.advance(60_000);
    second.stop();
    const third = startRig({ dir: folder.path, plant, clock });
    expect(third.journal.states('cap:')).toEqual([]);
    third.stop();
    plant.stop();
  });
});
