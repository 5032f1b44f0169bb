import { assert } from '@corridor/protocols/assert';
import type { BatteryData } from '@corridor/protocols/ocpp';
import { SWAP_STEPS, type SwapEventName } from '@corridor/protocols/swap-step';
import * as fc from 'fast-check';
import type { SwapEvidence } from '../checkers/order-checker.ts';
import type { SlotContext } from '../slot/slot.rules.ts';
import type { TruckContext } from '../truck/truck.rules.ts';
import type { TestCorridor } from './corridor.fixture.ts';
import { ScriptedGateway, type ScriptedSwap } from './scripted-gateway.fixture.ts';

/** What may go wrong in a swap, each drawn for itself. */
const FLAWS = [
  'NONE',
  'NONE',
  'NONE',
  'FOREIGN_TOKEN',
  'UNKNOWN_PACK',
  'WRONG_PACK_OUT',
  'NO_BATTERY_IN',
  'NO_BATTERY_OUT',
  'TOLD_TWICE',
  'STEPS_SWAPPED',
  'MISPLACED_PACK',
  'IGNORES_REFUSAL',
] as const;
type Flaw = (typeof FLAWS)[number];
const ENDINGS = [
  'completed',
  'completed',
  'completed',
  'aborted_safe',
  'aborted_no_pack',
  'battery_out_timeout',
  'failed',
  'suspended',
  'silence',
] as const;
type Ending = (typeof ENDINGS)[number];

export type Deed =
  | { kind: 'local'; station: number; truck: number; flaw: Flaw; ending: Ending; endsAfter: number; soC: number; backfill: boolean }
  | { kind: 'remote'; station: number; truck: number; goesOn: 'swap' | 'cancel' | 'leave' | 'cancelHeld' | 'stayAway'; flaw: Flaw }
  | { kind: 'wait'; minutes: number }
  | { kind: 'charge'; station: number; evse: number; wh: number; socPercent: number }
  | { kind: 'offline'; station: number }
  /** What the gateway counts in its rack; it may count a pack of another place, or one in another slot. */
  | { kind: 'inventory'; station: number; evse: number; pack: number; tells: 'truth' | 'another' }
  | { kind: 'correct'; pack: number; to: 'SLOT' | 'TRUCK' | 'STORE'; station: number; evse: number; truck: number };

const station = fc.nat(1);
const truck = fc.nat(7);
export const deedArbitrary: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('local' as const),
      station,
      truck,
      flaw: fc.constantFrom(...FLAWS),
      ending: fc.constantFrom(...ENDINGS),
      endsAfter: fc.integer({ min: 0, max: 14 }),
      soC: fc.integer({ min: 0, max: 96 }),
      backfill: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('remote' as const),
      station,
      truck,
      goesOn: fc.constantFrom('swap', 'swap', 'cancel', 'leave', 'cancelHeld'),
      flaw: fc.constantFrom(...FLAWS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 2_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('charge' as const),
      station,
      evse: fc.integer({ min: 1, max: 8 }),
      wh: fc.integer({ min: 0, max: 40_000 }),
      socPercent: fc.integer({ min: 20, max: 95 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('offline' as const), station }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('inventory' as const),
      station,
      evse: fc.integer({ min: 1, max: 8 }),
      pack: fc.nat(21),
      tells: fc.constantFrom('truth', 'another'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('correct' as const),
      pack: fc.nat(21),
      to: fc.constantFrom('SLOT', 'TRUCK', 'STORE'),
      station,
      evse: fc.integer({ min: 1, max: 8 }),
      truck,
    }),
  },
);

/** Plays deeds on a corridor as two gateways and some drivers would, and remembers which swaps moved packs. */
export class RandomTraffic {
  readonly #corridor: TestCorridor;
  readonly #gateways: ScriptedGateway[];
  readonly swaps: SwapEvidence[] = [];
  #requestId = 1;
  #intent = 0;
  /** Called between any two inputs. */
  readonly #between: () => void;

  constructor(corridor: TestCorridor, atMs: number, between: () => void = () => {}) {
    this.#corridor = corridor;
    this.#between = between;
    const step = (input: Parameters<TestCorridor['network']['step']>[0]) => {
      this.#between();
      corridor.network.step(input);
    };
    this.#gateways = ['HH1', 'HJ1'].map((id) => new ScriptedGateway({ step, now: () => corridor.network.nowMs }, id, atMs));
    for (const gateway of this.#gateways) gateway.online();
  }

  play(deed: Deed): void {
    switch (deed.kind) {
      case 'local':
        this.#local(deed);
        break;
      case 'remote':
        this.#remote(deed);
        break;
      case 'wait':
        this.#wait(deed.minutes);
        break;
      case 'charge':
        this.#charge(deed);
        break;
      case 'inventory':
        this.#inventory(deed);
        break;
      case 'correct':
        this.#correct(deed);
        break;
      case 'offline':
        this.#gateway(deed.station).event('gateway', 'offline', { reason: 'test' });
        this.#gateway(deed.station).online();
        break;
    }
    this.#corridor.drain();
  }

  #inventory({ station, evse, pack, tells }: Extract<Deed, { kind: 'inventory' }>): void {
    const gateway = this.#gateway(station);
    const slots = Array.from({ length: 8 }, (_, index) => {
      const evseId = index + 1;
      const truth = this.#slotOf(gateway.stationId, evseId)?.packId ?? null;
      const packId = tells === 'another' && evseId === evse ? this.#packId(pack) : truth;
      return { evseId, slotState: packId === null ? 'EMPTY' : 'HOLDS_PACK', packId, socPercent: 50, sohPercent: 94 };
    });
    gateway.event('gateway', 'inventory', { slots });
  }

