import type { Timer } from '../time/virtual-clock.ts';

/** A timer of an actor, known to its clock and to the actor as one object. */
export class HeldTimer implements Timer {
  readonly owner: { fired(held: HeldTimer): void };
  readonly name: string;
  readonly event: string;
  readonly dueAtMs: number;
  readonly seq: number;
  armed = true;
  /** The one that a cancel of this name takes back: XState books one timer a name. */
  booked = true;

  constructor(owner: HeldTimer['owner'], name: string, event: string, dueAtMs: number, seq: number) {
    this.owner = owner;
    this.name = name;
    this.event = event;
    this.dueAtMs = dueAtMs;
    this.seq = seq;
  }

  fire(): void {
    this.owner.fired(this);
  }
}
