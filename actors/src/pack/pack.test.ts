import { describe, expect, it } from 'vitest';
import { atMs, surroundings } from '../network/example-surroundings.fixture.ts';
import { alarms, messagesTo, runMachine } from '../network/machine-run.fixture.ts';
import { packEvents as events, packContext } from '../network/mover-examples.fixture.ts';
import { chargeData } from '../network/place-examples.fixture.ts';
import type { Reference, SignalReader } from '../network/reference.ts';
import { ReferenceStore } from '../network/reference-store.ts';
import { aReference } from '../order/order.fixture.ts';
import { lotsEnergyWh } from './energy-lot.rules.ts';
import { packMachineOf } from './pack.machine.ts';
import type { PackContext } from './pack.rules.ts';
import { chargedSince } from './pack-charge.rules.ts';

const pack = (over: Partial<PackContext> = {}, signals: Partial<SignalReader> = {}, value = 'idle') =>
  runMachine(packMachineOf, { value, context: { ...packContext, ...over } }, signals);
const contextOf = (run: ReturnType<typeof pack>) => run.context() as PackContext;
const onTruck = { place: { kind: 'TRUCK', id: 'T001' }, rentNanoYuanPerKwh: 300_000_000n } as const;
const seen = (place: PackContext['place'], evidence: 'INVENTORY' | 'TELEMETRY') =>
  ({ type: 'pack.seen', atMs, place, socPercent: null, sohPercent: null, evidence }) as const;
/** Sensors that say, since `atMs`, which pack they hold. */
const claims = (holding: Record<string, string>): Partial<SignalReader> => ({
  text: (_, id, signal) => (signal === 'packId' ? (holding[id] ?? null) : null),
  reportedAtMs: () => atMs + 10 * 60_000,
});

