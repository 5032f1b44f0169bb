import type { Prng } from '@corridor/actors/time/prng';
import { type ParsedSubject, parseSubject, subject as subjects } from '@corridor/protocols/subject';
import { type CorruptionMemory, corruptTelemetry, type LooseEnvelope } from './corrupt.ts';
import { type Publication, withMessageId } from './nats-frames.ts';
import type { WireFault } from './wire-fault.ts';

/** What becomes of a publication: what goes out, when, and whether the sender is told that it arrived. */
export type Passage = { send: { publication: Publication; delayMs: number }[]; falseAck: boolean };

type Enveloped = Extract<ParsedSubject, { lane: 'tele' | 'evt' | 'res' }>;
const REPLAYS_KEPT = 20;

/** Decides, by the faults in force and a seed, what happens to each message on its way. */
export class FaultGate {
  readonly #prng: Prng;
  readonly #memory: CorruptionMemory = new Map();
  /** Messages seen lately, for those that come a second time much later. */
  readonly #old: Publication[] = [];
  #counter = 0;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** Forgets frozen values and counters: called when a fault ends. */
  forget(): void {
    this.#memory.clear();
  }

  pass(publication: Publication, faults: readonly WireFault[]): Passage {
    const passage: Passage = { send: [{ publication, delayMs: 0 }], falseAck: false };
    const subject = parseSubject(publication.subject);
    if (!subject || subject.lane === 'cmd' || subject.lane === 'ack') return passage;
    this.#counter += 1;
    const prng = this.#prng.fork(`message:${this.#counter}`);
    for (const fault of faults) {
      if (fault.sources.length > 0 && !fault.sources.includes(subject.id)) continue;
      if (prng.chance(fault.ratio)) this.#apply(fault, subject, passage, prng.fork(fault.kind));
    }
    this.#old.push(publication);
    if (this.#old.length > REPLAYS_KEPT) this.#old.shift();
    return passage;
  }

  #apply(fault: WireFault, subject: Enveloped, passage: Passage, prng: Prng): void {
    const [first] = passage.send;
    if (!first) return;
    switch (fault.kind) {
      case 'LATE':
        return hold(passage, prng.uniform(0.5, 1.5) * fault.delayMs);
      case 'REORDER':
        return hold(passage, prng.uniform(0.1, 1) * fault.holdMs);
      case 'DUPLICATE':
        for (let copy = 1; copy <= fault.copies; copy += 1) {
          passage.send.push({
            publication: withMessageId(first.publication, `:copy${copy}`),
            delayMs: first.delayMs + prng.uniform(0, 2_000),
          });
        }
        return;
      case 'LOST':
        passage.send = [];
        passage.falseAck = true;
        return;
      case 'FORGED':
        return this.#forge(fault.as, first.publication, passage);
      case 'HALF_SWAP':
        first.publication = halfSwap(first.publication, subject);
        return;
      case 'OFFLINE':
        // The connection itself is cut, elsewhere.
        return;
      default:
        first.publication = rewrite(first.publication, (envelope) => this.#falsify(fault, subject, envelope, prng));
    }
  }

  #falsify(fault: WireFault, subject: Enveloped, envelope: LooseEnvelope, prng: Prng): boolean {
    switch (fault.kind) {
      case 'CLOCK_SKEW':
        envelope.tsEvent = shifted(envelope.tsEvent, fault.offsetMs);
        envelope.tsSend = shifted(envelope.tsSend, fault.offsetMs);
        return true;
      case 'CLOCK_RESET': {
        const offsetMs = Date.UTC(fault.year, 0, 1) - Date.parse(envelope.tsSend.slice(0, 4));
        envelope.tsEvent = shifted(envelope.tsEvent, offsetMs);
        envelope.tsSend = shifted(envelope.tsSend, offsetMs);
        return true;
      }
      case 'SCHEMA_DRIFT':
        if (fault.drift === 'VERSION') envelope.schema = envelope.schema.replace(/\/\d+$/, '/99');
        else envelope.data['newInThisFirmware'] = 1;
        return true;
      default:
        return subject.lane === 'tele' && corruptTelemetry(fault, envelope, { prng, memory: this.#memory });
    }
  }

  /** Under another's name on the own subject, and something old once more. */
  #forge(as: string, publication: Publication, passage: Passage): void {
    const foreign = rewrite(publication, (envelope) => {
      envelope.src = as;
      return true;
    });
    passage.send.push({ publication: withMessageId(foreign, ':forged'), delayMs: 0 });
    const [old] = this.#old;
    if (old) passage.send.push({ publication: withMessageId(old, `:again${this.#counter}`), delayMs: 0 });
  }
}

/** The event that bills a swap never comes; a harmless one takes its number, so that the lane has no hole. */
function halfSwap(publication: Publication, subject: Enveloped): Publication {
  if (subject.lane !== 'evt' || subject.topic !== 'swap' || subject.event !== 'battery_out') return publication;
  const { id, scope } = subject;
  const replaced = rewrite(publication, (envelope) => {
    envelope.schema = 'evt.gateway.fault_cleared/1';
    envelope.data = {
      faultId: `half-${envelope.seq}`,
      code: 'EVENT_OVERWRITTEN',
      level: 1,
      scope: 'gateway',
      scopeId: id,
      detail: 'stands in the place of a lost event',
    };
    return true;
  });
  return { ...replaced, subject: subjects.stationEvent(scope, id, 'gateway', 'fault_cleared') };
}

function hold(passage: Passage, delayMs: number): void {
  for (const item of passage.send) item.delayMs += Math.round(delayMs);
  passage.falseAck = true;
}

const shifted = (time: string, offsetMs: number) => new Date(Math.max(0, Date.parse(time) + offsetMs)).toISOString();

/** @returns the publication with its envelope changed, or as it was when that is no envelope or the change declines */
export function rewrite(publication: Publication, change: (envelope: LooseEnvelope) => boolean): Publication {
  let envelope: LooseEnvelope;
  try {
    envelope = JSON.parse(publication.payload.toString('utf8')) as LooseEnvelope;
  } catch {
    // Not JSON: broken already, and passed on as it is.
    return publication;
  }
  return change(envelope) ? { ...publication, payload: Buffer.from(JSON.stringify(envelope)) } : publication;
}
