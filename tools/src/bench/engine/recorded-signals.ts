import type { SignalReader } from '@corridor/actors/network/reference';
import { assert } from '@corridor/protocols/assert';

/** A last value that an actor asked for, with what it asked. */
export interface Answer {
  kind: string;
  id: string;
  signal: string;
  value: number | string | null;
}

interface Delivered {
  answers?: Answer[];
}

const REPORTED_AT = 'reportedAtMs';

/** They are few a delivery, so that looking through them costs an actor less than any key would. */
function answerTo(answers: readonly Answer[], kind: string, id: string, signal: string): Answer | undefined {
  for (const answer of answers) if (answer.signal === signal && answer.id === id && answer.kind === kind) return answer;
  return undefined;
}

/** Another reader, with what it answers written down at the delivery under way: it is the same however often an engine asks. */
export class RecordingSignals implements SignalReader {
  readonly #signals: SignalReader;
  #delivery: Delivered | null = null;

  constructor(signals: SignalReader) {
    this.#signals = signals;
  }

  under(delivery: Delivered): void {
    this.#delivery = delivery;
  }

  number: SignalReader['number'] = (kind, id, signal) => this.#noted(kind, id, signal, this.#signals.number(kind, id, signal));
  text: SignalReader['text'] = (kind, id, signal) => this.#noted(kind, id, signal, this.#signals.text(kind, id, signal));
  reportedAtMs: SignalReader['reportedAtMs'] = (kind, id) => this.#noted(kind, id, REPORTED_AT, this.#signals.reportedAtMs(kind, id));

  #noted<Value extends Answer['value']>(kind: string, id: string, signal: string, value: Value): Value {
    if (this.#delivery === null) return value;
    this.#delivery.answers ??= [];
    const { answers } = this.#delivery;
    const known = answerTo(answers, kind, id, signal);
    if (known === undefined) answers.push({ kind, id, signal, value });
    else known.value = value;
    return value;
  }
}

/** What was answered when it was recorded. */
export class RecordedSignals implements SignalReader {
  #answers: readonly Answer[] = [];

  under(answers: readonly Answer[]): void {
    this.#answers = answers;
  }

  number: SignalReader['number'] = (kind, id, signal) => this.#numberOf(kind, id, signal);
  reportedAtMs: SignalReader['reportedAtMs'] = (kind, id) => this.#numberOf(kind, id, REPORTED_AT);
  text: SignalReader['text'] = (kind, id, signal) => {
    const value = answerTo(this.#answers, kind, id, signal)?.value;
    if (value !== null && typeof value !== 'string') assert(false, `nobody asked for the ${signal} of ${kind} ${id}`);
    return value;
  };

  #numberOf(kind: string, id: string, signal: string): number {
    const value = answerTo(this.#answers, kind, id, signal)?.value;
    if (typeof value !== 'number') assert(false, `nobody asked for ${signal} of ${kind} ${id}`);
    return value;
  }
}
