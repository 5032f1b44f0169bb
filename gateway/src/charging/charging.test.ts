import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, START_MS, startRig } from '../station/station-rig.ts';
import { sharePower } from './share-power.ts';
import { nextBoundaryMs } from './tariff-boundary.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

describe('sharing a limit', () => {
  const wishes = fc.uniqueArray(fc.record({ evseId: fc.integer({ min: 1, max: 99 }), wishW: fc.integer({ min: 0, max: 400_000 }) }), {
    selector: ({ evseId }) => evseId,
    maxLength: 20,
  });

  it('never exceeds the limit or a wish, and leaves nothing that somebody could take', () => {
    fc.assert(
      fc.property(wishes, fc.integer({ min: -10_000, max: 5_000_000 }), (list, limitW) => {
        const shares = sharePower(list, limitW);
        const total = [...shares.values()].reduce((sum, shareW) => sum + shareW, 0);
        expect(total).toBeLessThanOrEqual(Math.max(0, limitW));
        for (const { evseId, wishW } of list) expect(shares.get(evseId) ?? 0).toBeLessThanOrEqual(wishW);
        const unmet = list.filter(({ evseId, wishW }) => (shares.get(evseId) ?? 0) < wishW);
        if (unmet.length > 0) expect(Math.max(0, limitW) - total).toBeLessThanOrEqual(list.length);
      }),
    );
  });

  it('shares equally what the modest leave', () => {
    const shares = sharePower(
      [
        { evseId: 1, wishW: 10_000 },
        { evseId: 2, wishW: 240_000 },
        { evseId: 3, wishW: 240_000 },
      ],
      210_000,
    );
    expect([...shares.values()]).toEqual([10_000, 100_000, 100_000]);
  });
});

describe('tariff boundaries', () => {
  it('are minutes of the local day, the next one strictly ahead', () => {
    const at = (time: string) => Date.parse(`2026-11-22T${time}+08:00`);
    expect(nextBoundaryMs(at('09:59:59'), [0, 600])).toBe(at('10:00:00'));
    expect(nextBoundaryMs(at('10:00:00'), [0, 600])).toBe(at('23:59:59') + 1_000);
    expect(nextBoundaryMs(at('23:59:59'), [0])).toBe(at('23:59:59') + 1_000);
    expect(nextBoundaryMs(at('12:00:00'), [])).toBeNull();
  });
});

