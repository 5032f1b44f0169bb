/** What an engine knows of an event; the rest is between the network and the machines. */
export interface EngineEvent {
  readonly type: string;
}

/** What a rule emits that has nothing to say, as most to most events. The compiled engine passes this one object on to nobody. */
export const NOTHING = { type: 'many', emitted: [] } as const satisfies EngineEvent & { emitted: readonly [] };

export type EngineContext = Readonly<Record<string, unknown>>;

/** What guards, params and actions are given. It is the actor at work itself: none of them may keep it. */
export interface Seen {
  readonly context: EngineContext;
  readonly event: EngineEvent;
}

/** A function of a machine's definition. */
export type Expression = (seen: Seen, params?: unknown) => unknown;
