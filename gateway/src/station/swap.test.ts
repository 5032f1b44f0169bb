import { swapEventSchema } from '@corridor/protocols/evt/swap';
import { SWAP_STEPS, type SwapEventName } from '@corridor/protocols/swap-step';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { Compile } from 'typebox/compile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envelopeText } from '../link/publisher.ts';
import type { MotionFailure, MotionOrder } from '../ports/robot.ts';
import { type Rig, startArgs, startRig } from './station-rig.ts';

const BAY = 'HH1-B1';
const STEP_NAMES = SWAP_STEPS.map(({ event }) => event);
let folder: ReturnType<typeof temporaryFolder>;
let rig: Rig;
let failures: ((order: MotionOrder) => MotionFailure | null) | null = null;

/** Fails the first `times` tries of a motion. */
function failing(motion: MotionOrder['motion'], reason: MotionFailure, times = 1): void {
  let left = times;
  failures = (order) => {
    if (order.motion !== motion || left === 0) return null;
    left -= 1;
    return reason;
  };
}

/** A station with two full packs, a truck at its door and a platform that says yes. */
function arrange(): void {
  rig = startRig({ dir: folder.path, failure: (order) => failures?.(order) ?? null });
  fillPacks(3, 4);
  rig.autoAuthorise();
}
function fillPacks(...evseIds: number[]): void {
  for (const evseId of evseIds) {
    const { pack } = rig.plant.slot(evseId);
    if (pack) pack.socPercent = 95;
  }
}
const dock = (truckId = 'T001', socPercent = 20) => rig.plant.dock(BAY, rig.plant.truckOf(truckId, socPercent));
const MINUTE = 60_000;

beforeEach(() => {
  folder = temporaryFolder();
  failures = null;
  arrange();
});
afterEach(() => {
  expect(rig.fatal).toEqual([]);
  rig.stop();
  rig.plant.stop();
  folder[Symbol.dispose]();
});

describe('a swap that goes well', () => {
  it('announces every step once, in the order of the procedure, then completed', async () => {
    dock();
    await rig.clock.advance(10 * MINUTE);
    expect(rig.swapEvents()).toEqual([...STEP_NAMES, 'completed']);
    expect(rig.runtime.bays[0]?.record).toBeNull();
    expect(rig.plant.slot(8).pack?.packId).toBe(rig.plant.truckOf('T001', 0).pack?.packId);
  });

  it('names the packs and their slots at hand-over', async () => {
    dock('T001', 21);
    await rig.clock.advance(10 * MINUTE);
    const dataOf = (event: string) => rig.events().find(({ name }) => name === event)?.data;
    expect(dataOf('swap.battery_in')).toMatchObject({ batteryData: [{ evseId: 8, soC: 21 }] });
    expect(dataOf('swap.battery_out')).toMatchObject({ batteryData: [{ evseId: 3, serialNumber: 'LFP350-0003', soC: 95 }] });
  });

  it('gives stage 2 of swap.start when the swap has ended, and closes its order log', async () => {
    dock();
    await rig.clock.advance(10 * MINUTE);
    expect(
      rig
        .events()
        .filter(({ name }) => name === 'res')
        .map(({ data }) => data.result),
    ).toEqual(['ACCEPTED']);
    expect(rig.journal.log.orders(10)).toMatchObject([{ orderNo: 'HH1-1-1', requestId: 1, truckId: 'T001', outcome: 'completed' }]);
  });

  it('sends events that match their schemas', async () => {
    dock();
    await rig.clock.advance(10 * MINUTE);
    for (const event of rig.journal.eventsAfter(0, 1_000)) {
      const name = event.subject.split('.').at(-1) as SwapEventName;
      if (!event.subject.includes('.evt.swap.')) continue;
      const text = envelopeText({ ...event, lane: 'evt', backfill: false }, 'HH1', event.atMs);
      const [error] = Compile(swapEventSchema(name)).Errors(JSON.parse(text));
      expect(error, `${name}: ${JSON.stringify(error)}`).toBeUndefined();
    }
  });

  it('begins remotely ordered swaps with the number of the platform', async () => {
    expect(rig.command('swap.start', startArgs(rig.plant, 42, 'T001')).result).toBe('ACCEPTED');
    dock();
    await rig.clock.advance(10 * MINUTE);
    const swaps = rig.events().filter(({ name }) => name.startsWith('swap.'));
    expect(new Set(swaps.map(({ data }) => data.requestId))).toEqual(new Set([42]));
    expect(swaps.find(({ name }) => name === 'swap.identified')?.data.initiation).toBe('REMOTE');
    expect(rig.swapEvents().at(-1)).toBe('completed');
  });

  it('finds the remote order of a truck whose plate could not be read at the entrance', async () => {
    rig.command('swap.start', startArgs(rig.plant, 42, 'T001'));
    rig.plant.dock(BAY, { ...rig.plant.truckOf('T001', 20), plate: null });
    await rig.clock.advance(10 * MINUTE);
    expect(new Set(rig.events().flatMap(({ name, data }) => (name.startsWith('swap.') ? [data.requestId] : [])))).toEqual(new Set([42]));
  });

  it('serves another truck locally while a remote order waits', async () => {
    rig.command('swap.start', startArgs(rig.plant, 42, 'T001'));
    dock('T002');
    await rig.clock.advance(10 * MINUTE);
    expect(rig.events().find(({ name }) => name === 'swap.completed')?.data).toMatchObject({ requestId: 1, truckId: 'T002' });
  });
});

