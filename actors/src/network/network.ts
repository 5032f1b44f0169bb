import { assert, violated } from '@corridor/protocols/assert';
import { changeOf } from '../agreement/agreement.ts';
import { applyRosterChange, type RosterBook, takeRosterAct } from '../roster/take-roster-act.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import type { ActorHost, Engine, HostServices, MakeHost } from './actor-host.ts';
import type { Effect, Emitted } from './effect.ts';
import { ENGINES, type EngineName, ownerOf } from './engines.ts';
import { type Address, type EntityKind, type EntityRef, parseRef, refOf } from './entity-ref.ts';
import type { Input } from './input.ts';
import { machinesOf, machineVersion, migrate } from './machine-catalogue.ts';
import { Mailbox } from './mailbox.ts';
import { type Create, Tell } from './message.ts';
import type { Surroundings } from './reference.ts';
import type { ReferenceStore } from './reference-store.ts';
import { type Registration, registrationOf } from './registration.ts';
import { Residents } from './residents.ts';
import { routeInput } from './route-input.ts';
import { answerIntent, routeIntent } from './route-intent.ts';
import type { Routed } from './routed.ts';
import { decodeContext, encodeContext, type StoredSnapshot } from './snapshot-codec.ts';
import { stateText } from './state-text.ts';
import { emptyBatch, type StepBatch } from './step-batch.ts';

export interface NetworkOptions {
  surroundings: Omit<Surroundings, 'nowMs'>;
  nowMs: number;
  /** Where agreements are put that people make while it runs; absent: nobody does. */
  agreements?: Pick<ReferenceStore, 'apply' | 'withdraw'>;
  /** Who takes part, where that changes while it runs; absent: it does not. */
  roster?: RosterBook;
  /** Actors kept awake at most; the rest sleeps as snapshots. */
  awakeMax?: number;
  /** What runs the actors; XState when nothing is said. An engine of one's own: to listen to one of these. */
  engine?: EngineName | Engine;
  /** Nobody stores anything: only effects are kept, for `takeEffects`. */
  isVirtual?: boolean;
}

/** A timer that is due, as whoever steps the network has to name it when it fails. */
export interface DueTimer {
  readonly ref: EntityRef;
  readonly name: string;
  readonly dueAtMs: number;
}

/** One input may cause this many messages: more is a loop between actors. */
const MESSAGES_PER_INPUT_MAX = 100_000;
const AWAKE_MAX = 2_000;

/**
 * The network of actors: inputs in, effects out, a clock of its own. Every entity is a root actor; they meet only through
 * the one queue of messages, first in first out, so the same inputs give the same effects in every run.
 */
export class Network {
  /** Events that actors have taken, timers of theirs too. */
  delivered = 0;
  readonly #clock: VirtualClock;
  readonly #surroundings: Surroundings;
  readonly #makeHost: MakeHost;
  readonly #awakeMax: number;
  readonly #agreements: NetworkOptions['agreements'];
  readonly #roster: RosterBook | null;
  readonly #services: HostServices;
  readonly #hosts = new Residents<ActorHost>();
  /** Least recently used first. */
  readonly #awake = new Set<ActorHost>();
  readonly #isVirtual: boolean;
  readonly #mailbox = new Mailbox();
  #leaving: ActorHost[] = [];
  #isWhole = true;
  #dirty = new Set<ActorHost>();
  #batch: StepBatch = emptyBatch();