describe('custody', () => {
  it('P2 lets go of the truck that the books still had, when it was put into a slot off another one', () => {
    const run = pack(onTruck, {}, 'onTruck');
    run.send({ ...events['pack.returned'], truckId: 'T002' });
    expect(run.told()).toEqual(['truck:T001 truck.packRemoved', 'order:O1 order.legMeasured', 'slot:HH1-2 slot.packCondition']);
    expect(contextOf(run).place).toEqual({ kind: 'SLOT', id: 'HH1-2' });
    const unknown = pack(onTruck, {}, 'onTruck');
    unknown.send({ ...events['pack.returned'], truckId: null });
    expect(unknown.told()).toContain('truck:T001 truck.packRemoved');
  });

  it('P2 leaves the truck and the slot that the swap itself has told', () => {
    const run = pack(onTruck, {}, 'onTruck');
    run.send(events['pack.returned']);
    expect(run.told()).toEqual(['order:O1 order.legMeasured', 'slot:HH1-2 slot.packCondition']);
    const issued = pack({ place: { kind: 'SLOT', id: 'HH1-1' }, socPercent: 95 }, {}, 'issuable');
    issued.send(events['pack.issued']);
    expect(issued.told()).toEqual(['order:O1 order.legMeasured']);
    const other = pack({ place: { kind: 'SLOT', id: 'HH1-5' }, socPercent: 95 }, {}, 'issuable');
    other.send(events['pack.issued']);
    expect(other.told()).toContain('slot:HH1-5 slot.packRemoved');
  });

  it('P4 believes an inventory that nothing contradicts, and tells both places', () => {
    const run = pack(onTruck, {}, 'onTruck');
    run.send(seen({ kind: 'SLOT', id: 'HJ1-3' }, 'INVENTORY'));
    const emitted = run.take();
    expect(messagesTo(emitted, 'truck:T001')).toMatchObject([{ type: 'truck.packRemoved' }]);
    expect(messagesTo(emitted, 'slot:HJ1-3').map(({ type }) => type)).toEqual(['slot.packInserted', 'slot.packCondition']);
    expect(emitted).toContainEqual(
      expect.objectContaining({ effect: expect.objectContaining({ type: 'custody.moved', cause: 'INVENTORY' }) }),
    );
  });

  it('P4 does not move for telemetry, and says so when the claim is still made after ten minutes', () => {
    const run = pack(onTruck, claims({ 'HH1-3': packContext.id }), 'onTruck');
    run.send(seen({ kind: 'SLOT', id: 'HH1-3' }, 'TELEMETRY'));
    expect(run.take()).toEqual([]);
    run.clock.runUntil(atMs + 10 * 60_000);
    expect(run.state()).toBe('onTruck');
    expect(run.effects()).toMatchObject([{ type: 'alarm.raised', code: 'PACK_ELSEWHERE' }]);
    expect(contextOf(run)).toMatchObject({ claim: null, place: onTruck.place });
  });

  it('P4 forgets a claim that the event of the move explains', () => {
    const run = pack(onTruck, claims({ 'HH1-2': packContext.id, T001: packContext.id }), 'onTruck');
    run.send(seen({ kind: 'SLOT', id: 'HH1-2' }, 'TELEMETRY'), events['pack.returned']);
    run.take();
    run.clock.runUntil(atMs + 20 * 60_000);
    expect(run.effects()).toEqual([]);
    expect(run.state()).toBe('idle');
  });

  it('P5 freezes a pack that the slots of two stations hold, until a person says where it is', () => {
    const run = pack({ socPercent: 95 }, claims({ 'HH1-1': packContext.id, 'HJ1-3': packContext.id }), 'issuable');
    run.send(seen({ kind: 'SLOT', id: 'HJ1-3' }, 'TELEMETRY'));
    run.clock.runUntil(atMs + 10 * 60_000);
    expect(run.state()).toBe('disputed');
    const emitted = run.take();
    expect(messagesTo(emitted, 'slot:HH1-1')).toMatchObject([{ type: 'slot.packCondition', issuable: false }]);
    const [raised] = alarms(emitted.flatMap((each) => (each.type === 'effect' ? [each.effect] : [])));
    run.send({ type: 'pack.custodyCorrected', atMs, place: { kind: 'SLOT', id: 'HH1-1' }, by: 'ops' });
    expect(run.state()).toBe('issuable');
    expect(alarms(run.effects())).toEqual([raised?.replace('+', '-')]);
  });

  const TRUCK: PackContext['place'] = { kind: 'TRUCK', id: 'T001' };
  it.each([
    ['a truck', 'a station', { socPercent: 95 }, TRUCK, 'HH1-1'],
    ['a station', 'a truck', onTruck, { kind: 'SLOT', id: 'HH1-3' }, 'T001'],
    ['a truck', 'another truck', onTruck, { kind: 'TRUCK', id: 'T002' }, 'T001'],
  ] as const)(
    'P5 does not freeze a pack by the word of %s alone against %s: one alarm until it is known',
    (_, __, books, claim, holder) => {
      const run = pack(books, claims({ [claim.id]: packContext.id, [holder]: packContext.id }), books === onTruck ? 'onTruck' : 'issuable');
      const before = run.state();
      for (const hour of [0, 1, 2]) {
        run.clock.runUntil(atMs + hour * 3_600_000);
        run.send(seen(claim, 'TELEMETRY'));
        run.clock.runUntil(atMs + hour * 3_600_000 + 10 * 60_000);
        expect(run.state()).toBe(before);
      }
      const [raised, ...more] = alarms(run.effects());
      expect([raised?.startsWith('+PACK_ELSEWHERE'), more]).toEqual([true, []]);
      run.send({ ...events['pack.returned'], atMs: atMs + 4 * 3_600_000 });
      expect(alarms(run.effects())).toEqual([raised?.replace('+', '-')]);
    },
  );

  it('P14 takes no energy and no SOC from a charger of a station that does not have it', () => {
    const run = pack(onTruck, {}, 'onTruck');
    const { lots, socPercent } = contextOf(run);
    run.send({ ...events['pack.charged'], charge: { ...chargeData, gridRegisterWh: 900_000, socPercent: 1 } });
    expect(contextOf(run)).toMatchObject({ lots, socPercent, charging: false, claim: { kind: 'SLOT' } });
  });

  it('P15 keeps its place when an older hand-over is told late, and lets a person bill that leg', () => {
    const run = pack({}, {}, 'idle');
    run.send({ ...events['pack.issued'], atMs: atMs + 60_000 });
    run.take();
    run.send({ ...events['pack.returned'], swapId: 'HJ1-3', stationId: 'HJ1', orderId: 'O7', atMs });
    expect(contextOf(run).place).toEqual({ kind: 'TRUCK', id: 'T001' });
    const emitted = run.take();
    expect(messagesTo(emitted, 'slot:HJ1-2')).toMatchObject([{ type: 'slot.packRemoved' }]);
    expect(messagesTo(emitted, 'truck:T001')).toMatchObject([{ type: 'truck.packFitted', atMs: atMs + 60_000 }]);
    expect(messagesTo(emitted, 'order:O7')).toMatchObject([{ type: 'order.legUnknown', reason: 'GATEWAY_OFFLINE_BACKFILLED' }]);
  });

  it('P15 P17 tells where it had been by then, also when a person moved it since, and moves nothing', () => {
    const run = pack({}, {}, 'idle');
    run.send({ type: 'pack.custodyCorrected', atMs: atMs + 60_000, place: { kind: 'STORE', id: 'DEPOT' }, by: 'ops' });
    run.take();
    run.send({ ...events['pack.issued'], atMs });
    expect(contextOf(run).place).toEqual({ kind: 'STORE', id: 'DEPOT' });
    const told = { type: 'custody.passed', atMs, packId: packContext.id, place: { kind: 'TRUCK', id: 'T001' }, orderId: 'O1' };
    expect(run.take()).toContainEqual(expect.objectContaining({ effect: told }));
  });

  it('P17 believes the hand-over that explains why it was gone, though it is told after that', () => {
    const run = pack(onTruck, {}, 'onTruck');
    run.send({ ...events['pack.issued'], atMs: atMs - 60_000 });
    run.send({ ...seen({ kind: 'TRANSFER', id: 'T001' }, 'INVENTORY'), atMs: atMs + 60_000 });
    expect(contextOf(run)).toMatchObject({ place: { kind: 'TRANSFER' }, placedAtMs: atMs - 60_000 });
    run.send({ ...events['pack.returned'], atMs: atMs - 90_000 });
    expect(contextOf(run).place.kind).toBe('TRANSFER');
    run.send({ ...events['pack.returned'], atMs });
    expect(contextOf(run).place).toEqual({ kind: 'SLOT', id: 'HH1-2' });
  });

  it('P17 is gone from a truck only where the books have it on that truck', () => {
    const run = pack({}, {}, 'idle');
    run.send(seen({ kind: 'TRANSFER', id: 'T001' }, 'INVENTORY'));
    expect(contextOf(run).place.kind).toBe('SLOT');
  });

  it('P4 stays on a truck that got it and is silent, whatever an inventory says, and tells it once', () => {
    const run = pack({}, {}, 'idle');
    run.send({ ...events['pack.issued'], atMs: atMs - 1 });
    run.take();
    run.send(seen({ kind: 'SLOT', id: 'HH1-1' }, 'INVENTORY'), seen({ kind: 'SLOT', id: 'HH1-1' }, 'INVENTORY'));
    expect(contextOf(run).place).toEqual({ kind: 'TRUCK', id: 'T001' });
    expect(run.state()).toBe('onTruck');
    expect(run.effects().filter(({ type }) => type === 'alarm.raised')).toMatchObject([{ code: 'PACK_ELSEWHERE' }]);
    const heard = pack({}, { reportedAtMs: () => atMs }, 'idle');
    heard.send({ ...events['pack.issued'], atMs: atMs - 1 }, seen({ kind: 'SLOT', id: 'HH1-1' }, 'INVENTORY'));
    expect(contextOf(heard).place).toEqual({ kind: 'SLOT', id: 'HH1-1' });
  });

  it('P15 does not move for an inventory that was taken before its newest hand-over', () => {
    const run = pack({}, {}, 'idle');
    run.send({ ...events['pack.issued'], atMs: atMs + 60_000 });
    run.send(seen({ kind: 'SLOT', id: 'HJ1-3' }, 'INVENTORY'));
    expect(contextOf(run).place).toEqual({ kind: 'TRUCK', id: 'T001' });
  });

  it('P15 leaves a station that says to have given it to nobody known, unless that is where it was', () => {
    const elsewhere = pack({}, { ...claims({ 'HH1-1': packContext.id }), reportedAtMs: () => atMs });
    elsewhere.send(seen({ kind: 'TRANSFER', id: 'HJ1' }, 'INVENTORY'));
    expect(contextOf(elsewhere)).toMatchObject({ place: { kind: 'SLOT', id: 'HH1-1' }, disputedSinceMs: atMs });
    const here = pack({}, { ...claims({ 'HH1-1': packContext.id }), reportedAtMs: () => atMs });
    here.send(seen({ kind: 'TRANSFER', id: 'HH1' }, 'INVENTORY'));
    expect(contextOf(here).place).toEqual({ kind: 'TRANSFER', id: 'HH1' });
  });

  it('P5 freezes at once when an inventory contradicts a place that says it holds the pack', () => {
    const run = pack(onTruck, { ...claims({ T001: packContext.id }), reportedAtMs: () => atMs }, 'onTruck');
    run.send(seen({ kind: 'SLOT', id: 'HH1-3' }, 'INVENTORY'));
    expect(run.state()).toBe('disputed');
    expect(contextOf(run).place).toEqual(onTruck.place);
  });
});

