import type { AnyActorEvent } from './actor-event.ts';
import { type EntityKind, type EntityRef, refOf } from './entity-ref.ts';

/** A message to another actor. It knows whom by kind and id, as the network finds actors: an address put together is one more text to look up. */
export class Tell {
  readonly type = 'tell';
  readonly kind: EntityKind;
  readonly id: string;
  readonly event: AnyActorEvent;

  constructor(kind: EntityKind, id: string, event: AnyActorEvent) {
    this.kind = kind;
    this.id = id;
    this.event = event;
  }

  get to(): EntityRef {
    return refOf(this.kind, this.id);
  }
}

/** The wish that an actor be made and told something; one that exists already only gets the message. */
export class Create {
  readonly type = 'create';
  readonly kind: EntityKind;
  readonly id: string;
  readonly input: unknown;
  /** What it is told first. */
  readonly event: AnyActorEvent;

  constructor(kind: EntityKind, id: string, { input, first }: { input: unknown; first: AnyActorEvent }) {
    this.kind = kind;
    this.id = id;
    this.input = input;
    this.event = first;
  }

  get ref(): EntityRef {
    return refOf(this.kind, this.id);
  }
}