/** Failures that the procedure gets over by itself. */
const overcome: { motion: MotionOrder['motion']; reason: MotionFailure; times: number }[] = [
  { motion: 'POSITION', reason: 'OUT_OF_TOLERANCE', times: 2 },
  { motion: 'UNLOCK', reason: 'LOCK_STUCK', times: 2 },
  { motion: 'PLACE', reason: 'NO_HANDSHAKE', times: 1 },
  { motion: 'PICK', reason: 'PACK_FAULT', times: 1 },
  { motion: 'SEAT', reason: 'MISALIGNED', times: 2 },
  { motion: 'LOCK', reason: 'LOCK_STUCK', times: 1 },
  { motion: 'SELF_CHECK', reason: 'ISOLATION_FAULT', times: 1 },
];

/** Failures that end the swap, and how. */
const fatalFailures: { motion: MotionOrder['motion']; reason: MotionFailure; times: number; end: string; reasonCode: string }[] = [
  { motion: 'POSITION', reason: 'OUT_OF_TOLERANCE', times: 3, end: 'aborted_safe', reasonCode: 'POSITION_OUT_OF_TOLERANCE' },
  { motion: 'MAKE_SAFE', reason: 'NOT_SAFE', times: 1, end: 'aborted_safe', reasonCode: 'INTERLOCK_HV_NOT_OFF' },
  { motion: 'UNLOCK', reason: 'LOCK_STUCK', times: 3, end: 'aborted_safe', reasonCode: 'LOCK_STUCK' },
  { motion: 'LIFT', reason: 'OVERLOAD', times: 1, end: 'aborted_safe', reasonCode: 'LIFT_FAILED' },
  { motion: 'SEAT', reason: 'MISALIGNED', times: 3, end: 'aborted_no_pack', reasonCode: 'SEATING_FAILED' },
  { motion: 'LOCK', reason: 'LOCK_STUCK', times: 3, end: 'aborted_no_pack', reasonCode: 'LOCK_NOT_CONFIRMED' },
];

