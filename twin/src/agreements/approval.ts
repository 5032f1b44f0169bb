/** What waits until each of its parties has approved it: an agreement of any kind. */
export interface Approvable {
  readonly agreement_id: string;
  readonly state: string;
  readonly party_ids: readonly string[];
  readonly approvals: readonly { readonly principalId: string }[];
  /** null: registered with the network, by nobody. */
  readonly drafted_by: string | null;
}

/** A person, and the party for which he acts. */
export interface Approver {
  readonly userId: string;
  readonly principalId: string;
}

export type ApprovalRefusal = 'NOT_A_PARTY' | 'NOT_A_DRAFT' | 'SECOND_PERSON_NEEDED' | 'APPROVED_ALREADY';
type Refused<Code> = { readonly ok: false; readonly code: Code; readonly text: string };
const refused = <Code extends ApprovalRefusal>(code: Code, text: string): Refused<Code> => ({ ok: false, code, text });

/** Of everything that two persons do, the second is another one than the first: who drafted it, or raised it. @param begunBy null: nobody did */
export const notSecondPerson = (begunBy: string | null, userId: string): Refused<'SECOND_PERSON_NEEDED'> | null =>
  begunBy === userId ? refused('SECOND_PERSON_NEEDED', 'who drafted or raised it does not approve or decide it') : null;

/** Why somebody does not approve it: he is of no party, it is no draft, he drafted it, or his party has approved. null: he may */
export function notApprovedBy(row: Approvable, { principalId, userId }: Approver): Refused<ApprovalRefusal> | null {
  const { agreement_id: id, state, party_ids, approvals, drafted_by } = row;
  if (!party_ids.includes(principalId)) return refused('NOT_A_PARTY', `${id} is for ${party_ids.join(', ')} to approve`);
  if (state !== 'DRAFT') return refused('NOT_A_DRAFT', `${id} is ${state}`);
  const sameOne = notSecondPerson(drafted_by, userId);
  if (sameOne !== null) return sameOne;
  if (approvals.some((approval) => approval.principalId === principalId)) {
    return refused('APPROVED_ALREADY', `${principalId} has approved ${id}`);
  }
  return null;
}

/** Whether it is agreed when this party approves it too. */
export function isWholeWith({ party_ids, approvals }: Approvable, partyId: string): boolean {
  const agreed = new Set([...approvals.map(({ principalId }) => principalId), partyId]);
  return party_ids.every((party) => agreed.has(party));
}
