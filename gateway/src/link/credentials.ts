import { readFileSync } from 'node:fs';

/** A creds file that cannot work: found before anything is tried with it. */
export class CredentialsError extends Error {
  readonly code: 'CREDS_UNREADABLE' | 'CREDS_MALFORMED' | 'CREDS_FOREIGN';
  constructor(code: CredentialsError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CredentialsError';
    this.code = code;
  }
}

/** Text of a creds file: a user JWT and its seed. */
export type Credentials = { text: string };

function jwtName(text: string): string | null {
  const jwt = /-----BEGIN NATS USER JWT-----\s+([\w-]+\.[\w-]+\.[\w-]+)\s/.exec(text)?.[1];
  const payload = jwt?.split('.')[1];
  if (payload === undefined || !/-----BEGIN USER NKEY SEED-----\s+SU[A-Z2-7]+\s/.test(text)) return null;
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { name?: unknown };
    return typeof claims.name === 'string' ? claims.name : null;
  } catch (cause) {
    throw new CredentialsError('CREDS_MALFORMED', 'credentials hold a JWT that is not readable', { cause });
  }
}

/**
 * Checks that credentials were made for this station: what it publishes under another name the server refuses message by
 * message, which is harder to see.
 * @throws CredentialsError
 */
export function checkCredentials(text: string, stationId: string, where: string): Credentials {
  const name = jwtName(text);
  if (name === null) {
    throw new CredentialsError('CREDS_MALFORMED', `${where} is not a NATS credentials file; have the platform issue it again`);
  }
  if (name !== stationId) throw new CredentialsError('CREDS_FOREIGN', `${where} was issued for ${name}, not for station ${stationId}`);
  return { text };
}

/** @throws CredentialsError */
export function readCredentials(path: string, stationId: string): Credentials {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const detail = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new CredentialsError('CREDS_UNREADABLE', `credentials file ${path} ${detail}`, { cause });
  }
  return checkCredentials(text, stationId, path);
}
