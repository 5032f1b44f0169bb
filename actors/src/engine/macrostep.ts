import { violated } from '@corridor/protocols/assert';
import type { CompiledMachine } from './compiled-machine.ts';
import type { Configuration } from './configuration.ts';
import type { ContextShape } from './context-shape.ts';
import { type EngineContext, type EngineEvent, NOTHING } from './engine-event.ts';
import type { Plan } from './plan.ts';
import { Deferred, type Recipient, type Running, recipient } from './running.ts';

const NO_EVENT: EngineEvent = { type: '' };
/** XState's words. */
const tooMany = (most: number) =>
  `Infinite loop detected: the machine has processed more than ${most} microsteps without reaching a stable state.`;

/**
 * An actor while it runs: events in, each to quiescence, what it asks for kept in order until somebody does it. The actor itself
 * is untouched until then; when something throws, this is thrown away.
 */
export class Macrostep implements Running {
  active: Configuration;
  context: EngineContext;
  shape: ContextShape;
  event: EngineEvent = NO_EVENT;
  assigned = false;
  /** A final state of the root was reached. */
  done = false;
  #deferred: Deferred | null = null;
  #lastDeferred: Deferred | null = null;
  readonly #machine: CompiledMachine;
  #raised: EngineEvent[] | null = null;

  /** Of an actor that stands somewhere, or is not born yet. */
  constructor(machine: CompiledMachine, active: Configuration, context: EngineContext, shape: ContextShape) {
    this.#machine = machine;
    this.active = active;
    this.context = context;
    this.shape = shape;
  }

  /** One event to quiescence. @param type of the event: looked up once, events have many shapes */
  take(event: EngineEvent, type: string): void {
    this.event = event;
    const plan = this.active.planFor(this, type);
    if (plan !== null) this.#run(plan);
    this.#settle();
  }

  /** The first event of an actor's life makes it. */
  beBorn(init: EngineEvent): void {
    this.event = init;
    this.context = this.#machine.contextOf('input' in init ? init.input : undefined);
    this.shape = this.#machine.shapes.of(this.context);
    this.#run(this.#machine.birth);
    this.#settle();
  }

  put(context: EngineContext): void {
    this.context = context;
    this.shape = this.#machine.shapes.of(context);
    this.assigned = true;
  }

  raise(event: EngineEvent): void {
    this.#raised ??= [];
    this.#raised.push(event);
  }

  emit(emitted: EngineEvent): void {
    if (emitted === NOTHING) return;
    this.#defer(new Deferred('emit', emitted, null, null, null));
  }

  raiseAfter(event: EngineEvent, delayMs: unknown, timer: string): void {
    if (typeof delayMs === 'number') this.#defer(new Deferred('schedule', event, timer, delayMs, null));
    else this.raise(event);
  }

  sendTo(to: unknown, event: EngineEvent, delayMs: unknown, timer: string): void {
    const other: Recipient | null = recipient(to);
    if (typeof delayMs !== 'number') this.#defer(new Deferred('send', event, null, null, other));
    else {
      if (other !== null) violated(`${timer} is a delayed event to somebody else, which no snapshot keeps`);
      this.#defer(new Deferred('schedule', event, timer, delayMs, null));
    }
  }

  cancel(timer: unknown): void {
    this.#defer(new Deferred('cancel', NO_EVENT, typeof timer === 'string' ? timer : String(timer), null, null));
  }

  #defer(deferred: Deferred): void {
    if (this.#lastDeferred === null) this.#deferred = deferred;
    else this.#lastDeferred.next = deferred;
    this.#lastDeferred = deferred;
  }

  /** What was asked for since the last time, for whoever does it: the first of it. */
  takeDeferred(): Deferred | null {
    const first = this.#deferred;
    this.#deferred = null;
    this.#lastDeferred = null;
    return first;
  }

  // What XState gives actions beside: parts of an actor system that compiled actors do not have.
  get self(): never {
    throw new TypeError('a compiled actor has no "self": it is reached by messages');
  }
  get system(): never {
    throw new TypeError('a compiled actor has no "system"');
  }
  get spawn(): never {
    throw new TypeError('a compiled actor spawns nothing: it emits "create"');
  }

  #run({ run, next, done }: Plan): void {
    if (run !== null) run(this);
    this.active = next;
    this.done = done;
  }

  /** Eventless transitions until there are none, then the next raised event, until there is none; the end drops the rest. */
  #settle(): void {
    // Most configurations do nothing without an event.
    if (!this.active.hasAlways && this.#raised === null) return;
    let asksEventless = true;
    for (let count = 1; !this.done; count += 1) {
      if (count > this.#machine.microstepsMax) throw new Error(tooMany(this.#machine.microstepsMax));
      const eventless: Plan | null = asksEventless && this.active.hasAlways ? this.active.eventlessPlan(this) : null;
      if (eventless !== null) {
        this.assigned = false;
        this.#run(eventless);
        // XState asks again when it has a new snapshot: other states, or an assign, whatever it assigned.
        asksEventless = eventless.moved || this.assigned;
        continue;
      }
      const raised = this.#raised?.shift();
      if (raised === undefined) break;
      this.event = raised;
      const plan = this.active.planFor(this, raised.type);
      if (plan !== null) this.#run(plan);
      asksEventless = true;
    }
    this.#raised = null;
  }
}
