import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { ownerOfEntry, type RosterAct, type RosterEntry } from '@corridor/actors/roster/roster-act';
import { nextRosterState, type RosterKind, type RosterState, type RosterStep } from '@corridor/actors/roster/roster-life';
import { type Database, inTransaction } from '../db/db.ts';
import { maskIdentity, maskName } from '../identity/identity-mask.ts';
import type { IdentityVault } from '../identity/identity-vault.ts';
import { localDateOf } from '../projection/local-date.ts';
import type { Turns } from '../turns/turns.ts';
import type { IntentAnswer } from '../writer/intent-answer.ts';
import type { Writer } from '../writer/writer.ts';
import { standingAgainst } from './leaving.queries.ts';
import { lockRegistration, noteRosterAct, putApplication, putState, type RegistrationFile } from './registrations.queries.ts';

export interface RosterDeskOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly reference: ReferenceStore;
  readonly writer: Pick<Writer, 'ask'>;
  /**
   * By principal: its leaving, and what begins for it and would stand against that. Who waits, waits here and not at the database, where
   * each would keep a connection from the writer that it waits for.
   */
  readonly leaving: Turns;
  /** null: identity data is not taken. */
  readonly vault: IdentityVault | null;
  /** Whether somebody else certifies people, vehicles and companies. */
  readonly hasCertifier: boolean;
  readonly scopeNowMs: () => number;
  readonly newId: () => string;
  /** Books what a carrier owes to date. @returns what is left open; null: nothing is */
  readonly chargeToDate: (carrierId: string) => Promise<string | null>;
  /** Books what is due to an operator to date. @returns what is left open; null: nothing is */
  readonly chargeDueTo: (operatorId: string) => Promise<string | null>;
  /** Somebody has left: whatever let it in is withdrawn. */
  readonly onLeft: () => Promise<void>;
}

export type DeskResult = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly detail: string };
const refuse = (code: string, detail: string): DeskResult => ({ ok: false, code, detail });
const DONE: DeskResult = { ok: true };

/** What has to be said of whoever or whatever applies; nothing of packs and stations, which the platform looks at itself. */
export const IDENTITY_FIELDS: Readonly<Record<RosterKind, readonly string[]>> = {
  PRINCIPAL: ['creditCode', 'realName'],
  DRIVER: ['idNumber', 'realName'],
  TRUCK: ['ownerName', 'vehicleLicenceNo'],
  STATION: [],
  PACK: [],
};
/** What may be said beside it. A driver who applies himself says all of it. */
const IDENTITY_MORE: Readonly<Partial<Record<RosterKind, readonly string[]>>> = { DRIVER: ['licenceNo', 'phone'] };

function saysWho(kind: RosterKind, said: readonly string[]): boolean {
  const needed = IDENTITY_FIELDS[kind];
  const known = [...needed, ...(IDENTITY_MORE[kind] ?? [])];
  return needed.every((field) => said.includes(field)) && said.every((field) => known.includes(field));
}

/** Whose sealed identity data is, as it is bound to it. */
export const identityOf = (platformId: string, kind: RosterKind, id: string): string => `${platformId}:${kind}:${id}`;

/**
 * Where who takes part applies, is certified, begins, stops and leaves. What counts for authorisation passes the writer, in the order of
 * the swaps; what is before that is paper, and is written here.
 */
export class RosterDesk {
  readonly #options: RosterDeskOptions;

  constructor(options: RosterDeskOptions) {
    this.#options = options;
  }

