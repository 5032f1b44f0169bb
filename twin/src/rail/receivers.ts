import { notSecondPerson } from '../agreements/approval.ts';
import { type Db, inTransaction } from '../db/db.ts';
import { noteAct } from '../settlement/settlement-audit.ts';
import type { OutgoingParts } from './outgoing-parts.ts';
import type { PaymentContext } from './payment-context.ts';
import type { PayoutReceiver } from './payment-rail.ts';
import { PaymentNotBookedError, PaymentRefusedError } from './payment-refused.ts';
import { receiverOf } from './payouts.queries.ts';
import {
  approvedReceivers,
  approveReceiverDraft,
  dropReceiverDraft,
  listReceivers,
  type ReceiverDraft,
  type ReceiverOf,
  type ReceiverWithDraft,
  receiverDraft,
  receiverPast,
  saveReceiverDraft,
  takeReceiverDraft,
  toldOfNoDraft,
  waivedReceivers,
} from './receiver-drafts.queries.ts';

/** Of an account number, so much is shown to others than the rail. */
const SHOWN_DIGITS = 4;
/** One after another: a look between the end of a telling and the end of its draft told the principal again, for ever. */
const RECEIVERS = 'receivers';
const maskedAccount = (account: string): string => `…${account.slice(-SHOWN_DIGITS)}`;

/**
 * Where principals are paid out. One person of the platform drafts an account and another approves it; it is in force after a cooling
 * time, in which the principal is told of it and may refuse it. Until then the one before holds. Of a first one, of which none was approved
 * or refused before, who approves it may waive that time; its principal is told of it as long.
 */
export class Receivers {
  readonly #context: PaymentContext;
  readonly #parts: OutgoingParts;
  /** Wall ms between the approval of an account and its beginning. */
  readonly #coolingMs: number;
  /** Changes of which the principal is told, by principal: from when each is in force. After a restart it is told again, which changes nothing. */
  readonly #told = new Map<string, number>();

  constructor(context: PaymentContext, parts: OutgoingParts, coolingMs: number) {
    this.#context = context;
    this.#parts = parts;
    this.#coolingMs = coolingMs;
  }

  /** @param principalId null: of all */
  list(principalId: string | null): Promise<ReceiverWithDraft[]> {
    const { database, platformId, rail } = this.#context;
    return listReceivers(database.pool, platformId, { principalId, channel: rail.channel });
  }

  /** Takes the place of any change that is not in force yet. */
  draft(principalId: string, receiver: PayoutReceiver, by: string): Promise<void> {
    return this.#context.turns.run(RECEIVERS, () => this.#draft(principalId, receiver, by));
  }

