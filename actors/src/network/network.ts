import { assert, violated } from '@corridor/protocols/assert';
import { changeOf } from '../agreement/agreement.ts';
import { applyRosterChange, type RosterBook, takeRosterAct } from '../roster/take-roster-act.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import type { AnyActorEvent } from './actor-event.ts';
import type { ActorHost, Engine, HostServices, MakeHost } from './actor-host.ts';
import type { Effect, Emitted } from './effect.ts';
import { ENGINES, type EngineName, ownerOf } from './engines.ts';
import { type EntityKind, type EntityRef, forgetRef, parseRef, refOf } from './entity-ref.ts';
import type { Input } from './input.ts';
import { machinesOf, machineVersion, migrate } from './machine-catalogue.ts';
import type { Surroundings } from './reference.ts';
import type { ReferenceStore } from './reference-store.ts';
import { type Registration, registrationOf } from './registration.ts';
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

/** What waits in the queue: a message, or an actor to be made and its first message. */
interface Waiting {
  from: EntityRef | null;
  to: EntityRef;
  event: AnyActorEvent;
  make: { input: unknown } | null;
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
  readonly #hosts = new Map<EntityRef, ActorHost>();
  readonly #refsByKind = new Map<EntityKind, Set<string>>();
  /** Least recently used first. */
  readonly #awake = new Set<ActorHost>();
  readonly #isVirtual: boolean;
  #queue: Waiting[] = [];
  #queueAt = 0;
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
    const made = actors.filter(({ ref }) => !this.#hosts.has(ref));
    if (made.length === 0) return;
    this.#batch.effects.push(...effects);
    for (const { to, event } of deliveries) this.#queue.push({ from: null, to, event, make: null });
    for (const { ref, input } of made) this.#create(ref, input);
    this.#runQueue();
  }

  /** Puts actors back as they were stored, asleep, their timers armed. @throws InvariantError when one exists already */
  restore(snapshots: Iterable<StoredSnapshot>, nowMs: number): void {
    this.#clock.standAt(Math.max(nowMs, this.#clock.nowMs));
    for (const stored of snapshots) {
      const ref = refOf(stored.machine, stored.id);
      assert(!this.#hosts.has(ref), `${ref} is restored twice`);
      const current = stored.version === machineVersion(stored.machine) ? stored : migrate(stored);
      const host = this.#host(ref);
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
    const actors = { has: (ref: EntityRef) => this.#hosts.has(ref), view: this.view.bind(this), refs: this.refs.bind(this) };
    const routed = routeIntent(input, this.#surroundings, actors);
    for (const each of routed ?? []) this.#take(each);
    this.#batch.effects.push(...answerIntent(input, routed, this.#batch.effects.slice(before)));
  }

  #take(routed: Routed): void {
    switch (routed.kind) {
      case 'tell':
        this.#queue.push({ from: null, to: routed.to, event: routed.event, make: null });
        break;
      case 'create':
        this.#queue.push({ from: null, to: routed.ref, event: routed.first, make: { input: routed.input } });
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

  #agree(routed: Extract<Routed, { kind: 'agreed' | 'withdrawn' }>): void {
    assert(this.#agreements !== undefined, 'this network takes no agreements');
    if (routed.kind === 'agreed') this.#agreements.apply(changeOf(routed.agreement));
    else this.#agreements.withdraw(routed.agreement);
  }

  #changeRoster({ act, by, intentId }: Extract<Routed, { kind: 'roster' }>): void {
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
    this.#leaving.push(...taken.retires.flatMap((ref) => this.#hosts.get(ref) ?? []));
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
    const dueAtMs = this.#clock.nextDueMs;
    assert(dueAtMs !== null && this.#fireNext(dueAtMs), 'no timer is armed');
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

  /** Effects since the last time, of a network of which nothing is stored. */
  takeEffects(): Effect[] {
    return this.#batch.effects.splice(0);
  }

  view(ref: EntityRef): { value: unknown; context: unknown } | undefined {
    const host = this.#hosts.get(ref);
    return host && { value: host.value, context: host.context };
  }

  /** Ids of the actors of a kind. */
  refs(kind: EntityKind): Iterable<string> {
    return this.#refsByKind.get(kind) ?? [];
  }

  get size(): number {
    return this.#hosts.size;
  }

  /** Every actor as it would be stored now: a checkpoint, or a state to compare. */
  *snapshots(): Iterable<StoredSnapshot> {
    for (const host of this.#hosts.values()) yield this.#store(host);
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
    for (let count = 0; this.#queueAt < this.#queue.length; count += 1) {
      const waiting = this.#queue[this.#queueAt];
      this.#queueAt += 1;
      if (!(count < MESSAGES_PER_INPUT_MAX))
        violated(`more than ${MESSAGES_PER_INPUT_MAX} messages for one input, the last to ${waiting?.to}`);
      if (waiting) this.#deliver(waiting);
      if (this.#leaving.length > 0) this.#leave();
    }
    this.#queue.length = 0;
    this.#queueAt = 0;
    if (this.#awake.size > this.#awakeMax) this.#sleepOldest();
  }

  #deliver({ from, to, event, make }: Waiting): void {
    const host = this.#hosts.get(to) ?? (make === null ? undefined : this.#create(to, make.input));
    this.delivered += 1;
    if (host) host.send(event);
    else if (from === null || event.type === 'delivery.bounced') this.#batch.undelivered.push({ to, event: event.type });
    else {
      const bounced = { type: 'delivery.bounced', atMs: this.#clock.nowMs, to, eventType: event.type } as const;
      this.#queue.push({ from: null, to: from, event: bounced, make: null });
    }
  }

  /** Called while an actor runs: only notes what it wants, because what throws here would be lost in XState. */
  #emitted(host: ActorHost, emitted: Emitted): void {
    switch (emitted.type) {
      case 'tell':
        this.#queue.push({ from: host.ref, to: emitted.to, event: emitted.event, make: null });
        break;
      case 'create':
        this.#queue.push({ from: host.ref, to: emitted.ref, event: emitted.first, make: { input: emitted.input } });
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

  #create(ref: EntityRef, input: unknown): ActorHost {
    this.#batch.retired.delete(ref);
    const host = this.#host(ref);
    host.create(input);
    return host;
  }

  #host(ref: EntityRef): ActorHost {
    const { kind, id } = parseRef(ref);
    const host = this.#makeHost({ ref, kind, services: this.#services });
    this.#hosts.set(ref, host);
    const ids = this.#refsByKind.get(kind);
    if (ids) ids.add(id);
    else this.#refsByKind.set(kind, new Set([id]));
    return host;
  }

  #changed(host: ActorHost, from: unknown, event: string): void {
    if (host.done) this.#leaving.push(host);
    if (this.#isVirtual) return;
    this.#dirty.add(host);
    const [before, after] = [stateText(from), stateText(host.value)];
    if (before !== after) this.#batch.transitions.push({ atMs: this.#clock.nowMs, ref: host.ref, from: before, to: after, event });
  }

  #leave(): void {
    for (const host of this.#leaving) {
      if (this.#hosts.get(host.ref) !== host) continue;
      host.end();
      this.#hosts.delete(host.ref);
      this.#awake.delete(host);
      this.#dirty.delete(host);
      const { kind, id } = parseRef(host.ref);
      this.#refsByKind.get(kind)?.delete(id);
      forgetRef(kind, id);
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