describe('failures of the equipment', () => {
  it.each(overcome)('gets over $motion $reason x $times', async ({ motion, reason, times }) => {
    failing(motion, reason, times);
    dock();
    await rig.clock.advance(30 * MINUTE);
    expect(rig.swapEvents()).toEqual([...STEP_NAMES, 'completed']);
  });

  it.each(fatalFailures)('ends as $end after $motion $reason x $times', async ({ motion, reason, times, end, reasonCode }) => {
    failing(motion, reason, times);
    dock();
    await rig.clock.advance(30 * MINUTE);
    const last = rig.events().findLast(({ name }) => name.startsWith('swap.'));
    expect(last).toMatchObject({ name: `swap.${end}`, data: { reasonCode } });
    expect(rig.events().find(({ name }) => name === 'res')?.data).toMatchObject({ result: 'FAILED', statusInfo: { reasonCode } });
  });

  it('lets a truck go on its old pack after an aborted_safe, and not after an aborted_no_pack', async () => {
    failing('LIFT', 'SLIP');
    dock();
    await rig.clock.advance(30 * MINUTE);
    expect(rig.plant.bay(BAY).truck).toBeNull();
    failing('SEAT', 'MISALIGNED', 3);
    dock('T002');
    await rig.clock.advance(30 * MINUTE);
    expect(rig.plant.bay(BAY).truck?.truckId).toBe('T002');
    expect(rig.plant.prompt(BAY)?.kind).toBe('CLEAR_BAY');
    rig.plant.tow(BAY);
    expect(rig.runtime.bays[0]?.record).toBeNull();
    expect(rig.events().at(-1)?.name).toBe('gateway.inventory');
  });

  it('quarantines the slot of a pack that was bad, and raises a fault', async () => {
    failing('SELF_CHECK', 'ISOLATION_FAULT');
    dock();
    await rig.clock.advance(30 * MINUTE);
    expect(rig.runtime.core.blocks.reasonOf(3)).toBe('SELF_CHECK_FAILED');
    expect(rig.events().find(({ name }) => name === 'gateway.fault_raised')?.data).toMatchObject({
      code: 'SELF_CHECK_FAILED',
      scope: 'pack',
    });
    expect(rig.events().find(({ name }) => name === 'swap.battery_out')?.data).toMatchObject({ batteryData: [{ evseId: 4 }] });
    // The panel asks for somebody; what that person confirms clears the fault of the pack too.
    expect(rig.plant.outOfUse).toEqual([{ evseId: 3, reasonCode: 'SELF_CHECK_FAILED' }]);
    rig.plant.act({ kind: 'QUARANTINE_LIFTED', evseId: 3 });
    await rig.clock.advance(MINUTE);
    expect(rig.plant.outOfUse).toEqual([]);
    expect(rig.runtime.core.faults.open).toEqual([]);
    expect(rig.events().findLast(({ name }) => name === 'gateway.fault_cleared')?.data).toMatchObject({ code: 'SELF_CHECK_FAILED' });
  });

  it('stands after a gantry fault until a person confirms the repair', async () => {
    failing('MOVE_IN', 'GANTRY_FAULT');
    dock();
    await rig.clock.advance(30 * MINUTE);
    expect(rig.swapEvents().at(-1)).toBe('suspended');
    expect(rig.runtime.core.faults.open).toMatchObject([{ code: 'GANTRY_FAULT', scope: 'bay', scopeId: BAY, level: 2 }]);
    rig.plant.act({ kind: 'RESUME_CONFIRMED', bayId: BAY });
    await rig.clock.advance(10 * MINUTE);
    expect(rig.swapEvents().slice(-9)).toEqual([
      'moved_in',
      'battery_in',
      'picked',
      'moved_out',
      'seated',
      'locked',
      'battery_out',
      'released',
      'completed',
    ]);
    expect(rig.runtime.core.faults.open).toEqual([]);
  });

  it('quarantines and goes on when the returned pack is not the expected one', async () => {
    const truck = rig.plant.truckOf('T001', 20);
    if (truck.pack) truck.pack.packId = 'FOREIGN-1';
    rig.plant.dock(BAY, truck);
    await rig.clock.advance(30 * MINUTE);
    expect(rig.swapEvents().at(-1)).toBe('completed');
    expect(rig.runtime.core.blocks.reasonOf(8)).toBe('BATTERY_UNKNOWN');
  });

  it('raises an alarm of level 3 for a hot pack and does not charge it', async () => {
    const truck = rig.plant.truckOf('T001', 20);
    if (truck.pack) truck.pack.cellTmaxC = 61;
    rig.plant.dock(BAY, truck);
    await rig.clock.advance(30 * MINUTE);
    expect(rig.swapEvents().at(-1)).toBe('completed');
    expect(rig.runtime.core.faults.open).toMatchObject([{ code: 'PACK_HOT', level: 3, scopeId: 'HH1-8' }]);
    expect(rig.plant.slot(8).setpointW).toBe(0);
  });

  it('waits for a pack and then gives up with battery_out_timeout', async () => {
    failing('PICK', 'PACK_FAULT', 3);
    fillPacks(1, 2, 3, 4, 5, 6, 7);
    dock();
    await rig.clock.advance(60 * MINUTE);
    expect(rig.swapEvents().slice(-2)).toEqual(['battery_in', 'battery_out_timeout']);
  });
});

