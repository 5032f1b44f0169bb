import { assert } from '@corridor/protocols/assert';
import { type Actor, type AnyStateMachine, createActor } from 'xstate';
import { accountMachineOf } from '../account/account.machine.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import type { AnyActorEvent, EventOf, PackLeg } from '../network/actor-event.ts';
import type { Emitted, OrderRow } from '../network/effect.ts';
import { type EntityRef, parseRef, refOf } from '../network/entity-ref.ts';
import { stateText } from '../network/state-text.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import type { Bill } from './bill.ts';
import { anOrderInput, aReference, flat, legIn, legOut, NOON_MS, networkFile, someSurroundings } from './order.fixture.ts';
import { orderMachineOf } from './order.machine.ts';
import type { OrderInput } from './order-input.ts';

interface Message {
  from: EntityRef;
  to: EntityRef;
  event: AnyActorEvent;
}
/** What the pack on a truck holds by its SOC: 3 kWh a point. */
export const contentWh = (socPercent: number) => socPercent * 3_000;
const TERMINAL = /^(CLEARED|REJECTED|CANCELLED|ABNORMAL\.open|REPAIRED|WRITTEN_OFF)$/;

/** Machines are made once; they read the clock of the world that was made last. */
let worldClock = new VirtualClock(NOON_MS);
const surroundings = someSurroundings(() => worldClock.nowMs, aReference());
const machines = { order: orderMachineOf(surroundings), account: accountMachineOf(surroundings) };

/**
 * Real orders and accounts; trucks, the station and packs are plain functions. Messages between two actors keep their order,
 * all others may be delivered in any: as if every actor lived in another partition.
 */
export class OrderWorld {
  readonly clock = new VirtualClock(NOON_MS);
  readonly ledger = new LedgerBook();
  readonly rows = new Map<string, OrderRow[]>();
  readonly bills = new Map<string, Bill[]>();
  /** Orders whose swap may go on: held, or swapped without asking. */
  readonly swappable = new Set<string>();
  /** Orders whose swap was told to end. */
  readonly aborted = new Set<string>();
  readonly bookings = new Map<string, string>();
  readonly reservations = new Map<string, string>();
  readonly #actors = new Map<EntityRef, Actor<AnyStateMachine>>();
  readonly #queue: Message[] = [];
  #error: unknown = null;
  #requestId = 0;

  constructor() {
    worldClock = this.clock;
    for (const { id } of networkFile.principals) this.#start(refOf('account', id), machines.account, { id });
  }

  begin(over: Partial<OrderInput> & { orderId: string }): void {
    const ref = refOf('order', over.orderId);
    if (this.rows.has(over.orderId)) return;
    this.rows.set(over.orderId, []);
    if (over.begin === 'UNAUTHORISED') this.swappable.add(over.orderId);
    this.#start(ref, machines.order, anOrderInput(over));
    this.send(ref, { type: 'order.begun', atMs: this.clock.nowMs });
  }

  /** From outside: a swap, a person, a payment rail. */
  send(to: EntityRef, event: AnyActorEvent): void {
    const actor = this.#actors.get(to);
    if (!actor) return;
    actor.send(event);
    if (this.#error !== null) throw this.#error;
  }

  /** Delivers one message: the first of a sender and receiver, chosen among those. @returns false when there is none */
  deliver(choice: number): boolean {
    const firsts = this.#queue.filter(
      (message, index) => this.#queue.findIndex(({ from, to }) => from === message.from && to === message.to) === index,
    );
    const message = firsts[choice % Math.max(1, firsts.length)];
    if (message === undefined) return false;
    this.#queue.splice(this.#queue.indexOf(message), 1);
    this.#take(message);
    return true;
  }

  settle(): void {
    for (let count = 0; this.deliver(0); count += 1) assert(count < 10_000, 'messages without end');
  }

  waitMs(durationMs: number): void {
    this.clock.runUntil(this.clock.nowMs + durationMs);
    if (this.#error !== null) throw this.#error;
  }

  /** Orders that have not come to an end. */
  open(): string[] {
    return [...this.#actors].flatMap(([ref, actor]) => {
      const text = stateText(actor.getSnapshot().value);
      return ref.startsWith('order:') && !TERMINAL.test(text) ? [`${ref} ${text}`] : [];
    });
  }

  books(principalId: string) {
    return this.#actors.get(refOf('account', principalId))?.getSnapshot().context.books;
  }

