import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { LineChange, LineChangeRefusal } from '@corridor/actors/settlement/dispute-correction';
import { type Database, inTransaction } from '../db/db.ts';
import { takesPart } from '../roster/leaving.queries.ts';
import { Turns } from '../turns/turns.ts';
import type { Writer } from '../writer/writer.ts';
import { billedOrder, correctedBefore, disputeCorrection } from './corrections.ts';
import { addEvidence, type DisputeRow, disputedOrder, endWithoutChange, findDispute, insertDispute } from './disputes.queries.ts';
import { noteAct, type SettlementAct } from './settlement-audit.ts';

export interface DisputesOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly reference: ReferenceStore;
  readonly writer: Pick<Writer, 'ask'>;
  readonly scopeNowMs: () => number;
  readonly newId: () => string;
  /** By order: shared with whatever else changes what one cost. */
  readonly orders: Turns;
  /** By principal: nothing begins while it leaves. */
  readonly leaving: Turns;
}

/** After this, scope time, what was cleared stands. */
export const DISPUTE_WINDOW_MS = 90 * 86_400_000;
export const EVIDENCE_MAX = 20;

export type DisputeRefusal =
  | 'ORDER_UNKNOWN'
  | 'ORDER_NOT_BILLED'
  | 'NOT_A_PARTY'
  | 'DISPUTE_EXISTS'
  | 'DISPUTE_TOO_LATE'
  | 'DISPUTE_UNKNOWN'
  | 'DISPUTE_DECIDED'
  | 'EVIDENCE_TOO_MUCH'
  | 'NO_CREDIT'
  | 'CORRECTION_EXISTS'
  | 'CARRIER_LEFT'
  | LineChangeRefusal;
const REFUSED_BY_ACCOUNT: Readonly<Record<string, DisputeRefusal>> = { NO_CREDIT: 'NO_CREDIT', NOT_A_CARRIER: 'CARRIER_LEFT' };
export type DisputeResult = { ok: true; dispute: DisputeRow } | { ok: false; reason: DisputeRefusal; detail: string };
const refused = (reason: DisputeRefusal, detail: string) => ({ ok: false, reason, detail }) as const;

/** Acts on a dispute are acts on its order: whom it concerns reads of them. */
const actOn = (orderId: string): Pick<SettlementAct, 'entityKind' | 'entityId'> => ({ entityKind: 'order', entityId: orderId });

/** Objections to orders: raised by whom the order concerns, decided by the platform, answered by new entries only. */
export class Disputes {
  readonly #options: DisputesOptions;
  readonly #turns = new Turns();

  constructor(options: DisputesOptions) {
    this.#options = options;
  }

  async raise(ask: { orderId: string; principalId: string; by: string; reason: string; evidence: string | null }): Promise<DisputeResult> {
    const { database, platformId, scopeNowMs, newId, leaving } = this.#options;
    const order = await disputedOrder(database.pool, platformId, ask.orderId);
    if (order === null) return refused('ORDER_UNKNOWN', `there is no order ${ask.orderId}`);
    if (ask.principalId !== order.carrier_id && !order.payees.includes(ask.principalId)) {
      return refused('NOT_A_PARTY', `order ${ask.orderId} does not concern ${ask.principalId}`);
    }
    if (order.cleared_at === null) return refused('ORDER_NOT_BILLED', `order ${ask.orderId} has no bill`);
    const nowMs = scopeNowMs();
    if (nowMs - order.cleared_at.getTime() > DISPUTE_WINDOW_MS) {
      return refused('DISPUTE_TOO_LATE', `order ${ask.orderId} was cleared at ${order.cleared_at.toISOString()}`);
    }
    const at = new Date(nowMs).toISOString();
    const disputeId = newId();
    const evidence = ask.evidence === null ? [] : [{ text: ask.evidence, by: ask.by, at }];
    const insert = async () =>
      inTransaction(database, async (client) => {
        if (order.carrier_id !== null && !(await takesPart(client, platformId, order.carrier_id))) return null;
        const inserted = await insertDispute(client, platformId, { ...ask, disputeId, evidence, at });
        const after = { disputeId, principalId: ask.principalId, state: 'OPEN', reason: ask.reason, evidence };
        if (inserted)
          await noteAct(client, platformId, { ...actOn(ask.orderId), at, by: ask.by, action: 'dispute.raise', before: null, after });
        return inserted;
      });
    const isNew = await (order.carrier_id === null ? insert() : leaving.run(order.carrier_id, insert));
    if (isNew === null) return refused('CARRIER_LEFT', `${order.carrier_id} has left: what order ${ask.orderId} cost it stands`);
    return isNew ? this.#found(disputeId) : refused('DISPUTE_EXISTS', `${ask.principalId} has an open dispute on order ${ask.orderId}`);
  }

