import type { SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import type { Alliance, BatteryRate, Contract, StationRate, TimeOfUseTariff } from '@corridor/protocols/network-file';
import { type ApiClient, ApiError } from './api-client.ts';
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
/** As it tells of settlement. */
interface ToldOfSettlement {
  id: string;
  state: AgreementVersion['state'];
  agreement: SettlementAgreement;
  parties: string[];
  approvals: AgreementVersion['approvals'];
  draftedBy: string;
  draftedAt: string;
}

const pathOf = (kind: AgreementKind, id: string): string => `/api/v1/${kind}/${encodeURIComponent(id)}`;

/** The twin's routes of agreements. */
export class AgreementApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  async list(kind: AgreementKind, cursor: string | null): Promise<PageOf<AgreementVersion>> {
    if (kind === 'settlement-agreements') {
      const { items } = await this.api.request<{ items: ToldOfSettlement[] }>('GET', `/api/v1/${kind}`);
      return { items: items.map(versionOfSettlement), nextCursor: null };
    }
    const page = await this.api.request<PageOf<Told>>('GET', `/api/v1/${kind}?${queryOf({}, cursor)}`);
    // Which definition it is, the route says.
    return { ...page, items: page.items.map((told) => ({ ...told, kind }) as AgreementVersion) };
  }

  /** One version. @throws ApiError when it is not there, or not for the caller */
  async version(kind: AgreementKind, id: string): Promise<AgreementVersion> {
    if (kind !== 'settlement-agreements') return { ...(await this.api.request<Told>('GET', pathOf(kind, id))), kind } as AgreementVersion;
    const { items } = await this.list(kind, null);
    const found = items.find((version) => version.id === id);
    if (found === undefined) throw new ApiError(404, 'NOT_FOUND', id);
    return found;
  }

  draft(kind: AgreementKind, definition: unknown): Promise<unknown> {
    return this.api.request('POST', `/api/v1/${kind}`, definition);
  }

  /** Takes, or declines, what another owner offers. @throws ApiError of the twin's refusal */
  endOffer(id: string, verb: 'accept' | 'withdraw'): Promise<unknown> {
    return this.api.request('POST', `/api/v1/ownership-offers/${encodeURIComponent(id)}/${verb}`);
  }

  approve({ kind, id }: AgreementVersion): Promise<unknown> {
    return this.api.request('POST', `${pathOf(kind, id)}/approve`);
  }

  withdraw({ kind, id }: AgreementVersion, note: string): Promise<unknown> {
    return this.api.request('POST', `${pathOf(kind, id)}/withdraw`, kind === 'settlement-agreements' ? undefined : { note });
  }
}

const versionOfSettlement = ({ agreement, ...told }: ToldOfSettlement): AgreementVersion => ({
  ...told,
  kind: 'settlement-agreements',
  definition: agreement,
  beginsOn: agreement.effectiveFrom,
});
