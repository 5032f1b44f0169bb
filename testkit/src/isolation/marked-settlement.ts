import type { NetworkFile } from '@corridor/protocols/network-file';
import type { Db } from '@corridor/twin/db/db';
import { insertMarkedCharge } from './marked-charge.ts';
import type { Draw } from './marked-rows.ts';
import { type Asker, isOf, type Marks } from './marks.ts';

/** Whom a billed order concerns: who pays it, who earns from it. */
export interface Settled {
  readonly orderId: string;
  readonly carrierId: string;
  readonly driverId: string;
  readonly earners: readonly string[];
  readonly at: Date;
}

const FAR_MS = 10 * 365 * 24 * 3_600_000;

/** Marked rows of what comes after the bill, and of who takes part: disputes, corrections, statements, payments, registrations, sales. */
export class MarkedSettlement {
  readonly #db: Db;
  readonly #file: NetworkFile;
  readonly #marks: Marks;
  readonly #draw: Draw;
  readonly disputes: string[] = [];
  readonly statements: string[] = [];
  readonly payments: string[] = [];
  #no = 0;

  constructor(options: { db: Db; file: NetworkFile; marks: Marks; draw: Draw }) {
    this.#db = options.db;
    this.#file = options.file;
    this.#marks = options.marks;
    this.#draw = options.draw;
  }

  async ofOrder(order: Settled): Promise<void> {
    this.#no += 1;
    const no = this.#no;
    const parties = [order.carrierId, ...order.earners];
    const party = this.#pick(parties);
    const toParties = (asker: Asker) => isOf(asker, ...parties);
    const disputeId = `D-${no}`;
    this.disputes.push(disputeId);
    await this.#run(
      `insert into dispute (platform_id, dispute_id, order_id, principal_id, raised_by, reason, state, evidence, raised_at)
       values ('PF', $1, $2, $3, 'x', $4, 'OPEN', $5, $6)`,
      [
        disputeId,
        order.orderId,
        party,
        this.#marks.text(toParties),
        JSON.stringify([{ text: this.#marks.text(toParties), by: 'x', at: '' }]),
        order.at,
      ],
    );
    const charged = { carrierId: order.carrierId, earnerId: this.#pick(order.earners) };
    this.disputes.push(await insertMarkedCharge(this.#db, this.#marks, no, charged, order.at));
    // By its name the twin takes the difference as settled.
    await this.#correction(order, `meter:${order.orderId}`);
    await this.#run(
      `insert into outbox (platform_id, command_id, order_id, subject, payload, state, detail, issued_at, expires_at)
       values ('PF', $1, $2, 's', '{}', 'DONE', $3, $4, $4)`,
      [`cmd-${no}`, order.orderId, this.#marks.text((asker) => asker.kind === 'ALL'), order.at],
    );
  }

  async #correction(order: Settled, correctionId: string): Promise<void> {
    const earner = this.#pick(order.earners);
    const ofBoth = this.#marks.text((asker) => isOf(asker, order.carrierId, earner));
    await this.#run(
      `insert into correction (platform_id, correction_id, order_id, carrier_id, cause, reason, decided_by, payable_fen, booked_at)
       values ('PF', $1, $2, $3, 'METER', $4, 'x', $5, $6)`,
      [correctionId, order.orderId, order.carrierId, ofBoth, this.#marks.number((asker) => isOf(asker, order.carrierId)), order.at],
    );
    await this.#run(`insert into correction_line values ('PF', $1, 1, 1, 'RENT', 'NONE', 'line', 1, 'Wh', 1, 5, 600, $2, null, null, $3)`, [
      correctionId,
      earner,
      ofBoth,
    ]);
    const share = this.#marks.number((asker) => isOf(asker, earner));
    await this.#run(`insert into correction_entry values ('PF', $1, $2, 'BATTERY_OWNER', $3, 0, $3, $4)`, [
      correctionId,
      earner,
      share,
      order.at,
    ]);
    // Both owners' energy, and shown by no route.
    const metered = this.#marks.number((asker) => asker.kind === 'ALL');
    await this.#run(`insert into meter_difference values ('PF', $1, $2, 1, 1, $3)`, [order.orderId, metered, order.at]);
  }

