import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { playerRefusal } from '@corridor/actors/settlement/player-refusal';
import { shareRefusal } from '@corridor/actors/settlement/share-refusal';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import { BELOW_ZERO_DEFAULT, type SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import type { Agreeing } from '../agreements/agreement-desk.ts';
import { type ApprovalRefusal, isWholeWith, notApprovedBy } from '../agreements/approval.ts';
import { type Database, type Db, inTransaction } from '../db/db.ts';
import { Turns } from '../turns/turns.ts';
import {
  type AgreementRow,
  approveAgreement,
  draftAgreement,
  findAgreement,
  listAgreements,
  rivalOf,
  withdrawAgreement,
} from './agreements.queries.ts';
import { noteAct, type SettlementAct } from './settlement-audit.ts';
import type { SettlementSide } from './settlement-side.ts';

export interface SettlementAgreementDeskOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly reference: ReferenceStore;
  readonly settlement: Pick<SettlementSide, 'noteAgreed'>;
  readonly scopeNowMs: () => number;
}

/** Why an act is refused, beside players that are not each their own and shares above the whole. */
type RefusalCode =
  | 'NOT_FOUND'
  | ApprovalRefusal
  | 'VERSION_EXISTS'
  | 'AGREEMENT_EXISTS'
  | 'EFFECTIVE_IN_PAST'
  | 'IN_FORCE'
  | 'PRINCIPAL_UNKNOWN'
  | 'NO_INCOME_ACCOUNT';
type Refused = { readonly ok: false; readonly code: string; readonly text: string };
export type SettlementAgreementAnswer = { readonly ok: true; readonly row: AgreementRow } | Refused;

const refused = (code: RefusalCode, text: string): Refused => ({ ok: false, code, text });
/** One act at a time: what was looked at still is so when it is done. */
const ALL = 'settlement agreements';

/**
 * Where it is agreed who is settled when, and shares with whom: drafted by the principal or the platform, approved by another person than
 * its author for each party, in force from its day.
 */
export class SettlementAgreementDesk {
  readonly #options: SettlementAgreementDeskOptions;
  readonly #turns = new Turns();

  constructor(options: SettlementAgreementDeskOptions) {
    this.#options = options;
  }