  async addEvidence(ask: { disputeId: string; by: string; text: string }): Promise<DisputeResult> {
    const { database, platformId, scopeNowMs } = this.#options;
    return this.#turns.run(ask.disputeId, async () => {
      const dispute = await findDispute(database.pool, platformId, ask.disputeId);
      if (dispute === null) return refused('DISPUTE_UNKNOWN', `there is no dispute ${ask.disputeId}`);
      if (dispute.evidence.length >= EVIDENCE_MAX) return refused('EVIDENCE_TOO_MUCH', `${EVIDENCE_MAX} pieces at most`);
      const piece = { text: ask.text, by: ask.by, at: new Date(scopeNowMs()).toISOString() };
      const isOpen = await inTransaction(database, async (client) => {
        const added = await addEvidence(client, platformId, ask.disputeId, piece);
        const act = { ...actOn(dispute.order_id), at: piece.at, by: ask.by, action: 'dispute.addEvidence' } as const;
        const { disputeId } = ask;
        const before = { disputeId, pieces: dispute.evidence.length };
        if (added)
          await noteAct(client, platformId, { ...act, before, after: { disputeId, pieces: dispute.evidence.length + 1, text: ask.text } });
        return added;
      });
      return isOpen ? this.#found(ask.disputeId) : refused('DISPUTE_DECIDED', `dispute ${ask.disputeId} is ${dispute.state}`);
    });
  }

  /** Ends one without a change: by whom it was raised, or by the platform. */
  async end(ask: { disputeId: string; state: 'DISMISSED' | 'WITHDRAWN'; by: string; decision: string }): Promise<DisputeResult> {
    const { database, platformId, scopeNowMs, orders } = this.#options;
    const before = await findDispute(database.pool, platformId, ask.disputeId);
    if (before === null) return refused('DISPUTE_UNKNOWN', `there is no dispute ${ask.disputeId}`);
    // While it is being upheld it is nobody's to end: the money moves before its row does.
    return orders.run(before.order_id, async () => {
      const dispute = await findDispute(database.pool, platformId, ask.disputeId);
      if (dispute === null) return refused('DISPUTE_UNKNOWN', `there is no dispute ${ask.disputeId}`);
      const at = new Date(scopeNowMs()).toISOString();
      const isOpen = await inTransaction(database, async (client) => {
        const ended = await endWithoutChange(client, platformId, { ...ask, at });
        const action = ask.state === 'DISMISSED' ? 'dispute.dismiss' : 'dispute.withdraw';
        const { disputeId, state, decision } = ask;
        const said = { before: { disputeId, state: dispute.state }, after: { disputeId, state, decision } };
        if (ended) await noteAct(client, platformId, { ...actOn(dispute.order_id), at, by: ask.by, action, ...said });
        return ended;
      });
      return isOpen ? this.#found(ask.disputeId) : refused('DISPUTE_DECIDED', `dispute ${ask.disputeId} is ${dispute.state}`);
    });
  }

  /** Upholds one: the correction and the decision are one transaction. The order, its bill and its transfers stay as they are. */
  async uphold(ask: { disputeId: string; by: string; decision: string; changes: readonly LineChange[] }): Promise<DisputeResult> {
    const { database, platformId, reference, writer, orders } = this.#options;
    const before = await findDispute(database.pool, platformId, ask.disputeId);
    if (before === null) return refused('DISPUTE_UNKNOWN', `there is no dispute ${ask.disputeId}`);
    // Two decisions on one order, and a correction by the meter, see each other's changes.
    return orders.run(before.order_id, async () => {
      const dispute = await findDispute(database.pool, platformId, ask.disputeId);
      if (dispute?.state !== 'OPEN') return refused('DISPUTE_DECIDED', `dispute ${ask.disputeId} is ${dispute?.state ?? 'gone'}`);
      const order = await billedOrder(database.pool, platformId, reference, dispute.order_id);
      if (order === null) return refused('ORDER_NOT_BILLED', `order ${dispute.order_id} has no bill`);
      const found = disputeCorrection(platformId, order, {
        disputeId: ask.disputeId,
        reason: ask.decision,
        by: ask.by,
        changes: ask.changes,
        before: await correctedBefore(database.pool, platformId, dispute.order_id),
      });
      if (!found.ok) return found;
      const answer = await writer.ask({ type: 'correction.book', correction: found.correction }, ask.by);
      if (answer.ok) return this.#found(ask.disputeId);
      return refused(REFUSED_BY_ACCOUNT[answer.code] ?? 'CORRECTION_EXISTS', answer.detail);
    });
  }

  async #found(disputeId: string): Promise<DisputeResult> {
    const { database, platformId } = this.#options;
    const dispute = await findDispute(database.pool, platformId, disputeId);
    return dispute === null ? refused('DISPUTE_UNKNOWN', `there is no dispute ${disputeId}`) : { ok: true, dispute };
  }
}
