import { violated } from '@corridor/protocols/assert';
import type { CompiledMachine } from './compiled-machine.ts';
import type { Configuration } from './configuration.ts';
import type { ContextShape } from './context-shape.ts';
import type { EngineContext, EngineEvent } from './engine-event.ts';
import type { Plan } from './plan.ts';
import { type Deferred, type Running, recipient } from './running.ts';

const NO_EVENT: EngineEvent = { type: '' };
const NO_CONTEXT: EngineContext = {};
/** XState's words. */
const tooMany = (most: number) =>
  `Infinite loop detected: the machine has processed more than ${most} microsteps without reaching a stable state.`;

/**
 * An actor while it runs: events in, each to quiescence, what it asks for kept in order until somebody does it. The actor itself
 * is untouched until then; when something throws, this is thrown away.
 */
export class Macrostep implements Running {
  active: Configuration;
  context: EngineContext = NO_CONTEXT;
  shape: ContextShape;
  event: EngineEvent = NO_EVENT;
  assigned = false;
  /** A final state of the root was reached. */
  done = false;
  /** What is to be done once this macrostep has ended. The list itself is kept and filled anew: the first `deferredCount` count. */
  readonly deferred: (Deferred | null)[] = [];
  deferredCount = 0;
  readonly #machine: CompiledMachine;
  #raised: EngineEvent[] | null = null;

  /** Of an actor that is not born yet. */
  constructor(machine: CompiledMachine) {
    this.#machine = machine;
    this.active = machine.unborn;
    this.shape = machine.shapes.any;
  }

  /** Of an actor that stands somewhere. What an event that failed left behind is forgotten. */
  begin(active: Configuration, context: EngineContext, shape: ContextShape): void {
    this.active = active;
    this.context = context;
    this.shape = shape;
    this.event = NO_EVENT;
    this.assigned = false;
    this.done = false;
    this.deferredCount = 0;
    this.#raised = null;
  }

  /** One event to quiescence; the first of an actor's life makes it. */
  take(event: EngineEvent): void {
    this.event = event;
    const plan = this.active === this.#machine.unborn ? this.#beBorn(event) : this.active.planFor(this);
    if (plan !== null) this.#run(plan);
    this.#settle();
  }

  #beBorn(event: EngineEvent): Plan {
    this.context = this.#machine.contextOf('input' in event ? event.input : undefined);
    this.shape = this.#machine.shapes.of(this.context);
    return this.#machine.birth;
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
    this.#defer({ kind: 'emit', emitted });
  }

  raiseAfter(event: EngineEvent, delayMs: unknown, timer: string): void {
    if (typeof delayMs === 'number') this.#defer({ kind: 'schedule', timer, event, delayMs });
    else this.raise(event);
  }

  sendTo(to: unknown, event: EngineEvent, delayMs: unknown, timer: string): void {
    const other = recipient(to);
    if (typeof delayMs !== 'number') this.#defer({ kind: 'send', to: other, event });
    else {
      if (other !== null) violated(`${timer} is a delayed event to somebody else, which no snapshot keeps`);
      this.#defer({ kind: 'schedule', timer, event, delayMs });
    }
  }

  cancel(timer: unknown): void {
    this.#defer({ kind: 'cancel', timer: String(timer) });
  }

  #defer(deferred: Deferred): void {
    this.deferred[this.deferredCount] = deferred;
    this.deferredCount += 1;
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
    let asksEventless = true;
    for (let count = 1; !this.done; count += 1) {
      if (count > this.#machine.microstepsMax) throw new Error(tooMany(this.#machine.microstepsMax));
      const eventless: Plan | null = asksEventless ? this.active.eventlessPlan(this) : null;
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
      const plan = this.active.planFor(this);
      if (plan !== null) this.#run(plan);
      asksEventless = true;
    }
    this.#raised = null;
  }
}
