import type { Effect } from '@corridor/actors/network/effect';
import { COMMAND_REPLY_TIMEOUT_MS } from '@corridor/protocols/cmd/command';
import type { RefusalNotice } from '@corridor/protocols/cmd/refusal-notice';
import { isToken } from '@corridor/protocols/ids';
import type { SourceKind } from '@corridor/protocols/subject';
import { subject } from '@corridor/protocols/subject';
import type { Refused } from '@corridor/protocols/twin/twin-event';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { RefusedMessage } from '../ingest/event-intake.ts';
import type { Log } from '../log.ts';
import type { SourcePosition } from '../writer/sequencer.ts';
import { twinPublications } from './after-commit.ts';

export interface OutletOptions {
  nc: NatsConnection;
  scope: string;
  log: Log;
  newId: () => string;
  /** Scope time at an instant of the last while, both ms. */
  scopeAtWall: (wallMs: number) => number;
}

/** What a refused message keeps of its bytes. */
const REFUSED_BYTES = 4_096;
const DETAIL_MAX = 1_000;
const SUBJECT_MAX = 512;
const MESSAGE_ID_MAX = 256;
/** Publications under way to the streams; what comes beyond is dropped, for the database has it. */
const IN_FLIGHT_MAX = 2_000;
const TIME_SYNC_VALID_MS = 60_000;

/** Everything that the platform says on NATS beside commands: acknowledgements, conclusions, refusals, the time. */
export class Outlet {
  readonly #options: OutletOptions;
  #inFlight = 0;
  #dropped = 0;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Everything of the source up to here is committed. */
  ack(source: string, position: SourcePosition): void {
    const { kind, id } = splitSource(source);
    const message = { bootId: Math.max(1, position.bootId), evtSeq: position.bootId === 0 ? 0 : position.seq };
    this.#options.nc.publish(subject.ack(this.#options.scope, kind, id), JSON.stringify(message));
  }

  concluded(effects: readonly Effect[]): void {
    for (const publication of twinPublications(effects, this.#options.scope)) {
      this.#toStream(publication.subject, JSON.stringify(publication.message));
    }
  }

  refused({ message, reason, detail }: RefusedMessage): void {
    const [, , , , source, lane] = message.subject.split('.');
    const refused: Refused = {
      subject: message.subject.slice(0, SUBJECT_MAX),
      reason,
      detail: detail.slice(0, DETAIL_MAX),
      at: this.#atText(message.storedWallMs),
      bytesBase64: Buffer.from(message.data.subarray(0, REFUSED_BYTES)).toString('base64'),
    };
    this.#toStream(subject.refused(this.#options.scope, tokenOr(source), tokenOr(lane)), JSON.stringify(refused));
  }

  /** Tells a source that a message of its own was refused; nothing when the subject names none. */
  refusalNotice({ message, reason, detail }: RefusedMessage, moreRefused: number): void {
    const { nc, scope } = this.#options;
    const [, , at, kind, id] = message.subject.split('.');
    if (at !== scope || (kind !== 'station' && kind !== 'truck') || id === undefined || !isToken(id)) return;
    const notice: RefusalNotice = {
      subject: message.subject.slice(0, SUBJECT_MAX),
      messageId: message.messageId === '' ? null : message.messageId.slice(0, MESSAGE_ID_MAX),
      reason,
      detail: detail.slice(0, DETAIL_MAX),
      at: this.#atText(message.storedWallMs),
      moreRefused,
    };
    nc.publish(subject.refusalNotice(scope, kind, id), JSON.stringify(notice));
  }

  /** Tells a gateway the scope's time; the next one tells it again, so an answer is not waited for. */
  timeSync(kind: SourceKind, id: string, clock: { scopeAtMs: number; factor: number }): void {
    const { nc, scope, newId, log } = this.#options;
    const message = {
      commandId: newId(),
      issuedBy: 'platform',
      issuedAt: new Date(clock.scopeAtMs).toISOString(),
      expiresAt: new Date(clock.scopeAtMs + TIME_SYNC_VALID_MS * Math.max(1, clock.factor)).toISOString(),
      args: { scopeAt: new Date(clock.scopeAtMs).toISOString(), factor: clock.factor },
    };
    nc.request(subject.command(scope, kind, id, 'time', 'sync'), JSON.stringify(message), { timeout: COMMAND_REPLY_TIMEOUT_MS }).catch(
      (cause: unknown) => log.debug({ err: cause, id }, 'time.sync was not answered'),
    );
  }

  #atText(wallMs: number): string {
    return new Date(this.#options.scopeAtWall(wallMs)).toISOString();
  }

  #toStream(subjectText: string, text: string): void {
    if (this.#inFlight >= IN_FLIGHT_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#inFlight += 1;
    jetstream(this.#options.nc)
      .publish(subjectText, text)
      .catch((cause: unknown) => this.#options.log.debug({ err: cause, subject: subjectText }, 'a publication was lost'))
      .finally(() => {
        this.#inFlight -= 1;
      });
  }
}

export function splitSource(source: string): { kind: SourceKind; id: string } {
  const colon = source.indexOf(':');
  return { kind: source.slice(0, colon) === 'station' ? 'station' : 'truck', id: source.slice(colon + 1) };
}

const tokenOr = (text: string | undefined): string => (text && /^[A-Za-z0-9_-]{1,64}$/.test(text) ? text : 'unknown');
