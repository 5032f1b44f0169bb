import { assert } from '@corridor/protocols/assert';
import { expect, it } from 'vitest';
import type { OrderContext } from '../order/order.context.ts';
import type { RepairMeasurement } from './actor-event.ts';
import { startCorridor, type TestCorridor } from './corridor.fixture.ts';
import { alarms, beginSwap, billedOrders, gatewayOf, lastOrder, ordersOf, playStep, STEPS_TO_DO, swapOf } from './swap-play.fixture.ts';

let intents = 0;
/** What a person asks of an order. @returns code of the answer */
function repair(corridor: TestCorridor, orderId: string, measured: RepairMeasurement | null): string {
  intents += 1;
  const intentId = `repair-${intents}`;
  const { network } = corridor;
  const intent = { type: 'order.repair', orderId, note: 'test', measured } as const;
  network.step({ kind: 'intent', atMs: network.nowMs + 1, intentId, by: 'ops', intent });
  corridor.drain();
  const answer = corridor.effects.findLast((effect) => effect.type === 'intent.answered' && effect.intentId === intentId);
  assert(answer?.type === 'intent.answered', 'no answer');
  return answer.code;
}
const reading = (packId: string, socPercent: number) => ({ packId, socPercent });
const none = { in: null, out: null, odometerM: null };

/** Legs of all bills: `P1 IN` is the credit of a pack. */
const billedLegs = ({ effects }: TestCorridor) =>
  effects.flatMap((effect) =>
    effect.type === 'order.billed'
      ? [...new Set(effect.bill.lines.flatMap(({ packId, leg }) => (packId === null ? [] : [`${packId} ${leg}`])))]
      : [],
  );

/** A pack comes in, the station is silent until the swap is lost, and only then it tells that another pack went out. */
function lateBatteryOut() {
  const corridor = startCorridor();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const swap = swapOf(corridor, 0, 1);
  const packs = { ...beginSwap(corridor, gateway, swap), emptyEvseId: 8 };
  for (const { event } of STEPS_TO_DO) {
    if (event === 'picked') break;
    playStep(gateway, swap, event, packs);
  }
  gateway.swapEvent(swap, 'failed', { reasonCode: 'GANTRY_FAULT' });
  playStep(gateway, swap, 'battery_out', packs);
  corridor.drain();
  const [first, stray] = ordersOf(corridor, 1);
  assert(first !== undefined && stray !== undefined, 'two orders');
  return { corridor, first, stray, returnedId: swap.returned.packId, issuedId: packs.issuePackId };
}

it('bills each movement of a swap once, whichever of its two orders is repaired first', () => {
  for (const order of ['first', 'stray'] as const) {
    const { corridor, first, stray, returnedId, issuedId } = lateBatteryOut();
    expect([first, stray].map(({ state, reason }) => [state, reason])).toEqual([
      ['ABNORMAL', 'SWAP_FAILED'],
      ['ABNORMAL', 'NOT_AUTHORIZED'],
    ]);
    const firstMeasured = { ...none, out: reading(issuedId, 95) };
    const strayMeasured = { ...none, in: reading(returnedId, 40) };
    const [one, other] = order === 'first' ? [first, stray] : [stray, first];
    const [measured, otherMeasured] = order === 'first' ? [firstMeasured, strayMeasured] : [strayMeasured, firstMeasured];
    expect(repair(corridor, one.orderId, measured)).toBe('REPAIRED');
    expect(repair(corridor, other.orderId, otherMeasured)).toBe('PACK_CUSTODY_MISMATCH');
    expect(repair(corridor, other.orderId, { ...otherMeasured, ...measured })).toBe('PACK_CUSTODY_MISMATCH');
    expect(billedOrders(corridor)).toEqual([one.orderId]);
    expect(billedLegs(corridor).sort()).toEqual([`${issuedId} OUT`, `${returnedId} IN`].sort());
    // What it had measured is the other one's now: without it there is nothing to bill.
    expect(repair(corridor, other.orderId, null)).toBe('REPAIRED');
    expect(billedOrders(corridor)).toEqual([one.orderId]);
  }
});

it('tells an order what was counted to another one', () => {
  const { corridor, first, stray, issuedId } = lateBatteryOut();
  repair(corridor, first.orderId, { ...none, out: reading(issuedId, 95) });
  expect(corridor.context(`order:${stray.orderId}`)).toMatchObject({ measuredOut: null, faultOut: 'DUPLICATE_REPORT' });
  const { reasonDetail } = corridor.context(`order:${stray.orderId}`) as OrderContext;
  expect(reasonDetail).toContain(first.orderId);
});

