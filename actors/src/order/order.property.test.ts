import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountEvents } from '../account/account-run.fixture.ts';
import { fen } from '../ledger/fen.ts';
import type { EventOf } from '../network/actor-event.ts';
import { refOf } from '../network/entity-ref.ts';
import { orderEvents as e, legIn, legOut, networkFile } from './order.fixture.ts';
import { contentWh, OrderWorld } from './order-world.fixture.ts';

type OrderEvent = EventOf['order'];
const HOUR_MS = 3_600_000;

/** One order and what its swap and its people do, in this order. */
interface Story {
  truckId: 'T1' | 'T2' | 'T3';
  initiation: 'LOCAL' | 'REMOTE';
  begin: 'CHECKED' | 'UNAUTHORISED';
  backfill: boolean;
  events: readonly OrderEvent[];
}
/** Who moves next; `deliver` chooses among the messages under way. */
type Step = { story: number } | { deliver: number[] } | { waitMs: number };

const energyWh = fc.integer({ min: 0, max: 340_000 });
const outcome = fc.constantFrom(
  'COMPLETED',
  'REJECTED',
  'ABORTED_SAFE',
  'ABORTED_NO_PACK',
  'BATTERY_OUT_TIMEOUT',
  'FAILED',
  'LOST' as const,
);
const stepped = fc.integer({ min: 2, max: 14 }).map((step): OrderEvent => ({ ...e['order.swapStepped'], step }));
const measuredIn = energyWh.map((wh): OrderEvent => ({ ...e['order.legMeasured'], leg: 'IN', pack: legIn({ energyWh: wh }) }));
const measuredOut = energyWh.map((wh): OrderEvent => ({ ...e['order.legMeasured'], leg: 'OUT', pack: legOut({ energyWh: wh }) }));
const unknownLeg = fc.constantFrom('IN', 'OUT' as const).map((leg): OrderEvent => ({ ...e['order.legUnknown'], leg }));
const ended = fc
  .record({ outcome, step: fc.integer({ min: -1, max: 14 }) })
  .map((end): OrderEvent => ({ ...e['order.swapEnded'], ...end }));
const completed: OrderEvent = { ...e['order.swapEnded'], outcome: 'COMPLETED', step: 14 };
const wish: fc.Arbitrary<OrderEvent> = fc.constantFrom<OrderEvent[]>(
  e['order.confirmed'],
  e['order.cancelled'],
  e['order.repaired'],
  e['order.writtenOff'],
  e['order.commandAnswered'],
  { ...e['order.commandAnswered'], result: 'TIMEOUT' as const },
  { ...e['order.commandAnswered'], commandId: 'O1-abort', result: 'ACCEPTED' as const },
);
const confirmed = fc.constant<OrderEvent>(e['order.confirmed']);
const repaired = fc.constant<OrderEvent>(e['order.repaired']);
const story: fc.Arbitrary<Story> = fc.record({
  truckId: fc.constantFrom('T1', 'T2', 'T3' as const),
  initiation: fc.constantFrom('LOCAL', 'REMOTE' as const),
  begin: fc.constantFrom('CHECKED', 'CHECKED', 'CHECKED', 'UNAUTHORISED' as const),
  backfill: fc.boolean(),
  events: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(confirmed, stepped, measuredIn, measuredOut, fc.constant(completed), repaired) },
    fc.tuple(confirmed, stepped, measuredIn, ended, repaired),
    fc.tuple(confirmed, unknownLeg, measuredOut, ended, wish),
    { weight: 2, arbitrary: fc.array(fc.oneof(stepped, measuredIn, measuredOut, unknownLeg, ended, wish), { minLength: 3, maxLength: 9 }) },
  ),
});
const STORIES = 4;
const stories = fc.array(story, { minLength: STORIES, maxLength: STORIES });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ story: fc.nat(STORIES - 1) }) },
  { weight: 5, arbitrary: fc.record({ deliver: fc.array(fc.nat(9), { minLength: 1, maxLength: 14, size: 'max' }) }) },
  { weight: 1, arbitrary: fc.record({ waitMs: fc.constantFrom(30_000, 130_000, 700_000, 3 * HOUR_MS) }) },
);
const steps = fc.array(step, { minLength: 20, maxLength: 70, size: 'max' });

