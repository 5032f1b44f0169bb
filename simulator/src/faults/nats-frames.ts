/** What a NATS client sends, cut into frames. Only publications are looked into; the rest passes as it came. */
export type Publication = {
  kind: 'PUBLICATION';
  subject: string;
  /** Where the acknowledgement goes; null = none is wanted. */
  reply: string | null;
  /** Header block with its own end, or null. */
  headers: string | null;
  payload: Buffer;
};
export type Subscription = { kind: 'SUBSCRIPTION'; subject: string; sid: string; raw: Buffer };
export type OtherFrame = { kind: 'OTHER'; raw: Buffer };
export type Frame = Publication | Subscription | OtherFrame;

export class FrameError extends Error {
  readonly code = 'NATS_FRAME';
}

const CRLF = Buffer.from('\r\n');
const LINE_BYTES_MAX = 1 << 16;
const PAYLOAD_BYTES_MAX = 1 << 24;

/** Takes bytes as they come and gives back whole frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws FrameError when this is not the protocol */
  push(bytes: Buffer): Frame[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | null {
    const end = this.#rest.indexOf(CRLF);
    if (end < 0) {
      if (this.#rest.length > LINE_BYTES_MAX) throw new FrameError('line without end');
      return null;
    }
    const line = this.#rest.toString('latin1', 0, end);
    const words = line.trim().split(/\s+/);
    const operation = (words[0] ?? '').toUpperCase();
    if (operation === 'PUB' || operation === 'HPUB') return this.#publication(operation, words, end + 2);
    const raw = this.#take(end + 2);
    const [, subject, ...more] = words;
    if (operation === 'SUB' && subject !== undefined) return { kind: 'SUBSCRIPTION', subject, sid: more.at(-1) ?? '', raw };
    return { kind: 'OTHER', raw };
  }

  #publication(operation: 'PUB' | 'HPUB', words: string[], start: number): Publication | null {
    const sizes = operation === 'PUB' ? 1 : 2;
    const total = Number(words.at(-1));
    const headerBytes = operation === 'PUB' ? 0 : Number(words.at(-2));
    if (!Number.isInteger(total) || total < 0 || total > PAYLOAD_BYTES_MAX || !(headerBytes >= 0 && headerBytes <= total)) {
      throw new FrameError(`sizes of "${words.join(' ').slice(0, 200)}"`);
    }
    if (this.#rest.length < start + total + 2) return null;
    const frame = this.#take(start + total + 2);
    return {
      kind: 'PUBLICATION',
      subject: words[1] ?? '',
      reply: words.length > 2 + sizes ? (words[2] ?? null) : null,
      headers: headerBytes === 0 ? null : frame.toString('latin1', start, start + headerBytes),
      payload: frame.subarray(start + headerBytes, start + total),
    };
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

/** A publication as it goes over the wire. */
export function publicationBytes({ subject, reply, headers, payload }: Publication): Buffer {
  const to = reply === null ? subject : `${subject} ${reply}`;
  if (headers === null) return Buffer.concat([Buffer.from(`PUB ${to} ${payload.length}\r\n`), payload, CRLF]);
  const block = Buffer.from(headers, 'latin1');
  return Buffer.concat([Buffer.from(`HPUB ${to} ${block.length} ${block.length + payload.length}\r\n`), block, payload, CRLF]);
}

/** The same publication under another message id, so that a stream does not recognise it. */
export function withMessageId(publication: Publication, suffix: string): Publication {
  const headers = publication.headers?.replace(/^(Nats-Msg-Id:[^\r\n]*)/im, `$1${suffix}`) ?? null;
  return { ...publication, reply: null, headers };
}

/** What a server sends when a stream has taken a message. */
export function acknowledgement(reply: string, sid: string): Buffer {
  const body = JSON.stringify({ stream: 'LOST', seq: 1 });
  return Buffer.from(`MSG ${reply} ${sid} ${body.length}\r\n${body}\r\n`);
}