  async apply(entry: RosterEntry, identity: Readonly<Record<string, string>> | null, by: string): Promise<DeskResult> {
    const { database, platformId, reference, vault, hasCertifier, newId } = this.#options;
    const { kind, definition } = entry;
    const { id } = definition;
    const fields = IDENTITY_FIELDS[kind];
    if (!saysWho(kind, Object.keys(identity ?? {})))
      return refuse(
        'IDENTITY_INCOMPLETE',
        fields.length === 0 ? `a ${kind} has no identity data` : `needed of a ${kind}: ${fields.join(', ')}`,
      );
    if (fields.length > 0 && vault === null)
      return refuse('IDENTITY_KEYS_MISSING', 'no key is configured by which identity data could be kept');
    const principalId = ownerOfEntry(entry);
    if (kind !== 'PRINCIPAL' && reference.principal(principalId) === undefined)
      return refuse('OWNER_UNKNOWN', `there is no principal ${principalId}`);
    if (this.#takesPart(kind, id)) return refuse('ID_TAKEN', `${id} takes part already`);
    if (kind === 'DRIVER' && definition.certifiedUntil < localDateOf(this.#options.scopeNowMs()))
      return refuse('LICENCE_ENDED', `the licence ended on ${definition.certifiedUntil}`);
    const at = this.#now();
    return inTransaction(database, async (db) => {
      const before = await lockRegistration(db, platformId, kind, id);
      if (nextRosterState(before?.state ?? null, 'APPLY') === null) return notPossible(id, before?.state ?? null);
      if (before !== null && before.principal_id !== principalId) return refuse('ID_TAKEN', `${id} was another's`);
      const sealed = identity === null || vault === null ? null : vault.seal(identity, identityOf(platformId, kind, id));
      const shown = identity === null ? null : maskIdentity(identity);
      const checkNo = hasCertifier && identity !== null ? newId() : null;
      await putApplication(db, platformId, { entry: withoutNames(entry, identity), principalId, sealed, shown, checkNo, by, at });
      const after = { state: 'APPLIED' };
      await noteRosterAct(db, platformId, { at, by, action: 'roster.apply', kind, id, principalId, before: before?.state ?? null, after });
      return DONE;
    });
  }

  /** A certificate, or none, of somebody who applied; `expected`: the check that says so, where one was asked. */
  async certify(
    kind: RosterKind,
    id: string,
    verdict: { step: Extract<RosterStep, 'CERTIFY' | 'REJECT'>; reason: string | null; by: string; checkNo?: string | null },
  ): Promise<DeskResult> {
    const { step, reason, by, checkNo } = verdict;
    return this.#step({ kind, id, step, reason, by, allowed: (file) => checkNo === undefined || file.check_no === checkNo });
  }

  /** Takes part from now on. */
  async activate(kind: RosterKind, id: string, by: string): Promise<DeskResult> {
    const { database, platformId } = this.#options;
    const file = await inTransaction(database, async (db) => lockRegistration(db, platformId, kind, id));
    if (file === null) return refuse('NOT_FOUND', `nobody applied for ${kind} ${id}`);
    if (nextRosterState(file.state, 'ACTIVATE') === null) return notPossible(id, file.state);
    // As it was checked against the schema of its kind when it was applied for.
    return this.#ask({ act: 'ACTIVATE', entry: { kind, definition: file.definition } as RosterEntry }, by);
  }

  async suspend(kind: RosterKind, id: string, reason: string, by: string): Promise<DeskResult> {
    return this.#ask({ act: 'SUSPEND', kind, id, reason }, by);
  }

  async resume(kind: RosterKind, id: string, by: string): Promise<DeskResult> {
    return this.#ask({ act: 'RESUME', kind, id }, by);
  }

  /** @param energyWh of a truck with a deposit: what its last pack held when it was given back */
  async leave(kind: RosterKind, id: string, energyWh: bigint | null, by: string): Promise<DeskResult> {
    if (this.#takesPart(kind, id)) {
      const ask = async () => this.#ask({ act: 'DEREGISTER', kind, id, energyWh }, by);
      const left = kind === 'PRINCIPAL' ? await this.#leaving(id, ask) : await ask();
      if (left.ok) await this.#options.onLeft();
      return left;
    }
    return this.#step({ kind, id, step: 'DEREGISTER', reason: null, by, allowed: () => true });
  }

  /** Between the look and the leaving nothing begins: what began would be of somebody who has left. */
  async #leaving(id: string, ask: () => Promise<DeskResult>): Promise<DeskResult> {
    return this.#options.leaving.run(id, async () => (await this.#standing(id)) ?? ask());
  }

  /** What stands against a principal's leaving beside what the network knows; null: nothing does. */
  async #standing(id: string): Promise<DeskResult | null> {
    const { database, platformId } = this.#options;
    const standing = await standingAgainst(database.pool, platformId, id);
    if (standing !== null) return refuse(standing.code, standing.detail);
    const open = await this.#openCharges(id);
    return open === null ? null : refuse('CHARGE_OPEN', open);
  }

  /** What is left open of charges that a principal owes, or that are due to it. With trucks or stations it may not leave, and more comes by the day. */
  async #openCharges(id: string): Promise<string | null> {
    const { reference, chargeToDate, chargeDueTo } = this.#options;
    const kind = reference.principal(id)?.kind;
    if (kind === 'CARRIER') return reference.trucks().some(({ carrierId }) => carrierId === id) ? null : chargeToDate(id);
    if (kind === 'STATION_OPERATOR') return reference.stations().some(({ operatorId }) => operatorId === id) ? null : chargeDueTo(id);
    return null;
  }