it('credits a pack once that another truck is said to have brought as well', () => {
  const corridor = startCorridor();
  const gateway = gatewayOf(corridor);
  gateway.online();
  const swap = swapOf(corridor, 0, 1);
  const packs = { ...beginSwap(corridor, gateway, swap), emptyEvseId: 8 };
  for (const { event } of STEPS_TO_DO) playStep(gateway, swap, event, packs);
  gateway.swapEvent(swap, 'completed');
  // The same hand-over again, in the name of another truck.
  const other = { ...swapOf(corridor, 1, 1), returned: swap.returned };
  playStep(gateway, other, 'battery_in', packs);
  corridor.drain();
  const [cleared, stray] = ordersOf(corridor, 1);
  assert(cleared !== undefined && stray !== undefined, 'two orders');
  expect([cleared.state, stray.state]).toEqual(['CLEARED', 'ABNORMAL']);
  expect(corridor.context(`order:${stray.orderId}`)).toMatchObject({ measuredIn: null });
  expect(repair(corridor, stray.orderId, { ...none, in: reading(swap.returned.packId, 40), out: 'NONE' })).toBe('PACK_CUSTODY_MISMATCH');
  expect(billedOrders(corridor)).toEqual([cleared.orderId]);
});

/** A swap in which the station gives another pack than the reserved one, as its BMS says. */
function givesAnother(corridor: TestCorridor, soC: number, soH = 88) {
  const gateway = gatewayOf(corridor);
  gateway.online();
  const swap = swapOf(corridor, 0, 1);
  const packs = { ...beginSwap(corridor, gateway, swap), emptyEvseId: 8 };
  const other = corridor.file.packs.find(({ id, initial }) => initial.id.startsWith('HH1-') && id !== packs.issuePackId);
  assert(other !== undefined, 'no other pack at HH1');
  return {
    other,
    reservedId: packs.issuePackId,
    finish(serialNumber = other.id) {
      const evseId = Number(other.initial.id.slice(4));
      for (const { event } of STEPS_TO_DO) {
        if (event === 'battery_out') gateway.swapEvent(swap, event, { batteryData: [{ evseId, serialNumber, soC, soH }] });
        else playStep(gateway, swap, event, packs);
      }
      gateway.swapEvent(swap, 'completed');
      corridor.drain();
      return lastOrder(corridor);
    },
  };
}

it('bills another pack than the reserved one by its own owner, SOH and lots, with an alarm', () => {
  const corridor = startCorridor();
  const swap = givesAnother(corridor, 95);
  const lots = (corridor.context(`pack:${swap.other.id}`) as { lots: readonly { energyWh: number }[] }).lots;
  expect(swap.finish()).toMatchObject({ state: 'CLEARED', issuePackId: swap.other.id });
  const billed = corridor.effects.findLast((effect) => effect.type === 'order.billed');
  assert(billed?.type === 'order.billed', 'no bill');
  const nominalWh = corridor.reference.packType(swap.other.typeCode)?.nominalWh ?? 0;
  expect(billed.bill.energyOutWh).toBe(Math.round(0.95 * 0.88 * nominalWh));
  expect(lots.length).toBeGreaterThan(0);
  const out = billed.bill.lines.filter(({ leg }) => leg === 'OUT');
  expect(new Set(out.map(({ packId }) => packId))).toEqual(new Set([swap.other.id]));
  expect(out.find(({ component }) => component === 'BATTERY_RENT')?.beneficiaryId).toBe(swap.other.ownerId);
  expect(alarms(corridor)).toContain('OTHER_PACK_ISSUED');
});

it.each([
  ['one that is worn out', 95, 70, 'SOH'],
  ['one that is not charged', 70, 88, '70 %'],
] as const)('does not bill %s by itself', (_, soC, soH, why) => {
  const corridor = startCorridor();
  const row = givesAnother(corridor, soC, soH).finish();
  expect(row).toMatchObject({ state: 'ABNORMAL', reason: 'WRONG_PACK_ISSUED', payableFen: null });
  expect((corridor.context(`order:${row.orderId}`) as OrderContext).reasonDetail).toContain(why);
  expect(billedOrders(corridor)).toEqual([]);
});

it('does not bill by itself a faulty pack, or one that the books have at another station', () => {
  const quarantined = startCorridor();
  const swap = givesAnother(quarantined, 95);
  quarantined.network.step({
    kind: 'signal',
    atMs: quarantined.network.nowMs,
    to: `pack:${swap.other.id}`,
    event: { type: 'signal.changed', atMs: quarantined.network.nowMs, signal: 'faultCodes', value: 'E17' },
  });
  expect(swap.finish()).toMatchObject({ state: 'ABNORMAL', reason: 'WRONG_PACK_ISSUED' });

  const foreign = startCorridor();
  const far = foreign.file.packs.find(({ initial }) => initial.id.startsWith('HJ1-'));
  assert(far !== undefined, 'no pack at HJ1');
  expect(givesAnother(foreign, 95).finish(far.id)).toMatchObject({ state: 'ABNORMAL', reason: 'WRONG_PACK_ISSUED' });
});
