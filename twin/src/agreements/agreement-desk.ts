import { type Agreement, type AgreementKind, beginsOn, findingsOf, partiesOf } from '@corridor/actors/agreement/agreement';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { Database, Db } from '../db/db.ts';
import { ALL_RIGHTS } from '../projection/rights.ts';
import { readAs } from '../rights/read-as.ts';
import type { Writer } from '../writer/writer.ts';
import { type AgreementRow, contractNaming, findAgreement, isIdTaken, rivalOf } from './agreements.queries.ts';

export interface AgreementDeskOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly reference: ReferenceStore;
  readonly writer: Pick<Writer, 'ask'>;
  readonly scopeNowMs: () => number;
}

/** A person, for whom he acts, and the rows that he may read. */
export interface Agreeing {
  readonly userId: string;
  readonly principalId: string;
  readonly readable: Db;
}

/** Why an act is refused, beside what is wrong with the definition itself. */
type RefusalCode =
  | 'NOT_FOUND'
  | 'NOT_A_PARTY'
  | 'SECOND_PERSON_NEEDED'
  | 'APPROVED_ALREADY'
  | 'NOT_A_DRAFT'
  | 'VERSION_EXISTS'
  | 'AGREEMENT_EXISTS'
  | 'EFFECTIVE_IN_PAST'
  | 'IN_FORCE';
type Refused = { readonly ok: false; readonly code: string; readonly text: string };
export type AgreementAnswer = { readonly ok: true; readonly row: AgreementRow } | Refused;

const TEXTS_MAX = 8;
const refused = (code: RefusalCode, text: string): Refused => ({ ok: false, code, text });

/**
 * Where agreements are made: one person drafts, another of each party approves, and with the last of them it is agreed. One act at a
 * time, so that what was looked at still is so when it is done; done by the writer, in the order of the swaps.
 */
export class AgreementDesk {
  readonly #options: AgreementDeskOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: AgreementDeskOptions) {
    this.#options = options;
  }

  async draft(agreement: Agreement, by: Agreeing): Promise<AgreementAnswer> {
    return this.#inTurn(async () => {
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
    return this.#inTurn(async () => {
      const { platformId, writer } = this.#options;
      const row = await findAgreement(by.readable, platformId, kind, id);
      if (row === null) return refused('NOT_FOUND', `there is no ${id}`);
      const refusal = this.#notApprovedBy(row, by) ?? (await this.#notInForceFrom(row));
      if (refusal !== null) return refusal;
      const agreement = agreementOf(row);
      const agreed = new Set([...row.approvals.map(({ principalId }) => principalId), by.principalId]);
      const isWhole = row.party_ids.every((party) => agreed.has(party));
      await writer.ask({ type: 'agreement.approve', agreement, partyId: by.principalId, isWhole }, by.userId);
      return this.#told(kind, id);
    });
  }

  /** A draft, or what is agreed and not in force yet. Any party may, and the platform. */
  async withdraw(kind: AgreementKind, id: string, by: Agreeing & { readonly note: string }): Promise<AgreementAnswer> {
    return this.#inTurn(async () => {
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

  #notApprovedBy(row: AgreementRow, { principalId, userId }: Agreeing): Refused | null {
    const { agreement_id: id, state, party_ids, approvals, drafted_by } = row;
    if (!party_ids.includes(principalId)) return refused('NOT_A_PARTY', `${id} is for ${party_ids.join(', ')} to approve`);
    if (state !== 'DRAFT') return refused('NOT_A_DRAFT', `${id} is ${state}`);
    if (drafted_by === userId) return refused('SECOND_PERSON_NEEDED', 'who drafted it does not approve it');
    if (approvals.some((approval) => approval.principalId === principalId)) {
      return refused('APPROVED_ALREADY', `${principalId} has approved ${id}`);
    }
    return null;
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

  async #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(act);
    this.#last = mine.catch(() => undefined); // whoever asked is told; the next one's turn comes all the same
    return mine;
  }
}

/** Its definition was checked against the schema of its kind when it was drafted. */
const agreementOf = ({ kind, definition }: AgreementRow): Agreement => ({ kind, definition }) as Agreement;