describe('the rack', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let rig: Rig;
  beforeEach(() => {
    folder = temporaryFolder();
    rig = startRig({ dir: folder.path });
  });
  afterEach(() => {
    expect(rig.fatal).toEqual([]);
    rig.stop();
    rig.plant.stop();
    folder[Symbol.dispose]();
  });
  const chargeEvents = (evseId: number) => rig.events().filter(({ name, data }) => name.startsWith('charge.') && data.evseId === evseId);

  it('is charged to maxSocPercent, not beyond, and the transaction ends with MAX_SOC', async () => {
    await rig.clock.advance(3 * HOUR);
    for (const { pack } of rig.plant.state.slots) if (pack) expect(pack.socPercent).toBeCloseTo(95, 5);
    expect(chargeEvents(1).at(-1)).toMatchObject({ name: 'charge.ended', data: { reason: 'MAX_SOC', socPercent: 95 } });
    expect(rig.plant.state.slots.every(({ setpointW }) => setpointW === 0)).toBe(true);
  });

  it('tells its registers at every boundary and at least every quarter of an hour, never decreasing', async () => {
    rig.command('config.set', { values: { tariffBoundariesMinute: [600, 10 * 60 + 20, 11 * 60] } });
    await rig.clock.advance(40 * MINUTE);
    const told = chargeEvents(1).filter(({ name }) => name === 'charge.updated');
    expect(told.map(({ atMs }) => (atMs - START_MS) / MINUTE)).toEqual([15, 20, 35]);
    const registers = chargeEvents(1).map(({ data }) => Number(data.gridRegisterWh));
    expect(registers).toEqual(registers.toSorted((a, b) => a - b));
    expect(registers.at(-1)).toBeGreaterThan(80_000);
  });

  it('accounts for every Wh of the meters in transactions', async () => {
    await rig.clock.advance(3 * HOUR);
    for (const slot of rig.plant.state.slots) {
      const ended = chargeEvents(slot.evseId).filter(({ name }) => name === 'charge.ended');
      const told = ended.reduce((sum, { data }) => sum + Number(data.gridRegisterWh) + Number(data.pvRegisterWh), 0);
      expect(told).toBe(Math.floor(slot.meterWh));
    }
  });

  it('stays under the limit of the connection, which may sink', async () => {
    const drawnW = () => rig.plant.equipment.meters.read().gridPowerW;
    await rig.clock.advance(MINUTE);
    expect(drawnW()).toBeGreaterThan(1_500_000);
    rig.plant.set({ gridLimitW: 500_000 });
    await rig.clock.advance(MINUTE);
    expect(drawnW()).toBeLessThanOrEqual(500_000);
    expect(drawnW()).toBeGreaterThan(450_000);
    expect(rig.runtime.core.faults.open).toMatchObject([{ code: 'GRID_LIMIT', level: 1 }]);
    expect(rig.command('config.set', { values: { gridLimitW: 200_000 } }).result).toBe('ACCEPTED');
    await rig.clock.advance(MINUTE);
    expect(drawnW()).toBeLessThanOrEqual(200_000);
  });

  it('obeys set-points by command until the pack leaves', async () => {
    rig.command('charge.setpoint', { evseId: 1, powerW: 50_000 });
    rig.command('charge.stop', { evseId: 2 });
    await rig.clock.advance(MINUTE);
    expect(rig.plant.slot(1).setpointW).toBe(50_000);
    expect(rig.plant.slot(2).setpointW).toBe(0);
    expect(chargeEvents(2).at(-1)).toMatchObject({ name: 'charge.ended', data: { reason: 'STOPPED' } });
  });

  it('holds a set-point for its time, and then goes back to the plan; or at once when it is told', async () => {
    rig.command('charge.setpoint', { evseId: 1, powerW: 50_000, holdMs: 10 * MINUTE });
    rig.command('charge.setpoint', { evseId: 2, powerW: 50_000, holdMs: 10 * MINUTE });
    rig.command('charge.stop', { evseId: 3, holdMs: 10 * MINUTE });
    await rig.clock.advance(5 * MINUTE);
    expect([1, 2, 3].map((evseId) => rig.plant.slot(evseId).setpointW)).toEqual([50_000, 50_000, 0]);
    expect(rig.command('charge.setpoint', { evseId: 2, powerW: null }).result).toBe('ACCEPTED');
    expect(rig.plant.slot(2).setpointW).toBeGreaterThan(100_000);
    await rig.clock.advance(4 * MINUTE);
    expect(rig.plant.slot(1).setpointW).toBe(50_000);
    await rig.clock.advance(2 * MINUTE);
    for (const evseId of [1, 3]) expect(rig.plant.slot(evseId).setpointW).toBeGreaterThan(100_000);
  });

  it('refuses a set-point where no pack is, and one below nothing', () => {
    const empty = rig.plant.state.slots.find(({ pack }) => pack === null);
    expect(rig.command('charge.setpoint', { evseId: empty?.evseId, powerW: 1_000 })).toMatchObject({
      result: 'REJECTED',
      statusInfo: { reasonCode: 'SLOT_EMPTY' },
    });
    expect(rig.command('charge.setpoint', { evseId: 1, powerW: -1 })).toMatchObject({ statusInfo: { reasonCode: 'VALUE_OUT_OF_RANGE' } });
  });

  it('does not charge a quarantined slot, and does again when it is put back into use', async () => {
    expect(rig.command('slot.quarantine', { evseId: 1, reasonCode: 'PACK_HOT' }).result).toBe('ACCEPTED');
    expect(rig.plant.slot(1).setpointW).toBe(0);
    rig.plant.act({ kind: 'QUARANTINE_LIFTED', evseId: 1 });
    await rig.clock.advance(MINUTE);
    expect(rig.plant.slot(1).setpointW).toBeGreaterThan(0);
  });

  it('ends the transaction of a pack that is picked for a truck', async () => {
    rig.autoAuthorise();
    const { pack } = rig.plant.slot(4);
    if (pack) pack.socPercent = 94;
    rig.command('config.set', { values: { maxSocPercent: 98 } });
    await rig.clock.advance(MINUTE);
    rig.plant.dock('HH1-B1', rig.plant.truckOf('T001', 20));
    await rig.clock.advance(15 * MINUTE);
    expect(rig.swapEvents().at(-1)).toBe('completed');
    expect(chargeEvents(4).at(-1)).toMatchObject({ name: 'charge.ended', data: { reason: 'PACK_PICKED' } });
    const picked = rig.events().find(({ name }) => name === 'swap.picked');
    expect(chargeEvents(4).at(-1)?.seq).toBeLessThan(picked?.seq ?? 0);
    expect(chargeEvents(8)[0]).toMatchObject({ name: 'charge.started' });
  });
});