  async #draft(principalId: string, receiver: PayoutReceiver, by: string): Promise<void> {
    const { database, platformId } = this.#context;
    const of = this.#of(principalId);
    await this.#endToldOf(await receiverDraft(database.pool, platformId, of));
    await inTransaction(database, async (client) => {
      const before = await receiverOf(client, platformId, principalId, of.channel);
      const at = this.#now();
      await saveReceiverDraft(client, platformId, of, { ...receiver, by, at });
      const about = { at, by, action: 'payment.receiverDraft', entityKind: 'principal', entityId: principalId } as const;
      await noteAct(client, platformId, { ...about, before, after: receiver });
    });
    await this.#tellOfWaived();
  }

  /**
   * @param account of the draft that was looked at, so that nobody approves another one
   * @param waiver why a first account is in force at once; null: it cools
   * @returns false when there is no such draft
   * @throws PaymentRefusedError SECOND_PERSON_NEEDED, COOLING_NOT_WAIVABLE of a change, and after an approval or a refusal; and what the rail says to the account
   */
  async approve(principalId: string, account: string, { by, waiver }: { by: string; waiver: string | null }): Promise<boolean> {
    const { database, platformId, wallNowMs } = this.#context;
    const of = this.#of(principalId);
    const draft = await receiverDraft(database.pool, platformId, of);
    if (draft === null || draft.account !== account || draft.effectiveAtMs !== null) return false;
    const sameOne = notSecondPerson(draft.draftedBy, by);
    if (sameOne !== null) throw new PaymentRefusedError(sameOne.code, sameOne.text);
    if (waiver !== null) await this.#checkWaivable(database.pool, of);
    await this.#parts.introduce({ account: draft.account, name: draft.name });
    const isApproved = await inTransaction(database, async (client) => {
      const before = await receiverOf(client, platformId, principalId, of.channel);
      const effectiveAtMs = wallNowMs() + (waiver === null ? this.#coolingMs : 0);
      if (!(await approveReceiverDraft(client, platformId, draft, { by, effectiveAtMs }))) return false;
      // Again, of what was decided since; this draft is nobody else's to decide any more.
      if (waiver !== null) await this.#checkWaivable(client, of);
      const about = { at: this.#now(), by, action: 'payment.receiverApprove', entityKind: 'principal', entityId: principalId } as const;
      const after = {
        account: draft.account,
        name: draft.name,
        inForceFrom: new Date(effectiveAtMs).toISOString(),
        waiver,
      };
      await noteAct(client, platformId, { ...about, before, after });
      return true;
    });
    if (isApproved) await this.look();
    return isApproved;
  }

  /** Whoever took over an account, here or there, would have it all at once, and so would who has one drafted again that was refused. */
  async #checkWaivable(db: Db, { principalId, channel }: ReceiverOf): Promise<void> {
    const { platformId } = this.#context;
    const isFirst = (await receiverOf(db, platformId, principalId, channel)) === null;
    const { decisions } = await receiverPast(db, platformId, principalId);
    if (isFirst && decisions === 0) return;
    throw new PaymentRefusedError('COOLING_NOT_WAIVABLE', `an account of ${principalId} was approved or refused before: another one cools`);
  }

  /** Ends a change before it is in force. @returns false when there is none */
  refuse(principalId: string, by: string): Promise<boolean> {
    return this.#context.turns.run(RECEIVERS, () => this.#refuse(principalId, by));
  }

  async #refuse(principalId: string, by: string): Promise<boolean> {
    const { database, platformId } = this.#context;
    const of = this.#of(principalId);
    const draft = await receiverDraft(database.pool, platformId, of);
    if (draft === null) return false;
    await this.#endToldOf(draft);
    const isRefused = await inTransaction(database, async (client) => {
      if (!(await dropReceiverDraft(client, platformId, of))) return false;
      const about = { at: this.#now(), by, action: 'payment.receiverRefuse', entityKind: 'principal', entityId: principalId } as const;
      await noteAct(client, platformId, { ...about, before: { account: draft.account, name: draft.name }, after: {} });
      return true;
    });
    await this.#tellOfWaived();
    return isRefused;
  }

  /** Tells of changes that cool, puts those in force that have, and ends the telling of those that were in force at once. */
  look(): Promise<void> {
    return this.#context.turns.run(RECEIVERS, () => this.#look());
  }

  async #look(): Promise<void> {
    const { database, platformId, rail, wallNowMs } = this.#context;
    for (const change of await approvedReceivers(database.pool, platformId, rail.channel)) {
      if ((change.effectiveAtMs ?? Number.POSITIVE_INFINITY) > wallNowMs()) await this.#tell(change);
      else await this.#take(change);
    }
    await this.#tellOfWaived();
    const cooledMs = wallNowMs() - this.#coolingMs;
    for (const principalId of await toldOfNoDraft(database.pool, platformId, rail.channel, cooledMs)) await this.#endTold(principalId);
  }

  async #take(change: ReceiverDraft): Promise<void> {
    const { principalId, account, name } = change;
    const { database, platformId, wallNowMs } = this.#context;
    // First: whoever is killed between the two ends the telling again, or tells it again.
    if ((await receiverPast(database.pool, platformId, principalId)).isWaived) await this.#tell(change);
    else await this.#endTold(principalId);
    await inTransaction(database, async (client) => {
      const before = await receiverOf(client, platformId, principalId, this.#context.rail.channel);
      if (!(await takeReceiverDraft(client, platformId, this.#of(principalId), wallNowMs()))) return;
      const about = {
        at: this.#now(),
        by: platformId,
        action: 'payment.receiver',
        entityKind: 'principal',
        entityId: principalId,
      } as const;
      await noteAct(client, platformId, { ...about, before, after: { account, name } });
    });
  }

  /** Of a first account that is in force at once its principal is told again when a change that was told of instead has ended: no decoy silences it. */
  async #tellOfWaived(): Promise<void> {
    const { database, platformId, rail, wallNowMs } = this.#context;
    const cooledMs = wallNowMs() - this.#coolingMs;
    for (const waived of await waivedReceivers(database.pool, platformId, rail.channel, cooledMs)) await this.#tell(waived);
  }

  async #tell({ principalId, account, effectiveAtMs }: Pick<ReceiverDraft, 'principalId' | 'account' | 'effectiveAtMs'>): Promise<void> {
    if (this.#told.get(principalId) === effectiveAtMs || effectiveAtMs === null) return;
    // Of the one before, which is over.
    if (this.#told.has(principalId)) await this.#endTold(principalId);
    await this.#ask(principalId, { account: maskedAccount(account), inForceFrom: new Date(effectiveAtMs).toISOString() });
    this.#told.set(principalId, effectiveAtMs);
  }

  /** Of a draft that nobody approved nobody was told. */
  async #endToldOf(draft: ReceiverDraft | null): Promise<void> {
    if (draft !== null && draft.effectiveAtMs !== null) await this.#endTold(draft.principalId);
  }

  async #endTold(principalId: string): Promise<void> {
    await this.#ask(principalId, null);
    this.#told.delete(principalId);
  }

  async #ask(principalId: string, change: { account: string; inForceFrom: string } | null): Promise<void> {
    const { writer, platformId } = this.#context;
    const answer = await writer.ask({ type: 'payment.receiverChanges', principalId, change }, platformId);
    if (!answer.ok) throw new PaymentNotBookedError(`the alarm of the receiver of ${principalId}: ${answer.code}`);
  }

  #of = (principalId: string) => ({ principalId, channel: this.#context.rail.channel });
  #now = (): string => new Date(this.#context.scopeNowMs()).toISOString();
}
