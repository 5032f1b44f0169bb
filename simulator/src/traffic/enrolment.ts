import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SourceKind } from '@corridor/protocols/subject';
import type { Logger } from 'pino';
import { type TwinApi, whenReachable } from './twin-api.ts';

const PATHS: Record<SourceKind, string> = { station: 'stations', truck: 'trucks' };

export class EnrolmentError extends Error {
  readonly code = 'ENROLMENT';
}

/** Fetches the NATS credentials of stations and trucks once from the twin, and keeps them for its own eyes only. */
export class Enrolment {
  readonly #api: TwinApi;
  readonly #dir: string;
  readonly #signal: AbortSignal;
  readonly #log: Logger;

  constructor({ api, dir, signal, log }: { api: TwinApi; dir: string; signal: AbortSignal; log: Logger }) {
    this.#api = api;
    this.#dir = dir;
    this.#signal = signal;
    this.#log = log;
  }

  /** @returns text of a creds file */
  async credentials(kind: SourceKind, id: string): Promise<string> {
    const path = this.#path(kind, id);
    return existsSync(path) ? readFileSync(path, 'utf8') : await this.#enrol(kind, id, path);
  }

  /** The server refused what we have: forget it, so that the next call enrols again. */
  forget(kind: SourceKind, id: string): void {
    rmSync(this.#path(kind, id), { force: true });
  }

  #path(kind: SourceKind, id: string): string {
    return join(this.#dir, `${kind}-${id}.creds`);
  }

  async #enrol(kind: SourceKind, id: string, path: string): Promise<string> {
    const answer = await whenReachable(
      () => this.#api.post(`/api/v1/${PATHS[kind]}/${id}/credentials`, {}),
      this.#signal,
      (cause) => this.#log.debug({ reason: cause.message }, 'enrolment waits for the twin'),
    );
    const creds = (answer as { creds?: unknown } | null)?.creds;
    if (typeof creds !== 'string') throw new EnrolmentError(`the twin gave no credentials for ${kind} ${id}`);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Renamed into place: a kill in between leaves no half file.
    writeFileSync(`${path}.new`, creds, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return creds;
  }
}
