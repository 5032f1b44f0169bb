import { SWAP_STEPS } from '@corridor/protocols/swap-step';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { describe, expect, it } from 'vitest';
import { type Rig, startRig } from './station-rig.ts';

const BAYS = ['HH1-B1', 'HH1-B2'] as const;
const MINUTE_MS = 60_000;
const WHOLE = [...SWAP_STEPS.map(({ event }) => event), 'completed'];

/** A station of two bays with full packs and two empty slots. */
function startTwoBays(dir: string): Rig {
  const rig = startRig({ dir, station: { bays: 2 } });
  for (const { evseId, pack } of rig.plant.state.slots) {
    if (pack) pack.socPercent = 95;
    if (evseId === 7) rig.plant.slot(evseId).pack = null;
  }
  rig.autoAuthorise();
  return rig;
}

const eventsIn = (rig: Rig, bayId: string) => rig.events().filter(({ name, data }) => name.startsWith('swap.') && data['bayId'] === bayId);
const namesIn = (rig: Rig, bayId: string) => eventsIn(rig, bayId).map(({ name }) => name.slice('swap.'.length));
const evseOf = (rig: Rig, bayId: string, event: string) =>
  eventsIn(rig, bayId)
    .filter(({ name }) => name === `swap.${event}`)
    .map(({ data }) => (data['batteryData'] as { evseId: number }[])[0]?.evseId);

describe('a station of two bays', () => {
  it('swaps in both at once, each with slots and numbers of its own', async () => {
    using folder = temporaryFolder();
    const rig = startTwoBays(folder.path);
    rig.plant.dock(BAYS[0], rig.plant.truckOf('T001', 20));
    rig.plant.dock(BAYS[1], rig.plant.truckOf('T002', 25));
    await rig.clock.advance(2 * MINUTE_MS);
    const [one, other] = rig.runtime.bays;
    expect(one?.reservedEvseIds.filter((evseId) => other?.reservedEvseIds.includes(evseId))).toEqual([]);
    await rig.clock.advance(8 * MINUTE_MS);
    for (const bayId of BAYS) expect(namesIn(rig, bayId), bayId).toEqual(WHOLE);
    expect(new Set(rig.events().flatMap(({ data }) => (typeof data['requestId'] === 'number' ? [data['requestId']] : []))).size).toBe(2);
    for (const event of ['battery_in', 'battery_out']) {
      expect(evseOf(rig, BAYS[0], event), event).not.toEqual(evseOf(rig, BAYS[1], event));
    }
    const packs = rig.plant.state.slots.flatMap(({ pack }) => (pack ? [pack.packId] : []));
    expect(new Set(packs).size).toBe(packs.length);
    expect(rig.fatal).toEqual([]);
    rig.stop();
    rig.plant.stop();
  });

  it('goes on in both after a restart, and a refusal in one leaves the other alone', async () => {
    using folder = temporaryFolder();
    const first = startTwoBays(folder.path);
    first.plant.dock(BAYS[0], first.plant.truckOf('T001', 20));
    await first.clock.advance(MINUTE_MS);
    first.plant.dock(BAYS[1], first.plant.truckOf('T002', 25));
    await first.clock.advance(5_000);
    first.stop();
    const { plant, clock } = first;
    const second = startRig({ dir: folder.path, station: { bays: 2 }, plant, clock });
    await clock.advance(20_000);
    const requestId = second.runtime.bays[1]?.record?.requestId ?? 0;
    expect(second.command('swap.reject', { requestId, reasonCode: 'NO_CREDIT' }).result).toBe('ACCEPTED');
    await clock.advance(10 * MINUTE_MS);
    expect(namesIn(second, BAYS[0])).toEqual(WHOLE);
    expect(namesIn(second, BAYS[1])).toEqual(['arrived', 'identified', 'rejected']);
    expect(second.runtime.bays.map(({ record }) => record)).toEqual([null, null]);
    second.stop();
    plant.stop();
  });
});
