import { randomBytes } from 'node:crypto';
import type { Rights } from '../projection/rights.ts';

/** How long a ticket may be used [wall ms], and how many may be open. */
const TICKET_MS = 30_000;
const TICKETS_MAX = 10_000;

/** What a ticket is worth. */
export interface Admission {
  readonly rights: Rights;
  /** Wall time at which the token that the ticket was got with counts no longer: whoever came in by it leaves then. */
  readonly countsUntilMs: number;
}

/**
 * One-time tickets for `/ws`: a browser cannot send a bearer token with a WebSocket, and a token in an address ends in
 * logs. A ticket is worth nothing after its first use.
 */
export class Tickets {
  readonly #wallNowMs: () => number;
  readonly #open = new Map<string, { admission: Admission; untilMs: number }>();

  constructor(wallNowMs: () => number) {
    this.#wallNowMs = wallNowMs;
  }

  issue(admission: Admission): { ticket: string; expiresInMs: number } {
    this.#dropOld();
    const ticket = randomBytes(24).toString('base64url');
    this.#open.set(ticket, { admission, untilMs: this.#wallNowMs() + TICKET_MS });
    return { ticket, expiresInMs: TICKET_MS };
  }

  /** @returns null when there is no such ticket, or it was used, or it is too old */
  redeem(ticket: string): Admission | null {
    const open = this.#open.get(ticket);
    this.#open.delete(ticket);
    return open && open.untilMs >= this.#wallNowMs() ? open.admission : null;
  }

  /** Insertion order is age: the first ones go, also when there are too many. */
  #dropOld(): void {
    const nowMs = this.#wallNowMs();
    for (const [ticket, { untilMs }] of this.#open) {
      if (untilMs >= nowMs && this.#open.size < TICKETS_MAX) return;
      this.#open.delete(ticket);
    }
  }
}
