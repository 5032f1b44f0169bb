import type { ActorHost } from './actor-host.ts';
import type { Create, Tell } from './message.ts';

/** Places that are kept when nothing waits. */
const KEPT_MAX = 1_000;

/** What waits for its turn, first in, first out, and beside it who sent it: two lists that stay, not one of pairs, for there are millions. */
export class Mailbox {
  readonly #messages: (Tell | Create)[] = [];
  /** null: it came from outside. */
  readonly #senders: (ActorHost | null)[] = [];
  #first = 0;
  #end = 0;

  push(message: Tell | Create, sender: ActorHost | null): void {
    this.#messages[this.#end] = message;
    this.#senders[this.#end] = sender;
    this.#end += 1;
  }

  /** Who sent what is taken next. */
  get sender(): ActorHost | null {
    return this.#senders[this.#first] ?? null;
  }

  /** Who sent what was taken last; null: it came from outside, or nothing was taken since all was done, as when a timer fires. */
  get teller(): ActorHost | null {
    return this.#first === 0 ? null : (this.#senders[this.#first - 1] ?? null);
  }

  /** @returns null: nothing waits */
  take(): Tell | Create | null {
    if (this.#first === this.#end) return null;
    const message = this.#messages[this.#first] ?? null;
    this.#first += 1;
    return message;
  }

  /** Nothing waits any more. What was taken is written over: to shorten the lists costs more than what they hold until then. */
  rewind(): void {
    this.#first = 0;
    this.#end = 0;
    if (this.#messages.length <= KEPT_MAX) return;
    this.#messages.length = 0;
    this.#senders.length = 0;
  }
}
