import type { SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import type { Alliance, BatteryRate, Contract, StationRate, TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { ApiClient } from './api-client.ts';
import { type PageOf, queryOf } from './money-api.ts';

/** Kinds of agreements by their routes, in the order in which they are offered. */
export const AGREEMENT_KINDS = ['contracts', 'settlement-agreements', 'station-rates', 'battery-rates', 'tariffs', 'alliances'] as const;
export type AgreementKind = (typeof AGREEMENT_KINDS)[number];
export interface DefinitionOf {
  contracts: Contract;
  'settlement-agreements': SettlementAgreement;
  'station-rates': StationRate;
  'battery-rates': BatteryRate;
  tariffs: TimeOfUseTariff;
  alliances: Alliance;
}
export type AgreementTerms = { [K in AgreementKind]: { kind: K; definition: DefinitionOf[K] } }[AgreementKind];
/** A version of an agreement: never edited, only approved, withdrawn, or followed by another. */
export type AgreementVersion = AgreementTerms & {
  id: string;
  state: 'DRAFT' | 'APPROVED' | 'ENDED' | 'WITHDRAWN';
  /** First local day; null: from its approval. */
  beginsOn: string | null;
  /** Who has to approve. */
  parties: string[];
  approvals: { principalId: string; userId: string; at: string }[];
  draftedBy: string | null;
  draftedAt: string;
};

/** As the twin tells of prices, contracts and alliances. */
type Told = Omit<AgreementVersion, 'kind'>;
/** As it tells of settlement, which the platform alone decides. */
interface ToldOfSettlement {
  id: string;
  state: AgreementVersion['state'];
  agreement: SettlementAgreement;
  draftedBy: string;
  draftedAt: string;
  approvedBy: string | null;
  approvedAt: string | null;
}

const pathOf = (kind: AgreementKind, id: string): string => `/api/v1/${kind}/${encodeURIComponent(id)}`;

/** The twin's routes of agreements. */
export class AgreementApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  /** @param platformId who approves settlement agreements; null when it is not known here */
  async list(kind: AgreementKind, cursor: string | null, platformId: string | null): Promise<PageOf<AgreementVersion>> {
    if (kind === 'settlement-agreements') {
      const { items } = await this.api.request<{ items: ToldOfSettlement[] }>('GET', `/api/v1/${kind}`);
      return { items: items.map((told) => versionOfSettlement(told, platformId)), nextCursor: null };
    }
    const page = await this.api.request<PageOf<Told>>('GET', `/api/v1/${kind}?${queryOf({}, cursor)}`);
    // Which definition it is, the route says.
    return { ...page, items: page.items.map((told) => ({ ...told, kind }) as AgreementVersion) };
  }

  draft(kind: AgreementKind, definition: unknown): Promise<unknown> {
    return this.api.request('POST', `/api/v1/${kind}`, definition);
  }

  approve({ kind, id }: AgreementVersion): Promise<unknown> {
    return this.api.request('POST', `${pathOf(kind, id)}/approve`);
  }

  withdraw({ kind, id }: AgreementVersion, note: string): Promise<unknown> {
    return this.api.request('POST', `${pathOf(kind, id)}/withdraw`, kind === 'settlement-agreements' ? undefined : { note });
  }
}

function versionOfSettlement(told: ToldOfSettlement, platformId: string | null): AgreementVersion {
  const { id, state, agreement, draftedBy, draftedAt, approvedBy, approvedAt } = told;
  const approvals =
    approvedBy === null || approvedAt === null ? [] : [{ principalId: platformId ?? '', userId: approvedBy, at: approvedAt }];
  const by = { parties: platformId === null ? [] : [platformId], approvals, draftedBy, draftedAt };
  return { kind: 'settlement-agreements', definition: agreement, id, state, beginsOn: agreement.effectiveFrom, ...by };
}
