import type { Log } from '../log.ts';
import type { RefusedMessage } from './event-intake.ts';

/** A source that goes on with the same mistake is named this often [wall ms]. */
const AGAIN_MS = 60_000;
const MISTAKES_MAX = 1_000;

/** Refused in a minute, after a minute: a gateway sends again what is not confirmed. Duplicates of an earlier boot are fewer, and soon over. */
const LOCKED_OUT_MIN = 5;

/** A source whose boots go on being refused: nothing that happens there arrives any more. @param more refused since it was last said */
export const isLockOut = ({ reason }: Pick<RefusedMessage, 'reason'>, more: number): boolean =>
  (reason === 'BOOT_WENT_BACK' || reason === 'BOOT_IMPLAUSIBLE') && more >= LOCKED_OUT_MIN;

interface Mistake {
  saidAtMs: number;
  /** Refused since it was last said. */
  unsaid: number;
}

/**
 * Tells the platform's operator, and the source itself by a notice, what was refused: the stream has confirmed it. The first of each source and reason at once, the others counted and said each minute, because a broken gateway repeats itself.
 */
export class RefusalLog {
  readonly #log: Pick<Log, 'warn'>;
  readonly #wallNowMs: () => number;
  readonly #tell: (refused: RefusedMessage, more: number) => void;
  readonly #mistakes = new Map<string, Mistake>();

  /** @param tell passes on what is said; `more`: others of this source and reason since it was last said */
  constructor(log: Pick<Log, 'warn'>, wallNowMs: () => number, tell: (refused: RefusedMessage, more: number) => void) {
    this.#log = log;
    this.#tell = tell;
    this.#wallNowMs = wallNowMs;
  }

  note(refused: RefusedMessage): void {
    const { reason, detail } = refused;
    const { subject, messageId } = refused.message;
    const nowMs = this.#wallNowMs();
    const key = `${subject.split('.').slice(2, 5).join('.')} ${reason}`;
    const before = this.#mistakes.get(key);
    if (before !== undefined && nowMs - before.saidAtMs < AGAIN_MS) {
      before.unsaid += 1;
      return;
    }
    if (this.#mistakes.size >= MISTAKES_MAX) this.#mistakes.clear();
    this.#mistakes.set(key, { saidAtMs: nowMs, unsaid: 0 });
    const unsaid = before?.unsaid ?? 0;
    this.#log.warn({ subject, messageId, reason, detail, unsaid }, 'a message was refused');
    this.#tell(refused, unsaid);
  }
}
