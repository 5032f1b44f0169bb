import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { usableSlots } from './station-core.ts';
import { type Rig, START_MS, startRig } from './station-rig.ts';

const BAY = 'HH1-B1';
const MINUTE = 60_000;
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

/** @param issuedAtMs when the platform said so; null: now */
const say = (evseId: number, operationalStatus: 'OPERATIVE' | 'INOPERATIVE', commandId: string, issuedAtMs: number | null = null) =>
  rig.runtime.executor.receive('slot.availability', {
    commandId,
    issuedBy: 'ops',
    issuedAt: new Date(issuedAtMs ?? rig.clock.nowMs()).toISOString(),
    expiresAt: new Date(rig.clock.nowMs() + 30 * 86_400_000).toISOString(),
    args: { evseId, operationalStatus },
  });
const isUsable = (evseId: number) => usableSlots(rig.runtime.core, new Set()).some((slot) => slot.evseId === evseId && !slot.quarantined);
const resultsOf = (commandId: string) =>
  rig.events().flatMap(({ name, data }) => (name === 'res' && data['commandId'] === commandId ? [data['result']] : []));

it('leaves a slot alone that the platform set aside, calls no crew, and keeps to it over a restart until it is taken back', async () => {
  await rig.clock.advance(MINUTE);
  expect(rig.plant.slot(1).setpointW).toBeGreaterThan(0);
  expect(say(1, 'INOPERATIVE', 'a1')).toMatchObject({ result: 'ACCEPTED' });
  expect(resultsOf('a1')).toEqual(['ACCEPTED']);
  await rig.clock.advance(MINUTE);
  expect([isUsable(1), rig.plant.slot(1).setpointW]).toEqual([false, 0]);
  // The station's own list is for its crew: nothing has to be repaired here, and what was set aside is not theirs to lift.
  expect(rig.runtime.core.blocks.all).toEqual([]);
  rig.plant.equipment.panel.press({ kind: 'QUARANTINE_LIFTED', evseId: 1 });
  expect(isUsable(1)).toBe(false);
  rig.stop();
  rig = startRig({ dir: folder.path, plant: rig.plant, clock: rig.clock });
  expect(isUsable(1)).toBe(false);
  expect(say(1, 'OPERATIVE', 'a2')).toMatchObject({ result: 'ACCEPTED' });
  await rig.clock.advance(MINUTE);
  expect([isUsable(1), rig.plant.slot(1).setpointW > 0]).toEqual([true, true]);
});

it('keeps a quarantine of its own apart, and refuses a slot that it has not', () => {
  rig.command('slot.quarantine', { evseId: 2, reasonCode: 'SMOKE' });
  say(2, 'INOPERATIVE', 'b1');
  say(2, 'OPERATIVE', 'b2');
  expect([isUsable(2), rig.runtime.core.blocks.reasonOf(2)]).toEqual([false, 'SMOKE']);
  expect(say(99, 'INOPERATIVE', 'b3')).toMatchObject({ result: 'REJECTED', statusInfo: { reasonCode: 'EVSE_UNKNOWN' } });
});

it('goes by what the platform said last, in whichever order it hears of it', () => {
  expect(say(3, 'OPERATIVE', 'c2', START_MS + 2 * MINUTE)).toMatchObject({ result: 'ACCEPTED' });
  expect(say(3, 'INOPERATIVE', 'c1', START_MS + MINUTE)).toMatchObject({
    result: 'REJECTED',
    statusInfo: { reasonCode: 'COMMAND_SUPERSEDED' },
  });
  expect(isUsable(3)).toBe(true);
});

it('sets a slot aside that a swap counts on when the swap is over, also after a restart, unless it is taken back before', async () => {
  for (const evseId of [3, 4]) Object.assign(rig.plant.slot(evseId).pack ?? {}, { socPercent: 95 });
  rig.autoAuthorise();
  rig.plant.dock(BAY, rig.plant.truckOf('T001', 20));
  const reserved = () => rig.runtime.bays[0]?.reservedEvseIds ?? [];
  while (reserved().length < 2) await rig.clock.advance(1_000);
  const [one, other] = reserved();
  if (one === undefined || other === undefined) throw new Error('a swap counts on two slots');
  expect(say(one, 'INOPERATIVE', 'd1')).toMatchObject({ result: 'ACCEPTED', timeoutMs: 7_200_000 });
  say(other, 'INOPERATIVE', 'd2');
  say(other, 'OPERATIVE', 'd3');
  expect([resultsOf('d1'), resultsOf('d2'), resultsOf('d3')]).toEqual([[], ['CANCELLED'], ['ACCEPTED']]);
  expect(isUsable(one)).toBe(true);
  rig.stop();
  rig = startRig({ dir: folder.path, plant: rig.plant, clock: rig.clock });
  expect(resultsOf('d1')).toEqual([]);
  await rig.clock.advance(20 * MINUTE);
  expect(rig.swapEvents()).toContain('completed');
  expect(resultsOf('d1')).toEqual(['ACCEPTED']);
  expect([isUsable(one), isUsable(other)]).toEqual([false, true]);
});
