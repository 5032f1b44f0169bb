import type { Database } from '../db/db.ts';
import { type EnrolmentDesk, EnrolmentUnavailableError } from '../http/credentials/enrolment-desk.ts';
import type { Log } from '../log.ts';
import type { GatewayKind } from '../nats/enrolment.ts';

export interface LeftGatewaysOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly enrolment: Pick<EnrolmentDesk, 'revoke'>;
  /** @param source `station:HH1` */
  readonly forgetSource: (source: string, by: string) => Promise<void>;
  readonly log: Log;
}

const ROSTER_USER = 'roster';
/** What could not be withdrawn is tried again after this, wall ms. */
const AGAIN_MS = 10_000;

/**
 * Withdraws the credentials of stations and trucks that have left: their gateways are cut off and cannot come back. Who is due stands in the
 * database, so that neither a stop between leaving and withdrawing nor a server that is away lets one keep them.
 */
export class LeftGateways {
  readonly #options: LeftGatewaysOptions;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: LeftGatewaysOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), AGAIN_MS);
    void this.look();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  /** Everybody who is due, one after the other. Whoever cannot be withdrawn now stays due. */
  async look(): Promise<void> {
    const { log } = this.#options;
    this.#looking = this.#looking.then(async () =>
      this.#withdrawAll().catch((cause: unknown) => log.warn({ err: cause }, 'credentials of who has left are not withdrawn yet')),
    );
    return this.#looking;
  }

  async #withdrawAll(): Promise<void> {
    const { enrolment, forgetSource, log } = this.#options;
    for (const { gateway_kind: kind, gateway_id: id } of await this.#due()) {
      try {
        const revoked = await enrolment.revoke(kind, id, ROSTER_USER);
        await forgetSource(`${kind}:${id}`, ROSTER_USER);
        log.info({ kind, id, revoked }, 'credentials of a gateway that has left are withdrawn');
      } catch (cause) {
        if (!(cause instanceof EnrolmentUnavailableError)) throw cause;
        log.warn({ err: cause, kind, id }, 'it has left: withdraw its credentials where they were made');
        return;
      }
    }
  }

  async #due(): Promise<{ gateway_kind: GatewayKind; gateway_id: string }[]> {
    const { database, platformId } = this.#options;
    const { rows } = await database.pool.query<{ gateway_kind: GatewayKind; gateway_id: string }>({
      text: `select distinct c.gateway_kind, c.gateway_id from gateway_credential c
              left join station s on c.gateway_kind = 'station' and s.platform_id = c.platform_id and s.station_id = c.gateway_id
              left join truck t on c.gateway_kind = 'truck' and t.platform_id = c.platform_id and t.truck_id = c.gateway_id
              where c.platform_id = $1 and c.revoked_at is null and coalesce(s.deregistered_at, t.deregistered_at) is not null
              order by 1, 2`,
      values: [platformId],
    });
    return rows;
  }
}