  async draft(asked: SettlementAgreement, by: Agreeing): Promise<SettlementAgreementAnswer> {
    return this.#turns.run(ALL, async () => {
      const { database, platformId } = this.#options;
      const { id, principalId } = asked;
      if (by.principalId !== platformId && by.principalId !== principalId) {
        return refused('NOT_A_PARTY', `what ${principalId} earns is for itself and ${platformId} to draft`);
      }
      const refusal = this.#impossible(asked);
      if (refusal !== null) return refusal;
      if ((await findAgreement(database.pool, platformId, id)) !== null) {
        return refused('AGREEMENT_EXISTS', `there is an agreement ${id}: a new version has an id of its own`);
      }
      // What is not said is written down, so that it is approved too.
      const agreement = { ...asked, belowZero: asked.belowZero ?? BELOW_ZERO_DEFAULT };
      const said = { id, principalId, before: null, after: { state: 'DRAFT', agreement } };
      await this.#audited({ by: by.userId, action: 'settlementAgreement.draft' }, said, (db, at) =>
        draftAgreement(db, platformId, agreement, by.userId, at),
      );
      return this.#told(id);
    });
  }

  async approve(id: string, by: Agreeing): Promise<SettlementAgreementAnswer> {
    return this.#turns.run(ALL, async () => {
      const { platformId, settlement } = this.#options;
      const row = await findAgreement(by.readable, platformId, id);
      if (row === null) return refused('NOT_FOUND', `there is no settlement agreement ${id}`);
      const refusal = notApprovedBy(row, by) ?? (await this.#notInForceFrom(row));
      if (refusal !== null) return refusal;
      const { principal_id: principalId } = row;
      const isWhole = isWholeWith(row, by.principalId);
      const after = { state: isWhole ? 'APPROVED' : 'DRAFT', partyId: by.principalId };
      const said = { id, principalId, before: row.state, after };
      await this.#audited({ by: by.userId, action: 'settlementAgreement.approve' }, said, async (db, at) => {
        await approveAgreement(db, platformId, { agreementId: id, partyId: by.principalId, userId: by.userId, at, isWhole });
        return true;
      });
      if (isWhole) settlement.noteAgreed(principalId);
      return this.#told(id);
    });
  }

  /** A draft, or what is agreed and not in force yet. Any party may. */
  async withdraw(id: string, by: Agreeing): Promise<SettlementAgreementAnswer> {
    return this.#turns.run(ALL, async () => {
      const { platformId, scopeNowMs } = this.#options;
      const row = await findAgreement(by.readable, platformId, id);
      if (row === null) return refused('NOT_FOUND', `there is no settlement agreement ${id}`);
      if (!row.party_ids.includes(by.principalId)) return refused('NOT_A_PARTY', `${by.principalId} has no part in ${id}`);
      const said = { id, principalId: row.principal_id, before: row.state, after: { state: 'WITHDRAWN' } };
      const isWithdrawn = await this.#audited({ by: by.userId, action: 'settlementAgreement.withdraw' }, said, (db) =>
        withdrawAgreement(db, platformId, id, localDateOf(scopeNowMs())),
      );
      if (!isWithdrawn) return refused('IN_FORCE', `${id} is ${row.state}, from ${row.definition.effectiveFrom}`);
      return this.#told(id);
    });
  }

  /** Versions that the caller may read. @param partyId only those that it has to approve; null: all of them */
  list(readable: Db, partyId: string | null): Promise<AgreementRow[]> {
    return listAgreements(readable, this.#options.platformId, partyId);
  }

  async #notInForceFrom(row: AgreementRow): Promise<Refused | null> {
    const { database, platformId, scopeNowMs } = this.#options;
    // Somebody may have left since it was drafted, and a draft of before may say what is refused now.
    const refusal = this.#impossible(row.definition);
    if (refusal !== null) return refusal;
    const { effectiveFrom } = row.definition;
    // A period of a day that has begun is settled by the version that was in force at its begin.
    if (effectiveFrom <= localDateOf(scopeNowMs())) {
      return refused('EFFECTIVE_IN_PAST', `it would be in force from ${effectiveFrom}, which has begun`);
    }
    const rival = await rivalOf(database.pool, platformId, row);
    return rival === null ? null : refused('VERSION_EXISTS', `${rival} is in force from ${effectiveFrom}`);
  }

  /** Somebody has no income to be settled or paid into, or rules cannot be computed or paid. */
  #impossible({ principalId, partners }: SettlementAgreement): Refused | null {
    const { reference } = this.#options;
    const rules = playerRefusal(partners) ?? shareRefusal(partners);
    if (rules !== null) return { ok: false, code: rules.code, text: rules.detail };
    const payees = partners.flatMap((rule) =>
      rule.kind === 'SHAPLEY' ? rule.players.map(({ partnerId }) => partnerId) : [rule.partnerId],
    );
    for (const id of [principalId, ...payees]) {
      const kind = reference.principal(id)?.kind;
      if (kind === undefined) return refused('PRINCIPAL_UNKNOWN', `there is no principal ${id}`);
      if (kind === 'CARRIER' && partners.length > 0)
        return refused('NO_INCOME_ACCOUNT', `${id} is a carrier: it has no income to share, and no account for one`);
    }
    return null;
  }

  /** The act and its entry in the audit log, both or neither. @returns what the act returned */
  #audited(
    act: Pick<SettlementAct, 'by' | 'action'>,
    { id, principalId, before, after }: { id: string; principalId: string; before: string | null; after: object },
    work: (db: Db, at: string) => Promise<boolean>,
  ): Promise<boolean> {
    const { database, platformId, scopeNowMs } = this.#options;
    return inTransaction(database, async (client) => {
      const at = new Date(scopeNowMs()).toISOString();
      const isDone = await work(client, at);
      const state = before === null ? null : { agreementId: id, state: before };
      const entity = { entityKind: 'principal', entityId: principalId } as const;
      if (isDone) await noteAct(client, platformId, { ...act, ...entity, at, before: state, after: { agreementId: id, ...after } });
      return isDone;
    });
  }

  /** As it stands now, whoever reads it: he has just made it so. */
  async #told(id: string): Promise<SettlementAgreementAnswer> {
    const row = await findAgreement(this.#options.database.pool, this.#options.platformId, id);
    if (row === null) throw new Error(`settlement agreement ${id} was written and is not there`);
    return { ok: true, row };
  }
}
