import type { RosterKind } from '@corridor/actors/roster/roster-life';
import { type Database, inTransaction } from '../db/db.ts';
import { IdentityUnreadableError, type IdentityVault } from '../identity/identity-vault.ts';
import type { Log } from '../log.ts';
import { type Certifier, CertifierUnreachableError } from './certifier.ts';
import { checksDue, lockRegistration, postponeCheck, putSealed, sealedByOthers } from './registrations.queries.ts';
import { identityOf, type RosterDesk } from './roster-desk.ts';

export interface CertificationSideOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly desk: RosterDesk;
  /** null: people are certified by hand. */
  readonly certifier: Certifier | null;
  readonly vault: IdentityVault | null;
  readonly log: Log;
}

const CERTIFIER_USER = 'certifier';
const LOOK_MS = 1_000;
const CHECKS_AT_ONCE = 20;
/** Asked again after this, twice as long each time. */
const AGAIN_MS = 1_000;
const AGAIN_MS_MAX = 3_600_000;

/**
 * Has those who applied checked, and asks again until there is an answer. What is due stands in the database, so that a restart loses
 * no check; asked twice, the certifier knows it by its number.
 */
export class CertificationSide {
  readonly #options: CertificationSideOptions;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(options: CertificationSideOptions) {
    this.#options = options;
  }

  /** Seals anew what an older key sealed, and begins to look. @throws IdentityUnreadableError when a key is missing */
  async start(): Promise<void> {
    await this.#rotate();
    if (this.#options.certifier === null || this.#options.vault === null) return;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#looking;
  }

  async #rotate(): Promise<void> {
    const { database, platformId, vault, log } = this.#options;
    if (vault === null) return;
    const old = await sealedByOthers(database.pool, platformId, vault.currentKeyId);
    for (const file of old) {
      if (file.identity === null || file.identity_key === null) continue;
      const of = identityOf(platformId, file.kind, file.entity_id);
      const identity = vault.open({ keyId: file.identity_key, bytes: file.identity }, of);
      await putSealed(database.pool, platformId, file, vault.seal(identity, of));
    }
    if (old.length > 0) log.info({ registrations: old.length, keyId: vault.currentKeyId }, 'identity data is sealed by the new key');
  }

  #look(): void {
    if (this.#looking !== null) return;
    this.#looking = this.#checkAll()
      .catch((cause: unknown) => this.#options.log.warn({ err: cause }, 'certification waits'))
      .finally(() => {
        this.#looking = null;
      });
  }

  async #checkAll(): Promise<void> {
    const { database, platformId } = this.#options;
    for (const { kind, entity_id } of await checksDue(database.pool, platformId, CHECKS_AT_ONCE)) await this.#check(kind, entity_id);
  }

  async #check(kind: RosterKind, id: string): Promise<void> {
    const { database, platformId, desk, certifier, vault, log } = this.#options;
    const file = await inTransaction(database, async (db) => lockRegistration(db, platformId, kind, id));
    if (certifier === null || vault === null || file?.check_no == null || file.identity === null || file.identity_key === null) return;
    try {
      const subject = vault.open({ keyId: file.identity_key, bytes: file.identity }, identityOf(platformId, kind, id));
      const answer = await certifier.check({ checkNo: file.check_no, kind, subject });
      if (answer.state !== 'PENDING') {
        const step = answer.state === 'ACCEPTED' ? 'CERTIFY' : 'REJECT';
        const reason = 'reason' in answer ? answer.reason : null;
        await desk.certify(kind, id, { step, reason, by: CERTIFIER_USER, checkNo: file.check_no });
        return;
      }
    } catch (cause) {
      if (!(cause instanceof CertifierUnreachableError || cause instanceof IdentityUnreadableError)) throw cause;
      log.warn({ err: cause, kind, id }, 'a check was not answered; it is asked again');
    }
    await postponeCheck(database.pool, platformId, kind, id, Math.min(AGAIN_MS * 2 ** Math.min(file.checks, 20), AGAIN_MS_MAX));
  }
}