describe('energy', () => {
  const charged = (over: Partial<typeof chargeData>, at: number, event: 'started' | 'updated' | 'ended' = 'updated') =>
    ({ type: 'pack.charged', atMs: at, event, stationId: 'HH1', charge: { ...chargeData, ...over } }) as const;

  it('P6 adds what the registers moved by, at the price of the hour, grid and PV apart', () => {
    const run = pack({ lots: [] });
    run.send(charged({ gridRegisterWh: 0, pvRegisterWh: 0 }, atMs, 'started'));
    run.send(charged({ gridRegisterWh: 8_000, pvRegisterWh: 2_000 }, atMs + 600_000));
    run.send(charged({ gridRegisterWh: 12_000, pvRegisterWh: 2_000 }, atMs + 900_000, 'ended'));
    expect(contextOf(run).lots).toMatchObject([
      { energyWh: 12_000, source: 'GRID', period: 'DEEP_VALLEY', stationId: 'HH1' },
      { energyWh: 2_000, source: 'PV', period: 'DEEP_VALLEY', stationId: 'HH1' },
    ]);
    expect(contextOf(run).charging).toBe(false);
  });

  it('P6 splits what was charged over a boundary that the gateway did not report', () => {
    const run = pack({ lots: [] });
    const boundaryMs = Date.parse('2026-11-22T15:00:00+08:00');
    run.send(charged({ gridRegisterWh: 0, pvRegisterWh: 0 }, boundaryMs - 600_000, 'started'));
    run.send(charged({ gridRegisterWh: 9_000, pvRegisterWh: 0 }, boundaryMs + 300_000));
    expect(contextOf(run).lots.map(({ energyWh, period }) => ({ energyWh, period }))).toEqual([
      { energyWh: 6_000, period: 'VALLEY' },
      { energyWh: 3_000, period: 'FLAT' },
    ]);
  });

  it('P6 prices PV by the rate in force when it was charged, not when that was reported', () => {
    const midnightMs = Date.parse('2026-11-23T00:00:00+08:00');
    const rate = { stationId: 'HH1', serviceNanoYuanPerKwh: '0', handlingFen: '0' };
    const reference = aReference({
      stationRates: [
        { ...rate, id: 'OLD', effectiveFrom: '2025-01-01', pvNanoYuanPerKwh: '200000000' },
        { ...rate, id: 'NEW', effectiveFrom: '2026-11-23', pvNanoYuanPerKwh: '300000000' },
      ],
    });
    const known = { transactionId: chargeData.transactionId, gridWh: 0, pvWh: 0, atMs: midnightMs - 600_000 };
    const reported = charged({ gridRegisterWh: 0, pvRegisterWh: 9_000 }, midnightMs + 300_000);
    const { lots } = chargedSince({ ...packContext, lots: [], charge: known }, reported, { ...surroundings, reference });
    expect(lots.map(({ energyWh, pvRateId, priceNanoYuanPerKwh }) => [energyWh, pvRateId, priceNanoYuanPerKwh])).toEqual([
      [6_000, 'OLD', 200_000_000n],
      [3_000, 'NEW', 300_000_000n],
    ]);
  });

  it('P6 adds nothing for registers that went back, and counts on from there', () => {
    const run = pack({ lots: [] });
    run.send(charged({ gridRegisterWh: 5_000, pvRegisterWh: 0 }, atMs));
    run.send(charged({ gridRegisterWh: 1_000, pvRegisterWh: 0 }, atMs + 60_000));
    expect(run.effects().filter(({ type }) => type === 'alarm.raised')).toMatchObject([{ code: 'COUNTER_RESET' }]);
    run.send(charged({ gridRegisterWh: 1_500, pvRegisterWh: 0 }, atMs + 120_000));
    expect(lotsEnergyWh(contextOf(run).lots)).toBe(5_500);
  });

  it('P7 leaves lots that sum to what was measured', () => {
    const run = pack(onTruck, {}, 'onTruck');
    run.send(events['pack.returned']);
    // 30 % x 94 % x 350 kWh.
    expect(lotsEnergyWh(contextOf(run).lots)).toBe(98_700);
    expect(messagesTo(run.take(), 'order:O1')).toMatchObject([{ leg: 'IN', pack: { energyWh: 98_700, rentNanoYuanPerKwh: 300_000_000n } }]);
  });

  it('P8 freezes the rent at issue and forgets it when the pack is back', () => {
    const run = pack({ socPercent: 95 }, {}, 'issuable');
    run.send(events['pack.issued']);
    const frozen = contextOf(run).rentNanoYuanPerKwh;
    expect(frozen).toBeGreaterThan(0n);
    run.take();
    run.send(events['pack.returned']);
    expect(messagesTo(run.take(), 'order:O1')).toMatchObject([{ pack: { rentNanoYuanPerKwh: frozen } }]);
    expect(contextOf(run).rentNanoYuanPerKwh).toBeNull();
  });

  it('P8 leaves the rent of a pack that is sold on the road to who issued it, until it is back', () => {
    const legOwner = (run: ReturnType<typeof pack>) => messagesTo(run.take(), 'order:O1');
    const issuedBy = { ...onTruck, rentOwnerId: 'BO-BEFORE' };
    const run = pack(issuedBy, {}, 'onTruck');
    run.send(events['pack.returned']);
    expect(legOwner(run)).toMatchObject([{ leg: 'IN', pack: { ownerId: 'BO-BEFORE' } }]);
    expect(contextOf(run).rentOwnerId).toBeNull();
    const next = pack({ socPercent: 95 }, {}, 'issuable');
    next.send(events['pack.issued']);
    const [told] = legOwner(next);
    expect(told).toMatchObject({ leg: 'OUT', pack: { ownerId: contextOf(next).rentOwnerId } });
    expect(contextOf(next).rentOwnerId).toMatch(/^BO\d$/);
  });

  it('P12 tells the order when the meter counted something else than the returned pack had left to fill', () => {
    const refilled = (gridRegisterWh: number) => {
      const run = pack(onTruck, {}, 'onTruck');
      run.send(events['pack.returned']);
      run.take();
      const full = { evseId: 2, gridRegisterWh, pvRegisterWh: 18_000, socPercent: 95, sohPercent: 94 };
      run.send(charged({ evseId: 2, gridRegisterWh: 0, pvRegisterWh: 0, socPercent: 30, sohPercent: 94 }, atMs, 'started'));
      run.send({ ...charged(full, atMs, 'ended'), charge: { ...chargeData, ...full, reason: 'MAX_SOC' } });
      return messagesTo(run.take(), 'order:O1');
    };
    expect(refilled(200_000)).toEqual([]);
    expect(refilled(230_000)).toMatchObject([
      { type: 'order.meterCompared', meteredWh: 248_000, billedWh: 312_550 - 98_700, nominalWh: 350_000 },
    ]);
  });
});

