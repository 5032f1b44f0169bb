import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { BillOf } from '@corridor/actors/settlement/correction';
import type { LineChange, LineChangeRefusal } from '@corridor/actors/settlement/dispute-correction';
import { notSecondPerson } from '../agreements/approval.ts';
import { type Database, inTransaction } from '../db/db.ts';
import { takesPart } from '../roster/leaving.queries.ts';
import { Turns } from '../turns/turns.ts';
import { subjectOfBill } from '../writer/intent-audit.ts';
import type { Writer } from '../writer/writer.ts';
import { billedCharge } from './billed-charge.ts';
import { billedOrder, disputeCorrection } from './corrections.ts';
import {
  addEvidence,
  billOfRow,
  type DisputeRow,
  disputedParties,
  endWithoutChange,
  findDispute,
  insertDispute,
  piecesOf,
} from './disputes.queries.ts';
import { noteAct, type SettlementAct } from './settlement-audit.ts';

export interface DisputesOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly reference: ReferenceStore;
  readonly writer: Pick<Writer, 'ask'>;
  readonly scopeNowMs: () => number;
  readonly newId: () => string;
  /** By order, or charge: shared with whatever else changes what one cost. */
  readonly bills: Turns;
  /** By principal: nothing begins while it leaves. */
  readonly leaving: Turns;
}

/** After this, scope time, what was cleared stands. */
export const DISPUTE_WINDOW_MS = 90 * 86_400_000;
/** Of each side of a dispute. */
export const EVIDENCE_MAX = 20;

export type DisputeRefusal =
  | 'ORDER_UNKNOWN'
  | 'CHARGE_UNKNOWN'
  | 'ORDER_NOT_BILLED'
  | 'NOT_A_PARTY'
  | 'DISPUTE_EXISTS'
  | 'DISPUTE_TOO_LATE'
  | 'DISPUTE_UNKNOWN'
  | 'DISPUTE_DECIDED'
  | 'SECOND_PERSON_NEEDED'
  | 'EVIDENCE_TOO_MUCH'
  | 'NO_CREDIT'
  | 'CORRECTION_EXISTS'
  | 'CARRIER_LEFT'
  | LineChangeRefusal;
const REFUSED_BY_ACCOUNT: Readonly<Record<string, DisputeRefusal>> = { NO_CREDIT: 'NO_CREDIT', NOT_A_CARRIER: 'CARRIER_LEFT' };
export type DisputeResult = { ok: true; dispute: DisputeRow } | { ok: false; reason: DisputeRefusal; detail: string };
const refused = (reason: DisputeRefusal, detail: string) => ({ ok: false, reason, detail }) as const;

function actOn(bill: BillOf): Pick<SettlementAct, 'entityKind' | 'entityId'> {
  const [entityKind, entityId] = subjectOfBill(bill);
  return { entityKind, entityId };
}
const nameOf = ({ orderId, chargeId }: BillOf): string => (chargeId === null ? `order ${orderId}` : `charge ${chargeId}`);
/** Charges have a colon in their ids, orders none. */
const turnOf = ({ orderId, chargeId }: BillOf): string => chargeId ?? orderId;

/** Objections to bills of orders, and to charges beside them: raised by whom they concern, decided by the platform, answered by new entries only. */
export class Disputes {
  readonly #options: DisputesOptions;
  readonly #turns = new Turns();

  constructor(options: DisputesOptions) {
    this.#options = options;
  }

  /** @param ask.side for whom the first evidence speaks: the party, or the platform where a person of it raises for the party */
  async raise(ask: {
    bill: BillOf;
    principalId: string;
    side: string;
    by: string;
    reason: string;
    evidence: string | null;
  }): Promise<DisputeResult> {
    const { database, platformId, scopeNowMs, newId, leaving } = this.#options;
    const name = nameOf(ask.bill);
    const parties = await disputedParties(database.pool, platformId, ask.bill);
    if (parties === null) return refused(ask.bill.chargeId === null ? 'ORDER_UNKNOWN' : 'CHARGE_UNKNOWN', `there is no ${name}`);
    const { carrier_id: carrierId, payees, cleared_at: clearedAt } = parties;
    if (ask.principalId !== carrierId && !payees.includes(ask.principalId)) {
      return refused('NOT_A_PARTY', `${name} does not concern ${ask.principalId}`);
    }
    if (clearedAt === null) return refused('ORDER_NOT_BILLED', `${name} has no bill`);
    const nowMs = scopeNowMs();
    if (nowMs - clearedAt.getTime() > DISPUTE_WINDOW_MS) {
      return refused('DISPUTE_TOO_LATE', `${name} was cleared at ${clearedAt.toISOString()}`);
    }
    const at = new Date(nowMs).toISOString();
    const disputeId = newId();
    const evidence = ask.evidence === null ? [] : [{ text: ask.evidence, by: ask.by, at, side: ask.side }];
    const insert = async () =>
      inTransaction(database, async (client) => {
        if (carrierId !== null && !(await takesPart(client, platformId, carrierId))) return null;
        const inserted = await insertDispute(client, platformId, { ...ask, disputeId, evidence, at });
        const after = { disputeId, principalId: ask.principalId, state: 'OPEN', reason: ask.reason, evidence };
        if (inserted)
          await noteAct(client, platformId, { ...actOn(ask.bill), at, by: ask.by, action: 'dispute.raise', before: null, after });
        return inserted;
      });
    const isNew = await (carrierId === null ? insert() : leaving.run(carrierId, insert));
    if (isNew === null) return refused('CARRIER_LEFT', `${carrierId} has left: what ${name} cost it stands`);
    return isNew ? this.#found(disputeId) : refused('DISPUTE_EXISTS', `${ask.principalId} has an open dispute on ${name}`);
  }