describe('interlocks', () => {
  it.each([
    ['INTERLOCK_ESTOP', { emergencyStop: true }, { emergencyStop: false }],
    ['INTERLOCK_FIRE', { fire: true }, { fire: false }],
    ['INTERLOCK_POWER_LOSS', { powerLoss: true }, { powerLoss: false }],
    ['INTERLOCK_WIND', { windMps: 14 }, { windMps: 3 }],
  ] as const)('%s freezes the motion until a local confirmation after its end', async (code, on, off) => {
    dock();
    // Arrival 15 s, answer 1 s, positioned 30 s, safe 15 s, unlocked 10 s: the pack hangs.
    await rig.clock.advance(80_000);
    rig.plant.set(on);
    expect(rig.plant.bay(BAY).motion).toMatchObject({ frozen: true });
    expect(rig.events().findLast(({ name }) => name === 'swap.suspended')?.data).toMatchObject({
      reasonCode: code,
      interlock: code,
      recoverable: true,
    });
    await rig.clock.advance(60 * MINUTE);
    rig.plant.act({ kind: 'RESUME_CONFIRMED', bayId: BAY });
    expect(rig.swapEvents().at(-1)).toBe('suspended');
    rig.plant.set(off);
    await rig.clock.advance(10 * MINUTE);
    expect(rig.swapEvents().at(-1)).toBe('suspended');
    const requestId = rig.runtime.bays[0]?.record?.requestId ?? 0;
    expect(rig.command('swap.resume', { requestId })).toMatchObject({
      result: 'REJECTED',
      statusInfo: { reasonCode: 'LOCAL_CONFIRMATION_REQUIRED' },
    });
    rig.plant.act({ kind: 'RESUME_CONFIRMED', bayId: BAY });
    await rig.clock.advance(10 * MINUTE);
    expect(rig.swapEvents().at(-1)).toBe('completed');
  });

  it('says every ten minutes that the swap still stands', async () => {
    dock();
    await rig.clock.advance(80_000);
    rig.plant.set({ emergencyStop: true });
    await rig.clock.advance(35 * MINUTE);
    expect(rig.swapEvents().slice(-4)).toEqual(['suspended', 'suspended', 'suspended', 'suspended']);
  });

  it('refuses to begin while an interlock stands', async () => {
    rig.plant.set({ windMps: 15 });
    dock();
    await rig.clock.advance(5 * MINUTE);
    expect(rig.swapEvents()).toEqual(['arrived', 'identified', 'rejected']);
    expect(rig.events().findLast(({ name }) => name === 'swap.rejected')?.data.reasonCode).toBe('INTERLOCK_WIND');
  });

  it.each(['personDetected', 'positionSensorOk'] as const)(
    'goes on after the equipment froze by itself while positioning (%s)',
    async (sensor) => {
      dock();
      await rig.clock.advance(20_000);
      const bad = sensor === 'personDetected';
      rig.plant.setBay(BAY, { [sensor]: bad });
      expect(rig.swapEvents().at(-1)).toBe('suspended');
      rig.plant.setBay(BAY, { [sensor]: !bad });
      await rig.clock.advance(MINUTE);
      rig.plant.act({ kind: 'RESUME_CONFIRMED', bayId: BAY });
      await rig.clock.advance(10 * MINUTE);
      expect(rig.swapEvents().at(-1)).toBe('completed');
    },
  );
});

describe('identification and authorisation', () => {
  it('asks a person when only one reading is there', async () => {
    rig.plant.dock(BAY, { ...rig.plant.truckOf('T001', 20), plate: null, vin: null });
    await rig.clock.advance(20_000);
    expect(rig.plant.prompt(BAY)?.kind).toBe('CONFIRM_IDENTITY');
    rig.plant.act({ kind: 'IDENTITY_CONFIRMED', bayId: BAY, truckId: 'T001', plate: '冀J10000D' });
    await rig.clock.advance(10 * MINUTE);
    expect(rig.swapEvents().at(-1)).toBe('completed');
  });

  it('rejects when nobody confirms', async () => {
    rig.plant.dock(BAY, { ...rig.plant.truckOf('T001', 20), plate: null, vin: null });
    await rig.clock.advance(10 * MINUTE);
    expect(rig.swapEvents()).toEqual(['arrived', 'rejected']);
  });

  it('rejects and frees the truck when the platform refuses', async () => {
    dock();
    await rig.clock.advance(15_500);
    expect(rig.command('swap.reject', { requestId: 1, reasonCode: 'NO_CREDIT' }).result).toBe('ACCEPTED');
    await rig.clock.advance(MINUTE);
    expect(rig.swapEvents()).toEqual(['arrived', 'identified', 'rejected']);
    expect(rig.plant.bay(BAY).truck).toBeNull();
  });

  it('stops before the lift when the platform aborts, and not after it', async () => {
    dock();
    await rig.clock.advance(50_000);
    expect(rig.command('swap.abort', { requestId: 1, reasonCode: 'PLATFORM_ABORT' }).result).toBe('ACCEPTED');
    await rig.clock.advance(5 * MINUTE);
    expect(rig.swapEvents().at(-1)).toBe('aborted_safe');
    dock('T002');
    await rig.clock.advance(2 * MINUTE);
    const requestId = rig.runtime.bays[0]?.record?.requestId ?? 0;
    expect(rig.command('swap.abort', { requestId, reasonCode: 'PLATFORM_ABORT' })).toMatchObject({
      statusInfo: { reasonCode: 'SWAP_BEYOND_ABORT' },
    });
    await rig.clock.advance(10 * MINUTE);
    expect(rig.swapEvents().at(-1)).toBe('completed');
  });

  it('closes a swap whose truck drove off again', async () => {
    dock();
    await rig.clock.advance(5_000);
    rig.plant.tow(BAY);
    await rig.clock.advance(MINUTE);
    expect(rig.swapEvents()).toEqual(['arrived', 'rejected']);
    expect(rig.runtime.bays[0]?.record).toBeNull();
  });
});
