import type { SignalReader } from '@corridor/actors/network/reference';
import { assert } from '@corridor/protocols/assert';

/** Last values that actors asked for during one delivery, by what was asked: they are the same however often an engine asks. */
export type Answers = Record<string, number | string | null>;
interface Delivered {
  answers?: Answers;
}

const keyOf = (kind: string, id: string, signal: string): string => `${kind} ${id} ${signal}`;

/** Another reader, with what it answers written down at the delivery under way. */
export class RecordingSignals implements SignalReader {
  readonly #signals: SignalReader;
  #delivery: Delivered | null = null;

  constructor(signals: SignalReader) {
    this.#signals = signals;
  }

  under(delivery: Delivered): void {
    this.#delivery = delivery;
  }

  number: SignalReader['number'] = (kind, id, signal) => this.#noted(keyOf(kind, id, signal), this.#signals.number(kind, id, signal));
  text: SignalReader['text'] = (kind, id, signal) => this.#noted(keyOf(kind, id, signal), this.#signals.text(kind, id, signal));
  reportedAtMs: SignalReader['reportedAtMs'] = (kind, id) =>
    this.#noted(keyOf(kind, id, 'reportedAtMs'), this.#signals.reportedAtMs(kind, id));

  #noted<Answer extends number | string | null>(key: string, answer: Answer): Answer {
    if (this.#delivery !== null) (this.#delivery.answers ??= {})[key] = answer;
    return answer;
  }
}

/** What was answered when it was recorded. */
export class RecordedSignals implements SignalReader {
  #answers: Answers = {};

  under({ answers = {} }: Delivered): void {
    this.#answers = answers;
  }

  number: SignalReader['number'] = (kind, id, signal) => this.#numberOf(keyOf(kind, id, signal));
  reportedAtMs: SignalReader['reportedAtMs'] = (kind, id) => this.#numberOf(keyOf(kind, id, 'reportedAtMs'));
  text: SignalReader['text'] = (kind, id, signal) => {
    const answer = this.#answers[keyOf(kind, id, signal)];
    assert(answer === null || typeof answer === 'string', `nobody asked for the ${signal} of ${kind} ${id}`);
    return answer;
  };

  #numberOf(key: string): number {
    const answer = this.#answers[key];
    assert(typeof answer === 'number', `nobody asked for ${key}`);
    return answer;
  }
}