  /** @param ask.side for whom it speaks: a party of the bill, or the platform */
  async addEvidence(ask: { disputeId: string; side: string; by: string; text: string }): Promise<DisputeResult> {
    const { database, platformId, scopeNowMs } = this.#options;
    return this.#turns.run(ask.disputeId, async () => {
      const dispute = await findDispute(database.pool, platformId, ask.disputeId);
      if (dispute === null) return refused('DISPUTE_UNKNOWN', `there is no dispute ${ask.disputeId}`);
      // Nobody uses up what another may say.
      if (piecesOf(dispute.evidence, ask) >= EVIDENCE_MAX)
        return refused('EVIDENCE_TOO_MUCH', `${EVIDENCE_MAX} pieces of ${ask.side} at most`);
      const piece = { text: ask.text, by: ask.by, at: new Date(scopeNowMs()).toISOString(), side: ask.side };
      const isOpen = await inTransaction(database, async (client) => {
        const added = await addEvidence(client, platformId, ask.disputeId, piece);
        const act = { ...actOn(billOfRow(dispute)), at: piece.at, by: ask.by, action: 'dispute.addEvidence' } as const;
        const { disputeId } = ask;
        const before = { disputeId, pieces: dispute.evidence.length };
        if (added)
          await noteAct(client, platformId, { ...act, before, after: { disputeId, pieces: dispute.evidence.length + 1, text: ask.text } });
        return added;
      });
      return isOpen ? this.#found(ask.disputeId) : refused('DISPUTE_DECIDED', `dispute ${ask.disputeId} is ${dispute.state}`);
    });
  }

  /** Ends one without a change: withdrawn for whom it was raised, or dismissed by a person of the platform who did not raise it. */
  async end(ask: { disputeId: string; state: 'DISMISSED' | 'WITHDRAWN'; by: string; decision: string }): Promise<DisputeResult> {
    const { database, platformId, scopeNowMs, bills } = this.#options;
    const before = await findDispute(database.pool, platformId, ask.disputeId);
    if (before === null) return refused('DISPUTE_UNKNOWN', `there is no dispute ${ask.disputeId}`);
    // While it is being upheld it is nobody's to end: the money moves before its row does.
    return bills.run(turnOf(billOfRow(before)), async () => {
      const dispute = await findDispute(database.pool, platformId, ask.disputeId);
      if (dispute === null) return refused('DISPUTE_UNKNOWN', `there is no dispute ${ask.disputeId}`);
      const sameOne = ask.state === 'DISMISSED' ? notSecondPerson(dispute.raised_by, ask.by) : null;
      if (sameOne !== null) return refused(sameOne.code, sameOne.text);
      const at = new Date(scopeNowMs()).toISOString();
      const isOpen = await inTransaction(database, async (client) => {
        const ended = await endWithoutChange(client, platformId, { ...ask, at });
        const action = ask.state === 'DISMISSED' ? 'dispute.dismiss' : 'dispute.withdraw';
        const { disputeId, state, decision } = ask;
        const said = { before: { disputeId, state: dispute.state }, after: { disputeId, state, decision } };
        if (ended) await noteAct(client, platformId, { ...actOn(billOfRow(dispute)), at, by: ask.by, action, ...said });
        return ended;
      });
      return isOpen ? this.#found(ask.disputeId) : refused('DISPUTE_DECIDED', `dispute ${ask.disputeId} is ${dispute.state}`);
    });
  }

  /** Upholds one, by another person than who raised it: the correction and the decision are one transaction. The bill and its transfers stay as they are. */
  async uphold(ask: { disputeId: string; by: string; decision: string; changes: readonly LineChange[] }): Promise<DisputeResult> {
    const { database, platformId, reference, writer, bills } = this.#options;
    const before = await findDispute(database.pool, platformId, ask.disputeId);
    if (before === null) return refused('DISPUTE_UNKNOWN', `there is no dispute ${ask.disputeId}`);
    // Two decisions on one bill, and a correction by the meter, see each other's changes.
    return bills.run(turnOf(billOfRow(before)), async () => {
      const dispute = await findDispute(database.pool, platformId, ask.disputeId);
      if (dispute?.state !== 'OPEN') return refused('DISPUTE_DECIDED', `dispute ${ask.disputeId} is ${dispute?.state ?? 'gone'}`);
      const sameOne = notSecondPerson(dispute.raised_by, ask.by);
      if (sameOne !== null) return refused(sameOne.code, sameOne.text);
      const of = billOfRow(dispute);
      const bill =
        of.chargeId === null
          ? await billedOrder(database.pool, platformId, reference, of.orderId)
          : await billedCharge(database.pool, platformId, reference, of.chargeId);
      if (bill === null) return refused('ORDER_NOT_BILLED', `${nameOf(of)} has no bill`);
      const { disputeId, decision: reason, by, changes } = ask;
      const found = disputeCorrection(platformId, bill, { disputeId, reason, by, changes });
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