  #start(ref: EntityRef, machine: AnyStateMachine, input: unknown): void {
    const actor = createActor(machine, { input, clock: this.clock });
    actor.on('*', (emitted) => {
      for (const each of flat([emitted as Emitted])) this.#emitted(ref, each);
    });
    actor.subscribe({ error: (error) => (this.#error = error), complete: () => this.#actors.delete(ref) });
    actor.start();
    this.#actors.set(ref, actor);
  }

  #emitted(from: EntityRef, emitted: Emitted): void {
    if (emitted.type === 'tell') this.#queue.push({ from, to: emitted.to, event: emitted.event });
    if (emitted.type === 'retire') this.#actors.delete(from);
    if (emitted.type !== 'effect') return;
    const { effect } = emitted;
    if (effect.type === 'ledger.posted') this.ledger.postAll(effect.transfers);
    if (effect.type === 'order.changed') this.rows.get(effect.order.orderId)?.push(effect.order);
    if (effect.type === 'order.billed') this.bills.set(effect.orderId, [...(this.bills.get(effect.orderId) ?? []), effect.bill]);
    if (effect.type === 'command.issued' && effect.verb === 'swap.abort') this.aborted.add(parseRef(from).id);
    if (effect.type === 'command.issued' && effect.verb === 'swap.start') this.swappable.add(parseRef(from).id);
  }

  #take({ from, to, event }: Message): void {
    if (this.#actors.has(to)) return this.send(to, event);
    const { kind, id } = parseRef(to);
    const { atMs } = event as { atMs: number };
    if (kind === 'truck') this.#truck(id, event as EventOf['truck']);
    else if (kind === 'station') this.#station(event as EventOf['station']);
    else if (kind === 'pack') this.#pack(id, event as EventOf['pack']);
    else if (kind === 'order') this.#bounced(from, id, event as EventOf['order'], atMs);
  }

  /** The order is gone: whoever told it takes back what it gave. */
  #bounced(from: EntityRef, orderId: string, event: EventOf['order'], atMs: number): void {
    if (event.type === 'order.truckBooked') this.bookings.delete(parseRef(from).id);
    if (event.type === 'order.packReserved') this.reservations.delete(event.packId);
    this.send(from, { type: 'delivery.bounced', atMs, to: refOf('order', orderId), eventType: event.type });
  }

  #answer(from: EntityRef, orderId: string, event: EventOf['order']): void {
    this.#queue.push({ from, to: refOf('order', orderId), event });
  }

  #truck(truckId: string, event: EventOf['truck']): void {
    const { bookings } = this;
    if (event.type === 'truck.bookingReleased' && bookings.get(truckId) === event.orderId) bookings.delete(truckId);
    if (event.type !== 'truck.bookingRequested') return;
    const { orderId, atMs } = event;
    const from = refOf('truck', truckId);
    if (bookings.has(truckId)) return this.#answer(from, orderId, { type: 'order.truckRefused', atMs, reason: 'CONCURRENT_ORDER' });
    bookings.set(truckId, orderId);
    const trip = { socPercent: 20, grossMassKg: null, direction: null, destinationChainageM: null } as const;
    const distance = { odometerM: null, odometerAtSwapM: null, waitedMs: null };
    this.#answer(from, orderId, { type: 'order.truckBooked', atMs, carrierId: 'C1', packId: 'P-IN', ...trip, ...distance });
  }

  #station(event: EventOf['station']): void {
    const { reservations } = this;
    const free = ['P-OUT', 'P-OUT2'].find((packId) => !reservations.has(packId));
    if (event.type === 'station.reservationReleased') {
      for (const [packId, orderId] of reservations) if (orderId === event.orderId) reservations.delete(packId);
    }
    if (event.type !== 'station.reservationRequested') return;
    const { orderId, atMs } = event;
    const from = refOf('station', 'HH1');
    if (free === undefined) return this.#answer(from, orderId, { type: 'order.reservationRefused', atMs, reason: 'NO_BATTERY_AVAILABLE' });
    reservations.set(free, orderId);
    this.#requestId += 2;
    const requestId = event.requestId ?? this.#requestId;
    this.#answer(from, orderId, { type: 'order.packReserved', atMs, packId: free, evseId: 1, requestId, readyPacks: 1 });
  }

  #pack(packId: string, event: EventOf['pack']): void {
    if (event.type !== 'pack.legRequested') return;
    const { orderId, leg, atMs } = event;
    const pack: PackLeg =
      leg === 'IN'
        ? legIn({ packId, socPercent: event.socPercent ?? 20, energyWh: contentWh(event.socPercent ?? 20) })
        : legOut({ packId });
    this.#answer(refOf('pack', packId), orderId, { type: 'order.legQuoted', atMs, leg, pack });
  }
}