/** Plays the stories; what comes from outside comes `times`. */
function play(told: readonly Story[], plan: readonly Step[], options: { times: 1 | 2; settleAlways: boolean }): OrderWorld {
  const world = new OrderWorld();
  for (const carrierId of ['C1', 'C2']) {
    world.send(refOf('account', carrierId), { ...accountEvents['account.toppedUp'], amountFen: fen(120_000n), intentId: null });
  }
  const next = told.map(() => 0);
  const say = (index: number) => {
    const story = told[index];
    const orderId = `O${index + 1}`;
    if (story === undefined) return;
    const { events, ...input } = story;
    const at = next[index] ?? 0;
    next[index] = at + 1;
    if (at === 0)
      return world.begin({ ...input, orderId, idToken: { idToken: input.truckId === 'T3' ? 'CT-2' : 'CT-1', type: 'Central' } });
    const event = events[at - 1];
    const isOfSwap = event !== undefined && /^order\.(swap|leg)/.test(event.type);
    // A station swaps when it was told to, or without asking.
    if (isOfSwap && !world.swappable.has(orderId)) next[index] = at;
    else if (event !== undefined) for (let count = 0; count < options.times; count += 1) world.send(refOf('order', orderId), event);
  };
  for (const step of plan) {
    if ('story' in step) say(step.story);
    else if ('waitMs' in step) world.waitMs(step.waitMs);
    else for (const choice of step.deliver) world.deliver(choice);
    if (options.settleAlways) world.settle();
  }
  end(world);
  return world;
}

/** Nothing more comes from outside: every order has to end by itself. */
function end(world: OrderWorld): void {
  for (let round = 0; round < 4; round += 1) {
    world.settle();
    world.waitMs(27 * HOUR_MS);
  }
  world.settle();
}

function expectSound(world: OrderWorld): void {
  expect(world.open()).toEqual([]);
  expect(world.ledger.findings()).toEqual([]);
  expect([world.ledger.balance('C1_held'), world.ledger.balance('C2_held'), world.ledger.balance('PF_clearing')]).toEqual([0n, 0n, 0n]);
  expect([[...world.bookings], [...world.reservations]]).toEqual([[], []]);
  for (const { id } of networkFile.principals) {
    const { prepaidFen, heldFen, incomeFen } = world.books(id);
    const ledger = ['prepaid', 'held', 'income'].map((name) => world.ledger.balance(`${id}_${name}`));
    expect([id, prepaidFen, heldFen, incomeFen]).toEqual([id, ...ledger]);
  }
  for (const [orderId, rows] of world.rows) {
    const ends = rows.map(({ state }) => state).filter((state) => /^(CLEARED|REJECTED|CANCELLED|ABNORMAL)$/.test(state));
    const bills = world.bills.get(orderId) ?? [];
    const last = rows.at(-1);
    expect(new Set(ends).size).toBe(1);
    expect(bills.length).toBeLessThanOrEqual(1);
    if (ends[0] === 'CLEARED') expect(bills.map(({ payableFen }) => payableFen)).toEqual([last?.payableFen]);
    if (ends[0] !== 'CLEARED') expect(last?.reason).not.toBeNull();
    if (ends[0] === 'REJECTED' || ends[0] === 'CANCELLED') expect(bills).toEqual([]);
    const moved = [...world.ledger.transfers()].filter((transfer) => transfer.orderId === orderId);
    if (bills.length === 0) expect(moved.every(({ kind }) => kind === 'HOLD' || kind === 'RELEASE')).toBe(true);
  }
}

it('O5 O7 O8 O13 ends every order once, with no hold left and the books balanced, in any interleaving', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(stories, steps, (told, plan) => {
      const world = play(told, plan, { times: 1, settleAlways: false });
      expectSound(world);
      for (const rows of world.rows.values()) seen.add(rows.at(-1)?.state ?? '');
    }),
    { numRuns: 200 },
  );
  // The stories are worth telling: all ends are reached.
  expect([...seen].sort()).toEqual(['ABNORMAL', 'CANCELLED', 'CLEARED', 'REJECTED', 'REPAIRED', 'WRITTEN_OFF']);
});