  #correct({ pack, to, station, evse, truck }: Extract<Deed, { kind: 'correct' }>): void {
    const { stationId } = this.#gateway(station);
    const id = to === 'SLOT' ? `${stationId}-${evse}` : to === 'TRUCK' ? this.#corridor.truck(truck).id : 'DEPOT';
    this.intent({ type: 'pack.correctCustody', packId: this.#packId(pack), kind: to, id, note: '' });
  }

  #packId(index: number): string {
    const { packs } = this.#corridor.file;
    const pack = packs[index % packs.length];
    assert(pack !== undefined, `no pack ${index}`);
    return pack.id;
  }

  /** Long enough for every watchdog. */
  end(): void {
    for (let day = 0; day < 3; day += 1) this.#wait(24 * 60);
    this.#corridor.drain();
  }

  #wait(minutes: number): void {
    this.#between();
    const { network } = this.#corridor;
    network.step({ kind: 'tick', atMs: network.nowMs + minutes * 60_000 });
  }

  #gateway(index: number): ScriptedGateway {
    const gateway = this.#gateways[index % this.#gateways.length];
    assert(gateway !== undefined, `no gateway ${index}`);
    return gateway;
  }

  #slotOf(stationId: string, evseId: number): SlotContext | undefined {
    return this.#corridor.network.view(`slot:${stationId}-${evseId}`)?.context as SlotContext | undefined;
  }

  #evseWhere(stationId: string, fits: (slot: SlotContext) => boolean): number | null {
    for (let evseId = 1; evseId <= 8; evseId += 1) {
      const slot = this.#slotOf(stationId, evseId);
      if (slot && fits(slot)) return evseId;
    }
    return null;
  }

  #local(deed: Extract<Deed, { kind: 'local' }>): void {
    const swap = this.#swapFor(deed, 'LOCAL', this.#requestId);
    this.#requestId += 2;
    this.#run(this.#gateway(deed.station), swap, deed);
  }

  #remote(deed: Extract<Deed, { kind: 'remote' }>): void {
    const gateway = this.#gateway(deed.station);
    const swap = this.#swapFor({ ...deed, soC: 30 }, 'REMOTE', 0);
    this.#intent += 1;
    const orderId = `R${this.#intent}`;
    const say = (intent: Parameters<RandomTraffic['intent']>[0]) => this.intent(intent);
    say({ type: 'order.quote', orderId, stationId: gateway.stationId, truckId: swap.truck.id, idToken: swap.idToken });
    if (deed.goesOn === 'cancel') return say({ type: 'order.cancel', orderId, reason: 'DRIVER', note: null });
    if (deed.goesOn === 'leave') return;
    say({ type: 'order.confirm', orderId, note: null, onBehalf: false, tellsDriver: false });
    // A pack is kept, and the truck does not come.
    if (deed.goesOn === 'stayAway') return;
    if (deed.goesOn === 'cancelHeld') return say({ type: 'order.cancel', orderId, reason: 'DRIVER', note: null });
    this.#corridor.drain();
    const start = this.#corridor.effects.findLast((each) => each.type === 'command.issued' && each.orderId === orderId);
    if (start?.type !== 'command.issued' || start.verb !== 'swap.start') return;
    const { requestId } = start.args;
    this.#run(gateway, { ...swap, requestId }, { ...deed, ending: 'completed', endsAfter: 14, backfill: false });
  }

  intent(intent: Extract<Parameters<TestCorridor['network']['step']>[0], { kind: 'intent' }>['intent']): void {
    this.#between();
    this.#intent += 1;
    const { network } = this.#corridor;
    network.step({ kind: 'intent', atMs: network.nowMs + 1, intentId: `I${this.#intent}`, by: 'test', intent });
  }

  #swapFor(deed: { truck: number; flaw: Flaw; soC: number }, initiation: 'LOCAL' | 'REMOTE', requestId: number): ScriptedSwap {
    const truck = this.#corridor.truck(deed.truck);
    const { packId } = this.#corridor.context(`truck:${truck.id}`) as TruckContext;
    const { idToken } = this.#corridor.driverOf(truck.id);
    return {
      requestId,
      truck,
      idToken: deed.flaw === 'FOREIGN_TOKEN' || deed.flaw === 'IGNORES_REFUSAL' ? { ...idToken, idToken: 'NOBODY' } : idToken,
      initiation,
      returned: { packId: packId ?? 'GHOST-1', socPercent: deed.soC, sohPercent: 94 },
    };
  }

  #run(gateway: ScriptedGateway, swap: ScriptedSwap, plan: { flaw: Flaw; ending: Ending; endsAfter: number; backfill: boolean }): void {
    const evidence: SwapEvidence = { stationId: gateway.stationId, requestId: swap.requestId, packsMoved: false };
    this.swaps.push(evidence);
    const { backfill, flaw } = plan;
    gateway.swapEvent(swap, 'arrived', { backfill });
    gateway.swapEvent(swap, 'identified', { backfill });
    this.#corridor.drain();
    const start = this.#corridor.effects.findLast(
      (each) =>
        each.type === 'command.issued' &&
        each.verb === 'swap.start' &&
        each.args.requestId === swap.requestId &&
        each.id === gateway.stationId,
    );
    const args = start?.type === 'command.issued' && start.verb === 'swap.start' ? start.args : null;
    if (args === null && flaw !== 'IGNORES_REFUSAL' && !backfill) return gateway.swapEvent(swap, 'rejected', { reasonCode: 'NO_CREDIT' });
    const events: SwapEventName[] = SWAP_STEPS.slice(2).map(({ event }) => event);
    if (flaw === 'STEPS_SWAPPED') [events[4], events[5]] = [events[5] ?? 'moved_in', events[4] ?? 'lifted'];
    const length = plan.ending === 'completed' ? events.length : Math.min(plan.endsAfter, events.length);
    for (const event of events.slice(0, length)) {
      if (event === 'battery_in' && flaw === 'NO_BATTERY_IN') continue;
      if (event === 'battery_out' && flaw === 'NO_BATTERY_OUT') continue;
      const batteryData = this.#batteries(gateway.stationId, swap, event, flaw, args);
      if (batteryData?.length === 0) continue;
      if (batteryData) evidence.packsMoved = true;
      gateway.swapEvent(swap, event, batteryData ? { batteryData, backfill } : { backfill });
      if (flaw === 'TOLD_TWICE') gateway.swapEvent(swap, event, batteryData ? { batteryData, backfill } : { backfill });
    }
    if (plan.ending === 'silence') return;
    const isPlain = plan.ending === 'completed';
    gateway.swapEvent(
      swap,
      plan.ending,
      isPlain
        ? { backfill }
        : {
            reasonCode: 'TEST_FLAW',
            backfill,
            ...(plan.ending === 'battery_out_timeout' ? { batteryData: [{ evseId: 1, serialNumber: 'X', soC: 1, soH: 1 }] } : {}),
          },
    );
  }

  /** @returns null for steps without batteries, none where the station physically cannot */
  #batteries(
    stationId: string,
    swap: ScriptedSwap,
    event: SwapEventName,
    flaw: Flaw,
    args: { issuePackId: string; issueEvseId: number } | null,
  ): BatteryData[] | null {
    if (event === 'battery_in') {
      const evseId = this.#evseWhere(stationId, ({ packId }) => packId === null);
      if (evseId === null) return [];
      const { packId, socPercent: soC, sohPercent: soH } = swap.returned;
      return [{ evseId, serialNumber: flaw === 'UNKNOWN_PACK' ? `GHOST-${swap.requestId}` : packId, soC, soH }];
    }
    if (event !== 'battery_out') return null;
    const other = this.#evseWhere(stationId, ({ packId, reservedFor }) => packId !== null && reservedFor === null);
    const isWrong = flaw === 'WRONG_PACK_OUT' || flaw === 'MISPLACED_PACK' || args === null;
    const evseId = isWrong ? other : args.issueEvseId;
    const serialNumber = evseId === null ? null : this.#slotOf(stationId, evseId)?.packId;
    if (evseId === null || !serialNumber) return [];
    // A slot number that the station reports wrongly: the pack came from another one than it says.
    return [{ evseId: flaw === 'MISPLACED_PACK' ? (evseId % 8) + 1 : evseId, serialNumber, soC: 93, soH: 94 }];
  }

  #charge({ station, evse, wh, socPercent }: Extract<Deed, { kind: 'charge' }>): void {
    const gateway = this.#gateway(station);
    const packId = this.#slotOf(gateway.stationId, evse)?.packId;
    if (!packId) return;
    const transactionId = `TX-${gateway.stationId}-${evse}-${this.#intent}`;
    const data = { transactionId, evseId: evse, packId, sohPercent: 94, reason: null };
    gateway.event('charge', 'started', { ...data, gridRegisterWh: 0, pvRegisterWh: 0, socPercent });
    gateway.event('charge', 'updated', { ...data, gridRegisterWh: wh, pvRegisterWh: Math.floor(wh / 3), socPercent });
    gateway.event('charge', 'ended', { ...data, gridRegisterWh: wh, pvRegisterWh: wh, socPercent: 95, reason: 'MAX_SOC' });
  }
}
