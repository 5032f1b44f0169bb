import { notSecondPerson } from '../agreements/approval.ts';
import { inTransaction } from '../db/db.ts';
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
  type ReceiverWithDraft,
  receiverDraft,
  saveReceiverDraft,
  takeReceiverDraft,
} from './receiver-drafts.queries.ts';

/** Of an account number, so much is shown to others than the rail. */
const SHOWN_DIGITS = 4;
/** One after another: a look between the end of a telling and the end of its draft told the principal again, for ever. */
const RECEIVERS = 'receivers';
const maskedAccount = (account: string): string => `…${account.slice(-SHOWN_DIGITS)}`;

/**
 * Where principals are paid out. One person of the platform drafts an account and another approves it; it is in force after a cooling
 * time, in which the principal is told of it and may refuse it. Until then the one before holds; of a first one, who approves it may
 * waive that time.
 */
export class Receivers {
  readonly #context: PaymentContext;
  readonly #parts: OutgoingParts;
  /** Wall ms between the approval of an account and its beginning. */
  readonly #coolingMs: number;
  /** Changes of which the principal is told, by principal. After a restart it is told again, which changes nothing. */
  readonly #told = new Set<string>();

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
    await this.#endTold(principalId);
    await inTransaction(database, async (client) => {
      const before = await receiverOf(client, platformId, principalId, of.channel);
      const at = this.#now();
      await saveReceiverDraft(client, platformId, of, { ...receiver, by, at });
      const about = { at, by, action: 'payment.receiverDraft', entityKind: 'principal', entityId: principalId } as const;
      await noteAct(client, platformId, { ...about, before, after: receiver });
    });
  }

  /**
   * @param account of the draft that was looked at, so that nobody approves another one
   * @param waiver why a first account is in force at once; null: it cools
   * @returns false when there is no such draft
   * @throws PaymentRefusedError SECOND_PERSON_NEEDED, COOLING_NOT_WAIVABLE of a change; and what the rail says to the account
   */
  async approve(principalId: string, account: string, { by, waiver }: { by: string; waiver: string | null }): Promise<boolean> {
    const { database, platformId, wallNowMs } = this.#context;
    const of = this.#of(principalId);
    const draft = await receiverDraft(database.pool, platformId, of);
    if (draft === null || draft.account !== account || draft.effectiveAtMs !== null) return false;
    const sameOne = notSecondPerson(draft.draftedBy, by);
    if (sameOne !== null) throw new PaymentRefusedError(sameOne.code, sameOne.text);
    const inForce = await receiverOf(database.pool, platformId, principalId, of.channel);
    // Whoever took over an account, here or there, would have it all at once.
    if (waiver !== null && inForce !== null)
      throw new PaymentRefusedError('COOLING_NOT_WAIVABLE', `${principalId} is paid out to another account: a change of it cools`);
    await this.#parts.introduce({ account: draft.account, name: draft.name });
    const isApproved = await inTransaction(database, async (client) => {
      const before = await receiverOf(client, platformId, principalId, of.channel);
      const isWaived = waiver !== null && before === null;
      const effectiveAtMs = wallNowMs() + (isWaived ? 0 : this.#coolingMs);
      if (!(await approveReceiverDraft(client, platformId, draft, { by, effectiveAtMs }))) return false;
      const about = { at: this.#now(), by, action: 'payment.receiverApprove', entityKind: 'principal', entityId: principalId } as const;
      const after = {
        account: draft.account,
        name: draft.name,
        inForceFrom: new Date(effectiveAtMs).toISOString(),
        waiver: isWaived ? waiver : null,
      };
      await noteAct(client, platformId, { ...about, before, after });
      return true;
    });
    if (isApproved) await this.look();
    return isApproved;
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
    await this.#endTold(principalId);
    return inTransaction(database, async (client) => {
      if (!(await dropReceiverDraft(client, platformId, of))) return false;
      const about = { at: this.#now(), by, action: 'payment.receiverRefuse', entityKind: 'principal', entityId: principalId } as const;
      await noteAct(client, platformId, { ...about, before: { account: draft.account, name: draft.name }, after: {} });
      return true;
    });
  }

  /** Tells of changes that cool, and puts those in force that have. */
  look(): Promise<void> {
    return this.#context.turns.run(RECEIVERS, () => this.#look());
  }

  async #look(): Promise<void> {
    const { database, platformId, rail, wallNowMs } = this.#context;
    for (const change of await approvedReceivers(database.pool, platformId, rail.channel)) {
      if ((change.effectiveAtMs ?? Number.POSITIVE_INFINITY) > wallNowMs()) await this.#tell(change);
      else await this.#take(change);
    }
  }

  async #take({ principalId, account, name }: ReceiverDraft): Promise<void> {
    const { database, platformId, wallNowMs } = this.#context;
    // First: whoever is killed between the two ends the telling again.
    await this.#endTold(principalId);
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

  async #tell({ principalId, account, effectiveAtMs }: ReceiverDraft): Promise<void> {
    if (this.#told.has(principalId) || effectiveAtMs === null) return;
    await this.#ask(principalId, { account: maskedAccount(account), inForceFrom: new Date(effectiveAtMs).toISOString() });
    this.#told.add(principalId);
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