it('O7 does nothing more when what comes from outside comes twice', () => {
  const outcomeOf = (world: OrderWorld) => {
    expectSound(world);
    return [[...world.ledger.transfers()], [...world.rows].map(([orderId, rows]) => [orderId, rows.at(-1)?.state, rows.at(-1)?.reason])];
  };
  fc.assert(
    fc.property(stories, steps, (told, plan) => {
      const once = outcomeOf(play(told, plan, { times: 1, settleAlways: true }));
      expect(outcomeOf(play(told, plan, { times: 2, settleAlways: true }))).toEqual(once);
    }),
    { numRuns: 100 },
  );
});

const balanceFen = fc.bigInt(36_000n, 60_000n).map(fen);
const order = refOf('order', 'O1');
/** A world with one held order; null: it could not be held. */
function heldOrder(initiation: 'LOCAL' | 'REMOTE', amountFen: ReturnType<typeof fen>): OrderWorld {
  const world = new OrderWorld();
  world.send(refOf('account', 'C1'), { ...accountEvents['account.toppedUp'], amountFen, intentId: null });
  world.begin({ orderId: 'O1', initiation });
  world.settle();
  world.send(order, e['order.confirmed']);
  world.settle();
  expect(world.rows.get('O1')?.at(-1)).toMatchObject({ state: 'HELD', heldFen: 36_000n });
  return world;
}
const handedOver = (inWh: number, outWh: number, socPercent = 20): OrderEvent[] => [
  { ...e['order.legMeasured'], leg: 'IN', pack: legIn({ energyWh: inWh, socPercent }) },
  { ...e['order.legMeasured'], leg: 'OUT', pack: legOut({ energyWh: outWh }) },
];

it('O9 takes a bill above its hold from the balance, wherever the SOC went since the quote: only a short balance is abnormal', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.constantFrom('LOCAL', 'REMOTE' as const), balanceFen, energyWh, energyWh, (initiation, balance, inWh, outWh) => {
      const world = heldOrder(initiation, balance);
      for (const event of handedOver(inWh, outWh)) world.send(order, event);
      world.settle();
      const row = world.rows.get('O1')?.at(-1);
      const payableFen = row?.payableFen ?? 0n;
      const isCovered = payableFen <= balance;
      expect(row).toMatchObject(isCovered ? { state: 'CLEARED' } : { state: 'ABNORMAL', reason: 'PAYMENT_CAPTURE_FAILED' });
      if (isCovered && payableFen > 0n) expect((row?.heldFen ?? 0n) - (row?.releasedFen ?? 0n)).toBe(payableFen);
      expect(world.books('C1')).toMatchObject({ prepaidFen: isCovered ? balance - payableFen : balance, heldFen: 0n });
      end(world);
      expectSound(world);
      seen.add(`${row?.state} ${payableFen > 36_000n}`);
    }),
    { numRuns: 200 },
  );
  expect([...seen].sort()).toEqual(['ABNORMAL true', 'CLEARED false', 'CLEARED true']);
});

it('O19 holds enough for a truck that drove on, before anything is unlocked, or ends the swap', () => {
  fc.assert(
    fc.property(balanceFen, fc.integer({ min: 0, max: 20 }), (balance, packSocPercent) => {
      const world = heldOrder('REMOTE', balance);
      world.send(order, { ...e['order.truckDocked'], packSocPercent });
      world.settle();
      const heldFen = world.rows.get('O1')?.at(-1)?.heldFen ?? 0n;
      if (world.aborted.has('O1')) world.send(order, { ...e['order.swapEnded'], outcome: 'ABORTED_SAFE', step: 2 });
      else for (const event of handedOver(contentWh(packSocPercent), 300_000, packSocPercent)) world.send(order, event);
      end(world);
      expectSound(world);
      const row = world.rows.get('O1')?.at(-1);
      if (world.aborted.has('O1')) expect(row).toMatchObject({ state: 'CANCELLED', reason: 'NO_CREDIT' });
      else expect([row?.state, row?.heldFen, heldFen >= (row?.payableFen ?? 0n)]).toEqual(['CLEARED', heldFen, true]);
    }),
    { numRuns: 100 },
  );
});