describe('an order that asks', () => {
  const askIn = { ...events['pack.legRequested'], leg: 'IN', socPercent: 40, expectedPlace: onTruck.place } as const;

  it('P9 is refused without a rate or a tariff', () => {
    const unpriced: Reference = new ReferenceStore('PF', () => null);
    const known = surroundings.reference;
    Object.assign(unpriced, { pack: (id: string) => known.pack(id), packType: (code: string) => known.packType(code) });
    const run = runMachine((around) => packMachineOf({ ...around, reference: unpriced }), {
      value: 'onTruck',
      context: { ...packContext, ...onTruck },
    });
    run.send(askIn);
    expect(messagesTo(run.take(), 'order:O1')).toMatchObject([{ type: 'order.legRefused', reason: 'TARIFF_MISSING' }]);
  });

  it.each([
    ['the pack is on another truck', onTruck, { ...askIn, expectedPlace: { kind: 'TRUCK', id: 'T002' } } as const, 'PACK_CUSTODY_MISMATCH'],
    ['it is disputed', { ...onTruck, disputedSinceMs: atMs }, askIn, 'PACK_CUSTODY_MISMATCH'],
    ['it is not charged', { socPercent: 80 }, events['pack.legRequested'], 'NO_BATTERY_AVAILABLE'],
    ['it is hot', { socPercent: 95, hotSinceMs: atMs }, events['pack.legRequested'], 'NO_BATTERY_AVAILABLE'],
  ])('P4 P10 is refused when %s', (_, over, ask, reason) => {
    const run = pack(over);
    run.send(ask);
    expect(messagesTo(run.take(), 'order:O1')).toMatchObject([{ type: 'order.legRefused', reason }]);
  });

  it('P13 is quoted a pack as full as its station charges it', () => {
    const run = pack({ socPercent: 91 });
    run.send(events['pack.legRequested']);
    const maxSocPercent = surroundings.reference.station('HH1')?.maxSocPercent;
    expect(maxSocPercent).toBeGreaterThan(91);
    expect(messagesTo(run.take(), 'order:O1')).toMatchObject([{ type: 'order.legQuoted', pack: { socPercent: maxSocPercent } }]);
  });

  it('P11 is not given a leg whose SOC jumped at the hand-shake', () => {
    const reported = (socPercent: number) => ({ number: () => socPercent, reportedAtMs: () => atMs - 30_000 });
    const spike = pack(onTruck, reported(55), 'onTruck');
    spike.send(events['pack.returned']);
    expect(messagesTo(spike.take(), 'order:O1')).toMatchObject([{ type: 'order.legUnknown', reason: 'SOC_JUMP' }]);
    const plain = pack(onTruck, reported(31), 'onTruck');
    plain.send(events['pack.returned']);
    expect(messagesTo(plain.take(), 'order:O1')).toMatchObject([{ type: 'order.legMeasured' }]);
    const old = pack(onTruck, { number: () => 55, reportedAtMs: () => atMs - 600_000 }, 'onTruck');
    old.send(events['pack.returned']);
    expect(messagesTo(old.take(), 'order:O1')).toMatchObject([{ type: 'order.legMeasured' }]);
  });
});