  constructor({ surroundings, nowMs, agreements, roster, awakeMax = AWAKE_MAX, engine = 'xstate', isVirtual = false }: NetworkOptions) {
    this.#isVirtual = isVirtual;
    this.#agreements = agreements;
    this.#roster = roster ?? null;
    this.#clock = new VirtualClock(nowMs);
    this.#surroundings = { ...surroundings, nowMs: () => this.#clock.nowMs };
    this.#makeHost = (typeof engine === 'string' ? ENGINES[engine] : engine)(machinesOf(this.#surroundings));
    this.#awakeMax = awakeMax;
    this.#services = {
      clock: this.#clock,
      emitted: (host, emitted) => this.#emitted(host, emitted),
      woke: (host) => {
        this.#awake.delete(host);
        this.#awake.add(host);
      },
      changed: (host, from, event) => this.#changed(host, from, event),
    };
  }

  get nowMs(): number {
    return this.#clock.nowMs;
  }

  get nextDueMs(): number | null {
    return this.#clock.nextDueMs;
  }

  /** Makes the actors of assets that the reference holds; those that exist stay as they are. */
  register(...assets: readonly Registration[]): void {
    this.#begin();
    for (const asset of assets) this.#register(asset);
    this.#isWhole = true;
  }

  #register(asset: Registration): void {
    const { actors, deliveries, effects } = registrationOf(asset, this.#surroundings);
    const made = actors.filter((address) => !this.#hosts.has(address));
    if (made.length === 0) return;
    this.#batch.effects.push(...effects);
    for (const message of deliveries) this.#mailbox.push(message, null);
    for (const { kind, id, input } of made) this.#create(kind, id, input);
    this.#runQueue();
  }

  /** Puts actors back as they were stored, asleep, their timers armed. @throws InvariantError when one exists already */
  restore(snapshots: Iterable<StoredSnapshot>, nowMs: number): void {
    this.#clock.standAt(Math.max(nowMs, this.#clock.nowMs));
    for (const stored of snapshots) {
      const { machine: kind, id } = stored;
      assert(!this.#hosts.has({ kind, id }), `${kind}:${id} is restored twice`);
      const current = stored.version === machineVersion(stored.machine) ? stored : migrate(stored);
      const host = this.#host(kind, id);
      host.restore({ value: current.value, context: decodeContext(current.context), due: current.due });
    }
  }

  /** Steps one input to quiescence; what is due before it fires first. @throws ActorFailedError, InvariantError: end the process */
  step(input: Input): void {
    this.#begin();
    this.#step(input);
    this.#isWhole = true;
  }

  #step(input: Input): void {
    this.#advanceTo(input.atMs);
    if (input.kind !== 'intent') {
      for (const routed of routeInput(input)) this.#take(routed);
      return;
    }
    const before = this.#batch.effects.length;
    const actors = { has: (address: Address) => this.#hosts.has(address), view: this.view.bind(this), refs: this.refs.bind(this) };
    const routed = routeIntent(input, this.#surroundings, actors);
    for (const each of routed ?? []) this.#take(each);
    this.#batch.effects.push(...answerIntent(input, routed, this.#batch.effects.slice(before)));
  }

  #take(routed: Routed): void {
    switch (routed.type) {
      case 'tell':
      case 'create':
        this.#mailbox.push(routed, null);
        break;
      case 'register':
        this.#register(routed.asset);
        break;
      case 'effect':
        this.#batch.effects.push(routed.effect);
        break;
      case 'agreed':
      case 'withdrawn':
        this.#agree(routed);
        break;
      case 'roster':
        this.#changeRoster(routed);
        break;
    }
    this.#runQueue();
  }

  #agree(routed: Extract<Routed, { type: 'agreed' | 'withdrawn' }>): void {
    assert(this.#agreements !== undefined, 'this network takes no agreements');
    if (routed.type === 'agreed') this.#agreements.apply(changeOf(routed.agreement));
    else this.#agreements.withdraw(routed.agreement);
  }

  #changeRoster({ act, by, intentId }: Extract<Routed, { type: 'roster' }>): void {
    const roster = this.#roster;
    assert(roster !== null, 'who takes part in this network does not change');
    const atMs = this.#clock.nowMs;
    const network = { reference: roster, view: (ref: EntityRef) => this.view(ref), refs: (kind: EntityKind) => this.refs(kind) };
    const taken = takeRosterAct(act, atMs, network);
    if (!taken.ok) {
      this.#batch.effects.push({ type: 'intent.answered', atMs, intentId, ok: false, ...taken.refused, orderId: null });
      return;
    }
    for (const told of taken.tells) this.#take(told);
    applyRosterChange(taken.change, roster);
    this.#batch.effects.push({ type: 'roster.changed', atMs, by, change: taken.change });
    if (taken.registers !== null) this.#register(taken.registers);
    this.#leaving.push(...taken.retires.flatMap((ref) => this.#at(ref) ?? []));
    this.#leave();
  }

  /** Fires the timers due until then in (due, seq) order. */
  advanceTo(atMs: number): void {
    this.#begin();
    this.#advanceTo(atMs);
    this.#isWhole = true;
  }

  #advanceTo(atMs: number): void {
    while (this.#fireNext(atMs));
    this.#clock.standAt(atMs);
  }

  #fireNext(untilMs: number): boolean {
    if (!this.#clock.fireNext(untilMs)) return false;
    this.delivered += 1;
    if (this.#leaving.length > 0) this.#leave();
    this.#runQueue();
    return true;
  }

  /** The timer that fires next when time goes on until then. */
  nextTimer(untilMs: number): DueTimer | null {
    const timer = this.#clock.next;
    if (timer === null || timer.dueAtMs > untilMs) return null;
    const host = ownerOf(timer);
    return { ref: host.ref, name: host.nameOf(timer), dueAtMs: timer.dueAtMs };
  }

  /** Fires that one timer; time goes no further than to its instant. @throws ActorFailedError, InvariantError: end the process */
  fireTimer(): void {
    this.#begin();
    assert(this.#fireNext(Number.POSITIVE_INFINITY), 'no timer is armed');
    this.#isWhole = true;
  }

  /** Gives that one timer up, for good: its actor stays in its state until something else moves it. */
  dropTimer(): void {
    const timer = this.#clock.next;
    assert(timer !== null, 'no timer is armed');
    ownerOf(timer).dropTimer(timer);
  }

  /** Everything since the last drain; only actors that changed are in it. */
  drain(): StepBatch {
    this.#assertWhole();
    const batch = this.#batch;
    for (const host of this.#dirty) batch.changed.set(host.ref, this.#store(host));
    this.#dirty = new Set();
    this.#batch = emptyBatch();
    return batch;
  }

  /** Effects since the last time, of a network of which nothing is stored; null: none, as of most steps. */
  takeEffects(): Effect[] | null {
    const { effects } = this.#batch;
    if (effects.length === 0) return null;
    this.#batch.effects = [];
    return effects;
  }

  view(ref: EntityRef): { value: unknown; context: unknown } | undefined {
    const host = this.#at(ref);
    return host && { value: host.value, context: host.context };
  }

  /** Ids of the actors of a kind. */
  refs(kind: EntityKind): Iterable<string> {
    return this.#hosts.ids(kind);
  }

  get size(): number {
    return this.#hosts.size;
  }

  /** Every actor as it would be stored now: a checkpoint, or a state to compare. */
  *snapshots(): Iterable<StoredSnapshot> {
    for (const host of this.#hosts.all()) yield this.#store(host);
  }

  /** Half a step is worth nothing: after a failure there is no next step, and what was done is not handed out. */
  #begin(): void {
    this.#assertWhole();
    this.#isWhole = false;
  }

  #assertWhole(): void {
    assert(this.#isWhole, 'the network stopped in the middle of a step: end the process and restore');
  }

  #store(host: ActorHost): StoredSnapshot {
    const { kind, id } = parseRef(host.ref);
    return {
      machine: kind,
      id,
      version: machineVersion(kind),
      value: host.value,
      context: encodeContext(host.context),
      due: host.due(),
    };
  }

  #runQueue(): void {
    const mailbox = this.#mailbox;
    for (let count = 0; ; count += 1) {
      const { sender } = mailbox;
      const message = mailbox.take();
      if (message === null) break;
      if (!(count < MESSAGES_PER_INPUT_MAX))
        violated(`more than ${MESSAGES_PER_INPUT_MAX} messages for one input, the last to ${refOf(message.kind, message.id)}`);
      this.#deliver(message, sender);
      if (this.#leaving.length > 0) this.#leave();
    }
    mailbox.rewind();
    if (this.#awake.size > this.#awakeMax) this.#sleepOldest();
  }

  #deliver(message: Tell | Create, sender: ActorHost | null): void {
    const { kind, id, event } = message;
    const host = this.#hosts.at(kind, id) ?? (message.type === 'create' ? this.#create(kind, id, message.input) : undefined);
    this.delivered += 1;
    if (host) host.send(event);
    else this.#bounce(message, sender);
  }

  /** Nobody lives there. */
  #bounce({ kind, id, event }: Tell | Create, sender: ActorHost | null): void {
    const to = refOf(kind, id);
    if (sender === null || event.type === 'delivery.bounced') {
      this.#batch.undelivered.push({ to, event: event.type });
      return;
    }
    const back = parseRef(sender.ref);
    const bounced = { type: 'delivery.bounced', atMs: this.#clock.nowMs, to, eventType: event.type } as const;
    this.#mailbox.push(new Tell(back.kind, back.id, bounced), null);
  }

  /** Called while an actor runs: only notes what it wants, because what throws here would be lost in XState. */
  #emitted(host: ActorHost, emitted: Emitted): void {
    switch (emitted.type) {
      case 'tell':
      case 'create':
        this.#mailbox.push(emitted, host);
        break;
      case 'effect':
        this.#batch.effects.push(emitted.effect);
        break;
      case 'many':
        for (const each of emitted.emitted) this.#emitted(host, each);
        break;
      case 'retire':
        this.#leaving.push(host);
        break;
    }
  }

  #create(kind: EntityKind, id: string, input: unknown): ActorHost {
    const host = this.#host(kind, id);
    if (!this.#isVirtual) this.#batch.retired.delete(host.ref);
    host.create(input);
    return host;
  }

  #host(kind: EntityKind, id: string): ActorHost {
    const host = this.#makeHost({ ref: refOf(kind, id), kind, services: this.#services });
    this.#hosts.put(kind, id, host);
    return host;
  }

  #at(ref: EntityRef): ActorHost | undefined {
    const { kind, id } = parseRef(ref);
    return this.#hosts.at(kind, id);
  }

  #changed(host: ActorHost, from: unknown, event: string): void {
    if (host.done) this.#leaving.push(host);
    if (this.#isVirtual) return;
    this.#dirty.add(host);
    const [before, after] = [stateText(from), stateText(host.value)];
    if (before === after) return;
    const by = this.#mailbox.teller?.ref ?? null;
    this.#batch.transitions.push({ atMs: this.#clock.nowMs, ref: host.ref, from: before, to: after, event, by });
  }

  #leave(): void {
    for (const host of this.#leaving) {
      const address = parseRef(host.ref);
      if (this.#hosts.at(address.kind, address.id) !== host) continue;
      host.end();
      this.#hosts.remove(address);
      this.#awake.delete(host);
      this.#dirty.delete(host);
      if (!this.#isVirtual) this.#batch.retired.add(host.ref);
    }
    this.#leaving = [];
  }

  #sleepOldest(): void {
    for (const host of this.#awake) {
      if (this.#awake.size <= this.#awakeMax) return;
      host.sleep();
      this.#awake.delete(host);
    }
  }
}
