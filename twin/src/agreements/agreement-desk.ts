import { type Agreement, type AgreementKind, beginsOn, findingsOf, partiesOf } from '@corridor/actors/agreement/agreement';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { Database, Db } from '../db/db.ts';
import { ALL_RIGHTS } from '../projection/rights.ts';
import { readAs } from '../rights/read-as.ts';
import { Turns } from '../turns/turns.ts';
import type { Writer } from '../writer/writer.ts';
import { type AgreementRow, contractNaming, findAgreement, isIdTaken, rivalOf } from './agreements.queries.ts';
import { type ApprovalRefusal, type Approver, isWholeWith, notApprovedBy } from './approval.ts';

export interface AgreementDeskOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly reference: ReferenceStore;
  readonly writer: Pick<Writer, 'ask'>;
  readonly scopeNowMs: () => number;
}

/** A person, for whom he acts, and the rows that he may read. */
export interface Agreeing extends Approver {
  readonly readable: Db;
}

/** Why an act is refused, beside what is wrong with the definition itself. */
type RefusalCode = 'NOT_FOUND' | ApprovalRefusal | 'VERSION_EXISTS' | 'AGREEMENT_EXISTS' | 'EFFECTIVE_IN_PAST' | 'IN_FORCE';
type Refused = { readonly ok: false; readonly code: string; readonly text: string };
export type AgreementAnswer = { readonly ok: true; readonly row: AgreementRow } | Refused;

const TEXTS_MAX = 8;
/** One act at a time: what was looked at still is so when it is done. */
const ALL = 'agreements';
const refused = (code: RefusalCode, text: string): Refused => ({ ok: false, code, text });

/**
 * Where agreements are made: one person drafts, another of each party approves, and with the last of them it is agreed. Done by
 * the writer, in the order of the swaps.
 */
export class AgreementDesk {
  readonly #options: AgreementDeskOptions;
  readonly #turns = new Turns();

  constructor(options: AgreementDeskOptions) {
    this.#options = options;
  }

  async draft(agreement: Agreement, by: Agreeing): Promise<AgreementAnswer> {
    return this.#turns.run(ALL, async () => {
      const { database, platformId, reference, writer } = this.#options;
      const { kind, definition } = agreement;
      const finding = this.#findingOf(agreement);
      if (finding !== null) return finding;
      if (by.principalId !== platformId && !partiesOf(agreement, reference).includes(by.principalId)) {
        return refused('NOT_A_PARTY', `${by.principalId} has no part in ${definition.id}`);
      }
      if (await isIdTaken(database.pool, platformId, kind, definition.id)) {
        return refused('AGREEMENT_EXISTS', `there is ${definition.id} already: a new version has an id of its own`);
      }
      await writer.ask({ type: 'agreement.draft', agreement }, by.userId);
      return this.#told(kind, definition.id);
    });
  }

  /** @param id of a draft whose party the caller is */
  async approve(kind: AgreementKind, id: string, by: Agreeing): Promise<AgreementAnswer> {
    return this.#turns.run(ALL, async () => {
      const { platformId, writer } = this.#options;
      const row = await findAgreement(by.readable, platformId, kind, id);
      if (row === null) return refused('NOT_FOUND', `there is no ${id}`);
      const refusal = notApprovedBy(row, by) ?? (await this.#notInForceFrom(row));
      if (refusal !== null) return refusal;
      const agreement = agreementOf(row);
      const isWhole = isWholeWith(row, by.principalId);
      await writer.ask({ type: 'agreement.approve', agreement, partyId: by.principalId, isWhole }, by.userId);
      return this.#told(kind, id);
    });
  }

  /** A draft, or what is agreed and not in force yet. Any party may, and the platform. */
  async withdraw(kind: AgreementKind, id: string, by: Agreeing & { readonly note: string }): Promise<AgreementAnswer> {
    return this.#turns.run(ALL, async () => {
      const { database, platformId, writer } = this.#options;
      const row = await findAgreement(by.readable, platformId, kind, id);
      if (row === null) return refused('NOT_FOUND', `there is no ${id}`);
      if (by.principalId !== platformId && !row.party_ids.includes(by.principalId)) {
        return refused('NOT_A_PARTY', `${by.principalId} has no part in ${id}`);
      }
      if (row.state === 'WITHDRAWN' || row.state === 'ENDED') return refused('NOT_A_DRAFT', `${id} is ${row.state}`);
      const today = this.#today();
      if (row.state === 'APPROVED' && row.begins_on !== null && row.begins_on <= today) {
        return refused('IN_FORCE', `${id} is in force from ${row.begins_on}`);
      }
      const naming = kind === 'ALLIANCE' && row.state === 'APPROVED' ? await contractNaming(database.pool, platformId, id, today) : null;
      if (naming !== null) return refused('IN_FORCE', `contract ${naming} names ${id}`);
      await writer.ask({ type: 'agreement.withdraw', agreement: { kind, id }, note: by.note }, by.userId);
      return this.#told(kind, id);
    });
  }

  /** Prices of a day that has begun were quoted already. */
  async #notInForceFrom(row: AgreementRow): Promise<Refused | null> {
    const { database, platformId } = this.#options;
    const agreement = agreementOf(row);
    const finding = this.#findingOf(agreement);
    if (finding !== null) return finding;
    const from = beginsOn(agreement);
    if (from === null) return null;
    if (from <= this.#today()) return refused('EFFECTIVE_IN_PAST', `it would be in force from ${from}, which has begun`);
    const rival = await rivalOf(database.pool, platformId, row);
    return rival === null ? null : refused('VERSION_EXISTS', `${rival} is in force from ${from}`);
  }

  #findingOf(agreement: Agreement): Refused | null {
    const findings = findingsOf(agreement, this.#options.reference);
    const [first] = findings;
    if (first === undefined) return null;
    const text = findings.slice(0, TEXTS_MAX).map((finding) => finding.text);
    if (findings.length > TEXTS_MAX) text.push(`and ${findings.length - TEXTS_MAX} more`);
    return { ok: false, code: first.code, text: text.join('; ') };
  }

  /** As it stands now, whoever reads it: he has just made it so. */
  async #told(kind: AgreementKind, id: string): Promise<AgreementAnswer> {
    const { database, platformId } = this.#options;
    const row = await findAgreement(readAs(database, ALL_RIGHTS), platformId, kind, id);
    if (row === null) throw new Error(`agreement ${id} was written and is not there`);
    return { ok: true, row };
  }

  #today(): string {
    return localDateOf(this.#options.scopeNowMs());
  }
}

/** Its definition was checked against the schema of its kind when it was drafted. */
const agreementOf = ({ kind, definition }: AgreementRow): Agreement => ({ kind, definition }) as Agreement;
