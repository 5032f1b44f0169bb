import { parseSubject, type SourceKind } from '@corridor/protocols/subject';
import type { Lane } from '../completeness/lane-book.ts';
import type { StreamMessage } from './event-intake.ts';

export interface MessageNumber {
  /** `station:HH1` */
  readonly source: string;
  readonly sourceKind: SourceKind;
  readonly sourceId: string;
  readonly bootId: number;
  readonly seq: number;
}

const text = new TextDecoder();

/** Number of a message that did not decode: from its body where that can be read, else from the id it was published with. */
export function numberOf({ subject, data, messageId }: StreamMessage, wanted: Lane): MessageNumber | null {
  const parsed = parseSubject(subject);
  if (!parsed) return null;
  const head = { source: `${parsed.source}:${parsed.id}`, sourceKind: parsed.source, sourceId: parsed.id };
  const inBody = numberInBody(data, parsed.id);
  if (inBody) return { ...head, ...inBody };
  const [src, bootId, lane, seq] = messageId.split(':');
  if (src !== parsed.id || lane !== wanted || !isNumber(Number(bootId)) || !isNumber(Number(seq))) return null;
  return { ...head, bootId: Number(bootId), seq: Number(seq) };
}

function numberInBody(data: Uint8Array, id: string): { bootId: number; seq: number } | null {
  let body: unknown;
  try {
    body = JSON.parse(text.decode(data));
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
  if (typeof body !== 'object' || body === null) return null;
  const { src, bootId, seq } = body as Record<string, unknown>;
  if (src !== id || typeof bootId !== 'number' || typeof seq !== 'number' || !isNumber(bootId) || !isNumber(seq)) return null;
  return { bootId, seq };
}

const isNumber = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