  async transfer(kind: 'STATION' | 'PACK' | 'TRUCK', id: string, toPrincipalId: string, by: string): Promise<DeskResult> {
    return this.#ask({ act: 'TRANSFER', kind, id, toPrincipalId }, by);
  }

  /** Whose it is, or is to be; null: nobody knows it. */
  ownerOf(kind: RosterKind, id: string): string | null {
    const { reference } = this.#options;
    switch (kind) {
      case 'PRINCIPAL':
        return reference.principal(id)?.id ?? null;
      case 'STATION':
        return reference.station(id)?.operatorId ?? null;
      case 'PACK':
        return reference.pack(id)?.ownerId ?? null;
      case 'TRUCK':
        return reference.truck(id)?.carrierId ?? null;
      case 'DRIVER':
        return reference.driver(id)?.carrierId ?? null;
    }
  }

  async #ask(roster: RosterAct, by: string): Promise<DeskResult> {
    const answer: IntentAnswer = await this.#options.writer.ask({ type: 'roster.act', roster }, by);
    return answer.ok ? DONE : refuse(answer.code, answer.detail);
  }

  async #step(options: {
    kind: RosterKind;
    id: string;
    step: RosterStep;
    reason: string | null;
    by: string;
    allowed: (file: RegistrationFile) => boolean;
  }): Promise<DeskResult> {
    const { database, platformId } = this.#options;
    const { kind, id, step, reason, by } = options;
    const at = this.#now();
    return inTransaction(database, async (db) => {
      const file = await lockRegistration(db, platformId, kind, id);
      if (file === null) return refuse('NOT_FOUND', `nobody applied for ${kind} ${id}`);
      const state = nextRosterState(file.state, step);
      if (state === null || !options.allowed(file)) return notPossible(id, file.state);
      await putState(db, platformId, { kind, id, state, reason, at });
      const after = { state, ...(reason === null ? {} : { reason }) };
      const { principal_id: principalId, state: before } = file;
      await noteRosterAct(db, platformId, { at, by, action: `roster.${step.toLowerCase()}`, kind, id, principalId, before, after });
      return DONE;
    });
  }

  #takesPart = (kind: RosterKind, id: string): boolean => this.ownerOf(kind, id) !== null;
  #now = (): string => new Date(this.#options.scopeNowMs()).toISOString();
}

const notPossible = (id: string, state: RosterState | null): DeskResult => refuse('NOT_POSSIBLE', `${id} is ${state ?? 'unknown'}`);

/** A driver is shown and kept by his masked name: the whole one is sealed. */
function withoutNames(entry: RosterEntry, identity: Readonly<Record<string, string>> | null): RosterEntry {
  if (entry.kind !== 'DRIVER') return entry;
  return { kind: 'DRIVER', definition: { ...entry.definition, name: maskName(identity?.['realName'] ?? '') } };
}
