import type { Database } from '../../db/db.ts';
import { pushAccount } from '../../nats/account-push.ts';
import { type Credentials, type GatewayKind, issueGateway, withRevocation } from '../../nats/enrolment.ts';
import { readOperatorKeys, writeOperatorKeys } from '../../nats/operator-keys.ts';

/** This twin holds no keys, so it cannot sign credentials. */
export class EnrolmentUnavailableError extends Error {
  readonly code = 'ENROLMENT_UNAVAILABLE';
  constructor() {
    super('this platform holds no keys to sign credentials with: set NATS_KEYS');
  }
}

export interface EnrolmentDeskOptions {
  database: Database;
  platformId: string;
  /** null: credentials are made elsewhere. */
  keysFile: string | null;
  natsUrl: string;
  scope: string;
  wallNowMs: () => number;
}

/** Signs credentials for gateways and withdraws them; who holds which is kept by public key, never the secret itself. */
export class EnrolmentDesk {
  readonly #options: EnrolmentDeskOptions;
  #revoking: Promise<unknown> = Promise.resolve();

  constructor(options: EnrolmentDeskOptions) {
    this.#options = options;
  }

  /** @throws EnrolmentUnavailableError */
  async enrol(kind: GatewayKind, id: string, by: string): Promise<Credentials> {
    const { database, platformId, wallNowMs } = this.#options;
    const credentials = await issueGateway(this.#keys(), kind, id);
    await database.pool.query(
      `insert into gateway_credential (platform_id, public_key, gateway_kind, gateway_id, issued_at, issued_by) values ($1, $2, $3, $4, $5, $6)`,
      [platformId, credentials.publicKey, kind, id, new Date(wallNowMs()), by],
    );
    return credentials;
  }

  /** Withdraws all credentials of a gateway; connected ones are cut off. @returns how many there were   @throws EnrolmentUnavailableError */
  async revoke(kind: GatewayKind, id: string, by: string): Promise<number> {
    // One after the other: the servers keep the account that reaches them last.
    const revoked = this.#revoking.then(async () => this.#revoke(kind, id, by));
    this.#revoking = revoked.catch(() => undefined); // told to whoever asked
    return revoked;
  }

  async #revoke(kind: GatewayKind, id: string, by: string): Promise<number> {
    const { database, platformId, keysFile, natsUrl, scope, wallNowMs } = this.#options;
    const { rows } = await database.pool.query<{ public_key: string }>(
      'select public_key from gateway_credential where platform_id = $1 and gateway_kind = $2 and gateway_id = $3 and revoked_at is null',
      [platformId, kind, id],
    );
    if (rows.length === 0) return 0;
    let keys = this.#keys();
    for (const { public_key } of rows) keys = withRevocation(keys, public_key, wallNowMs());
    if (keysFile !== null) writeOperatorKeys(keysFile, keys);
    await pushAccount({ url: natsUrl, keys, scope });
    await database.pool.query(
      `update gateway_credential set revoked_at = $4, revoked_by = $5
        where platform_id = $1 and gateway_kind = $2 and gateway_id = $3 and revoked_at is null`,
      [platformId, kind, id, new Date(wallNowMs()), by],
    );
    return rows.length;
  }

  #keys() {
    const keys = this.#options.keysFile === null ? null : readOperatorKeys(this.#options.keysFile);
    if (keys === null) throw new EnrolmentUnavailableError();
    return keys;
  }
}
