import type { SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import type { StationRate } from '@corridor/protocols/network-file';
import { DEMO_USERS } from './fixture-documents.ts';

interface Answer {
  status: number;
  body: unknown;
}
interface Version {
  id: string;
  state: string;
  draftedBy: string;
  [name: string]: unknown;
}
interface SettlementVersion extends Version {
  parties: string[];
  approvals: { principalId: string; userId: string; at: string }[];
}

const ok = (body: unknown, status = 200): Answer => ({ status, body });

/** Agreements of the fixture: a draft of a station's rate, and settlement agreements that are drafted, approved and withdrawn. */
export class FixtureAgreements {
  /** What was asked to be done, in order. */
  readonly acts: { path: string; body: unknown }[] = [];
  private readonly at: string;
  private readonly settlement: SettlementVersion[] = [];

  constructor(startMs: number) {
    this.at = new Date(startMs).toISOString();
    this.settlement.push({
      ...this.settlementVersion({
        id: 'SA-SO1-1',
        principalId: 'SO1',
        effectiveFrom: '2026-01-01',
        period: 'D1',
        partners: [{ kind: 'SITE_OWNER', partnerId: 'BO1', basisPoints: 250 }],
      }),
      state: 'APPROVED',
      approvals: [{ principalId: 'PF', userId: 'ops2', at: this.at }],
    });
  }

  /** null: not a route of agreements. */
  answer({ method, path, body, userId }: { method: string; path: string; body: string; userId: string }): Answer | null {
    const list = '/api/v1/settlement-agreements';
    if (method === 'GET') {
      if (path === '/api/v1/approvals') return ok({ items: this.waitingFor(userId) });
      if (path === list) return ok({ items: this.settlement });
      if (path === '/api/v1/station-rates') return ok({ items: [this.stationRate()], nextCursor: null });
      return /^\/api\/v1\/(tariffs|battery-rates|contracts|alliances)$/.test(path) ? ok({ items: [], nextCursor: null }) : null;
    }
    if (!path.startsWith(list)) return null;
    const asked: unknown = body === '' ? null : JSON.parse(body);
    this.acts.push({ path, body: asked });
    if (path === list) {
      this.settlement.push({ ...this.settlementVersion(asked as SettlementAgreement), draftedBy: userId });
      return ok(this.settlement.at(-1), 201);
    }
    const [, id, verb] = /\/([^/]+)\/(approve|withdraw)$/.exec(path) ?? [];
    const version = this.settlement.find((each) => each.id === id);
    if (version === undefined) return null;
    if (verb === 'approve' && version.draftedBy === userId) return ok({ status: 403, code: 'SECOND_PERSON_NEEDED', title: 'refused' }, 403);
    if (verb === 'approve') {
      version.approvals.push({ principalId: DEMO_USERS.find(({ id: user }) => user === userId)?.principalId ?? '', userId, at: this.at });
      const isWhole = version.parties.every((party) => version.approvals.some(({ principalId }) => principalId === party));
      if (isWhole) version.state = 'APPROVED';
    } else version.state = 'WITHDRAWN';
    return ok(version);
  }

  /** Drafts of others that the party of this person has not approved, and a truck that is offered to C1. */
  private waitingFor(userId: string): object[] {
    const principalId = DEMO_USERS.find(({ id }) => id === userId)?.principalId ?? '';
    const offered = { kind: 'TRUCK', fromPrincipalId: 'C2' };
    const about = { subjectId: 'T002', beginsOn: null, amountFen: null, offered, draftedBy: 'c2', draftedAt: this.at };
    const offers = principalId === 'C1' ? [{ kind: 'ownership-offers', id: 'O-1', ...about }] : [];
    const drafts = this.settlement
      .filter(({ state, draftedBy, parties, approvals }) => {
        const isMissing = parties.includes(principalId) && approvals.every((approval) => approval.principalId !== principalId);
        return state === 'DRAFT' && draftedBy !== userId && isMissing;
      })
      .map(({ id, agreement, draftedBy, draftedAt }) => ({
        kind: 'settlement-agreements',
        id,
        subjectId: (agreement as SettlementAgreement).principalId,
        beginsOn: (agreement as SettlementAgreement).effectiveFrom,
        amountFen: null,
        offered: null,
        draftedBy,
        draftedAt,
      }));
    return [...offers, ...drafts];
  }

  private settlementVersion(agreement: SettlementAgreement): SettlementVersion {
    const partnerIds = agreement.partners.flatMap((rule) => (rule.kind === 'SHAPLEY' ? [] : [rule.partnerId]));
    const made = { draftedBy: 'ops', draftedAt: this.at, parties: ['PF', agreement.principalId, ...partnerIds], approvals: [] };
    return { id: agreement.id, state: 'DRAFT', agreement, ...made };
  }

  private stationRate(): Version {
    const definition: StationRate = {
      id: 'SR-HH1-2',
      stationId: 'HH1',
      effectiveFrom: '2026-12-01',
      serviceNanoYuanPerKwh: '420000000',
      handlingFen: '1000',
    };
    const open = { beginsOn: definition.effectiveFrom, parties: ['PF', 'SO1'], approvals: [], approvedAt: null };
    return { id: definition.id, state: 'DRAFT', definition, draftedBy: 'ops', draftedAt: this.at, ...open };
  }
}
