/** What an engine knows of an event; the rest is between the network and the machines. */
export interface EngineEvent {
  readonly type: string;
}

export type EngineContext = Readonly<Record<string, unknown>>;

/** What guards and params are given. */
export interface Seen {
  readonly context: EngineContext;
  readonly event: EngineEvent;
}

/** A function of a machine's definition. */
export type Expression = (seen: Seen, params?: unknown) => unknown;

/**
 * What actions are given. XState adds itself, its system and a way to spawn: parts of an actor system that compiled actors do not
 * have.
 */
export class ActionArguments implements Seen {
  readonly context: EngineContext;
  readonly event: EngineEvent;
  constructor(context: EngineContext, event: EngineEvent) {
    this.context = context;
    this.event = event;
  }
  get self(): never {
    throw new TypeError('a compiled actor has no "self": it is reached by messages');
  }
  get system(): never {
    throw new TypeError('a compiled actor has no "system"');
  }
  get spawn(): never {
    throw new TypeError('a compiled actor spawns nothing: it emits "create"');
  }
}
