import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '@corridor/gateway/journal/make-folder';
import type { SourceKind } from '@corridor/protocols/subject';
import type { Logger } from 'pino';
import { type TwinApi, whenReachable } from './twin-api.ts';

const PATHS: Record<SourceKind, string> = { station: 'stations', truck: 'trucks' };

export class EnrolmentError extends Error {
  readonly code = 'ENROLMENT';
}

export type Enrolled = {
  /** Text of a creds file. */
  creds: string;
  /** Server they are for, as the twin knows it; null when they come from the cache. */
  natsUrl: string | null;
};

/** Fetches the NATS credentials of stations and trucks once from the twin, and keeps them for its own eyes only. */
export class Enrolment {
  readonly #api: TwinApi;
  readonly #dir: string | null;
  readonly #signal: AbortSignal;
  readonly #log: Logger;

  /** @param dir where they are kept; null = enrol every time */
  constructor({ api, dir, signal, log }: { api: TwinApi; dir: string | null; signal: AbortSignal; log: Logger }) {
    this.#api = api;
    this.#dir = dir;
    this.#signal = signal;
    this.#log = log;
  }

  async credentials(kind: SourceKind, id: string): Promise<Enrolled> {
    const path = this.#path(kind, id);
    if (path !== null && existsSync(path)) return { creds: readFileSync(path, 'utf8'), natsUrl: null };
    return await this.#enrol(kind, id, path);
  }

  /** The server refused what we have: forget it, so that the next call enrols again. */
  forget(kind: SourceKind, id: string): void {
    const path = this.#path(kind, id);
    if (path !== null) rmSync(path, { force: true });
  }

  #path(kind: SourceKind, id: string): string | null {
    return this.#dir === null ? null : join(this.#dir, `${kind}-${id}.creds`);
  }

  async #enrol(kind: SourceKind, id: string, path: string | null): Promise<Enrolled> {
    const answer = (await whenReachable(
      () => this.#api.post(`/api/v1/${PATHS[kind]}/${id}/credentials`, {}),
      this.#signal,
      (cause) => this.#log.debug({ reason: cause.message }, 'enrolment waits for the twin'),
    )) as { creds?: unknown; natsUrl?: unknown } | null;
    const creds = answer?.creds;
    if (typeof creds !== 'string') throw new EnrolmentError(`the twin gave no credentials for ${kind} ${id}`);
    if (path !== null) keep(path, creds);
    return { creds, natsUrl: typeof answer?.natsUrl === 'string' ? answer.natsUrl : null };
  }
}

/** Renamed into place: a kill in between leaves no half file. */
function keep(path: string, creds: string): void {
  makeFolder(dirname(path), 0o700);
  writeFileSync(`${path}.new`, creds, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