  /** Statements with a partner, agreements, payments, registrations and offers of everybody. @param startMs scope time */
  async ofPrincipals(startMs: number): Promise<void> {
    const at = new Date(startMs);
    const others = this.#file.principals.filter(({ kind }) => kind !== 'PLATFORM');
    for (const [no, { id }] of others.entries()) {
      const own = () => this.#marks.text((asker) => isOf(asker, id));
      const partner = this.#pick(others.filter((other) => other.id !== id && other.kind !== 'CARRIER')).id;
      // It ends so late that nothing of it is closed while the test looks.
      await this.#run(
        `insert into statement (platform_id, statement_id, principal_id, period_from, period_until, state, total_fen, content, content_hash, frozen_at, period, payable_at)
         values ('PF', $1, $2, $3, $4, 'CARRIED', 0, $5, '\\x00', $3, 'D1', $4)`,
        [`S-${id}`, id, at, new Date(startMs + FAR_MS), JSON.stringify(this.#content(id, at, own()))],
      );
      this.statements.push(`S-${id}`);
      const ofBoth = this.#marks.text((asker) => isOf(asker, id, partner));
      await this.#run(`insert into settlement_split values ('PF', $1, 1, $2, 'REVENUE', 1, $3, null)`, [`S-${id}`, partner, ofBoth]);
      await this.#sharing({ id, partner, ofBoth, at });
      this.payments.push(`pay-${id}`);
      await this.#run(
        `insert into payment (platform_id, payment_id, principal_id, direction, channel, amount_fen, state, requested_by, requested_at, detail)
         values ('PF', $1, $2, 'TOP_UP', 'sandbox', $3, 'CLOSED', 'x', $4, $5)`,
        [`pay-${id}`, id, this.#marks.number((asker) => isOf(asker, id)), at, own()],
      );
      await this.#run(
        `insert into registration (platform_id, kind, entity_id, state, principal_id, definition, reason, applied_by, applied_at, changed_at)
         values ('PF', 'PACK', $1, 'REJECTED', $2, $3, $4, 'x', $5, $5)`,
        [`REG-${id}`, id, JSON.stringify({ note: own(), idToken: this.#marks.text(() => false) }), own(), at],
      );
      await this.#run(
        `insert into ownership_offer (platform_id, offer_id, asset_kind, asset_id, from_principal_id, to_principal_id, state, offered_by, offered_at)
         values ('PF', $1, 'PACK', $1, $2, $3, 'WITHDRAWN', $4, $5)`,
        [`O-${no}`, id, partner, this.#marks.text((asker) => isOf(asker, id, partner)), at],
      );
      await this.#run(
        `insert into audit_log (platform_id, at, user_id, action, entity_kind, entity_id, after) values ('PF', $1, 'x', 'test', 'principal', $2, $3)`,
        [at, id, JSON.stringify({ note: own() })],
      );
    }
  }

  /** What is shared is shown to whose income it is and to the partner, by a share or as a player, and so is who approved it. */
  async #sharing({ id, partner, ofBoth, at }: { id: string; partner: string; ofBoth: string; at: Date }): Promise<void> {
    const rule = this.#draw(2) === 0 ? { partnerId: partner } : { players: [{ partnerId: partner }] };
    await this.#run(
      `insert into settlement_agreement (platform_id, agreement_id, principal_id, effective_from, state, definition, drafted_by, drafted_at)
       values ('PF', $1, $2, current_date, 'DRAFT', $3, $4, $5)`,
      [`SA-${id}`, id, JSON.stringify({ id: `SA-${id}`, note: ofBoth, partners: [rule] }), ofBoth, at],
    );
    await this.#run(
      `insert into agreement_approval (platform_id, kind, agreement_id, principal_id, user_id, approved_at) values ('PF', 'SETTLEMENT', $1, $2, $3, $4)`,
      // Another person than who drafted it, and the same mark.
      [`SA-${id}`, id, `${ofBoth}-2`, at],
    );
  }

  /** Registrations with an identity that no key opens: a twin that starts on them says so and ends. @param startMs scope time */
  async ofDrivers(startMs: number): Promise<void> {
    const at = new Date(startMs);
    for (const { id, carrierId } of this.#file.drivers) {
      const reason = this.#marks.text((asker) => isOf(asker, carrierId) || (asker.kind === 'DRIVER' && asker.id === id));
      const note = this.#marks.text((asker) => isOf(asker, carrierId));
      await this.#run(
        `insert into registration (platform_id, kind, entity_id, state, principal_id, definition, identity, identity_key, reason, applied_by, applied_at, changed_at)
         values ('PF', 'DRIVER', $1, 'ACTIVE', $2, $6, convert_to($3, 'UTF8'), 'k0', $4, 'x', $5, $5)`,
        [id, carrierId, this.#marks.text(() => false), reason, at, JSON.stringify({ idToken: this.#marks.text(() => false) })],
      );
      await this.#run(
        `insert into audit_log (platform_id, at, user_id, action, entity_kind, entity_id, after) values ('PF', $1, 'x', 'test', 'driver', $2, $3)`,
        [at, id, JSON.stringify({ note })],
      );
    }
  }

  /** With one thing on it, so that it can be told in every form. */
  #content(principalId: string, at: Date, mark: string): object {
    const iso = at.toISOString();
    const names = ['orders', 'corrections', 'others', 'moved', 'splits', 'received', 'carriedIn', 'total'];
    return {
      statementId: `S-${principalId}`,
      principalId,
      period: 'D1',
      from: iso,
      until: iso,
      payableAt: iso,
      orders: [],
      corrections: [],
      others: [{ key: mark, kind: 'TEST', at: iso, amountFen: '0' }],
      splits: [],
      received: [],
      taxes: [],
      totals: Object.fromEntries(names.map((name) => [`${name}Fen`, '0'])),
    };
  }

  #pick<T>(from: readonly T[]): T {
    const one = from[this.#draw(from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  #run = async (text: string, values: unknown[]): Promise<void> => {
    await this.#db.query({ text, values });
  };
}
